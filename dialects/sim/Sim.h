//===- Sim.h - the sim dialect ---===//
//
// Everything a user of the dialect includes: dialect, enums, interfaces, ops.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_DIALECTS_SIM_SIM_H
#define SYNFIRE_DIALECTS_SIM_SIM_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialects/sim/SimDialect.h.inc"
#include "dialects/sim/SimEnums.h.inc"
#include "dialects/sim/SimInterfaces.h.inc"
#define GET_OP_CLASSES
#include "dialects/sim/SimOps.h.inc"

namespace synfire::sim {

/// Whether the connections of a rule follow from the numbers of the elements alone.
bool isRegular(Rule rule);

} // namespace synfire::sim

#endif // SYNFIRE_DIALECTS_SIM_SIM_H
