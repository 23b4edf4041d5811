//===- ModelIndex.cpp - Which rows of a model's tables belong together ----===//

#include "runtime/engine/ModelIndex.h"

#include <string_view>
#include <unordered_map>

using namespace synfire::runtime;

ModelIndex::ModelIndex(const syn_model &model)
    : ofDomain(model.n_domains), ofAccumulator(model.n_accumulators), values(model.n_connections),
      weights(model.n_connections, SYN_NONE) {
  // A value function is named after the array over its connections that it fills.
  std::vector<std::unordered_map<std::string_view, uint32_t>> named(model.n_connections);
  std::unordered_map<std::string_view, uint32_t> lone;
  for (uint32_t a = 0; a < model.n_arrays; ++a) {
    const syn_array &array = model.arrays[a];
    if (array.connections != SYN_NONE)
      named[array.connections].emplace(array.name, a);
    else
      lone.emplace(array.name, a);
    if (array.domain != SYN_NONE && !array.uniform)
      ofDomain[array.domain].push_back(a);
  }
  for (uint32_t l = 0; l < model.n_launches; ++l) {
    const syn_launch &launch = model.launches[l];
    if (launch.kind != SYN_LAUNCH_VALUES || launch.connections == SYN_NONE)
      continue;
    auto array = named[launch.connections].find(launch.name);
    if (array != named[launch.connections].end())
      values[launch.connections].emplace_back(l, array->second);
  }
  for (uint32_t s = 0; s < model.n_sends; ++s)
    ofAccumulator[model.sends[s].accumulator].push_back(s);
  for (uint32_t c = 0; c < model.n_connections; ++c) {
    auto weight = lone.find(std::string(model.connections[c].name) + ".weight");
    if (weight != lone.end())
      weights[c] = weight->second;
  }
}
