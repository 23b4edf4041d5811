//===- Philox.h - random numbers, four words at a time ---===//
#ifndef SYNFIRE_PASSES_SIM_TO_RTL_PARTS_PHILOX_H
#define SYNFIRE_PASSES_SIM_TO_RTL_PARTS_PHILOX_H

#include "dialects/rtl/Builder.h"

namespace synfire::rtl {

/// The block of Philox4x32-10 (Salmon et al. 2011, SC '11) of a place and a step, as random.md
/// says: two products a round, which share one multiplier, so that a block takes 20 clocks.
///
/// in rst, start, block (32), step (32); out done, words (128, word 0 lowest), which stay until the
/// next start
ModuleOp buildPhilox(mlir::OpBuilder &builder, mlir::Location loc, llvm::StringRef name,
                     uint32_t stream, uint64_t seed);

} // namespace synfire::rtl

#endif // SYNFIRE_PASSES_SIM_TO_RTL_PARTS_PHILOX_H
