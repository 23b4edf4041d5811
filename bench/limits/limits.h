//===- limits.h - what hand-written kernels share -------------------------===//
#ifndef SYNFIRE_BENCH_LIMITS_H
#define SYNFIRE_BENCH_LIMITS_H

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <ctime>
#include <vector>

namespace limits {

/// The time that this thread has had.
inline double threadSeconds() {
  timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return double(t.tv_sec) + 1e-9 * double(t.tv_nsec);
}

/// Seconds of this thread in the fastest of five runs: other work on the machine only ever adds.
template <typename F> double seconds(F run) {
  double best = 1e300;
  for (int repeat = 0; repeat < 5; ++repeat) {
    double begin = threadSeconds();
    run();
    best = std::min(best, threadSeconds() - begin);
  }
  return best;
}

/// e^x for |x| < 708, to an ulp, in a form that compilers vectorise: range reduction by ln 2 in two
/// parts, a minimax polynomial of degree 11, and the exponent set by an addition of integers.
inline double fastExp(double x) {
  const double magic = 0x1.8p52;
  double shifted = x * 1.4426950408889634 + magic;
  double n = shifted - magic;
  double r = x - n * 0x1.62e42fefa0000p-1;
  r = r - n * 0x1.cf79abc9e3b3ap-40;
  double z = r * r;
  double even = 0x1.28adce2bb3e4ap-22, odd = 0x1.ad7efcdea06afp-26;
  even = even * z + 0x1.a01999ae210aep-16;
  odd = odd * z + 0x1.71df262fbb004p-19;
  even = even * z + 0x1.6c16c1844adf2p-10;
  odd = odd * z + 0x1.a01a0129b3242p-13;
  even = even * z + 0x1.55555555507f1p-5;
  odd = odd * z + 0x1.1111111127e85p-7;
  even = even * z + 0x1.000000000000ap-1;
  odd = odd * z + 0x1.55555555554f9p-3;
  double y = 1.0 + ((odd * r + even) * z + r);
  uint64_t bits, shift;
  std::memcpy(&bits, &y, 8);
  std::memcpy(&shift, &shifted, 8);
  bits += shift << 52;
  std::memcpy(&y, &bits, 8);
  return y;
}

/// double(x), rounded once, from its halves: machines without AVX-512 have no such instruction.
inline double toDouble(int64_t x) {
#ifdef __AVX512DQ__
  return double(x);
#else
  uint64_t low = (uint64_t(x) & 0xffffffff) | 0x4330000000000000;
  uint64_t high = (uint64_t(x) >> 32) ^ 0x4530000080000000;
  double a, b;
  std::memcpy(&a, &low, 8);
  std::memcpy(&b, &high, 8);
  return (b - (0x1p84 + 0x1p63 + 0x1p52)) + a;
#endif
}

/// Philox4x32-10 for sixteen counters side by side: `words[i]` are the i-th words.
void philox(uint32_t block, uint32_t step, uint32_t words[4][16]);

// Nanoseconds for each element and step, or for each event, on one thread.
double cobahhUpdate();
double cobaUpdate();
double cubaUpdate();
double brunelUpdate();
double brunelDelivery();
double stdpDelivery();
/// `scale` is the share of the cells; each keeps its number of connections.
double microcircuitDelivery(double scale);

} // namespace limits

#endif // SYNFIRE_BENCH_LIMITS_H
