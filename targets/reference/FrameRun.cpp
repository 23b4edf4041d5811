//===- FrameRun.cpp - the frames of one run (C7) ---===//
#include "targets/reference/FrameRun.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::neuro;
using namespace synfire::reference;

runtime::Responses &FrameRun::answersOf(const std::string &name, Group &population) {
  return answers
      .try_emplace({name, &population}, population.instances.size(),
                   network.frames.at(name).data.classes())
      .first->second;
}

void FrameRun::keep(const std::string &name, FrameSequence &frames) {
  for (Group &group : network.groups) {
    if (frames.data.labels.empty() || !group.model || !group.model->spike)
      continue;
    std::vector<double> spikes;
    for (Instance &cell : group.instances)
      spikes.push_back(frames.spikes[&cell]);
    answersOf(name, group).add(frames.data.labels[frames.present], spikes.data());
  }
}

void FrameRun::change(int64_t step, bool isFirst, bool isLast) {
  due.clear();
  for (auto &[name, frames] : network.frames) {
    if (step % frames.period != 0)
      continue;
    bool again = false;
    for (auto repeat : op.getBody().getOps<RepeatOp>())
      if (!isFirst && repeat.getFrames() == name &&
          network.evaluate(repeat.getCondition().front(), View()) != 0) {
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
    Group &population = network.population(label.getTarget());
    std::string name = label.getFrames().str();
    network.frames.at(name).labels[&population] = answersOf(name, population).assignLabels();
  }
  for (auto report : op.getBody().getOps<ReportOp>())
    for (auto &[name, frames] : network.frames)
      for (auto &[population, labels] : frames.labels) {
        accuracies.push_back(answersOf(name, *population).judge(labels));
        accuracies.back().run = report->getParentOfType<SimulateOp>().getRun().str();
        accuracies.back().population = population->name;
        accuracies.back().frames = name;
      }
}
