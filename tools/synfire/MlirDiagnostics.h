//===- MlirDiagnostics.h - messages of passes, as people see them ---===//
#ifndef SYNFIRE_TOOLS_SYNFIRE_MLIRDIAGNOSTICS_H
#define SYNFIRE_TOOLS_SYNFIRE_MLIRDIAGNOSTICS_H

#include "frontend/source/SourceManager.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"

namespace synfire::tool {

/// Prints the diagnostics of a context like those of the front end: place in the model, line,
/// caret.
class MlirDiagnostics {
public:
  MlirDiagnostics(mlir::MLIRContext &context, SourceManager &sources);

private:
  void print(mlir::Diagnostic &diagnostic, llvm::StringRef severity);

  SourceManager &sources;
  mlir::ScopedDiagnosticHandler handler;
};

} // namespace synfire::tool

#endif // SYNFIRE_TOOLS_SYNFIRE_MLIRDIAGNOSTICS_H
