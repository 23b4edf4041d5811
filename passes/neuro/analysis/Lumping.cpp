//===- Lumping.cpp - where every variable of a synapse lives (X2) ---===//
#include "passes/neuro/analysis/Lumping.h"

#include "passes/neuro/analysis/AxonalDelay.h"
#include "passes/neuro/analysis/Deferred.h"
#include "passes/neuro/analysis/Expression.h"
#include "passes/neuro/analysis/Linearity.h"
#include "passes/neuro/analysis/Split.h"
#include "passes/neuro/analysis/SynapseReads.h"
#include "passes/neuro/analysis/TraceIntegral.h"

using namespace mlir;
using namespace synfire::neuro;

llvm::SetVector<StringRef> synfire::neuro::targetSideStates(SynapseOp synapse) {
  llvm::SetVector<StringRef> names;
  auto addReads = [&](Block &body) {
    forEachRead(synapse, body, [&](Operation *op) {
      auto get = dyn_cast<GetOp>(op);
      if (!get || get.getSide() != Side::Self)
        return;
      // What a rule moves stays at the synapse: it changes when the synapse sees a spike (G4).
      auto state = find<StateOp>(synapse, variableName(get.getVariable()));
      if (state && !state->hasAttr("plastic"))
        names.insert(state.getSymName());
    });
  };
  for (auto contribution : synapse.getBody().getOps<ContributeOp>())
    addReads(contribution.getBody().front());
  for (size_t i = 0; i < names.size(); ++i)
    if (EquationOp equation = findEquation(synapse, names[i]))
      addReads(equation.getBody().front());
  return names;
}

Lumping::Lumping(Operation *op, LumpingCache *known)
    : op(op), type(synapseOf(op)), shared(op, type), facts(std::make_shared<LumpingFacts>()) {
  if (known) {
    std::string numbers = plainStructure();
    if (auto same = known->find(numbers); same != known->end()) {
      facts = same->second;
      return;
    }
    auto [alike, isNew] = known->try_emplace(structure(), facts);
    facts = alike->second;
    if (!numbers.empty())
      known->try_emplace(numbers, facts);
    if (!isNew)
      return;
  }
  facts->targetSide = targetSideStates(type);
  for (auto state : type.getBody().getOps<StateOp>())
    facts->placements.push_back({state, Placement::Connection, ""});
  placeTargetSide();
  placeSynapseSide();
}

Placement Lumping::placeOf(StringRef state) const {
  for (const StatePlacement &placement : facts->placements)
    if (StateOp(placement.state).getSymName() == state)
      return placement.place;
  return Placement::Connection;
}

SmallVector<StateOp> Lumping::lumped() const {
  SmallVector<StateOp> states;
  for (const StatePlacement &placement : facts->placements)
    if (placement.place == Placement::Target)
      states.push_back(placement.state);
  return states;
}

bool Lumping::isSubstituted(ContributeOp contribution) const {
  return readsAny(type, contribution.getBody().front(), facts->lumped);
}

// A greatest fixed point: all candidates are lumped until one of them cannot be; what reads that
// one cannot be either.
void Lumping::placeTargetSide() {
  facts->lumped = facts->targetSide;
  llvm::StringMap<std::string> reasons;
  for (bool changed = true; changed;) {
    changed = false;
    for (StringRef name :
         llvm::SmallVector<StringRef>(facts->lumped.begin(), facts->lumped.end())) {
      std::string why = whyNotLumped(name);
      if (why.empty())
        continue;
      reasons[name] = why;
      facts->lumped.remove(name);
      facts->arrivals.reset(); // they are of what is lumped
      changed = true;
    }
  }
  for (StatePlacement &placement : facts->placements) {
    StringRef name = placement.state.getSymName();
    if (facts->lumped.contains(name)) {
      placement.place = Placement::Target;
      placement.why =
          "linear with equal coefficients on all connections, jumps free of it: one sum "
          "per target";
    } else if (facts->targetSide.contains(name)) {
      placement.why = reasons[name];
    }
  }
}

