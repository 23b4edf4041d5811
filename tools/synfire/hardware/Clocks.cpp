//===- Clocks.cpp ---===//
#include "tools/synfire/hardware/Clocks.h"

using namespace llvm;
using namespace synfire::tool;

static int64_t number(const json::Object &of, StringRef name) {
  return of.getInteger(name).value_or(0);
}

int64_t synfire::tool::clocksOfEngine(const json::Object &engine) {
  int64_t cells = number(engine, "cells");
  // Four cells share a block of random numbers, which takes longer than they do.
  if (engine.getBoolean("draws").value_or(false))
    cells = (cells + 63) / 64 * 16 * 25 + 22;
  return cells + number(engine, "stages") + 3;
}

StepClocks::StepClocks(const json::Object &described) {
  for (const json::Value &entry : *described.getArray("engines")) {
    const json::Object &engine = *entry.getAsObject();
    cells += clocksOfEngine(engine);
    exact &= !engine.getBoolean("draws").value_or(false);
    for (const json::Value &sum : *engine.getArray("sums"))
      exact &= !sum.getAsObject()->getInteger("column");
  }
}
