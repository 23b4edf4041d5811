//===- Constraints.cpp - What priors state of connections -----------------===//

#include "runtime/engine/Constraints.h"
#include "runtime/engine/Instance.h"
#include "runtime/engine/Relays.h"
#include "runtime/report/Format.h"

#include <algorithm>
#include <climits>
#include <cmath>

namespace synfire::runtime {

ConnectionValues::ConnectionValues(Instance &instance, uint32_t connections, uint32_t array)
    : built(instance.connections[connections]) {
  if (array == SYN_NONE)
    return;
  if (instance.model.arrays[array].connections == SYN_NONE) {
    uniform = instance.value(array, 0);
    return;
  }
  size_t column = 0;
  while (column < built.columnArrays.size() && built.columnArrays[column] != array)
    ++column;
  if (column == built.columnArrays.size())
    return;
  stored = true;
  isSingle = column == 0 && built.rows.weight == WeightStorage::F32;
  for (unsigned p = 0; p < built.rows.partitions.size(); ++p)
    bases.push_back(built.column(column, p));
}

const Rows &ConnectionValues::rows() const { return built.rows; }

std::vector<ConstrainedConnection> canonicalConnections(const Rows &rows) {
  std::vector<ConstrainedConnection> all;
  all.reserve(rows.connections);
  for (uint32_t p = 0; p < rows.partitions.size(); ++p) {
    const RowPartition &part = rows.partitions[p];
    uint64_t numRows = rows.key == RowKey::Source ? rows.numSources : part.numTargets;
    for (uint32_t row = 0; row < numRows; ++row)
      for (uint64_t c = rows.offset(part, row); c < rows.offset(part, row + 1); ++c) {
        uint32_t other = rows.index(part, c);
        if (rows.key == RowKey::Source)
          all.push_back({row, part.firstTarget + other, p, c});
        else
          all.push_back({other, part.firstTarget + row, p, c});
      }
  }
  std::sort(all.begin(), all.end(),
            [](const ConstrainedConnection &a, const ConstrainedConnection &b) {
              return a.source != b.source   ? a.source < b.source
                     : a.target != b.target ? a.target < b.target
                                            : a.entry < b.entry;
            });
  return all;
}

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

Status Constraints::start() {
  for (uint32_t i = 0; i < model.n_constraints; ++i) {
    const syn_constraint &constraint = model.constraints[i];
    Status status = constraint.kind == SYN_LIMITS        ? checkLimits(constraint)
                    : constraint.kind == SYN_NO_AUTAPSES ? checkAutapses(constraint)
                                                         : Status::success();
    if (!status.ok())
      return status;
  }
  return keep(0, true);
}

Status Constraints::keep(int64_t step, bool all) {
  for (uint32_t kind : {SYN_TIED, SYN_SYMMETRIC, SYN_SUM, SYN_DENSITY})
    for (uint32_t i = 0; i < model.n_constraints; ++i) {
      const syn_constraint &constraint = model.constraints[i];
      bool due = all || (constraint.period && step % constraint.period == 0);
      if (constraint.kind != kind || !due || isFrozen(constraint))
        continue;
      if (Status status = keepOne(constraint); !status.ok())
        return status;
    }
  return Status::success();
}

bool Constraints::isFrozen(const syn_constraint &constraint) const {
  for (uint32_t i = 0; i < constraint.n; ++i) {
    std::string name = std::string(model.connections[constraint.connections[i]].name) + ".#frozen";
    for (uint32_t a = 0; a < model.n_arrays; ++a)
      if (name == model.arrays[a].name && instance.value(a, 0) > 0.5)
        return true;
  }
  return false;
}

Status Constraints::keepOne(const syn_constraint &constraint) {
  switch (constraint.kind) {
  case SYN_TIED:
    return tie(constraint);
  case SYN_SYMMETRIC:
    return symmetrize(constraint);
  case SYN_SUM:
    return scaleSums(constraint);
  default:
    for (uint32_t i = 0; i < constraint.n; ++i)
      if (Status status = thin(constraint, i); !status.ok())
        return status;
    return Status::success();
  }
}

/// Names the first connections, by source and target, for which `isBad` holds.
template <typename Function>
static std::string listConnections(const Rows &rows, Function isBad, uint64_t &count) {
  constexpr size_t most = 3;
  std::string text;
  count = 0;
  for (const ConstrainedConnection &connection : canonicalConnections(rows)) {
    std::string name = isBad(connection);
    if (name.empty())
      continue;
    if (++count <= most)
      text += (text.empty() ? "" : ", ") + name;
  }
  if (count > most)
    text += " and " + formatCount(count - most) + " more";
  return text;
}

Status Constraints::checkLimits(const syn_constraint &constraint) {
  for (uint32_t i = 0; i < constraint.n; ++i) {
    uint32_t number = constraint.connections[i];
    ConnectionValues weights(instance, number, constraint.weights[i]);
    double low = constraint.limits[2 * i], high = constraint.limits[2 * i + 1];
    if (!weights.areStored())
      continue; // compared by the compiler
    auto isInside = [&](double w) { return low <= w && w <= high; };
    bool holds = true;
    const Rows &rows = weights.rows();
    for (unsigned p = 0; p < rows.partitions.size(); ++p)
      for (uint64_t c = 0; c < rows.partitions[p].connections; ++c)
        holds &= isInside(weights.get(p, c));
    if (holds)
      continue;
    const syn_connections &c = model.connections[number];
    const char *unit = model.arrays[constraint.weights[i]].unit;
    uint64_t count = 0;
    std::string list = listConnections(
        rows,
        [&](const ConstrainedConnection &at) {
          double w = weights.get(at.partition, at.entry);
          return isInside(w) ? std::string()
                             : nameOf(c.source, at.source) + " -> " + nameOf(c.target, at.target) +
                                   " (" + formatted("%.6g", w) + " " + unit + ")";
        },
        count);
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

Status Constraints::checkAutapses(const syn_constraint &constraint) {
  for (uint32_t i = 0; i < constraint.n; ++i) {
    uint32_t number = constraint.connections[i];
    const syn_connections &c = model.connections[number];
    if (sourceOf(model, c.source) != c.target || c.layout == SYN_IMPLICIT)
      continue; // regular rules are told of it
    uint64_t count = 0;
    std::string list = listConnections(
        instance.connections[number].rows,
        [&](const ConstrainedConnection &at) {
          return at.source == at.target ? nameOf(c.source, at.source) : std::string();
        },
        count);
    if (count)
      return broken(constraint,
                    formatCounted(count, "element") + " of `" + model.domains[c.source].name +
                        (count == 1 ? "` connects to itself: " : "` connect to themselves: ") +
                        list);
  }
  return Status::success();
}

} // namespace synfire::runtime
