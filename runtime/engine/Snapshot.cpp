//===- Snapshot.cpp - The state of an instance, by names ------------------===//

#include "runtime/engine/Snapshot.h"
#include "runtime/random/Hash.h"
#include "runtime/report/Format.h"

#include <algorithm>
#include <cstring>
#include <map>

namespace synfire::runtime {

namespace {

bool isKept(const syn_array &array) {
  if (array.connections != SYN_NONE)
    return array.kind == SYN_STATE;
  return array.kind == SYN_STATE || array.kind == SYN_PARAMETER || array.kind == SYN_REFRACTORY ||
         array.kind == SYN_HISTORY;
}

/// FNV-1a over the declared start values.
uint64_t hashOfDeclared(const syn_array &array) {
  uint64_t hash = 0xcbf29ce484222325ull;
  auto add = [&hash](double value) {
    unsigned char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    for (unsigned char byte : bytes)
      hash = (hash ^ byte) * 0x100000001b3ull;
  };
  add(array.value);
  for (uint64_t i = 0; array.values && i < array.n_values; ++i)
    add(array.values[i]);
  return hash;
}

std::string sightsName(const syn_connections &c) { return std::string(c.name) + ".#sights"; }

/// Up to this step connections with a sight have seen what they had to.
int64_t seenUntil(const Instance &instance, const syn_connections &c) {
  return c.sight == SYN_FIRST ? instance.step : instance.step - instance.lastLength;
}

std::string historyName(const syn_domain &domain) { return std::string(domain.name) + ".#spikes"; }

/// The last spikes of a population, which connections have not followed yet: of each element how
/// many, then the words of as many as any has.
Snapshot::Array takeHistory(Instance &instance, uint32_t d) {
  Snapshot::Array array;
  array.name = historyName(instance.model.domains[d]);
  array.type = SYN_I64;
  array.hidden = true;
  int64_t most = 0;
  auto each = [&](auto function) {
    for (unsigned p = 0; p < instance.partitions; ++p)
      for (uint32_t e = 0; e < instance.count(d, p); ++e)
        function(instance.history(d, p), e);
  };
  each([&](History &history, uint32_t e) { most = std::max(most, history.kept(e)); });
  size_t width = 1 + instance.model.domains[d].remembered;
  array.shape = width | instance.model.domains[d].size << 8;
  std::vector<int64_t> row(1 + size_t(most) * width);
  each([&](History &history, uint32_t e) {
    std::fill(row.begin(), row.end(), 0);
    row[0] = history.kept(e);
    history.get(e, row.data() + 1);
    const char *bytes = reinterpret_cast<const char *>(row.data());
    array.values.insert(array.values.end(), bytes, bytes + row.size() * sizeof(int64_t));
  });
  array.length = array.values.size() / sizeof(int64_t);
  return array;
}

int64_t sumAt(const syn_ring &ring, uint32_t type, size_t place) {
  return type == SYN_I64 ? static_cast<const int64_t *>(ring.base)[place]
                         : static_cast<const int32_t *>(ring.base)[place];
}

void setSum(const syn_ring &ring, uint32_t type, size_t place, int64_t value) {
  if (type == SYN_I64)
    static_cast<int64_t *>(ring.base)[place] = value;
  else
    static_cast<int32_t *>(ring.base)[place] = int32_t(value);
}

/// Where the sums that arrive `ahead` + 1 steps after `step` begin.
size_t rowOf(const syn_ring &ring, int64_t step, uint64_t ahead) {
  return size_t((step + 1 + int64_t(ahead)) & (ring.slots - 1)) * size_t(ring.stride);
}

Snapshot::Sums takeSums(Instance &instance, uint32_t a) {
  const syn_accumulator &sum = instance.model.accumulators[a];
  Snapshot::Sums sums;
  sums.name = sum.name;
  sums.exponent = instance.sums.exponent(a);
  sums.ahead = uint64_t(instance.sums.ring(a, 0).slots);
  sums.elements = instance.model.domains[sum.domain].size;
  sums.values.resize(sums.ahead * sums.elements);
  for (unsigned p = 0; p < instance.partitions; ++p) {
    const syn_ring &ring = instance.sums.ring(a, p);
    for (uint64_t i = 0; i < sums.ahead; ++i)
      for (uint32_t e = 0; e < instance.count(sum.domain, p); ++e)
        sums.values[i * sums.elements + instance.first(sum.domain, p) + e] =
            sumAt(ring, sum.type, rowOf(ring, instance.step, i) + e);
  }
  return sums;
}

/// Adds to \p pending, one for each accumulator, the events that are written in the agendas.
void takeDue(Instance &instance, std::vector<Snapshot::Sums> &pending) {
  for (unsigned p = 0; p < instance.partitions && !instance.due.accumulators.empty(); ++p) {
    const Agenda &agenda = instance.due.agendas[p];
    std::vector<int64_t> sums(instance.due.firstSum(SYN_NONE, p));
    for (int64_t i = 0; i < agenda.horizon(); ++i) {
      std::fill(sums.begin(), sums.end(), 0);
      agenda.visit(instance.step + 1 + i,
                   [&](uint32_t index, int64_t amount) { sums[index] += amount; });
      for (uint32_t a : instance.due.accumulators) {
        Snapshot::Sums &taken = pending[a];
        if (taken.ahead < uint64_t(agenda.horizon())) {
          taken.ahead = uint64_t(agenda.horizon());
          taken.values.resize(taken.ahead * taken.elements);
        }
        uint32_t domain = instance.model.accumulators[a].domain;
        int64_t *to = &taken.values[uint64_t(i) * taken.elements + instance.first(domain, p)];
        const int64_t *from = &sums[instance.due.firstSum(a, p)];
        for (uint32_t e = 0; e < instance.count(domain, p); ++e)
          to[e] += from[e];
      }
    }
  }
}

Snapshot::Spikes takeSpikes(Instance &instance, uint32_t d) {
  const syn_domain &domain = instance.model.domains[d];
  Snapshot::Spikes spikes;
  spikes.population = domain.name;
  spikes.payloads = domain.payloads;
  std::vector<size_t> next(instance.partitions, 0);
  for (int64_t s = 0; s < instance.lastLength; ++s)
    for (unsigned p = 0; p < instance.partitions; ++p) {
      const SpikeList &list = instance.spikes(instance.parity ^ 1, d, p);
      for (int64_t i = 0; i < list.counts[size_t(s)]; ++i, ++next[p]) {
        spikes.stamps.push_back(instance.lastBegin + s + 1);
        spikes.elements.push_back(list.elements[next[p]]);
        for (const std::vector<double> &values : list.payload)
          spikes.payload.push_back(values[next[p]]);
      }
    }
  return spikes;
}

/// The spikes that wait for connections of a projection: what a partition does not know, another
/// does.
Snapshot::Spikes takeSights(Instance &instance, uint32_t c) {
  const syn_connections &connections = instance.model.connections[c];
  std::map<std::pair<int64_t, uint32_t>, std::vector<double>> all;
  Snapshot::Spikes spikes;
  spikes.population = sightsName(connections);
  for (unsigned p = 0; p < instance.partitions; ++p) {
    Sights &sights = instance.sights(c, p);
    spikes.payloads = sights.at(0).payload.size();
    sights.visit(seenUntil(instance, connections),
                 [&](uint32_t source, int64_t stamp, const Sights::Seen &seen, size_t place) {
                   std::vector<double> &values = all[{stamp, source}];
                   values.clear();
                   for (const std::vector<double> &each : seen.payload)
                     values.push_back(each[place]);
                 });
  }
  for (const auto &[spike, values] : all) {
    spikes.stamps.push_back(spike.first);
    spikes.elements.push_back(spike.second);
    spikes.payload.insert(spikes.payload.end(), values.begin(), values.end());
  }
  return spikes;
}

/// Fills the lists that the next block delivers.
void putSpikes(Instance &instance, uint32_t d, const Snapshot::Spikes &spikes) {
  for (unsigned p = 0; p < instance.partitions; ++p) {
    SpikeList &list = instance.spikes(instance.parity ^ 1, d, p);
    std::fill(list.counts.begin(), list.counts.end(), 0);
    uint32_t begin = instance.first(d, p), end = instance.first(d, p + 1);
    size_t n = 0;
    for (size_t i = 0; i < spikes.elements.size(); ++i) {
      if (spikes.elements[i] < begin || spikes.elements[i] >= end)
        continue;
      list.elements[n] = spikes.elements[i];
      for (size_t k = 0; k < spikes.payloads; ++k)
        list.payload[k][n] = spikes.payload[i * spikes.payloads + k];
      ++list.counts[size_t(spikes.stamps[i] - instance.lastBegin - 1)];
      ++n;
    }
  }
}

/// Compares a snapshot with an instance, and puts it there.
class Restorer {
public:
  Restorer(Instance &instance, const Snapshot &snapshot, const std::string &from)
      : instance(instance), model(instance.model), snapshot(snapshot), from(from) {}
  Status run();

private:
  Status differs(const std::string &what) const {
    return Status::userError("`" + from + "` does not fit this model: " + what);
  }
  Status checkNames() const;
  Status checkProjections() const;
  Status putArray(uint32_t a, const Snapshot::Array &array);
  Status putHistory(uint32_t d);
  Status putSums(uint32_t a, const Snapshot::Sums &sums);
  Status checkSpikes(uint32_t d, const Snapshot::Spikes &spikes) const;
  Status putSights(uint32_t c);

