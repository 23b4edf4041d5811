//===- Paths.h - a kernel along every outcome of its comparisons ---===//
//
// A range of a state that holds from step to step cannot be seen one op at a time: that a potential
// is below its threshold where it was not reset follows from the comparison, whose outcome decides
// a select later. So the kernel is followed once for each set of outcomes that is possible; what
// was compared is as narrow on each side as the outcome says.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_PASSES_SIM_FIXED_PATHS_H
#define SYNFIRE_PASSES_SIM_FIXED_PATHS_H

#include "dialects/sim/Sim.h"
#include "passes/sim/fixed/Bound.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"

#include <functional>

namespace synfire::sim {

class Paths {
public:
  /// Numbers the values of \p kernel; unsupported() says what cannot be followed.
  explicit Paths(KernelOp kernel);

  /// The first op of the kernel that cannot be followed, or null.
  mlir::Operation *unsupported() const { return unknown; }

  /// What a leaf (a field that is read, a sum, a count) is.
  using Leaf = std::function<Bound(mlir::Operation *)>;
  /// The number that the result of an op always is, if any.
  using Known = std::function<std::optional<double>(mlir::Operation *)>;
  /// What a constant is where operand \p number of \p op uses it.
  using Constant = std::function<Bound(mlir::Operation *op, unsigned number, double value)>;
  /// The result of an op, rounded.
  using Round = std::function<Bound(mlir::Operation *op, Bound exact)>;

  /// Follows every path. \p visit sees the bounds of all values at the end of each.
  void run(const Leaf &leaf, const Known &known, const Constant &constant, const Round &round,
           llvm::function_ref<void(llvm::ArrayRef<Bound>)> visit) const;

  unsigned numberOf(mlir::Value value) const { return numbers.lookup(value); }
  unsigned size() const { return numbers.size(); }

private:
  struct Instruction {
    mlir::Operation *op;
    llvm::SmallVector<unsigned, 3> operands;
    unsigned result;
  };
  struct Walk;
  void follow(Walk &walk, size_t begin, unsigned splits, llvm::SmallVector<Bound> values) const;
  bool isConstant(const Walk &walk, const Instruction &at, unsigned number) const;

  llvm::SmallVector<Instruction> code;
  llvm::DenseMap<mlir::Value, unsigned> numbers;
  mlir::Operation *unknown = nullptr;
};

/// The number that a value always is, where that follows from constants alone.
std::optional<double> constantOf(mlir::Value value);

} // namespace synfire::sim

#endif // SYNFIRE_PASSES_SIM_FIXED_PATHS_H
