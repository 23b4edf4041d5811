//===- Delivery.cpp - Spikes from their sources to sums and synapses ------===//

#include "runtime/engine/Simulator.h"
#include "runtime/random/Grid.h"

#include <algorithm>

namespace synfire::runtime {

/// Others have just written the spikes of the last block, and have read the lists that this one
/// writes again: better to wait for all these cache lines at once than for one after the other.
#if defined(__x86_64__)
__attribute__((target("prfchw"))) // processors without it pass over the instruction
#endif
void Simulator::askForSpikes(unsigned p) {
  for (uint32_t d = 0; d < model.n_domains; ++d) {
    for (unsigned q = 0; q < instance.partitions; ++q) {
      const SpikeList &list = instance.spikes(instance.parity ^ 1, d, q);
      __builtin_prefetch(list.counts.data());
      __builtin_prefetch(list.elements.data());
    }
    const SpikeList &own = instance.spikes(instance.parity, d, p);
    __builtin_prefetch(own.counts.data(), 1);
    __builtin_prefetch(own.elements.data(), 1);
  }
}

void Simulator::deliver(unsigned p) {
  if (!instance.lastLength)
    return;
  askForSpikes(p);
  rememberSpikes(p);
  for (uint32_t l : deliverLaunches) {
    const syn_launch &launch = model.launches[l];
    const syn_connections &c = model.connections[launch.connections];
    if (c.zero_delay)
      continue;
    if (c.sight != SYN_AT_SOURCE) {
      await(l, p);
      continue;
    }
    const syn_rows &rows = instance.connections[launch.connections].table[p];
    syn_range range = instance.rangeOf(l, p);
    range.step = instance.lastBegin;
    range.steps = instance.lastLength;
    range.payload_base = c.first_payload;
    range.remembered_base = c.first_remembered;
    uint64_t sent = 0;
    for (unsigned q = 0; q < instance.partitions; ++q) {
      SpikeList &list = instance.spikes(instance.parity ^ 1, c.source, q);
      range.spikes = list.elements.data();
      range.spike_counts = list.counts.data();
      range.payload = list.payloadPointers.data();
      faults.call(l, p, range);
      int64_t n = 0;
      for (int64_t s = 0; s < instance.lastLength; ++s)
        n += list.counts[s];
      for (int64_t i = 0; i < n; ++i)
        sent += rows.offsets[list.elements[i] + 1] - rows.offsets[list.elements[i]];
    }
    events[size_t(p) * 8] += sent;
  }
  Agenda &agenda = instance.due.agendas[p];
  size_t tables = instance.due.tables.size();
  for (auto ask : {&Agenda::askRows, &Agenda::askSegments})
    for (size_t t = 0; t < tables; ++t)
      forEachStep(instance.due.tables[t].source, [&](const uint32_t *spikes, int64_t n, int64_t) {
        (agenda.*ask)(t, spikes, n);
        return 0;
      });
  for (size_t t = 0; t < tables; ++t)
    events[size_t(p) * 8] += forEachStep(instance.due.tables[t].source,
                                         [&](const uint32_t *spikes, int64_t n, int64_t stamp) {
                                           return agenda.add(t, spikes, n, stamp);
                                         });
  for (size_t t = 0; t < instance.due.implicitTables.size(); ++t)
    events[size_t(p) * 8] += forEachStep(instance.due.implicitTables[t].source,
                                         [&](const uint32_t *spikes, int64_t n, int64_t stamp) {
                                           return agenda.addImplicit(t, spikes, n, stamp);
                                         });
}

/// Puts down the spikes of the last block for the connections of a launch with a sight, which see
/// them, or earlier ones, in the steps of the block; or when the cells make the next step.
void Simulator::await(uint32_t l, unsigned p) {
  const syn_connections &c = model.connections[model.launches[l].connections];
  Sights &sights = instance.sights(model.launches[l].connections, p);
  for (unsigned q = 0; q < instance.partitions; ++q) {
    const SpikeList &list = instance.spikes(instance.parity ^ 1, c.source, q);
    size_t place = 0;
    for (int64_t s = 0; s < instance.lastLength; ++s)
      for (int64_t i = 0; i < list.counts[size_t(s)]; ++i, ++place)
        sights.add(list.elements[place], instance.lastBegin + s + 1,
                   list.payloadPointers.data() + c.first_payload, place, instance.lastBegin);
  }
  if (c.sight == SYN_DELAYED)
    for (int64_t s = 1; s <= instance.lastLength; ++s)
      see(l, p, instance.lastBegin + s);
}

/// Handles the spikes that connections see at a step.
void Simulator::see(uint32_t l, unsigned p, int64_t step) {
  const syn_connections &c = model.connections[model.launches[l].connections];
  Sights &sights = instance.sights(model.launches[l].connections, p);
  Sights::Seen &seen = sights.at(step);
  if (seen.sources.empty())
    return;
  int64_t count = int64_t(seen.sources.size());
  seen.payloadPointers.clear();
  for (std::vector<double> &values : seen.payload)
    seen.payloadPointers.push_back(values.data());
  syn_range range = instance.rangeOf(l, p);
  range.step = step - 1;
  range.steps = 1;
  range.remembered_base = c.first_remembered;
  range.spikes = seen.sources.data();
  range.spike_counts = &count;
  range.payload = seen.payloadPointers.data();
  range.segments = seen.segments.data();
  faults.call(l, p, range);
  events[size_t(p) * 8] += seen.connections;
  sights.forget(step);
}

/// What is seen before the cells make their step, which is a block (phase 2(a)).
void Simulator::seeFirst(unsigned p) {
  for (uint32_t l : deliverLaunches)
    if (model.connections[model.launches[l].connections].sight == SYN_FIRST)
      see(l, p, blockBegin + 1);
}

/// Passes the spikes of the last block, step by step, and adds up what comes back.
template <typename Function> uint64_t Simulator::forEachStep(uint32_t source, Function function) {
  uint64_t sum = 0;
  for (unsigned q = 0; q < instance.partitions; ++q) {
    const SpikeList &list = instance.spikes(instance.parity ^ 1, source, q);
    const uint32_t *spikes = list.elements.data();
    for (int64_t s = 0; s < instance.lastLength; ++s) {
      sum += function(spikes, list.counts[s], instance.lastBegin + s + 1);
      spikes += list.counts[s];
    }
  }
  return sum;
}

/// Adds what acts in the steps of this block.
void Simulator::handleDue(unsigned p) {
  if (instance.due.accumulators.empty())
    return;
  for (int64_t s = 1; s <= blockLength; ++s)
    instance.due.agendas[p].handle(model, blockBegin + s, instance.due.sums(p, blockBegin + s),
                                   instance.due.sumBytes());
}

/// Spikes that the user gives act in the step at whose end they are, or when their delay has
/// passed. Their times are values of t, which goes on from run to run.
void Simulator::prepareGiven() {
  given.resize(model.n_spike_lists);
  for (uint32_t i = 0; i < model.n_spike_lists; ++i) {
    const syn_spike_list &list = model.spike_lists[i];
    for (size_t k = 0; k < list.count; ++k) {
      int64_t stamp = std::max<int64_t>(1, toSteps(list.times[k], instance.dt).steps);
      if (list.delays != SYN_NONE)
        stamp += int64_t(instance.value(list.delays, list.elements[k]));
      given[i].push_back({stamp, list.elements[k]});
    }
    std::sort(given[i].begin(), given[i].end(), [](const Given &a, const Given &b) {
      return std::pair(a.stamp, a.element) < std::pair(b.stamp, b.element);
    });
  }
  givenNext.assign(size_t(model.n_spike_lists) * instance.partitions, 0);
}

void Simulator::deliverGiven(unsigned p) {
  for (uint32_t i = 0; i < model.n_spike_lists; ++i) {
    const std::vector<Given> &list = given[i];
    size_t &next = givenNext[size_t(i) * instance.partitions + p];
    for (uint32_t l : deliverLaunches) {
      if (model.launches[l].connections != model.spike_lists[i].connections)
        continue;
      std::vector<uint32_t> elements;
      std::vector<int64_t> counts(size_t(blockLength), 0);
      size_t k = next;
      for (; k < list.size() && list[k].stamp <= blockBegin + blockLength; ++k) {
        if (list[k].stamp <= blockBegin)
          continue;
        elements.push_back(list[k].element);
        ++counts[size_t(list[k].stamp - blockBegin - 1)];
      }
      next = k;
      elements.resize(elements.size() + SYN_PAD); // delivery looks ahead in the list
      syn_range range = instance.rangeOf(l, p);
      range.step = blockBegin;
      range.steps = blockLength;
      range.spikes = elements.data();
      range.spike_counts = counts.data();
      faults.call(l, p, range);
    }
  }
}

} // namespace synfire::runtime
