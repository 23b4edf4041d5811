//===- Instance.cpp - Arrays, slots, start values -------------------------===//

#include "runtime/engine/Instance.h"
#include "runtime/report/Format.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace synfire::runtime {

size_t sizeOfType(uint32_t type) {
  switch (type) {
  case SYN_F64:
  case SYN_I64:
    return 8;
  case SYN_F32:
  case SYN_I32:
    return 4;
  case SYN_I16:
  case SYN_U16:
    return 2;
  default:
    return 1;
  }
}

void storeNumber(void *data, uint32_t type, uint64_t i, double value) {
  switch (type) {
  case SYN_F64:
    static_cast<double *>(data)[i] = value;
    break;
  case SYN_F32:
    static_cast<float *>(data)[i] = float(value);
    break;
  case SYN_I64:
    static_cast<int64_t *>(data)[i] = int64_t(value);
    break;
  case SYN_I32:
    static_cast<int32_t *>(data)[i] = int32_t(value);
    break;
  default:
    break;
  }
}

Instance::Instance(const syn_model &model, const syn_run &run, uint64_t seed)
    : model(model), index(model), dt(run.step_ms), seed(seed), sums(*this), due(*this),
      constraints(*this), frames(*this), tables(model) {}

Result<std::unique_ptr<Instance>>
Instance::create(const syn_model &model, const syn_run &run, uint64_t seed, Team &team,
                 const std::function<void(Instance &)> &beforeLayout) {
  if (model.abi_version != SYN_ABI_VERSION)
    return Status::userError(
        "this model was compiled for another version of the runtime; build it again");
  std::unique_ptr<Instance> made(new Instance(model, run, seed));
  if (Status status = made->frames.load(); !status.ok())
    return status;
  made->due.findAccumulators();
  made->partition(team);
  Status status = checkMemoryPlan(model.name, made->foreseePopulations());
  if (!status.ok())
    return status;
  status = made->prepareElements();
  if (!status.ok())
    return status;
  auto foreseen = made->foreseeProjections();
  if (!foreseen)
    return foreseen.status();
  status = checkMemoryPlan(model.name, *foreseen);
  if (!status.ok())
    return status;
  status = made->sums.buildPoissonTables();
  if (!status.ok())
    return status;
  status = made->buildConnections(team);
  if (!status.ok())
    return status;
  status = made->constraints.start(team);
  if (!status.ok())
    return status;
  made->measureValues();
  made->roundShortWeights(team);
  if (beforeLayout)
    beforeLayout(*made);
  status = made->sums.chooseGrids();
  if (!status.ok())
    return status;
  status = made->layOutConnections(team);
  if (!status.ok())
    return status;
  status = made->sums.allocateRings();
  if (!status.ok())
    return status;
  status = made->allocateLists();
  if (!status.ok())
    return status;
  status = made->allocatePast();
  if (!status.ok())
    return status;
  status = made->allocateHistories();
  if (!status.ok())
    return status;
  made->prepareSights();
  made->fillSlots();
  return made;
}

Status Instance::prepareElements() {
  if (Status status = allocateArrays(); !status.ok())
    return status;
  if (Status status = allocateLists(); !status.ok())
    return status;
  connections.resize(model.n_connections);
  pasts.resize(model.n_arrays);
  sums.prepare();
  fillSlots();
  // Start values may read derived parameters, and derived values what was drawn.
  if (Status status = derive(); !status.ok())
    return status;
  runStarts(SYN_LAUNCH_INIT);
  return derive();
}

