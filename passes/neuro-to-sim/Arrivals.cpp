//===- Arrivals.cpp - what a connection sends, and what the target makes of it ---===//
#include "passes/neuro-to-sim/Arrivals.h"

#include "passes/neuro/analysis/Expression.h"
#include "passes/neuro/analysis/Split.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::neuro;

Value synfire::arrivalAmount(Arrival arrival) {
  if (auto add = dyn_cast<AddOp>(arrival.statement))
    return add.getValue();
  return cast<SetOp>(arrival.statement).getValue();
}

bool synfire::isSourceSide(const Lumping &lumping, StringRef state) {
  for (const StatePlacement &place : lumping.states())
    if (StateOp(place.state).getSymName() == state)
      return place.place == neuro::Placement::Source;
  return false;
}

namespace {

/// Emits the amount with every read given by `read`, and splits it.
Factors split(KernelBuilder &b, const Lumping &lumping, Arrival arrival,
              llvm::function_ref<Value(Operation *)> read) {
  DenseMap<Value, Part> parts;
  SynapseOp synapse = lumping.synapse();
  std::function<Value(Operation *)> leaf = [&](Operation *op) -> Value {
    auto get = dyn_cast<GetOp>(op);
    if (get && get.getSide() == Side::Self)
      if (auto let = find<LetOp>(synapse, variableName(get.getVariable())))
        return copyExpression(b, let.getBody().front(), leaf).front();
    Value value = read(op);
    if (!value)
      return value;
    Part part = Part::Connection;
    if (get && lumping.belongsToTarget(get))
      part = Part::Target;
    else if (get && get.getSide() == Side::Self) {
      std::string name = variableName(get.getVariable());
      if (find<ParameterOp>(synapse, name) && lumping.sharing().isShared(name))
        part = Part::Either;
    }
    parts[value] = part;
    return value;
  };
  Value amount = copyValues(b, {arrivalAmount(arrival)}, leaf).front();
  auto factors = splitFactors(b, amount, [&](Value v) -> std::optional<Part> {
    auto found = parts.find(v);
    return found == parts.end() ? std::nullopt : std::optional<Part>(found->second);
  });
  return factors.value_or(Factors{amount, Value()});
}

} // namespace

Value synfire::connectionPart(KernelBuilder &b, const Lumping &lumping, Arrival arrival,
                              llvm::function_ref<Value(Operation *)> read) {
  Factors factors = split(b, lumping, arrival, [&](Operation *op) -> Value {
    auto get = dyn_cast<GetOp>(op);
    if (get && lumping.belongsToTarget(get))
      return b.number(1.0);
    return read(op);
  });
  return factors.connection ? factors.connection : b.number(1.0);
}

Value synfire::targetPart(KernelBuilder &b, const Lumping &lumping, Arrival arrival,
                          llvm::function_ref<Value(GetOp)> read) {
  SynapseOp synapse = lumping.synapse();
  Factors factors = split(b, lumping, arrival, [&](Operation *op) -> Value {
    auto get = dyn_cast<GetOp>(op);
    if (!get)
      return b.number(1.0);
    std::string name = variableName(get.getVariable());
    bool shared = get.getSide() == Side::Self && find<ParameterOp>(synapse, name) &&
                  lumping.sharing().isShared(name);
    return lumping.belongsToTarget(get) || shared ? read(get) : b.number(1.0);
  });
  return factors.target;
}
