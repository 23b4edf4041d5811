//===- ASTBuilder.h - Parse tree to AST -------------------------*- C++ -*-===//
//
// One function per grammar rule, of the same name. Checks what the grammar
// leaves open because it can be said better here: words that are ordinary names
// elsewhere (`times`, `nothing`, `excitatory`), chained comparisons, clauses
// given twice. Statements with a syntax error are left out. Split over
// BuildExpr, BuildModel, BuildCircuit and BuildProtocol.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_PARSE_ASTBUILDER_H
#define SYNFIRE_FRONTEND_PARSE_ASTBUILDER_H

#include "frontend/ast/AST.h"
#include "frontend/diagnostics/DiagnosticEngine.h"
#include "frontend/parse/Placement.h"
#include "frontend/parse/Token.h"

#include "SynfireParser.h"

#include "llvm/Support/Casting.h"

namespace synfire::parse {

/// Builds the nodes of one file.
class ASTBuilder {
public:
  using P = grammar::SynfireParser;
  using Rule = antlr4::ParserRuleContext;
  using Terminal = antlr4::tree::TerminalNode;

  ASTBuilder(llvm::StringRef text, const TokenList &list, DiagnosticEngine &diags)
      : text(text), list(list), diags(diags) {}

  /// The statements of a file; `place` is File or Fragment.
  std::vector<ast::StmtPtr> file(P::FileContext *ctx, Place place);
  ast::ExprPtr value(P::ValueContext *ctx);

private:
  // Text and places.
  SourceRange range(const antlr4::Token *token) const;
  SourceRange range(Rule *ctx) const;
  SourceRange range(Terminal *node) const { return range(node->getSymbol()); }
  llvm::StringRef spelling(Terminal *node) const;
  ast::Name name(Terminal *node) const;
  std::string doc(Rule *ctx) const;
  template <class Node> std::unique_ptr<Node> make(Rule *ctx) const {
    return std::make_unique<Node>(range(ctx));
  }

  // BuildExpr.cpp
  ast::ExprPtr expr(P::ExprContext *ctx);
  ast::ExprPtr binary(P::ExprContext *ctx, P::ExprContext *lhs, P::ExprContext *rhs);
  ast::ExprPtr primary(P::PrimaryContext *ctx);
  ast::ExprPtr number(P::PrimaryContext *ctx);
  ast::ExprPtr string(Terminal *node);
  ast::ExprPtr path(P::PathContext *ctx);
  ast::ExprPtr call(P::PathContext *callee, P::ArgsContext *args, Rule *whole);
  ast::ExprPtr operand(P::OperandContext *ctx);
  ast::ExprPtr column(P::ColumnContext *ctx);
  ast::ExprPtr frames(P::FramesContext *ctx);
  std::unique_ptr<ast::DrawExpr> draw(P::DrawContext *ctx);
  std::vector<ast::Argument> args(P::ArgsContext *ctx);
  std::vector<ast::ExprPtr> index(P::IndexContext *ctx);
  ast::ExprPtr wrap(ast::PopRefPtr ref, SourceRange range);
  ast::ExprPtr compare(P::ExprContext *ctx);
  double parseNumber(Terminal *node);

  // BuildUnit.cpp
  std::optional<ast::Unit> dimension(P::DimensionContext *ctx);
  ast::Unit bareUnit(Terminal *node);
  ast::Unit unit(P::UnitBracketsContext *ctx);
  void unitProduct(P::UnitProductContext *ctx, int32_t numerator, int32_t denominator,
                   ast::Unit &unit);
  void unitPower(P::UnitPowerContext *ctx, int32_t numerator, int32_t denominator, ast::Unit &unit);
  bool unitExponent(P::UnitExponentContext *ctx, int32_t &numerator, int32_t &denominator);
  void unitNumber(Terminal *node);

  // BuildReference.cpp
  ast::PopRefPtr popRef(P::PopRefContext *ctx);
  ast::PopRefPtr set(P::SetContext *ctx);
  ast::PopRefPtr pathRef(P::PathContext *ctx);
  ast::ProjectionRef projectionRef(P::ProjectionRefContext *ctx);
  ast::PopRefPtr asPopRef(const ast::Expr &expr, llvm::StringRef before);

