//===- BuildConnections.cpp - Connections from rule to layout --------------===//

#include "runtime/engine/Instance.h"
#include "runtime/engine/Relays.h"
#include "runtime/random/Grid.h"
#include "runtime/report/Format.h"

#include <algorithm>
#include <climits>
#include <cmath>
#include <cstring>

namespace synfire::runtime {

namespace {

Result<Selection> selection(const uint64_t *ranges, uint32_t n, uint64_t size) {
  if (!ranges)
    return Selection::all(uint32_t(size));
  std::vector<ElementRange> parts;
  for (uint32_t i = 0; i < n; ++i)
    parts.push_back({uint32_t(ranges[2 * i]), uint32_t(ranges[2 * i + 1])});
  return Selection::of(parts, uint32_t(size));
}

std::optional<bool> option(uint32_t value) {
  return value == 2 ? std::nullopt : std::optional<bool>(value == 1);
}

RuleKind ruleKind(const syn_connections &c) {
  switch (c.rule) {
  case SYN_ONE_TO_ONE:
    return RuleKind::OneToOne;
  case SYN_ALL_TO_ALL:
    return RuleKind::AllToAll;
  case SYN_ALL_BUT_ONE:
    return RuleKind::AllButOne;
  case SYN_PROBABILITY:
    return c.pair_probability == SYN_NONE ? RuleKind::Probability : RuleKind::ProbabilityOf;
  case SYN_FIXED_INDEGREE:
    return RuleKind::FixedIndegree;
  case SYN_FIXED_OUTDEGREE:
    return RuleKind::FixedOutdegree;
  case SYN_FIXED_NUMBER:
    return RuleKind::FixedNumber;
  case SYN_SMALL_WORLD:
    return RuleKind::SmallWorld;
  case SYN_MODULAR:
    return RuleKind::Modular;
  default:
    return RuleKind::Table;
  }
}

} // namespace

/// Calls a value function, with as many connections as it takes at a time.
void Instance::values(uint32_t launch, const uint32_t *pre, const uint32_t *post,
                      const uint32_t *position, size_t n, double *out) const {
  syn_range range = {};
  range.seed = seed;
  auto compute = [&](const uint32_t *from, const uint32_t *to, const uint32_t *at, size_t count,
                     double *results) {
    range.count = int64_t(count);
    range.pre = from;
    range.post = to;
    range.position = at;
    range.out = results;
    call(launch, 0, range);
  };
  size_t rest = n % SYN_VALUES_LANES, whole = n - rest;
  compute(pre, post, position, whole, out);
  if (!rest)
    return;
  uint32_t last[3][SYN_VALUES_LANES];
  double results[SYN_VALUES_LANES];
  for (size_t i = 0; i < SYN_VALUES_LANES; ++i) {
    size_t from = std::min(whole + i, n - 1);
    last[0][i] = pre[from];
    last[1][i] = post[from];
    last[2][i] = position[from];
  }
  compute(last[0], last[1], last[2], SYN_VALUES_LANES, results);
  std::copy_n(results, rest, out + whole);
}

bool Instance::hasNarrowValues(uint32_t number) const {
  for (auto [launch, array] : index.valuesOf(number))
    if (model.arrays[array].type == SYN_I16)
      return true;
  return false;
}

/// The rule of a projection between its selections.
Result<ConnectSpec> Instance::specOf(uint32_t number) const {
  const syn_connections &c = model.connections[number];
  ConnectSpec spec;
  spec.rule.kind = ruleKind(c);
  spec.rule.number = c.rule == SYN_MODULAR ? c.groups : c.k;
  spec.rule.p = c.p;
  spec.rule.pOut = c.q;
  spec.rule.autapses = option(c.autapses);
  spec.rule.multapses = option(c.multapses);
  spec.rule.tablePre.assign(c.pre, c.pre + c.n_pairs);
  spec.rule.tablePost.assign(c.post, c.post + c.n_pairs);
  spec.samePopulation = sourceOf(model, c.source) == c.target;
  spec.seed = seed;
  spec.name = c.name;
  if (c.pair_probability != SYN_NONE)
    spec.rule.probabilityOf = [this, launch = c.pair_probability](
                                  const uint32_t *pre, const uint32_t *post, size_t n,
                                  double *out) { values(launch, pre, post, pre, n, out); };
  auto sources = selection(c.source_ranges, c.n_source_ranges, model.domains[c.source].size);
  auto targets = selection(c.target_ranges, c.n_target_ranges, model.domains[c.target].size);
  if (!sources)
    return sources.status();
  if (!targets)
    return targets.status();
  spec.sources = *sources;
  spec.targets = *targets;
  return spec;
}

/// Connections that are not stored.
Status Instance::buildImplicit(uint32_t number) {
  const syn_connections &c = model.connections[number];
  BuiltConnections &built = connections[number];
  auto spec = specOf(number);
  if (!spec)
    return spec.status();
  auto regular = RegularConnections::create(std::move(*spec));
  if (!regular)
    return regular.status();
  built.rows.connections = regular->connections();
  built.rows.maxInDegree = regular->maxInDegree();
  built.regular = std::move(*regular);
  built.minDelay = built.maxDelay = uint32_t(std::max<int64_t>(1, toSteps(c.delay, dt).steps));
  return Status::success();
}

/// What the rows of a projection are to hold.
RowsRequest Instance::requestOf(uint32_t number, std::vector<uint32_t> *columns) const {
  const syn_connections &c = model.connections[number];
  std::vector<uint32_t> unused;
  if (!columns)
    columns = &unused;
  auto valueFunction = [this](uint32_t launch) -> ValueFunction {
    return [this, launch](const uint32_t *pre, const uint32_t *post, const uint32_t *position,
                          size_t n, double *out) { values(launch, pre, post, position, n, out); };
  };
  RowsRequest request;
  request.key = c.continuous ? RowKey::Target : RowKey::Source;
  for (unsigned p = 0; p <= partitions; ++p)
    request.bounds.push_back(bounds[c.target][p]);
  request.dt = dt;
  request.minDelay = c.continuous ? 0 : 1; // (G1)
  request.positions = c.draws;
  if (c.delay_values != SYN_NONE)
    request.delays = valueFunction(c.delay_values);
  // One array takes the place of the weight: one that is narrow, or is called so. Any other is a
  // column.
  std::string weight = std::string(c.name) + ".weight";
  for (auto [launch, array] : index.valuesOf(number)) {
    bool narrow = model.arrays[array].type == SYN_I16, named = weight == model.arrays[array].name;
    if (request.weight == WeightStorage::None && (narrow || (named && !hasNarrowValues(number)))) {
      bool single = narrow || model.arrays[array].type == SYN_F32;
      request.weight = single ? WeightStorage::F32 : WeightStorage::F64;
      request.weights = valueFunction(launch);
      columns->insert(columns->begin(), array);
    } else {
      request.columns.push_back(valueFunction(launch));
      columns->push_back(array);
    }
  }
  return request;
}

/// Finds the largest magnitudes of the columns from `first` on.
static void measure(BuiltConnections &built, size_t first) {
  bool hasWeight = built.rows.weight != WeightStorage::None;
  for (size_t column = first; column < built.largest.size(); ++column) {
    double largest = 0;
    for (unsigned p = 0; p < built.rows.partitions.size(); ++p) {
      bool single = hasWeight && column == 0 && built.rows.weight == WeightStorage::F32;
      const void *values = built.column(column, p);
      for (uint64_t i = 0; i < built.rows.partitions[p].connections; ++i)
        largest = std::max(largest, std::fabs(single ? static_cast<const float *>(values)[i]
                                                     : static_cast<const double *>(values)[i]));
    }
    built.largest[column] = largest;
  }
}

/// Constraints have moved weights.
void Instance::measureValues() {
  for (uint32_t i = 0; i < model.n_constraints; ++i)
    for (uint32_t k = 0; k < model.constraints[i].n; ++k) {
      BuiltConnections &built = connections[model.constraints[i].connections[k]];
      measure(built, 0);
      if (built.rows.weight != WeightStorage::None)
        built.rows.maxAbsWeight = built.largest[0];
    }
}

Result<uint64_t> Instance::possiblePairs(uint32_t number, const ConnectionPart &part) const {
  auto spec = specOf(number);
  if (!spec)
    return spec.status();
  uint64_t sources = 0, targets = 0, same = 0;
  auto isTarget = [&](uint32_t element) {
    return spec->targets.contains(element) && part.hasTarget(element);
  };
  for (const ElementRange &range : spec->targets.ranges())
    for (uint32_t element = range.first; element <= range.last; ++element)
      targets += part.hasTarget(element);
  for (const ElementRange &range : spec->sources.ranges())
    for (uint32_t element = range.first; element <= range.last; ++element) {
      sources += part.hasSource(element);
      same += spec->samePopulation && part.hasSource(element) && isTarget(element);
    }
  return sources * targets - (spec->rule.autapses.value_or(false) ? 0 : same);
}

Status Instance::buildConnection(Team &team, uint32_t number) {
  const syn_connections &c = model.connections[number];
  BuiltConnections &built = connections[number];
  if (c.layout == SYN_IMPLICIT)
    return buildImplicit(number);
  auto spec = specOf(number);
  if (!spec)
    return spec.status();
  auto source = PairSource::create(std::move(*spec));
  if (!source)
    return source.status();
  RowsRequest request = requestOf(number, &built.columnArrays);
  auto rows = buildRows(team, **source, request);
  if (!rows)
    return Status(rows.status());
  built.rows = std::move(*rows);
  Rows &made = built.rows;
  if (made.offsetBytes != 4)
    return Status::userError(
        "projection `" + std::string(c.name) +
        "` has more than 4,294,967,295 connections onto one part of its target; use more threads");
  built.bytes = made.bytes;
  built.largest.assign(built.columnArrays.size(), made.maxAbsWeight);
  measure(built, 1);

  if (c.delay_values != SYN_NONE) {
    built.minDelay = std::max(request.minDelay, made.minDelay);
    built.maxDelay = made.maxDelay;
  } else if (!c.zero_delay) {
    built.minDelay = built.maxDelay =
        uint32_t(std::max<int64_t>(request.minDelay, toSteps(c.delay, dt).steps));
  }
  return Status::success();
}

/// Rows that 16-bit delays or weights are read from, by generated code.
Status Instance::layOut(uint32_t number) {
  const syn_connections &c = model.connections[number];
  BuiltConnections &built = connections[number];
  auto noMemory = [&] {
    return Status::machineError("not enough memory for the connections of `" + std::string(c.name) +
                                "`");
  };
  built.values.assign(built.columnArrays.size(), std::vector<syn_values>(partitions));
  built.pending.assign(built.columnArrays.size(), std::vector<syn_ring>(partitions));
  for (unsigned p = 0; p < partitions; ++p) {
    RowPartition &part = built.rows.partitions[p];
    if (built.rows.delayBytes == 1) {
      Buffer wide;
      if (!wide.allocate(part.connections * 2))
        return noMemory();
      for (uint64_t i = 0; i < part.connections; ++i)
        wide.as<uint16_t>()[i] = part.delays.as<uint8_t>()[i];
      part.delays = std::move(wide);
      built.bytes += part.connections;
    }
    syn_rows row = {};
    row.offsets = part.offsets.as<uint32_t>();
    row.targets = c.continuous ? nullptr : part.indices.as<uint16_t>();
    row.sources = c.continuous ? part.indices.as<uint32_t>() : nullptr;
    if (built.rows.delayBytes)
      row.delays = part.delays.as<uint16_t>();
    row.positions = c.draws ? part.positions.as<uint32_t>() : nullptr;
    row.delay = built.maxDelay;
    if (c.sight != SYN_AT_SOURCE) {
      row.delay = dendriticPart(c, built.maxDelay);
      row.delays = nullptr;
      if (built.rows.delayBytes && c.dendritic_fraction > 0) {
        if (!built.dendritic.emplace_back().allocate(part.connections * 2))
          return noMemory();
        uint16_t *parts = built.dendritic.back().as<uint16_t>();
        for (uint64_t i = 0; i < part.connections; ++i)
          parts[i] = uint16_t(dendriticPart(c, part.delays.as<uint16_t>()[i]));
        row.delays = parts;
        built.bytes += part.connections * 2;
      }
    }
    built.table.push_back(row);
    for (size_t column = 0; column < built.columnArrays.size(); ++column) {
      double scale = 1;
      if (isShortWeight(built, column)) {
        Buffer narrow;
        if (!narrow.allocate(part.connections * 2))
          return noMemory();
        double toInteger = std::ldexp(1.0, built.weightExponent);
        for (uint64_t i = 0; i < part.connections; ++i)
          narrow.as<int16_t>()[i] = int16_t(part.weights.as<float>()[i] * toInteger);
        part.weights = std::move(narrow);
        built.bytes -= part.connections * 2;
        scale = std::ldexp(1.0, -built.weightExponent);
      }
      built.values[column][p] = {built.column(column, p), scale};
      if (!model.arrays[built.columnArrays[column]].pending)
        continue;
      syn_ring &ring = built.pending[column][p];
      ring = {nullptr, 1, int64_t(part.connections + SYN_PAD)};
      while (ring.slots <= int64_t(built.maxDelay))
        ring.slots *= 2;
      size_t bytes = size_t(ring.slots * ring.stride) * sizeof(double);
      if (Status status = checkMemory(bytes, "events that wait at connections"); !status.ok())
        return status;
      bool hasWeight = built.rows.weight != WeightStorage::None;
      Buffer &memory = part.columns[column - hasWeight];
      if (!memory.allocate(bytes))
        return noMemory();
      built.bytes += bytes;
      ring.base = memory.data();
      built.values[column][p] = {memory.data(), scale};
    }
  }
  if (built.rows.delayBytes)
    built.rows.delayBytes = 2;
  return Status::success();
}

/// Gives drawn weights that are kept in 16 bits their grid (random.md). Those of one population
/// share it where their own is hardly finer, so that their connections can be stored together.
void Instance::roundShortWeights(Team &team) {
  std::vector<int> coarsest(model.n_domains, INT_MAX);
  auto shorts = [&](uint32_t i) {
    BuiltConnections &built = connections[i];
    return !built.columnArrays.empty() && isShortWeight(built, 0);
  };
  for (uint32_t i = 0; i < model.n_connections; ++i)
    if (shorts(i) && connections[i].rows.maxAbsWeight > 0) {
      int &m = coarsest[model.connections[i].source];
      m = std::min(m, weightGridExponent(connections[i].rows.maxAbsWeight));
    }
  for (uint32_t i = 0; i < model.n_connections; ++i) {
    if (!shorts(i))
      continue;
    int own = weightGridExponent(connections[i].rows.maxAbsWeight);
    int common = coarsest[model.connections[i].source];
    connections[i].weightExponent = own <= common + sharedGridBits ? common : own;
    roundWeights(team, connections[i].rows, connections[i].weightExponent);
  }
}

bool Instance::isShortWeight(const BuiltConnections &built, size_t column) const {
  return model.arrays[built.columnArrays[column]].type == SYN_I16;
}

void *BuiltConnections::column(size_t number, unsigned p) {
  RowPartition &part = rows.partitions[p];
  bool hasWeight = rows.weight != WeightStorage::None;
  return hasWeight && number == 0 ? part.weights.data() : part.columns[number - hasWeight].data();
}

Status Instance::buildConnections(Team &team) {
  int64_t shortest = INT64_MAX;
  for (uint32_t i = 0; i < model.n_connections; ++i) {
    Status status = buildConnection(team, i);
    if (!status.ok())
      return status;
    const syn_connections &c = model.connections[i];
    if (c.continuous || c.zero_delay || !connections[i].rows.connections)
      continue;
    // What a synapse sees is known when the step before is done.
    int64_t ahead = connections[i].minDelay;
    if (c.sight != SYN_AT_SOURCE)
      ahead = std::max<int64_t>(1, dendriticPart(c, connections[i].minDelay));
    if (c.sight == SYN_DELAYED && c.dendritic_fraction > 0 &&
        !dendriticPart(c, connections[i].minDelay))
      return Status::userError("of the delays of `" + std::string(c.name) +
                               "` some have a dendritic part, and some, of " +
                               formatCounted(connections[i].minDelay, "step") +
                               ", have none; with `dendritic_fraction` 0 none has one, with a "
                               "larger one or longer delays all have");
    shortest = std::min(shortest, ahead);
    gathers |= c.each_step;
  }
  // Without events between elements nothing limits a block but the size of its spike lists.
  bool stepped = false; // states of connections read those of cells at every step
  for (uint32_t l = 0; l < model.n_launches; ++l) {
    stepped |= model.launches[l].kind == SYN_LAUNCH_ADVANCE;
    gathers |= model.launches[l].kind == SYN_LAUNCH_GATHER;
  }
  // A past has the values at the begins of blocks.
  for (uint32_t a = 0; a < model.n_arrays; ++a)
    stepped |= model.arrays[a].past_of != SYN_NONE;
  blockSteps = gathers || stepped      ? 1
               : shortest == INT64_MAX ? 64
                                       : std::min<int64_t>(shortest, 256);
  return Status::success();
}

Status Instance::layOutConnections(Team &team) {
  for (uint32_t i = 0; i < model.n_connections; ++i) {
    bool bySource = model.connections[i].layout == SYN_BY_SOURCE;
    const BuiltConnections &built = connections[i];
    if (model.connections[i].layout == SYN_IMPLICIT)
      continue;
    if (!bySource || (!built.columnArrays.empty() && isShortWeight(built, 0)))
      connections[i].weightHash = hashOfWeights(team, built.rows, weightOfAll(i));
    if (bySource)
      if (Status status = layOut(i); !status.ok())
        return status;
  }
  fillSlots();
  return due.layOut(team);
}

double Instance::weightOfAll(uint32_t number) const {
  uint32_t weight = index.weightOfAll(number);
  return weight == SYN_NONE ? 0 : value(weight, 0);
}

Result<uint64_t> Instance::weightHashOf(Team &team, uint32_t number) const {
  const BuiltConnections &built = connections[number];
  if (model.connections[number].layout == SYN_IMPLICIT) {
    auto spec = specOf(number);
    if (!spec)
      return spec.status();
    auto source = PairSource::create(std::move(*spec));
    if (!source)
      return source.status();
    return hashOfEqualWeights(team, **source, weightOfAll(number));
  }
  return built.weightHash ? *built.weightHash
                          : hashOfWeights(team, built.rows, weightOfAll(number));
}

} // namespace synfire::runtime
