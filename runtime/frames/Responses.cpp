//===- Responses.cpp - What cells answered to labelled frames -------------===//

#include "runtime/frames/Responses.h"

namespace synfire::runtime {

void Responses::add(uint32_t label, const double *spikes) {
  for (size_t cell = 0; cell < cells; ++cell)
    if (spikes[cell] > 0)
      answers.emplace_back(uint32_t(cell), spikes[cell]);
  shown.push_back({label, answers.size()});
}

std::vector<double> Responses::assignLabels() const {
  std::vector<double> framesOf(classes, 0), sums(cells * classes, 0), labels(cells, -1);
  size_t next = 0;
  for (const Frame &frame : shown) {
    ++framesOf[frame.label];
    for (; next < frame.end; ++next)
      sums[answers[next].first * classes + frame.label] += answers[next].second;
  }
  for (size_t cell = 0; cell < cells; ++cell) {
    double most = 0;
    for (uint32_t label = 0; label < classes; ++label) {
      double mean = framesOf[label] > 0 ? sums[cell * classes + label] / framesOf[label] : 0;
      if (mean > most) {
        most = mean;
        labels[cell] = label;
      }
    }
  }
  return labels;
}

Accuracy Responses::judge(const std::vector<double> &labels) const {
  Accuracy result;
  result.size = cells;
  result.shown = shown.size();
  result.confusion.assign(classes, std::vector<uint64_t>(classes + 1, 0));
  // Labels may have been assigned to frames of another file.
  auto isClass = [&](size_t cell) { return labels[cell] >= 0 && labels[cell] < classes; };
  std::vector<double> cellsOf(classes, 0);
  for (size_t cell = 0; cell < cells; ++cell)
    if (isClass(cell)) {
      ++cellsOf[size_t(labels[cell])];
      ++result.labelled;
    }
  size_t next = 0;
  std::vector<double> sums(classes);
  for (const Frame &frame : shown) {
    sums.assign(classes, 0);
    for (; next < frame.end; ++next)
      if (size_t cell = answers[next].first; isClass(cell))
        sums[size_t(labels[cell])] += answers[next].second;
    double most = 0;
    uint32_t taken = classes;
    for (uint32_t label = 0; label < classes; ++label)
      if (cellsOf[label] > 0 && sums[label] / cellsOf[label] > most) {
        most = sums[label] / cellsOf[label];
        taken = label;
      }
    ++result.confusion[frame.label][taken];
    result.right += taken == frame.label;
  }
  return result;
}

} // namespace synfire::runtime
