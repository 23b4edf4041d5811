//===- Design.h - which engines and memories a program becomes ---===//
//
// A program becomes one neuron engine for each update, which takes its cells one after another, one
// a clock, and one synapse engine for each sum of such a kernel, which adds the weights of a row of
// connections, some targets at a time. Everything is known here, so that building them is only
// writing them down.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_PASSES_SIM_TO_RTL_DESIGN_H
#define SYNFIRE_PASSES_SIM_TO_RTL_DESIGN_H

#include "dialects/sim/Sim.h"
#include "passes/sim-to-rtl/PlasticRule.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringSet.h"

#include <map>

namespace synfire {

/// What spikes: the cells of a population, or an input that spikes are given to.
struct SpikeSource {
  sim::DomainOp domain;
  uint32_t first = 0, size = 0; ///< among all sources
  bool isInput = false;
  /// An input that is a population of the model, each of whose cells fires when an event is given
  /// to it.
  bool isRelay = false;
};

/// A population's place in a neuron engine.
struct EngineShare {
  sim::UpdateOp update;
  sim::DomainOp domain;
  uint32_t first = 0, size = 0; ///< among the cells of the engine
  uint32_t source = 0;          ///< of its first cell
};

/// A value that is kept for each cell.
struct StateWord {
  std::string field;
  unsigned bits = 1;
  bool changes = false;        ///< or is a parameter
  std::vector<int64_t> values; ///< of the cells at the start
  int64_t low = 0, high = 0;   ///< where it stays
  bool isNatural = false;      ///< never negative, and kept without a sign
  mlir::Value next = {};       ///< what it becomes
  mlir::Value writes = {};     ///< whether it does; null: always
};

/// One amount that an event brings to one sum.
struct Contact {
  uint32_t source, target, steps; ///< target: among the cells of the engine
  int64_t amount;
};

/// Sums of one field of a neuron engine, and connections onto them: all whose weights are constant,
/// or those of one projection whose weights change. The engine adds up what a field has.
struct SumPlan {
  std::string name, field, port; ///< port: what the engine of its cells calls it
  unsigned fieldBits = 1;        ///< of all sums of the field together
  unsigned bits = 1;             ///< of a sum
  unsigned weightBits = 1;       ///< of the largest amount
  unsigned lanes = 1;            ///< sums in a word of memory
  uint32_t slots = 1;            ///< steps of delay
  uint32_t words = 1;            ///< words of one slot
  std::vector<Contact> contacts; ///< by source, delay and target
  /// Rows of all sources are alike: `rowWords` words for each, onto all targets in their order.
  bool isDense = false;
  uint32_t rowWords = 0, firstSource = 0, sources = 0, denseSteps = 0;
  /// Weights in memories that the host fills; huge ones have no start values.
  bool isLoaded = false, isHuge = false;
  /// Its inputs act only on steps after the one that they are given for, and wait for the cells of
  /// that one.
  bool holdsInputs = false;
  /// What changes the weights, which then are amounts times 2^-shift; all rows are dense, and a
  /// pair of cells has a word whether it is connected or not.
  std::optional<PlasticRule> rule;
  /// The highest bits of a word that tell, together, that its pair is not connected; 0: all are.
  unsigned absentBits = 0;
  std::string weightArray; ///< of the rule
  unsigned slotBits() const { return slots > 1 ? llvm::Log2_32_Ceil(slots) : 0; }
  unsigned wordBits() const { return std::max(1u, llvm::Log2_32_Ceil(words)); }
  /// The word of a pair that is not connected.
  llvm::APInt absentWord() const;
};

struct EnginePlan {
  std::string name;
  sim::KernelOp kernel;
  std::vector<EngineShare> shares;
  uint32_t cells = 0;
  std::vector<StateWord> states;
  std::vector<SumPlan> sums;
  mlir::Value fires;  ///< null: its cells never do
  bool draws = false; ///< random numbers, which come in an order of their own
  /// Values that spikes carry to rules, with their bits.
  std::vector<std::pair<mlir::Value, unsigned>> latches;
};

struct Design {
  std::string name;
  std::vector<SpikeSource> sources;
  std::vector<EnginePlan> engines;
  uint32_t cells = 0, inputs = 0; ///< sources [cells, cells + inputs) are inputs
  uint64_t seed = 0;
  const SpikeSource *sourceOf(uint32_t source) const {
    for (const SpikeSource &of : sources)
      if (source >= of.first && source < of.first + of.size)
        return &of;
    return nullptr;
  }
  unsigned sourceBits() const {
    return std::max(1u, llvm::Log2_32_Ceil(std::max(2u, cells + inputs)));
  }
};

struct HardwareOptions {
  double period = 27; ///< ns of logic between two registers
  /// Dense weights of more bits go to memories that the host fills; 0: none do.
  uint64_t loadedAbove = 0;
  /// Multipliers of the target, of words of 16 bits, that products may use.
  unsigned multipliers = 0;
  bool huge = true; ///< such memories are the largest of the chip, without start values (SPRAM)
  bool readable = false; ///< the host can read weights that learn
};

/// Plans the hardware of a frozen, quantised program whose connections are written down; says where
/// something has no hardware form.
mlir::FailureOr<Design> planDesign(sim::ProgramOp program, const HardwareOptions &options);

/// Finds which engines compute what spikes carry to rules; says what no engine does.
mlir::LogicalResult findLatches(Design &design);

/// The words of a dense sum's weights as its memory has them.
std::vector<llvm::APInt> denseWords(const SumPlan &sum);

/// Bits of a word that is loaded or read at once.
constexpr unsigned loadBits = 16;

/// A memory of weights that a host loads, reads or both.
struct HostMemory {
  const SumPlan *sum;
  bool isRead;          ///< or only loaded
  unsigned partBits;    ///< of an address: tell the parts of a word, of `loadBits` each
  unsigned addressBits; ///< of a part
  uint64_t first;       ///< its address among those of the host
};
/// All of them, those that are loaded first: one after another, each from a multiple of the largest
/// one's size on.
std::vector<HostMemory> hostMemories(const Design &design, const HardwareOptions &options);
/// Bits of an address in the largest of them.
unsigned largestAddressBits(llvm::ArrayRef<HostMemory> memories);

/// The words that a host loads, from address 0 on.
std::vector<uint16_t> loadImage(const Design &design, const HardwareOptions &options);

/// A name of the model as a name of hardware: `[a-z][a-z0-9_]*`.
std::string hardwareName(llvm::StringRef name);

} // namespace synfire

#endif // SYNFIRE_PASSES_SIM_TO_RTL_DESIGN_H