void Instance::partition(Team &team) {
  uint64_t largest = 1;
  for (uint32_t d = 0; d < model.n_domains; ++d)
    largest = std::max(largest, model.domains[d].size);
  // Targets are addressed by 16 bits; all threads get the same number of partitions.
  unsigned perThread = unsigned((largest + 65535) / 65536 + team.size() - 1) / team.size();
  partitions = team.size() * std::max(1u, perThread);
  for (bool fits = false; !fits; partitions += fits ? 0 : team.size()) {
    fits = true;
    bounds.assign(model.n_domains, {});
    for (uint32_t d = 0; d < model.n_domains; ++d) {
      uint64_t size = model.domains[d].size, chunks = (size + SYN_PAD - 1) / SYN_PAD;
      for (unsigned p = 0; p <= partitions; ++p)
        bounds[d].push_back(uint32_t(std::min(size, chunks * p / partitions * SYN_PAD)));
      for (unsigned p = 0; p < partitions; ++p)
        fits &= bounds[d][p + 1] - bounds[d][p] <= 65536;
    }
    // So are the sums of connections by source and delay, all together.
    for (unsigned p = 0; p < partitions && !due.empty(); ++p)
      fits &= due.firstSum(SYN_NONE, p) <= 65536;
    if (fits)
      break;
  }
}

Status Instance::checkMemory(uint64_t bytes, const char *what) const {
  uint64_t available = availableMemory();
  if (bytes <= available)
    return Status::success();
  return Status::machineError("not enough memory for the " + std::string(what) + " of `" +
                              model.name + "`: " + formatBytes(bytes) + " are needed, " +
                              formatBytes(available) + " are available");
}

Status Instance::allocateArrays() {
  arrays.resize(model.n_arrays);
  arrayLengths.assign(model.n_arrays, 0);
  uint64_t needed = 0;
  for (uint32_t a = 0; a < model.n_arrays; ++a) {
    const syn_array &array = model.arrays[a];
    if (array.connections != SYN_NONE || array.past_of != SYN_NONE)
      continue; // lives in the rows, or is as long as the delays will say
    arrayLengths[a] = array.uniform              ? 1
                      : array.domain != SYN_NONE ? model.domains[array.domain].size
                                                 : std::max<uint64_t>(1, array.n_values);
    needed += arrayLengths[a] * sizeOfType(array.type);
  }
  if (Status status = checkMemory(needed, "states"); !status.ok())
    return status;
  for (uint32_t a = 0; a < model.n_arrays; ++a) {
    const syn_array &array = model.arrays[a];
    if (array.connections != SYN_NONE || array.past_of != SYN_NONE)
      continue;
    if (tables.isTable(a))
      continue; // may be another's
    if (Status status = allocateArray(a); !status.ok())
      return status;
    uint64_t padded = paddedLength(a);
    for (uint64_t i = 0; i < padded; ++i) {
      bool given = array.values && i < array.n_values;
      storeNumber(arrays[a].data(), array.type, i, given ? array.values[i] : array.value);
    }
  }
  if (model.step_array != SYN_NONE)
    storeNumber(arrays[model.step_array].data(), model.arrays[model.step_array].type, 0, dt);
  return Status::success();
}

uint64_t Instance::paddedLength(uint32_t a) const {
  return (arrayLengths[a] + SYN_PAD - 1) / SYN_PAD * SYN_PAD;
}

Status Instance::allocateArray(uint32_t a) {
  if (arrays[a].allocate(paddedLength(a) * sizeOfType(model.arrays[a].type)))
    return Status::success();
  return Status::machineError("not enough memory for the states of `" +
                              std::string(model.arrays[a].name) + "`");
}

double Instance::value(uint32_t a, uint64_t i) const {
  const syn_array &array = model.arrays[a];
  const void *data = bufferOf(a).data();
  if (array.uniform)
    i = 0;
  switch (array.type) {
  case SYN_F64:
    return static_cast<const double *>(data)[i];
  case SYN_F32:
    return double(static_cast<const float *>(data)[i]);
  case SYN_I64:
    return double(static_cast<const int64_t *>(data)[i]);
  case SYN_I32:
    return double(static_cast<const int32_t *>(data)[i]);
  default:
    return 0;
  }
}

