//===- Draws.cpp - the values of draws (C3) ---===//
#include "targets/reference/Draws.h"

#include "runtime/random/Hash.h"
#include "runtime/random/Samplers.h"

using namespace synfire;
using namespace synfire::neuro;
using namespace synfire::reference;
using namespace synfire::runtime;

namespace {

/// The block and the word that a place has for draw number `draw` (random.md, section 3).
std::pair<PhiloxWords, unsigned> blockOf(const DrawPlace &place, uint64_t draw) {
  uint32_t stream = streamHash(place.name, place.purpose);
  if (place.connection)
    return {philox(connectionCounter(place.element, place.position, uint32_t(draw), stream),
                   place.seed),
            0};
  ElementPlace element = elementPlace(place.element);
  return {philox(elementCounter(element.block, draw, stream), place.seed), element.word};
}

double gammaValue(double mean, double cv, const DrawPlace &place, uint64_t attempt) {
  uint32_t stream = streamHash(place.name, place.purpose);
  double result = 0;
  for (unsigned inner = 0; inner < 256; ++inner) {
    uint64_t draw = 256 * attempt + inner;
    PhiloxWords counter =
        place.connection ? connectionCounter(place.element, place.position, uint32_t(draw), stream)
                         : elementCounter(place.element, draw, stream);
    if (gammaAttempt(mean, cv, philox(counter, place.seed), result))
      break;
  }
  return result;
}

double attemptValue(Distribution distribution, llvm::ArrayRef<double> a, const DrawPlace &place,
                    uint64_t attempt) {
  if (distribution == Distribution::Gamma)
    return gammaValue(a[0], a[1], place, attempt);
  auto [block, word] = blockOf(place, attempt);
  switch (distribution) {
  case Distribution::Normal:
    return a[0] + a[1] * normal(block, word);
  case Distribution::Lognormal:
    return lognormal(a[0], a[1], normal(block, word));
  case Distribution::Uniform:
    return a[0] + (a[1] - a[0]) * uniform(block[word]);
  case Distribution::Exponential:
    return exponential(a[0], uniform(block[word]));
  case Distribution::Gamma:
    break;
  }
  return 0;
}

} // namespace

double synfire::reference::drawValue(DrawOp op, llvm::ArrayRef<double> arguments,
                                     llvm::ArrayRef<double> interval, const DrawPlace &place) {
  double value = attemptValue(op.getDistribution(), arguments, place, 0);
  constexpr uint64_t mostAttempts = 10001; // an interval that is never met ends the search
  if (op.getLimit() == Limit::Redraw)
    for (uint64_t n = 1; (value < interval[0] || value > interval[1]) && n < mostAttempts; ++n)
      value = attemptValue(op.getDistribution(), arguments, place, n);
  return op.getLimit() == Limit::None ? value
                                      : std::fmin(std::fmax(value, interval[0]), interval[1]);
}

double synfire::reference::normalOfStep(const DrawPlace &place, uint64_t step) {
  auto [block, word] = blockOf(place, step);
  return normal(block, word);
}

std::string synfire::reference::purposeOf(DrawOp op, llvm::StringRef purpose) {
  unsigned number = 0;
  for (auto draw : op->getBlock()->getOps<DrawOp>()) {
    if (draw == op)
      break;
    ++number;
  }
  return number ? purpose.str() + ":" + std::to_string(number) : purpose.str();
}
