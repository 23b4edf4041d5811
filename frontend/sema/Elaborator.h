//===- Elaborator.h - Circuits become networks ------------------*- C++ -*-===//
//
// Runs the statements of a circuit: evaluates parameters, flattens parts, unrolls
// loops, expands families and sets, and checks every projection against the two
// populations it joins.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_SEMA_ELABORATOR_H
#define SYNFIRE_FRONTEND_SEMA_ELABORATOR_H

#include "frontend/sema/ConstantScope.h"
#include "frontend/sema/ModelLibrary.h"
#include "frontend/sema/Network.h"

#include <set>

namespace synfire::sema {

class CircuitScope;
class OwnerScope;

/// Values given for the parameters of a circuit.
using Arguments = std::vector<std::pair<std::string, Value>>;

/// Builds one network.
class Elaborator {
public:
  Elaborator(Program &program, ModelLibrary &models, Network &network);

  /// Runs a circuit at the top. `args` are the overrides of `simulate C(...)`,
  /// evaluated in the scope that they are written in.
  std::shared_ptr<Environment> run(const ast::CircuitDecl &circuit, SourceUnit &unit,
                                   Arguments args);

  struct Context;

private:
  friend class CircuitScope;
  friend class OwnerScope;
  friend class Protocols;

  /// Populations and values first, connections when all of them are known.
  enum class Phase { Declare, Connect };

  // Elaborator.cpp: circuits, parts, loops, values.
  std::shared_ptr<Environment> runCircuit(const ast::CircuitDecl &circuit, SourceUnit &unit,
                                          Arguments args, std::string prefix, unsigned depth);
  void runBlock(const ast::Block &body, Context &context, Phase phase);
  void declare(const ast::Stmt &stmt, Context &context);
  void connect(const ast::Stmt &stmt, Context &context);
  void declareLazily(Context &context, const ast::Name &name, std::function<Value(Context &)> run);
  void declareParameters(const ast::ParameterDecl &decl, Context &context,
                         const std::string &circuit, const Arguments &args);
  Value checkArgument(const ast::Quantity &quantity, Value argument, CircuitScope &scope);
  void declareLet(const ast::LetDecl &decl, Context &context);
  Value runFrames(const ast::Quantity &quantity, const ast::FramesExpr &frames, Context &context);
  /// Reports frames that have no labels.
  bool requireLabels(const std::string &frames, SourceRange use);
  Value runPart(const ast::PartDecl &decl, Context &context);
  void runLoop(const ast::ForClause &loop, Context &context,
               llvm::function_ref<void(Context &)> body);

  // Populations.cpp.
  void declarePopulation(const ast::PopulationDecl &decl, Context &context);
  Value runPopulation(const ast::PopulationDecl &decl, std::string name, Context &context);
  void runPosition(const ast::Position &position, Population &population, OwnerScope &scope,
                   Context &context);
  void readPopulationFile(const ast::PopulationDecl &decl, Population &population,
                          Context &context);

  // PopulationRefs.cpp.
  std::optional<std::vector<PopulationRef>> resolve(const ast::PopRef &ref, Context &context);
  std::optional<std::vector<PopulationRef>> resolvePath(const ast::PopRef &ref, Context &context,
                                                        std::string *field = nullptr);
  std::optional<Value> resolveExpr(const ast::Expr &expr, Context &context);
  bool selectElements(PopulationRef &ref, const ast::PathSegment &segment, Context &context);
  bool selectCompartments(std::vector<PopulationRef> &refs, const ast::PathSegment &segment,
                          Context &context);
  bool selectWhere(PopulationRef &ref, const ast::Expr &condition, Context &context);

  // Projections.cpp, ConnectRules.cpp.
  void runProject(const ast::ProjectStmt &stmt, Context &context);
  void addProjection(const ast::ProjectStmt &stmt, const PopulationRef &source,
                     const PopulationRef &target, bool isOnly, Context &context);
  void buildConnect(const ast::ProjectStmt &stmt, Projection &projection, OwnerScope &scope,
                    Context &context);
  void buildConnectRule(const ast::ConnectRule &rule, Projection &projection, OwnerScope &scope,
                        Context &context, bool isAddition);
  void buildConnectFile(const ast::ConnectRule &rule, Projection &projection, OwnerScope &scope,
                        Context &context);
  void filterRows(Projection &projection);

