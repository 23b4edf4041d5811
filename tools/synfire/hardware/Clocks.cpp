//===- Clocks.cpp ---===//
#include "tools/synfire/hardware/Clocks.h"

using namespace llvm;
using namespace synfire::tool;

static int64_t number(const json::Object &of, StringRef name) {
  return of.getInteger(name).value_or(0);
}

/// When the cell of a turn is read, in clocks after the start. Four cells share a block of random
/// numbers, of which each is asked for with the last word of the one before: 20 clocks of it, one
/// to take it, and four cells. The first one starts the turns.
static int64_t drawnAt(int64_t turn) { return 22 + turn / 4 * 25 + turn % 4; }

int64_t synfire::tool::clocksOfEngine(const json::Object &engine) {
  int64_t cells = number(engine, "cells"), stages = number(engine, "stages");
  if (!engine.getBoolean("draws").value_or(false))
    return cells + stages + 3;
  // The words of a block go to cells that are 16 apart (random.md, section 3), so that the last
  // turns may be of no cell; the pipeline empties meanwhile.
  int64_t groups = (cells + 63) / 64, lastCell = 0;
  for (int64_t cell = 64 * (groups - 1); cell < cells; ++cell)
    lastCell = std::max(lastCell, cell / 64 * 64 + cell % 16 * 4 + cell % 64 / 16);
  return std::max(drawnAt(64 * groups - 1), drawnAt(lastCell) + 1 + stages) + 2;
}

StepClocks::StepClocks(const json::Object &described) {
  for (const json::Value &entry : *described.getArray("engines")) {
    const json::Object &engine = *entry.getAsObject();
    cells += clocksOfEngine(engine);
    for (const json::Value &sum : *engine.getArray("sums"))
      followsSpikes |= bool(sum.getAsObject()->getInteger("column"));
  }
}
