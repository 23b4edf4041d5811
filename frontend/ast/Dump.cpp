//===- Dump.cpp - Statements as indented text -----------------------------===//

#include "frontend/ast/Dump.h"
#include "frontend/ast/DumpInternal.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Casting.h"
#include "llvm/Support/raw_ostream.h"

using namespace synfire;
using namespace synfire::ast;
using llvm::cast;
using llvm::raw_ostream;

/// The keyword that a statement begins with.
static const char *keyword(Stmt::Kind kind) {
  static const char *const words[] = {
      "parameter",  "state",      "input",   "let",         "function", "neuron",     "synapse",
      "plasticity", "prior",      "circuit", "experiment",  "use",      "equation",   "assign",
      "spike",      "refractory", "on",      "release",     "every",    "bound",      "prune",
      "grow",       "solve",      "format",  "compartment", "couple",   "population", "project",
      "stimulate",  "part",       "port",    "for",         "apply",    "draw",       "constrain",
      "simulate",   "at",         "repeat",  "labels",      "report",   "freeze",     "record"};
  return words[static_cast<unsigned>(kind)];
}

void Dumper::params(const std::vector<Param> &params) {
  os << '(';
  llvm::interleave(
      params, os,
      [&](const Param &param) {
        os << param.name.text;
        dimension(param.dimension);
        value("=", param.value);
      },
      ", ");
  os << ')';
}

void Dumper::quantity(const Quantity &quantity) {
  os << '\n';
  os.indent(2 * indent + 2) << quantity.name.text << std::string(quantity.order, '\'');
  dimension(quantity.dimension);
  if (quantity.value) {
    bool isDraw = llvm::isa<DrawExpr>(quantity.value.get());
    value(isDraw ? "" : "=", quantity.value);
  }
  doc(quantity.doc);
}

void Dumper::block(const Block &block) {
  if (!block.isPresent())
    return;
  os << " {";
  for (const StmtPtr &item : block.stmts) {
    os << '\n';
    Dumper(os, indent + 1).stmt(*item);
  }
  os << '\n';
  os.indent(2 * indent) << '}';
}

void Dumper::on(const OnStmt &stmt) {
  using Event = OnStmt::Event;
  os << ' ' << (stmt.event == Event::Pre ? "pre" : stmt.event == Event::Post ? "post" : "spike");
  word("compartment", stmt.compartment);
  value("index", stmt.compartmentIndex);
  block(stmt.body);
}

void Dumper::solve(const SolveStmt &stmt) {
  for (const SolveStmt::Item &item : stmt.items) {
    os << ' ' << item.state.text;
    word("by", item.method);
    value("steps", item.steps);
    word("after", item.after);
    if (&item != &stmt.items.back())
      os << ',';
  }
}

void Dumper::synapse(const SynapseDecl &decl) {
  using Effect = SynapseDecl::Effect;
  os << ' ' << decl.name.text;
  if (decl.effect != Effect::Unstated)
    os << (decl.effect == Effect::Excitatory ? " excitatory" : " inhibitory");
  block(decl.body);
}

void Dumper::use(const UseDecl &decl) {
  if (!decl.path.empty())
    os << " \"", os.write_escaped(decl.path) << '"';
  for (const Name &part : decl.module)
    os << (&part == &decl.module.front() ? ' ' : '.') << part.text;
}

