//===- NeuroVerifiers.cpp - the rules of single ops ---===//
//
// Each rule has a label, `draw_c1`, that its test repeats.
//
//===----------------------------------------------------------------------===//
#include "dialects/neuro/Neuro.h"
#include "dialects/neuro/Verify.h"

using namespace mlir;
using namespace synfire::neuro;

LogicalResult synfire::neuro::verifyYield(Operation *op, Region &region, ArrayRef<StringRef> what) {
  if (region.empty())
    return success();
  auto yield = dyn_cast<YieldOp>(region.front().getTerminator());
  if (!yield)
    return op->emitOpError("a region must end in `neuro.yield`");
  if (yield.getNumOperands() != what.size())
    return yield.emitOpError() << "yields " << yield.getNumOperands() << " values; `"
                               << op->getName() << "` needs " << what.size()
                               << (what.empty() ? "" : ": ") << llvm::join(what, ", ");
  for (auto [value, name] : llvm::zip(yield.getValues(), what)) {
    bool truth = name == "condition";
    if (truth ? !value.getType().isInteger(1) : !value.getType().isF64())
      return yield.emitOpError() << "yields " << value.getType() << " as the " << name
                                 << ", which must be " << (truth ? "i1" : "f64");
  }
  return success();
}

LogicalResult ParameterOp::verify() {
  if (getValue() && !getBody().empty()) // parameter_c1
    return emitOpError("has a number and a default region; it can have one of them");
  return verifyYield(*this, getBody(), {"value"}); // parameter_c2
}

LogicalResult StateOp::verify() {
  int starts = int(getValue().has_value()) + int(getSteady()) + int(!getBody().empty());
  if (starts != 1) // state_c1
    return emitOpError() << "has " << starts
                         << " start values; it needs one of a number, `steady` and `init`";
  return verifyYield(*this, getBody(), {"value"}); // state_c2
}

LogicalResult SpikeOp::verify() {
  if (failed(verifyYield(*this, getCondition(), {"left side", "right side"}))) // spike_c1
    return failure();
  if (failed(verifyYield(*this, getReset(), {}))) // spike_c2
    return failure();
  auto refractory = getReset().getOps<RefractoryOp>();
  if (std::distance(refractory.begin(), refractory.end()) > 1) // spike_c3
    return emitOpError("has two `refractory` statements; a spike starts one refractory time");
  return success();
}

LogicalResult DrawOp::verify() {
  unsigned needed = getDistribution() == Distribution::Exponential ? 1 : 2;
  if (getArguments().size() != needed) // draw_c1
    return emitOpError() << "has " << getArguments().size() << " arguments; `"
                         << stringifyDistribution(getDistribution()) << "` takes " << needed;
  unsigned ends = getLimit() == Limit::None ? 0 : 2;
  if (getInterval().size() != ends) // draw_c2
    return emitOpError() << "has " << getInterval().size() << " ends of an interval; `"
                         << stringifyLimit(getLimit()) << "` takes " << ends;
  return success();
}

LogicalResult WithinOp::verify() {
  for (ArrayRef<int64_t> ranges : {getSources(), getTargets()}) {
    bool ascends = ranges.size() % 2 == 0;
    for (size_t i = 0; ascends && i < ranges.size(); ++i)
      ascends = i % 2 ? ranges[i] >= ranges[i - 1] : ranges[i] >= (i ? ranges[i - 1] + 1 : 0);
    if (!ascends) // within_c1
      return emitOpError("has ranges that are no pairs of a first and a last element, ascending");
  }
  return success();
}

LogicalResult TableOp::verify() {
  std::optional<int64_t> rows;
  for (NamedAttribute column : getColumns()) {
    auto values = dyn_cast<DenseElementsAttr>(column.getValue());
    if (!values || values.getType().getRank() != 1 || !values.getElementType().isF64()) // table_c1
      return emitOpError() << "column `" << column.getName().getValue()
                           << "` must be a list of f64 numbers";
    if (rows && *rows != values.getNumElements()) // table_c2
      return emitOpError() << "column `" << column.getName().getValue() << "` has "
                           << values.getNumElements() << " rows, another one has " << *rows;
    rows = values.getNumElements();
  }
  return success();
}

LogicalResult SimulateOp::verify() {
  if (getStep().convertToDouble() <= 0) // simulate_c1
    return emitOpError("has a step that is not positive");
  if (getDuration().convertToDouble() < 0) // simulate_c2
    return emitOpError("has a negative duration");
  return success();
}

LogicalResult RecordOp::verify() {
  bool value = getKind() == RecordKind::Value;
  if (value != getVariable().has_value()) // record_c1
    return emitOpError(value ? "of a value names no variable" : "of spikes names a variable");
  if (getSources().empty() == !getProjection()) // record_c2
    return emitOpError("needs either populations or a projection");
  if (!value && getProjection()) // record_c3
    return emitOpError("of spikes names a projection; connections do not spike");
  if (getPeriod() && getPeriod()->convertToDouble() <= 0) // record_c4
    return emitOpError("has a period that is not positive");
  return success();
}
