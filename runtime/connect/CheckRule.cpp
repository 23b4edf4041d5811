//===- CheckRule.cpp - What a rule must satisfy -----------------*- C++ -*-===//

#include "runtime/connect/RuleSources.h"

#include <algorithm>

using namespace synfire::runtime;

bool synfire::runtime::allowsAutapses(const ConnectSpec &spec) {
  switch (spec.rule.kind) {
  case RuleKind::Probability:
  case RuleKind::ProbabilityOf:
  case RuleKind::Modular:
    return spec.rule.autapses.value_or(false);
  default:
    return spec.rule.autapses.value_or(true);
  }
}

bool synfire::runtime::allowsMultapses(const ConnectSpec &spec) {
  return spec.rule.multapses.value_or(true);
}

namespace {

/// Checks one spec; the first fault stands.
class RuleCheck {
public:
  explicit RuleCheck(const ConnectSpec &spec)
      : spec(spec), rule(spec.rule), sources(spec.sources.count()), targets(spec.targets.count()) {}

  Status run();

private:
  Status error(const std::string &text) const {
    return Status::userError("projection `" + spec.name + "`: " + text);
  }
  /// The rule as the user wrote it.
  std::string call() const {
    return std::string("`") + ruleName(rule.kind) + "(" + std::to_string(rule.number) + ")`";
  }
  std::string name() const { return std::string("`") + ruleName(rule.kind) + "`"; }

  Status checkProbability(double p, const char *what) const;
  Status checkSameCount() const;
  Status checkOptions() const;
  Status checkDegree(uint32_t candidates, const char *ends, uint32_t others) const;
  Status checkNumber() const;
  Status checkSmallWorld() const;
  Status checkModular() const;
  Status checkTable() const;

  const ConnectSpec &spec;
  const ConnectRule &rule;
  uint32_t sources, targets;
};

} // namespace

/// Elements that are source and target at once.
static uint32_t countCommon(const ConnectSpec &spec) {
  if (!spec.samePopulation)
    return 0;
  uint32_t common = 0;
  for (const ElementRange &range : spec.sources.ranges())
    common += spec.targets.ordinalAtOrAfter(range.last) + spec.targets.contains(range.last) -
              spec.targets.ordinalAtOrAfter(range.first);
  return common;
}

Status RuleCheck::checkProbability(double p, const char *what) const {
  if (p >= 0 && p <= 1)
    return Status::success();
  return error(std::string("the ") + what + " of " + name() + " is " + std::to_string(p) +
               ", it must be between 0 and 1");
}

Status RuleCheck::checkSameCount() const {
  if (sources == targets)
    return Status::success();
  return error(name() + " pairs elements one by one, but there are " + std::to_string(sources) +
               " sources and " + std::to_string(targets) + " targets");
}

Status RuleCheck::checkOptions() const {
  bool drawsPairsOnce = rule.kind == RuleKind::Probability ||
                        rule.kind == RuleKind::ProbabilityOf || rule.kind == RuleKind::Modular ||
                        rule.kind == RuleKind::SmallWorld || rule.kind == RuleKind::OneToOne ||
                        rule.kind == RuleKind::AllToAll || rule.kind == RuleKind::AllButOne;
  if (drawsPairsOnce && rule.multapses.value_or(false))
    return error(name() + " makes each pair at most once, it cannot make "
                          "multapses");
  bool leavesOutSelf = rule.kind == RuleKind::SmallWorld || rule.kind == RuleKind::AllButOne;
  if (leavesOutSelf && rule.autapses.value_or(false))
    return error(name() + " leaves out the source of the target's own number, "
                          "it cannot make autapses");
  return Status::success();
}

/// \p candidates: for each element; \p others: without itself.
Status RuleCheck::checkDegree(uint32_t candidates, const char *ends, uint32_t others) const {
  bool self = !allowsAutapses(spec) && countCommon(spec) > 0;
  uint32_t least = self ? others : candidates;
  if (rule.number > 0xffffffffu)
    return error(call() + " is more than the 4294967295 that can be counted");
  if (rule.number > 0 && least == 0)
    return error(call() + " has no " + ends + " to draw from");
  if (!allowsMultapses(spec) && rule.number > least)
    return error(call() + " without multapses needs " + std::to_string(rule.number) +
                 " different " + ends + ", there are " + std::to_string(least) +
                 (self ? " without the element itself" : ""));
  return Status::success();
}

