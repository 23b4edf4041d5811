//===- UartTop.h - a design at the end of a serial line ---===//
//
// Bytes of the host:
//
//   0eeeeeee ...  an event: its number, highest bits first, in as many bytes as the largest needs
//   10000001      step: the events since the step before act
//   10000010      who are you? answered by 16 bytes
//   10000100      the next word to load is the first one
//   10001000 l h  loads a word of 16 bits, lowest byte first, and goes on to the next one
//   10010000      what is in the next word? answered by it, lowest byte first; goes on
//
// Answers: an event in the same form for each cell that spiked in a step, then 10000000; and
//
//   11000000 'S' 'F' version hash(4) inputs(3) cells(3) load-bits flags
//
// all lowest byte first. Words are loaded and read from address 0 on; the last ones have an address
// with all of `load-bits` bits high, if there are any. Bit 0 of the flags says that the design was
// stepped since it was configured: its states are no longer those of the start.
//
// What comes while a step is taken waits in a queue of 512 bytes. A host that has no more than that
// on its way behind a step that is not yet answered loses nothing.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_PASSES_SIM_TO_RTL_WRAPPERS_UARTTOP_H
#define SYNFIRE_PASSES_SIM_TO_RTL_WRAPPERS_UARTTOP_H

#include "passes/sim-to-rtl/parts/Uart.h"
#include "passes/sim-to-rtl/wrappers/Core.h"

namespace synfire::rtl {

/// Bytes of an event of so many bits: seven in the first one, eight in the others.
inline unsigned eventBytes(unsigned bits) { return bits <= 7 ? 1 : 1 + (bits - 7 + 7) / 8; }

/// in rst, rx; out tx
ModuleOp buildUartTop(mlir::OpBuilder &builder, mlir::Location loc, const Core &core,
                      const UartOptions &options);

} // namespace synfire::rtl

#endif // SYNFIRE_PASSES_SIM_TO_RTL_WRAPPERS_UARTTOP_H