// The block must be linear in the lumped states together, without a rest.
std::string Lumping::whyNotLinear(Block &body, StringRef what) const {
  std::string why;
  OpBuilder builder(body.getParentOp()->getContext());
  Block scratch;
  builder.setInsertionPointToStart(&scratch);
  // Lets of the synapse are part of the expression.
  std::function<Value(Operation *)> read = [&](Operation *op) -> Value {
    auto get = dyn_cast<GetOp>(op);
    if (!get || get.getSide() != Side::Self)
      return Value();
    if (auto let = find<LetOp>(type, variableName(get.getVariable())))
      return copyExpression(builder, let.getBody().front(), read).front();
    return Value();
  };
  Value root = copyExpression(builder, body, read).front();
  Form form = analyzeForm(root, 1, [&](Value value) {
    auto note = [&](std::string text) { why = why.empty() ? std::move(text) : why; };
    auto get = value.getDefiningOp<GetOp>();
    if (!get) {
      if (value.getDefiningOp<NoiseOp>())
        note(fmt::format("{} has noise, which differs from connection to connection", what.str()));
      return isa_and_nonnull<TimestepOp>(value.getDefiningOp()) ? Leaf::constant()
                                                                : Leaf::varying();
    }
    std::string name = variableName(get.getVariable());
    if (get.getSide() == Side::Post)
      return Leaf::varying();
    if (get.getSide() == Side::Pre) {
      note(fmt::format("{} reads `pre.{}`", what.str(), name));
      return Leaf::varying();
    }
    if (facts->lumped.contains(name))
      return Leaf::variableNumber(0);
    if (find<StateOp>(type, name)) {
      note(fmt::format("{} reads `{}`, which each connection has for itself", what.str(), name));
      return Leaf::varying();
    }
    // A stimulus is the one connection of its target, which may have coefficients of its own.
    if (std::string reason = shared.whyNotShared(name); !reason.empty() && isa<ProjectionOp>(op))
      note(reason);
    return Leaf::constant();
  });
  if (why.empty() && form.on[0] == Dependence::Nonlinear)
    why = fmt::format("{} is not linear in it", what.str());
  if (why.empty() && form.rest != Rest::Zero)
    why = fmt::format("{} has a part that does not scale with it", what.str());
  return why;
}

std::string Lumping::whyNotLumped(StringRef name) const {
  auto state = find<StateOp>(type, name);
  double start = state.getValue() ? state.getValue()->convertToDouble() : 1.0;
  if (auto set = op->getAttrOfType<DictionaryAttr>("set"))
    if (auto value = set.getAs<FloatAttr>(name))
      start = value.getValueAsDouble();
  if (start != 0.0 || findInit(op, name))
    return fmt::format("`{}` does not start at 0", name.str());
  if (EquationOp equation = findEquation(type, name))
    if (std::string why = whyNotLinear(equation.getBody().front(), "its equation"); !why.empty())
      return why;
  llvm::SetVector<StringRef> self;
  self.insert(name);
  for (auto contribution : type.getBody().getOps<ContributeOp>())
    if (readsAny(type, contribution.getBody().front(), self))
      if (std::string why = whyNotLinear(contribution.getBody().front(), "a contribution");
          !why.empty())
        return why;
  std::string why;
  for (auto handler : type.getBody().getOps<OnOp>())
    handler.getBody().walk([&](Operation *inner) {
      if (auto change = selfChange(inner); change && change->name == name) {
        if (handler.getTrigger() != Trigger::Pre)
          why = "a handler of the post spike changes it";
        else if (!change->adds)
          why = "`on pre` assigns it";
      }
      if (auto get = dyn_cast<GetOp>(inner); get && get.getSide() == Side::Self) {
        std::string read = variableName(get.getVariable());
        auto let = find<LetOp>(type, read);
        if (read == name || (let && readsAny(type, let.getBody().front(), self)))
          why = "a handler reads it on each connection";
      }
    });
  for (auto equation : type.getBody().getOps<EquationOp>())
    if (facts->targetSide.contains(equation.getState()) &&
        !facts->lumped.contains(equation.getState()) &&
        readsAny(type, equation.getBody().front(), self))
      why = fmt::format("the equation of `{}`, which each connection has for itself, reads it",
                        equation.getState().str());
  if (!why.empty())
    return why;
  for (const Arrival &arrival : arrivals())
    if (auto change = selfChange(arrival.statement);
        change && change->name == name && !arrival.factors)
      return "its jump mixes values of the connection and of the target";
  return "";
}