Status RuleCheck::checkNumber() const {
  double pairs = double(sources) * double(targets);
  if (!allowsAutapses(spec))
    pairs -= countCommon(spec);
  if (rule.number > 0xffffffffu)
    return error(call() + " is more than the 4294967295 connections that one "
                          "projection can have");
  if (rule.number > 0 && pairs == 0)
    return error(call() + " has no pairs to draw from");
  if (!allowsMultapses(spec) && double(rule.number) > pairs)
    return error(call() +
                 " without multapses needs as many different pairs, "
                 "there are " +
                 std::to_string(uint64_t(pairs)));
  return Status::success();
}

Status RuleCheck::checkSmallWorld() const {
  if (Status status = checkSameCount(); !status.ok())
    return status;
  if (targets > 0 && rule.number >= targets)
    return error(name() + " connects each element with " + std::to_string(rule.number) +
                 " others, there are " + std::to_string(targets - 1));
  return checkProbability(rule.p, "beta");
}

Status RuleCheck::checkModular() const {
  if (rule.number == 0 || rule.number > std::min(sources, targets))
    return error(name() + " divides " + std::to_string(sources) + " sources and " +
                 std::to_string(targets) + " targets into " + std::to_string(rule.number) +
                 " groups; every group needs an element of each");
  if (Status status = checkProbability(rule.p, "p_in"); !status.ok())
    return status;
  return checkProbability(rule.pOut, "p_out");
}

Status RuleCheck::checkTable() const {
  size_t rows = rule.tablePre.size();
  if (rule.tablePost.size() != rows)
    return error("its table has " + std::to_string(rows) + " sources and " +
                 std::to_string(rule.tablePost.size()) + " targets");
  if (rows > 0xffffffffu)
    return error("its table has more than 4294967295 rows");
  for (size_t i = 0; i < rows; ++i) {
    bool bySource = rule.tablePre[i] >= spec.sources.populationSize();
    if (!bySource && rule.tablePost[i] < spec.targets.populationSize())
      continue;
    const Selection &side = bySource ? spec.sources : spec.targets;
    return error("row " + std::to_string(i + 1) + " of its table names " +
                 (bySource ? "source " : "target ") +
                 std::to_string(bySource ? rule.tablePre[i] : rule.tablePost[i]) +
                 ", the population has " + std::to_string(side.populationSize()) +
                 " elements, counted from 0");
  }
  return Status::success();
}

Status RuleCheck::run() {
  if (Status status = checkOptions(); !status.ok())
    return status;
  switch (rule.kind) {
  case RuleKind::OneToOne:
  case RuleKind::AllButOne:
    return checkSameCount();
  case RuleKind::AllToAll:
    return Status::success();
  case RuleKind::Probability:
    return checkProbability(rule.p, "argument");
  case RuleKind::ProbabilityOf:
    if (!rule.probabilityOf)
      return error("the function of " + name() + " is missing");
    return Status::success();
  case RuleKind::FixedIndegree:
    if (targets == 0)
      return Status::success();
    return checkDegree(sources, "sources", sources ? sources - 1 : 0);
  case RuleKind::FixedOutdegree:
    if (sources == 0)
      return Status::success();
    if (double(rule.number) * sources > 4294967295.0)
      return error(call() + " of " + std::to_string(sources) +
                   " sources is more than the 4294967295 connections that one "
                   "projection can have");
    return checkDegree(targets, "targets", targets ? targets - 1 : 0);
  case RuleKind::FixedNumber:
    return checkNumber();
  case RuleKind::SmallWorld:
    return checkSmallWorld();
  case RuleKind::Modular:
    return checkModular();
  case RuleKind::Table:
    return checkTable();
  }
  return Status::success();
}

Status synfire::runtime::checkRule(const ConnectSpec &spec) { return RuleCheck(spec).run(); }