void *Instance::slotPointer(const syn_launch &launch, const syn_slot &slot, unsigned p) {
  switch (slot.kind) {
  case SYN_SLOT_ARRAY: {
    const syn_array &array = model.arrays[slot.index];
    char *data = bufferOf(slot.index).as<char>();
    if (array.uniform || launch.domain == SYN_NONE || launch.kind == SYN_LAUNCH_VALUES)
      return data;
    return data + size_t(bounds[launch.domain][p]) * sizeOfType(array.type);
  }
  case SYN_SLOT_WHOLE_ARRAY:
    return bufferOf(slot.index).data();
  case SYN_SLOT_HISTORY:
    return histories.empty() ? nullptr : &history(slot.index, p).table;
  case SYN_SLOT_PAST:
    return &pasts[slot.index];
  case SYN_SLOT_RING:
    return &sums.ring(slot.index, p);
  case SYN_SLOT_POISSON:
    return &sums.tableOf(slot.index);
  case SYN_SLOT_EMIT:
    return &emits[p][slot.index];
  case SYN_SLOT_CONSTANT:
    return const_cast<uint64_t *>(&slot.constant);
  case SYN_SLOT_ROWS: {
    auto &table = connections[slot.index].table;
    return table.empty() ? nullptr : &table[p];
  }
  case SYN_SLOT_PENDING:
  case SYN_SLOT_VALUES: {
    BuiltConnections &built = connections[model.arrays[slot.index].connections];
    for (size_t c = 0; c < built.values.size(); ++c)
      if (built.columnArrays[c] == slot.index)
        return slot.kind == SYN_SLOT_PENDING ? static_cast<void *>(&built.pending[c][p])
                                             : &built.values[c][p];
    return nullptr;
  }
  default:
    return nullptr;
  }
}

void Instance::fillSlots() {
  slots.assign(model.n_launches, {});
  for (uint32_t l = 0; l < model.n_launches; ++l) {
    const syn_launch &launch = model.launches[l];
    slots[l].resize(partitions);
    for (unsigned p = 0; p < partitions; ++p)
      for (uint32_t s = 0; s < launch.n_slots; ++s)
        slots[l][p].push_back(slotPointer(launch, launch.slots[s], p));
  }
}

Status Instance::allocateLists() {
  uint64_t needed = 0;
  for (uint32_t d = 0; d < model.n_domains; ++d)
    if (model.domains[d].emits)
      needed +=
          2 * model.domains[d].size * uint64_t(blockSteps) * (4 + 8 * model.domains[d].payloads);
  if (Status status = checkMemory(needed, "spikes of a block"); !status.ok())
    return status;
  // What partitions write in every block lies a cache line apart at least.
  constexpr size_t line = 64;
  emits.resize(partitions);
  for (auto &ofPartition : emits) {
    ofPartition.reserve(model.n_domains + line / sizeof(syn_emit) + 1);
    ofPartition.resize(model.n_domains);
  }
  for (auto &parity : lists) {
    parity.resize(size_t(model.n_domains) * partitions);
    for (uint32_t d = 0; d < model.n_domains; ++d) {
      if (!model.domains[d].emits)
        continue;
      for (unsigned p = 0; p < partitions; ++p) {
        SpikeList &list = parity[size_t(d) * partitions + p];
        // Vectors are written whole: one more than fits must not run over the end.
        size_t room = size_t(count(d, p)) * size_t(blockSteps) + SYN_PAD;
        list.elements.resize(room);
        list.counts.reserve(size_t(blockSteps) + line / sizeof(int64_t));
        list.counts.assign(size_t(blockSteps), 0);
        list.payload.assign(model.domains[d].payloads, std::vector<double>(room));
        list.payloadPointers.clear();
        for (auto &values : list.payload)
          list.payloadPointers.push_back(values.data());
      }
    }
  }
  return Status::success();
}

