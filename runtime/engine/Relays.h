//===- Relays.h - Hidden domains that stand for populations ----*- C++ -*-===//
//
// Spikes pass a relay of their source where a synapse sees them after an axonal
// delay. Relays are no part of the model: what comes from them comes, for
// people and for rules, from the population whose spikes they pass on.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_ENGINE_RELAYS_H
#define SYNFIRE_RUNTIME_ENGINE_RELAYS_H

#include "runtime/synfire.h"

#include <cstring>

namespace synfire::runtime {

/// What the names of such domains begin with.
constexpr char relayPrefix[] = "#axon:";

inline bool isRelay(const syn_model &model, uint32_t domain) {
  return std::strncmp(model.domains[domain].name, relayPrefix, sizeof(relayPrefix) - 1) == 0;
}

/// The population that a domain is, or that its elements are relays of.
inline uint32_t sourceOf(const syn_model &model, uint32_t domain) {
  if (isRelay(model, domain))
    for (uint32_t i = 0; i < model.n_connections; ++i)
      if (model.connections[i].target == domain)
        return model.connections[i].source;
  return domain;
}

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_ENGINE_RELAYS_H
