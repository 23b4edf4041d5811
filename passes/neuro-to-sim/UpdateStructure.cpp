//===- UpdateStructure.cpp - what tells the updates of populations apart ---===//
//
// Populations with the same text have the same kernels. What is missing in the text would give one
// of them the kernels of another: all that the builder looks at and that is not data belongs here.
//
//===----------------------------------------------------------------------===//
#include "passes/neuro-to-sim/UpdateBuilder.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::neuro;

namespace {

/// What of a synapse decides where its parameters are read from and where its states live.
void describeSynapse(llvm::raw_ostream &os, const Lumping &lumping) {
  SynapseOp synapse = lumping.synapse();
  os << ' ' << synapse.getSymName() << ' ';
  for (auto parameter : synapse.getBody().getOps<ParameterOp>()) {
    StringRef name = parameter.getSymName();
    bool set = lumping.owner()->getAttrOfType<DictionaryAttr>("set").contains(name);
    os << (lumping.sharing().isShared(name)  ? 's'
           : set                             ? 'g'
           : findInit(lumping.owner(), name) ? 'i'
                                             : '-');
  }
  for (const StatePlacement &place : lumping.states())
    os << int(place.place);
}

/// What decides how the amounts of a stimulus are bounded, and whether they are watched.
void describeCaps(llvm::raw_ostream &os, const Lumping &lumping) {
  SynapseOp synapse = lumping.synapse();
  for (auto parameter : synapse.getBody().getOps<ParameterOp>())
    os << lumping.sharing().isAssigned(parameter.getSymName())
       << lumping.sharing().fixedValue(parameter.getSymName()).has_value();
}

/// Whether the update has something of its own to do for a projection onto it. The events of the
/// others go to sums.
bool actsOnUpdate(const PopulationSystem &system, const Lumping &lumping) {
  int receptor = system.receptorOf(lumping.owner());
  bool first = receptor >= 0 && system.receptors[receptor].members.front() == &lumping;
  return first || lumping.hasPostHandlers() ||
         llvm::any_of(
             lumping.synapse().getBody().getOps<ContributeOp>(),
             [&](ContributeOp contribution) { return !lumping.isSubstituted(contribution); });
}

} // namespace

bool synfire::isPoisson(const Lumping &lumping) {
  auto stimulus = dyn_cast<StimulusOp>(lumping.owner());
  return stimulus && stimulus.getKind() == StimulusKind::Poisson;
}

/// A stimulus of one rate or current for all elements at all times, whose events have no states of
/// their own; or one whose events come from a hidden domain.
bool UpdateBuilder::isPlain(StimulusOp stimulus) {
  const Lumping *lumping = program.lumpings.lookup(stimulus);
  if (stimulus.getKind() == StimulusKind::Spikes)
    return lumping && !program.givenEvents.contains(stimulus);
  StringRef argument = lumping ? "rate" : "amplitude";
  return stimulus.getKind() == (lumping ? StimulusKind::Poisson : StimulusKind::Current) &&
         isa_and_nonnull<FloatAttr>(stimulus.getArguments().get(argument)) &&
         stimulus.getBody().getOps().empty() && !stimulus.getSet().contains("delay") &&
         !stimulus.getStart() && !stimulus.getStop() && !stimulus.getDuring() &&
         stimulus.getTarget().getElements().empty() && !(lumping && hasOwnEvents(*lumping));
}

/// The same for a projection that comes from the population.
bool UpdateBuilder::servesSource(ProjectionOp projection) {
  const Lumping &lumping = program.lumpingOf(projection);
  return actsByItself(lumping) || !program.latchedReads(projection).empty() ||
         llvm::any_of(lumping.states(), [](const StatePlacement &place) {
           return place.place == neuro::Placement::Source;
         });
}

/// True where the update has parts that are told apart by more than `structure` describes.
bool UpdateBuilder::isSpecial() {
  // What a stimulus says goes into the kernel in many ways.
  bool special = llvm::any_of(p.system->drives, [&](const Drive &drive) {
    return !drive.contribution && !isPlain(cast<StimulusOp>(drive.owner));
  });
  for (const auto &lumping : p.system->incoming())
    if (auto stimulus = dyn_cast<StimulusOp>(lumping->owner()))
      special |= !isPlain(stimulus);
  forEachIntegral([&](const Lumping &, StateOp, const TraceIntegral &) { special = true; });
  // Recorded lets and inputs are computed in the kernel.
  program.experiment.walk([&](RecordOp record) {
    if (record.getKind() != RecordKind::Value || !record.getVariable() ||
        !isa_and_nonnull<LetOp, InputOp>(
            findDeclaration(neuron, variableName(*record.getVariable()))))
      return;
    special |= llvm::any_of(record.getSources(), [&](Attribute source) {
      return cast<RefAttr>(source).getPopulation().getAttr() == p.op.getSymNameAttr();
    });
  });
  return special;
}

/// All that the kernels depend on; empty where they are not shared before they are built.
std::string UpdateBuilder::structure() {
  std::string text;
  llvm::raw_string_ostream os(text);
  if (!program.share || isSpecial())
    return text;
  os << neuron.getSymName() << ' ';
  for (auto parameter : neuron.getBody().getOps<ParameterOp>())
    os << (p.arrays[parameter.getSymName()].getUniform() ? 'u' : 'e');
  for (const Variable &v : variables)
    os << ' ' << v.label << ',' << int(v.method) << ',' << v.substeps << ',' << v.hasEquation;
  // A kernel reads each datum through one field, so it matters which of these owners are the same.
  llvm::DenseMap<Operation *, unsigned> owners;
  auto describe = [&](StringRef as, const Lumping &lumping) {
    unsigned next = owners.size();
    os << as << owners.try_emplace(lumping.owner(), next).first->second << ' '
       << p.system->receptorOf(lumping.owner());
    describeSynapse(os, lumping);
  };
  for (const auto &lumping : p.system->incoming())
    if (isPoisson(*lumping) || actsOnUpdate(*p.system, *lumping)) {
      acting.push_back(lumping.get());
      describe("; from ", *lumping);
      if (isPoisson(*lumping))
        describeCaps(os << " poisson ", *lumping);
    }
  for (unsigned number = 0; number < p.system->drives.size(); ++number) {
    const Drive &drive = p.system->drives[number];
    if (drive.contribution)
      continue;
    // The terms of an input are added in the order of their declaration.
    os << "; current " << number << ' ' << drive.input << ' '
       << llvm::count_if(acting, [&](const Lumping *lumping) {
            return lumping->owner()->isBeforeInBlock(drive.owner);
          });
  }
  for (const Jump &jump : p.jumps) {
    unsigned state =
        llvm::find_if(variables, [&](const Variable &v) { return v.name == jump.state; }) -
        variables.begin();
    os << "; sum " << state << program.sentTo.contains(jump.accumulator);
    if (jump.arrival) {
      os << jump.arrival;
      describe(" times ", *jump.lumping);
    }
  }
  for (auto [ordinal, projection] : llvm::enumerate(p.outgoing))
    if (servesSource(projection)) {
      os << "; to " << ordinal;
      describe(" as ", program.lumpingOf(projection));
    }
  return text;
}
