//===- Report.cpp - what a design is and costs, for people ---===//
#include "tools/synfire/hardware/Report.h"

#include "dialects/rtl/Multiplier.h"
#include "dialects/rtl/Rtl.h"
#include "tools/synfire/hardware/Clocks.h"
#include "tools/synfire/hardware/DesignFiles.h"

#include <cmath>
#include <fmt/format.h>
#include <map>

using namespace mlir;
using namespace synfire;
using namespace synfire::tool;
namespace json = llvm::json;

namespace {

class Report {
public:
  Report(mlir::ModuleOp design, const BuildCommand &command)
      : design(design), command(command), described(describedDesign(design, command)) {}

  std::string write(const Measured *measured);

private:
  void writePopulations();
  void writeFormats();
  void writeClocks();
  void writeLearning(const json::Object &sum);
  void writeAbsent(const json::Object &sum);
  void writeMemories();
  void writeMultipliers();
  void writeMeasured(const Measured &measured);
  void writeValue(const json::Object &value, const std::string &unit);

  template <typename... Args> void line(fmt::format_string<Args...> format, Args &&...args) {
    text += fmt::format(format, std::forward<Args>(args)...) + "\n";
  }
  static int64_t number(const json::Object &of, llvm::StringRef name) {
    return of.getInteger(name).value_or(0);
  }
  static std::string word(const json::Object &of, llvm::StringRef name) {
    return of.getString(name).value_or("").str();
  }

