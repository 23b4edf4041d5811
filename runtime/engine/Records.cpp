//===- Records.cpp - What a simulator hands to its outputs ----------------===//

#include "runtime/engine/Relays.h"
#include "runtime/engine/Simulator.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace synfire::runtime {

namespace {
/// More lines than these a picture does not show one by one.
constexpr size_t mostLines = 64;
constexpr double spread[3] = {0.1, 0.5, 0.9};
} // namespace

Status Simulator::prepare() {
  for (uint32_t r = 0; r < run.n_records; ++r)
    if (run.records[r].array == SYN_NONE)
      selectSpikes(run.records[r]);
  for (uint32_t d = 0; d < model.n_domains; ++d) {
    const syn_domain &domain = model.domains[d];
    if (!domain.emits || domain.hidden)
      continue;
    if (outputs.picture)
      spikeDrawn[d] = outputs.picture->addPopulation(domain.name, uint32_t(domain.size));
    if (recordsSpikes[d] && outputs.recorder) {
      auto stream = outputs.recorder->addSpikes(domain.name);
      if (!stream)
        return stream.status();
      spikeStream[d] = *stream;
    }
  }
  for (uint32_t r = 0; r < run.n_records; ++r) {
    const syn_record &record = run.records[r];
    if (record.array == SYN_NONE)
      continue;
    if (model.arrays[record.array].connections != SYN_NONE) {
      bool again = false;
      for (uint32_t q = 0; q < r; ++q)
        again |= run.records[q].array == record.array && run.records[q].period == record.period;
      if (again)
        continue;
      if (Status status = declareConnections(record); !status.ok())
        return status;
      continue;
    }
    Trace trace;
    trace.record = &record;
    const syn_domain &domain = model.domains[record.domain];
    for (uint32_t i = 0; i < record.n_ranges; ++i)
      for (uint64_t e = record.ranges[2 * i]; e <= record.ranges[2 * i + 1] && e < domain.size; ++e)
        trace.elements.push_back(uint32_t(e));
    if (!record.ranges)
      for (uint64_t e = 0; e < domain.size; ++e)
        trace.elements.push_back(uint32_t(e));
    // Several records of one variable are one trace: files are named after the variable.
    bool merged = false;
    for (uint32_t q = r + 1; q < run.n_records && !merged; ++q)
      merged = run.records[q].array == record.array && run.records[q].period == record.period;
    for (uint32_t q = 0; q < r; ++q) {
      const syn_record &other = run.records[q];
      if (other.array != record.array || other.period != record.period)
        continue;
      for (uint32_t i = 0; i < other.n_ranges; ++i)
        for (uint64_t e = other.ranges[2 * i]; e <= other.ranges[2 * i + 1] && e < domain.size; ++e)
          trace.elements.push_back(uint32_t(e));
      if (!other.ranges)
        for (uint64_t e = 0; e < domain.size; ++e)
          trace.elements.push_back(uint32_t(e));
    }
    if (merged)
      continue; // the last of them has all elements
    std::sort(trace.elements.begin(), trace.elements.end());
    trace.elements.erase(std::unique(trace.elements.begin(), trace.elements.end()),
                         trace.elements.end());
    trace.values[0].resize(trace.elements.size());
    trace.values[1].resize(trace.elements.size());
    TraceSpec spec;
    spec.population = domain.name;
    std::string name = model.arrays[record.array].name;
    spec.variable = name.substr(std::string(domain.name).size() + 1);
    spec.unit = model.arrays[record.array].unit;
    spec.elements = trace.elements;
    for (uint32_t element : trace.elements)
      if (domain.element_names)
        spec.names.push_back(domain.element_names[element]);
    // What goes on from a checkpoint goes on behind the last record of the part before.
    spec.everySteps = record.period;
    int64_t period = int64_t(record.period);
    spec.firstStep =
        uint64_t(begin == origin ? origin : origin + ((begin - origin) / period + 1) * period);
    if (outputs.recorder) {
      auto stream = outputs.recorder->addTrace(spec);
      if (!stream)
        return stream.status();
      trace.stream = *stream;
    }
    // A figure of very many lines shows nothing; the file has them all.
    if (outputs.picture && trace.elements.size() <= mostLines)
      trace.drawn = outputs.picture->addTrace(spec) + 1;
    traces.push_back(std::move(trace));
  }
  for (uint32_t l : timerLaunches) // the present values of what decays
    for (unsigned p = 0; p < instance.partitions && model.launches[l].period == 0; ++p)
      runOverConnections(l, p);
  // A record at the beginning holds the start values.
  for (Trace &trace : traces) {
    if (begin != origin)
      break;
    if (!trace.places.empty())
      readConnections(trace);
    for (size_t i = 0; i < trace.elements.size() && trace.places.empty(); ++i)
      trace.values[0][i] = instance.value(trace.record->array, trace.elements[i]);
    if (Status status = keep(trace, 0); !status.ok())
      return status;
  }
  return Status::success();
}

