//===- Refusals.cpp ---===//
#include "passes/sim/fixed/Refusals.h"

#include "dialects/sim/Origin.h"

#include <fmt/format.h>

using namespace mlir;

namespace synfire::sim {

//===----------------------------------------------------------------------===//
// What a program does beside its updates
//===----------------------------------------------------------------------===//

static constexpr const char *takenOfPrograms =
    "fixed point takes cells that meet by spikes, and rules that change weights at spikes";

/// What a launch over connections that are not constant does with them.
static const char *changeOfConnections(Operation *launch) {
  if (isa<GatherOp>(launch))
    return "couples cells at every moment";
  if (auto advance = dyn_cast<AdvanceOp>(launch))
    return advance.getPeriod() ? "has states of each connection that a third factor moves"
                               : "has states of each connection that change in every step";
  return "changes its connections every so many steps";
}

static StringRef connectionsOf(Operation *launch) {
  auto over = launch->getAttrOfType<FlatSymbolRefAttr>("over");
  return over ? over.getValue() : "a projection";
}

LogicalResult checkFixedForm(Operation *op) {
  if (isa<AdvanceOp, GatherOp, TimerOp>(op))
    return op->emitError() << "`" << connectionsOf(op) << "` " << changeOfConnections(op)
                           << ", which has no fixed-point form yet; " << takenOfPrograms;
  if (isa<FramesOp>(op))
    return op->emitError() << "frames have no fixed-point form yet; " << takenOfPrograms;
  if (isa<ConstrainOp>(op))
    return op->emitError() << "a prior that connections keep in the run has no fixed-point form "
                              "yet; "
                           << takenOfPrograms;
  if (isa<AssignOp>(op))
    return op->emitError("what is assigned in the run has no fixed-point form: hardware keeps "
                         "parameters as constants, and the ranges of states are those that rules "
                         "of the cells bring about");
  // What follows from a parameter that is assigned is derived in the run.
  AssignOp assigned;
  if (isa<DeriveOp>(op))
    op->getParentOfType<ProgramOp>().walk([&](AssignOp assign) { assigned = assign; });
  if (assigned)
    return checkFixedForm(assigned);
  if (isa<InitOp, DeriveOp>(op))
    return op->emitOpError("computes numbers when the network is built; fixed point takes "
                           "programs whose network was built (sim-freeze)");
  if (isa<NormalOp>(op))
    return op->emitError("`noise()` has no fixed-point form yet: it is made of floating-point "
                         "numbers");
  if (auto deliver = dyn_cast<DeliverOp>(op)) {
    auto kernel =
        cast<KernelOp>(SymbolTable::lookupNearestSymbolFrom(deliver, deliver.getKernelAttr()));
    PayloadOp carried;
    kernel.walk([&](PayloadOp payload) { carried = payload; });
    if (carried)
      return carried.emitError() << "a value that spikes carry from their cell to its connections "
                                    "has no fixed-point form yet; "
                                 << takenOfPrograms;
  }
  return success();
}

//===----------------------------------------------------------------------===//
// What an update computes
//===----------------------------------------------------------------------===//

/// The function of the model that an op is, where no pass has made arithmetic of it.
static StringRef functionOf(Operation *op) {
  StringRef name = op->getName().getStringRef();
  bool isFunction = name.consume_front("math.");
  return isFunction ? name : "";
}

/// What an op does that is no function of the model.
static const char *actionOf(Operation *op) {
  if (isa<arith::DivFOp>(op))
    return "a division by a value of the cell";
  if (isa<RoundOp>(op))
    return "a time or an amount that follows from values of the cell and is rounded";
  if (isa<RepeatOp>(op))
    return "an event that depends on those before it";
  if (isa<PeekOp>(op))
    return "a value of another cell";
  if (isa<arith::RemSIOp>(op))
    return "what a cell does every so many steps";
  return "what is computed here";
}

LogicalResult refuseArithmetic(Operation *op) {
  static constexpr const char *taken =
      " has no fixed-point form yet; fixed point takes sums, products, exponentials, comparisons "
      "and choices";
  Origin origin = originOf(op->getLoc());
  StringRef function = origin.function.empty() ? functionOf(op) : origin.function;
  InFlightDiagnostic error = emitError(op->getLoc());
  error.attachNote(op->getParentOfType<KernelOp>().getLoc()) << "in the cells of this population";
  if (origin.method == "exponential_euler" || origin.method == "implicit")
    return error << "a step of `" << origin.state << "` by " << origin.method
                 << " divides by values of the cell, which has no fixed-point form yet; `solve "
                 << origin.state << " by euler` and `by rk4` need only what its equation says";
  if (function == "^")
    return error << "this power of a value of the cell" << taken;
  if (!function.empty())
    return error << "`" << function << "` of a value of the cell" << taken;
  return error << actionOf(op) << taken;
}

//===----------------------------------------------------------------------===//
// Ranges and formats
//===----------------------------------------------------------------------===//

/// An example of a format, for the state itself where a model can name it.
static std::string example(ArrayOp array) {
  StringRef state = array.getSymName().rsplit('.').second;
  if (state.empty())
    state = array.getSymName();
  return fmt::format("`format {} = Q8.8`", (state.starts_with("#") ? "v" : state).str());
}

LogicalResult refuseUnbounded(ArrayOp array) {
  return array.emitError() << "`" << array.getSymName()
                           << "` has no bound that holds from step to step; say how large it can "
                              "be by a format, such as "
                           << example(array) << ", at which it saturates";
}

LogicalResult refuseUnsettled(ArrayOp array) {
  return array.emitError() << "`" << array.getSymName()
                           << "` has a bound, but none that holds when each step is rounded; give "
                              "it a format, such as "
                           << example(array) << ", at which it saturates";
}

LogicalResult refuseTolerance(ArrayOp array, int64_t bits, double tolerance) {
  std::string asked =
      array.getUnit().value_or("") == "mV"
          ? fmt::format("a tolerance of {:.6g} mV; allow more with --tolerance", tolerance)
          : "an error of 1/256 of its range; give it a format, such as " + example(array);
  return array.emitError() << "`" << array.getSymName() << "` needs more than " << bits
                           << " bits for " << asked;
}

LogicalResult refuseWideSum(AccumulatorOp sum, int64_t bits, int64_t most) {
  return sum.emitError() << "the events of one step to a cell (" << sum.getSymName() << ") need "
                         << bits << " bits together, and a sum has " << most
                         << "; allow more with --tolerance";
}

LogicalResult refuseWide(Operation *op, int64_t bits, int64_t most) {
  return op->emitError() << "what is computed here needs an integer of " << bits
                         << " bits, and there are " << most
                         << "; allow more with --tolerance, or give states shorter formats";
}

LogicalResult refuseLostWeight(Operation *op) {
  return op->emitError("a weight is less than half a unit of the sum that it is added to, and "
                       "would become zero; allow states more bits (--tolerance, or a format)");
}

} // namespace synfire::sim