  // BuildModel.cpp: declarations of a file, quantities, neurons, rules
  void statement(P::StatementContext *ctx, Place place, std::vector<ast::StmtPtr> &out);
  ast::StmtPtr single(P::StatementContext *ctx, Place place);
  ast::Block block(P::BlockContext *ctx, Place place);
  ast::Interval interval(P::IntervalContext *ctx);
  ast::Interval interval(P::ExprContext *low, P::ExprContext *high);
  ast::ForClause forClause(P::ForClauseContext *ctx);
  ast::EveryClause everyClause(P::ExprContext *period, SourceRange range);
  ast::EveryClause everyClause(P::EveryClauseContext *ctx);
  ast::StmtPtr neuron(P::NeuronContext *ctx);
  ast::StmtPtr synapse(P::SynapseContext *ctx);
  ast::StmtPtr plasticity(P::PlasticityContext *ctx);
  ast::StmtPtr prior(P::PriorContext *ctx);
  ast::StmtPtr circuit(P::CircuitContext *ctx);
  ast::StmtPtr experiment(P::ExperimentContext *ctx);
  ast::StmtPtr use(P::UseContext *ctx);
  ast::StmtPtr function(P::FunctionContext *ctx);
  std::vector<ast::Param> params(P::ParamsContext *ctx);

  // BuildDynamics.cpp: quantities, equations, handlers
  ast::StmtPtr quantities(P::QuantitiesContext *ctx, Place place);
  ast::Quantity quantity(P::QuantityContext *ctx, bool isState);
  ast::StmtPtr ports(P::QuantitiesContext *ctx);
  void settings(P::SettingsContext *ctx, Place place, std::vector<ast::StmtPtr> &out);
  ast::StmtPtr setting(P::SettingContext *ctx);
  ast::StmtPtr equation(P::SettingContext *ctx);
  ast::StmtPtr spike(P::SpikeContext *ctx);
  ast::StmtPtr refractory(P::RefractoryContext *ctx);
  ast::StmtPtr on(P::OnContext *ctx);
  ast::StmtPtr release(P::ReleaseContext *ctx);
  ast::StmtPtr every(P::EveryContext *ctx, Place place);
  ast::StmtPtr bound(P::BoundContext *ctx);
  ast::StmtPtr prune(P::PruneContext *ctx);
  ast::StmtPtr grow(P::GrowContext *ctx);
  ast::StmtPtr solve(P::SolveContext *ctx);
  ast::StmtPtr format(P::FormatContext *ctx);
  ast::StmtPtr compartment(P::CompartmentContext *ctx);
  ast::StmtPtr couple(P::CoupleContext *ctx);

  // BuildCircuit.cpp
  ast::StmtPtr population(P::PopulationContext *ctx);
  void populationClause(P::PopulationClauseContext *ctx, ast::PopulationDecl &decl);
  ast::Position position(P::PositionContext *ctx);
  ast::RuleUse ruleUse(P::RuleUseContext *ctx);
  ast::StmtPtr project(P::ProjectContext *ctx);
  void projectClause(P::ProjectClauseContext *ctx, ast::ProjectStmt &stmt);
  ast::ConnectRule connectRule(P::ConnectRuleContext *ctx);
  ast::StmtPtr stimulate(P::StimulateContext *ctx);
  void stimulateClause(P::StimulateClauseContext *ctx, ast::StimulateStmt &stmt);
  ast::StimulusSource stimulusSource(P::StimulusSourceContext *ctx);
  ast::StmtPtr part(P::PartContext *ctx);
  ast::StmtPtr output(P::OutputContext *ctx);
  ast::StmtPtr forStmt(P::ForStmtContext *ctx, Place place);

  // BuildProtocol.cpp: priors and experiments
  ast::StmtPtr apply(P::ApplyContext *ctx);
  ast::StmtPtr drawStmt(P::DrawStmtContext *ctx);
  ast::StmtPtr constrain(P::ConstrainContext *ctx);
  void predicate(P::PredicateContext *ctx, ast::ConstrainStmt &stmt);
  void constraintTail(P::ConstraintTailContext *ctx, ast::ConstrainStmt &stmt);
  ast::StmtPtr simulate(P::SimulateContext *ctx);
  ast::StmtPtr at(P::AtContext *ctx);
  ast::StmtPtr repeat(P::RepeatContext *ctx);
  ast::StmtPtr assignLabels(P::AssignLabelsContext *ctx);
  ast::StmtPtr report(P::ReportContext *ctx);
  ast::StmtPtr freeze(P::FreezeContext *ctx);
  ast::StmtPtr record(P::RecordContext *ctx);

  // Checks.
  InFlightDiagnostic error(diag::Id id, SourceRange range) { return diags.report(id, range); }
  /// A word that is a name elsewhere, where only this one makes sense.
  void expectWord(Terminal *node, llvm::StringRef word);
  /// A clause that was given before, at `first` if that is valid.
  bool isDuplicate(SourceRange first, SourceRange second, llvm::StringRef clause);

  llvm::StringRef text;
  const TokenList &list;
  DiagnosticEngine &diags;
};

} // namespace synfire::parse

#endif // SYNFIRE_FRONTEND_PARSE_ASTBUILDER_H
