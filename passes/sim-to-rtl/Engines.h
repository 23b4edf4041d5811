//===- Engines.h - the modules of a design ---===//
#ifndef SYNFIRE_PASSES_SIM_TO_RTL_ENGINES_H
#define SYNFIRE_PASSES_SIM_TO_RTL_ENGINES_H

#include "dialects/rtl/Builder.h"
#include "passes/sim-to-rtl/Design.h"
#include "passes/sim-to-rtl/Heard.h"
#include "passes/sim-to-rtl/Products.h"

namespace synfire {

/// Takes the cells one after another, one a clock: reads their states and sums, advances them,
/// writes the states and tells who spiked.
///
/// in rst, start, [step], and of each sum its word; out busy, spike, spike_source, and for each sum
/// read, read_address, clear, clear_address[, clear_lanes]
mlir::FailureOr<rtl::ModuleOp> buildNeuronEngine(mlir::OpBuilder &builder, const Design &design,
                                                 const EnginePlan &engine,
                                                 const HardwareOptions &options,
                                                 const Multiplied &multiplied);

/// Holds the sums of a neuron engine and the connections onto it; adds a row of weights for each
/// event.
///
/// in rst, advance, updating, read, read_address, clear, clear_address[, clear_lanes], event_valid,
/// event; out word, event_ready[, busy], which says that an event that was taken is not over
rtl::ModuleOp buildSynapseEngine(mlir::OpBuilder &builder, const Design &design,
                                 const EnginePlan &engine, const SumPlan &sum, const Heard &heard);

/// The same where a rule changes the weights: beside that, at the begin of a step it follows the
/// spikes of its targets that are due.
///
/// in rst, advance, waits, read, read_address, clear, clear_address[, clear_lanes], event_valid,
/// event, learn, spike, spike_cell[, spike_left][, source_spike, source_cell, source_left][, load,
/// load_data][, fetch][, load_address]; out word, event_ready, learning[, fetched]
rtl::ModuleOp buildPlasticEngine(mlir::OpBuilder &builder, const Design &design,
                                 const EnginePlan &engine, const SumPlan &sum, const Heard &heard,
                                 const HardwareOptions &options);

/// The whole design: engines, queues of events, and the control that steps biological time.
///
/// in rst, step[, in_valid, in_event][, load, load_data][, fetch][, load_address], out_ready; out
/// [in_ready, ]ready, done, out_valid, out_event[, fetched]
mlir::FailureOr<rtl::ModuleOp> buildDesign(mlir::OpBuilder &builder, const Design &design,
                                           const HardwareOptions &options);

/// The ports between a neuron engine and the synapse engine of one of its sums.
inline unsigned portsOf(const EnginePlan &engine, const SumPlan &sum) {
  return engine.draws && sum.lanes > 1 ? 5 : 4;
}

/// The bits of a power of two or more that tell `count` things apart, at least one.
inline unsigned bitsToTell(uint64_t count) { return std::max(1u, llvm::Log2_64_Ceil(count)); }

} // namespace synfire

#endif // SYNFIRE_PASSES_SIM_TO_RTL_ENGINES_H
