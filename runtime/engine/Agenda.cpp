//===- Agenda.cpp ---------------------------------------------------------===//

#include "runtime/engine/Agenda.h"

#include <algorithm>

using namespace synfire::runtime;

/// Compiled code asks for the connections of so many segments ahead, at most.
static constexpr size_t lookAhead = 16;
/// So many spikes ahead a row is asked for, and its segments.
static constexpr int64_t rowsAhead = 4, segmentsAhead = 2;
static constexpr size_t line = 64;

void Agenda::prepare(const std::vector<DuePool> &allPools, const std::vector<DueTable> &all,
                     const std::vector<ImplicitTable> &regular, unsigned number, uint32_t longest,
                     int64_t blockSteps) {
  pools = &allPools;
  tables = &all;
  implicit = &regular;
  partition = number;
  size_t horizon = 1;
  while (horizon < size_t(longest) + size_t(blockSteps) + 1)
    horizon *= 2;
  amounts.assign(horizon, {});
  segments.assign(allPools.size(), Lists(horizon));
  senders.assign(regular.size(), std::vector<std::vector<uint32_t>>(horizon));
}

void Agenda::clear() {
  for (Lists &lists : segments)
    for (auto &list : lists)
      list.clear();
  for (auto &lists : senders)
    for (auto &list : lists)
      list.clear();
  for (auto &list : amounts)
    list.clear();
}

static void askSegmentsOf(const Segments &part, uint32_t source) {
  const Segments::Row *row = &part.rows.data()[source];
  for (uint32_t s = row[0].segment; s < row[1].segment; s += line / sizeof(Segments::Segment))
    __builtin_prefetch(&part.segments.data()[s]);
}

void Agenda::askRows(size_t table, const uint32_t *spikes, int64_t n) const {
  const Segments &part = (*tables)[table].parts[partition];
  for (int64_t i = 0; i < std::min(n, rowsAhead); ++i)
    __builtin_prefetch(&part.rows.data()[spikes[i]]);
}

void Agenda::askSegments(size_t table, const uint32_t *spikes, int64_t n) const {
  const Segments &part = (*tables)[table].parts[partition];
  for (int64_t i = 0; i < std::min(n, segmentsAhead); ++i)
    askSegmentsOf(part, spikes[i]);
}

uint64_t Agenda::add(size_t table, const uint32_t *spikes, int64_t n, int64_t stamp) {
  const Segments &part = (*tables)[table].parts[partition];
  Lists &lists = segments[(*tables)[table].pool];
  const Segments::Row *rows = part.rows.data();
  const Segments::Segment *all = part.segments.data();
  uint64_t connections = 0;
  for (int64_t i = 0; i < n; ++i) {
    // Rows are far apart; spike lists are padded, so that looking ahead in them is safe.
    __builtin_prefetch(&rows[spikes[i + rowsAhead]]);
    askSegmentsOf(part, spikes[i + segmentsAhead]);
    const Segments::Row *row = &rows[spikes[i]];
    uint32_t begin = row->connection;
    for (uint32_t s = row[0].segment; s < row[1].segment; ++s) {
      uint32_t end = begin + all[s].length;
      lists[slotOf(stamp + all[s].delay)].push_back({begin, end});
      begin = end;
    }
    connections += row[1].connection - row[0].connection;
  }
  return connections;
}

uint64_t Agenda::addImplicit(size_t table, const uint32_t *spikes, int64_t n, int64_t stamp) {
  const ImplicitTable &from = (*implicit)[table];
  std::vector<uint32_t> &list = senders[table][slotOf(stamp + from.delay)];
  list.insert(list.end(), spikes, spikes + n);
  const ImplicitTable::Targets &targets = from.targets[partition];
  uint64_t connections = 0;
  for (int64_t i = 0; i < n; ++i)
    connections += from.connections.connectionsOf(spikes[i], targets.begin, targets.end);
  return connections;
}

