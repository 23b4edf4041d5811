//===- Clocks.cpp ---===//
#include "tools/synfire/hardware/Clocks.h"

using namespace llvm;
using namespace synfire::tool;

static int64_t number(const json::Object &of, StringRef name) {
  return of.getInteger(name).value_or(0);
}

int64_t synfire::tool::clocksOfEngine(const json::Object &engine) {
  int64_t cells = number(engine, "cells");
  // Four cells share a block of random numbers, of which each is asked for with the last word of
  // the one before: 20 clocks of it, one to take it, and four cells. The first one starts the turn.
  if (engine.getBoolean("draws").value_or(false))
    cells = (cells + 63) / 64 * 16 * 25 - 2;
  return cells + number(engine, "stages") + 3;
}

StepClocks::StepClocks(const json::Object &described) {
  for (const json::Value &entry : *described.getArray("engines")) {
    const json::Object &engine = *entry.getAsObject();
    cells += clocksOfEngine(engine);
    for (const json::Value &sum : *engine.getArray("sums"))
      followsSpikes |= bool(sum.getAsObject()->getInteger("column"));
  }
}
