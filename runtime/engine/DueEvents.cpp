//===- DueEvents.cpp - Connections by source and delay --------------------===//
//
// Once the grids of sums are known, compiled code computes what every connection
// sends. Amounts replace the values that they follow from, then the rows of all
// projections of one population are merged, and let go.
//
//===----------------------------------------------------------------------===//

#include "runtime/engine/FaultReport.h"
#include "runtime/engine/Instance.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdlib>

namespace synfire::runtime {

namespace {

/// The sum that a launch sends to.
uint32_t accumulatorOf(const syn_launch &launch) {
  for (uint32_t s = 0; s < launch.n_slots; ++s)
    if (launch.slots[s].kind == SYN_SLOT_RING)
      return launch.slots[s].index;
  return SYN_NONE;
}

/// All bits that are set in some amount, and the largest magnitude.
struct AmountRange {
  uint64_t bits = 0, largest = 0;
  void add(int64_t amount) {
    bits |= uint64_t(amount);
    largest = std::max(largest, uint64_t(std::llabs(amount)));
  }
  /// The least shift with which all amounts fit 16 bits exactly, or -1.
  int shift() const {
    int s = 0;
    while (largest >> s > 32767)
      ++s;
    return (bits & ((uint64_t(1) << s) - 1)) == 0 ? s : -1;
  }
};

/// Amounts of the connections of one launch in one partition.
class AmountComputer {
public:
  AmountComputer(const Instance &instance, uint32_t launch, std::vector<void *> slots)
      : launch(instance.model.launches[launch]), slots(std::move(slots)),
        shortExponent(instance.connections[this->launch.connections].weightExponent) {
    for (uint32_t s = 0; s < this->launch.n_slots; ++s)
      if (this->launch.slots[s].kind == SYN_SLOT_VALUES) {
        this->slots[s] = &values;
        array = this->launch.slots[s].index;
      }
  }
  /// The array with a value for each connection, or SYN_NONE.
  uint32_t array = SYN_NONE;
  /// An amount that its sum has no room for, if its step is not negative.
  syn_fault fault = {-1, 0, 0};

