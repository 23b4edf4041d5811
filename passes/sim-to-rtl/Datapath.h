//===- Datapath.h - a kernel as a pipeline ---===//
#ifndef SYNFIRE_PASSES_SIM_TO_RTL_DATAPATH_H
#define SYNFIRE_PASSES_SIM_TO_RTL_DATAPATH_H

#include "dialects/rtl/Builder.h"
#include "dialects/sim/Sim.h"
#include "passes/sim-to-rtl/Products.h"
#include "passes/sim/fixed/Paths.h"

namespace synfire {

/// The width of each value of an integer kernel, from the ranges of what it reads.
class Widths {
public:
  /// \p leaf gives what is read as integers.
  Widths(sim::KernelOp kernel, const sim::Paths::Leaf &leaf);
  /// Bits, sign included; one for truth values.
  unsigned of(mlir::Value value) const;
  /// Where a value lies, on the paths that lead to it.
  sim::Bound boundOf(mlir::Value value) const;
  /// Whether a value is 0 or 1.
  bool isBit(mlir::Value value) const;
  /// Whether a value is never below 0.
  bool isNatural(mlir::Value value) const;

private:
  llvm::DenseMap<mlir::Value, sim::Bound> bounds;
};

/// Builds the logic of a kernel in a module, cut into stages that are no longer than a clock.
class Datapath {
public:
  /// \p period: ns of a clock; \p multiplied: products with constants that are multipliers.
  Datapath(rtl::ModuleBuilder &m, sim::KernelOp kernel, const Widths &widths, double period,
           const Multiplied &multiplied = {})
      : m(m), kernel(kernel), widths(widths), period(period), multiplied(multiplied) {}

  /// A value that is there at the start, as a signed word, or so many ns later.
  void give(mlir::Value value, rtl::Wire wire, double later = 0) {
    placed[value] = {wire, 0, arrival + later};
  }
  /// Everything that some values are computed from.
  void build(llvm::ArrayRef<mlir::Value> results);

  /// After build: registers between the start and the results.
  unsigned stages() const { return last; }
  /// A result at the last stage, as a signed word of its width.
  rtl::Wire result(mlir::Value value) { return at(value, last); }
  /// Anything else, delayed from the start to the last stage; \p reset: low after a reset.
  rtl::Wire delayed(rtl::Wire wire, llvm::StringRef name, rtl::Wire reset = {});

  /// The registers that delay it.
  llvm::ArrayRef<rtl::Wire> stagesOf(rtl::Wire wire) { return stagesOfWire[wire.get()]; }

private:
  struct Placed {
    rtl::Wire wire;
    unsigned stage;
    double time; ///< ns into the stage
  };
  static constexpr double arrival = 4; ///< ns until a memory shows its word
  static constexpr double multiplierTime = 17;

  rtl::Wire at(mlir::Value value, unsigned stage);
  rtl::Wire fit(rtl::Wire wire, unsigned width);
  /// Where logic is being added.
  struct Moment {
    unsigned stage;
    double time;
  };
  void makeRoom(Moment &now, double needed, rtl::Wire &waits);
  rtl::Wire sumOf(llvm::ArrayRef<Digit> digits, mlir::Value value, unsigned width, Moment &now);
  rtl::Wire multiply(int64_t constant, mlir::Value value, Moment &now);
  rtl::Wire kept(rtl::Wire wire, unsigned stages, unsigned from);
  rtl::Wire rounded(const Rounding &rounding, mlir::Value other, unsigned width, Moment &now);
  /// `value >= least`, or not.
  struct Limit {
    int64_t least;
    bool negated;
    /// Bits of the value that do not matter.
    unsigned below() const { return unsigned(llvm::countr_zero(uint64_t(least))); }
  };
  static std::optional<Limit> limitOf(mlir::arith::CmpIOp compare);
  std::optional<unsigned> powerLimit(mlir::arith::CmpIOp compare);
  rtl::Wire reaches(mlir::arith::CmpIOp compare, rtl::Wire value);
  rtl::Wire countDown(rtl::Wire x);
  rtl::Wire saturated(rtl::Wire a, unsigned bits, sim::Bound bound);
  llvm::SmallVector<mlir::Value> inputsOf(mlir::Operation *op);
  Moment momentOf(llvm::ArrayRef<mlir::Value> values);
  bool endsInResets(llvm::ArrayRef<mlir::Value> results);
  rtl::Wire compute(mlir::Operation *op, unsigned stage);
  double cost(mlir::Operation *op);
  void place(mlir::Operation *op);

  rtl::ModuleBuilder &m;
  sim::KernelOp kernel;
  const Widths &widths;
  double period;
  const Multiplied multiplied;
  unsigned last = 0, registers = 0;
  llvm::DenseMap<mlir::Value, Placed> placed;
  llvm::DenseMap<std::pair<mlir::Value, unsigned>, rtl::Wire> later;
  llvm::DenseMap<mlir::Value, llvm::SmallVector<rtl::Wire>> stagesOfWire;
};

} // namespace synfire

#endif // SYNFIRE_PASSES_SIM_TO_RTL_DATAPATH_H
