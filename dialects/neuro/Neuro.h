//===- Neuro.h - the neuro dialect ---===//
//
// Everything a user of the dialect includes: dialect, enums, attributes, ops.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_DIALECTS_NEURO_NEURO_H
#define SYNFIRE_DIALECTS_NEURO_NEURO_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialects/neuro/NeuroDialect.h.inc"
#include "dialects/neuro/NeuroEnums.h.inc"
#define GET_ATTRDEF_CLASSES
#include "dialects/neuro/NeuroAttrs.h.inc"
#define GET_OP_CLASSES
#include "dialects/neuro/NeuroOps.h.inc"

#endif // SYNFIRE_DIALECTS_NEURO_NEURO_H