/// Room for as many steps as the longest delay that reads them, all with the start values.
Status Instance::allocatePast() {
  for (uint32_t a = 0; a < model.n_arrays; ++a) {
    const syn_array &array = model.arrays[a];
    if (array.past_of == SYN_NONE)
      continue;
    pastArrays.push_back(a);
    int64_t longest = int64_t(array.depth), slotCount = 1;
    for (uint32_t l = 0; l < model.n_launches; ++l)
      for (uint32_t s = 0; s < model.launches[l].n_slots; ++s)
        if (const syn_slot &slot = model.launches[l].slots[s];
            slot.kind == SYN_SLOT_PAST && slot.index == a)
          longest = std::max<int64_t>(longest, connections[model.launches[l].connections].maxDelay);
    while (slotCount <= longest)
      slotCount *= 2;
    uint64_t stride = (arrayLengths[array.past_of] + SYN_PAD - 1) / SYN_PAD * SYN_PAD;
    size_t bytes = size_t(stride) * sizeOfType(array.type);
    if (Status status = checkMemory(uint64_t(slotCount) * bytes, "delayed values"); !status.ok())
      return status;
    if (!arrays[a].allocate(size_t(slotCount) * bytes))
      return Status::machineError("not enough memory for the delayed values of `" +
                                  std::string(model.arrays[array.past_of].name) + "`");
    arrayLengths[a] = uint64_t(slotCount) * stride;
    pasts[a] = {arrays[a].data(), slotCount, int64_t(stride)};
    for (int64_t s = 0; s < slotCount; ++s)
      std::memcpy(arrays[a].as<char>() + size_t(s) * bytes, arrays[array.past_of].data(), bytes);
  }
  return Status::success();
}

/// Room for the spikes that plastic connections follow later.
Status Instance::allocateHistories() {
  std::vector<int64_t> longest(model.n_domains, 0);
  uint64_t needed = 0;
  bool any = false;
  for (uint32_t i = 0; i < model.n_connections; ++i) {
    int64_t &delay = longest[model.connections[i].target];
    delay = std::max<int64_t>(delay, connections[i].maxDelay);
  }
  for (uint32_t d = 0; d < model.n_domains; ++d)
    if (const syn_domain &domain = model.domains[d]; domain.remembers) {
      any = true;
      needed += History::bytesFor(domain.size, domain.remembered);
    }
  if (!any)
    return Status::success();
  if (Status status = checkMemory(needed, "remembered spikes"); !status.ok())
    return status;
  histories.resize(size_t(model.n_domains) * partitions);
  for (uint32_t d = 0; d < model.n_domains; ++d)
    for (unsigned p = 0; p < partitions && model.domains[d].remembers; ++p)
      if (!history(d, p).allocate(count(d, p), model.domains[d].remembered, longest[d]))
        return Status::machineError("not enough memory for the remembered spikes of `" +
                                    std::string(model.domains[d].name) + "`");
  return Status::success();
}

void Instance::prepareSights() {
  for (uint32_t i = 0; i < model.n_connections; ++i) {
    const syn_connections &c = model.connections[i];
    if (c.sight == SYN_AT_SOURCE)
      continue;
    // The values that a spike carries for a projection end where those for the next one begin.
    const syn_domain &source = model.domains[c.source];
    uint32_t end = source.payloads - (source.remembers ? source.remembered : 0);
    for (uint32_t other = 0; other < model.n_connections; ++other)
      if (const syn_connections &next = model.connections[other];
          next.source == c.source && next.first_payload > c.first_payload)
        end = std::min(end, next.first_payload);
    BuiltConnections &built = connections[i];
    waiting.resize(size_t(model.n_connections) * partitions);
    for (unsigned p = 0; p < partitions; ++p)
      sights(i, p).prepare(c, built.rows, built.rows.partitions[p],
                           built.maxDelay - dendriticPart(c, built.maxDelay),
                           end - std::min(end, c.first_payload), blockSteps);
  }
}

void Instance::keepPast(unsigned p) {
  for (uint32_t a : pastArrays) {
    const syn_array &array = model.arrays[a];
    size_t bytes = sizeOfType(array.type), begin = first(array.domain, p);
    size_t row = size_t((step & (pasts[a].slots - 1)) * pasts[a].stride);
    std::memcpy(arrays[a].as<char>() + (row + begin) * bytes,
                arrays[array.past_of].as<char>() + begin * bytes,
                size_t(count(array.domain, p)) * bytes);
  }
}

