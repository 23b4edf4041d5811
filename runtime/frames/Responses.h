//===- Responses.h - What cells answered to labelled frames -----*- C++ -*-===//
//
// Labels of cells, and how well they tell what was shown (C7): a cell has the
// label to whose frames it gave most spikes, in the mean; a frame is taken for
// the label whose cells gave most, in the mean. The smaller label wins a tie.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_FRAMES_RESPONSES_H
#define SYNFIRE_RUNTIME_FRAMES_RESPONSES_H

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace synfire::runtime {

/// How many frames the labels of a population named rightly.
struct Accuracy {
  std::string run, population, frames;
  uint64_t shown = 0, right = 0;
  uint64_t labelled = 0, size = 0; ///< cells with a label; all cells
  /// [label][taken for]; the last column counts frames that no labelled cell answered.
  std::vector<std::vector<uint64_t>> confusion;

  double share() const { return shown ? double(right) / double(shown) : 0; }
  /// The standard deviation of the share, were each frame an independent trial.
  double error() const { return shown ? std::sqrt(share() * (1 - share()) / double(shown)) : 0; }
};

/// The answers of one population during one run.
class Responses {
public:
  Responses(size_t cells, uint32_t classes) : cells(cells), classes(classes) {}

  /// The spikes of each cell while a frame with \p label was shown.
  void add(uint32_t label, const double *spikes);
  /// The label of each cell; -1 where it never spiked.
  std::vector<double> assignLabels() const;
  /// What the frames are taken for by cells with \p labels.
  Accuracy judge(const std::vector<double> &labels) const;

private:
  struct Frame {
    uint32_t label;
    size_t end; ///< of its part of `answers`
  };
  size_t cells;
  uint32_t classes;
  std::vector<Frame> shown;
  std::vector<std::pair<uint32_t, double>> answers; ///< cells that spiked, and how often
};

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_FRAMES_RESPONSES_H