  // Stimuli.cpp.
  void runStimulate(const ast::StimulateStmt &stmt, Context &context);
  void addStimulus(const ast::StimulateStmt &stmt, const PopulationRef &target,
                   const std::string &input, Context &context);
  void buildSource(const ast::StimulusSource &source, Stimulus &stimulus, Dimension dimension,
                   OwnerScope &scope, Context &context);
  void buildSpikeTimes(const ast::StimulusSource &source, Stimulus &stimulus, Context &context);
  void buildSpikeFile(const ast::StimulusSource &source, Stimulus &stimulus, Context &context);
  void buildDuring(const ast::StimulateStmt &stmt, llvm::ArrayRef<std::string> read,
                   Stimulus &stimulus, Context &context);
  std::optional<std::vector<double>> interval(const ast::Interval &interval, Context &context);

  // Settings.cpp.
  /// Values for parameters (and states, where `states`) of a model.
  void buildSettings(const ast::Block &block, const Model &model, OwnerScope &scope, bool states,
                     std::vector<Setting> &settings, SourceRange owner);
  Setting buildSetting(llvm::StringRef name, const ast::AssignStmt &assign, Dimension dimension,
                       OwnerScope &scope);
  bool buildCompartmentSetting(const ast::AssignStmt &assign, const Model &model, OwnerScope &scope,
                               std::vector<Setting> &settings);
  /// Reports parameters that have no value; copies draws of defaults.
  void completeSettings(const Model &model, std::vector<Setting> &settings, SourceRange use,
                        llvm::StringRef skip = "");
  NetworkArgument buildArgument(llvm::StringRef name, const ast::Expr &expr, Dimension dimension,
                                OwnerScope &scope);
  void buildRules(const std::vector<ast::RuleUse> &uses, const Model &owner, const Ends &ends,
                  OwnerScope &scope, llvm::ArrayRef<Setting> ownerSettings,
                  std::vector<Attachment> &rules, Context &context);

  void buildRuleSettings(const ast::Block &block, const Model &rule, OwnerScope &scope,
                         std::vector<Setting> &settings);
  std::optional<Binding> buildBinding(const ast::AssignStmt &assign, const Variable &input,
                                      const Ends &ends, Context &context);

  // Priors.cpp.
  Value evaluatePopulations(const ast::Expr &expr, Context &context);
  void runApply(const ast::ApplyStmt &stmt, Context &context);
  void runDraw(const ast::DrawStmt &stmt, Context &context);
  void runConstrain(const ast::ConstrainStmt &stmt, Context &context);
  /// What a path names, if it names projections: `ee`, `seg[1].ee`.
  const Value *findProjectionValue(const ast::PopRef &ref, Context &context);
  /// With `parts` it tells which connections of each are meant; without, all of them must be.
  std::vector<Projection *> findProjections(const ast::ProjectionRef &ref, Context &context,
                                            std::vector<ConnectionPart> *parts = nullptr,
                                            bool apart = false);
  void finishDraws(Projection &projection);

  std::string uniqueName(const std::string &base);

  Program &program;
  ModelLibrary &models;
  DiagnosticEngine &diags;
  Network &network;
  std::set<std::string> names;
  /// Circuits and priors that are being run, to find recursion.
  std::vector<const ast::Stmt *> running;
  /// Projections whose parameters must be complete when all draws are known.
  std::vector<Projection *> completed;
  /// `draw` and `constrain` run when all projections are known.
  std::vector<std::pair<const ast::Stmt *, std::shared_ptr<Context>>> deferred;
};

/// Where statements are run: names, file, and what qualifies declarations.
struct Elaborator::Context {
  std::shared_ptr<Environment> env;
  SourceUnit *unit = nullptr;
  /// `seg[2].`; empty at the top.
  std::string prefix;
  /// Name of the prior's application, else empty.
  std::string prior;
  unsigned depth = 0;
};

} // namespace synfire::sema

#endif // SYNFIRE_FRONTEND_SEMA_ELABORATOR_H
