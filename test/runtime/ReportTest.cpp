// What a run prints: numbers for people, the table, the JSON object, progress.

#include "runtime/report/Format.h"
#include "runtime/report/Progress.h"
#include "runtime/report/Summary.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace synfire::runtime;

namespace {

RunSummary brunel() {
  RunSummary run;
  run.model = "Brunel";
  run.target = "cpu";
  run.threads = 2;
  run.seed = 42;
  run.stepSeconds = 1e-4;
  run.durationSeconds = 1.0;
  run.populations = {{"E", 10000, 316021, 31.6021, 0.42, 0xab}, {"I", 2500, 0, 0, NAN, 0}};
  run.projections = {{"E->E", 10000000, 20000000, 0xfedcba9876543210u},
                     {"I->E", 2500000, 5000000, 1}};
  run.synapticEvents = 395000000;
  run.compileSeconds = 0.25;
  run.buildSeconds = 0.5;
  run.simulateSeconds = 0.31;
  run.peakRssBytes = 130u << 20;
  return run;
}

TEST(Report, Counts) {
  EXPECT_EQ(formatCount(0), "0");
  EXPECT_EQ(formatCount(999), "999");
  EXPECT_EQ(formatCount(1000), "1,000");
  EXPECT_EQ(formatCount(299000123), "299,000,123");
}

TEST(Report, OneOfAKindIsSingular) {
  EXPECT_EQ(formatCounted(1, "cell"), "1 cell");
  EXPECT_EQ(formatCounted(0, "cell"), "0 cells");
  EXPECT_EQ(formatCounted(2000, "cell"), "2,000 cells");
}

TEST(Report, Bytes) {
  EXPECT_EQ(formatBytes(1023), "1023 B");
  EXPECT_EQ(formatBytes(1024), "1.00 KiB");
  EXPECT_EQ(formatBytes(20000000), "19.1 MiB");
  EXPECT_EQ(formatBytes(uint64_t(1000) << 20), "0.977 GiB");
}

TEST(Report, Times) {
  EXPECT_EQ(formatSeconds(85e-6), "85 us");
  EXPECT_EQ(formatSeconds(0.0123), "12.3 ms");
  EXPECT_EQ(formatSeconds(9.996), "10.0 s");
  EXPECT_EQ(formatSeconds(205), "3:25 min");
  EXPECT_EQ(formatSeconds(7385), "2:03 h");
  EXPECT_EQ(formatMilliseconds(0.1), "0.1 ms");
  EXPECT_EQ(formatMilliseconds(1500), "1.5 s");
}

TEST(Report, WidthCountsCodePoints) {
  EXPECT_EQ(padRight("Schütz", 7), "Schütz ");
  EXPECT_EQ(padLeft("12", 4), "  12");
}

TEST(Report, Table) {
  EXPECT_EQ(summaryTable(brunel()),
            "Brunel: 1 s in steps of 0.1 ms, seed 42, cpu, 2 threads\n"
            "\n"
            "  population  neurons   spikes  mean rate  CV of ISI\n"
            "  E            10,000  316,021   31.60 Hz       0.42\n"
            "  I             2,500        0    0.00 Hz          -\n"
            "\n"
            "  projection    synapses    memory\n"
            "  E->E        10,000,000  19.1 MiB\n"
            "  I->E         2,500,000  4.77 MiB\n"
            "\n"
            "  compiled in 250 ms, built in 500 ms, simulated in 310 ms\n"
            "  real-time factor 0.310, 395,000,000 synaptic events (1.27e+09 per "
            "second), peak memory 130 MiB\n");
}

TEST(Report, GradedUnitsHaveNoRate) {
  RunSummary run = brunel();
  run.populations.back().isGraded = true;
  EXPECT_NE(summaryTable(run).find("  I             2,500        -          -          -\n"),
            std::string::npos);
}

TEST(Report, ManyProjectionsAreAddedUp) {
  RunSummary run = brunel();
  run.projections.push_back({"I->I", 600000, 1024, 0});
  std::string table = summaryTable(run, 1);
  EXPECT_NE(table.find("  E->E        10,000,000  19.1 MiB\n"
                       "  2 more       3,100,000  4.77 MiB\n"),
            std::string::npos)
      << table;
}

TEST(Report, SpreadsAreOfOrderStatistics) {
  std::vector<double> values;
  for (int i = 100; i > 0; --i)
    values.push_back(i);
  Spread spread = spreadOf(values, 10);
  EXPECT_EQ(spread.mean, 50.5);
  EXPECT_EQ(spread.least, 1);
  EXPECT_EQ(spread.low, 5);
  EXPECT_EQ(spread.median, 50);
  EXPECT_EQ(spread.high, 95);
  EXPECT_EQ(spread.most, 100);
  std::vector<double> single = {3};
  EXPECT_EQ(spreadOf(single, 0).low, 3);
}

TEST(Report, RecordedValuesFirstAndLast) {
  RunSummary run = brunel();
  std::vector<double> before = {0, 1}, after = {2, 4};
  run.recorded.push_back({"E->E.weight", "mV", 2, spreadOf(before, 0), spreadOf(after, 1000)});
  EXPECT_NE(summaryTable(run).find(
                "  recorded          synapses    at   mean  least   5 %  median  95 %  most\n"
                "  E->E.weight (mV)         2  0 ms  0.500      0     0       0  1.00  1.00\n"
                "                               1 s   3.00   2.00  2.00    2.00  4.00  4.00\n"),
            std::string::npos)
      << summaryTable(run);
  EXPECT_NE(summaryJson(run).find("\"recorded\":{\"E->E.weight\":{\"unit\":\"mV\",\"synapses\":2,"
                                  "\"first\":{\"at_s\":0.0,\"mean\":0.5,"),
            std::string::npos);
}

TEST(Report, JsonIsTheStatedObject) {
  EXPECT_EQ(summaryJson(brunel()),
            "{\"model\":\"Brunel\",\"target\":\"cpu\",\"threads\":2,\"seed\":42,"
            "\"step_s\":0.0001,\"duration_s\":1.0,"
            "\"populations\":{\"E\":{\"size\":10000,\"spikes\":316021,"
            "\"rate_hz\":31.6021,\"cv_isi\":0.42,"
            "\"spike_hash\":\"00000000000000ab\"},"
            "\"I\":{\"size\":2500,\"spikes\":0,\"rate_hz\":0.0,\"cv_isi\":null,"
            "\"spike_hash\":\"0000000000000000\"}},"
            "\"projections\":{\"E->E\":{\"synapses\":10000000,\"bytes\":20000000,"
            "\"weight_hash\":\"fedcba9876543210\"},"
            "\"I->E\":{\"synapses\":2500000,\"bytes\":5000000,"
            "\"weight_hash\":\"0000000000000001\"}},"
            "\"synaptic_events\":395000000,\"compile_s\":0.25,\"build_s\":0.5,"
            "\"simulate_s\":0.31,\"real_time_factor\":0.31,"
            "\"peak_rss_bytes\":136314880}");
}

TEST(Report, JsonTellsPhasesIfAskedFor) {
  RunSummary run = brunel();
  run.phases = PhaseSeconds{0.5, 0, 0.25, 0.125};
  EXPECT_NE(summaryJson(run).find("\"phases_s\":{\"deliver\":0.5,\"gather\":0.0,"
                                  "\"update\":0.25,\"wait\":0.125}"),
            std::string::npos);
}

TEST(Report, JsonOfAnEmptyRunIsValid) {
  auto object = nlohmann::json::parse(summaryJson(RunSummary()));
  EXPECT_TRUE(object["populations"].is_object());
  EXPECT_TRUE(object["projections"].is_object());
  EXPECT_EQ(object["real_time_factor"], 0);
}

TEST(Report, SeedsKeepAllTheirBits) {
  RunSummary run;
  run.seed = ~uint64_t(0);
  EXPECT_NE(summaryJson(run).find("\"seed\":18446744073709551615"), std::string::npos);
}

TEST(Report, ProgressLine) {
  EXPECT_EQ(progressLine(250, 1000, 0.5, 80),
            "[==         ]  25 %  250 ms of 1 s in 500 ms, real-time factor "
            "2.0, 1.50 s left");
  EXPECT_EQ(progressLine(1000, 1000, 0.5, 200).substr(0, 38),
            "[==============================] 100 %");
  EXPECT_EQ(progressLine(250, 1000, 0.5, 70),
            " 25 %  250 ms of 1 s in 500 ms, real-time factor 2.0, 1.50 s left")
      << "no room for a bar";
  for (size_t columns : {0, 1, 20, 60, 80, 120})
    EXPECT_LT(progressLine(250, 1000, 0.5, columns).size(), std::max<size_t>(columns, 1));
}

TEST(Report, NoProgressOnAFile) {
  std::FILE *file = std::tmpfile();
  {
    Progress progress(1000, file);
    progress.update(500);
  }
  EXPECT_EQ(std::ftell(file), 0);
  std::fclose(file);
}

TEST(Report, PeakMemoryIsThatOfTheProcess) { EXPECT_GT(peakRss(), uint64_t(1) << 20); }

} // namespace
