//===- Uart.h - bytes on a serial line ---===//
//
// Eight data bits, lowest first, no parity, one stop bit; the line is high while nothing is sent.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_PASSES_SIM_TO_RTL_PARTS_UART_H
#define SYNFIRE_PASSES_SIM_TO_RTL_PARTS_UART_H

#include "dialects/rtl/Builder.h"

namespace synfire::rtl {

struct UartOptions {
  unsigned clocksPerBit = 104; ///< at least 4
};

/// in rst, valid, data; out ready, line. A byte is handed over at an edge with `valid` and `ready`
/// high.
ModuleOp buildUartTransmitter(mlir::OpBuilder &builder, mlir::Location loc, llvm::StringRef name,
                              const UartOptions &options);

/// in rst, line; out valid, data. `valid` is high for one clock when a byte has come whose first
/// bit was low and last one high; `data` stays until the next one begins.
ModuleOp buildUartReceiver(mlir::OpBuilder &builder, mlir::Location loc, llvm::StringRef name,
                           const UartOptions &options);

} // namespace synfire::rtl

#endif // SYNFIRE_PASSES_SIM_TO_RTL_PARTS_UART_H
