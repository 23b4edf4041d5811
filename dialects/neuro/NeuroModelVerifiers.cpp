//===- NeuroModelVerifiers.cpp - the rules of neurons, synapses and plasticity ---===//
#include "dialects/neuro/Verify.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace synfire::neuro;

namespace {

/// Checks one declaration with everything in it.
class ModelVerifier {
public:
  /// `sides`: whether `pre` and `post` have a meaning.
  ModelVerifier(Operation *model, bool sides) : model(model), sides(sides) {}

  LogicalResult verify() {
    WalkResult walked = model->walk([&](Operation *op) {
      return op != model && failed(verify(op)) ? WalkResult::interrupt() : WalkResult::advance();
    });
    return failure(walked.wasInterrupted());
  }

  /// One equation for a state at most, and one spike rule for a neuron or compartment.
  LogicalResult verifyOnce(Block &body) {
    llvm::StringSet<> equations;
    SpikeOp spike;
    for (Operation &op : body) {
      if (auto equation = dyn_cast<EquationOp>(op))
        if (!equations.insert(equation.getState()).second) // neuron_c3
          return op.emitOpError() << "`" << equation.getState() << "` has two equations";
      if (auto own = dyn_cast<SpikeOp>(op)) {
        if (spike) { // neuron_c2
          InFlightDiagnostic error =
              op.emitOpError("is a second spike rule; a cell has at most one");
          error.attachNote(spike.getLoc()) << "the first one is here";
          return error;
        }
        spike = own;
      }
      if (auto compartment = dyn_cast<CompartmentOp>(op))
        if (failed(verifyOnce(compartment.getBody().front())))
          return failure();
    }
    return success();
  }

private:
  LogicalResult verify(Operation *op) {
    return llvm::TypeSwitch<Operation *, LogicalResult>(op)
        .Case([&](GetOp get) { return verifyGet(get); })
        .Case([&](SetOp set) { return needState(set, set.getVariable()); })
        .Case([&](AddOp add) { return verifyAdd(add); })
        .Case([&](RefractoryOp refractory) { return needStates(op, refractory.getHold()); })
        .Case([&](EquationOp equation) {
          if (failed(needState(op, equation.getStateAttr())))
            return failure();
          return verifyYield(op, equation.getBody(), {"derivative"}); // equation_c1
        })
        .Case([&](LetOp let) { return verifyYield(op, let.getBody(), {"value"}); }) // let_c1
        .Case([&](SolveOp solve) {
          if (solve.getAfter() && failed(needStates(op, *solve.getAfter())))
            return failure();
          return needStates(op, solve.getStates());
        })
        .Case([&](FormatOp format) { return verifyFormat(format); })
        .Case([&](CoupleOp couple) { return verifyCouple(couple); })
        .Case([&](ContributeOp contribution) {
          return verifyYield(op, contribution.getBody(), {"current"}); // contribute_c1
        })
        .Case([&](OnOp on) { return verifyOn(on); })
        .Case([&](EveryOp every) { return verifyYield(op, every.getBody(), {}); })
        .Case([&](BoundOp bound) {
          bool named = bound.getVariable().has_value();
          if (named == isa<PlasticityOp>(model)) // bound_c2
            return LogicalResult(bound.emitOpError()
                                 << (named ? "names a state; in a rule it bounds the weight"
                                           : "does not say which state it bounds"));
          if (named && failed(needState(op, bound.getVariableAttr())))
            return failure();
          return verifyYield(op, bound.getBody(), {"lower bound", "upper bound"}); // bound_c1
        })
        .Case([&](PruneOp prune) { return verifyYield(op, prune.getBody(), {"condition"}); })
        .Case([&](GrowOp grow) {
          return verifyYield(op, grow.getBody(), {"probability", "condition"}); // grow_c1
        })
        .Default([](Operation *) { return success(); });
  }

  // In a compartment its own variables come first, then those of the neuron around it.
  Operation *lookup(Operation *from, SymbolRefAttr name) {
    for (Operation *scope = from->getParentOp(); scope; scope = scope->getParentOp()) {
      if (!scope->hasTrait<OpTrait::SymbolTable>())
        continue;
      if (Operation *found = SymbolTable::lookupSymbolIn(scope, name))
        return found;
      if (scope == model)
        break;
    }
    return nullptr;
  }

  bool isWeight(SymbolRefAttr name) {
    return isa<PlasticityOp>(model) && name.getNestedReferences().empty() &&
           name.getRootReference() == "weight";
  }

