//===- MemoryPlan.cpp -----------------------------------------------------===//

#include "runtime/engine/MemoryPlan.h"
#include "runtime/engine/Instance.h"
#include "runtime/engine/Relays.h"
#include "runtime/random/Grid.h"
#include "runtime/report/Format.h"

#include <algorithm>
#include <cmath>

namespace synfire::runtime {

uint64_t totalBytes(const std::vector<MemoryShare> &shares) {
  uint64_t sum = 0;
  for (const MemoryShare &share : shares)
    sum += share.bytes;
  return sum;
}

std::string memoryTable(std::vector<MemoryShare> shares, size_t most) {
  std::sort(shares.begin(), shares.end(), [](const auto &x, const auto &y) {
    return x.bytes != y.bytes ? x.bytes > y.bytes : x.owner < y.owner;
  });
  if (shares.size() > most + 1) {
    std::vector<MemoryShare> rest(shares.begin() + long(most), shares.end());
    shares.resize(most);
    shares.push_back({std::to_string(rest.size()) + " others", totalBytes(rest), 0});
  }
  size_t width = 0;
  for (const MemoryShare &share : shares)
    width = std::max(width, displayWidth(share.owner));
  std::string text;
  for (const MemoryShare &share : shares) {
    text += "    " + padRight(share.owner, width) + padLeft(formatBytes(share.bytes), 11);
    if (share.connections > 0)
      text += "   about " + formatCounted(uint64_t(share.connections), "connection");
    text += '\n';
  }
  return text;
}

Status checkMemoryPlan(const std::string &model, const std::vector<MemoryShare> &shares) {
  uint64_t needed = totalBytes(shares), available = availableMemory();
  if (needed <= available)
    return Status::success();
  std::string table = memoryTable(shares);
  table.pop_back();
  return Status::machineError("not enough memory for `" + model + "`: " + formatBytes(needed) +
                              " are needed, " + formatBytes(available) + " are available\n" +
                              table);
}

namespace {
uint64_t padded(uint64_t elements) { return (elements + SYN_PAD - 1) / SYN_PAD * SYN_PAD; }
} // namespace

/// Steps of a delay that all connections of a projection have.
static int64_t constantDelay(const syn_connections &c, double dt) {
  return std::max<int64_t>(1, toSteps(c.delay, dt).steps);
}

int64_t Instance::foreseeBlockSteps(const syn_model &model, double dt, int64_t drawn) {
  int64_t block = 64;
  for (uint32_t i = 0; i < model.n_connections; ++i) {
    const syn_connections &c = model.connections[i];
    if (c.continuous)
      block = 1;
    else if (c.delay_values != SYN_NONE)
      block = std::min(block, drawn);
    else if (!c.zero_delay)
      block = std::min(block, constantDelay(c, dt));
  }
  return block;
}

std::vector<MemoryShare> Instance::foreseePopulations() const {
  int64_t block = foreseeBlockSteps(model, dt, 1);
  std::vector<MemoryShare> shares;
  for (uint32_t d = 0; d < model.n_domains; ++d) {
    const syn_domain &domain = model.domains[d];
    uint64_t bytes = 0;
    for (uint32_t a : index.arraysOver(d))
      bytes += padded(domain.size) * sizeOfType(model.arrays[a].type);
    if (domain.emits)
      bytes += 2 * domain.size * uint64_t(block) * (4 + 8 * domain.payloads);
    for (uint32_t a = 0; a < model.n_accumulators; ++a) {
      const syn_accumulator &sum = model.accumulators[a];
      if (sum.domain != d)
        continue;
      int64_t longest = block, slotCount = 1;
      for (uint32_t s : index.sendsTo(a)) {
        uint32_t c = model.sends[s].connections;
        if (c != SYN_NONE && model.connections[c].layout == SYN_BY_SOURCE &&
            model.connections[c].delay_values == SYN_NONE)
          longest = std::max(longest, constantDelay(model.connections[c], dt));
      }
      while (slotCount < longest + 1)
        slotCount *= 2;
      bytes += uint64_t(slotCount) * padded(domain.size) * sizeOfType(sum.type);
    }
    if (!domain.hidden)
      shares.push_back({std::string("population ") + domain.name, bytes, 0});
  }
  return shares;
}

Result<std::vector<MemoryShare>> Instance::foreseeProjections() const {
  std::vector<MemoryShare> shares;
  // Rows by source and delay are merged population by population, and then let go.
  std::vector<MemoryShare> merged(model.n_domains);
  for (uint32_t i = 0; i < model.n_connections; ++i) {
    const syn_connections &c = model.connections[i];
    if (c.hidden)
      continue;
    auto spec = specOf(i);
    if (!spec)
      return spec.status();
    auto source = PairSource::create(std::move(*spec));
    if (!source)
      return source.status();
    MemoryShare share = {std::string("projection ") + c.name, 0, (*source)->expectedConnections()};
    if (c.layout != SYN_IMPLICIT) {
      RowsRequest request = requestOf(i);
      uint64_t rows = c.continuous ? model.domains[c.target].size
                                   : model.domains[c.source].size * uint64_t(partitions);
      share.bytes =
          uint64_t(share.connections * double(bytesOfEntry(request))) + rows * sizeof(uint32_t);
      if (c.layout == SYN_BY_SOURCE_AND_DELAY) {
        uint64_t amount = request.weight == WeightStorage::None ? 0 : due.sumBytes();
        uint64_t each = amount == 4 ? 4 : sizeof(uint16_t) + amount; // short ones are packed
        merged[c.source].connections += share.connections;
        merged[c.source].bytes += uint64_t(share.connections * double(each));
      }
    }
    shares.push_back(std::move(share));
  }
  auto largest = std::max_element(merged.begin(), merged.end(),
                                  [](const auto &x, const auto &y) { return x.bytes < y.bytes; });
  if (largest != merged.end() && largest->bytes) {
    largest->owner =
        std::string("merging what leaves ") + model.domains[size_t(largest - merged.begin())].name;
    shares.push_back(*largest);
  }
  return shares;
}

Result<std::vector<MemoryShare>> Instance::foresee(const syn_model &model, const syn_run &run,
                                                   uint64_t seed, Team &team) {
  std::unique_ptr<Instance> made(new Instance(model, run, seed));
  made->due.findAccumulators();
  made->partition(team);
  std::vector<MemoryShare> shares = made->foreseePopulations();
  // Probabilities may depend on values of the elements.
  if (totalBytes(shares) > availableMemory())
    return shares;
  if (Status status = made->prepareElements(); !status.ok())
    return status;
  auto projections = made->foreseeProjections();
  if (!projections)
    return projections.status();
  shares.insert(shares.end(), projections->begin(), projections->end());
  return shares;
}

} // namespace synfire::runtime
