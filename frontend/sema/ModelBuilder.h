//===- ModelBuilder.h - Checks one neuron, synapse or rule ------*- C++ -*-===//
//
// Turns a declaration into a Model. What a synapse or rule reads of the two ends
// of a connection has an unknown dimension when the declaration alone is
// checked; it is checked again with the actual ends at each projection (S5).
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_SEMA_MODELBUILDER_H
#define SYNFIRE_FRONTEND_SEMA_MODELBUILDER_H

#include "frontend/sema/ExprBuilder.h"
#include "frontend/sema/Model.h"

#include <map>

namespace synfire::sema {

/// What a synapse or rule is used between; null or nothing where not known.
struct Ends {
  const Model *pre = nullptr;
  const Model *post = nullptr;
  /// The whole post neuron, for the spikes of its compartments.
  const Model *postNeuron = nullptr;
  /// Of the parameter that a rule is attached to.
  std::optional<Dimension> weight;
  /// Whether a rule is attached to a population's parameter (S6).
  bool intrinsic = false;
};

/// Builds one Model; also the scope of the expressions in it.
class ModelBuilder : public Scope {
public:
  ModelBuilder(Program &program, SourceUnit &unit, Model::Kind kind, std::string name,
               Ends ends = {}, ModelBuilder *around = nullptr);

  /// Checks a whole declaration.
  Model build(const ast::Block &body);

  // Scope.
  std::optional<Typed> lookupName(llvm::StringRef name, SourceRange range) override;
  std::optional<Typed> lookupField(const ast::FieldExpr &expr, ExprBuilder &builder) override;
  const ast::FunctionDecl *lookupFunction(llvm::StringRef name) override;
  void addNames(std::vector<std::string> &names) const override;
  SourceRange placeOf(llvm::StringRef name) const override;
  SourceUnit *getUnit() const override { return &unit; }

private:
  enum class Progress { Waiting, Running, Done };
  struct Member {
    Variable variable;
    const ast::Quantity *decl = nullptr;
    DimExpr dim;
    Progress progress = Progress::Waiting;
  };
  /// Where the statements of a handler stand.
  enum class HandlerPlace { Reset, Handler };

  // Members: ModelMembers.cpp.
  void collect(const ast::Block &body);
  void declare(VariableKind kind, const ast::Quantity &quantity);
  void ensure(Member &member);
  void buildValue(Member &member);
  Member *findMember(llvm::StringRef name);
  /// A state that may be assigned: a member or the attached parameter.
  std::optional<DimExpr> findAssignable(llvm::StringRef name, SourceRange range);
  /// What `pre.name` and `post.name` mean.
  struct Remote {
    DimExpr dim;
    /// Nothing where the end is not known.
    std::optional<VariableKind> kind;
  };
  std::optional<Remote> findRemote(Side side, const ast::Name &name);
  std::optional<Side> getSide(const ast::Expr &base) const;

  // Statements: ModelStatements.cpp.
  void buildStatement(const ast::Stmt &stmt);
  void buildEquation(const ast::EquationStmt &stmt);
  void buildSpike(const ast::SpikeStmt &stmt);
  void buildContribution(const ast::AssignStmt &stmt);
  void buildWeightRule(const ast::Stmt &stmt);
  void buildSolve(const ast::SolveStmt &stmt);
  void buildFormat(const ast::FormatStmt &stmt);
  bool isAllowed(ast::Stmt::Kind kind) const;

  // Handlers: ModelHandlers.cpp.
  void buildOn(const ast::OnStmt &stmt);
  void buildTimer(const ast::EveryStmt &stmt);
  std::vector<Action> buildActions(const ast::Block &body, HandlerPlace place,
                                   ExprBuilder &builder);
  void buildAssign(const ast::AssignStmt &stmt, ExprBuilder &builder, std::vector<Action> &actions);
  void buildRemoteAdd(const ast::AssignStmt &stmt, const ast::FieldExpr &target,
                      ExprBuilder &builder, std::vector<Action> &actions);
  void buildRefractory(const ast::RefractoryStmt &stmt, ExprBuilder &builder,
                       std::vector<Action> &actions);

  // Compartments: ModelCompartments.cpp.
  void buildCompartment(const ast::CompartmentDecl &decl);
  void buildCouple(const ast::CoupleStmt &stmt);
  void addCouplings(const ast::CoupleStmt &stmt, Scope &scope);
  struct CoupledSide {
    std::vector<std::string> compartments;
    std::string state, input;
  };
  std::optional<CoupledSide> resolveSide(const ast::Expr &expr, Scope &scope);

  ExprBuilder makeBuilder(Permissions permissions) {
    return ExprBuilder(program, *this, solver, std::move(permissions));
  }
  Permissions dynamic(std::string place) const;
  void finish();

  Program &program;
  DiagnosticEngine &diags;
  SourceUnit &unit;
  Ends ends;
  ModelBuilder *around;
  DimensionSolver ownSolver;
  DimensionSolver &solver;
  Model model;
  std::vector<std::unique_ptr<Member>> members;
  std::map<std::string, Member *> byName;
  std::map<std::string, const ast::FunctionDecl *> functions;
  std::map<std::pair<Side, std::string>, DimExpr> remotes;
  /// Names of compartments as declared, with their number; 0: no index.
  std::map<std::string, int64_t> compartmentSizes;
  std::optional<DimExpr> weight;
  /// The condition of the spike rule that is being built, for N5.
  const ast::CompareExpr *condition = nullptr;
  bool hasRefractory = false;
};

} // namespace synfire::sema

#endif // SYNFIRE_FRONTEND_SEMA_MODELBUILDER_H
