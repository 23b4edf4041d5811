// Distributions: exact values where the arithmetic is exact, moments elsewhere.
// A bound of five standard errors fails once in two million runs by chance; the
// seeds are fixed, so these tests never do.

#include "runtime/random/Samplers.h"
#include "runtime/random/Hash.h"

#include <gtest/gtest.h>

using namespace synfire::runtime;

namespace {

constexpr int numDraws = 200000;

PhiloxWords blockNumber(uint32_t i) { return philox({i, 0, 0, streamHash("test", "draws")}, 42); }

/// Mean and variance of numDraws values of \p draw(block).
template <typename Draw> std::pair<double, double> moments(const Draw &draw) {
  double sum = 0, squares = 0;
  for (int i = 0; i < numDraws; ++i) {
    double x = draw(blockNumber(i));
    sum += x;
    squares += x * x;
  }
  double mean = sum / numDraws;
  return {mean, squares / numDraws - mean * mean};
}

double standardErrors(double variance) { return 5 * std::sqrt(variance / numDraws); }

TEST(Samplers, UniformIsExactAndOpen) {
  EXPECT_EQ(uniform(0), 0x1p-33);
  EXPECT_EQ(uniform(0xffffffffu), 1.0 - 0x1p-33);
  EXPECT_EQ(uniform(0x80000000u), 0.5 + 0x1p-33);
}

TEST(Samplers, NormalWordsOfABlock) {
  PhiloxWords block = blockNumber(3);
  auto [even, odd] = normalPair(block[2], block[3]);
  EXPECT_EQ(normal(block, 2), even);
  EXPECT_EQ(normal(block, 3), odd);
}

TEST(Samplers, NormalMoments) {
  for (unsigned word = 0; word < 4; ++word) {
    auto [mean, variance] = moments([&](PhiloxWords b) { return normal(b, word); });
    EXPECT_NEAR(mean, 0, standardErrors(1));
    EXPECT_NEAR(variance, 1, standardErrors(2));
  }
}

TEST(Samplers, ExponentialMoments) {
  auto [mean, variance] = moments([](PhiloxWords b) { return exponential(3, uniform(b[0])); });
  EXPECT_NEAR(mean, 3, standardErrors(9));
  // The fourth central moment is 9 mean^4.
  EXPECT_NEAR(variance, 9, standardErrors(8 * 81));
}

TEST(Samplers, LognormalMeanAndCv) {
  auto [mean, variance] = moments([](PhiloxWords b) { return lognormal(2, 0.5, normal(b, 0)); });
  EXPECT_NEAR(mean, 2, standardErrors(1));
  EXPECT_NEAR(std::sqrt(variance) / mean, 0.5, 0.01);
}

TEST(Samplers, GammaMeanAndCvAboveAndBelowShapeOne) {
  for (double cv : {0.5, 2.0}) {
    double mean = 0, squares = 0;
    for (uint32_t i = 0; i < uint32_t(numDraws); ++i) {
      double x = 0;
      for (uint32_t attempt = 0;; ++attempt)
        if (gammaAttempt(3, cv, philox({i, 0, attempt, 9}, 42), x))
          break;
      mean += x / numDraws;
      squares += x * x / numDraws;
    }
    double variance = 9 * cv * cv;
    EXPECT_NEAR(mean, 3, standardErrors(variance));
    EXPECT_NEAR(std::sqrt(squares - mean * mean) / mean, cv, 0.03 * cv);
  }
}

TEST(Samplers, PoissonTableIsTheCumulativeDistribution) {
  for (double mean : {0.01, 1.0, 3.7, 60.0}) {
    std::vector<uint32_t> table = poissonTable(mean, std::exp(-mean));
    for (size_t k = 0; k < table.size(); ++k) {
      // The regularised incomplete gamma function by its own sum from the top.
      double term = std::exp(-mean), sum = term;
      for (size_t i = 1; i <= k; ++i)
        sum += term *= mean / double(i);
      EXPECT_NEAR(table[k] * 0x1p-32, sum, 1e-9);
    }
    EXPECT_TRUE(std::is_sorted(table.begin(), table.end()));
  }
}

TEST(Samplers, PoissonCountMoments) {
  for (double mean : {0.05, 2.0, 300.0}) {
    std::vector<uint32_t> table = poissonTable(mean, std::exp(-mean));
    auto [m, v] = moments([&](PhiloxWords b) { return poissonCount(table, b[0]); });
    EXPECT_NEAR(m, mean, standardErrors(mean));
    EXPECT_NEAR(v, mean, standardErrors(mean + 2 * mean * mean));
  }
}

TEST(Samplers, PoissonCountIsBoundedByTheTable) {
  std::vector<uint32_t> table = poissonTable(2.0, std::exp(-2.0));
  EXPECT_EQ(poissonCount(table, 0xffffffffu), table.size());
  EXPECT_EQ(poissonCount(table, 0), 0u);
}

TEST(Samplers, PoissonTableEndsAtBothEndsOfItsRange) {
  EXPECT_TRUE(poissonTable(0.0, 1.0).empty());
  size_t longest = poissonTable(maxPoissonMean, std::exp(-maxPoissonMean)).size();
  EXPECT_GT(longest, 800u);
  EXPECT_LT(longest, 1000u);
}

} // namespace
