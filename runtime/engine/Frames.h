//===- Frames.h - What a model is shown -------------------------*- C++ -*-===//
//
// The frames of a model (C7), read from their files, and which of them is
// present. Frames follow each other on the grid of time: frame n begins at step
// n * period, in whichever run that is.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_ENGINE_FRAMES_H
#define SYNFIRE_RUNTIME_ENGINE_FRAMES_H

#include "runtime/frames/FrameData.h"
#include "runtime/synfire.h"

#include <vector>

namespace synfire::runtime {

class Instance;

/// The sequences of frames of one instance.
class Frames {
public:
  explicit Frames(Instance &instance) : instance(instance) {}

  /// Reads all files, and checks that frames have a value for each element that reads them.
  Status load();
  size_t count() const { return sequences.size(); }
  const FrameData &data(uint32_t f) const { return sequences[f]; }

  /// Whether a frame of sequence \p f begins at \p step.
  bool begins(uint32_t f, int64_t step) const { return step % periodOf(f) == 0; }
  /// The same for any sequence.
  bool beginAny(int64_t step) const;
  /// How many steps after \p step the next frame begins.
  int64_t untilNext(int64_t step) const;

  /// The number of the present frame in its file.
  uint64_t present(uint32_t f) const;
  /// Makes the next frame of its file present; the first one follows the last.
  void advance(uint32_t f);
  /// Puts the values of the present frame where the model reads them.
  void show(uint32_t f);

private:
  int64_t periodOf(uint32_t f) const;

  Instance &instance;
  std::vector<FrameData> sequences;
};

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_ENGINE_FRAMES_H
