//===- Fifo.h - a queue of words ---===//
#ifndef SYNFIRE_PASSES_SIM_TO_RTL_PARTS_FIFO_H
#define SYNFIRE_PASSES_SIM_TO_RTL_PARTS_FIFO_H

#include "dialects/rtl/Builder.h"

namespace synfire::rtl {

struct FifoOptions {
  unsigned width = 8;
  unsigned depth = 512; ///< words in memory, a power of 2; the output holds one more
  Style style = Style::Block;
};

/// Words leave in the order in which they come. Both sides shake hands: a word is handed over at an
/// edge with `valid` and `ready` high. The first word is at the output two clocks after it came.
///
/// in rst, in_valid, in_data, out_ready; out in_ready, out_valid, out_data
ModuleOp buildFifo(mlir::OpBuilder &builder, mlir::Location loc, llvm::StringRef name,
                   const FifoOptions &options);

} // namespace synfire::rtl

#endif // SYNFIRE_PASSES_SIM_TO_RTL_PARTS_FIFO_H
