//===- Samples.h - What a picture keeps of a run ----------------*- C++ -*-===//
//
// A picture has some hundred rows and columns of pixels. These classes keep as
// much of a run as can be seen, in bounded memory, while the run goes on.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_PLOT_SAMPLES_H
#define SYNFIRE_RUNTIME_PLOT_SAMPLES_H

#include <cstddef>
#include <cstdint>
#include <vector>

namespace synfire::runtime {

/// The smallest of 1, 2, 5 times a power of ten that is not below \p value.
double niceAtLeast(double value);

/// A dot of a raster.
struct RasterPoint {
  float ms;
  uint32_t row;
};

/// Spikes of evenly spaced elements of one population. Where dots are too many
/// to be told apart, every second row can go: what is left is a fair sample.
class RasterSample {
public:
  RasterSample(uint32_t size, uint32_t rows) : size(size), rows(rows < size ? rows : size) {}

  void add(double ms, const uint32_t *ids, size_t n);
  /// Whether enough rows are left to lose half of them.
  bool canHalve() const;
  void halve();

  const std::vector<RasterPoint> &points() const { return kept; }
  /// Rows at the beginning; rows that are multiples of rowStep() are left.
  uint32_t numRows() const { return rows; }
  uint32_t rowStep() const { return 1u << halvings; }

private:
  uint32_t size, rows;
  unsigned halvings = 0;
  std::vector<RasterPoint> kept;
};

/// Spike counts of one population over time.
class RateSample {
public:
  /// Bins of \p binSteps steps behind step \p firstStep.
  RateSample(uint64_t firstStep, uint64_t binSteps, size_t bins)
      : firstStep(firstStep), binSteps(binSteps), counts(bins, 0) {}

  /// Spikes at a step are of the interval that ends there.
  void add(uint64_t step, size_t n) {
    if (step <= firstStep)
      return;
    uint64_t bin = (step - firstStep - 1) / binSteps;
    if (bin < counts.size())
      counts[bin] += n;
  }
  const std::vector<uint64_t> &bins() const { return counts; }

private:
  uint64_t firstStep, binSteps;
  std::vector<uint64_t> counts;
};

/// One recorded variable of one element: its extremes in intervals, which are
/// what a line of pixels shows.
class TraceSample {
public:
  struct Bucket {
    float low, high;
    bool lowFirst;
  };

  void add(double value);
  const std::vector<Bucket> &buckets() const { return kept; }
  /// Values in one bucket.
  uint64_t valuesPerBucket() const { return perBucket; }

private:
  static constexpr size_t maxBuckets = 4000;
  std::vector<Bucket> kept;
  uint64_t perBucket = 1, inLast = 0;
};

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_PLOT_SAMPLES_H
