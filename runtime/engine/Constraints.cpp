//===- Constraints.cpp - What priors state of connections -----------------===//

#include "runtime/engine/Constraints.h"
#include "runtime/engine/Instance.h"
#include "runtime/engine/Relays.h"
#include "runtime/report/Format.h"

#include <algorithm>
#include <climits>
#include <cmath>

namespace synfire::runtime {

Constraints::Constraints(Instance &instance) : instance(instance), model(instance.model) {}

std::string Constraints::nameOf(uint32_t domain, uint32_t element) const {
  const syn_domain &d = model.domains[sourceOf(model, domain)];
  if (d.element_names)
    return d.element_names[element];
  return std::string(d.name) + "[" + std::to_string(element) + "]";
}

Status Constraints::broken(const syn_constraint &constraint, const std::string &how) const {
  return Status::userError("the constraint " + std::string(constraint.text) +
                           " does not hold: " + how);
}

int64_t Constraints::stepsToNext(int64_t step) const {
  int64_t next = INT64_MAX;
  for (uint32_t i = 0; i < model.n_constraints; ++i)
    if (int64_t period = model.constraints[i].period)
      next = std::min(next, period - step % period);
  return next;
}

bool Constraints::areDue(int64_t step) const {
  for (uint32_t i = 0; i < model.n_constraints; ++i)
    if (int64_t period = model.constraints[i].period; period && step % period == 0)
      return true;
  return false;
}

Status Constraints::start(Team &team) {
  Shares shares(team);
  Status status = Status::success();
  auto check = [&] {
    for (uint32_t i = 0; i < model.n_constraints && status.ok(); ++i) {
      const syn_constraint &constraint = model.constraints[i];
      if (constraint.kind == SYN_LIMITS)
        status = checkLimits(constraint, shares);
      else if (constraint.kind == SYN_NO_AUTAPSES)
        status = checkAutapses(constraint, shares);
    }
    if (status.ok())
      status = keep(0, shares, true);
  };
  if (model.n_constraints)
    team.run([&](unsigned thread) { shares.lead(thread, false, check); });
  return status;
}

Status Constraints::keep(int64_t step, Shares &shares, bool all) {
  for (uint32_t kind : {SYN_TIED, SYN_SYMMETRIC, SYN_SUM, SYN_DENSITY})
    for (uint32_t i = 0; i < model.n_constraints; ++i) {
      const syn_constraint &constraint = model.constraints[i];
      bool due = all || (constraint.period && step % constraint.period == 0);
      if (constraint.kind != kind || !due || isFrozen(constraint))
        continue;
      if (Status status = keepOne(constraint, shares); !status.ok())
        return status;
    }
  return Status::success();
}

bool Constraints::isFrozen(const syn_constraint &constraint) const {
  return std::any_of(constraint.frozen, constraint.frozen + constraint.n, [&](uint32_t array) {
    return array != SYN_NONE && instance.value(array, 0) > 0.5;
  });
}

Status Constraints::keepOne(const syn_constraint &constraint, Shares &shares) {
  switch (constraint.kind) {
  case SYN_TIED:
    return tie(constraint, shares);
  case SYN_SYMMETRIC:
    return symmetrize(constraint, shares);
  case SYN_SUM:
    return scaleSums(constraint, shares);
  default:
    for (uint32_t i = 0; i < constraint.n; ++i)
      if (Status status = thin(constraint, i, shares); !status.ok())
        return status;
    return Status::success();
  }
}

/// Names the first connections, by source and target, for which `nameOf` has a name.
template <typename Function>
static std::string listConnections(const OrderedConnections &found, Function nameOf) {
  constexpr size_t most = 3;
  std::string text;
  for (size_t i = 0; i < std::min(most, found.all.size()); ++i)
    text += (text.empty() ? "" : ", ") + nameOf(found.all[i]);
  if (found.all.size() > most)
    text += " and " + formatCount(found.all.size() - most) + " more";
  return text;
}

Status Constraints::checkLimits(const syn_constraint &constraint, Shares &shares) {
  for (uint32_t i = 0; i < constraint.n; ++i) {
    ConstrainedWeights member(instance, constraint, i);
    double low = constraint.limits[2 * i], high = constraint.limits[2 * i + 1];
    if (!member.weights.areStored())
      continue; // compared by the compiler
    double least = member.weights.rounded(low), most = member.weights.rounded(high);
    OrderedConnections outside = member.inOrder(shares, false, [&](unsigned p, uint64_t entry) {
      double w = member.weights.get(p, entry);
      return !(least <= w && w <= most);
    });
    size_t count = outside.all.size();
    if (!count)
      continue;
    const syn_connections &c = model.connections[constraint.connections[i]];
    const char *unit = model.arrays[constraint.weights[i]].unit;
    std::string list = listConnections(outside, [&](const ConstrainedConnection &at) {
      return nameOf(c.source, at.source) + " -> " + nameOf(c.target, at.target) + " (" +
             formatted("%.6g", member.weights.get(at.partition, at.entry)) + " " + unit + ")";
    });
    std::string where =
        low == 0    ? "below 0"
        : high == 0 ? "above 0"
                    : "outside " + formatted("%.6g", low) + " .. " + formatted("%.6g", high);
    return broken(constraint, formatCounted(count, "connection") + " of `" + c.name +
                                  (count == 1 ? "` has" : "` have") + " a weight " + where + ": " +
                                  list);
  }
  return Status::success();
}

Status Constraints::checkAutapses(const syn_constraint &constraint, Shares &shares) {
  for (uint32_t i = 0; i < constraint.n; ++i) {
    const syn_connections &c = model.connections[constraint.connections[i]];
    if (sourceOf(model, c.source) != c.target || c.layout == SYN_IMPLICIT)
      continue; // regular rules are told of it
    ConstrainedWeights member(instance, constraint, i);
    OrderedConnections found = member.inOrder(shares, false);
    auto other = [](const ConstrainedConnection &at) { return at.source != at.target; };
    found.all.erase(std::remove_if(found.all.begin(), found.all.end(), other), found.all.end());
    size_t count = found.all.size();
    if (count)
      return broken(constraint,
                    formatCounted(count, "element") + " of `" + model.domains[c.target].name +
                        (count == 1 ? "` connects to itself: " : "` connect to themselves: ") +
                        listConnections(found, [&](const ConstrainedConnection &at) {
                          return nameOf(c.source, at.source);
                        }));
  }
  return Status::success();
}

} // namespace synfire::runtime