  mlir::ModuleOp design;
  const BuildCommand &command;
  json::Object described;
  std::string text;
};

void Report::writePopulations() {
  line("\n| Population | Cells | Events | Direction |\n| --- | ---: | --- | --- |");
  for (const json::Value &entry : *described.getArray("sources")) {
    const json::Object &source = *entry.getAsObject();
    int64_t first = number(source, "first"), size = number(source, "size");
    line("| `{}` | {} | {} to {} | {} |", word(source, "name"), size, first, first + size - 1,
         source.getBoolean("input").value_or(false) ? "in: given by the host" : "out: its spikes");
  }
}

void Report::writeValue(const json::Object &value, const std::string &unit) {
  int64_t bits = number(value, "bits"), fraction = number(value, "fraction");
  double one = std::ldexp(1.0, int(-fraction)), most = std::ldexp(one, int(bits - 1));
  std::string in = unit.empty() ? "" : " " + unit;
  std::string bound = "exact";
  if (auto error = value.getNumber("error"))
    bound = fmt::format("{:.3g}{}", *error, in);
  line("| `{}` | {} | {} | {:.3g}{} | {:.4g} to {:.4g}{} | {} |", word(value, "name"), bits,
       fraction, one, in, -most, most - one, in, bound);
}

void Report::writeFormats() {
  line("\n## Numbers\n\nA value of a cell has so many bits, its sign included; it is a multiple of "
       "the step. The bound is how far it can be from the value in double precision as long as "
       "both spike alike.\n");
  line("| Value | Bits | Fraction | Step | Range | Bound |\n"
       "| --- | ---: | ---: | ---: | --- | ---: |");
  for (const json::Value &entry : *described.getArray("engines"))
    for (const json::Value &state : *entry.getAsObject()->getArray("states"))
      writeValue(*state.getAsObject(), word(*state.getAsObject(), "unit"));
  line("\nSums of events are exact.\n\n| Sum | Bits | Fraction | Bits of a weight | Connections | "
       "Slots of delay |\n| --- | ---: | ---: | ---: | ---: | ---: |");
  for (const json::Value &entry : *described.getArray("engines"))
    for (const json::Value &value : *entry.getAsObject()->getArray("sums")) {
      const json::Object &sum = *value.getAsObject();
      line("| `{}` | {} | {} | {} | {} | {} |", word(sum, "name"), number(sum, "bits"),
           number(sum, "fraction"), number(sum, "weight_bits"), number(sum, "connections"),
           number(sum, "slots"));
    }
  for (const json::Value &entry : *described.getArray("engines"))
    for (const json::Value &value : *entry.getAsObject()->getArray("sums"))
      writeAbsent(*value.getAsObject());
}

void Report::writeClocks() {
  StepClocks clocks(described);
  line("\n## Time\n\n| Part of a step | Clocks |\n| --- | ---: |");
  for (const json::Value &entry : *described.getArray("engines")) {
    const json::Object &engine = *entry.getAsObject();
    int64_t cells = number(engine, "cells"), stages = number(engine, "stages");
    bool draws = engine.getBoolean("draws").value_or(false);
    line("| `{}`: {} cells{}, a pipeline of {} stages | {} |", word(engine, "name"), cells,
         draws ? " with random numbers" : "", stages, clocksOfEngine(engine));
  }
  line("| control | {} |\n| a step without events | {} |", StepClocks::control, clocks.all());
  double hertz = command.megahertz * 1e6;
  line("\n| Event of | Clocks | Clocks per synapse | Layout |\n| --- | ---: | ---: | --- |");
  for (const json::Value &entry : *described.getArray("engines"))
    for (const json::Value &value : *entry.getAsObject()->getArray("sums")) {
      const json::Object &sum = *value.getAsObject();
      int64_t rows = number(sum, "rows"), connections = number(sum, "connections");
      if (!rows)
        continue;
      bool dense = sum.getBoolean("dense").value_or(false);
      if (sum.getInteger("column")) {
        writeLearning(sum);
        continue;
      }
      double each = double(number(sum, "words")) / double(rows) + (dense ? 0 : 2);
      line("| `{}` | {:.4g}{} | {:.3g} | {}, {} weights in a word{} |", word(sum, "name"), each,
           dense ? "" : " on average", each * double(rows) / double(connections),
           dense ? "dense" : "lists", number(sum, "lanes"),
           sum.getBoolean("loaded").value_or(false) ? ", loaded by the host" : "");
    }
  if (auto step = described.getNumber("step_ms"))
    line("\nAt {:g} MHz a step without events takes {:.3g} us of the {:g} us that it stands for.",
         command.megahertz, double(clocks.all()) / hertz * 1e6, *step * 1e3);
}

/// A word that changes is read and written, and so is a weight of a column; see PlasticEngine.h.
void Report::writeLearning(const json::Object &sum) {
  int64_t rows = number(sum, "rows"), words = number(sum, "words") / rows;
  double connections = double(number(sum, "connections"));
  int64_t column = number(sum, "column"), places = number(sum, "places");
  bool learns = sum.getBoolean("learns_in_rows").value_or(false);
  int64_t row = learns ? 2 * words + 4 : words + 3;
  line("| `{}` | {} | {:.3g} | plastic, {} weights in a word{} |", word(sum, "name"), row,
       double(row * rows) / connections, number(sum, "lanes"),
       sum.getBoolean("loaded").value_or(false) ? ", loaded by the host" : "");
  if (column)
    line("| `{}`, a spike of a target | {} | {:.3g} | its column |", word(sum, "name"),
         2 * column + 6, double((2 * column + 6) * places / column) / connections);
}

/// What pairs of cells cost that are not connected.
void Report::writeAbsent(const json::Object &sum) {
  int64_t places = number(sum, "places"), connections = number(sum, "connections");
  int64_t bits = number(sum, "weight_bits"), told = number(sum, "absent_bits");
  if (told)
    line("\n`{}` learns and has a word for each of {} pairs of cells, of which {} are connected: "
         "{} of "
         "its {} bits are for the others, whose words are told by their highest {}. Spikes walk "
         "through all of them.",
         word(sum, "name"), places, connections, (places - connections) * bits, places * bits,
         told == 1 ? "bit" : fmt::format("{} bits", told));
}

void Report::writeMemories() {
  std::map<std::string, unsigned> times;
  for (auto module : design.getOps<rtl::ModuleOp>())
    module.walk([&](rtl::InstanceOp instance) { ++times[instance.getModuleName().str()]; });
  line("\n## Memories\n\n| Module | Memory | Words | Bits | All bits | Made of | Start values |\n"
       "| --- | --- | ---: | ---: | ---: | --- | --- |");
  int64_t total = 0;
  for (auto module : design.getOps<rtl::ModuleOp>())
    for (auto memory : module.getBody().front().getOps<rtl::MemoryOp>()) {
      auto type = memory.getMemory().getType();
      unsigned count = std::max(1u, times[module.getSymName().str()]);
      int64_t bits = type.getDepth() * type.getWordWidth() * count;
      total += bits;
      auto style = memory.getStyle().value_or(rtl::Style::Auto);
      line("| `{}`{} | `{}` | {} | {} | {} | {} | {} |", module.getSymName().str(),
           count > 1 ? fmt::format(", {} times", count) : "", memory.getName().str(),
           type.getDepth(), type.getWordWidth(), bits,
           style == rtl::Style::Huge    ? "SPRAM"
           : style == rtl::Style::Block ? "block RAM"
                                        : "what the tool likes",
           memory.getInit() ? "yes" : "no");
    }
  line("\nTogether {} bits.", total);
}

void Report::writeMultipliers() {
  unsigned variable = 0, constant = 0;
  for (auto module : design.getOps<rtl::ModuleOp>())
    module.walk([&](arith::MulIOp product) {
      ++(product->hasAttr(rtl::multiplierAttribute) ? constant : variable);
    });
  line("\n## Products\n\n{} are of two words, and {} of a word and a constant use a multiplier: "
       "with `--multipliers`, all may use {} of 16 bits. Others with constants are sums.",
       variable, constant, command.multipliersOfTarget());
}

void Report::writeMeasured(const Measured &measured) {
  line(
      "\n## Synthesis for {}\n\nOf `{}`, by yosys in {:.1f} s.\n\n| Part | Count |\n| --- | ---: |",
      measured.family, measured.top, measured.seconds);
  for (auto &[part, count] : measured.counts)
    line("| {} | {} |", part, count);
  if (measured.logicCells)
    line("\nPlaced and routed by nextpnr on an iCE40 UP5K: **{} of {} logic cells, {:.1f} MHz**.",
         *measured.logicCells, *measured.available, measured.megahertz);
  if (!measured.note.empty())
    line("\n{}", measured.note);
}

std::string Report::write(const Measured *measured) {
  line("# `{}` as hardware\n\n{} cells, {} inputs; wrapped for {}; hash {:08x}.",
       word(described, "model"), number(described, "cells"), number(described, "inputs"),
       word(described, "wrap"), uint32_t(number(described, "hash")));
  writePopulations();
  writeFormats();
  writeClocks();
  writeMemories();
  writeMultipliers();
  if (measured)
    writeMeasured(*measured);
  return std::move(text);
}

} // namespace

std::string tool::reportOf(mlir::ModuleOp design, const BuildCommand &command,
                           const Measured *measured) {
  return Report(design, command).write(measured);
}