/// Hands the values of a side to the outputs.
Status Simulator::keep(Trace &trace, unsigned side) {
  if (!trace.places.empty()) {
    trace.lastMs = double(instance.step) * instance.dt;
    if (!trace.firstSpread) {
      std::vector<double> values = trace.values[side];
      trace.firstSpread = spreadOf(values, trace.lastMs);
    }
  }
  if (trace.spread)
    outputs.picture->distribution(trace.spread - 1, trace.values[side]);
  if (trace.drawn && trace.places.size() > mostLines) {
    // Of many connections a picture shows how their values are spread.
    std::vector<double> sorted = trace.values[side];
    double shown[3];
    for (int i = 0; i < 3; ++i) {
      auto place = sorted.begin() + std::ptrdiff_t(double(sorted.size() - 1) * spread[i]);
      std::nth_element(sorted.begin(), place, sorted.end());
      shown[i] = *place;
    }
    outputs.picture->trace(trace.drawn - 1, shown);
  } else if (trace.drawn) {
    outputs.picture->trace(trace.drawn - 1, trace.values[side].data());
  }
  return outputs.recorder ? outputs.recorder->trace(trace.stream, trace.values[side].data())
                          : Status::success();
}

Status Simulator::declareConnections(const syn_record &record) {
  const syn_array &array = model.arrays[record.array];
  const syn_connections &c = model.connections[array.connections];
  Trace trace;
  trace.record = &record;
  trace.type = array.type;
  trace.places = instance.connectionPlaces(record.array);
  if (trace.places.empty())
    return Status::success(); // a rule may have made no connection
  TraceSpec spec;
  spec.population = c.name;
  spec.variable = std::string(array.name).substr(std::string(c.name).size() + 1);
  if (size_t mark = spec.variable.rfind("#now"); mark != std::string::npos)
    spec.variable.resize(mark); // a copy for records
  spec.unit = array.unit;
  trace.name = spec.population + "." + spec.variable;
  for (size_t i = 0; i < trace.places.size(); ++i) {
    trace.elements.push_back(uint32_t(i));
    spec.ends.push_back({trace.places[i].source, trace.places[i].target});
  }
  spec.source = model.domains[sourceOf(model, c.source)].name;
  spec.target = model.domains[c.target].name;
  spec.elements = trace.elements;
  spec.everySteps = record.period;
  int64_t period = int64_t(record.period);
  spec.firstStep =
      uint64_t(begin == origin ? origin : origin + ((begin - origin) / period + 1) * period);
  trace.values[0].resize(trace.places.size());
  if (outputs.recorder) {
    auto stream = outputs.recorder->addTrace(spec);
    if (!stream)
      return stream.status();
    trace.stream = *stream;
  }
  if (outputs.picture) {
    // Of a single connection the curve says it all.
    if (trace.places.size() > 1)
      trace.spread = outputs.picture->addDistribution(spec) + 1;
    if (spec.elements.size() > mostLines) {
      spec.elements = {0, 1, 2};
      spec.names = {spec.population + ": 10 %", "median", "90 %"};
    } else {
      for (auto [source, target] : spec.ends)
        spec.names.push_back(std::to_string(source) + "->" + std::to_string(target));
      spec.names[0] = spec.population + ": " + spec.names[0];
    }
    trace.drawn = outputs.picture->addTrace(spec) + 1;
  }
  traces.push_back(std::move(trace));
  return Status::success();
}

std::vector<RecordedValues> Simulator::recorded() const {
  std::vector<RecordedValues> result;
  for (const Trace &trace : traces) {
    if (!trace.firstSpread)
      continue;
    std::vector<double> values = trace.values[0];
    result.push_back({trace.name, model.arrays[trace.record->array].unit, values.size(),
                      *trace.firstSpread, spreadOf(values, trace.lastMs)});
  }
  return result;
}

void Simulator::readConnections(Trace &trace) {
  const syn_array &array = model.arrays[trace.record->array];
  double scale = std::ldexp(1.0, -instance.connections[array.connections].weightExponent);
  for (size_t i = 0; i < trace.places.size(); ++i) {
    const char *value = trace.places[i].value;
    trace.values[0][i] = trace.type == SYN_F32   ? double(*reinterpret_cast<const float *>(value))
                         : trace.type == SYN_I16 ? *reinterpret_cast<const int16_t *>(value) * scale
                                                 : *reinterpret_cast<const double *>(value);
  }
}

