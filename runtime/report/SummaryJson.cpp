//===- SummaryJson.cpp ----------------------------------------------------===//

#include "runtime/random/Hash.h"
#include "runtime/report/Summary.h"

#include <nlohmann/json.hpp>

using namespace synfire::runtime;

std::string synfire::runtime::summaryJson(const RunSummary &run) {
  // The order of the keys is for people who read it; numbers that do not exist
  // (a CV without spikes) become null.
  nlohmann::ordered_json populations = nlohmann::ordered_json::object();
  for (const PopulationSummary &p : run.populations)
    populations[p.name] = {{"size", p.size},
                           {"spikes", p.spikes},
                           {"rate_hz", p.rateHz},
                           {"cv_isi", p.cvIsi},
                           {"spike_hash", hashText(p.spikeHash)}};
  nlohmann::ordered_json projections = nlohmann::ordered_json::object();
  for (const ProjectionSummary &p : run.projections)
    projections[p.name] = {
        {"synapses", p.synapses}, {"bytes", p.bytes}, {"weight_hash", hashText(p.weightHash)}};
  nlohmann::ordered_json object = {{"model", run.model},
                                   {"target", run.target},
                                   {"threads", run.threads},
                                   {"seed", run.seed},
                                   {"step_s", run.stepSeconds},
                                   {"duration_s", run.durationSeconds},
                                   {"populations", populations},
                                   {"projections", projections},
                                   {"synaptic_events", run.synapticEvents},
                                   {"compile_s", run.compileSeconds},
                                   {"build_s", run.buildSeconds},
                                   {"simulate_s", run.simulateSeconds},
                                   {"real_time_factor", run.realTimeFactor()},
                                   {"peak_rss_bytes", run.peakRssBytes}};
  auto spread = [](const Spread &s) {
    return nlohmann::ordered_json{
        {"at_s", s.atMs / 1000}, {"mean", s.mean},       {"least", s.least}, {"percent_5", s.low},
        {"median", s.median},    {"percent_95", s.high}, {"most", s.most}};
  };
  for (const RecordedValues &values : run.recorded)
    object["recorded"][values.name] = {{"unit", values.unit},
                                       {"synapses", values.count},
                                       {"first", spread(values.first)},
                                       {"last", spread(values.last)}};
  for (const Accuracy &a : run.accuracies)
    object["accuracy"].push_back({{"run", a.run},
                                  {"population", a.population},
                                  {"frames", a.frames},
                                  {"shown", a.shown},
                                  {"right", a.right},
                                  {"accuracy", a.share()},
                                  {"error", a.error()},
                                  {"labelled", a.labelled},
                                  {"confusion", a.confusion}});
  if (run.phases)
    object["phases_s"] = {{"deliver", run.phases->deliver},
                          {"gather", run.phases->gather},
                          {"update", run.phases->update},
                          {"wait", run.phases->wait}};
  // Names are bytes of a file: what is no UTF-8 must not stop the report.
  return object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}