// At one time post handlers run first (G4), but pre handlers see such a trace as it was before.
std::string Lumping::whyNotOrdered(StateOp state) const {
  StringRef name = state.getSymName();
  if (auto projection = dyn_cast<ProjectionOp>(op);
      projection && sightOf(projection) == Sight::First)
    return ""; // pre handlers run first
  if (changesAt(Trigger::Post, name) && !changesAt(Trigger::Pre, name) &&
      isReadAt(Trigger::Pre, name) && findEquation(type, name) && !state->hasAttr("plastic"))
    return "pre handlers read it, a trace that post handlers move with values of the connection";
  return "";
}

llvm::SetVector<StringRef> Lumping::ownAtTarget() const {
  llvm::SetVector<StringRef> own = facts->targetSide;
  own.set_subtract(facts->lumped);
  return own;
}

bool Lumping::defersArrivals() const {
  auto projection = dyn_cast<ProjectionOp>(op);
  return projection && !ownAtTarget().empty() && hasEvents(projection) &&
         sightOf(projection) != Sight::First &&
         !whyNotArriving(projection, shared, facts->targetSide).empty();
}

bool Lumping::isStepped() const {
  if (!facts->stepped)
    facts->stepped = llvm::any_of(facts->placements, [&](const StatePlacement &placement) {
      return placement.place == Placement::Connection && !whyNotLazy(placement.state).empty();
    });
  return *facts->stepped;
}

std::string Lumping::whyNotStepped(StateOp state) const {
  StringRef name = state.getSymName();
  auto projection = dyn_cast<ProjectionOp>(op);
  if (!projection)
    return "each element of a stimulus is a connection of its own";
  if (facts->targetSide.contains(name)) {
    std::string why = whyNotArriving(projection, shared, facts->targetSide);
    return why.empty() || sightOf(projection) == Sight::First ? why
                                                              : whyNotDeferred(type, ownAtTarget());
  }
  std::string why;
  if (EquationOp equation = findEquation(type, name))
    equation.walk([&](Operation *inner) {
      if (isa<NoiseOp>(inner))
        why = "its equation has noise";
    });
  for (auto handler : type.getBody().getOps<OnOp>())
    if (handler.getTrigger() == Trigger::Post)
      handler.walk([&](ReleaseOp) { why = "`release` in `on post`"; });
  // Inputs of cells are sums that are not kept.
  type.walk([&](GetOp get) {
    PopulationOp end = get.getSide() == Side::Pre    ? sourceOf(op)
                       : get.getSide() == Side::Post ? targetOf(op)
                                                     : PopulationOp();
    if (end && !get->getParentOfType<ContributeOp>() &&
        find<InputOp>(neuronOf(end), variableName(get.getVariable())))
      why = fmt::format("an input of a cell, `{}`, is read; read a state",
                        variableName(get.getVariable()));
  });
  return why.empty() ? whyNotOrdered(state) : why;
}

/// Whether a handler of these spikes changes the state.
bool Lumping::changesAt(Trigger side, StringRef state) const {
  bool changes = false;
  for (auto handler : type.getBody().getOps<OnOp>())
    if (handler.getTrigger() == side)
      handler.getBody().walk([&](Operation *inner) {
        auto change = selfChange(inner);
        changes |= change && change->name == state;
      });
  return changes;
}

