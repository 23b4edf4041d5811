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

namespace {

/// Writes one statement; each line is indented by two blanks a level.
class Dumper {
public:
  Dumper(raw_ostream &os, unsigned indent) : os(os), indent(indent) {}

  void stmt(const Stmt &stmt);

private:
  void head(const Stmt &stmt);
  void word(llvm::StringRef keyword, const Name &name) {
    if (name)
      os << ' ' << keyword << ' ' << name.text;
  }
  void value(llvm::StringRef keyword, const ExprPtr &expr) {
    if (!expr)
      return;
    os << ' ' << keyword << (keyword.empty() ? "" : " ");
    dump(*expr, os);
  }
  void dimension(const std::optional<Unit> &unit) {
    if (unit)
      os << " : ", dump(*unit, os);
  }
  void interval(llvm::StringRef keyword, const Interval &interval) {
    if (!interval)
      return;
    value(keyword, interval.low);
    value("..", interval.high);
  }
  void every(const EveryClause &clause) {
    if (clause.frame)
      os << " every frame";
    value("every", clause.period);
  }
  void loop(const ForClause &clause) {
    if (!clause)
      return;
    os << " for " << clause.variable.text;
    value("in", clause.values);
  }
  void subject(llvm::StringRef keyword, const ProjectionRef &ref) {
    if (!ref)
      return;
    os << ' ' << keyword << (keyword.empty() ? "" : " ");
    dumpRef(ref, os);
  }
  void doc(const std::string &text) {
    if (!text.empty())
      os << " doc \"", os.write_escaped(text) << '"';
  }
  void params(const std::vector<Param> &params);
  void quantity(const Quantity &quantity);
  template <class Decl> void quantities(const Decl &decl) {
    for (const Quantity &item : decl.quantities)
      quantity(item);
  }
  void block(const Block &block);
  void rule(const RuleUse &use);
  void source(const StimulusSource &source);
  void population(const PopulationDecl &decl);
  void project(const ProjectStmt &stmt);
  void stimulate(const StimulateStmt &stmt);
  void constrain(const ConstrainStmt &stmt);
  void on(const OnStmt &stmt);
  void solve(const SolveStmt &stmt);
  void synapse(const SynapseDecl &decl);
  void use(const UseDecl &decl);
  void simulate(const SimulateStmt &stmt);
  void record(const RecordStmt &stmt);
  void dynamics(const Stmt &stmt);
  void structure(const Stmt &stmt);

  raw_ostream &os;
  unsigned indent;
};

} // namespace

/// The keyword that a statement begins with.
static const char *keyword(Stmt::Kind kind) {
  static const char *const words[] = {
      "parameter",  "state",      "input",      "let",       "function",
      "neuron",     "synapse",    "plasticity", "prior",     "circuit",
      "experiment", "use",        "equation",   "assign",    "spike",
      "refractory", "on",         "release",    "every",     "bound",
      "prune",      "grow",       "solve",      "format",    "compartment",
      "couple",     "population", "project",    "stimulate", "part",
      "port",       "for",        "apply",      "draw",      "constrain",
      "simulate",   "at",         "repeat",     "labels",    "report",
      "freeze",     "record"};
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
  os.indent(2 * indent + 2)
      << quantity.name.text << std::string(quantity.order, '\'');
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

void Dumper::on(const OnStmt &stmt) {
  using Event = OnStmt::Event;
  os << ' '
     << (stmt.event == Event::Pre    ? "pre"
         : stmt.event == Event::Post ? "post"
                                     : "spike");
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
    return value(node.op == AssignOp::Draw ? "" : spelling(node.op),
                 node.value);
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
    os << ' ' << node.target.text << " Q" << node.integerBits << '.'
       << node.fractionBits;
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
