//===- Frames.cpp - What a model is shown ---------------------------------===//

#include "runtime/engine/Frames.h"
#include "runtime/engine/Instance.h"
#include "runtime/report/Format.h"

#include <algorithm>

namespace synfire::runtime {

int64_t Frames::periodOf(uint32_t f) const { return instance.model.frames[f].period; }

Status Frames::load() {
  const syn_model &model = instance.model;
  for (uint32_t f = 0; f < model.n_frames; ++f) {
    const syn_frames &frames = model.frames[f];
    auto read = readFrames(frames.images, frames.labels ? frames.labels : "");
    if (!read)
      return read.status();
    for (uint32_t i = 0; i < frames.n_values; ++i) {
      const syn_domain &domain = model.domains[model.arrays[frames.values[i]].domain];
      if (domain.size != read->size())
        return Status::userError("a frame of `" + std::string(frames.images) + "` has " +
                                 formatCounted(read->size(), "value") + ", and `" + domain.name +
                                 "` has " + formatCounted(domain.size, "element"));
    }
    sequences.push_back(std::move(*read));
  }
  return Status::success();
}

bool Frames::beginAny(int64_t step) const {
  for (uint32_t f = 0; f < sequences.size(); ++f)
    if (begins(f, step))
      return true;
  return false;
}

int64_t Frames::untilNext(int64_t step) const {
  int64_t steps = INT64_MAX;
  for (uint32_t f = 0; f < sequences.size(); ++f)
    steps = std::min(steps, periodOf(f) - step % periodOf(f));
  return steps;
}

uint64_t Frames::present(uint32_t f) const {
  // A checkpoint may come from a longer file.
  return uint64_t(instance.value(instance.model.frames[f].index, 0)) % sequences[f].count();
}

void Frames::advance(uint32_t f) {
  uint32_t index = instance.model.frames[f].index;
  storeNumber(instance.arrayData(index), instance.model.arrays[index].type, 0,
              double((present(f) + 1) % sequences[f].count()));
}

void Frames::show(uint32_t f) {
  const syn_frames &frames = instance.model.frames[f];
  const FrameData &data = sequences[f];
  uint64_t frame = present(f);
  auto set = [&](uint32_t array, uint64_t element, double value) {
    storeNumber(instance.arrayData(array), instance.model.arrays[array].type, element, value);
  };
  set(frames.index, 0, double(frame));
  if (frames.label != SYN_NONE)
    set(frames.label, 0, data.labels[frame]);
  for (uint32_t i = 0; i < frames.n_values; ++i)
    for (uint64_t element = 0; element < data.size(); ++element)
      set(frames.values[i], element, data.value(frame, element));
}

} // namespace synfire::runtime
