//===- PairSource.cpp -----------------------------------------------------===//

#include "runtime/connect/RuleSources.h"

using namespace synfire::runtime;

PairSource::~PairSource() = default;

static std::unique_ptr<PairSource> make(ConnectSpec spec) {
  switch (spec.rule.kind) {
  case RuleKind::OneToOne:
  case RuleKind::AllToAll:
  case RuleKind::AllButOne:
    return makeRegularSource(std::move(spec));
  case RuleKind::Probability:
  case RuleKind::ProbabilityOf:
  case RuleKind::Modular:
    return makeProbabilitySource(std::move(spec));
  case RuleKind::FixedIndegree:
    return makeIndegreeSource(std::move(spec));
  case RuleKind::SmallWorld:
    return makeSmallWorldSource(std::move(spec));
  case RuleKind::FixedOutdegree:
  case RuleKind::FixedNumber:
  case RuleKind::Table:
    return makeSequenceSource(std::move(spec));
  }
  return nullptr;
}

Result<std::unique_ptr<PairSource>> PairSource::create(ConnectSpec spec) {
  if (Status status = checkRule(spec); !status.ok())
    return status;
  return make(std::move(spec));
}
