//===- Reference.h - the reference interpreter ---===//
//
// Runs a model that `neuro-prepare` has settled: one neuron, one synapse and one event at a time,
// in double precision, every synapse variable per connection, each solver in its plainest form. It
// is the executable definition of the language, against which every target is compared; it is not
// fast.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_TARGETS_REFERENCE_REFERENCE_H
#define SYNFIRE_TARGETS_REFERENCE_REFERENCE_H

#include "dialects/neuro/Neuro.h"
#include "runtime/frames/Responses.h"

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace synfire::reference {

/// What replaces values of the model's experiment.
struct ReferenceOptions {
  std::optional<uint64_t> seed;
  std::optional<double> duration; ///< ms, of every run
  std::optional<double> step;     ///< ms, of every run
};

/// One spike, stamped with the grid time at which it was emitted.
struct Spike {
  std::string population;
  int64_t step;
  uint32_t neuron;
};

/// A recorded variable of one element; `steps` are grid times.
struct Trace {
  std::string population, variable;
  uint32_t element;
  std::vector<int64_t> steps;
  std::vector<double> values;
  bool ofConnection = false;
  std::string unit = {}; ///< of a connection's value; empty where the declaration tells none
};

/// What one run gave.
struct RunResult {
  neuro::SimulateOp run;
  std::vector<Spike> spikes; ///< in order of steps, populations, neurons
  std::vector<Trace> traces;
};

/// What the runs of a model gave.
struct ReferenceResult {
  std::vector<RunResult> runs; ///< in order
  /// By `population.state` (per element) and `projection.state` (per connection, canonical order).
  std::map<std::string, std::vector<double>> finalStates;
  /// How close a spike rule came to deciding otherwise: min |a - b| over all tests.
  double margin = std::numeric_limits<double>::infinity();
  std::vector<runtime::Accuracy> accuracies; ///< of all runs that report one
  int64_t steps = 0;
};

/// Runs the experiment of `module`. Errors are emitted at the ops they are about.
mlir::LogicalResult runReference(mlir::ModuleOp module, const ReferenceOptions &options,
                                 ReferenceResult &result);

} // namespace synfire::reference

#endif // SYNFIRE_TARGETS_REFERENCE_REFERENCE_H
