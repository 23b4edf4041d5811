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

namespace synfire::runtime {

/// The population that a domain is, or that its elements are relays of.
inline uint32_t sourceOf(const syn_model &model, uint32_t domain) {
  uint32_t relayed = model.domains[domain].relays;
  return relayed == SYN_NONE ? domain : relayed;
}

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_ENGINE_RELAYS_H
