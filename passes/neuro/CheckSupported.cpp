//===- CheckSupported.cpp - refuses what no target can lower yet ---===//
#include "passes/neuro/Passes.h"
#include "passes/neuro/analysis/AxonalDelay.h"
#include "passes/neuro/analysis/Lumping.h"
#include "passes/neuro/analysis/PopulationSystem.h"
#include "passes/neuro/analysis/SynapseReads.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/TypeSwitch.h"

namespace synfire::neuro {
#define GEN_PASS_DEF_NEUROCHECKSUPPORTED
#include "passes/neuro/Passes.h.inc"
} // namespace synfire::neuro

using namespace mlir;
using namespace synfire::neuro;

namespace {

StringRef unsupportedFormat(FormatOp format) {
  auto state = SymbolTable::lookupNearestSymbolFrom<StateOp>(format, format.getStateAttr());
  if (!state)
    return "a `format` of what is no state";
  // What a double holds, with room for what is computed from it.
  return format.getIntegerBits() + format.getFractionBits() > 48 ? "a `format` of more than 48 bits"
                                                                 : "";
}

/// What a construct is called in the language, where it cannot be run yet; empty where it can. This
/// list shrinks.
StringRef unsupportedName(Operation *op) {
  return llvm::TypeSwitch<Operation *, StringRef>(op)
      .Case([](ReleaseOp release) {
        return release->getParentOfType<SynapseOp>() ? "" : "`release` in a rule";
      })
      .Case([](OnOp on) { return on.getCompartment() ? "a handler of a compartment's spike" : ""; })
      .Case([](FormatOp format) { return unsupportedFormat(format); })
      .Default([](Operation *) { return ""; });
}

/// What does for a stimulus that cannot be run.
constexpr StringLiteral relayAdvice =
    "stimulate a population of relays instead, and project it with "
    "`one_to_one`";

struct NeuroCheckSupportedPass
    : synfire::neuro::impl::NeuroCheckSupportedBase<NeuroCheckSupportedPass> {
  void runOnOperation() override {
    bool failed = false;
    llvm::SmallPtrSet<Operation *, 8> used = usedTypes();
    for (Operation &top : getOperation().getOps()) {
      // A type that no population or projection uses may say anything.
      if (isa<NeuronOp, SynapseOp, PlasticityOp>(top) && !used.contains(&top))
        continue;
      top.walk([&](Operation *op) {
        if (StringRef name = unsupportedName(op); !name.empty()) {
          op->emitError() << name << " cannot be run yet";
          failed = true;
        }
      });
    }
    if (CircuitOp circuit = findCircuit(getOperation()))
      failed |= mlir::failed(checkConnections(circuit));
    if (failed)
      signalPassFailure();
  }

private:
  llvm::SmallPtrSet<Operation *, 8> usedTypes() {
    llvm::SmallPtrSet<Operation *, 8> used;
    getOperation().walk([&](Operation *op) {
      if (auto population = dyn_cast<PopulationOp>(op))
        used.insert(neuronOf(population));
      else if (isa<ProjectionOp, StimulusOp>(op))
        if (SynapseOp synapse = synapseOf(op))
          used.insert(synapse);
    });
    return used;
  }

  LogicalResult checkConnections(CircuitOp circuit) {
    bool failed = false;
    LumpingCache known;
    // What was found good once is good for all that are alike and lie between the same types.
    llvm::DenseSet<std::tuple<const LumpingFacts *, Attribute, Attribute>> good;
    llvm::SmallPtrSet<Attribute, 8> driven;       // names of populations with terms that are held
    llvm::DenseMap<Attribute, Attribute> neurons; // of populations, by name
    for (auto population : circuit.getBody().getOps<PopulationOp>())
      neurons[population.getSymNameAttr()] = population.getNeuronAttr();
    for (Operation &op : circuit.getBody().front()) {
      if (!isa<ProjectionOp, StimulusOp>(op) || !synapseOf(&op))
        continue;
      Lumping lumping(&op, &known);
      for (auto contribution : lumping.synapse().getBody().getOps<ContributeOp>())
        if (!lumping.isSubstituted(contribution))
          driven.insert(targetOf(&op).getSymNameAttr());
      failed |= refuseContributions(op, lumping);
      if (auto stimulus = dyn_cast<StimulusOp>(op))
        failed |= refuseLateStimulus(stimulus);
      failed |= refuseThirdFactors(op);
      auto typeAt = [&](StringRef end) {
        auto ref = op.getAttrOfType<RefAttr>(end);
        return ref ? neurons.lookup(ref.getPopulation().getAttr()) : Attribute();
      };
      std::tuple kind(lumping.kind(), typeAt("source"), typeAt("target"));
      if (good.contains(kind))
        continue;
      if (refuseHandlers(op, lumping))
        failed = true;
      else
        good.insert(kind);
    }
    Wiring wiring(circuit);
    for (auto population : circuit.getBody().getOps<PopulationOp>())
      failed |= driven.contains(population.getSymNameAttr()) &&
                refuseDrives(PopulationSystem(population, wiring, &known));
    for (auto projection : circuit.getBody().getOps<ProjectionOp>())
      failed |= refuseLateReads(projection);
    return failure(failed);
  }

  /// What follows from the types at both ends alone.
  bool refuseHandlers(Operation &op, const Lumping &lumping) {
    bool failed = refusePostHandlers(op, lumping);
    for (const StatePlacement &placement : lumping.states())
      if (placement.place == Placement::Connection)
        failed |= refuseState(op, lumping, placement);
    for (const Arrival &arrival : lumping.arrivals())
      if (!arrival.factors) {
        InFlightDiagnostic error =
            arrival.statement->emitError()
            << "an amount that does not separate into a factor of the connection and a factor of "
               "the target cannot be run yet";
        error.attachNote(op.getLoc()) << "used by `" << nameOf(&op)
                                      << "`; write it as a product, such as `weight * (E - "
                                         "post.v)`, or as several statements";
        failed = true;
      }
    return failed;
  }

  // What a synapse reads of its ends belongs to the time at which it sees the spike (G3).
  bool refuseLateReads(ProjectionOp projection) {
    Sight sight = sightOf(projection);
    if (sight == Sight::AtOnce)
      return false;
    bool failed = false;
    auto refuse = [&](Operation *op, const Twine &what, const Twine &advice) {
      InFlightDiagnostic error = op->emitError() << what;
      error.attachNote(projection.getLoc())
          << "used by `" << projection.getSymName() << "`; " << advice;
      failed = true;
    };
    SynapseOp synapse = synapseOf(projection);
    if (synapse->hasAttr("graded"))
      synapse.walk([&](GetOp get) {
        if (get.getSide() == Side::Pre)
          refuse(get,
                 "a value of the source behind a delay that moves values and, in part, the "
                 "spikes that the synapse sees cannot be run yet",
                 "leave `dendritic_fraction` at 1");
      });
    if (sight != Sight::First)
      return failed;
    Lumping lumping(projection);
    for (auto on : synapse.getBody().getOps<OnOp>()) {
      if (on.getTrigger() != Trigger::Pre)
        continue;
      auto check = [&](Operation *read, bool arrives) {
        auto get = dyn_cast<GetOp>(read);
        std::string what = get ? whatIsNotKnown(projection, lumping, get, arrives) : "";
        if (!what.empty())
          refuse(read,
                 "`" + what +
                     "` in `on pre` where the delay has no dendritic part cannot be run yet: "
                     "the synapse sees the spike before the cells have made their step",
                 "with a larger `dendritic_fraction` it sees the spike earlier");
      };
      on.walk([&](Operation *op) {
        auto add = dyn_cast<AddOp>(op);
        auto change = selfChange(op);
        auto release = dyn_cast<ReleaseOp>(op);
        bool arrives = add && add.getSide() == Side::Post;
        if (change)
          arrives = lumping.placeOf(change->name) == Placement::Target;
        Value value = release  ? release.getProbability()
                      : change ? change->amount
                      : add    ? add.getValue()
                               : Value();
        if (value)
          for (Operation *read : readsOf(value))
            check(read, arrives);
      });
    }
    return failed;
  }

  /// What a read of `on pre` is called if its value is not there yet in the first part of a step;
  /// else empty. `arrives`: what it is read for separates, and the target's factor comes later.
  static std::string whatIsNotKnown(ProjectionOp projection, const Lumping &lumping, GetOp get,
                                    bool arrives) {
    std::string name = variableName(get.getVariable());
    if (get.getSide() == Side::Self) {
      for (BindOp bind : projection.getBody().getOps<BindOp>())
        if (bind.getInput() == name && (!bind.getDelay() || bind.getDelay()->isZero()))
          return name;
      return !arrives && lumping.belongsToTarget(get) ? name : "";
    }
    bool pre = get.getSide() == Side::Pre;
    if (!pre && arrives)
      return "";
    PopulationOp end = pre ? sourceOf(projection) : targetOf(projection);
    return find<ParameterOp>(neuronOf(end), name) ? "" : (pre ? "pre." : "post.") + name;
  }

  // A third factor is one number for all connections.
  bool refuseThirdFactors(Operation &op) {
    bool failed = false;
    llvm::StringSet<> bound;
    for (auto bind : op.getRegion(0).getOps<BindOp>()) {
      bound.insert(bind.getInput());
      PopulationOp source = findPopulation(bind, bind.getSource().getPopulation().getValue());
      ArrayRef<int64_t> elements = bind.getSource().getElements();
      bool one = elements.empty() ? source.getSize() == 1
                                  : elements.size() == 2 && elements[0] == elements[1];
      std::string name = variableName(bind.getVariable());
      if (!one)
        bind.emitError() << "the third factor `" << bind.getInput() << "` of `" << nameOf(&op)
                         << "` must be a value of one cell, and `" << source.getSymName()
                         << "` has several; name one, as in `" << source.getSymName() << "[0]."
                         << name << "`";
      else if (!find<StateOp>(neuronOf(source), name))
        bind.emitError() << "the third factor `" << bind.getInput() << "` of `" << nameOf(&op)
                         << "` must be a state, and `" << name << "` of `" << source.getSymName()
                         << "` is none";
      else
        continue;
      failed = true;
    }
    for (auto input : synapseOf(&op).getBody().getOps<InputOp>())
      if (!bound.contains(input.getSymName())) {
        op.emitError() << "the third factor `" << input.getSymName() << "` of `" << nameOf(&op)
                       << "` is not bound to anything; give it where the rule is attached";
        failed = true;
      }
    return failed;
  }

  // Connections follow the spikes of their targets by the times at which those fired.
  bool refusePostHandlers(Operation &op, const Lumping &lumping) {
    bool failed = false;
    for (auto on : lumping.synapse().getBody().getOps<OnOp>()) {
      if (on.getTrigger() != Trigger::Post)
        continue;
      auto refuse = [&](Operation *where, const Twine &what) {
        InFlightDiagnostic error = where->emitError() << what << " cannot be run yet";
        error.attachNote(op.getLoc())
            << "used by `" << nameOf(&op) << "`"
            << (isa<StimulusOp>(op) ? ("; " + relayAdvice).str() : std::string());
        failed = true;
      };
      auto projection = dyn_cast<ProjectionOp>(op);
      if (!projection) {
        refuse(on, "`on post` in the synapse of a stimulus");
        continue;
      }
      if (neuronOf(targetOf(&op)).getBody().getOps<SpikeOp>().empty()) {
        on.emitError() << "`on post` waits for spikes of `" << targetOf(&op).getSymName()
                       << "`, which has no spike rule";
        failed = true;
      }
      on.walk([&](Operation *inner) {
        auto add = dyn_cast<AddOp>(inner);
        auto set = dyn_cast<SetOp>(inner);
        bool acts = add && add.getSide() == Side::Post;
        if (add && !acts)
          acts = targetSideStates(lumping.synapse()).contains(variableName(add.getVariable()));
        if (set)
          acts = targetSideStates(lumping.synapse()).contains(variableName(set.getVariable()));
        if (acts)
          refuse(inner, "a statement of `on post` that acts on the target");
      });
    }
    return failed;
  }

  // Of both ends a contribution reads states, and lets over states: an input is the sum that is
  // being made, and what a gathered contribution reads must be stored somewhere.
  bool refuseContributions(Operation &op, const Lumping &lumping) {
    bool failed = false;
    for (auto contribution : lumping.synapse().getBody().getOps<ContributeOp>())
      contribution.walk([&](GetOp get) {
        bool pre = get.getSide() == Side::Pre;
        PopulationOp end = pre ? sourceOf(&op) : targetOf(&op);
        if (get.getSide() == Side::Self || !end)
          return;
        std::string what = whyNotRead(neuronOf(end), variableName(get.getVariable()),
                                      !lumping.isSubstituted(contribution),
                                      pre && (findInit(&op, "delay") || hasNumber(op, "delay")));
        if (what.empty())
          return;
        InFlightDiagnostic error = get.emitError()
                                   << "a contribution cannot read `" << (pre ? "pre." : "post.")
                                   << variableName(get.getVariable()) << "` here: " << what;
        error.attachNote(op.getLoc()) << "used by `" << nameOf(&op) << "`";
        failed = true;
      });
    return failed;
  }

  // Events of a stimulus with a delay are made when they act, as those of an earlier step: what
  // they follow must still be known then.
  bool refuseLateStimulus(StimulusOp op) {
    if (!findInit(op, "delay") && !hasNumber(*op, "delay"))
      return false;
    bool failed = false;
    NeuronOp neuron = neuronOf(targetOf(op));
    op.walk([&](Operation *read) {
      auto get = dyn_cast<GetOp>(read);
      std::string name = get && get->getParentOfType<ArgumentOp>() ? variableName(get.getVariable())
                                                                   : std::string();
      bool changes = !name.empty() && (find<StateOp>(neuron, name) || isAssigned(op, name));
      if (!changes && !isa<FrameValueOp>(read))
        return;
      InFlightDiagnostic error =
          read->emitError() << "a delay of `" << op.getSymName() << "`, which follows "
                            << (changes ? "`" + name + "`, that changes in the run," : "frames,")
                            << " cannot be run: what it was then is not kept";
      error.attachNote(op.getLoc()) << relayAdvice;
      failed = true;
    });
    return failed;
  }

  /// Whether a protocol changes a parameter of the cells that a stimulus acts on.
  static bool isAssigned(StimulusOp op, StringRef parameter) {
    bool assigned = false;
    op->getParentOfType<ModuleOp>().walk([&](AssignOp assign) {
      auto target = assign.getTarget();
      assigned |= target && target->getPopulation() == op.getTarget().getPopulation() &&
                  variableName(assign.getVariable()) == parameter;
    });
    return assigned;
  }

  static bool hasNumber(Operation &op, StringRef name) {
    return op.getAttrOfType<DictionaryAttr>("set").contains(name);
  }

  static std::string whyNotRead(NeuronOp neuron, StringRef name, bool gathered, bool delayed) {
    if (find<InputOp>(neuron, name))
      return "inputs are sums of contributions; read a state";
    std::string why;
    if (auto let = find<LetOp>(neuron, name))
      let.walk([&](Operation *inner) {
        auto get = dyn_cast<GetOp>(inner);
        if (get && find<InputOp>(neuron, variableName(get.getVariable())))
          why = fmt::format("it depends on the input `{}`, and inputs are sums of contributions; "
                            "make it a state",
                            variableName(get.getVariable()));
        else if (gathered && isa<NoiseOp>(inner))
          why = "it depends on noise; make it a state";
        else if (delayed && isa<TimeOp>(inner))
          why = "it depends on the time and comes with a delay; make it a state";
      });
    return why;
  }

  bool refuseState(Operation &op, const Lumping &lumping, const StatePlacement &placement) {
    if (lumping.whyNotLazy(placement.state).empty())
      return false;
    std::string why = lumping.whyNotStepped(placement.state);
    if (why.empty())
      return false;
    StateOp state = placement.state;
    InFlightDiagnostic error =
        op.emitError() << "`" << nameOf(&op) << "` needs the synapse state `" << state.getSymName()
                       << "` on each connection, which cannot be run yet: " << placement.why
                       << "; and " << why;
    error.attachNote(state.getLoc()) << "`" << state.getSymName() << "` is declared here";
    if (isa<StimulusOp>(op))
      error.attachNote(op.getLoc()) << relayAdvice;
    auto projection = dyn_cast<ProjectionOp>(op);
    if (projection && sightOf(projection) != Sight::First &&
        targetSideStates(lumping.synapse()).contains(state.getSymName()))
      error.attachNote(projection.getLoc())
          << "with `dendritic_fraction` 0 the synapse sees spikes when they arrive";
    return true;
  }

  // A held term keeps one state of the target present; anything else would be held without saying.
  static bool refuseDrives(const PopulationSystem &system) {
    bool failed = false;
    for (const Drive &drive : system.drives) {
      if (!drive.contribution || !drive.slopeOf.empty())
        continue;
      bool readsState = false;
      ContributeOp(drive.contribution).walk([&](GetOp get) {
        readsState |= get.getSide() == Side::Post &&
                      !find<ParameterOp>(system.neuron, variableName(get.getVariable()));
      });
      if (!readsState)
        continue;
      drive.owner->emitError()
          << "a contribution of `" << nameOf(drive.owner)
          << "` that is not linear in one state of its target cannot be run yet; contribute to an "
             "input what the connection brings, and let the neuron do the rest";
      failed = true;
    }
    return failed;
  }
};

} // namespace
