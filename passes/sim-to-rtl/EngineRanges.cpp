//===- EngineRanges.cpp ---===//
#include "passes/sim-to-rtl/EngineRanges.h"

#include "passes/sim/fixed/KernelFormats.h"
#include "passes/sim/fixed/Paths.h"

using namespace mlir;
using namespace synfire;

Attribute synfire::boundTo(const EnginePlan &engine, StringRef name) {
  sim::UpdateOp update = engine.shares.front().update;
  for (auto [field, to] :
       llvm::zip(sim::KernelOp(engine.kernel).getBody().getOps<sim::FieldOp>(), update.getBind()))
    if (field.getSymName() == name)
      return to;
  return nullptr;
}

std::vector<uint32_t> synfire::thresholdsOf(const EnginePlan &engine, sim::CountOp count) {
  std::vector<uint32_t> table;
  auto symbol = dyn_cast_or_null<FlatSymbolRefAttr>(boundTo(engine, count.getTable().value_or("")));
  auto drive = symbol ? dyn_cast_or_null<sim::PoissonOp>(SymbolTable::lookupNearestSymbolFrom(
                            engine.shares.front().update, symbol))
                      : sim::PoissonOp();
  if (auto thresholds =
          drive ? dyn_cast_or_null<DenseIntElementsAttr>(drive.getThresholdsAttr()) : nullptr)
    for (const APInt &value : thresholds.getValues<APInt>())
      table.push_back(uint32_t(value.getZExtValue()));
  return table;
}

static sim::Bound ofBits(unsigned bits) {
  return {-std::ldexp(1.0, int(bits) - 1), std::ldexp(1.0, int(bits) - 1) - 1, 0};
}

sim::Bound synfire::leafOf(const EnginePlan &engine, Operation *op) {
  if (auto get = dyn_cast<sim::GetOp>(op))
    for (const StateWord &state : engine.states)
      if (state.field == get.getField())
        return {double(state.low), double(state.high), 0};
  if (auto collect = dyn_cast<sim::CollectOp>(op))
    for (const SumPlan &sum : engine.sums)
      if (sum.field == collect.getRing())
        return ofBits(sum.fieldBits);
  if (auto count = dyn_cast<sim::CountOp>(op))
    return {0, double(thresholdsOf(engine, count).size()), 0};
  if (isa<sim::ElementOp>(op))
    return {0, double(engine.cells) - 1, 0};
  return {0, std::ldexp(1.0, 32), 0}; // the step
}

void synfire::narrowStates(EnginePlan &engine) {
  sim::KernelOp kernel = engine.kernel;
  sim::Paths paths(kernel);
  for (StateWord &state : engine.states) {
    auto [least, most] = std::minmax_element(state.values.begin(), state.values.end());
    state.low = *least;
    state.high = *most;
  }
  auto none = [](Operation *) { return std::nullopt; };
  auto constant = [](Operation *, unsigned, double value) { return sim::Bound::point(value); };
  auto round = [](Operation *, sim::Bound exact) { return exact; };
  // After some rounds what still grows is taken to reach the end of its format, so that this ends.
  constexpr unsigned exactRounds = 3;
  bool grows = true;
  for (unsigned turn = 0; grows; ++turn) {
    grows = false;
    std::vector<StateWord> next = engine.states;
    paths.run([&](Operation *op) { return leafOf(engine, op); }, none, constant, round,
              [&](ArrayRef<sim::Bound> values) {
                for (auto set : kernel.getBody().getOps<sim::SetOp>())
                  for (StateWord &state : next)
                    if (state.field == set.getField()) {
                      const sim::Bound &found = values[paths.numberOf(set.getValue())];
                      // It was shown to be in its format, or is made so.
                      sim::Bound format = ofBits(state.bits);
                      auto inFormat = [&](double value) {
                        return int64_t(std::clamp(value, format.low, format.high));
                      };
                      state.low = std::min(state.low, inFormat(std::floor(found.low)));
                      state.high = std::max(state.high, inFormat(std::ceil(found.high)));
                    }
              });
    for (auto [before, after] : llvm::zip(engine.states, next)) {
      bool lower = after.low<before.low, higher = after.high> before.high;
      grows |= lower || higher;
      before.low = lower && turn >= exactRounds ? int64_t(ofBits(before.bits).low) : after.low;
      before.high = higher && turn >= exactRounds ? int64_t(ofBits(before.bits).high) : after.high;
    }
  }
  for (StateWord &state : engine.states) {
    state.isNatural = state.low >= 0;
    unsigned bits = unsigned(sim::bitsFor(double(state.low), double(state.high)));
    state.bits = std::max(1u, bits - state.isNatural);
  }
}
