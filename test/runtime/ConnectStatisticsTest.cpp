// Whether drawn connections have the distribution that their rule names. Bounds
// are five standard errors; seeds are fixed, so no test fails by chance.

#include "ConnectTesting.h"

#include "runtime/connect/Log.h"

#include <cmath>

using namespace synfire::runtime;

namespace {

/// Pearson's statistic of \p counts against equal expectations, as a standard
/// normal number for many cells (Wilson and Hilferty).
double uniformityScore(const std::vector<uint32_t> &counts) {
  double total = 0, statistic = 0;
  for (uint32_t count : counts)
    total += count;
  double expected = total / double(counts.size());
  for (uint32_t count : counts)
    statistic += (count - expected) * (count - expected) / expected;
  double freedom = double(counts.size()) - 1;
  double spread = 2.0 / (9.0 * freedom);
  return (std::cbrt(statistic / freedom) - (1 - spread)) / std::sqrt(spread);
}

void expectMoments(const std::vector<uint32_t> &degrees, double mean, double variance) {
  double n = double(degrees.size()), sum = 0, squares = 0;
  for (uint32_t degree : degrees)
    sum += degree;
  for (uint32_t degree : degrees)
    squares += (degree - sum / n) * (degree - sum / n);
  EXPECT_NEAR(sum / n, mean, 5 * std::sqrt(variance / n));
  // The variance of a sample variance is about 2 variance^2 / n.
  EXPECT_NEAR(squares / n, variance, 5 * variance * std::sqrt(2 / n));
}

TEST(ConnectStatistics, PortableLogIsTheLogarithm) {
  for (int i = 1; i < 20000; ++i) {
    double x = std::exp(-0.002 * i);
    EXPECT_NEAR(portableLog(x) / std::log(x), 1, 1e-15);
  }
  for (double p : {1e-12, 1e-4, 0.1, 0.2499, 0.25, 0.9, 1 - 1e-12})
    EXPECT_NEAR(portableLogOneMinus(p) / std::log1p(-p), 1, 1e-15);
}

TEST(ConnectStatistics, ProbabilityHasBinomialDegrees) {
  for (double p : {0.003, 0.1, 0.5, 0.97}) {
    ConnectSpec spec = specOf(RuleKind::Probability, 1000, 2000);
    spec.rule.p = p;
    std::vector<Connection> all = connectionsOf(spec);
    expectMoments(inDegrees(all, 2000), 1000 * p, 1000 * p * (1 - p));
    expectMoments(outDegrees(all, 1000), 2000 * p, 2000 * p * (1 - p));
  }
}

TEST(ConnectStatistics, ProbabilityWithoutAutapsesDrawsTheOtherPairs) {
  ConnectSpec spec = recurrentSpecOf(RuleKind::Probability, 1000);
  spec.rule.p = 0.2;
  expectMoments(inDegrees(connectionsOf(spec), 1000), 999 * 0.2, 999 * 0.2 * 0.8);
}

TEST(ConnectStatistics, PairwiseProbabilityHasBinomialDegrees) {
  ConnectSpec spec = specOf(RuleKind::ProbabilityOf, 1500, 1000);
  spec.rule.probabilityOf = [](const uint32_t *, const uint32_t *, size_t n, double *out) {
    std::fill_n(out, n, 0.2);
  };
  expectMoments(inDegrees(connectionsOf(spec), 1000), 300, 240);
}

TEST(ConnectStatistics, FixedIndegreeDrawsSourcesEvenly) {
  for (bool multapses : {false, true})
    for (uint32_t k : {50u, 350u}) {
      ConnectSpec spec = recurrentSpecOf(RuleKind::FixedIndegree, 500);
      spec.rule.number = k;
      spec.rule.multapses = multapses;
      std::vector<Connection> all = connectionsOf(spec);
      EXPECT_EQ(inDegrees(all, 500), std::vector<uint32_t>(500, k));
      double p = k / 500.0;
      double variance = multapses ? k * (1 - 1 / 500.0) : k * (1 - p);
      expectMoments(outDegrees(all, 500), k, variance);
    }
}

TEST(ConnectStatistics, FixedIndegreeHasAutapsesAsOftenAsOthers) {
  ConnectSpec spec = recurrentSpecOf(RuleKind::FixedIndegree, 1000);
  spec.rule.number = 400;
  double expected = 400;
  EXPECT_NEAR(double(countAutapses(connectionsOf(spec))), expected, 5 * std::sqrt(expected));
}

TEST(ConnectStatistics, FixedOutdegreeDrawsTargetsEvenly) {
  ConnectSpec spec = specOf(RuleKind::FixedOutdegree, 800, 500);
  spec.rule.number = 40;
  expectMoments(inDegrees(connectionsOf(spec), 500), 64, 64 * (1 - 1 / 500.0));
}

TEST(ConnectStatistics, FixedNumberDrawsPairsEvenlyInEveryForm) {
  for (bool autapses : {false, true})
    for (bool multapses : {false, true}) {
      ConnectSpec spec = recurrentSpecOf(RuleKind::FixedNumber, 300);
      spec.rule.number = 30000;
      spec.rule.autapses = autapses;
      spec.rule.multapses = multapses;
      std::vector<Connection> all = connectionsOf(spec);
      double left = multapses ? 1.0 : 1 - 30000.0 / (300 * 300);
      expectMoments(inDegrees(all, 300), 100, 100 * left);
      expectMoments(outDegrees(all, 300), 100, 100 * left);
    }
}

TEST(ConnectStatistics, FixedNumberDrawsSourceAndTargetApart) {
  ConnectSpec spec = specOf(RuleKind::FixedNumber, 20, 20);
  spec.rule.number = 80000;
  std::vector<uint32_t> cells(400, 0);
  for (auto [pre, post, position] : connectionsOf(spec))
    ++cells[pre * 20 + post];
  EXPECT_LT(std::fabs(uniformityScore(cells)), 5);
}

TEST(ConnectStatistics, SmallWorldRewiresItsShareEvenly) {
  ConnectSpec spec = recurrentSpecOf(RuleKind::SmallWorld, 1000);
  spec.rule.number = 10;
  spec.rule.p = 0.25;
  double far = 0;
  std::vector<uint32_t> byTenth(10, 0);
  for (auto [pre, post, position] : connectionsOf(spec)) {
    uint32_t around = (pre + 1000 - post) % 1000;
    if (around <= 5 || around >= 995)
      continue;
    ++far;
    ++byTenth[(around - 6) * 10 / 989];
  }
  // A rewired edge lands on the ring neighbours with a chance below 1 %.
  EXPECT_NEAR(far, 2500, 5 * std::sqrt(10000 * 0.25 * 0.75) + 25);
  EXPECT_LT(std::fabs(uniformityScore(byTenth)), 5);
}

TEST(ConnectStatistics, ModularHasBothProbabilities) {
  ConnectSpec spec = recurrentSpecOf(RuleKind::Modular, 1000);
  spec.rule.number = 4;
  spec.rule.p = 0.4;
  spec.rule.pOut = 0.02;
  double inside = 0, outside = 0;
  for (auto [pre, post, position] : connectionsOf(spec))
    ++(pre / 250 == post / 250 ? inside : outside);
  double insidePairs = 4 * 250 * 249, outsidePairs = 750000;
  EXPECT_NEAR(inside, insidePairs * 0.4, 5 * std::sqrt(insidePairs * 0.4 * 0.6));
  EXPECT_NEAR(outside, outsidePairs * 0.02, 5 * std::sqrt(outsidePairs * 0.02 * 0.98));
}

TEST(ConnectStatistics, ExpectedConnectionsAreThoseMade) {
  for (const ConnectSpec &spec : everyRule(400)) {
    auto source = PairSource::create(spec);
    double made = double(connectionsOf(spec).size());
    // Autapses left out are not counted: at most one in 400 pairs.
    EXPECT_NEAR((*source)->expectedConnections(), made, 5 * std::sqrt(made) + 400)
        << ruleName(spec.rule.kind);
  }
}

} // namespace
