// Which connections each rule makes (R1), what it refuses, and that the result
// does not depend on how the targets are divided.

#include "ConnectTesting.h"

#include <set>

using namespace synfire::runtime;

std::vector<ConnectSpec> synfire::runtime::everyRule(uint32_t size) {
  std::vector<ConnectSpec> specs;
  for (RuleKind kind :
       {RuleKind::OneToOne, RuleKind::AllToAll, RuleKind::AllButOne, RuleKind::Probability,
        RuleKind::ProbabilityOf, RuleKind::FixedIndegree, RuleKind::FixedOutdegree,
        RuleKind::FixedNumber, RuleKind::SmallWorld, RuleKind::Modular, RuleKind::Table}) {
    ConnectSpec spec = recurrentSpecOf(kind, size);
    spec.rule.p = 0.3;
    spec.rule.pOut = 0.05;
    spec.rule.number = 6;
    if (kind == RuleKind::FixedNumber)
      spec.rule.number = size * 5 + 3;
    spec.rule.probabilityOf = [](const uint32_t *pre, const uint32_t *post, size_t n, double *out) {
      for (size_t i = 0; i < n; ++i)
        out[i] = (pre[i] + post[i]) % 3 == 0 ? 0.5 : 0.1;
    };
    if (kind == RuleKind::Table)
      for (uint32_t i = 0; i < 3 * size; ++i) {
        spec.rule.tablePre.push_back(i * 7 % size);
        spec.rule.tablePost.push_back(i * i % size);
      }
    specs.push_back(spec);
    for (bool autapses : {false, true})
      for (bool multapses : {false, true}) {
        spec.rule.autapses = autapses;
        spec.rule.multapses = multapses;
        if (PairSource::create(spec).ok())
          specs.push_back(spec);
      }
  }
  return specs;
}

