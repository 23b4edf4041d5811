//===- Refusals.cpp ---===//
#include "passes/sim/fixed/Refusals.h"

#include "dialects/sim/Origin.h"
#include "dialects/sim/Sim.h"

using namespace mlir;

namespace synfire::sim {

/// The function of the model that an op is, where no pass has made arithmetic of it.
static StringRef functionOf(Operation *op) {
  StringRef name = op->getName().getStringRef();
  bool isFunction = name.consume_front("math.");
  return isFunction ? name : "";
}

LogicalResult refuseArithmetic(Operation *op) {
  static constexpr const char *taken =
      "fixed point takes sums, products, exponentials, comparisons and choices";
  Origin origin = originOf(op->getLoc());
  StringRef function = origin.function.empty() ? functionOf(op) : origin.function;
  InFlightDiagnostic error = emitError(op->getLoc());
  if (origin.method == "exponential_euler" || origin.method == "implicit")
    return error << "a step of `" << origin.state << "` by " << origin.method
                 << " divides by values of the cell, which has no fixed-point form yet; `solve "
                 << origin.state << " by euler` and `by rk4` need only what its equation says";
  if (function == "^")
    return error << "this power of a value of the cell has no fixed-point form yet; " << taken;
  if (!function.empty())
    return error << "`" << function << "` of a value of the cell has no fixed-point form yet; "
                 << taken;
  if (isa<arith::DivFOp>(op))
    return error << "a division by a value of the cell has no fixed-point form yet; " << taken;
  return error << "what is computed here has no fixed-point form yet; " << taken;
}

} // namespace synfire::sim
