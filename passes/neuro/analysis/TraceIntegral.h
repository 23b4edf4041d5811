//===- TraceIntegral.h - weights that a decaying trace moves, scaled by a third factor ---===//
//
// w' = a c m, where c is a trace of the connection that decays by itself between events and m is a
// third factor, one value for all connections. A step adds dt a c m to w, and multiplies c by
// P = exp(r dt); so the steps from n0 to n1 add dt a c(n0) sum(P^(n - n0) m(n)). That sum is the
// same for all connections but for where it begins, and so the difference of two values of one
// running integral, K(n) = sum(P^k m(k)) with k counted from the begin of an epoch: a connection
// need not be touched between its events.
//
// A wall of the weight may act in any of these steps. If m is never negative, what is added has one
// sign until the next event, and to clip the sum is to clip each step.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_PASSES_NEURO_ANALYSIS_TRACEINTEGRAL_H
#define SYNFIRE_PASSES_NEURO_ANALYSIS_TRACEINTEGRAL_H

#include "passes/neuro/analysis/Lumping.h"

namespace synfire::neuro {

/// What moves a state of connections between events.
struct TraceIntegral {
  StateOp trace;          ///< of the connection
  BindOp factor;          ///< the third factor
  PopulationOp modulator; ///< whose value that is
  /// Steps of an epoch, a power of two: the trace decays to 1/e at most, so that no digits are lost
  /// where the weight of a step is divided by that of the first. All connections are brought up to
  /// date where one ends.
  int64_t epoch;
};

/// An equation that is a product of a trace, a third factor, and what is constant over time.
struct TraceSlope {
  GetOp trace, factor; ///< the reads in the equation
  mlir::Value scale;   ///< the rest, emitted
};

/// Takes an equation apart; none where it is no such product. `read` gives values for reads of
/// parameters, or null to copy them.
std::optional<TraceSlope> splitTraceSlope(mlir::OpBuilder &builder, SynapseOp synapse,
                                          EquationOp equation,
                                          llvm::function_ref<mlir::Value(mlir::Operation *)> read);

/// The integral that moves a state of connections, or none, and then `why`.
std::optional<TraceIntegral> findTraceIntegral(const Lumping &lumping, StateOp state,
                                               std::string &why);

} // namespace synfire::neuro

#endif // SYNFIRE_PASSES_NEURO_ANALYSIS_TRACEINTEGRAL_H
