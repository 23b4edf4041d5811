//===- SharedTables.cpp - Tables that follow from equal numbers -----------===//

#include "runtime/engine/SharedTables.h"

#include <cstring>
#include <numeric>

using namespace synfire::runtime;

SharedTables::SharedTables(const syn_model &model)
    : model(model), tables(model.n_launches, SYN_NONE), owners(model.n_arrays) {
  std::iota(owners.begin(), owners.end(), 0);
  for (uint32_t l = 0; l < model.n_launches; ++l) {
    tables[l] = findTable(model.launches[l]);
    if (tables[l] != SYN_NONE)
      places[tables[l]];
  }
  for (uint32_t l = 0; l < model.n_launches && !places.empty(); ++l)
    for (uint32_t s = 0; s < model.launches[l].n_slots; ++s) {
      const syn_slot &slot = model.launches[l].slots[s];
      if (slot.kind != SYN_SLOT_ARRAY && slot.kind != SYN_SLOT_WHOLE_ARRAY)
        continue;
      if (auto table = places.find(slot.index); table != places.end())
        table->second.emplace_back(l, s);
    }
}

uint32_t SharedTables::findTable(const syn_launch &launch) const {
  if (launch.kind != SYN_LAUNCH_DERIVE || launch.uniform || launch.domain == SYN_NONE ||
      !model.domains[launch.domain].hidden)
    return SYN_NONE;
  uint32_t table = SYN_NONE;
  for (uint32_t s = 0; s < launch.n_slots; ++s) {
    const syn_slot &slot = launch.slots[s];
    if (slot.kind == SYN_SLOT_CONSTANT ||
        (slot.kind == SYN_SLOT_ARRAY && model.arrays[slot.index].uniform))
      continue;
    // The one array that is not a number can only be what the launch writes.
    if (slot.kind != SYN_SLOT_ARRAY || table != SYN_NONE ||
        model.arrays[slot.index].kind != SYN_DERIVED)
      return SYN_NONE;
    table = slot.index;
  }
  return table;
}

bool SharedTables::settle(uint32_t l, const std::function<double(uint32_t array)> &number) {
  const syn_launch &launch = model.launches[l];
  std::vector<uint64_t> key = {uint64_t(reinterpret_cast<uintptr_t>(launch.function)),
                               launch.domain};
  for (uint32_t s = 0; s < launch.n_slots; ++s) {
    const syn_slot &slot = launch.slots[s];
    uint64_t bits = slot.constant;
    if (slot.kind == SYN_SLOT_ARRAY) {
      double value = slot.index == tables[l] ? 0 : number(slot.index);
      std::memcpy(&bits, &value, sizeof(bits));
    }
    key.push_back(bits);
  }
  auto [found, isNew] = derived.try_emplace(std::move(key), tables[l]);
  owners[tables[l]] = found->second;
  return isNew;
}
