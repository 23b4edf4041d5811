//===- SolverChoice.cpp - which solver advances which state (X1) ---===//
#include "passes/neuro/analysis/SolverChoice.h"

#include "passes/neuro/analysis/Expression.h"
#include "passes/neuro/analysis/Stiffness.h"

using namespace mlir;
using namespace synfire::neuro;

namespace {

/// One state that asks for a solver.
struct Candidate {
  std::string name;
  Form form; ///< in all candidates, then noise
  bool readsTime = false;
  SolveOp override = nullptr;
  Method method = Method::Exact;
  int64_t substeps = 1;
  std::string why;
};

/// Decides for states that depend on each other.
class Chooser {
public:
  explicit Chooser(MutableArrayRef<Candidate> states)
      : states(states), exact(states.size(), true) {}

  LogicalResult choose() {
    findExact();
    findCycles();
    for (auto [i, state] : llvm::enumerate(states))
      if (failed(decide(i, state)))
        return failure();
    return success();
  }

private:
  bool dependsOn(unsigned i, unsigned j) const { return states[i].form.on[j] != Dependence::None; }
  Dependence own(unsigned i) const { return states[i].form.on[i]; }
  Dependence noise(unsigned i) const { return states[i].form.on[states.size()]; }

  // Why a state cannot belong to the exact set; empty where it can.
  std::string whyNotExact(unsigned i) const {
    const Candidate &state = states[i];
    if (state.readsTime)
      return "its equation reads the time";
    if (noise(i) > Dependence::AffineConstant)
      return "its noise has a coefficient that varies";
    for (unsigned j = 0; j < states.size(); ++j) {
      if (state.form.on[j] == Dependence::Nonlinear)
        return fmt::format("its equation is not linear in `{}`", states[j].name);
      if (state.form.on[j] == Dependence::AffineVarying)
        return fmt::format("its coefficient of `{}` varies", states[j].name);
    }
    for (unsigned j = 0; j < states.size(); ++j)
      if (dependsOn(i, j) && !exact[j])
        return fmt::format("its equation reads `{}`, which is not advanced exactly",
                           states[j].name);
    return "";
  }

  void findExact() {
    for (auto [i, state] : llvm::enumerate(states))
      if (state.override && state.override.getMethod() != Method::Exact)
        exact[i] = false;
    for (bool changed = true; changed;) {
      changed = false;
      for (unsigned i = 0; i < states.size(); ++i)
        if (exact[i] && !whyNotExact(i).empty()) {
          exact[i] = false;
          changed = true;
        }
    }
  }

  // reaches[i][j]: the equation of i depends on j, at once or through others that are not exact.
  void findCycles() {
    unsigned n = states.size();
    reaches.assign(n, llvm::BitVector(n));
    for (unsigned i = 0; i < n; ++i)
      for (unsigned j = 0; j < n; ++j)
        if (!exact[i] && !exact[j] && dependsOn(i, j))
          reaches[i].set(j);
    for (unsigned k = 0; k < n; ++k)
      for (unsigned i = 0; i < n; ++i)
        if (reaches[i][k])
          reaches[i] |= reaches[k];
  }

  // A state in a cycle with `i` that takes plain stages.
  std::optional<unsigned> stagedPartner(unsigned i) const {
    for (unsigned j = 0; j < states.size(); ++j)
      if (j != i && !exact[j] && !states[j].override && reaches[i][j] && reaches[j][i] &&
          (own(j) == Dependence::Nonlinear || own(j) == Dependence::None))
        return j;
    return std::nullopt;
  }

  bool inCycle(unsigned i) const {
    for (unsigned j = 0; j < states.size(); ++j)
      if (j != i && reaches[i][j] && reaches[j][i])
        return true;
    return false;
  }

  LogicalResult decide(unsigned i, Candidate &state) {
    if (state.override)
      return obey(i, state);
    if (exact[i]) {
      state.method = Method::Exact;
      state.why = "linear, constant coefficients" + others(i);
      return success();
    }
    state.method = Method::Rk4;
    std::optional<unsigned> partner = stagedPartner(i);
    if (own(i) == Dependence::Nonlinear)
      state.why = "not linear in itself";
    else if (own(i) == Dependence::None && inCycle(i))
      state.why = "in a cycle with states that it drives, and not damped by itself";
    else if (own(i) <= Dependence::AffineConstant && partner)
      state.why = fmt::format("in a cycle with `{}`, of one step with it", states[*partner].name);
    else if (own(i) <= Dependence::AffineConstant && state.readsTime)
      state.why = "its equation reads the time";
    else {
      state.method = Method::ExponentialEuler;
      state.why = "linear in itself; " + whyNotExact(i);
    }
    return success();
  }

