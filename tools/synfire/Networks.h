//===- Networks.h - an experiment about several networks ---===//
#ifndef SYNFIRE_TOOLS_SYNFIRE_NETWORKS_H
#define SYNFIRE_TOOLS_SYNFIRE_NETWORKS_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace synfire::tool {

/// Divides a module of the neuro dialect into one for each network that its experiment runs, each
/// with the runs of that network only: a program is one network. They stand in the order of their
/// first runs; that of the experiment's last run is the last.
llvm::SmallVector<mlir::OwningOpRef<mlir::ModuleOp>>
splitNetworks(mlir::OwningOpRef<mlir::ModuleOp> module);

} // namespace synfire::tool

#endif // SYNFIRE_TOOLS_SYNFIRE_NETWORKS_H
