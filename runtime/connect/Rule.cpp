//===- Rule.cpp -----------------------------------------------------------===//

#include "runtime/connect/Rule.h"

using namespace synfire::runtime;

const char *synfire::runtime::ruleName(RuleKind kind) {
  switch (kind) {
  case RuleKind::OneToOne:
    return "one_to_one";
  case RuleKind::AllToAll:
    return "all_to_all";
  case RuleKind::AllButOne:
    return "all_but_one";
  case RuleKind::Probability:
  case RuleKind::ProbabilityOf:
    return "probability";
  case RuleKind::FixedIndegree:
    return "fixed_indegree";
  case RuleKind::FixedOutdegree:
    return "fixed_outdegree";
  case RuleKind::FixedNumber:
    return "fixed_number";
  case RuleKind::SmallWorld:
    return "small_world";
  case RuleKind::Modular:
    return "modular";
  case RuleKind::Table:
    return "from";
  }
  return "";
}
