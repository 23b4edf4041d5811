//===- Passes.h - the passes of the neuro level ---===//
#ifndef SYNFIRE_PASSES_NEURO_PASSES_H
#define SYNFIRE_PASSES_NEURO_PASSES_H

#include "dialects/neuro/Neuro.h"

#include "mlir/Pass/Pass.h"

namespace synfire::neuro {

#define GEN_PASS_DECL
#include "passes/neuro/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "passes/neuro/Passes.h.inc"

} // namespace synfire::neuro

#endif // SYNFIRE_PASSES_NEURO_PASSES_H