/// Values of connections are complete when everything up to the present has been delivered.
bool Simulator::areConnectionsDue() const {
  if (instance.step == begin) // the start values are there
    return false;
  for (const Trace &trace : traces)
    if (!trace.places.empty() && instance.lastLength &&
        (instance.step - origin) % int64_t(trace.record->period) == 0)
      return true;
  return false;
}

void Simulator::sampleConnections() {
  for (Trace &trace : traces) {
    if (trace.places.empty() || (instance.step - origin) % int64_t(trace.record->period))
      continue;
    readConnections(trace);
    if (Status status = keep(trace, 0); failure.ok() && !status.ok())
      failure = status;
  }
}

void Simulator::sample(unsigned p) {
  for (Trace &trace : traces) {
    if (!trace.due[instance.parity] || !trace.places.empty())
      continue;
    uint32_t begin = instance.first(trace.record->domain, p),
             end = instance.first(trace.record->domain, p + 1);
    for (size_t i = 0; i < trace.elements.size(); ++i)
      if (trace.elements[i] >= begin && trace.elements[i] < end)
        trace.values[instance.parity][i] = instance.value(trace.record->array, trace.elements[i]);
  }
}

/// Adds to the elements of a domain whose spikes are written down.
void Simulator::selectSpikes(const syn_record &record) {
  recordsSpikes[record.domain] = true;
  std::vector<bool> &elements = spikeElements[record.domain];
  elements.resize(model.domains[record.domain].size, false);
  if (!record.ranges)
    elements.assign(elements.size(), true);
  for (uint32_t i = 0; i < record.n_ranges; ++i)
    for (uint64_t e = record.ranges[2 * i]; e <= record.ranges[2 * i + 1] && e < elements.size();
         ++e)
      elements[e] = true;
}

Status Simulator::recordSpikes(uint32_t domain, uint64_t step, const uint32_t *elements,
                               size_t count) {
  const std::vector<bool> &wanted = spikeElements[domain];
  std::vector<uint32_t> chosen;
  for (size_t i = 0; i < count; ++i)
    if (wanted[elements[i]])
      chosen.push_back(elements[i]);
  return chosen.empty()
             ? Status::success()
             : outputs.recorder->spikes(spikeStream[domain], step, chosen.data(), chosen.size());
}

/// Records of a block that is complete; other threads are in the next one.
void Simulator::finishBlock(int64_t blockStart, int64_t steps, unsigned side) {
  auto note = [&](Status status) {
    if (failure.ok() && !status.ok())
      failure = status;
  };
  for (uint32_t d = 0; d < model.n_domains; ++d) {
    bool file = recordsSpikes[d] && outputs.recorder;
    if (!model.domains[d].emits || model.domains[d].hidden || (!file && !outputs.picture))
      continue;
    std::vector<const uint32_t *> cursors;
    for (unsigned p = 0; p < instance.partitions; ++p)
      cursors.push_back(instance.spikes(side, d, p).elements.data());
    for (int64_t s = 0; s < steps; ++s)
      for (unsigned p = 0; p < instance.partitions; ++p) {
        size_t n = size_t(instance.spikes(side, d, p).counts[s]);
        if (!n)
          continue;
        if (file)
          note(recordSpikes(d, uint64_t(blockStart + s + 1), cursors[p], n));
        if (outputs.picture)
          outputs.picture->spikes(spikeDrawn[d], uint64_t(blockStart + s + 1), cursors[p], n);
        cursors[p] += n;
      }
  }
  for (Trace &trace : traces) {
    if (trace.due[side] && trace.places.empty())
      note(keep(trace, side));
  }
  if (outputs.recorder)
    note(outputs.recorder->endBlock());
  if (outputs.progress)
    outputs.progress->update(double(blockStart + steps - begin) * instance.dt);
}

std::vector<PopulationSummary> Simulator::populations(double seconds) const {
  std::vector<PopulationSummary> result;
  for (uint32_t d = 0; d < model.n_domains; ++d) {
    if (model.domains[d].hidden)
      continue;
    std::vector<const SpikeStatistics *> slices;
    for (const SpikeStatistics &slice : statistics[d])
      slices.push_back(&slice);
    if (model.domains[d].emits) {
      result.push_back(SpikeStatistics::summarize(model.domains[d].name, slices, seconds));
      continue;
    }
    PopulationSummary graded;
    graded.name = model.domains[d].name;
    graded.size = model.domains[d].size;
    graded.isGraded = true;
    result.push_back(std::move(graded));
  }
  return result;
}

} // namespace synfire::runtime
