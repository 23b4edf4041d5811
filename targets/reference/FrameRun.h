//===- FrameRun.h - the frames of one run (C7) ---===//
#ifndef SYNFIRE_TARGETS_REFERENCE_FRAMERUN_H
#define SYNFIRE_TARGETS_REFERENCE_FRAMERUN_H

#include "runtime/frames/Responses.h"
#include "targets/reference/Network.h"

#include <set>

namespace synfire::reference {

/// Which frame is shown, and what cells answer.
class FrameRun {
public:
  FrameRun(neuro::SimulateOp op, Network &network) : op(op), network(network) {}

  /// Frames that begin at `step`, before the actions of that time. A frame that ends where the run
  /// begins belongs to the run before; at the end of the run none begins any more.
  void change(int64_t step, bool isFirst, bool isLast);
  /// Whether the body of `every frame` or `repeat frame` is run at this step.
  bool isDue(mlir::Operation *action) const { return due.count(action); }
  /// At the end: assigns labels, then tells how well the labels fit.
  void finish(std::vector<runtime::Accuracy> &accuracies);

private:
  runtime::Responses &answersOf(const std::string &name, Group &population);
  void keep(const std::string &name, FrameSequence &frames);

  neuro::SimulateOp op;
  Network &network;
  std::set<mlir::Operation *> due;
  std::map<std::pair<std::string, Group *>, runtime::Responses> answers;
};

} // namespace synfire::reference

#endif // SYNFIRE_TARGETS_REFERENCE_FRAMERUN_H
