//===- Placement.cpp - Which statement may stand where --------------------===//

#include "frontend/parse/Placement.h"
#include "frontend/diagnostics/DiagnosticEngine.h"

#include <initializer_list>

using namespace synfire;
using namespace synfire::parse;
using Kind = ast::Stmt::Kind;

namespace {
/// A set of places as bits.
struct Places {
  unsigned bits = 0;
  Places(std::initializer_list<Place> places) {
    for (Place place : places)
      bits |= 1u << static_cast<unsigned>(place);
  }
  bool contains(Place place) const { return bits & (1u << static_cast<unsigned>(place)); }
};
} // namespace

static Places placesOf(Kind kind) {
  // C++17 has no `using enum`.
  constexpr Place File = Place::File, Neuron = Place::Neuron, Compartment = Place::Compartment,
                  Synapse = Place::Synapse, Plasticity = Place::Plasticity, Prior = Place::Prior,
                  Circuit = Place::Circuit, Experiment = Place::Experiment,
                  Protocol = Place::Protocol, Action = Place::Action, Reset = Place::Reset,
                  Handler = Place::Handler, Settings = Place::Settings, Initial = Place::Initial;
  switch (kind) {
  case Kind::Parameter:
    return {Neuron, Compartment, Synapse, Plasticity, Circuit, Experiment, File};
  case Kind::State:
    return {Neuron, Compartment, Synapse, Plasticity};
  case Kind::Input:
    return {Neuron, Compartment, Plasticity};
  case Kind::Let:
    return {File,    Neuron,     Compartment, Synapse, Plasticity, Prior,
            Circuit, Experiment, Protocol,    Action,  Reset,      Handler};
  case Kind::Function:
    return {File, Neuron, Synapse, Plasticity, Prior, Circuit, Experiment};
  case Kind::Neuron:
  case Kind::Synapse:
  case Kind::Plasticity:
  case Kind::Prior:
  case Kind::Circuit:
  case Kind::Experiment:
  case Kind::Use:
    return {File};
  case Kind::Equation:
    return {Neuron, Compartment, Synapse, Plasticity};
  case Kind::Assign:
    return {Synapse, Protocol, Action, Reset, Handler, Settings, Initial};
  case Kind::Spike:
    return {Neuron, Compartment};
  case Kind::Refractory:
    return {Reset};
  case Kind::On:
    return {Synapse, Plasticity};
  case Kind::Release:
    return {Handler};
  case Kind::Every:
    return {Synapse, Plasticity, Protocol};
  case Kind::Bound:
    return {Synapse, Plasticity};
  case Kind::Prune:
  case Kind::Grow:
    return {Plasticity};
  case Kind::Solve:
  case Kind::Format:
    return {Neuron, Compartment, Synapse, Plasticity, Initial};
  case Kind::Compartment:
  case Kind::Couple:
    return {Neuron};
  case Kind::Population:
  case Kind::Project:
    return {Circuit, Prior};
  case Kind::Stimulate:
    return {Circuit, Protocol};
  case Kind::Part:
  case Kind::Port:
    return {Circuit};
  case Kind::For:
    return {Circuit, Prior, Experiment, Protocol, Action};
  case Kind::Apply:
  case Kind::Draw:
  case Kind::Constrain:
    return {Prior, Circuit};
  case Kind::Simulate:
    return {Experiment};
  case Kind::At:
    return {Protocol};
  case Kind::Repeat:
    return {Protocol, Action};
  case Kind::AssignLabels:
  case Kind::Report:
  case Kind::Freeze:
    return {Experiment, Protocol, Action};
  case Kind::Record:
    return {Protocol};
  }
  return {};
}

const char *parse::describe(Place place) {
  switch (place) {
  case Place::File:
    return "a file outside of blocks";
  case Place::Neuron:
    return "a neuron";
  case Place::Compartment:
    return "a compartment";
  case Place::Synapse:
    return "a synapse";
  case Place::Plasticity:
    return "a plasticity rule";
  case Place::Prior:
    return "a prior";
  case Place::Circuit:
    return "a circuit";
  case Place::Experiment:
    return "an experiment";
  case Place::Protocol:
    return "the block of `simulate`";
  case Place::Action:
    return "an action of a protocol";
  case Place::Reset:
    return "the reset of a spike rule";
  case Place::Handler:
    return "a handler";
  case Place::Settings:
    return "a list of settings";
  case Place::Initial:
    return "the block of a population";
  case Place::Fragment:
    return "a fragment";
  }
  return "";
}

bool parse::checkPlacement(const ast::Stmt &stmt, Place place, DiagnosticEngine &diags) {
  Places places = placesOf(stmt.getKind());
  if (place == Place::Fragment || places.contains(place))
    return true;
  // The first words are what matters, not a block of a hundred lines.
  auto diagnostic = diags.report(diag::err_misplaced, stmt.range);
  diagnostic << ast::describe(stmt.getKind()) << describe(place);
  if (stmt.getKind() == Kind::Assign) {
    diagnostic.hint("an equation is written `x' = ...`, a name for a value "
                    "`let x = ...`; states are assigned in handlers");
    return false;
  }
  std::string where;
  unsigned left = 0;
  for (unsigned i = 0; i < static_cast<unsigned>(Place::Fragment); ++i)
    left += places.contains(static_cast<Place>(i));
  for (unsigned i = 0; i < static_cast<unsigned>(Place::Fragment); ++i) {
    if (!places.contains(static_cast<Place>(i)))
      continue;
    if (!where.empty())
      where += left == 1 ? " or " : ", ";
    where += describe(static_cast<Place>(i));
    --left;
  }
  diagnostic.hint("it belongs in " + where);
  return false;
}
