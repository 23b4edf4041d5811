//===- PlasticEngine.h - synapses whose weights change ---===//
//
// A word of memory has the weights of one source onto some targets. A spike of a source goes
// through its row, word by word, and changes each weight before it is added; a spike of a target
// goes through its column, which is a lane of one word of every row. The memory has one port: words
// are read in even clocks and written in odd ones. A pair of cells that is not connected has a word
// that no weight is; neither it nor its sum is written.
//
// What a rule needs of past spikes is the step of the last one: `sources` has it for each source,
// `targets` for each target, as the connections saw it, so with its delay. Steps are counted modulo
// a power of two. An entry whose age is beyond all tables is told by a bit, which the engine clears
// in time: it looks at one word in each step.
//
// Spikes of targets wait in a ring until connections see them. A step begins with those that are
// due: the ones whose columns were done in the step before are entered in `targets`, as a source
// that fires in the same step must not see them there; then come the columns of this step.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_PASSES_SIM_TO_RTL_PLASTICENGINE_H
#define SYNFIRE_PASSES_SIM_TO_RTL_PLASTICENGINE_H

#include "passes/sim-to-rtl/Datapath.h"
#include "passes/sim-to-rtl/Engines.h"

namespace synfire {

class PlasticEngine {
public:
  PlasticEngine(mlir::OpBuilder &builder, const Design &design, const EnginePlan &engine,
                const SumPlan &sum, const Heard &heard, const HardwareOptions &options)
      : builder(builder), sum(sum), engine(engine), heard(heard), rule(*sum.rule), options(options),
        m(builder, sim::KernelOp(engine.kernel).getLoc(), sum.name + "_synapses",
          "adds the weights of " + std::to_string(sum.contacts.size()) +
              " plastic connections to sums of " + std::to_string(engine.cells) + " cells"),
        sourceBits(design.sourceBits()), allSources(design.cells + design.inputs) {}

  rtl::ModuleOp build();

private:
  using Decays = llvm::StringMap<rtl::Wire>;
  /// The step of the last spike of some elements, and whether it is recent.
  struct Ages {
    unsigned ageBits = 0, stampBits = 0, leftBits = 0;
    rtl::Memory memory;
    unsigned width() const { return leftBits + stampBits + 1; } ///< of one element
  };
  /// Every entry is looked at again before its age can be one that was.
  unsigned stampBits(bool ofSource) const {
    uint64_t period = uint64_t(1) << (ofSource ? ownBits : rowBits);
    return bitsToTell((uint64_t(1) << rule.ageBits(ofSource)) + period + 4);
  }
  Ages makeAges(llvm::StringRef name, unsigned words, unsigned lanes, bool ofSource);
  /// Whether an entry is recent in this step, and its age.
  std::pair<rtl::Wire, rtl::Wire> ageOf(const Ages &ages, rtl::Wire entry);
  rtl::Wire entryOf(const Ages &ages, rtl::Wire step, rtl::Wire left, rtl::Wire isOld,
                    rtl::Wire entry);
  /// What spikes of an end leave where that is always the same; nothing where it is nothing.
  rtl::Wire alwaysLeft(bool ofSource);
  /// Adds what an entry has been left, a clock later, to what tables say.
  void addLeft(const llvm::Twine &name, bool ofSource, const Ages &ages, rtl::Wire entry,
               Decays &values);
  mlir::ElementsAttr words(llvm::ArrayRef<llvm::APInt> values, unsigned width);
  /// Values of the tables of one end for an age, a clock later.
  Decays lookUp(const llvm::Twine &name, bool ofSource, rtl::Wire age, rtl::Wire recent,
                rtl::Wire enable);
  /// The new weight of one connection, and the registers on the way.
  std::pair<rtl::Wire, unsigned> next(mlir::Value value, rtl::Wire weight, const Decays &decays);
  rtl::Wire lane(rtl::Wire word, unsigned lane) {
    return word.bits(lane * sum.weightBits, sum.weightBits);
  }
  /// The word of a row that has the weight onto a cell.
  rtl::Wire wordOf(rtl::Wire cell) {
    if (laneBits >= cellBits)
      return m.constant(rowBits, 0);
    rtl::Wire word = cell.bits(laneBits, cellBits - laneBits);
    return word.width() < rowBits ? word.zext(rowBits) : word.low(rowBits);
  }
  /// Whether the events of both ends differ in nothing but which tables they read.
  bool isSame(mlir::Value post, mlir::Value pre);
  /// So many registers one after another, and before them what they delay.
  std::vector<rtl::Wire> chain(const llvm::Twine &name, rtl::Wire first, unsigned count,
                               bool resets);
  /// A wire whose value is given afterwards.
  rtl::Wire promise(llvm::StringRef name, unsigned width);
  void keep(llvm::StringRef name, rtl::Wire value);
  rtl::Wire join(llvm::SmallVector<rtl::Wire> lowestFirst) {
    std::reverse(lowestFirst.begin(), lowestFirst.end());
    return lowestFirst.size() == 1 ? lowestFirst.front() : m.concat(lowestFirst);
  }

  /// Whether the word of a pair is a weight; null where all are.
  rtl::Wire isConnected(rtl::Wire word);

  void makeInputs();
  void makeWeights();
  void makeAgeMemories();
  void learnSpikes();
  void readColumn(rtl::Wire begins, rtl::Wire cell);
  void walkRows();
  void writeColumn();
  void makeSums();

  mlir::OpBuilder &builder;
  const SumPlan &sum;
  const EnginePlan &engine;
  const Heard &heard;
  const PlasticRule &rule;
  const HardwareOptions &options;
  rtl::ModuleBuilder m;
  std::optional<Widths> widths;
  unsigned sourceBits;
  uint32_t allSources;
  unsigned laneBits = 0, cellBits = 1, rowBits = 1, ownBits = 1;
  llvm::StringMap<rtl::WireOp> promises;

  rtl::Wire rst, advance, waits, read, readAddress, clear, clearAddress, clearLanes, eventValid,
      event, learn, spike, spikeCell, spikeLeft, sourceSpike, sourceCell, sourceLeft;
  rtl::Register now; ///< the step, as far as it is counted
  rtl::Wire weights; ///< the word that was read
  rtl::Wire fetched; ///< the part of it that the host asks for
  Ages sources, targets;
  rtl::Wire sourceEntry, targetWord; ///< read from these
  rtl::Wire learning;
  // Columns: the cell, the memory's word of it, and what is read of the source at hand.
  bool sharesLanes = false;               ///< rows and columns do the same with what tables say
  llvm::StringMap<std::string> sameInput; ///< of the post event, by that of the pre event
  rtl::Wire following, column, columnWord, columnReads, columnReading, columnAt;
  std::vector<rtl::Wire> columnValid;
  Decays columnDecays;
  unsigned laneStages = 0;
  rtl::Wire connected; ///< lanes of the word of a row that is written now, where some are not
  // Rows: what reads and writes sums, and what is added.
  rtl::Wire eventReady, readSums, readSumsAddress, writeSums, writeSumsAddress;
  llvm::SmallVector<rtl::Wire> added;
};

} // namespace synfire

#endif // SYNFIRE_PASSES_SIM_TO_RTL_PLASTICENGINE_H