  LogicalResult obey(unsigned i, Candidate &state) {
    state.method = state.override.getMethod();
    state.substeps = state.override.getSubsteps();
    state.why = "asked for by the model";
    if (state.method == Method::Exact && !exact[i])
      return state.override.emitOpError()
             << "`" << state.name << "` cannot be advanced exactly: " << whyNotExact(i);
    if (state.method == Method::ExponentialEuler && own(i) == Dependence::Nonlinear)
      return state.override.emitOpError()
             << "`" << state.name << "` cannot be advanced by `" << stringifyMethod(state.method)
             << "`: its equation is not linear in it; use `rk4`";
    return success();
  }

  // The other exact states that the equation reads, for people.
  std::string others(unsigned i) const {
    std::string list;
    for (unsigned j = 0; j < states.size(); ++j)
      if (j != i && dependsOn(i, j))
        list += fmt::format("{}`{}`", list.empty() ? ", together with " : ", ", states[j].name);
    return list;
  }

  MutableArrayRef<Candidate> states;
  SmallVector<bool> exact;
  std::vector<llvm::BitVector> reaches;
};

SolveOp findOverride(NeuronOp neuron, StringRef state) {
  for (auto solve : neuron.getBody().getOps<SolveOp>())
    for (auto name : solve.getStates().getAsRange<SymbolRefAttr>())
      if (variableName(name) == state)
        return solve;
  return nullptr;
}

/// The step of the first run in ms; none where nothing is run.
std::optional<double> stepOf(PopulationOp population) {
  for (auto experiment : population->getParentOfType<ModuleOp>().getOps<ExperimentOp>())
    for (auto simulate : experiment.getBody().getOps<SimulateOp>())
      return simulate.getStep().convertToDouble();
  return std::nullopt;
}

/// All that the forms of a system's derivatives depend on.
std::string structureOf(const PopulationSystem &system) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << system.neuron.getOperation();
  for (const Receptor &receptor : system.receptors) {
    const Lumping &first = *receptor.members.front();
    os << " r" << first.synapse().getOperation();
    for (StateOp state : receptor.states)
      os << ',' << state.getOperation();
    for (auto contribution : first.synapse().getBody().getOps<ContributeOp>())
      os << first.isSubstituted(contribution);
  }
  for (const Drive &drive : system.drives)
    os << " d" << ContributeOp(drive.contribution).getOperation() << drive.input << ','
       << drive.slopeOf;
  return text;
}

/// The numbers that a system starts with; none where some are computed.
std::optional<std::string> numbersOf(const PopulationSystem &system) {
  std::string text;
  llvm::raw_string_ostream os(text);
  auto add = [&](Operation *owner) {
    os << ' ' << owner->getAttrOfType<DictionaryAttr>("set").getAsOpaquePointer();
    return owner->getRegion(0).getOps<InitOp>().empty();
  };
  bool plain = add(system.population);
  for (const Receptor &receptor : system.receptors)
    plain &= add(receptor.members.front()->owner());
  return plain ? std::optional<std::string>(text) : std::nullopt;
}

/// Where rk4 would be unstable at this step though the equations are not, the step is implicit.
void treatStiff(const PopulationSystem &system, MutableArrayRef<Candidate> candidates,
                StringRef structure, SolverAnalyses &known) {
  std::optional<double> dt = stepOf(system.population);
  SmallVector<unsigned> chosen;
  for (auto [i, state] : llvm::enumerate(candidates))
    if (state.method == Method::Rk4 && !state.override)
      chosen.push_back(i);
  if (!dt || chosen.empty())
    return;
  // Which states are chosen follows from the structure.
  std::optional<std::string> numbers = numbersOf(system);
  std::string key = numbers ? structure.str() + *numbers : "";
  auto found = numbers ? known.stiffRates.find(key) : known.stiffRates.end();
  std::optional<double> rate =
      found != known.stiffRates.end() ? found->second : stiffRate(system, chosen, *dt);
  if (numbers)
    known.stiffRates[key] = rate;
  if (!rate)
    return;
  for (unsigned i : chosen) {
    candidates[i].method = Method::Implicit;
    candidates[i].why =
        fmt::format("{}; stiff: at the start values the fastest rate is {:.3g} /ms, "
                    "and rk4 is not stable at a step of {} ms",
                    candidates[i].why, *rate, *dt);
  }
}

SolutionAttr solution(MLIRContext *context, StringRef name, const Candidate &state) {
  return SolutionAttr::get(context, StringAttr::get(context, name), state.method, state.substeps,
                           StringAttr::get(context, state.why));
}

