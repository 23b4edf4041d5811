//===- DumpStructure.cpp - Circuits, priors, experiments as text ----------===//

#include "frontend/ast/DumpInternal.h"

#include "llvm/Support/Casting.h"

using namespace synfire;
using namespace synfire::ast;
using llvm::cast;

void Dumper::rule(const RuleUse &use) {
  os << '\n';
  os.indent(2 * indent + 2) << "with " << use.rule.text;
  word("on", use.target);
  ++indent;
  block(use.settings);
  --indent;
}

void Dumper::source(const StimulusSource &source) {
  os << ' ' << source.name.text;
  value("from", source.file);
  value("at", source.time);
  value("every", source.period);
  value("times", source.count);
  if (source.form == StimulusSource::Form::Call || !source.args.empty())
    dumpArgs(source.args, os);
}

void Dumper::population(const PopulationDecl &decl) {
  os << ' ' << decl.name.text;
  value("index", decl.familyIndex);
  os << " : " << decl.model.text << '[';
  dumpList(decl.sizes, os);
  os << ']';
  if (decl.position) {
    os << " at ";
    if (decl.position.layout)
      dump(*decl.position.layout, os);
    dumpList(decl.position.coordinates, os);
    if (decl.position.unit)
      os << " in ", dump(*decl.position.unit, os);
    if (decl.position.periodic)
      os << " periodic";
  }
  value("from", decl.file);
  value("name", decl.nameColumn);
  block(decl.settings);
  for (const RuleUse &item : decl.rules)
    rule(item);
}

void Dumper::project(const ProjectStmt &stmt) {
  os << ' ';
  dump(*stmt.source, os);
  os << " -> ";
  dump(*stmt.target, os);
  word("as", stmt.name);
  word(":", stmt.synapse);
  block(stmt.settings);
  for (const RuleUse &item : stmt.rules)
    rule(item);
  for (const ConnectRule &item : stmt.connect) {
    os << '\n';
    os.indent(2 * indent + 2) << "connect";
    if (item.rule)
      os << ' ' << item.rule.text;
    value("from", item.file);
    dumpArgs(item.args, os);
  }
  loop(stmt.loop);
}

void Dumper::stimulate(const StimulateStmt &stmt) {
  os << ' ';
  dump(*stmt.target, os);
  word("as", stmt.name);
  os << " :";
  source(stmt.source);
  word("through", stmt.synapse);
  block(stmt.settings);
  interval("during", stmt.during);
  interval("active", stmt.active);
  loop(stmt.loop);
}

void Dumper::constrain(const ConstrainStmt &stmt) {
  os << ' ' << stmt.predicate.text;
  if (!stmt.args.empty())
    dumpArgs(stmt.args, os);
  subject("of", stmt.subject);
  if (stmt.value)
    value(spelling(stmt.op), stmt.value);
  interval("in", stmt.interval);
  every(stmt.every);
}

void Dumper::simulate(const SimulateStmt &stmt) {
  word("run", stmt.run);
  os << ' ' << stmt.circuit.text;
  if (!stmt.args.empty())
    dumpArgs(stmt.args, os);
  value("for", stmt.duration);
  word("from", stmt.from);
  block(stmt.body);
}

void Dumper::record(const RecordStmt &stmt) {
  os << ' ';
  dumpList(stmt.values, os);
  subject("of", stmt.of);
  every(stmt.every);
  interval("during", stmt.during);
  interval("active", stmt.active);
}

/// Statements of circuits, priors and experiments.
void Dumper::structure(const Stmt &stmt) {
  using Kind = Stmt::Kind;
  switch (stmt.getKind()) {
  case Kind::Population:
    return population(cast<PopulationDecl>(stmt));
  case Kind::Project:
    return project(cast<ProjectStmt>(stmt));
  case Kind::Stimulate:
    return stimulate(cast<StimulateStmt>(stmt));
  case Kind::Part: {
    auto &node = cast<PartDecl>(stmt);
    os << ' ' << node.name.text;
    value("size", node.size);
    word(":", node.circuit);
    return block(node.settings);
  }
  case Kind::Port: {
    auto &node = cast<PortDecl>(stmt);
    os << (node.isOutput ? " output" : " input");
    for (const PortDecl::Port &port : node.ports) {
      os << ' ' << port.name.text << " = ";
      dump(*port.target, os);
    }
    return;
  }
  case Kind::For: {
    auto &node = cast<ForStmt>(stmt);
    os << ' ' << node.loop.variable.text;
    value("in", node.loop.values);
    return block(node.body);
  }
  case Kind::Apply:
    os << ' ' << cast<ApplyStmt>(stmt).prior.text;
    dumpArgs(cast<ApplyStmt>(stmt).args, os);
    return loop(cast<ApplyStmt>(stmt).loop);
  case Kind::Draw: {
    auto &node = cast<DrawStmt>(stmt);
    subject("", node.subject);
    os << " : " << node.parameter.text << ' ';
    return dump(*node.value, os);
  }
  case Kind::Constrain:
    return constrain(cast<ConstrainStmt>(stmt));
  case Kind::Simulate:
    return simulate(cast<SimulateStmt>(stmt));
  case Kind::At:
    value("", cast<AtStmt>(stmt).time);
    return block(cast<AtStmt>(stmt).body);
  case Kind::Repeat:
    value("frame while", cast<RepeatStmt>(stmt).condition);
    return block(cast<RepeatStmt>(stmt).body);
  case Kind::AssignLabels: {
    auto &node = cast<AssignLabelsStmt>(stmt);
    os << " of ";
    dump(*node.population, os);
    os << " from " << node.evidence.text;
    return value("by", node.label);
  }
  case Kind::Report:
    os << ' ';
    dumpList(cast<ReportStmt>(stmt).values, os);
    return subject("of", cast<ReportStmt>(stmt).of);
  case Kind::Freeze: {
    auto &node = cast<FreezeStmt>(stmt);
    os << (node.thaw ? " off" : " on");
    for (const PopRefPtr &item : node.projections)
      os << ' ', dump(*item, os);
    return;
  }
  case Kind::Record:
    return record(cast<RecordStmt>(stmt));
  default:
    return;
  }
}
