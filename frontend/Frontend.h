//===- Frontend.h - From a model file to neuro IR ---------------*- C++ -*-===//
//
// All that tools need of the front end.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_FRONTEND_H
#define SYNFIRE_FRONTEND_FRONTEND_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/ADT/StringRef.h"

#include <optional>
#include <string>
#include <vector>

namespace synfire {
class DiagnosticEngine;
class SourceManager;

/// What the command line says about a model.
struct FrontendOptions {
  /// `Circuit.parameter` (or `Experiment.parameter`, `Neuron.parameter`, or a
  /// parameter of the file) and the text of its value: `5 mV`.
  std::vector<std::pair<std::string, std::string>> set;
  /// Instead of the duration of the last run: `2 s`.
  std::optional<std::string> duration;
  /// Instead of the seed of every run.
  std::optional<int64_t> seed;
  /// The folder that holds `std/*.syn`.
  std::string libraryDir;
};

/// The model as a module of neuro ops; null after errors.
mlir::OwningOpRef<mlir::ModuleOp> compileToNeuro(mlir::MLIRContext &context, SourceManager &sources,
                                                 DiagnosticEngine &diags, llvm::StringRef path,
                                                 const FrontendOptions &options);

/// Reports everything that is wrong with a file and those it uses: every
/// declaration, used or not. A file without an experiment is fine. Returns
/// whether there was no error.
bool checkFile(SourceManager &sources, DiagnosticEngine &diags, llvm::StringRef path,
               const FrontendOptions &options);

/// The declarations of a file with their doc comments, parameters, units and
/// defaults, as Markdown; nothing after errors.
std::optional<std::string> documentFile(SourceManager &sources, DiagnosticEngine &diags,
                                        llvm::StringRef path, const FrontendOptions &options);

} // namespace synfire

#endif // SYNFIRE_FRONTEND_FRONTEND_H
