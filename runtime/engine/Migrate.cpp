//===- Migrate.cpp - The state of one program in another ------------------===//

#include "runtime/engine/Migrate.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>

namespace synfire::runtime {

namespace {

/// Fills a snapshot of the new program from one of the old.
class Migrator {
public:
  Migrator(Instance &to, const Snapshot &from, Snapshot fresh)
      : to(to), from(from), fresh(std::move(fresh)) {}
  Result<Migration> run();

private:
  bool fill(Snapshot::Array &array, const Snapshot::Array &old, const syn_array *info) const;
  void fillPast(uint32_t a, Snapshot::Array &array) const;
  void fillSums(Snapshot::Sums &sums, const Snapshot::Sums &old);
  void fillSpikes(Snapshot::Spikes &spikes, const Snapshot::Spikes &old);
  void fillArrays();
  const syn_array *find(const std::string &name, uint32_t *number) const;

  Instance &to;
  const Snapshot &from;
  Snapshot fresh;
  Migration report;
};

const syn_array *Migrator::find(const std::string &name, uint32_t *number) const {
  for (uint32_t a = 0; a < to.model.n_arrays; ++a)
    if (name == to.model.arrays[a].name) {
      *number = a;
      return &to.model.arrays[a];
    }
  return nullptr;
}

/// False where the values are of something else now.
bool Migrator::fill(Snapshot::Array &array, const Snapshot::Array &old,
                    const syn_array *info) const {
  if (array.type != old.type || array.unit != old.unit || array.shape != old.shape)
    return false;
  // A parameter that is declared anew has its new value.
  if (info && info->kind == SYN_PARAMETER && array.declared != old.declared)
    return false;
  size_t size = sizeOfType(array.type);
  if (array.length == old.length || (array.shape && !info)) { // the latter: remembered spikes
    array.length = old.length;
    array.values = old.values;
    return true;
  }
  if (array.shape || (info && info->past_of != SYN_NONE) || !old.length || !array.length)
    return false;
  if (old.length == 1) { // was the same for all
    for (uint64_t i = 0; i < array.length; ++i)
      std::memcpy(array.values.data() + i * size, old.values.data(), size);
    return true;
  }
  if (array.length == 1) { // is the same for all
    for (uint64_t i = 1; i < old.length; ++i)
      if (std::memcmp(old.values.data(), old.values.data() + i * size, size) != 0)
        return false;
    std::memcpy(array.values.data(), old.values.data(), size);
    return true;
  }
  std::memcpy(array.values.data(), old.values.data(), std::min(array.length, old.length) * size);
  return true;
}

/// What was not followed so far is taken to have been as it is now.
void Migrator::fillPast(uint32_t a, Snapshot::Array &array) const {
  const char *present = to.model.arrays[to.model.arrays[a].past_of].name;
  auto source = std::find_if(fresh.arrays.begin(), fresh.arrays.end(),
                             [&](const Snapshot::Array &each) { return each.name == present; });
  if (source == fresh.arrays.end())
    return;
  size_t stride = (source->length + SYN_PAD - 1) / SYN_PAD * SYN_PAD * sizeOfType(array.type);
  for (size_t at = 0; at + stride <= array.values.size(); at += stride)
    std::memcpy(array.values.data() + at, source->values.data(), source->values.size());
}

void Migrator::fillArrays() {
  std::map<std::string, const Snapshot::Array *> old;
  for (const Snapshot::Array &array : from.arrays)
    old[array.name] = &array;
  std::map<std::string, const Snapshot::Array *> shown = old;
  std::vector<std::pair<uint32_t, Snapshot::Array *>> pasts;
  for (Snapshot::Array &array : fresh.arrays) {
    uint32_t number = 0;
    const syn_array *info = find(array.name, &number);
    auto known = old.find(array.name);
    // What connections go on from is what they showed, where they did not keep it apart.
    if (size_t end = array.name.rfind("#base"); known == old.end() && end != std::string::npos)
      if (auto values = shown.find(array.name.substr(0, end)); values != shown.end())
        fill(array, *values->second, info);
    bool isKept = known != old.end() && fill(array, *known->second, info);
    if (!isKept && info && info->past_of != SYN_NONE)
      pasts.push_back({number, &array});
    if (known != old.end())
      old.erase(known);
    if (!info || info->kind != SYN_STATE || info->hidden)
      continue;
    if (isKept)
      ++report.kept;
    else
      report.started.push_back(array.name);
  }
  for (auto [number, array] : pasts)
    fillPast(number, *array);
  for (auto &[name, array] : old)
    if (!array->hidden)
      report.dropped.push_back(name);
}

void Migrator::fillSums(Snapshot::Sums &sums, const Snapshot::Sums &old) {
  int shift = sums.exponent - old.exponent;
  uint64_t elements = std::min(sums.elements, old.elements);
  for (uint64_t i = 0; i < old.ahead; ++i)
    for (uint64_t e = 0; e < old.elements; ++e) {
      int64_t value = old.values[i * old.elements + e];
      if (!value)
        continue;
      double moved = std::nearbyint(std::ldexp(double(value), shift));
      if (i >= sums.ahead || e >= elements || std::fabs(moved) >= 0x1p62) {
        ++report.lostEvents;
        continue;
      }
      sums.values[i * sums.elements + e] = shift ? int64_t(moved) : value;
    }
}

void Migrator::fillSpikes(Snapshot::Spikes &spikes, const Snapshot::Spikes &old) {
  uint64_t size = 0;
  for (uint32_t d = 0; d < to.model.n_domains; ++d)
    if (spikes.population == to.model.domains[d].name)
      size = to.model.domains[d].size;
  for (uint32_t c = 0; c < to.model.n_connections; ++c)
    if (spikes.population == std::string(to.model.connections[c].name) + ".#sights")
      size = to.model.domains[to.model.connections[c].source].size;
  if (spikes.payloads != old.payloads) {
    report.lostEvents += old.elements.size();
    return;
  }
  for (size_t i = 0; i < old.elements.size(); ++i) {
    if (old.elements[i] >= size)
      continue;
    spikes.stamps.push_back(old.stamps[i]);
    spikes.elements.push_back(old.elements[i]);
    spikes.payload.insert(spikes.payload.end(),
                          old.payload.begin() + std::ptrdiff_t(i * old.payloads),
                          old.payload.begin() + std::ptrdiff_t((i + 1) * old.payloads));
  }
}

Result<Migration> Migrator::run() {
  fillArrays();
  for (const Snapshot::Sums &old : from.pending) {
    auto sums = std::find_if(fresh.pending.begin(), fresh.pending.end(),
                             [&](const Snapshot::Sums &each) { return each.name == old.name; });
    if (sums != fresh.pending.end())
      fillSums(*sums, old);
    else
      report.lostEvents += uint64_t(std::count_if(old.values.begin(), old.values.end(),
                                                  [](int64_t value) { return value != 0; }));
  }
  for (Snapshot::Spikes &spikes : fresh.spikes)
    for (const Snapshot::Spikes &old : from.spikes)
      if (old.population == spikes.population)
        fillSpikes(spikes, old);
  fresh.step = from.step;
  fresh.origin = from.origin;
  fresh.lastLength = from.lastLength;
  Status status = restoreSnapshot(to, fresh, "the state so far");
  if (!status.ok())
    return status;
  return std::move(report);
}

} // namespace

bool takesWaitingSpikes(const Instance &from, const Instance &to) {
  if (from.lastLength > to.blockSteps)
    return false;
  for (uint32_t d = 0; d < from.model.n_domains; ++d) {
    const syn_domain &domain = from.model.domains[d];
    for (uint32_t other = 0; other < to.model.n_domains; ++other)
      if (std::strcmp(domain.name, to.model.domains[other].name) == 0 &&
          domain.payloads != to.model.domains[other].payloads)
        return false;
  }
  return true;
}

Result<Migration> migrate(Instance &to, const Snapshot &from) {
  auto fresh = takeSnapshot(to, from.run);
  if (!fresh)
    return fresh.status();
  return Migrator(to, from, std::move(*fresh)).run();
}

} // namespace synfire::runtime