/// The states of one projection that are not lumped, as a system of their own; both ends are held.
SmallVector<Candidate> connectionStates(const Lumping &lumping) {
  SynapseOp synapse = lumping.synapse();
  SmallVector<StateOp> states;
  for (const StatePlacement &placement : lumping.states())
    if (placement.place != Placement::Target &&
        findEquation(synapse, StateOp(placement.state).getSymName()))
      states.push_back(placement.state);
  SmallVector<Candidate> result;
  for (StateOp state : states) {
    Candidate candidate;
    candidate.name = state.getSymName().str();
    Block scratch;
    OpBuilder builder(state.getContext());
    builder.setInsertionPointToStart(&scratch);
    std::function<Value(Operation *)> read = [&](Operation *op) -> Value {
      auto get = dyn_cast<GetOp>(op);
      auto let = get && get.getSide() == Side::Self
                     ? find<LetOp>(synapse, variableName(get.getVariable()))
                     : LetOp();
      return let ? copyExpression(builder, let.getBody().front(), read).front() : Value();
    };
    Block &body = findEquation(synapse, state.getSymName()).getBody().front();
    Value root = copyExpression(builder, body, read).front();
    candidate.form = analyzeForm(root, states.size() + 1, [&](Value value) {
      Operation *op = value.getDefiningOp();
      if (isa_and_nonnull<NoiseOp>(op))
        return Leaf::variableNumber(states.size());
      candidate.readsTime |= isa_and_nonnull<TimeOp>(op);
      auto get = dyn_cast_or_null<GetOp>(op);
      if (!get || get.getSide() != Side::Self)
        return isa_and_nonnull<TimestepOp>(op) ? Leaf::constant() : Leaf::varying();
      for (auto [i, other] : llvm::enumerate(states))
        if (other.getSymName() == variableName(get.getVariable()))
          return Leaf::variableNumber(i);
      // A third factor is another one in each step.
      return find<InputOp>(synapse, variableName(get.getVariable())) ? Leaf::varying()
                                                                     : Leaf::constant();
    });
    result.push_back(std::move(candidate));
  }
  return result;
}

} // namespace

std::string synfire::neuro::connectionStateName(StringRef projection, StringRef state) {
  return projection.str() + "[*]." + state.str();
}

FailureOr<SmallVector<SolutionAttr>> synfire::neuro::chooseSolvers(PopulationOp population,
                                                                   SolverAnalyses &known) {
  PopulationSystem system(population, known.wiring, &known.places);
  std::string structure = structureOf(system);
  auto found = known.forms.find(structure);
  if (found == known.forms.end())
    found = known.forms.try_emplace(structure, analyzeSystem(system)).first;
  const SystemForms &forms = found->second;
  SmallVector<Candidate> candidates;
  for (auto [i, state] : llvm::enumerate(system.states)) {
    Candidate candidate;
    candidate.name = state.name;
    candidate.form = forms.derivatives[i].form;
    candidate.readsTime = forms.derivatives[i].readsTime;
    if (state.receptor < 0)
      candidate.override = findOverride(system.neuron, state.name);
    candidates.push_back(std::move(candidate));
  }
  if (failed(Chooser(candidates).choose()))
    return failure();
  treatStiff(system, candidates, structure, known);

  MLIRContext *context = population.getContext();
  SmallVector<SolutionAttr> solutions;
  for (auto [i, state] : llvm::enumerate(system.states)) {
    StateOp declaration = state.declaration;
    if (!findEquation(declaration->getParentOp(), declaration.getSymName()))
      continue;
    if (state.receptor < 0) {
      solutions.push_back(solution(context, state.name, candidates[i]));
      continue;
    }
    for (const Lumping *member : system.receptors[state.receptor].members)
      solutions.push_back(
          solution(context, nameOf(member->owner()).str() + "." + declaration.getSymName().str(),
                   candidates[i]));
  }
  for (const auto &lumping : system.incoming()) {
    SmallVector<Candidate> states = connectionStates(*lumping);
    if (failed(Chooser(states).choose()))
      return failure();
    // States that are stepped on each connection go one by one.
    for (Candidate &state : states)
      if (lumping->isStepped() && lumping->placeOf(state.name) == Placement::Connection &&
          state.method != Method::ExponentialEuler && state.method != Method::Rk4) {
        state.method = Method::ExponentialEuler;
        state.why = "linear in itself on each connection; others at t";
      }
    for (const Candidate &state : states)
      solutions.push_back(
          solution(context, connectionStateName(nameOf(lumping->owner()), state.name), state));
  }
  return solutions;
}

std::optional<UpstrokeWall> synfire::neuro::upstrokeWall(NeuronOp neuron) {
  for (auto spike : neuron.getBody().getOps<SpikeOp>()) {
    if (spike.getTest() != SpikeTest::AtOrAbove)
      continue;
    ValueRange sides = yieldedValues(spike.getCondition().front());
    auto left = sides[0].getDefiningOp<GetOp>();
    if (!left || !find<StateOp>(neuron, variableName(left.getVariable())))
      continue;
    bool readsState = false;
    Block scratch;
    OpBuilder builder(neuron.getContext());
    builder.setInsertionPointToStart(&scratch);
    copyValues(builder, sides[1], [&](Operation *op) {
      auto get = dyn_cast<GetOp>(op);
      readsState |= !get || !find<ParameterOp>(neuron, variableName(get.getVariable()));
      return Value();
    });
    if (!readsState)
      return UpstrokeWall{find<StateOp>(neuron, variableName(left.getVariable())).getSymName(),
                          sides[1]};
  }
  return std::nullopt;
}
