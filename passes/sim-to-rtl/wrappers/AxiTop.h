//===- AxiTop.h - a design between streams and registers of AXI ---===//
//
// AXI4-Stream in, 32 bits: with bit 31 low an event, its number; with bit 31 high a step: the
// events since the step before act. Out: a spike, its number, for each cell that spiked; then, with
// TLAST, bit 31 high and the number of the step.
//
// AXI4-Lite registers of 32 bits:
//
//   00  reads 53464131          10  steps to take by itself, each when no event waits
//   04  hash of the design      14  bit 0: may step; 1: in a step; 2: stepped since configuration
//   08  cells                   18  steps since reset
//   0c  inputs                  1c  events taken      20  spikes given
//   24  address of the next word to load      28  writing loads a word of 16 bits and goes on
//
// Words are loaded between steps.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_PASSES_SIM_TO_RTL_WRAPPERS_AXITOP_H
#define SYNFIRE_PASSES_SIM_TO_RTL_WRAPPERS_AXITOP_H

#include "passes/sim-to-rtl/wrappers/Core.h"

namespace synfire::rtl {

/// in aresetn, s_axil_*, s_axis_*, m_axis_tready; out the others. The clock of all is `clk`.
ModuleOp buildAxiTop(mlir::OpBuilder &builder, mlir::Location loc, const Core &core);

} // namespace synfire::rtl

#endif // SYNFIRE_PASSES_SIM_TO_RTL_WRAPPERS_AXITOP_H
