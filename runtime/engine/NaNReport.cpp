//===- NaNReport.cpp - Which state stopped to be a number, and when -------===//

#include "runtime/engine/NaNReport.h"
#include "runtime/report/Format.h"

#include <tuple>

namespace synfire::runtime {

std::string elementText(const syn_domain &domain, uint64_t element) {
  std::string text = domain.name;
  if (domain.element_names)
    return text + "[\"" + domain.element_names[element] + "\"]";
  return text + "[" + std::to_string(element) + "]";
}

NaNReport::NaNReport(const Instance &instance) : instance(instance), all(instance.partitions) {}

void NaNReport::call(uint32_t launch, unsigned p, syn_range &range) {
  syn_fault fault = {-1, 0, 0};
  range.fault = &fault;
  instance.call(launch, p, range);
  if (fault.step < 0)
    return;
  const syn_slot &slot = instance.model.launches[launch].slots[fault.slot];
  all[p].push_back({fault.step + 1, slot.index, uint64_t(fault.element), false});
  any = true;
}

void NaNReport::checkStart() {
  for (uint32_t a = 0; a < instance.model.n_arrays; ++a) {
    const syn_array &array = instance.model.arrays[a];
    if (array.kind != SYN_STATE || array.domain == SYN_NONE)
      continue;
    for (uint64_t i = 0; i < instance.arrayLength(a); ++i)
      if (double x = instance.value(a, i); x != x) {
        all[0].push_back({instance.step, a, i, true});
        any = true;
        break;
      }
  }
}

Status NaNReport::status() const {
  const Found *first = nullptr;
  auto order = [](const Found &f) { return std::make_tuple(f.step, f.array, f.element); };
  for (const auto &some : all)
    for (const Found &each : some)
      if (!first || order(each) < order(*first))
        first = &each;
  return first ? describe(*first) : Status::success();
}

Status NaNReport::describe(const Found &found) const {
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
