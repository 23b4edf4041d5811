//===- FaultReport.cpp - What went wrong in a run, where and when ---------===//

#include "runtime/engine/FaultReport.h"
#include "runtime/engine/Relays.h"
#include "runtime/report/Format.h"

#include <tuple>

namespace synfire::runtime {

std::string elementText(const syn_domain &domain, uint64_t element) {
  std::string text = domain.name;
  if (domain.element_names)
    return text + "[\"" + domain.element_names[element] + "\"]";
  return text + "[" + std::to_string(element) + "]";
}

FaultReport::FaultReport(const Instance &instance) : instance(instance), all(instance.partitions) {}

void FaultReport::call(uint32_t launch, unsigned p, syn_range &range) {
  syn_fault fault = {-1, 0, 0};
  range.fault = &fault;
  instance.call(launch, p, range);
  if (fault.step < 0)
    return;
  const syn_slot &slot = instance.model.launches[launch].slots[fault.slot];
  all[p].push_back({fault.step + 1, slot.index, uint64_t(fault.element), false, launch});
  any = true;
}

void FaultReport::checkStart() {
  for (uint32_t a = 0; a < instance.model.n_arrays; ++a) {
    const syn_array &array = instance.model.arrays[a];
    if (array.kind != SYN_STATE || array.domain == SYN_NONE)
      continue;
    for (uint64_t i = 0; i < instance.arrayLength(a); ++i)
      if (double x = instance.value(a, i); x != x) {
        all[0].push_back({instance.step, a, i, true, SYN_NONE});
        any = true;
        break;
      }
  }
}

Status FaultReport::status() const {
  const Found *first = nullptr;
  auto order = [](const Found &f) { return std::make_tuple(f.step, f.array, f.element); };
  for (const auto &some : all)
    for (const Found &each : some)
      if (!first || order(each) < order(*first))
        first = &each;
  return first ? describe(*first) : Status::success();
}

uint32_t sumOfLimit(const syn_model &model, uint32_t array) {
  for (uint32_t a = 0; a < model.n_accumulators; ++a)
    if (model.accumulators[a].limit == array)
      return a;
  return SYN_NONE;
}

Status beyondLimit(const syn_model &model, uint32_t accumulator, const std::string &what,
                   const std::string &when) {
  const syn_accumulator &sum = model.accumulators[accumulator];
  // "I<-v", or "I<-v*E->I" where the amounts of one projection have sums of their own.
  std::string name = sum.name, domain = model.domains[sum.domain].name;
  if (name.compare(0, domain.size() + 2, domain + "<-") == 0)
    name = domain + "." + name.substr(domain.size() + 2);
  name = name.substr(0, name.find('*'));
  return Status::userError(
      what + " sends an amount to `" + name + "`" + when +
      " that its sums have no room for: more than 16 times what the weights and the start values "
      "let expect; give what the weight is multiplied with a start value near its largest, or a "
      "unit in which it stays near 1, and a weight that a rule changes a `bound`");
}

Status FaultReport::describe(const Found &found) const {
  const syn_model &model = instance.model;
  uint32_t accumulator = sumOfLimit(model, found.array);
  if (accumulator == SYN_NONE)
    return describeNaN(found);
  std::string when = " at " + formatMilliseconds(double(found.step) * instance.dt);
  const syn_launch &launch = model.launches[found.launch];
  if (launch.kind == SYN_LAUNCH_UPDATE)
    return beyondLimit(
        model, accumulator,
        "a stimulus of `" + elementText(model.domains[launch.domain], found.element) + "`", when);
  const syn_connections &connections = model.connections[launch.connections];
  std::string name = connections.name;
  const syn_domain &source = model.domains[sourceOf(model, connections.source)];
  if (source.hidden) // given spikes
    return beyondLimit(model, accumulator, "`" + name + "`", when);
  return beyondLimit(model, accumulator,
                     "`" + elementText(source, found.element) + "`, through `" + name + "`,", when);
}

Status FaultReport::describeNaN(const Found &found) const {
  const syn_array &array = instance.model.arrays[found.array];
  const syn_domain &domain = instance.model.domains[array.domain];
  // `E.v` of element 3 is `E[3].v`, as models write it.
  std::string name = domain.name, variable = array.name;
  if (variable.compare(0, name.size() + 1, name + ".") == 0)
    variable = variable.substr(name.size() + 1);
  return Status::userError("`" + elementText(domain, found.element) + "." + variable +
                           "` is not a number (NaN) at " +
                           formatMilliseconds(double(found.step) * instance.dt) +
                           (found.isStart ? ", before the first step" : ", and was one before") +
                           "; look for a division by zero, the root or logarithm of a negative "
                           "number, or a step that is too long");
}

} // namespace synfire::runtime