  Instance &instance;
  const syn_model &model;
  const Snapshot &snapshot;
  const std::string &from;
};

std::string quotedList(const std::vector<std::string> &names) {
  std::string text;
  for (size_t i = 0; i < std::min<size_t>(names.size(), 8); ++i)
    text += (i ? ", `" : "`") + names[i] + "`";
  return names.size() > 8 ? text + " and " + std::to_string(names.size() - 8) + " more" : text;
}

Status Restorer::checkNames() const {
  std::map<std::string, int> here; // 1: only in the model, 0: in both, -1: only in the snapshot
  for (uint32_t a = 0; a < model.n_arrays; ++a)
    if (isKept(model.arrays[a]))
      ++here[model.arrays[a].name];
  for (uint32_t d = 0; d < model.n_domains; ++d)
    if (model.domains[d].remembers)
      ++here[historyName(model.domains[d])];
  for (uint32_t a = 0; a < model.n_accumulators; ++a)
    ++here[model.accumulators[a].name];
  for (const Snapshot::Array &array : snapshot.arrays)
    --here[array.name];
  for (const Snapshot::Sums &sums : snapshot.pending)
    --here[sums.name];
  std::vector<std::string> missing, unknown;
  for (const auto &[name, state] : here)
    if (state)
      (state > 0 ? missing : unknown).push_back(name);
  if (!missing.empty())
    return differs("it has no values of " + quotedList(missing));
  if (!unknown.empty())
    return differs("the model has no " + quotedList(unknown));
  return Status::success();
}

Status Restorer::checkProjections() const {
  for (uint32_t c = 0; c < model.n_connections; ++c) {
    const BuiltConnections &built = instance.connections[c];
    std::string name = model.connections[c].name;
    auto known = std::find_if(snapshot.projections.begin(), snapshot.projections.end(),
                              [&](const auto &projection) { return projection.name == name; });
    if (known == snapshot.projections.end())
      return differs("it knows no projection `" + name + "`");
    if (known->connections != built.rows.connections)
      return differs("`" + name + "` has " + formatCounted(known->connections, "connection") +
                     " there and " + formatCount(built.rows.connections) + " here");
    if (known->maxDelay != built.maxDelay)
      return differs("the longest delay of `" + name + "` is " +
                     formatCounted(known->maxDelay, "step") + " there and " +
                     std::to_string(built.maxDelay) + " here");
  }
  return Status::success();
}

Status Restorer::putArray(uint32_t a, const Snapshot::Array &array) {
  const syn_array &info = model.arrays[a];
  if (array.type != info.type)
    return differs("`" + array.name + "` has another type of number; use the same `--precision`");
  std::vector<Instance::ConnectionPlace> places;
  if (info.connections != SYN_NONE)
    places = instance.connectionPlaces(a);
  uint64_t length = info.connections != SYN_NONE ? places.size() : instance.arrayLength(a);
  if (array.length != length)
    return differs("`" + array.name + "` has " + formatCounted(array.length, "value") +
                   " there and " + formatCount(length) + " here");
  if (info.kind == SYN_PARAMETER && array.declared != hashOfDeclared(info))
    return differs("`" + array.name +
                   "` is declared with another value; resume with the same `--set`, and change "
                   "parameters in the "
                   "protocol of the experiment");
  for (size_t i = 0; i < places.size(); ++i)
    std::memcpy(places[i].value, array.values.data() + i * sizeOfType(info.type),
                sizeOfType(info.type));
  if (places.empty() && length)
    std::memcpy(instance.arrayData(a), array.values.data(), array.values.size());
  return Status::success();
}

Status Restorer::putHistory(uint32_t d) {
  std::string name = historyName(model.domains[d]);
  auto array = std::find_if(snapshot.arrays.begin(), snapshot.arrays.end(),
                            [&](const Snapshot::Array &known) { return known.name == name; });
  size_t width = 1 + model.domains[d].remembered, size = model.domains[d].size;
  size_t perElement = size ? array->length / size : 1;
  bool fits = array->type == SYN_I64 && perElement && array->length == size * perElement &&
              (perElement - 1) % width == 0;
  std::vector<int64_t> words(fits ? array->length : 0);
  if (fits)
    std::memcpy(words.data(), array->values.data(), array->values.size());
  for (unsigned p = 0; p < instance.partitions && fits; ++p) {
    History &history = instance.history(d, p);
    for (uint32_t e = 0; e < instance.count(d, p) && fits; ++e) {
      const int64_t *row = &words[(instance.first(d, p) + e) * perElement];
      // Newest first, and none of the future.
      fits = row[0] >= 0 && uint64_t(row[0]) <= (perElement - 1) / width;
      for (int64_t i = 0; fits && i < row[0]; ++i)
        fits =
            row[1 + size_t(i) * width] <= (i ? row[1 + size_t(i - 1) * width] - 1 : snapshot.step);
      fits = fits && history.set(e, row[0], row + 1);
    }
    history.settle(snapshot.step);
  }
  return fits ? Status::success()
              : differs("it remembers the spikes of `" + std::string(model.domains[d].name) +
                        "` in another way");
}

Status Restorer::putSums(uint32_t a, const Snapshot::Sums &sums) {
  const syn_accumulator &sum = model.accumulators[a];
  if (sums.exponent != instance.sums.exponent(a))
    return differs("`" + sums.name + "` is summed in units of 2^" + std::to_string(-sums.exponent) +
                   " there and 2^" + std::to_string(-instance.sums.exponent(a)) + " here");
  if (sums.elements != model.domains[sum.domain].size)
    return differs("`" + sums.name + "` has " + formatCounted(sums.elements, "element") +
                   " there and " + formatCount(model.domains[sum.domain].size) + " here");
  const auto &due = instance.due.accumulators;
  bool inAgenda = std::find(due.begin(), due.end(), a) != due.end();
  uint64_t slots = uint64_t(instance.sums.ring(a, 0).slots);
  uint64_t horizon =
      inAgenda ? std::max(slots, uint64_t(instance.due.agendas[0].horizon())) : slots;
  for (uint64_t i = horizon * sums.elements; i < sums.values.size(); ++i)
    if (sums.values[i])
      return differs("events of `" + sums.name + "` are further ahead than any delay");
  for (unsigned p = 0; p < instance.partitions; ++p) {
    const syn_ring &ring = instance.sums.ring(a, p);
    for (uint64_t i = 0; i < slots; ++i)
      for (uint32_t e = 0; e < instance.count(sum.domain, p); ++e)
        setSum(ring, sum.type, rowOf(ring, snapshot.step, i) + e,
               i < sums.ahead ? sums.values[i * sums.elements + instance.first(sum.domain, p) + e]
                              : 0);
    for (uint64_t i = slots; i < std::min(horizon, sums.ahead); ++i)
      for (uint32_t e = 0; e < instance.count(sum.domain, p); ++e)
        if (int64_t amount = sums.values[i * sums.elements + instance.first(sum.domain, p) + e])
          instance.due.agendas[p].addAmount(snapshot.step + 1 + int64_t(i),
                                            instance.due.firstSum(a, p) + e, amount);
  }
  return Status::success();
}

Status Restorer::checkSpikes(uint32_t d, const Snapshot::Spikes &spikes) const {
  if (spikes.payloads != model.domains[d].payloads)
    return differs("spikes of `" + spikes.population + "` carry " +
                   std::to_string(spikes.payloads) + " values there and " +
                   std::to_string(model.domains[d].payloads) + " here");
  // In order and each once: then they have room in the lists.
  auto follows = [&](size_t i) {
    return spikes.stamps[i] > spikes.stamps[i - 1] || (spikes.stamps[i] == spikes.stamps[i - 1] &&
                                                       spikes.elements[i] > spikes.elements[i - 1]);
  };
  for (size_t i = 0; i < spikes.elements.size(); ++i)
    if (spikes.elements[i] >= model.domains[d].size || spikes.stamps[i] > snapshot.step ||
        spikes.stamps[i] <= snapshot.step - snapshot.lastLength || (i && !follows(i)))
      return differs("there is a spike of `" + spikes.population + "` that cannot be");
  return Status::success();
}

Status Restorer::putSights(uint32_t c) {
  const syn_connections &connections = model.connections[c];
  auto known =
      std::find_if(snapshot.spikes.begin(), snapshot.spikes.end(), [&](const auto &spikes) {
        return spikes.population == sightsName(connections);
      });
  if (known == snapshot.spikes.end() ||
      known->payloads != instance.sights(c, 0).at(0).payload.size())
    return differs("the spikes on their way to the synapses of `" + std::string(connections.name) +
                   "` carry other values there");
  int64_t done = seenUntil(instance, connections);
  std::vector<const double *> payload(known->payloads);
  for (unsigned p = 0; p < instance.partitions; ++p)
    instance.sights(c, p).clear();
  for (size_t i = 0; i < known->elements.size(); ++i) {
    if (known->elements[i] >= model.domains[connections.source].size ||
        known->stamps[i] > snapshot.step - snapshot.lastLength)
      return differs("there is a spike on its way to `" + std::string(connections.name) +
                     "` that cannot be");
    for (size_t k = 0; k < payload.size(); ++k)
      payload[k] = &known->payload[i * payload.size() + k];
    for (unsigned p = 0; p < instance.partitions; ++p)
      instance.sights(c, p).add(known->elements[i], known->stamps[i], payload.data(), 0, done);
  }
  return Status::success();
}

Status Restorer::run() {
  if (Status status = checkNames(); !status.ok())
    return status;
  if (Status status = checkProjections(); !status.ok())
    return status;
  if (snapshot.lastLength < 0 || snapshot.lastLength > instance.blockSteps)
    return differs("its spikes wait for longer than the shortest delay");
  instance.step = snapshot.step; // what waits is counted from here
  for (uint32_t a = 0; a < model.n_arrays; ++a)
    for (const Snapshot::Array &array : snapshot.arrays)
      if (isKept(model.arrays[a]) && array.name == model.arrays[a].name)
        if (Status status = putArray(a, array); !status.ok())
          return status;
  for (Agenda &agenda : instance.due.agendas)
    agenda.clear();
  for (uint32_t a = 0; a < model.n_accumulators; ++a)
    for (const Snapshot::Sums &sums : snapshot.pending)
      if (sums.name == model.accumulators[a].name)
        if (Status status = putSums(a, sums); !status.ok())
          return status;
  instance.origin = snapshot.origin;
  instance.lastLength = snapshot.lastLength;
  instance.lastBegin = snapshot.step - snapshot.lastLength;
  for (uint32_t d = 0; d < model.n_domains; ++d) {
    if (!model.domains[d].emits)
      continue;
    auto known =
        std::find_if(snapshot.spikes.begin(), snapshot.spikes.end(), [&](const auto &spikes) {
          return spikes.population == model.domains[d].name;
        });
    if (known == snapshot.spikes.end())
      return differs("it has no spikes of `" + std::string(model.domains[d].name) + "`");
    if (Status status = checkSpikes(d, *known); !status.ok())
      return status;
    putSpikes(instance, d, *known);
  }
  for (uint32_t d = 0; d < model.n_domains; ++d)
    if (model.domains[d].remembers)
      if (Status status = putHistory(d); !status.ok())
        return status;
  for (uint32_t c = 0; c < model.n_connections; ++c)
    if (model.connections[c].sight != SYN_AT_SOURCE)
      if (Status status = putSights(c); !status.ok())
        return status;
  return instance.refresh();
}

} // namespace

Result<Snapshot> takeSnapshot(Instance &instance, const std::string &run) {
  const syn_model &model = instance.model;
  for (uint32_t a = 0; a < model.n_arrays; ++a)
    if (model.arrays[a].connections != SYN_NONE && model.arrays[a].kind == SYN_HISTORY)
      return Status::userError("`" + std::string(model.arrays[a].name) +
                               "` changes on every connection, and such states cannot be kept yet");
  Snapshot snapshot;
  snapshot.model = model.name;
  snapshot.run = run;
  snapshot.seed = instance.seed;
  snapshot.stepMs = instance.dt;
  snapshot.step = instance.step;
  snapshot.origin = instance.origin;
  snapshot.lastLength = instance.lastLength;
  for (uint32_t a = 0; a < model.n_arrays; ++a) {
    const syn_array &info = model.arrays[a];
    if (!isKept(info))
      continue;
    Snapshot::Array array;
    array.name = info.name;
    array.unit = info.unit ? info.unit : "";
    array.type = info.type;
    array.declared = hashOfDeclared(info);
    array.hidden = info.hidden;
    if (info.connections != SYN_NONE) {
      auto places = instance.connectionPlaces(a);
      array.length = places.size();
      for (const Instance::ConnectionPlace &place : places)
        array.shape = splitmix64(array.shape ^ (uint64_t(place.source) << 32 | place.target));
      for (const Instance::ConnectionPlace &place : places)
        array.values.insert(array.values.end(), place.value, place.value + sizeOfType(info.type));
      snapshot.arrays.push_back(std::move(array));
      continue;
    }
    array.length = instance.arrayLength(a);
    const char *data = static_cast<const char *>(instance.arrayData(a));
    array.values.assign(data, data + array.length * sizeOfType(info.type));
    snapshot.arrays.push_back(std::move(array));
  }
  for (uint32_t d = 0; d < model.n_domains; ++d)
    if (model.domains[d].remembers)
      snapshot.arrays.push_back(takeHistory(instance, d));
  for (uint32_t a = 0; a < model.n_accumulators; ++a)
    snapshot.pending.push_back(takeSums(instance, a));
  takeDue(instance, snapshot.pending);
  for (uint32_t d = 0; d < model.n_domains; ++d)
    if (model.domains[d].emits)
      snapshot.spikes.push_back(takeSpikes(instance, d));
  for (uint32_t c = 0; c < model.n_connections; ++c)
    if (model.connections[c].sight != SYN_AT_SOURCE)
      snapshot.spikes.push_back(takeSights(instance, c));
  for (uint32_t c = 0; c < model.n_connections; ++c)
    snapshot.projections.push_back({model.connections[c].name,
                                    instance.connections[c].rows.connections,
                                    instance.connections[c].maxDelay});
  return snapshot;
}

Status checkSnapshot(const syn_model &model, const syn_run &run, const Snapshot &snapshot,
                     const std::string &from) {
  if (snapshot.model != model.name)
    return Status::userError("`" + from + "` holds a state of the model `" + snapshot.model +
                             "`, and this is `" + model.name + "`");
  if (snapshot.stepMs != run.step_ms)
    return Status::userError("`" + from + "` was made with a step of " +
                             formatMilliseconds(snapshot.stepMs) + ", and this run has one of " +
                             formatMilliseconds(run.step_ms));
  return Status::success();
}

Status restoreSnapshot(Instance &instance, const Snapshot &snapshot, const std::string &from) {
  return Restorer(instance, snapshot, from).run();
}

} // namespace synfire::runtime
