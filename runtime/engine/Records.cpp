//===- Records.cpp - What a simulator hands to its outputs ----------------===//

#include "runtime/engine/Simulator.h"

#include <algorithm>

namespace synfire::runtime {

Status Simulator::prepare() {
  for (uint32_t r = 0; r < run.n_records; ++r)
    if (run.records[r].array == SYN_NONE)
      recordsSpikes[run.records[r].domain] = true;
  for (uint32_t d = 0; d < model.n_domains; ++d) {
    const syn_domain &domain = model.domains[d];
    if (!domain.emits || domain.name[0] == '#')
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
    if (outputs.picture && trace.elements.size() <= 64)
      trace.drawn = outputs.picture->addTrace(spec) + 1;
    traces.push_back(std::move(trace));
  }
  // A record at the beginning holds the start values.
  for (Trace &trace : traces) {
    if (begin != origin)
      break;
    for (size_t i = 0; i < trace.elements.size(); ++i)
      trace.values[0][i] = instance.value(trace.record->array, trace.elements[i]);
    if (outputs.recorder) {
      Status status = outputs.recorder->trace(trace.stream, trace.values[0].data());
      if (!status.ok())
        return status;
    }
    if (trace.drawn)
      outputs.picture->trace(trace.drawn - 1, trace.values[0].data());
  }
  return Status::success();
}

void Simulator::sample(unsigned p) {
  for (Trace &trace : traces) {
    if (!trace.due[instance.parity])
      continue;
    uint32_t begin = instance.first(trace.record->domain, p),
             end = instance.first(trace.record->domain, p + 1);
    for (size_t i = 0; i < trace.elements.size(); ++i)
      if (trace.elements[i] >= begin && trace.elements[i] < end)
        trace.values[instance.parity][i] = instance.value(trace.record->array, trace.elements[i]);
  }
}

/// Records of a block that is complete; other threads are in the next one.
void Simulator::finishBlock(int64_t blockStart, int64_t steps, unsigned side) {
  auto keep = [&](Status status) {
    if (failure.ok() && !status.ok())
      failure = status;
  };
  for (uint32_t d = 0; d < model.n_domains; ++d) {
    bool file = recordsSpikes[d] && outputs.recorder;
    if (!model.domains[d].emits || model.domains[d].name[0] == '#' || (!file && !outputs.picture))
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
          keep(outputs.recorder->spikes(spikeStream[d], uint64_t(blockStart + s + 1), cursors[p],
                                        n));
        if (outputs.picture)
          outputs.picture->spikes(spikeDrawn[d], uint64_t(blockStart + s + 1), cursors[p], n);
        cursors[p] += n;
      }
  }
  for (Trace &trace : traces) {
    if (!trace.due[side])
      continue;
    if (outputs.recorder)
      keep(outputs.recorder->trace(trace.stream, trace.values[side].data()));
    if (trace.drawn)
      outputs.picture->trace(trace.drawn - 1, trace.values[side].data());
  }
  if (outputs.progress)
    outputs.progress->update(double(blockStart + steps - begin) * instance.dt);
}

std::vector<PopulationSummary> Simulator::populations(double seconds) const {
  std::vector<PopulationSummary> result;
  for (uint32_t d = 0; d < model.n_domains; ++d) {
    if (model.domains[d].name[0] == '#')
      continue;
    std::vector<const SpikeStatistics *> slices;
    for (const SpikeStatistics &slice : statistics[d])
      slices.push_back(&slice);
    result.push_back(SpikeStatistics::summarize(model.domains[d].name, slices, seconds));
  }
  return result;
}

} // namespace synfire::runtime
