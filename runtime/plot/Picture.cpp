//===- Picture.cpp --------------------------------------------------------===//

#include "runtime/plot/Picture.h"

#include "runtime/plot/Gnuplot.h"
#include "runtime/plot/Script.h"

#include <algorithm>
#include <cmath>

using namespace synfire::runtime;

/// Rows of a whole raster: more than there are pixels, for sparse spikes show
/// something only where there are many elements.
static constexpr double rasterRows = 4000;
/// Dots that can be told apart.
static constexpr size_t rasterPoints = 20000;
/// Bins of the finest rates; drawing merges them.
static constexpr double finestBins = 1000;

Picture::Picture(std::string title, double beginMs, double durationMs, double dtMs)
    : title(std::move(title)), beginMs(beginMs), durationMs(durationMs), dtMs(dtMs),
      firstStep(uint64_t(std::llround(beginMs / dtMs))) {
  double binMs = niceAtLeast(durationMs / finestBins);
  binSteps = uint64_t(std::max<long long>(1, std::llround(binMs / dtMs)));
  numBins = size_t(std::ceil(durationMs / (double(binSteps) * dtMs) - 1e-6));
}

size_t Picture::addPopulation(const std::string &name, uint32_t size) {
  populations.push_back({name, size, {}, RateSample(firstStep, binSteps, numBins)});
  return populations.size() - 1;
}

size_t Picture::addTrace(TraceSpec spec) {
  size_t columns = spec.elements.size();
  traces.push_back({std::move(spec), std::vector<TraceSample>(columns)});
  return traces.size() - 1;
}

std::vector<double> Picture::bandHeights() const {
  // In proportion to sizes, but no population so thin that it has no label.
  double total = 0;
  for (const Population &p : populations)
    total += p.size;
  double least = std::min(0.06, 0.5 / double(populations.size()));
  std::vector<double> heights;
  double sum = 0;
  for (const Population &p : populations) {
    heights.push_back(std::max(least, total > 0 ? p.size / total : 0));
    sum += heights.back();
  }
  for (double &height : heights)
    height /= sum;
  return heights;
}

void Picture::makeRasters() {
  std::vector<double> heights = bandHeights();
  for (size_t i = 0; i < populations.size(); ++i) {
    double rows = std::max(1.0, std::round(heights[i] * rasterRows));
    populations[i].raster.emplace_back(populations[i].size, uint32_t(rows));
  }
}

/// Takes rows from all populations alike: their densities are compared.
void Picture::thinRasters() {
  bool thinned = true;
  while (numPoints > rasterPoints && thinned) {
    thinned = false;
    numPoints = 0;
    for (Population &population : populations) {
      RasterSample &raster = population.raster[0];
      if (raster.canHalve()) {
        raster.halve();
        thinned = true;
      }
      numPoints += raster.points().size();
    }
  }
}

void Picture::spikes(size_t number, uint64_t step, const uint32_t *ids, size_t n) {
  if (n == 0)
    return;
  if (populations[number].raster.empty())
    makeRasters();
  RasterSample &raster = populations[number].raster[0];
  size_t before = raster.points().size();
  raster.add(double(step) * dtMs, ids, n);
  numPoints += raster.points().size() - before;
  if (numPoints > nextThinning) {
    thinRasters();
    // Where no more rows can go, do not try again at every spike.
    nextThinning = std::max(rasterPoints, 2 * numPoints);
  }
  populations[number].rate.add(step, n);
}

size_t Picture::addDistribution(TraceSpec spec) {
  distributions.push_back({std::move(spec), {}, {}});
  return distributions.size() - 1;
}

void Picture::distribution(size_t number, const std::vector<double> &values) {
  Distribution &shown = distributions[number];
  if (shown.first.empty())
    shown.first = values;
  shown.last = values;
}

void Picture::trace(size_t number, const double *values) {
  for (TraceSample &element : traces[number].elements)
    element.add(*values++);
}

static bool endsWith(const std::string &text, const char *suffix) {
  std::string end = suffix;
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

Status Picture::checkFormat(const std::string &path) {
  if (endsWith(path, ".png") || endsWith(path, ".svg"))
    return Status::success();
  return Status::userError("the format of the picture `" + path +
                           "` is not known; its name must end in `.png` or "
                           "`.svg`");
}

Status Picture::draw(const std::string &path) const {
  if (Status status = checkFormat(path); !status.ok())
    return status;
  PictureFormat format = endsWith(path, ".png") ? PictureFormat::Png : PictureFormat::Svg;
  return runGnuplot([&](const std::string &file) { return pictureScript(*this, format, file); },
                    path);
}
