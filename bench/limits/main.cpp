//===- main.cpp - what hand-written kernels reach on this machine ---------===//
//
// The inner loops of the example networks as one would write them by hand. Prints nanoseconds for
// an update of a cell and for a synaptic event, on one thread, as a JSON object. The argument is
// the scale of the microcircuit.
//
//===----------------------------------------------------------------------===//
#include "limits.h"

#include <cstdio>
#include <cstdlib>

int main(int argc, char **argv) {
  double scale = argc > 1 ? std::atof(argv[1]) : 0.1;
  std::printf(
      "{\"cobahh\": {\"update\": %.4f}, \"coba\": {\"update\": %.4f}, \"cuba\": {\"update\": "
      "%.4f}, "
      "\"brunel\": {\"update\": %.4f, \"deliver\": %.4f}, \"stdp\": {\"deliver\": %.4f}, "
      "\"microcircuit\": {\"deliver\": %.4f}}\n",
      limits::cobahhUpdate(), limits::cobaUpdate(), limits::cubaUpdate(), limits::brunelUpdate(),
      limits::brunelDelivery(), limits::stdpDelivery(), limits::microcircuitDelivery(scale));
  return 0;
}