bool Lumping::isReadAt(Trigger side, StringRef state) const {
  llvm::SetVector<StringRef> self;
  self.insert(state);
  for (auto handler : type.getBody().getOps<OnOp>())
    if (handler.getTrigger() == side && readsAny(type, handler.getBody().front(), self))
      return true;
  return false;
}

bool Lumping::hasPostHandlers() const {
  return llvm::any_of(type.getBody().getOps<OnOp>(),
                      [](OnOp on) { return on.getTrigger() == Trigger::Post; });
}

void Lumping::placeSynapseSide() {
  // What only the source's spikes move is kept at the source, what only the target's move there.
  llvm::SetVector<StringRef> candidates[2];
  llvm::StringMap<std::string> reasons;
  constexpr Trigger sides[2] = {Trigger::Pre, Trigger::Post};
  for (const StatePlacement &placement : facts->placements) {
    StringRef name = StateOp(placement.state).getSymName();
    if (!facts->targetSide.contains(name))
      candidates[changesAt(Trigger::Post, name)].insert(name);
  }
  for (bool changed = true; changed;) {
    changed = false;
    for (unsigned side : {0, 1})
      for (StringRef name :
           llvm::SmallVector<StringRef>(candidates[side].begin(), candidates[side].end())) {
        std::string why = whyNotAt(sides[side], name, candidates[side]);
        if (why.empty())
          continue;
        reasons[name] = why;
        candidates[side].remove(name);
        changed = true;
      }
  }
  for (StatePlacement &placement : facts->placements) {
    StringRef name = placement.state.getSymName();
    if (facts->targetSide.contains(name))
      continue;
    if (candidates[0].contains(name)) {
      placement.place = Placement::Source;
      placement.why =
          "moved by pre events only and read when the synapse sees them: one per source";
    } else if (candidates[1].contains(name)) {
      placement.place = Placement::Post;
      placement.why = "moved by post events only: one per target, seen when the delay has passed";
    } else {
      placement.place = Placement::Connection;
      placement.why = reasons[name];
    }
  }
}

std::string Lumping::whyNotAt(Trigger side, StringRef name,
                              const llvm::SetVector<StringRef> &candidates) const {
  bool atSource = side == Trigger::Pre;
  if (auto projection = dyn_cast<ProjectionOp>(op); projection && atSource && seesApart(projection))
    return "each connection sees the spikes of its source when they arrive";
  if (findInit(op, name))
    return "its start value differs from connection to connection";
  std::string why;
  auto check = [&](Operation *read) {
    auto get = dyn_cast<GetOp>(read);
    if (!get) {
      if (isa<NoiseOp, DrawOp, ColumnOp, DistanceOp, WithinOp>(read))
        why = "it depends on values that differ from connection to connection";
      return;
    }
    std::string other = variableName(get.getVariable());
    if (get.getSide() == Side::Post || (get.getSide() == Side::Pre && !atSource))
      why =
          fmt::format("it depends on `{}.{}`", get.getSide() == Side::Post ? "post" : "pre", other);
    else if (get.getSide() == Side::Self && find<StateOp>(type, other) &&
             !candidates.contains(other))
      why = fmt::format("it depends on `{}`, which each connection has for itself", other);
    else if (get.getSide() == Side::Self && find<InputOp>(type, other))
      why = fmt::format("it depends on the third factor `{}`", other);
    else if (get.getSide() == Side::Self && find<ParameterOp>(type, other))
      if (std::string reason = shared.whyNotShared(other); !reason.empty())
        why = reason;
  };
  if (auto state = find<StateOp>(type, name); !state.getBody().empty())
    forEachRead(type, state.getBody().front(), check);
  llvm::SetVector<StringRef> itself;
  itself.insert(name);
  for (auto timer : type.getBody().getOps<EveryOp>())
    timer.walk([&](Operation *inner) {
      if (auto change = selfChange(inner); change && change->name == name)
        why = "a timer changes it";
    });
  for (auto bound : type.getBody().getOps<BoundOp>())
    if (bound.getVariable() == name)
      why = "it has a bound on each connection";
  if (find<StateOp>(type, name)->hasAttr("stored"))
    why = "a constraint may change it on each connection";
  for (auto contribution : type.getBody().getOps<ContributeOp>())
    if (readsAny(type, contribution.getBody().front(), itself))
      why = "a contribution reads it on each connection";
  // What follows it at every moment reads it without a delay.
  for (auto equation : type.getBody().getOps<EquationOp>())
    if (!atSource && equation.getState() != name &&
        readsAny(type, equation.getBody().front(), itself))
      why = fmt::format("the equation of `{}` reads it", equation.getState().str());
  if (EquationOp equation = findEquation(type, name))
    forEachRead(type, equation.getBody().front(), [&](Operation *read) {
      check(read);
      if (auto get = dyn_cast<GetOp>(read); get && get.getSide() == Side::Pre)
        why = "its equation reads the source at every moment";
    });
  for (auto handler : type.getBody().getOps<OnOp>())
    handler.getBody().walk([&](Operation *inner) {
      auto change = selfChange(inner);
      if (!change || change->name != name)
        return;
      if (handler.getTrigger() != side)
        why = atSource ? "a handler of the post spike changes it"
                       : "handlers of both spikes change it";
      if (inner->getParentOfType<ReleaseOp>() && isa<ProjectionOp>(op))
        why = "it changes with a probability, drawn for each connection";
      for (Operation *read : readsOf(change->amount)) {
        auto get = dyn_cast<GetOp>(read);
        auto let = get && get.getSide() == Side::Self
                       ? find<LetOp>(type, variableName(get.getVariable()))
                       : LetOp();
        if (let)
          forEachRead(type, let.getBody().front(), check);
        else
          check(read);
      }
    });
  if (!why.empty())
    return why;
  // The other side's handlers read it between the spikes that move it. What the target moves is
  // seen late, so that it must not matter when its time began.
  if (!atSource || isReadAt(Trigger::Post, name))
    if (std::string reason = whyNotDecaying(name, !atSource); !reason.empty())
      return reason;
  return "";
}

