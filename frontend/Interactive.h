//===- Interactive.h - Checks a model that is being typed -------*- C++ -*-===//
//
// The front end for a session: the model is a tree that its caller puts
// together from what was typed, and files that it uses are parsed once.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_INTERACTIVE_H
#define SYNFIRE_FRONTEND_INTERACTIVE_H

#include "frontend/ast/AST.h"
#include "frontend/sema/Value.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

#include <map>
#include <memory>
#include <string>

namespace synfire {
class DiagnosticEngine;
class SourceManager;

/// A model with one experiment, and what is asked of it.
struct InteractiveModel {
  /// Given back when it was checked.
  std::unique_ptr<ast::File> file;
  /// Evaluated among the names of the circuit; may be null.
  const ast::Expr *expression = nullptr;
  /// The value of `expression`.
  sema::Value value;
};

/// Checks models one after the other.
class InteractiveFrontend {
public:
  InteractiveFrontend(SourceManager &sources, std::string libraryDir)
      : sources(sources), libraryDir(std::move(libraryDir)) {}

  /// False after errors, which go to `diags`. With a context, `module` becomes the model in the
  /// neuro dialect; it stays null where there is no population.
  bool check(InteractiveModel &model, DiagnosticEngine &diags, mlir::MLIRContext *context = nullptr,
             mlir::OwningOpRef<mlir::ModuleOp> *module = nullptr);

  /// The trees of the files that models use, by file number.
  const std::map<uint32_t, std::unique_ptr<ast::File>> &getUsedFiles() const { return parsed; }

private:
  SourceManager &sources;
  std::string libraryDir;
  std::map<uint32_t, std::unique_ptr<ast::File>> parsed;
};

} // namespace synfire

#endif // SYNFIRE_FRONTEND_INTERACTIVE_H
