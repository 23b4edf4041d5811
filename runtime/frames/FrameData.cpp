//===- FrameData.cpp - A sequence of frames from files --------------------===//

#include "runtime/frames/FrameData.h"
#include "runtime/report/Format.h"

#include <algorithm>
#include <cmath>

namespace synfire::runtime {

uint64_t FrameData::size() const {
  uint64_t product = 1;
  for (size_t i = 1; i < images.shape.size(); ++i)
    product *= images.shape[i];
  return product;
}

std::string FrameData::layout() const {
  std::string text;
  for (size_t i = 1; i < images.shape.size(); ++i)
    text += (i > 1 ? " x " : "") + std::to_string(images.shape[i]);
  return text;
}

uint32_t FrameData::classes() const {
  return labels.empty() ? 0 : *std::max_element(labels.begin(), labels.end()) + 1;
}

/// A label per frame, as small numbers: they count rows of tables.
static Status readLabels(const std::string &path, const std::string &images, FrameData &frames) {
  constexpr uint32_t largest = 9999;
  auto file = readIdx(path);
  if (!file)
    return file.status();
  if (file->shape.size() != 1)
    return Status::userError("`" + path + "` has numbers in " + std::to_string(file->shape.size()) +
                             " dimensions; labels are one number for each frame");
  if (file->shape[0] != frames.count())
    return Status::userError("`" + images + "` has " + formatCounted(frames.count(), "frame") +
                             ", and `" + path + "` has " + formatCounted(file->shape[0], "label"));
  for (uint64_t i = 0; i < frames.count(); ++i) {
    double label = file->value(i);
    if (!(label >= 0 && label <= largest) || label != std::floor(label))
      return Status::userError("label " + formatCount(i) + " of `" + path + "` is " +
                               formatted("%g", label) + "; labels are whole numbers from 0 to " +
                               std::to_string(largest));
    frames.labels.push_back(uint32_t(label));
  }
  return Status::success();
}

Result<FrameData> readFrames(const std::string &images, const std::string &labels) {
  auto file = readIdx(images);
  if (!file)
    return file.status();
  FrameData frames;
  frames.images = std::move(*file);
  if (frames.images.shape.size() < 2)
    return Status::userError("`" + images +
                             "` has one dimension; frames have their number first, and then the "
                             "dimensions of one frame");
  if (!frames.count() || !frames.size())
    return Status::userError("`" + images + "` holds no frames");
  if (!labels.empty())
    if (Status status = readLabels(labels, images, frames); !status.ok())
      return status;
  return frames;
}

} // namespace synfire::runtime