// A value that decays in closed form, with coefficients that stay: it can be told from the last one
// and the time since. `toZero`: and at 0 it rests.
std::string Lumping::whyNotDecaying(StringRef name, bool toZero) const {
  auto state = find<StateOp>(type, name);
  if (toZero && !(state.getValue() && state.getValue()->isZero()))
    return fmt::format("`{}` does not start at 0", name.str());
  EquationOp equation = findEquation(type, name);
  if (!equation)
    return "";
  Form form = analyzeForm(yieldedValues(equation.getBody().front())[0], 1, [&](Value value) {
    auto get = value.getDefiningOp<GetOp>();
    if (!get)
      return isa_and_nonnull<TimestepOp>(value.getDefiningOp()) ? Leaf::constant()
                                                                : Leaf::varying();
    std::string read = variableName(get.getVariable());
    if (get.getSide() != Side::Self)
      return Leaf::varying();
    if (read == name)
      return Leaf::variableNumber(0);
    return find<ParameterOp>(type, read) && !shared.isAssigned(read) ? Leaf::constant()
                                                                     : Leaf::varying();
  });
  if (!form.isAffineConstant() || form.rest == Rest::Varying || (toZero && form.rest != Rest::Zero))
    return fmt::format("`{}` does not decay with a constant rate towards {}", name.str(),
                       toZero ? "0" : "a constant");
  return "";
}