/// Statements of neurons, synapses and rules.
void Dumper::dynamics(const Stmt &stmt) {
  using Kind = Stmt::Kind;
  switch (stmt.getKind()) {
  case Kind::Equation: {
    auto &node = cast<EquationStmt>(stmt);
    os << ' ' << node.state.text << std::string(node.order, '\'');
    return value("=", node.value);
  }
  case Kind::Assign: {
    auto &node = cast<AssignStmt>(stmt);
    value("", node.target);
    return value(node.op == AssignOp::Draw ? "" : spelling(node.op), node.value);
  }
  case Kind::Spike:
    value("when", cast<SpikeStmt>(stmt).condition);
    return block(cast<SpikeStmt>(stmt).body);
  case Kind::Refractory: {
    auto &node = cast<RefractoryStmt>(stmt);
    value("", node.duration);
    if (node.hasHold)
      os << " hold";
    for (const Name &name : node.held)
      os << ' ' << name.text;
    return;
  }
  case Kind::On:
    return on(cast<OnStmt>(stmt));
  case Kind::Release:
    value("", cast<ReleaseStmt>(stmt).probability);
    return block(cast<ReleaseStmt>(stmt).body);
  case Kind::Every: {
    auto &node = cast<EveryStmt>(stmt);
    if (node.every.frame)
      os << " frame";
    value("", node.every.period);
    return block(node.body);
  }
  case Kind::Bound:
    os << ' ' << cast<BoundStmt>(stmt).target.text;
    return interval("in", cast<BoundStmt>(stmt).interval);
  case Kind::Prune:
    value("when", cast<PruneStmt>(stmt).condition);
    return every(cast<PruneStmt>(stmt).every);
  case Kind::Grow:
    value("probability", cast<GrowStmt>(stmt).probability);
    value("where", cast<GrowStmt>(stmt).condition);
    return every(cast<GrowStmt>(stmt).every);
  case Kind::Solve:
    return solve(cast<SolveStmt>(stmt));
  case Kind::Format: {
    auto &node = cast<FormatStmt>(stmt);
    os << ' ' << node.target.text << " Q" << node.integerBits << '.' << node.fractionBits;
    return;
  }
  case Kind::Compartment:
    os << ' ' << cast<CompartmentDecl>(stmt).name.text;
    value("size", cast<CompartmentDecl>(stmt).size);
    return block(cast<CompartmentDecl>(stmt).body);
  case Kind::Couple: {
    auto &node = cast<CoupleStmt>(stmt);
    value("", node.first);
    value("with", node.second);
    value("by", node.conductance);
    return loop(node.loop);
  }
  default:
    return structure(stmt);
  }
}

void Dumper::stmt(const Stmt &stmt) {
  using Kind = Stmt::Kind;
  os.indent(2 * indent) << keyword(stmt.getKind());
  bool isQuantity = stmt.getKind() <= Kind::Let;
  if (!isQuantity)
    doc(stmt.doc);
  switch (stmt.getKind()) {
  case Kind::Parameter:
    return quantities(cast<ParameterDecl>(stmt));
  case Kind::State:
    return quantities(cast<StateDecl>(stmt));
  case Kind::Input:
    return quantities(cast<InputDecl>(stmt));
  case Kind::Let:
    return quantities(cast<LetDecl>(stmt));
  case Kind::Function: {
    auto &node = cast<FunctionDecl>(stmt);
    os << ' ' << node.name.text;
    params(node.params);
    if (node.result)
      os << " -> ", dump(*node.result, os);
    return value("=", node.body);
  }
  case Kind::Neuron:
    os << ' ' << cast<NeuronDecl>(stmt).name.text;
    return block(cast<NeuronDecl>(stmt).body);
  case Kind::Synapse:
    return synapse(cast<SynapseDecl>(stmt));
  case Kind::Plasticity:
    os << ' ' << cast<PlasticityDecl>(stmt).name.text;
    return block(cast<PlasticityDecl>(stmt).body);
  case Kind::Prior:
    os << ' ' << cast<PriorDecl>(stmt).name.text;
    params(cast<PriorDecl>(stmt).params);
    return block(cast<PriorDecl>(stmt).body);
  case Kind::Circuit:
    os << ' ' << cast<CircuitDecl>(stmt).name.text;
    return block(cast<CircuitDecl>(stmt).body);
  case Kind::Experiment:
    if (cast<ExperimentDecl>(stmt).name)
      os << ' ' << cast<ExperimentDecl>(stmt).name.text;
    return block(cast<ExperimentDecl>(stmt).body);
  case Kind::Use:
    return use(cast<UseDecl>(stmt));
  default:
    return dynamics(stmt);
  }
}

void ast::dump(const Stmt &stmt, raw_ostream &os, unsigned indent) {
  Dumper(os, indent).stmt(stmt);
  os << '\n';
}

void ast::dump(const File &file, raw_ostream &os) {
  if (!file.doc.empty()) {
    os << "doc \"";
    os.write_escaped(file.doc) << "\"\n";
  }
  for (const StmtPtr &stmt : file.stmts)
    dump(*stmt, os);
}
