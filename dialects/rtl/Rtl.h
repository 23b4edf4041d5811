//===- Rtl.h - the rtl dialect ---===//
//
// Everything a user of the dialect includes: dialect, types, enums, ops.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_DIALECTS_RTL_RTL_H
#define SYNFIRE_DIALECTS_RTL_RTL_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/RegionKindInterface.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialects/rtl/RtlDialect.h.inc"
#include "dialects/rtl/RtlEnums.h.inc"
#define GET_TYPEDEF_CLASSES
#include "dialects/rtl/RtlTypes.h.inc"
#define GET_OP_CLASSES
#include "dialects/rtl/RtlOps.h.inc"

namespace synfire::rtl {

/// Whether a name can stand in the text: `[a-z][a-z0-9_]*`.
bool isName(llvm::StringRef name);

/// The width of a word.
inline unsigned widthOf(mlir::Value value) {
  return mlir::cast<mlir::IntegerType>(value.getType()).getWidth();
}

/// Whether an op's results do not change with its operands before the next edge of the clock.
bool isSequential(mlir::Operation *op);

} // namespace synfire::rtl

#endif // SYNFIRE_DIALECTS_RTL_RTL_H
