//===- Frontend.cpp - From a model file to neuro IR -----------------------===//

#include "frontend/Frontend.h"

#include "frontend/irgen/IRGen.h"
#include "frontend/sema/Documentation.h"
#include "frontend/sema/Program.h"
#include "frontend/sema/Protocols.h"

#include "mlir/IR/Verifier.h"
#include "llvm/Support/Casting.h"

using namespace synfire;
using namespace synfire::sema;
using llvm::StringRef;

/// The text of `--duration` in ms.
static std::optional<double> readDuration(Program &program, StringRef text) {
  SourceManager &sources = program.getSources();
  FileId file = sources.addBuffer("--duration", text.str());
  program.addOverride("--duration.text", text);
  const ast::Expr *value = program.findOverride("--duration", "text");
  if (!value)
    return std::nullopt;
  SourceUnit none;
  none.file = file;
  FileScope scope(program, none);
  auto duration = evaluateNumber(program, *value, scope, Dimension::time(), "a duration");
  if (duration && *duration < 0) {
    program.getDiags().report(diag::err_duration, value->range);
    return std::nullopt;
  }
  return duration;
}

/// Loads, checks and elaborates; false after errors.
static bool elaborate(Program &program, StringRef path, const FrontendOptions &options,
                      Elaborated &result, bool needsExperiment) {
  DiagnosticEngine &diags = program.getDiags();
  RunOptions runOptions;
  runOptions.seed = options.seed;
  for (auto &[key, value] : options.set)
    program.addOverride(key, value);
  if (options.duration)
    runOptions.duration = readDuration(program, *options.duration);
  SourceUnit *unit = program.load(path);
  // After an error of syntax statements are missing, and what follows from
  // that would only repeat it.
  if (!unit || diags.hasErrors())
    return false;
  ModelLibrary models(program);
  for (SourceUnit &each : program.getUnits())
    models.checkUnit(each);

  Protocols protocols(program, models, result, runOptions);
  if (unit->experiments.size() > 1)
    diags.report(diag::err_which_experiment, unit->experiments[1]->range)
        .note(diag::note_first_here, unit->experiments[0]->range);
  else if (unit->experiments.size() == 1)
    protocols.run(*unit->experiments[0], *unit);
  else if (needsExperiment)
    diags.report(diag::err_no_experiment, SourceRange(unit->file, 0, 0));
  if (!needsExperiment)
    for (auto &[name, declaration] : unit->declarations)
      if (auto *circuit = llvm::dyn_cast<ast::CircuitDecl>(declaration.stmt))
        protocols.checkCircuit(*circuit, *unit);
  program.reportUnusedOverrides();
  return !diags.hasErrors();
}

mlir::OwningOpRef<mlir::ModuleOp> synfire::compileToNeuro(mlir::MLIRContext &context,
                                                          SourceManager &sources,
                                                          DiagnosticEngine &diags, StringRef path,
                                                          const FrontendOptions &options) {
  Program program(sources, diags, options.libraryDir);
  Elaborated result;
  if (!elaborate(program, path, options, result, true))
    return nullptr;
  auto module = generateNeuro(context, sources, result);
  if (mlir::failed(mlir::verify(*module)))
    return nullptr;
  return module;
}

bool synfire::checkFile(SourceManager &sources, DiagnosticEngine &diags, StringRef path,
                        const FrontendOptions &options) {
  Program program(sources, diags, options.libraryDir);
  Elaborated result;
  return elaborate(program, path, options, result, false);
}

std::optional<std::string> synfire::documentFile(SourceManager &sources, DiagnosticEngine &diags,
                                                 StringRef path, const FrontendOptions &options) {
  Program program(sources, diags, options.libraryDir);
  SourceUnit *unit = program.load(path);
  if (!unit || diags.hasErrors())
    return std::nullopt;
  return document(program, *unit);
}