void Agenda::addAmount(int64_t stamp, uint32_t index, int64_t amount) {
  amounts[slotOf(stamp)].push_back({index, amount});
}

template <typename Sum> void Agenda::handleImplicit(int64_t stamp, Sum *sums) {
  for (size_t t = 0; t < senders.size(); ++t) {
    std::vector<uint32_t> &list = senders[t][slotOf(stamp)];
    if (list.empty())
      continue;
    const ImplicitTable &table = (*implicit)[t];
    const ImplicitTable::Targets &targets = table.targets[partition];
    table.connections.add(list.data(), list.size(), Sum(table.amount), targets.begin, targets.end,
                          sums + targets.firstSum);
    list.clear();
  }
  std::vector<Amount> &single = amounts[slotOf(stamp)];
  for (const Amount &a : single)
    sums[a.index] += Sum(a.amount);
  single.clear();
}

void Agenda::handle(const syn_model &model, int64_t stamp, void *sums, unsigned bytes) {
  handleStored(model, stamp, sums);
  if (bytes == 8)
    handleImplicit(stamp, static_cast<int64_t *>(sums));
  else
    handleImplicit(stamp, static_cast<int32_t *>(sums));
}

void Agenda::handleStored(const syn_model &model, int64_t stamp, void *sums) {
  for (size_t t = 0; t < segments.size(); ++t) {
    std::vector<syn_segment> &list = segments[t][slotOf(stamp)];
    if (list.empty())
      continue;
    const DuePool &pool = (*pools)[t];
    const SegmentPool &part = pool.parts[partition];
    size_t n = list.size();
    list.resize(n + lookAhead);
    syn_due due = {sums,
                   list.data(),
                   int64_t(n),
                   part.entries.data(),
                   part.amounts.data(),
                   int64_t(pool.format.shift),
                   pool.amount};
    switch (pool.format.storage) {
    case AmountStorage::Packed:
      model.due_packed(&due);
      break;
    case AmountStorage::Wide:
      model.due_wide(&due);
      break;
    case AmountStorage::Uniform:
      model.due_uniform(&due);
      break;
    }
    list.clear();
  }
}

void Agenda::visit(int64_t stamp, const std::function<void(uint32_t, int64_t)> &visit) const {
  for (size_t t = 0; t < segments.size(); ++t) {
    const DuePool &pool = (*pools)[t];
    const SegmentPool &part = pool.parts[partition];
    for (const syn_segment &segment : segments[t][slotOf(stamp)])
      for (uint32_t c = segment.begin; c < segment.end; ++c) {
        if (pool.format.storage == AmountStorage::Packed) {
          uint32_t entry = part.entries.as<uint32_t>()[c];
          visit(entry & 0xffff, int64_t(int32_t(entry) >> 16) << pool.format.shift);
          continue;
        }
        uint32_t index = part.entries.as<uint16_t>()[c];
        if (pool.format.storage == AmountStorage::Uniform)
          visit(index, pool.amount);
        else if (pool.format.amountBytes == 8)
          visit(index, part.amounts.as<int64_t>()[c]);
        else
          visit(index, part.amounts.as<int32_t>()[c]);
      }
  }
  for (size_t t = 0; t < senders.size(); ++t) {
    const ImplicitTable &table = (*implicit)[t];
    const ImplicitTable::Targets &targets = table.targets[partition];
    const std::vector<uint32_t> &list = senders[t][slotOf(stamp)];
    std::vector<int64_t> sums(targets.end - targets.begin);
    table.connections.add(list.data(), list.size(), table.amount, targets.begin, targets.end,
                          sums.data());
    for (size_t i = 0; i < sums.size(); ++i)
      if (sums[i])
        visit(targets.firstSum + uint32_t(i), sums[i]);
  }
  for (const Amount &a : amounts[slotOf(stamp)])
    visit(a.index, a.amount);
}