namespace {

TEST(ConnectRules, AnyDivisionGivesTheSameConnections) {
  for (const ConnectSpec &spec : everyRule(97)) {
    auto source = PairSource::create(spec);
    ASSERT_TRUE(source.ok()) << source.status().message();
    std::vector<Connection> whole = connectionsOf(**source, 0, 97);
    bool nothing = spec.rule.kind == RuleKind::OneToOne && spec.rule.autapses == false;
    EXPECT_EQ(whole.empty(), nothing) << ruleName(spec.rule.kind);
    for (unsigned parts : {2u, 3u, 97u}) {
      std::vector<Connection> joined;
      for (unsigned p = 0; p < parts; ++p) {
        uint32_t begin = 97 * p / parts, end = 97 * (p + 1) / parts;
        std::vector<Connection> part = connectionsOf(**source, begin, end);
        for (auto [pre, post, position] : part)
          EXPECT_TRUE(post >= begin && post < end);
        joined.insert(joined.end(), part.begin(), part.end());
      }
      std::vector<Connection> sorted = whole;
      std::sort(sorted.begin(), sorted.end());
      std::sort(joined.begin(), joined.end());
      EXPECT_EQ(joined, sorted) << ruleName(spec.rule.kind);
    }
  }
}

TEST(ConnectRules, TargetAndPositionNameAConnection) {
  for (const ConnectSpec &spec : everyRule(97)) {
    std::set<std::pair<uint32_t, uint32_t>> names;
    std::vector<Connection> all = connectionsOf(spec);
    for (auto [pre, post, position] : all)
      names.insert({post, position});
    EXPECT_EQ(names.size(), all.size()) << ruleName(spec.rule.kind);
  }
}

TEST(ConnectRules, OptionsHoldForEveryRule) {
  for (const ConnectSpec &spec : everyRule(97)) {
    if (spec.rule.kind == RuleKind::Table)
      continue; // a file says itself which pairs it has
    std::vector<Connection> all = connectionsOf(spec);
    if (spec.rule.autapses == false) {
      EXPECT_EQ(countAutapses(all), 0u) << ruleName(spec.rule.kind);
    }
    if (spec.rule.multapses == false) {
      EXPECT_EQ(countDifferentPairs(all), all.size()) << ruleName(spec.rule.kind);
    }
  }
}

TEST(ConnectRules, SeedAndNameChangeWhatIsDrawn) {
  ConnectSpec spec = specOf(RuleKind::FixedIndegree, 100, 20);
  spec.rule.number = 10;
  std::vector<Connection> first = connectionsOf(spec);
  EXPECT_EQ(connectionsOf(spec), first);
  spec.seed = 43;
  std::vector<Connection> otherSeed = connectionsOf(spec);
  EXPECT_NE(otherSeed, first);
  spec.seed = 42;
  spec.name = "Test.A->C";
  EXPECT_NE(connectionsOf(spec), first);
}

TEST(ConnectRules, OneToOne) {
  std::vector<Connection> expected = {{0, 0, 0}, {1, 1, 1}, {2, 2, 2}};
  EXPECT_EQ(connectionsOf(specOf(RuleKind::OneToOne, 3, 3)), expected);
  EXPECT_EQ(refusalOf(specOf(RuleKind::OneToOne, 3, 4)),
            "projection `Test.A->B`: `one_to_one` pairs elements one by one, "
            "but there are 3 sources and 4 targets");
}

TEST(ConnectRules, OneToOneOfSelectionsGoesByOrdinal) {
  ConnectSpec spec = specOf(RuleKind::OneToOne, 10, 5);
  spec.sources = *Selection::of({{2, 2}, {8, 9}}, 10);
  spec.targets = *Selection::of({{1, 3}}, 5);
  std::vector<Connection> expected = {{2, 1, 2}, {8, 2, 8}, {9, 3, 9}};
  EXPECT_EQ(connectionsOf(spec), expected);
}

TEST(ConnectRules, AllToAllHasAutapsesUnlessToldOtherwise) {
  ConnectSpec spec = recurrentSpecOf(RuleKind::AllToAll, 3);
  EXPECT_EQ(connectionsOf(spec).size(), 9u);
  spec.rule.autapses = false;
  std::vector<Connection> expected = {{1, 0, 1}, {2, 0, 2}, {0, 1, 0},
                                      {2, 1, 2}, {0, 2, 0}, {1, 2, 1}};
  EXPECT_EQ(connectionsOf(spec), expected);
}

TEST(ConnectRules, AllButOneLeavesOutTheSameOrdinalOfAnotherPopulation) {
  std::vector<Connection> expected = {{1, 0, 1}, {0, 1, 0}};
  EXPECT_EQ(connectionsOf(specOf(RuleKind::AllButOne, 2, 2)), expected);
  ConnectSpec spec = specOf(RuleKind::AllButOne, 2, 2);
  spec.rule.autapses = true;
  EXPECT_NE(refusalOf(spec), "accepted");
}

TEST(ConnectRules, ProbabilityZeroAndOne) {
  ConnectSpec spec = recurrentSpecOf(RuleKind::Probability, 50);
  EXPECT_TRUE(connectionsOf(spec).empty());
  spec.rule.p = 1;
  EXPECT_EQ(connectionsOf(spec).size(), 50u * 49) << "no autapses by default";
  spec.rule.autapses = true;
  EXPECT_EQ(connectionsOf(spec).size(), 2500u);
}

TEST(ConnectRules, ProbabilityOutsideTheRangeIsRefused) {
  ConnectSpec spec = specOf(RuleKind::Probability, 5, 5);
  spec.rule.p = 1.5;
  EXPECT_EQ(refusalOf(spec), "projection `Test.A->B`: the argument of `probability` is "
                             "1.500000, it must be between 0 and 1");
  spec.rule.p = std::numeric_limits<double>::quiet_NaN();
  EXPECT_NE(refusalOf(spec), "accepted");
}

TEST(ConnectRules, ProbabilityCannotMakeMultapses) {
  ConnectSpec spec = specOf(RuleKind::Probability, 5, 5);
  spec.rule.multapses = true;
  EXPECT_EQ(refusalOf(spec), "projection `Test.A->B`: `probability` makes each pair at most "
                             "once, it cannot make multapses");
}

TEST(ConnectRules, PairwiseProbabilityAsksForThePair) {
  ConnectSpec spec = specOf(RuleKind::ProbabilityOf, 3000, 4);
  spec.rule.probabilityOf = [](const uint32_t *pre, const uint32_t *post, size_t n, double *out) {
    for (size_t i = 0; i < n; ++i)
      out[i] = pre[i] % 4 == post[i];
  };
  std::vector<Connection> all = connectionsOf(spec);
  EXPECT_EQ(all.size(), 3000u);
  for (auto [pre, post, position] : all) {
    EXPECT_EQ(pre % 4, post);
    EXPECT_EQ(position, pre);
  }
}

TEST(ConnectRules, FixedIndegreeCountsWithinTheSelection) {
  ConnectSpec spec = recurrentSpecOf(RuleKind::FixedIndegree, 20);
  spec.rule.number = 7;
  spec.sources = *Selection::of({{0, 1}, {10, 14}}, 20);
  spec.targets = *Selection::of({{3, 5}, {14, 14}}, 20);
  std::vector<Connection> all = connectionsOf(spec);
  EXPECT_EQ(all.size(), 28u);
  for (auto [pre, post, position] : all)
    EXPECT_TRUE(spec.sources.contains(pre) && spec.targets.contains(post) && position < 7);
  // Every source is there once where k is their number and none is repeated.
  spec.rule.multapses = false;
  EXPECT_EQ(outDegrees(connectionsOf(spec), 20),
            (std::vector<uint32_t>{4, 4, 0, 0, 0, 0, 0, 0, 0, 0, 4, 4, 4, 4, 4, 0, 0, 0, 0, 0}));
}

TEST(ConnectRules, FixedIndegreeBeyondTheSourcesIsRefusedWithoutMultapses) {
  ConnectSpec spec = recurrentSpecOf(RuleKind::FixedIndegree, 50);
  spec.rule.number = 50;
  spec.rule.multapses = false;
  EXPECT_EQ(connectionsOf(spec).size(), 2500u);
  spec.rule.autapses = false;
  EXPECT_EQ(refusalOf(spec), "projection `Test.A->B`: `fixed_indegree(50)` without multapses "
                             "needs 50 different sources, there are 49 without the element "
                             "itself");
}

TEST(ConnectRules, DegreesWithoutAnythingToDrawFromAreRefused) {
  ConnectSpec spec = specOf(RuleKind::FixedIndegree, 0, 5);
  spec.rule.number = 3;
  EXPECT_EQ(refusalOf(spec), "projection `Test.A->B`: `fixed_indegree(3)` has no sources to "
                             "draw from");
  ConnectSpec alone = recurrentSpecOf(RuleKind::FixedOutdegree, 1);
  alone.rule.number = 1;
  EXPECT_EQ(connectionsOf(alone).size(), 1u);
  alone.rule.autapses = false;
  EXPECT_NE(refusalOf(alone), "accepted");
}

TEST(ConnectRules, FixedOutdegreeGivesEverySourceItsTargets) {
  ConnectSpec spec = specOf(RuleKind::FixedOutdegree, 11, 30);
  spec.rule.number = 5;
  std::vector<Connection> all = connectionsOf(spec);
  EXPECT_EQ(outDegrees(all, 11), std::vector<uint32_t>(11, 5));
  EXPECT_EQ(std::get<2>(all.back()), 54u);
}

TEST(ConnectRules, FixedNumberIsExactInEveryForm) {
  for (bool autapses : {false, true})
    for (bool multapses : {false, true}) {
      ConnectSpec spec = recurrentSpecOf(RuleKind::FixedNumber, 30);
      spec.rule.number = 333;
      spec.rule.autapses = autapses;
      spec.rule.multapses = multapses;
      EXPECT_EQ(connectionsOf(spec).size(), 333u);
    }
}

TEST(ConnectRules, FixedNumberOfAllPairsIsAllToAll) {
  ConnectSpec spec = recurrentSpecOf(RuleKind::FixedNumber, 30);
  spec.rule.multapses = false;
  spec.rule.autapses = false;
  spec.rule.number = 30 * 29;
  EXPECT_EQ(countDifferentPairs(connectionsOf(spec)), 30u * 29);
  spec.rule.number = 30 * 29 + 1;
  EXPECT_EQ(refusalOf(spec), "projection `Test.A->B`: `fixed_number(871)` without multapses "
                             "needs as many different pairs, there are 870");
}

TEST(ConnectRules, SmallWorldWithoutRewiringIsTheRing) {
  ConnectSpec spec = recurrentSpecOf(RuleKind::SmallWorld, 6);
  spec.rule.number = 4;
  std::vector<Connection> all = connectionsOf(spec);
  std::vector<Connection> ofZero(all.begin(), all.begin() + 4);
  std::vector<Connection> expected = {{5, 0, 0}, {1, 0, 1}, {4, 0, 2}, {2, 0, 3}};
  EXPECT_EQ(ofZero, expected);
  EXPECT_EQ(outDegrees(all, 6), std::vector<uint32_t>(6, 4));
}

TEST(ConnectRules, SmallWorldKeepsTheInDegreeWhenRewired) {
  ConnectSpec spec = recurrentSpecOf(RuleKind::SmallWorld, 40);
  spec.rule.number = 39;
  spec.rule.p = 1;
  std::vector<Connection> all = connectionsOf(spec);
  EXPECT_EQ(inDegrees(all, 40), std::vector<uint32_t>(40, 39));
  EXPECT_EQ(countDifferentPairs(all), all.size());
  EXPECT_EQ(countAutapses(all), 0u);
  spec.rule.number = 40;
  EXPECT_NE(refusalOf(spec), "accepted");
}

TEST(ConnectRules, ModularOfCertainAndImpossibleIsBlocks) {
  ConnectSpec spec = specOf(RuleKind::Modular, 10, 4);
  spec.rule.number = 3;
  spec.rule.p = 1;
  for (auto [pre, post, position] : connectionsOf(spec))
    EXPECT_EQ(pre * 3 / 10, post * 3 / 4);
  EXPECT_EQ(connectionsOf(spec).size(), 4u * 2 + 3 + 3);
  spec.rule.number = 5;
  EXPECT_NE(refusalOf(spec), "accepted");
}

TEST(ConnectRules, TableKeepsRowsAndNamesAWrongOne) {
  ConnectSpec spec = specOf(RuleKind::Table, 3, 3);
  spec.rule.tablePre = {2, 0, 2};
  spec.rule.tablePost = {1, 1, 0};
  std::vector<Connection> expected = {{2, 1, 0}, {0, 1, 1}, {2, 0, 2}};
  EXPECT_EQ(connectionsOf(spec), expected);
  spec.rule.tablePost[1] = 3;
  EXPECT_EQ(refusalOf(spec), "projection `Test.A->B`: row 2 of its table names target 3, the "
                             "population has 3 elements, counted from 0");
}

TEST(ConnectRules, NothingComesOfEmptyPopulations) {
  for (RuleKind kind : {RuleKind::OneToOne, RuleKind::AllToAll, RuleKind::AllButOne,
                        RuleKind::Probability, RuleKind::FixedIndegree, RuleKind::FixedOutdegree,
                        RuleKind::FixedNumber, RuleKind::SmallWorld}) {
    ConnectSpec spec = specOf(kind, 0, 0);
    EXPECT_TRUE(connectionsOf(spec).empty()) << ruleName(kind);
  }
}

TEST(ConnectRules, OneElement) {
  ConnectSpec spec = recurrentSpecOf(RuleKind::FixedIndegree, 1);
  spec.rule.number = 3;
  std::vector<Connection> expected = {{0, 0, 0}, {0, 0, 1}, {0, 0, 2}};
  EXPECT_EQ(connectionsOf(spec), expected);
  spec = recurrentSpecOf(RuleKind::FixedNumber, 1);
  spec.rule.number = 1;
  spec.rule.multapses = false;
  EXPECT_EQ(connectionsOf(spec).size(), 1u);
  EXPECT_TRUE(connectionsOf(recurrentSpecOf(RuleKind::AllButOne, 1)).empty());
  EXPECT_TRUE(connectionsOf(recurrentSpecOf(RuleKind::SmallWorld, 1)).empty());
}

} // namespace
