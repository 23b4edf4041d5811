//===- DumpInternal.h - Pieces shared by the dump files ---------*- C++ -*-===//

#ifndef SYNFIRE_FRONTEND_AST_DUMPINTERNAL_H
#define SYNFIRE_FRONTEND_AST_DUMPINTERNAL_H

#include "frontend/ast/Dump.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"

namespace synfire::ast {

/// Separated by commas.
void dumpList(const std::vector<ExprPtr> &exprs, llvm::raw_ostream &os);
/// In parentheses.
void dumpArgs(const std::vector<Argument> &args, llvm::raw_ostream &os);
void dumpRef(const ProjectionRef &ref, llvm::raw_ostream &os);

/// Writes one statement; each line is indented by two blanks a level.
class Dumper {
public:
  Dumper(llvm::raw_ostream &os, unsigned indent) : os(os), indent(indent) {}

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

  llvm::raw_ostream &os;
  unsigned indent;
};

} // namespace synfire::ast

#endif // SYNFIRE_FRONTEND_AST_DUMPINTERNAL_H
