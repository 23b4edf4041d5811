//===- BuildInstance.cpp - Connections, event grids, rings ----------------===//

#include "runtime/engine/Instance.h"
#include "runtime/random/Grid.h"
#include "runtime/random/Samplers.h"

#include <algorithm>
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

Status Instance::buildConnection(Team &team, uint32_t number) {
  const syn_connections &c = model.connections[number];
  BuiltConnections &built = connections[number];
  ConnectSpec spec;
  spec.rule.kind = ruleKind(c);
  spec.rule.number = c.rule == SYN_MODULAR ? c.groups : c.k;
  spec.rule.p = c.p;
  spec.rule.pOut = c.q;
  spec.rule.autapses = option(c.autapses);
  spec.rule.multapses = option(c.multapses);
  spec.rule.tablePre.assign(c.pre, c.pre + c.n_pairs);
  spec.rule.tablePost.assign(c.post, c.post + c.n_pairs);
  spec.samePopulation = c.source == c.target;
  spec.seed = seed;
  spec.name = c.name;
  auto valueFunction = [&](uint32_t launch) -> ValueFunction {
    return [this, launch](const uint32_t *pre, const uint32_t *post, const uint32_t *position,
                          size_t n, double *out) {
      syn_range range = {};
      range.seed = seed;
      range.count = int64_t(n);
      range.pre = pre;
      range.post = post;
      range.position = position;
      range.out = out;
      call(launch, 0, range);
    };
  };
  if (c.pair_probability != SYN_NONE) {
    uint32_t launch = c.pair_probability;
    spec.rule.probabilityOf = [this, launch](const uint32_t *pre, const uint32_t *post, size_t n,
                                             double *out) {
      std::vector<uint32_t> position(pre, pre + n);
      syn_range range = {};
      range.seed = seed;
      range.count = int64_t(n);
      range.pre = pre;
      range.post = post;
      range.position = position.data();
      range.out = out;
      call(launch, 0, range);
    };
  }
  auto sources = selection(c.source_ranges, c.n_source_ranges, model.domains[c.source].size);
  auto targets = selection(c.target_ranges, c.n_target_ranges, model.domains[c.target].size);
  if (!sources)
    return sources.status();
  if (!targets)
    return targets.status();
  spec.sources = *sources;
  spec.targets = *targets;
  auto source = PairSource::create(std::move(spec));
  if (!source)
    return source.status();

  RowsRequest request;
  request.key = c.continuous ? RowKey::Target : RowKey::Source;
  for (unsigned p = 0; p <= partitions; ++p)
    request.bounds.push_back(bounds[c.target][p]);
  request.dt = dt;
  if (c.delay_values != SYN_NONE)
    request.delays = valueFunction(c.delay_values);
  // The weight has its own storage; any other value per connection is a column.
  for (uint32_t l = 0; l < model.n_launches; ++l) {
    const syn_launch &launch = model.launches[l];
    if (launch.kind != SYN_LAUNCH_VALUES || launch.connections != number)
      continue;
    for (uint32_t a = 0; a < model.n_arrays; ++a) {
      const syn_array &array = model.arrays[a];
      if (array.connections != number || std::strcmp(array.name, launch.name) != 0)
        continue;
      if (array.type != SYN_F64 ||
          (request.weight == WeightStorage::None && request.columns.empty())) {
        request.weight = array.type == SYN_I16 ? WeightStorage::I16 : WeightStorage::F64;
        request.weights = valueFunction(l);
        built.columnArrays.insert(built.columnArrays.begin(), a);
      } else {
        request.columns.push_back(valueFunction(l));
        built.columnArrays.push_back(a);
      }
    }
  }
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

  if (c.delay_values != SYN_NONE) {
    built.minDelay = std::max(1u, made.minDelay);
    built.maxDelay = made.maxDelay;
  } else if (!c.zero_delay) {
    built.minDelay = built.maxDelay = uint32_t(std::max<int64_t>(1, toSteps(c.delay, dt).steps));
  }
  built.wideDelays.resize(partitions);
  built.values.assign(built.columnArrays.size(), std::vector<syn_values>(partitions));
  for (unsigned p = 0; p < partitions; ++p) {
    RowPartition &part = made.partitions[p];
    if (made.delayBytes == 1) {
      // Generated code reads 16 bits.
      Buffer &wide = built.wideDelays[p];
      if (!wide.allocate(part.connections * 2))
        return Status::machineError("not enough memory for the delays of `" + std::string(c.name) +
                                    "`");
      for (uint64_t i = 0; i < part.connections; ++i)
        wide.as<uint16_t>()[i] = part.delays.as<uint8_t>()[i];
      built.bytes += part.connections;
      part.delays.release();
    }
    syn_rows row = {};
    row.offsets = part.offsets.as<uint32_t>();
    row.targets = c.continuous ? nullptr : part.indices.as<uint16_t>();
    row.sources = c.continuous ? part.indices.as<uint32_t>() : nullptr;
    if (made.delayBytes)
      row.delays =
          made.delayBytes == 1 ? built.wideDelays[p].as<uint16_t>() : part.delays.as<uint16_t>();
    row.delay = built.maxDelay;
    built.table.push_back(row);
    bool hasWeight = request.weight != WeightStorage::None;
    for (size_t column = 0; column < built.columnArrays.size(); ++column) {
      bool weight = hasWeight && column == 0;
      const void *base = weight ? part.weights.data() : part.columns[column - hasWeight].data();
      built.values[column][p] = {base, weight ? made.weightScale : 1.0};
    }
  }
  return Status::success();
}

