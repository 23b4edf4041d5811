//===- CompartmentReferences.h - references to compartments, made flat ---===//
#ifndef SYNFIRE_PASSES_NEURO_ANALYSIS_COMPARTMENTREFERENCES_H
#define SYNFIRE_PASSES_NEURO_ANALYSIS_COMPARTMENTREFERENCES_H

#include "dialects/neuro/Neuro.h"

#include "mlir/IR/BuiltinOps.h"

namespace synfire::neuro {

/// Makes `@soma::@v` into `@"soma.v"` in all attributes of `root` and of what it holds.
void flattenNames(mlir::Operation *root);

/// Rewrites everything outside of neurons that names a compartment: `<@N : "dend">` becomes `<@N>`
/// and the variables reached through it get the prefix. A synapse used between compartments is
/// copied for them, once for each pair of names. Neurons are flat already.
void flattenReferences(mlir::ModuleOp module);

} // namespace synfire::neuro

#endif // SYNFIRE_PASSES_NEURO_ANALYSIS_COMPARTMENTREFERENCES_H
