//===- Protocols.h - Experiments: runs and what is done in them -*- C++ -*-===//
//
// Elaborates the circuits that an experiment simulates and resolves its records
// and protocols (C7, C8).
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_SEMA_PROTOCOLS_H
#define SYNFIRE_FRONTEND_SEMA_PROTOCOLS_H

#include "frontend/sema/CircuitScope.h"
#include "frontend/sema/Program.h"

#include <set>

namespace synfire::sema {

/// What the command line sets for every run.
struct RunOptions {
  /// In ms.
  std::optional<double> duration;
  std::optional<int64_t> seed;
};

/// A model with everything in it, ready for IRGen.
struct Elaborated {
  std::deque<Network> networks;
  Experiment experiment;
};

/// Runs the experiment of a file.
class Protocols {
public:
  Protocols(Program &program, ModelLibrary &models, Elaborated &result, RunOptions options)
      : program(program), models(models), diags(program.getDiags()), result(result),
        options(options) {}

  void run(const ast::ExperimentDecl &experiment, SourceUnit &unit);
  /// Elaborates a circuit with its defaults, to check it.
  void checkCircuit(const ast::CircuitDecl &circuit, SourceUnit &unit);
  /// The value of an expression in the circuit that was elaborated last.
  Value evaluate(const ast::Expr &expr);

private:
  struct Elaboration {
    const ast::CircuitDecl *circuit = nullptr;
    std::string key;
    Network *network = nullptr;
    std::unique_ptr<Elaborator> elaborator;
    std::shared_ptr<Environment> env;
    SourceUnit *unit = nullptr;
  };
  using Context = Elaborator::Context;

  Elaboration *elaborate(const ast::CircuitDecl &circuit, SourceUnit &unit, Arguments args);
  void runSimulate(const ast::SimulateStmt &stmt, Context &context);
  void settleDurations();
  std::shared_ptr<Environment> makeEnvironment(Elaboration &elaboration, Context &context);
  bool runSetting(const ast::AssignStmt &stmt, Context &context, Run &run);

  using Items = std::vector<ProtocolItem>;
  /// Statements of `simulate`, and those inside `at` and `every`.
  void runItem(const ast::Stmt &stmt, Context &context, Items &items, bool isInside);
  Items runItems(const ast::Block &body, Context &context);
  void runAt(const ast::AtStmt &stmt, Context &context, Items &items);
  void runEvery(const ast::EveryStmt &stmt, Context &context, Items &items);
  void runRepeat(const ast::RepeatStmt &stmt, Context &context, Items &items);
  void runAssign(const ast::AssignStmt &stmt, Context &context, Items &items);
  bool runProjectionAssign(const ast::AssignStmt &stmt, Context &context, Items &items);
  void buildAssignValue(const ast::AssignStmt &stmt, const Model &owner, const Variable &variable,
                        Context &context, ProtocolItem item, Items &items);
  void runFreeze(const ast::FreezeStmt &stmt, Context &context, Items &items);
  void runRecord(const ast::RecordStmt &stmt, Context &context, Items &items);
  bool isProjection(const ast::ProjectionRef &ref, Context &context);
  void reportForm(const ast::Expr &value, const ast::RecordStmt &stmt);
  void recordValue(const ast::Expr &value, const ast::RecordStmt &stmt, Context &context,
                   std::optional<double> period, Items &items);
  void runLabels(const ast::AssignLabelsStmt &stmt, Context &context, Items &items);
  std::string onlyFrames(SourceRange range);
  std::vector<Projection *> namedProjections(const ast::Expr &expr, Context &context,
                                             std::string &rest, std::string &attachment);

  Program &program;
  ModelLibrary &models;
  DiagnosticEngine &diags;
  Elaborated &result;
  RunOptions options;
  std::deque<Elaboration> elaborations;
  Elaboration *current = nullptr;
  /// Those whose cells are assigned labels, by this run or one before.
  std::set<const Network *> labelled;
  /// Evaluates what stands in the experiment itself.
  Elaborator *experimentElaborator = nullptr;
  std::vector<size_t> undated; ///< runs without a duration
};

} // namespace synfire::sema

#endif // SYNFIRE_FRONTEND_SEMA_PROTOCOLS_H
