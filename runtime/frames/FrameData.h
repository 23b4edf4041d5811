//===- FrameData.h - A sequence of frames from files ------------*- C++ -*-===//
//
// What `frames idx "images" labels "labels"` of a model means (C7): numbered
// frames of equally many values, and a whole number that tells what each shows.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_FRAMES_FRAMEDATA_H
#define SYNFIRE_RUNTIME_FRAMES_FRAMEDATA_H

#include "runtime/frames/Idx.h"

namespace synfire::runtime {

/// The frames of one declaration.
struct FrameData {
  IdxFile images;
  std::vector<uint32_t> labels; ///< of each frame; none without a file of labels

  uint64_t count() const { return images.shape[0]; }
  /// Values of one frame.
  uint64_t size() const;
  /// `28 x 28`: how the values of a frame are laid out, for messages.
  std::string layout() const;
  /// Value \p element of frame \p frame: row by row.
  double value(uint64_t frame, uint64_t element) const {
    return images.value(frame * size() + element);
  }
  /// One more than the largest label.
  uint32_t classes() const;
};

/// Reads the files of frames; \p labels may be empty. Every fault is one of the user's.
Result<FrameData> readFrames(const std::string &images, const std::string &labels);

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_FRAMES_FRAMEDATA_H