  /// Integers of \p bytes from n values of \p type, which they may overwrite.
  void compute(const void *from, uint32_t type, uint64_t n, void *to, unsigned bytes) {
    constexpr uint64_t batch = 1024; // whole vectors, so that none is cut before the end
    for (uint64_t i = 0; i < n; i += batch) {
      uint64_t count = std::min(batch, n - i);
      int16_t narrow[batch + SYN_PAD] = {};
      if (type == SYN_I16) {
        double scale = std::ldexp(1.0, shortExponent);
        for (uint64_t j = 0; j < count; ++j)
          narrow[j] = int16_t(static_cast<const float *>(from)[i + j] * scale);
        values = {narrow, 1 / scale};
      } else {
        values = {static_cast<const char *>(from) + i * sizeOfType(type), 1.0};
      }
      syn_range range = {};
      range.count = int64_t(count);
      range.fault = &fault;
      range.out = reinterpret_cast<double *>(static_cast<char *>(to) + i * bytes);
      launch.function(slots.data(), &range);
    }
  }

private:
  const syn_launch &launch;
  std::vector<void *> slots;
  int shortExponent;
  syn_values values = {};
};

int64_t amountAt(const void *amounts, unsigned bytes, uint64_t i) {
  return bytes == 8 ? static_cast<const int64_t *>(amounts)[i]
                    : static_cast<const int32_t *>(amounts)[i];
}

} // namespace

void DueEvents::findAccumulators() {
  for (uint32_t l = 0; l < instance.model.n_launches; ++l) {
    if (instance.model.launches[l].kind != SYN_LAUNCH_AMOUNTS)
      continue;
    uint32_t a = accumulatorOf(instance.model.launches[l]);
    if (std::find(accumulators.begin(), accumulators.end(), a) == accumulators.end())
      accumulators.push_back(a);
  }
  // Neighbours in the sums are neighbours in the segments.
  std::sort(accumulators.begin(), accumulators.end());
}

uint32_t DueEvents::firstSum(uint32_t accumulator, unsigned p) const {
  uint64_t first = 0;
  for (uint32_t a : accumulators) {
    if (a == accumulator)
      break;
    first += (instance.count(instance.model.accumulators[a].domain, p) + SYN_PAD - 1) / SYN_PAD *
             SYN_PAD;
  }
  return uint32_t(std::min<uint64_t>(first, UINT32_MAX));
}

unsigned DueEvents::sumBytes() const {
  return unsigned(sizeOfType(instance.model.accumulators[accumulators.front()].type));
}

void *DueEvents::sums(unsigned p, int64_t stamp) {
  const syn_ring &first = instance.sums.ring(accumulators.front(), p);
  return static_cast<char *>(first.base) +
         size_t((stamp & (first.slots - 1)) * first.stride) * sumBytes();
}

/// Computes the amounts of one launch and finds the table that its connections belong to.
Status DueEvents::layOutByDelay(Team &team, uint32_t l) {
  const syn_launch &launch = instance.model.launches[l];
  const syn_connections &c = instance.model.connections[launch.connections];
  BuiltConnections &built = instance.connections[launch.connections];
  unsigned bytes = sumBytes();
  std::vector<AmountRange> ranges(instance.partitions);
  uint32_t array = SYN_NONE;
  std::atomic<bool> isBeyond{false};
  team.run([&](unsigned thread) {
    for (unsigned p = thread; p < instance.partitions; p += team.size()) {
      AmountComputer computer(instance, l, instance.slotsOf(l, p));
      uint64_t n = built.rows.partitions[p].connections;
      if (computer.array == SYN_NONE)
        continue;
      size_t column = 0;
      while (built.columnArrays[column] != computer.array)
        ++column;
      void *values = built.column(column, p);
      computer.compute(values, instance.model.arrays[computer.array].type, n, values, bytes);
      if (computer.fault.step >= 0)
        isBeyond = true;
      for (uint64_t i = 0; i < n; ++i)
        ranges[p].add(amountAt(values, bytes, i));
      if (p == 0)
        array = computer.array;
    }
  });
  if (isBeyond)
    return beyondLimit(instance.model, accumulatorOf(launch), "`" + std::string(c.name) + "`", "");
  AmountRange all;
  for (const AmountRange &range : ranges) {
    all.bits |= range.bits;
    all.largest = std::max(all.largest, range.largest);
  }
  SegmentFormat format;
  int64_t amount = 0;
  format.amountBytes = bytes;
  if (array == SYN_NONE) {
    auto computed = amountOfAll(l);
    if (!computed)
      return computed.status();
    amount = *computed;
  } else if (int shift = bytes == 4 ? all.shift() : -1; shift >= 0) {
    format.storage = AmountStorage::Packed;
    format.shift = unsigned(shift);
  } else {
    format.storage = AmountStorage::Wide;
  }
  size_t pool = poolFor(format, amount, built.rows);
  auto known = std::find_if(tables.begin(), tables.end(), [&](const DueTable &table) {
    return table.source == c.source && table.pool == pool;
  });
  if (known == tables.end()) {
    known = tables.emplace(tables.end());
    known->source = c.source;
    known->pool = pool;
  }
  known->launches.push_back(l);
  return Status::success();
}

/// The pool that rows are added to; connections of a pool have numbers of 32 bits.
size_t DueEvents::poolFor(const SegmentFormat &format, int64_t amount, const Rows &rows) {
  auto fits = [&](const DuePool &pool) {
    for (unsigned p = 0; p < instance.partitions; ++p)
      if (pool.connections[p] + rows.partitions[p].connections > UINT32_MAX)
        return false;
    return pool.format == format && pool.amount == amount;
  };
  auto pool = std::find_if(pools.begin(), pools.end(), fits);
  if (pool == pools.end()) {
    pool = pools.emplace(pools.end());
    pool->format = format;
    pool->amount = amount;
    pool->connections.resize(instance.partitions);
    pool->parts.resize(instance.partitions);
  }
  for (unsigned p = 0; p < instance.partitions; ++p)
    pool->connections[p] += rows.partitions[p].connections;
  return size_t(pool - pools.begin());
}

Status DueEvents::layOutImplicit(uint32_t l) {
  const syn_launch &launch = instance.model.launches[l];
  const syn_connections &c = instance.model.connections[launch.connections];
  ImplicitTable table;
  table.source = c.source;
  table.delay = instance.connections[launch.connections].maxDelay;
  auto amount = amountOfAll(l);
  if (!amount)
    return amount.status();
  table.amount = *amount;
  table.connections = std::move(instance.connections[launch.connections].regular);
  for (unsigned p = 0; p < instance.partitions; ++p)
    table.targets.push_back({instance.first(c.target, p), instance.first(c.target, p + 1),
                             firstSum(accumulatorOf(launch), p)});
  implicitTables.push_back(std::move(table));
  return Status::success();
}

/// What each connection of a launch without values of its own sends.
Result<int64_t> DueEvents::amountOfAll(uint32_t l) const {
  int64_t room[SYN_PAD] = {};
  AmountComputer computer(instance, l, instance.slotsOf(l, 0));
  computer.compute(room, SYN_F64, 1, room, sumBytes());
  const syn_launch &launch = instance.model.launches[l];
  if (computer.fault.step >= 0)
    return beyondLimit(instance.model, accumulatorOf(launch),
                       "`" + std::string(instance.model.connections[launch.connections].name) + "`",
                       "");
  return amountAt(room, sumBytes(), 0);
}

/// Merges the rows of each table.
Status DueEvents::merge(Team &team) {
  for (DuePool &pool : pools)
    for (unsigned p = 0; p < instance.partitions; ++p)
      if (!pool.parts[p].allocate(pool.format, pool.connections[p]))
        return Status::machineError("not enough memory for " + std::to_string(pool.connections[p]) +
                                    " connections");
  for (DueTable &table : tables) {
    DuePool &pool = pools[table.pool];
    table.parts.resize(instance.partitions);
    team.run([&](unsigned thread) {
      for (unsigned p = thread; p < instance.partitions; p += team.size()) {
        std::vector<SegmentSource> sources;
        for (uint32_t l : table.launches) {
          const syn_launch &launch = instance.model.launches[l];
          BuiltConnections &built = instance.connections[launch.connections];
          const void *amounts = nullptr;
          for (size_t column = 0; column < built.columnArrays.size(); ++column)
            if (built.columnArrays[column] ==
                AmountComputer(instance, l, instance.slotsOf(l, p)).array)
              amounts = built.column(column, p);
          sources.push_back({&built.rows, &built.rows.partitions[p], amounts,
                             firstSum(accumulatorOf(launch), p), built.maxDelay});
        }
        std::sort(sources.begin(), sources.end(),
                  [](const auto &x, const auto &y) { return x.firstIndex < y.firstIndex; });
        table.parts[p] =
            Segments::merge(sources, pool.format,
                            uint32_t(instance.model.domains[table.source].size), pool.parts[p]);
      }
    });
    uint64_t bytes = 0, all = 0;
    for (const Segments &part : table.parts) {
      bytes += part.bytes(pool.format);
      all += part.connections;
    }
    for (uint32_t l : table.launches) {
      BuiltConnections &built = instance.connections[instance.model.launches[l].connections];
      built.bytes =
          all ? uint64_t(double(bytes) * double(built.rows.connections) / double(all)) : 0;
      built.rows.partitions.clear();
    }
  }
  return Status::success();
}

Status DueEvents::layOut(Team &team) {
  for (uint32_t l = 0; l < instance.model.n_launches; ++l)
    if (instance.model.launches[l].kind == SYN_LAUNCH_AMOUNTS) {
      bool implicit =
          instance.model.connections[instance.model.launches[l].connections].layout == SYN_IMPLICIT;
      Status status = implicit ? layOutImplicit(l) : layOutByDelay(team, l);
      if (!status.ok())
        return status;
    }
  if (Status status = merge(team); !status.ok())
    return status;
  uint32_t longest = 0;
  for (const DueTable &table : tables)
    for (const Segments &part : table.parts)
      longest = std::max(longest, part.maxDelay);
  for (const ImplicitTable &table : implicitTables)
    longest = std::max(longest, table.delay);
  agendas.resize(instance.partitions);
  for (unsigned p = 0; p < instance.partitions; ++p)
    agendas[p].prepare(pools, tables, implicitTables, p, longest, instance.blockSteps);
  return Status::success();
}

Status DueEvents::allocateSums(int64_t slotCount) {
  memory.resize(instance.partitions);
  for (unsigned p = 0; p < instance.partitions && !empty(); ++p) {
    int64_t stride = firstSum(SYN_NONE, p);
    if (!memory[p].allocate(size_t(slotCount * stride) * sumBytes()))
      return Status::machineError("not enough memory for the pending events of `" +
                                  std::string(instance.model.name) + "`");
    for (uint32_t a : accumulators)
      instance.sums.ring(a, p) = {memory[p].as<char>() + size_t(firstSum(a, p)) * sumBytes(),
                                  slotCount, stride};
  }
  return Status::success();
}

} // namespace synfire::runtime
