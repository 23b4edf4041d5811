// Pictures: what is kept of a run, that gnuplot makes a file of it whatever was
// recorded, and what failures say.

#include "TemporaryDirectory.h"

#include "runtime/plot/Gnuplot.h"
#include "runtime/plot/Picture.h"
#include "runtime/plot/Script.h"
#include "runtime/random/Hash.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <set>
#include <sstream>

using namespace synfire::runtime;

namespace {

size_t count(const std::string &text, const std::string &part) {
  size_t n = 0;
  for (size_t at = 0; (at = text.find(part, at)) != std::string::npos; ++at)
    ++n;
  return n;
}

TEST(Picture, NiceNumbers) {
  EXPECT_DOUBLE_EQ(niceAtLeast(0.7), 1);
  EXPECT_DOUBLE_EQ(niceAtLeast(1), 1);
  EXPECT_DOUBLE_EQ(niceAtLeast(1.2), 2);
  EXPECT_DOUBLE_EQ(niceAtLeast(51), 100);
  EXPECT_DOUBLE_EQ(niceAtLeast(0.003), 0.005);
}

TEST(Picture, RasterKeepsEvenlySpacedElements) {
  RasterSample raster(1000, 100);
  for (uint32_t id = 0; id < 1000; ++id)
    raster.add(1, &id, 1);
  ASSERT_EQ(raster.points().size(), 100u);
  for (uint32_t row = 0; row < 100; ++row)
    EXPECT_EQ(raster.points()[row].row, row);
}

TEST(Picture, RasterOfFewElementsKeepsAll) {
  RasterSample raster(7, 100);
  EXPECT_EQ(raster.numRows(), 7u);
  for (uint32_t id = 0; id < 7; ++id)
    raster.add(1, &id, 1);
  EXPECT_EQ(raster.points().size(), 7u);
}

TEST(Picture, HalvingTakesEverySecondRow) {
  RasterSample raster(64, 64);
  for (uint32_t id = 0; id < 64; ++id)
    raster.add(1, &id, 1);
  ASSERT_TRUE(raster.canHalve());
  raster.halve();
  const uint32_t odd = 5, even = 6;
  raster.add(2, &odd, 1);
  raster.add(2, &even, 1);
  EXPECT_EQ(raster.points().size(), 33u);
  for (const RasterPoint &point : raster.points())
    EXPECT_EQ(point.row % 2, 0u);
}

TEST(Picture, ManySpikesAreThinnedInAllPopulationsAlike) {
  Picture picture("", 0, 1000, 0.1);
  picture.addPopulation("A", 10000);
  picture.addPopulation("B", 10000);
  std::vector<uint32_t> all(10000);
  for (uint32_t i = 0; i < 10000; ++i)
    all[i] = i;
  for (uint64_t step = 1; step <= 100; ++step)
    for (size_t p : {0, 1})
      picture.spikes(p, step * 100, all.data(), all.size());
  const auto &populations = picture.getPopulations();
  size_t points = 0;
  for (const Picture::Population &p : populations)
    points += p.raster[0].points().size();
  EXPECT_LE(points, 40000u);
  EXPECT_GT(points, 5000u);
  EXPECT_EQ(populations[0].raster[0].rowStep(), populations[1].raster[0].rowStep());
  EXPECT_EQ(populations[0].raster[0].points().size(), populations[1].raster[0].points().size());
}

TEST(Picture, RatesCountEverySpikeInItsInterval) {
  RateSample rate(100, 10, 3);
  for (uint64_t step : {100, 101, 110, 111, 130, 131})
    rate.add(step, 2);
  EXPECT_EQ(rate.bins(), (std::vector<uint64_t>{4, 2, 2}))
      << "a spike stamped t + dt is of the step from t";
}

TEST(Picture, TracesKeepExtremesInBoundedMemory) {
  TraceSample trace;
  for (int i = 0; i < 100000; ++i)
    trace.add(i == 54321 ? 40 : i == 54322 ? -90 : -65 + 1e-4 * (i % 7));
  EXPECT_LE(trace.buckets().size(), 4000u);
  EXPECT_GE(trace.buckets().size(), 2000u);
  float low = 0, high = -100;
  for (const TraceSample::Bucket &bucket : trace.buckets()) {
    low = std::min(low, bucket.low);
    high = std::max(high, bucket.high);
    if (bucket.high == 40 && bucket.low == -90) {
      EXPECT_FALSE(bucket.lowFirst);
    }
  }
  EXPECT_EQ(low, -90);
  EXPECT_EQ(high, 40);
}

TEST(Picture, BandsAreInProportionButNeverVanish) {
  Picture picture("", 0, 100, 0.1);
  picture.addPopulation("large", 100000);
  picture.addPopulation("half", 50000);
  picture.addPopulation("one", 1);
  std::vector<double> heights = picture.bandHeights();
  EXPECT_NEAR(heights[0] / heights[1], 2, 1e-9);
  EXPECT_GT(heights[2], 0.05);
  EXPECT_NEAR(heights[0] + heights[1] + heights[2], 1, 1e-12);
}

/// \p populations with one spike an element, and a trace of \p elements.
Picture example(size_t populations, size_t elements) {
  Picture picture("It's a \"test\"", 0, 100, 0.1);
  for (size_t p = 0; p < populations; ++p)
    picture.addPopulation("P" + std::to_string(p), uint32_t(20 * (p + 1)));
  for (size_t p = 0; p < populations; ++p)
    for (uint32_t id = 0; id < 20; ++id)
      picture.spikes(p, 1 + id * 40, &id, 1);
  if (!elements)
    return picture;
  TraceSpec spec = {"P0", "v", "mV", {}, 0, 10};
  for (uint32_t i = 0; i < elements; ++i)
    spec.elements.push_back(i);
  size_t trace = picture.addTrace(spec);
  std::vector<double> values(elements);
  for (int i = 0; i <= 100; ++i) {
    for (size_t e = 0; e < elements; ++e)
      values[e] = std::sin(0.1 * i + double(e));
    picture.trace(trace, values.data());
  }
  return picture;
}

TEST(Picture, NamedElementsAreCalledByTheirNames) {
  Picture picture("P", 0, 100, 1);
  size_t trace = picture.addTrace({"N", "v", "mV", {53, 55}, 0, 10, {"AVAL", "AVAR"}});
  for (double value : {1.0, 2.0}) {
    double values[] = {value, -value};
    picture.trace(trace, values);
  }
  std::string script = pictureScript(picture, PictureFormat::Png, "out.png");
  EXPECT_EQ(count(script, "'AVAL'"), 1u);
  EXPECT_EQ(count(script, "'AVAR'"), 1u);
  EXPECT_EQ(count(script, "N[53]"), 0u);
}

TEST(Picture, ScriptHasAPanelForEachKind) {
  std::string script = pictureScript(example(2, 2), PictureFormat::Png, "out.png");
  EXPECT_EQ(count(script, "\nplot $raster0"), 1u);
  EXPECT_EQ(count(script, "\nplot $rate0"), 1u);
  EXPECT_EQ(count(script, "\nplot $trace0_0"), 1u);
  EXPECT_EQ(count(script, "'v (mV)'"), 1u);
  EXPECT_EQ(count(script, "'time (ms)'"), 1u);
  EXPECT_EQ(count(script, "'It''s a \"test\"'"), 1u);
}

TEST(Picture, ManyElementsStandOneAboveTheOtherWithAScale) {
  std::string script = pictureScript(example(1, 10), PictureFormat::Svg, "out.svg");
  EXPECT_EQ(count(script, "'P0[9]'"), 1u);
  EXPECT_EQ(count(script, "set label '1 mV'"), 1u);
}

/// The lines of a data block.
std::vector<std::string> dataOf(const std::string &script, const std::string &name) {
  size_t begin = script.find("$" + name + " << EOD\n");
  begin = script.find('\n', begin) + 1;
  std::istringstream block(script.substr(begin, script.find("EOD\n", begin) - begin));
  std::vector<std::string> lines;
  for (std::string line; std::getline(block, line);)
    lines.push_back(line);
  return lines;
}

/// The widths in ms at which rates are drawn, of one population of 100 over 10 s. Each cell fires
/// \p perSecond times a second, with \p depth by a rhythm of 400 ms.
double widthOfRates(double perSecond, double depth) {
  Picture picture("P", 0, 10000, 1);
  picture.addPopulation("P", 100);
  for (uint64_t step = 1; step < 10000; ++step)
    for (uint32_t id = 0; id < 100; ++id) {
      uint64_t random = splitmix64(step * 100 + id);
      double rhythm = 1 + depth * std::sin(2 * 3.14159265 * double(step) / 400);
      if (double(random >> 11) * 0x1p-53 < perSecond * 1e-3 * rhythm)
        picture.spikes(0, step, &id, 1);
    }
  return 10000.0 / double(dataOf(pictureScript(picture, PictureFormat::Png, "o"), "rate0").size());
}

// With n cells, the mean rate m and the amplitude a of a rhythm of period T, bins of width w miss
// the rate by m / (n w) for noise and a^2 / 2 (pi w / T)^2 / 3 for what they smooth: least at 39 ms
// for 10 Hz, and at 310 ms for 0.02 Hz. Without a rhythm the widest are the best. Widths are 50,
// 100, 200 and 500 ms; chance moves the choice by one.
TEST(Picture, RatesAreDrawnAtTheWidthThatShowsHowTheyMove) {
  EXPECT_LE(widthOfRates(10, 0.9), 100);
  EXPECT_EQ(widthOfRates(10, 0), 500);
  EXPECT_GE(widthOfRates(0.02, 0.9), 200);
}

TEST(Picture, AStartTransientDecidesNeitherScaleNorPlace) {
  Picture picture("", 0, 100, 1);
  size_t trace = picture.addTrace({"N", "v", "mV", {0, 1, 2, 3}, 0, 1});
  // From -1000 mV within five steps, then 2 and 4 mV in turn.
  for (int i = 0; i <= 100; ++i) {
    double value = i < 5 ? -1000 + 200 * i : i % 2 ? 2 : 4;
    double values[] = {value, value, value, value};
    picture.trace(trace, values);
  }
  std::string script = pictureScript(picture, PictureFormat::Png, "out.png");
  EXPECT_EQ(count(script, "set label '1 mV'"), 1u);
  std::vector<std::string> lines = dataOf(script, "trace0_1"); // in the lane from 2 to 3
  double ms, y, last = 0;
  for (const std::string &line : lines) {
    ASSERT_EQ(std::sscanf(line.c_str(), "%lf %lf", &ms, &y), 2) << line;
    if (ms < 5) {
      EXPECT_NEAR(y, 2, 0.03); // along the border of its lane
      continue;
    }
    EXPECT_NEAR(y, 2.5, 0.44);
    EXPECT_GT(std::fabs(y - last), 0.45); // it fills the lane
    last = y;
  }
  // How far it went is said above the lanes, for as many as there is room.
  EXPECT_EQ(count(script, "set label 'N[0] goes down to -1000 mV' at graph 0.1"), 1u);
  EXPECT_EQ(count(script, "set label 'N[3] goes"), 0u);
  EXPECT_GT(last, 2);
}

TEST(Picture, PngAndSvgAreWritten) {
  TemporaryDirectory files;
  for (size_t populations : {1, 8, 12})
    for (size_t elements : {0, 1, 10}) {
      Status status = example(populations, elements).draw(files.file("out.png"));
      EXPECT_TRUE(status.ok()) << status.message();
      EXPECT_EQ(files.read("out.png").substr(0, 4), "\x89PNG");
    }
  Status status = example(2, 2).draw(files.file("out.svg"));
  EXPECT_TRUE(status.ok()) << status.message();
  std::string svg = files.read("out.svg");
  EXPECT_NE(svg.find("<svg"), std::string::npos);
  EXPECT_NE(svg.find("</svg>"), std::string::npos);
  EXPECT_NE(svg.find("P1"), std::string::npos);
}

TEST(Picture, SilentEmptyAndBrokenRecordsAreDrawn) {
  TemporaryDirectory files;
  Picture silent("", 0, 100, 0.1);
  silent.addPopulation("quiet", 10);
  silent.addPopulation("nobody", 0);
  size_t trace = silent.addTrace({"quiet", "v", "1", {0, 1}, 0, 1});
  const double values[] = {NAN, INFINITY};
  silent.trace(trace, values);
  silent.addTrace({"quiet", "w", "1", {0, 1, 2, 3, 4}, 0, 1});
  Status status = silent.draw(files.file("out.png"));
  EXPECT_TRUE(status.ok()) << status.message();
}

TEST(Picture, ConstantTracesAreDrawn) {
  TemporaryDirectory files;
  Picture flat("", 0, 100, 0.1);
  size_t trace = flat.addTrace({"N", "v", "mV", {0}, 0, 500});
  for (double value : {-70.0, -70.0, -70.0})
    flat.trace(trace, &value);
  EXPECT_TRUE(flat.draw(files.file("out.png")).ok());
}

TEST(Picture, OtherSuffixesAreRefused) {
  Status status = example(1, 0).draw("out.jpg");
  EXPECT_EQ(status.fault(), Fault::User);
  EXPECT_EQ(status.message(), "the format of the picture `out.jpg` is not "
                              "known; its name must end in `.png` or `.svg`");
}

TEST(Picture, PathsThatCannotBeWritten) {
  Status status = example(1, 0).draw("/nowhere/out.png");
  EXPECT_EQ(status.fault(), Fault::Machine);
  EXPECT_EQ(status.message(), "cannot draw `/nowhere/out.png`: No such file or directory");
}

TEST(Picture, GnuplotMissing) {
  TemporaryDirectory files;
  std::string path = getenv("PATH");
  setenv("PATH", "/nowhere", 1);
  Status status = example(1, 0).draw(files.file("out.png"));
  setenv("PATH", path.c_str(), 1);
  EXPECT_EQ(status.fault(), Fault::Machine);
  EXPECT_NE(status.message().find("gnuplot is not installed"), std::string::npos)
      << status.message();
  EXPECT_FALSE(std::filesystem::exists(files.file("out.png")));
}

TEST(Picture, GnuplotsComplaintIsPassedOn) {
  TemporaryDirectory files;
  Status status =
      runGnuplot([](const std::string &) { return "plot nothing\n"; }, files.file("out.png"));
  EXPECT_EQ(status.fault(), Fault::Machine);
  EXPECT_NE(status.message().find("undefined variable"), std::string::npos) << status.message();
}

} // namespace
