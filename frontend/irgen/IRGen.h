//===- IRGen.h - From checked models to the neuro dialect -------*- C++ -*-===//

#ifndef SYNFIRE_FRONTEND_IRGEN_IRGEN_H
#define SYNFIRE_FRONTEND_IRGEN_IRGEN_H

#include "frontend/sema/Protocols.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace synfire {

/// Writes a checked program down. Every op carries its place in the source.
mlir::OwningOpRef<mlir::ModuleOp> generateNeuro(mlir::MLIRContext &context,
                                                const SourceManager &sources,
                                                const sema::Elaborated &program);

} // namespace synfire

#endif // SYNFIRE_FRONTEND_IRGEN_IRGEN_H
