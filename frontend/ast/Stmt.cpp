//===- Stmt.cpp - Base of statements and declarations ---------------------===//

#include "frontend/ast/Stmt.h"

using namespace synfire;
using namespace synfire::ast;

Stmt::~Stmt() = default;

const char *ast::describe(Stmt::Kind kind) {
  switch (kind) {
  case Stmt::Kind::Parameter:
    return "a parameter";
  case Stmt::Kind::State:
    return "a state";
  case Stmt::Kind::Input:
    return "an input";
  case Stmt::Kind::Let:
    return "`let`";
  case Stmt::Kind::Function:
    return "a function";
  case Stmt::Kind::Neuron:
    return "a neuron declaration";
  case Stmt::Kind::Synapse:
    return "a synapse declaration";
  case Stmt::Kind::Plasticity:
    return "a plasticity declaration";
  case Stmt::Kind::Prior:
    return "a prior declaration";
  case Stmt::Kind::Circuit:
    return "a circuit declaration";
  case Stmt::Kind::Experiment:
    return "an experiment declaration";
  case Stmt::Kind::Use:
    return "`use`";
  case Stmt::Kind::Equation:
    return "an equation";
  case Stmt::Kind::Assign:
    return "an assignment";
  case Stmt::Kind::Spike:
    return "a spike rule";
  case Stmt::Kind::Refractory:
    return "`refractory`";
  case Stmt::Kind::On:
    return "an `on` handler";
  case Stmt::Kind::Release:
    return "`release`";
  case Stmt::Kind::Every:
    return "`every`";
  case Stmt::Kind::Bound:
    return "`bound`";
  case Stmt::Kind::Prune:
    return "`prune`";
  case Stmt::Kind::Grow:
    return "`grow`";
  case Stmt::Kind::Solve:
    return "`solve`";
  case Stmt::Kind::Format:
    return "`format`";
  case Stmt::Kind::Compartment:
    return "a compartment";
  case Stmt::Kind::Couple:
    return "`couple`";
  case Stmt::Kind::Population:
    return "a population";
  case Stmt::Kind::Project:
    return "`project`";
  case Stmt::Kind::Stimulate:
    return "`stimulate`";
  case Stmt::Kind::Part:
    return "`part`";
  case Stmt::Kind::Port:
    return "a port";
  case Stmt::Kind::For:
    return "`for`";
  case Stmt::Kind::Apply:
    return "`apply`";
  case Stmt::Kind::Draw:
    return "`draw`";
  case Stmt::Kind::Constrain:
    return "`constrain`";
  case Stmt::Kind::Simulate:
    return "`simulate`";
  case Stmt::Kind::At:
    return "`at`";
  case Stmt::Kind::Repeat:
    return "`repeat`";
  case Stmt::Kind::AssignLabels:
    return "`assign`";
  case Stmt::Kind::Report:
    return "`report`";
  case Stmt::Kind::Freeze:
    return "`freeze` or `thaw`";
  case Stmt::Kind::Record:
    return "`record`";
  }
  return "";
}
