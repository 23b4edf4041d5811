//===- Answers.cpp - How populations answer to frames ---------------------===//

#include "runtime/engine/Answers.h"

#include <algorithm>

namespace synfire::runtime {

Answers::Answers(Instance &instance, const syn_run &run) : instance(instance), run(run) {
  const syn_model &model = instance.model;
  countsOf.resize(model.n_domains);
  isKept.assign(model.n_answers, false);
  for (uint32_t a = 0; a < model.n_answers; ++a) {
    countsOf[model.answers[a].domain].push_back(counts(a));
    responses.emplace_back(sizeOf(a), instance.frames.data(model.answers[a].frames).classes());
  }
  for (uint32_t i = 0; i < run.n_labels; ++i)
    isKept[run.labels[i]] = true;
  for (uint32_t i = 0; i < run.n_reports; ++i)
    isKept[run.reports[i]] = true;
}

void Answers::count(uint32_t domain, const uint32_t *elements, size_t n) {
  for (double *counts : countsOf[domain])
    for (size_t i = 0; i < n; ++i)
      ++counts[elements[i]];
}

void Answers::total(uint32_t frames) {
  for (uint32_t i = 0; i < instance.model.n_totals; ++i) {
    const syn_total &total = instance.model.totals[i];
    if (instance.model.answers[total.answers].frames != frames)
      continue;
    const double *counted = counts(total.answers);
    const uint64_t all[2] = {0, sizeOf(total.answers) - 1};
    const uint64_t *ranges = total.ranges ? total.ranges : all;
    double sum = 0;
    for (uint32_t r = 0; r < (total.ranges ? total.n_ranges : 1); ++r)
      for (uint64_t e = ranges[2 * r]; e <= ranges[2 * r + 1]; ++e)
        sum += counted[e];
    storeNumber(instance.arrayData(total.array), instance.model.arrays[total.array].type, 0, sum);
  }
}

void Answers::keep(uint32_t frames) {
  const FrameData &data = instance.frames.data(frames);
  for (uint32_t a = 0; a < responses.size(); ++a)
    if (isKept[a] && instance.model.answers[a].frames == frames && !data.labels.empty())
      responses[a].add(data.labels[instance.frames.present(frames)], counts(a));
}

void Answers::restart(uint32_t frames) {
  for (uint32_t a = 0; a < responses.size(); ++a)
    if (instance.model.answers[a].frames == frames)
      std::fill_n(counts(a), sizeOf(a), 0.0);
}

std::vector<Accuracy> Answers::finish() {
  const syn_model &model = instance.model;
  for (uint32_t i = 0; i < run.n_labels; ++i) {
    uint32_t array = model.answers[run.labels[i]].labels;
    std::vector<double> labels = responses[run.labels[i]].assignLabels();
    for (size_t e = 0; e < labels.size(); ++e)
      storeNumber(instance.arrayData(array), model.arrays[array].type, e, labels[e]);
  }
  std::vector<Accuracy> results;
  for (uint32_t i = 0; i < run.n_reports; ++i) {
    const syn_answers &answers = model.answers[run.reports[i]];
    std::vector<double> labels;
    for (uint64_t e = 0; e < sizeOf(run.reports[i]); ++e)
      labels.push_back(instance.value(answers.labels, e));
    results.push_back(responses[run.reports[i]].judge(labels));
    results.back().run = run.name;
    results.back().population = model.domains[answers.domain].name;
    results.back().frames = model.frames[answers.frames].name;
  }
  return results;
}

} // namespace synfire::runtime