  LogicalResult verifyGet(GetOp get) {
    if (get.getSide() != Side::Self)
      return needSides(get);
    if (isWeight(get.getVariable()))
      return success();
    Operation *found = lookup(get, get.getVariable());
    if (!found || !isa<ParameterOp, StateOp, InputOp, LetOp>(found)) // get_c1
      return get.emitOpError() << "reads " << get.getVariable() << ", which is not declared in `"
                               << SymbolTable::getSymbolName(model).getValue() << "`";
    return success();
  }

  LogicalResult verifyAdd(AddOp add) {
    if (add.getSide() == Side::Pre) // add_c1
      return add.emitOpError("acts on `pre`; a connection acts on `post` only");
    return add.getSide() == Side::Post ? needSides(add) : needState(add, add.getVariable());
  }

  LogicalResult needSides(Operation *op) {
    if (!sides) // get_c2
      return op->emitOpError("names the other side of a connection outside of a synapse");
    return success();
  }

  LogicalResult needState(Operation *op, SymbolRefAttr name) {
    if (isWeight(name) || isa_and_nonnull<StateOp>(lookup(op, name)))
      return success();
    return op->emitOpError() << "names " << name << ", which is not a state of `"
                             << SymbolTable::getSymbolName(model).getValue() << "`"; // set_c1
  }

  LogicalResult needStates(Operation *op, ArrayAttr names) {
    for (auto name : names.getAsRange<SymbolRefAttr>())
      if (failed(needState(op, name)))
        return failure();
    return success();
  }

  LogicalResult verifyFormat(FormatOp format) {
    if (format.getIntegerBits() < 0 || format.getFractionBits() < 0 ||
        format.getIntegerBits() + format.getFractionBits() > 63) // format_c1
      return format.emitOpError("needs 0 to 63 bits");
    Operation *found = lookup(format, format.getStateAttr());
    if (!isWeight(format.getStateAttr()) &&
        !isa_and_nonnull<StateOp, ParameterOp>(found)) // format_c2
      return format.emitOpError() << "names " << format.getStateAttr() << ", which is not declared";
    return success();
  }

  LogicalResult verifyCouple(CoupleOp couple) {
    for (SymbolRefAttr end : {couple.getFirst(), couple.getSecond()})
      if (failed(needState(couple, end)))
        return failure();
    for (SymbolRefAttr end : {couple.getFirstInput(), couple.getSecondInput()})
      if (!isa_and_nonnull<InputOp>(lookup(couple, end))) // couple_c1
        return couple.emitOpError() << "names " << end << ", which is not an input";
    return verifyYield(couple, couple.getBody(), {"conductance"}); // couple_c2
  }

  LogicalResult verifyOn(OnOp on) {
    if (isa<SynapseOp>(model) && on.getTrigger() == Trigger::Spike) // on_c1
      return on.emitOpError("`on spike` is for rules attached to populations");
    return verifyYield(on, on.getBody(), {});
  }

  Operation *model;
  bool sides;
};

/// Refuses declarations that have no place in `model`.
template <typename... AllowedT> LogicalResult verifyKinds(Operation *model) {
  for (Operation &op : model->getRegion(0).front())
    if (!isa<AllowedT...>(op))
      return op.emitOpError() << "has no place in `" << model->getName() << "`"; // neuron_c1
  return success();
}

} // namespace

LogicalResult NeuronOp::verifyRegions() {
  if (failed((verifyKinds<ParameterOp, InputOp, StateOp, LetOp, EquationOp, SpikeOp, SolveOp,
                          FormatOp, CompartmentOp, CoupleOp, BoundOp, EveryOp>(*this))))
    return failure();
  ModelVerifier verifier(*this, /*sides=*/false);
  return failure(failed(verifier.verifyOnce(getBody().front())) || failed(verifier.verify()));
}

LogicalResult SynapseOp::verifyRegions() {
  if (failed((verifyKinds<ParameterOp, InputOp, StateOp, LetOp, EquationOp, OnOp, EveryOp,
                          ContributeOp, BoundOp, PruneOp, GrowOp, FormatOp, SolveOp>(*this))))
    return failure();
  ModelVerifier verifier(*this, /*sides=*/true);
  return failure(failed(verifier.verifyOnce(getBody().front())) || failed(verifier.verify()));
}

LogicalResult PlasticityOp::verifyRegions() {
  if (failed((verifyKinds<ParameterOp, InputOp, StateOp, LetOp, EquationOp, OnOp, EveryOp, BoundOp,
                          PruneOp, GrowOp, FormatOp>(*this))))
    return failure();
  ModelVerifier verifier(*this, /*sides=*/true);
  return failure(failed(verifier.verifyOnce(getBody().front())) || failed(verifier.verify()));
}
