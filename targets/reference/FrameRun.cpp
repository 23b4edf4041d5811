//===- FrameRun.cpp - the frames of one run (C7) ---===//
#include "targets/reference/FrameRun.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::neuro;
using namespace synfire::reference;

runtime::Responses &FrameRun::answersOf(const std::string &name, const Population *population) {
  return answers
      .try_emplace({name, population}, population->cells.size(),
                   network.frames[name].data.classes())
      .first->second;
}

void FrameRun::keep(const std::string &name, FrameSequence &frames) {
  for (auto &population : network.populations) {
    if (frames.data.labels.empty() || !population->spike)
      continue;
    std::vector<double> &spikes = frames.spikes[population.get()];
    spikes.resize(population->cells.size());
    answersOf(name, population.get()).add(frames.data.labels[frames.present], spikes.data());
  }
}

bool FrameRun::holds(RepeatOp repeat) {
  const FrameSequence &frames = network.frames[repeat.getFrames().str()];
  Network::Place place;
  Frame frame;
  frame.special = [&](Operation *read, ArrayRef<double> operands) {
    auto count = dyn_cast<CountOp>(read);
    if (!count)
      return network.special(read, operands, place);
    double sum = 0;
    auto spikes =
        frames.spikes.find(network.population(count.getSource().getPopulation().getValue()));
    for (uint32_t element : network.elements(count.getSource()))
      sum += spikes == frames.spikes.end() ? 0 : spikes->second[element];
    return sum;
  };
  return network.program(repeat.getCondition().front(), nullptr).evaluateOne(frame) != 0;
}

void FrameRun::change(int64_t step, bool isFirst, bool isLast) {
  due.clear();
  for (auto &[name, frames] : network.frames) {
    if (step % frames.period != 0)
      continue;
    bool again = false;
    for (auto repeat : op.getBody().getOps<RepeatOp>())
      if (!isFirst && repeat.getFrames() == name && holds(repeat)) {
        again = true;
        due.insert(repeat);
      }
    if (!again && !isFirst)
      keep(name, frames);
    if (isLast)
      continue;
    if (!again && step > 0)
      frames.present = (frames.present + 1) % frames.data.count();
    frames.spikes.clear();
    for (auto every : op.getBody().getOps<EveryOp>())
      if (!again && every.getFrames() && every.getFrames()->getRootReference() == name)
        due.insert(every);
  }
}

void FrameRun::finish(std::vector<runtime::Accuracy> &accuracies) {
  for (auto label : op.getBody().getOps<LabelOp>()) {
    const Population *population = network.population(label.getTarget().getPopulation().getValue());
    std::string name = label.getFrames().str();
    network.frames[name].labels[population] = answersOf(name, population).assignLabels();
  }
  for (auto report : op.getBody().getOps<ReportOp>())
    for (auto &[name, frames] : network.frames)
      for (auto &[population, labels] : frames.labels) {
        accuracies.push_back(answersOf(name, population).judge(labels));
        accuracies.back().run = report->getParentOfType<SimulateOp>().getRun().str();
        accuracies.back().population = population->name;
        accuracies.back().frames = name;
      }
}
