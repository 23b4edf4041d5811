// Statistics of spikes as they come, and spikes given in a file.

#include "TemporaryDirectory.h"

#include "runtime/record/SpikeStatistics.h"
#include "runtime/record/SpikeTimes.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace synfire::runtime;

namespace {

TEST(SpikeStatistics, CountsRateAndHash) {
  SpikeStatistics statistics(0, 4);
  const uint32_t ids[] = {1, 3};
  statistics.add(10, ids, 2);
  statistics.add(20, ids, 1);
  PopulationSummary summary = SpikeStatistics::summarize("E", {&statistics}, 0.5);
  EXPECT_EQ(summary.size, 4u);
  EXPECT_EQ(summary.spikes, 3u);
  EXPECT_EQ(summary.rateHz, 1.5);
  EXPECT_EQ(summary.spikeHash, spikeHash(10, 1) + spikeHash(10, 3) + spikeHash(20, 1));
  EXPECT_TRUE(std::isnan(summary.cvIsi)) << "nobody has three spikes";
}

TEST(SpikeStatistics, CvIsTheMeanOverElements) {
  SpikeStatistics statistics(0, 3);
  const uint32_t regular = 0, irregular = 1, rare = 2;
  for (uint64_t step : {5, 12, 19, 26})
    statistics.add(step, &regular, 1);
  // Intervals 1 and 3: mean 2, standard deviation 1.
  for (uint64_t step : {30, 31, 34})
    statistics.add(step, &irregular, 1);
  for (uint64_t step : {40, 50})
    statistics.add(step, &rare, 1);
  EXPECT_EQ(SpikeStatistics::summarize("E", {&statistics}, 1).cvIsi, 0.25);
}

TEST(SpikeStatistics, SlicesAddUpToThePopulation) {
  SpikeStatistics whole(0, 100), low(0, 40), high(40, 60);
  for (uint64_t step = 0; step < 5000; ++step) {
    uint32_t id = uint32_t(splitmix64(step) % 100);
    whole.add(step, &id, 1);
    (id < 40 ? low : high).add(step, &id, 1);
  }
  auto one = SpikeStatistics::summarize("E", {&whole}, 1);
  auto two = SpikeStatistics::summarize("E", {&low, &high}, 1);
  EXPECT_EQ(one.spikes, two.spikes);
  EXPECT_EQ(one.size, two.size);
  EXPECT_EQ(one.spikeHash, two.spikeHash);
  EXPECT_EQ(one.cvIsi, two.cvIsi);
  // Geometric intervals of mean 100: the CV is nearly that of a Poisson
  // process, less a bias for 50 spikes each.
  EXPECT_NEAR(one.cvIsi, 0.97, 0.06);
}

TEST(SpikeStatistics, EmptyPopulation) {
  SpikeStatistics none(0, 0);
  EXPECT_EQ(SpikeStatistics::summarize("E", {&none}, 1).rateHz, 0);
}

class SpikeTimes : public testing::Test {
protected:
  std::vector<std::pair<double, uint32_t>>
  read(const std::string &text, const SpikeTimesFormat &format = SpikeTimesFormat()) {
    auto spikes = readSpikeTimes(files.write("s.csv", text), 10, format);
    EXPECT_TRUE(spikes.ok()) << spikes.status().message();
    std::vector<std::pair<double, uint32_t>> pairs;
    if (spikes.ok())
      for (const SpikeTime &spike : *spikes)
        pairs.emplace_back(spike.ms, spike.element);
    return pairs;
  }
  /// The message without the directory.
  std::string refusal(const std::string &text) {
    auto spikes = readSpikeTimes(files.write("s.csv", text), 10);
    if (spikes.ok())
      return "accepted";
    EXPECT_EQ(spikes.status().fault(), Fault::User);
    return spikes.status().message().substr(files.file("").size());
  }
  using Pairs = std::vector<std::pair<double, uint32_t>>;
  TemporaryDirectory files;
};

TEST_F(SpikeTimes, WithoutAHeader) { EXPECT_EQ(read("3,10\n1,5.5\n"), (Pairs{{5.5, 1}, {10, 3}})); }

TEST_F(SpikeTimes, HeaderNamesColumnsAndUnit) {
  EXPECT_EQ(read("time [s],element\n0.5,3\n"), (Pairs{{500, 3}}));
  EXPECT_EQ(read("neuron,t_us\n3,500\n"), (Pairs{{0.5, 3}}));
  EXPECT_EQ(read("node_ids,timestamps\n3,500\n"), (Pairs{{500, 3}}));
}

TEST_F(SpikeTimes, ColumnsOfOtherNames) {
  SpikeTimesFormat format;
  format.elementColumn = "cell";
  format.timeColumn = "when [s]";
  EXPECT_EQ(read("cell,when [s],time\n3,2,9\n", format), (Pairs{{2000, 3}}));
}

TEST_F(SpikeTimes, OnePopulationOfARecordedFile) {
  SpikeTimesFormat format;
  format.population = "I";
  EXPECT_EQ(read("population,element,time [ms]\nE,4,0.3\nI,2,0.7\n", format), (Pairs{{0.7, 2}}));
}

TEST_F(SpikeTimes, CommentsBlankLinesAndQuotes) {
  EXPECT_EQ(read("# from a lab\r\n\"element\", \"time\"\r\n\r\n 3 , 5\r\n"), (Pairs{{5, 3}}));
}

TEST_F(SpikeTimes, SpikesOfOneTimeGoByElement) {
  EXPECT_EQ(read("5,1\n2,1\n9,0\n"), (Pairs{{0, 9}, {1, 2}, {1, 5}}));
}

TEST_F(SpikeTimes, EmptyFile) { EXPECT_TRUE(read("element,time\n").empty()); }

TEST_F(SpikeTimes, ErrorsNameFileAndLine) {
  EXPECT_EQ(refusal("element,time\n3,5\n10,6\n"),
            "s.csv:3: there is no element 10 in a population of 10");
  EXPECT_EQ(refusal("element,time\n1.5,5\n"),
            "s.csv:2: there is no element 1.5 in a population of 10");
  EXPECT_EQ(refusal("element,time\n3,x\n"), "s.csv:2: `x` is not a number");
  EXPECT_EQ(refusal("element,time\n3,-1\n"),
            "s.csv:2: `-1` is not a time of a spike, which must be 0 or "
            "later");
  EXPECT_EQ(refusal("element,time\n3\n"), "s.csv:2: 1 fields, the rows before have 2");
  EXPECT_EQ(refusal("cell,time\n3,1\n"),
            "s.csv: there is no column of elements among `cell`, `time`");
  EXPECT_EQ(refusal("5\n"), "s.csv:1: a spike needs two columns: element and time");
}

TEST_F(SpikeTimes, MissingFile) {
  auto spikes = readSpikeTimes("/nowhere/s.csv", 10);
  ASSERT_FALSE(spikes.ok());
  EXPECT_EQ(spikes.status().message(), "cannot read `/nowhere/s.csv`: No such file or directory");
}

} // namespace