void Instance::emitTo(unsigned parity, unsigned p) {
  for (uint32_t d = 0; d < model.n_domains; ++d) {
    SpikeList &list = lists[parity][size_t(d) * partitions + p];
    emits[p][d] = {list.elements.data(), list.counts.data(), list.payloadPointers.data()};
  }
}

syn_range Instance::rangeOf(uint32_t launch, unsigned p) const {
  syn_range range = {};
  const syn_launch &l = model.launches[launch];
  range.seed = seed;
  range.step = step;
  if (l.uniform || l.domain == SYN_NONE) {
    range.count = 1;
  } else {
    range.first = first(l.domain, p);
    range.count = count(l.domain, p);
  }
  return range;
}

void Instance::runStart(uint32_t l) {
  for (unsigned p = 0; p < (model.launches[l].uniform ? 1 : partitions); ++p) {
    syn_range range = rangeOf(l, p);
    call(l, p, range);
  }
}

void Instance::runStarts(uint32_t kind) {
  for (uint32_t l = 0; l < model.n_launches; ++l)
    if (model.launches[l].kind == kind)
      runStart(l);
}

Status Instance::derive() {
  tables.restart();
  for (uint32_t l = 0; l < model.n_launches; ++l) {
    if (model.launches[l].kind != SYN_LAUNCH_DERIVE)
      continue;
    if (uint32_t table = tables.filledBy(l); table != SYN_NONE) {
      auto runs = placeTable(l, table);
      if (!runs)
        return runs.status();
      if (!*runs)
        continue;
    }
    runStart(l);
  }
  return Status::success();
}

Result<bool> Instance::placeTable(uint32_t l, uint32_t table) {
  const void *before = bufferOf(table).data();
  bool runs = tables.settle(l, [&](uint32_t number) { return value(number, 0); });
  if (!runs)
    arrays[table].release();
  else if (arrays[table].empty())
    if (Status status = allocateArray(table); !status.ok())
      return status;
  if (bufferOf(table).data() != before)
    for (auto [reader, s] : tables.slotsOf(table))
      for (unsigned p = 0; p < partitions; ++p)
        slots[reader][p][s] =
            slotPointer(model.launches[reader], model.launches[reader].slots[s], p);
  return runs;
}

Status Instance::refresh() {
  if (Status status = derive(); !status.ok())
    return status;
  return sums.refresh();
}

void Instance::assign(uint32_t l) {
  const syn_launch &launch = model.launches[l];
  if (launch.uniform) {
    syn_range range = rangeOf(l, 0);
    call(l, 0, range);
    return;
  }
  // The elements of the ranges, partition by partition.
  std::vector<uint64_t> all = {0, model.domains[launch.domain].size - 1};
  const uint64_t *ranges = launch.ranges ? launch.ranges : all.data();
  uint32_t n = launch.ranges ? launch.n_ranges : 1;
  for (unsigned p = 0; p < partitions; ++p)
    for (uint32_t r = 0; r < n; ++r) {
      uint64_t from = std::max<uint64_t>(ranges[2 * r], first(launch.domain, p));
      uint64_t to = std::min<uint64_t>(ranges[2 * r + 1] + 1, first(launch.domain, p + 1));
      if (from >= to)
        continue;
      // Slots begin at the slice; shift those of element arrays to `from`.
      std::vector<void *> shifted = slots[l][p];
      for (uint32_t s = 0; s < launch.n_slots; ++s) {
        const syn_slot &slot = launch.slots[s];
        if (slot.kind != SYN_SLOT_ARRAY || model.arrays[slot.index].uniform)
          continue;
        size_t bytes = sizeOfType(model.arrays[slot.index].type);
        shifted[s] = static_cast<char *>(shifted[s]) + (from - first(launch.domain, p)) * bytes;
      }
      syn_range range = rangeOf(l, p);
      range.first = int64_t(from);
      range.count = int64_t(to - from);
      launch.function(shifted.data(), &range);
    }
}

} // namespace synfire::runtime
