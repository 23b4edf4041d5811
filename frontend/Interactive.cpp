//===- Interactive.cpp - Checks a model that is being typed ---------------===//

#include "frontend/Interactive.h"

#include "frontend/irgen/IRGen.h"
#include "frontend/sema/Program.h"
#include "frontend/sema/Protocols.h"

#include "mlir/IR/Verifier.h"

using namespace synfire;
using namespace synfire::sema;

bool InteractiveFrontend::check(InteractiveModel &model, DiagnosticEngine &diags,
                                mlir::MLIRContext *context,
                                mlir::OwningOpRef<mlir::ModuleOp> *module) {
  Program program(sources, diags, libraryDir);
  std::set<uint32_t> known; // were checked before
  for (auto &[file, tree] : parsed)
    known.insert(file);
  program.parsed = &parsed;
  Elaborated result;
  SourceUnit &unit = *program.adopt(std::move(model.file));
  bool isGood = !diags.hasErrors();
  if (isGood) {
    ModelLibrary models(program);
    for (SourceUnit &each : program.getUnits())
      if (!known.count(each.file.value))
        models.checkUnit(each);
    Protocols protocols(program, models, result, {});
    if (!unit.experiments.empty())
      protocols.run(*unit.experiments.front(), unit);
    isGood = !diags.hasErrors();
    if (isGood && model.expression) {
      model.value = protocols.evaluate(*model.expression);
      isGood = !diags.hasErrors();
      // What is in the network goes with it.
      model.value.refs.clear();
      model.value.family.clear();
      model.value.parts.clear();
    }
    bool isEmpty = result.networks.empty() || result.networks.front().populations.empty();
    if (isGood && context && !isEmpty) {
      *module = generateNeuro(*context, sources, result);
      isGood = mlir::succeeded(mlir::verify(**module));
    }
  }
  model.file = std::move(unit.ast);
  // A used file that is wrong is read again: who corrects it wants it checked.
  for (SourceUnit &each : program.getUnits())
    if (&each != &unit && (isGood || known.count(each.file.value)))
      parsed[each.file.value] = std::move(each.ast);
  for (auto entry = parsed.begin(); entry != parsed.end();)
    entry = entry->second ? std::next(entry) : parsed.erase(entry);
  return isGood;
}
