//===- RunModel.h - A model's experiment, from start to report --*- C++ -*-===//

#ifndef SYNFIRE_RUNTIME_ENGINE_RUNMODEL_H
#define SYNFIRE_RUNTIME_ENGINE_RUNMODEL_H

#include "runtime/report/Status.h"
#include "runtime/report/Summary.h"
#include "runtime/synfire.h"

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

namespace synfire::runtime {

/// Options of a run, the same for `synfire run` and executables.
struct RunOptions {
  unsigned threads = 0; ///< 0: all available cores
  std::optional<uint64_t> seed;
  std::optional<double> durationMs; ///< of the last run
  /// .h5 or .csv; empty: nothing is written. Of several runs the last one is recorded there, and
  /// the others beside it: `out.NAME.h5`.
  std::string output;
  std::string picture;    ///< .png or .svg; empty: none
  std::string checkpoint; ///< where the state at the end goes; empty: nowhere
  /// The checkpoint from which the last run goes on for its whole duration; empty: none. It stays
  /// the same run: `at` and `every` of its protocol count from where it once began.
  std::string resume;
  /// False where the experiment goes on with another network: no run of this one is its last.
  bool isLastNetwork = true;
  bool json = false;    ///< print a JSON object instead of the table
  bool quiet = false;   ///< print nothing
  bool profile = false; ///< print where the time went
  std::string target = "cpu";
  double compileSeconds = 0; ///< for the report
};

/// Where the records of a run go that is not the last one: `out.train.h5` for `out.h5`.
std::string outputOf(const std::string &output, const std::string &run);

/// Runs all runs of the experiment and reports the last one on stdout. `stop` ends it cleanly: what
/// was done until then is recorded, drawn, kept and reported.
Status runModel(const syn_model &model, const RunOptions &options,
                const std::atomic<bool> *stop = nullptr);

/// From now on the first Ctrl-C (SIGINT) sets the flag that is returned, and the second one kills.
const std::atomic<bool> *stopOnInterrupt();

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_ENGINE_RUNMODEL_H