Status Instance::buildConnections(Team &team) {
  int64_t shortest = INT64_MAX;
  for (uint32_t i = 0; i < model.n_connections; ++i) {
    Status status = buildConnection(team, i);
    if (!status.ok())
      return status;
    const syn_connections &c = model.connections[i];
    if (c.continuous)
      gathers = true;
    else if (!c.zero_delay && connections[i].rows.connections)
      shortest = std::min<int64_t>(shortest, connections[i].minDelay);
  }
  // Without events between elements nothing limits a block but the size of its spike lists.
  blockSteps = gathers ? 1 : shortest == INT64_MAX ? 64 : std::min<int64_t>(shortest, 256);
  return Status::success();
}

double Instance::largestMagnitude(uint32_t a) const {
  if (a == SYN_NONE)
    return 1.0;
  const syn_array &array = model.arrays[a];
  if (array.connections != SYN_NONE) {
    const BuiltConnections &built = connections[array.connections];
    for (size_t c = 0; c < built.columnArrays.size(); ++c)
      if (built.columnArrays[c] == a && c == 0)
        return built.rows.maxAbsWeight;
    return 1.0;
  }
  double largest = 0;
  for (uint64_t i = 0; i < arrayLengths[a]; ++i)
    largest = std::max(largest, std::fabs(value(a, i)));
  return largest;
}

Status Instance::chooseGrids() {
  exponents.assign(model.n_accumulators, 0);
  for (uint32_t a = 0; a < model.n_accumulators; ++a) {
    const syn_accumulator &sum = model.accumulators[a];
    double events = 0, cap = 0;
    for (uint32_t s = 0; s < model.n_sends; ++s) {
      const syn_send &send = model.sends[s];
      if (send.accumulator != a)
        continue;
      double most = 1000; // events of one stimulus in one step, where no table bounds them
      if (send.connections != SYN_NONE)
        most = model.connections[send.connections].zero_delay
                   ? 1000
                   : connections[send.connections].rows.maxInDegree;
      else if (send.poisson != SYN_NONE)
        most = double(thresholds[send.poisson].size());
      events += most;
      cap = std::max(cap, largestMagnitude(send.cap) * send.headroom);
    }
    if (!std::isfinite(cap))
      return Status::userError("an amount sent to `" + std::string(sum.name) + "` is not finite");
    int k = eventGridExponent(events, cap, sum.type == SYN_I64 ? 64 : 32);
    exponents[a] = k;
    double scale = std::ldexp(1.0, k), inverse = std::ldexp(1.0, -k);
    auto put = [&](uint32_t array, double x) {
      if (model.arrays[array].type == SYN_F32)
        *arrays[array].as<float>() = float(x);
      else
        *arrays[array].as<double>() = x;
    };
    put(sum.scale, scale);
    put(sum.inverse, inverse);
  }
  return Status::success();
}

Status Instance::buildPoissonTables() {
  thresholds.resize(model.n_poissons);
  for (uint32_t i = 0; i < model.n_poissons; ++i) {
    const syn_poisson &drive = model.poissons[i];
    double mean = value(drive.mean, 0);
    if (!(mean >= 0))
      return Status::userError("the rate of `" + std::string(drive.name) +
                               "` is negative or not a number");
    if (mean > 700)
      return Status::userError(
          "the rate of `" + std::string(drive.name) +
          "` means more than 700 events in one step; use a smaller step or weight");
    thresholds[i] = poissonTable(mean, value(drive.exp_mean, 0));
    poissonTables[i] = {thresholds[i].data(), int64_t(thresholds[i].size())};
  }
  return Status::success();
}

Status Instance::allocateRings() {
  ringMemory.resize(rings.size());
  for (uint32_t a = 0; a < model.n_accumulators; ++a) {
    const syn_accumulator &sum = model.accumulators[a];
    uint32_t longest = uint32_t(blockSteps);
    for (uint32_t s = 0; s < model.n_sends; ++s)
      if (model.sends[s].accumulator == a && model.sends[s].connections != SYN_NONE)
        longest = std::max(longest, connections[model.sends[s].connections].maxDelay);
    int64_t slotCount = 1;
    while (slotCount < int64_t(longest) + 1)
      slotCount *= 2;
    for (unsigned p = 0; p < partitions; ++p) {
      int64_t stride = (count(sum.domain, p) + SYN_PAD - 1) / SYN_PAD * SYN_PAD;
      size_t number = size_t(a) * partitions + p;
      if (!ringMemory[number].allocate(size_t(slotCount * stride) * sizeOfType(sum.type)))
        return Status::machineError("not enough memory for the pending events of `" +
                                    std::string(sum.name) + "`");
      rings[number] = {ringMemory[number].data(), slotCount, stride};
    }
  }
  return Status::success();
}

} // namespace synfire::runtime