std::string Lumping::whyNotLazy(StateOp state) const {
  StringRef name = state.getSymName();
  auto projection = dyn_cast<ProjectionOp>(op);
  if (!projection)
    return "each element of a stimulus is a connection of its own";
  if (facts->targetSide.contains(name))
    return "a contribution reads it at every moment";
  if (type.getBody().getOps<OnOp>().empty())
    return findEquation(type, name) ? "no events come along its connections" : "";
  for (auto contribution : type.getBody().getOps<ContributeOp>()) {
    llvm::SetVector<StringRef> self;
    self.insert(name);
    if (readsAny(type, contribution.getBody().front(), self))
      return "a contribution reads it at every moment";
  }
  std::string why = whyNotDecaying(name, /*toZero=*/false);
  bool integrates = false;
  if (!why.empty())
    integrates = findTraceIntegral(*this, state, why).has_value();
  if (!why.empty() && !integrates)
    return why;
  why.clear();
  for (auto bound : type.getBody().getOps<BoundOp>())
    if (bound.getVariable() == name && !integrates)
      why = "its bound may act between events";
  for (auto timer : type.getBody().getOps<EveryOp>())
    timer.walk([&](Operation *inner) {
      if (auto change = selfChange(inner);
          change && change->name == name && findEquation(type, name))
        why = "a timer changes it between events";
    });
  for (auto handler : type.getBody().getOps<OnOp>()) {
    bool post = handler.getTrigger() == Trigger::Post;
    handler.getBody().walk([&](Operation *inner) {
      auto change = selfChange(inner);
      if (!change || change->name != name)
        return;
      for (Operation *read : readsOf(change->amount)) {
        auto get = dyn_cast<GetOp>(read);
        if (get && belongsToTarget(get))
          why = fmt::format("a handler reads `{}{}` of that moment",
                            get.getSide() == Side::Post ? "post." : "",
                            variableName(get.getVariable()));
        else if (get && get.getSide() == Side::Self &&
                 find<InputOp>(type, variableName(get.getVariable())))
          why = fmt::format("a handler reads the third factor `{}` of that moment",
                            variableName(get.getVariable()));
        else if (get && get.getSide() == Side::Pre && post)
          why = fmt::format("`on post` reads `pre.{}` of that moment",
                            variableName(get.getVariable()));
        else if (!get && !isa<TimestepOp>(read))
          why = "a handler reads what is known at that moment only";
        else if (inner->getParentOfType<ReleaseOp>() && post)
          why = "`release` in `on post`";
      }
    });
  }
  return why.empty() ? whyNotOrdered(state) : why;
}

bool Lumping::belongsToTarget(GetOp read) const {
  if (read.getSide() == Side::Post)
    return true;
  if (read.getSide() != Side::Self)
    return false;
  std::string name = variableName(read.getVariable());
  return facts->lumped.contains(name);
}

ArrayRef<Arrival> Lumping::arrivals() const {
  if (!facts->arrivals)
    facts->arrivals = findArrivals();
  return *facts->arrivals;
}

SmallVector<Arrival> Lumping::findArrivals() const {
  SmallVector<Arrival> result;
  for (auto handler : type.getBody().getOps<OnOp>()) {
    if (handler.getTrigger() != Trigger::Pre)
      continue;
    handler.getBody().walk([&](Operation *inner) {
      auto add = dyn_cast<AddOp>(inner);
      auto change = selfChange(inner);
      bool acts =
          (add && add.getSide() == Side::Post) || (change && facts->lumped.contains(change->name));
      if (!acts)
        return;
      Value amount = add ? add.getValue() : change->amount;
      OpBuilder builder(op->getContext());
      Block scratch;
      builder.setInsertionPointToStart(&scratch);
      Value root = copyValues(builder, amount, [](Operation *) { return Value(); }).front();
      auto factors = splitFactors(builder, root, [&](Value value) -> std::optional<Part> {
        Operation *source = value.getDefiningOp();
        auto get = dyn_cast_or_null<GetOp>(source);
        if (isa_and_nonnull<arith::ArithDialect, math::MathDialect>(source ? source->getDialect()
                                                                           : nullptr))
          return std::nullopt;
        if (!get)
          return isa_and_nonnull<TimestepOp>(source) ? Part::Either : Part::Connection;
        if (belongsToTarget(get))
          return Part::Target;
        return shared.isShared(variableName(get.getVariable())) && get.getSide() == Side::Self &&
                       find<ParameterOp>(type, variableName(get.getVariable()))
                   ? Part::Either
                   : Part::Connection;
      });
      result.push_back({inner, factors.has_value()});
    });
  }
  return result;
}
