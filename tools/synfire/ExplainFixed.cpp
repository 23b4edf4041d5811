//===- ExplainFixed.cpp - the formats of a quantised program ---===//
//
// Everything is read from the ops that run: formats and errors from arrays and sums, saturation
// from the kernels.
//
//===----------------------------------------------------------------------===//
#include "dialects/sim/Sim.h"
#include "runtime/report/Format.h"
#include "tools/synfire/Commands.h"

#include <fmt/format.h>

#include <cmath>

using namespace mlir;
using namespace synfire;
using namespace synfire::tool;

namespace {

std::string number(double value) { return fmt::format("{:.5g}", value); }

/// `Q7.10` as models write it, where there are bits on both sides of the point.
std::string notation(ArrayRef<int64_t> format) {
  int64_t bits = format[0], fraction = format[1];
  std::string counted = runtime::formatCounted(uint64_t(bits), "bit");
  return fraction >= 0 && fraction < bits
             ? fmt::format("Q{}.{} ({})", bits - fraction, fraction, counted)
             : fmt::format("{} in units of 2^{}", counted, -fraction);
}

std::string withUnit(double value, StringRef unit) {
  return unit.empty() ? number(value) : number(value) + " " + unit.str();
}

class FixedExplainer {
public:
  FixedExplainer(sim::ProgramOp program, double tolerance, llvm::raw_ostream &os)
      : program(program), symbols(program), tolerance(tolerance), os(os) {}

  void print() {
    os << fmt::format("\nfixed point: a potential may be {} mV from floating point; errors hold "
                      "until a spike differs\n",
                      number(tolerance));
    for (auto update : program.getBody().getOps<sim::UpdateOp>())
      population(update);
    for (auto handle : program.getBody().getOps<sim::HandleOp>())
      plastic(handle);
  }

private:
  void population(sim::UpdateOp update) {
    os << fmt::format("  {}\n", update.getOver().str());
    auto kernel = symbols.lookup<sim::KernelOp>(update.getKernel());
    bool unbounded = false;
    for (auto [field, to] : llvm::zip(kernel.getBody().getOps<sim::FieldOp>(), update.getBind())) {
      auto symbol = dyn_cast<FlatSymbolRefAttr>(to);
      auto array = symbol ? symbols.lookup<sim::ArrayOp>(symbol.getValue()) : sim::ArrayOp();
      if (!array || !array.getFormat())
        continue;
      this->array(array, saturates(kernel, field.getSymName()));
      unbounded |=
          isa<FloatType>(array.getType()) && isSet(kernel, field.getSymName()) && !array.getError();
    }
    if (unbounded)
      os << "    no bound of the errors: a step may make a difference larger, or a comparison "
            "beside "
            "that of the spike may differ; compare runs\n";
    for (auto sum : program.getBody().getOps<sim::AccumulatorOp>())
      if (sum.getOver() == update.getOver() && sum.getFormat())
        this->sum(sum);
  }

  /// What hardware keeps of connections that learn and are not all that there could be.
  void plastic(sim::HandleOp handle) {
    auto connections = symbols.lookup<sim::ConnectionsOp>(handle.getOver());
    sim::ArrayOp weight;
    for (Attribute to : handle.getBind())
      if (auto symbol = dyn_cast<FlatSymbolRefAttr>(to))
        if (auto one = symbols.lookup<sim::ArrayOp>(symbol.getValue());
            one && one.getFormat() && one.getOver().value_or("") == connections.getSymName())
          weight = one;
    if (!weight || connections.getRule() == sim::Rule::AllToAll)
      return;
    auto size = [&](StringRef domain) {
      return uint64_t(symbols.lookup<sim::DomainOp>(domain).getSize());
    };
    uint64_t words = size(connections.getSource()) * size(connections.getTarget());
    os << fmt::format("  {} learns: hardware keeps {} of at most {} for it, one for each pair of "
                      "cells, connected or not\n",
                      connections.getSymName().str(), runtime::formatCounted(words, "word"),
                      runtime::formatCounted(uint64_t((*weight.getFormat())[0] + 1), "bit"));
  }

  void array(sim::ArrayOp array, bool saturated) {
    ArrayRef<int64_t> format = *array.getFormat();
    StringRef unit = array.getUnit().value_or("");
    double step = std::ldexp(1.0, -int(format[1])), most = std::ldexp(step, int(format[0]) - 1);
    os << fmt::format("    {}: {}, {} to {}", array.getSymName().str(), notation(format),
                      number(-most), withUnit(most - step, unit));
    if (saturated)
      os << ", the model's; saturates";
    if (auto error = array.getError())
      os << fmt::format(", error {} at most{}", withUnit(error->convertToDouble(), unit),
                        saturated ? " until it does" : "");
    os << '\n';
  }

  static bool isSet(sim::KernelOp kernel, StringRef field) {
    return llvm::any_of(kernel.getBody().getOps<sim::SetOp>(),
                        [&](sim::SetOp set) { return set.getField() == field; });
  }

  static bool saturates(sim::KernelOp kernel, StringRef field) {
    return llvm::any_of(kernel.getBody().getOps<sim::SetOp>(), [&](sim::SetOp set) {
      auto real = set.getValue().getDefiningOp<sim::RealOp>();
      return set.getField() == field && real && real.getValue().getDefiningOp<sim::SaturateOp>();
    });
  }

  /// The units of a sum, and what they do to the weights that are sent to it.
  void sum(sim::AccumulatorOp sum) {
    ArrayRef<int64_t> format = *sum.getFormat();
    double step = std::ldexp(1.0, -int(format[1])), moved = 0;
    StringRef unit;
    std::string whose;
    bool differ = false;
    for (auto cap : program.getBody().getOps<sim::CapOp>()) {
      auto array = cap.getAccumulator() == sum.getSymName() && cap.getArray()
                       ? symbols.lookup<sim::ArrayOp>(*cap.getArray())
                       : sim::ArrayOp();
      if (!array)
        continue;
      unit = array.getUnit().value_or("");
      double weight = array.getValue() ? array.getValue()->convertToDouble() : 0;
      differ |= !array.getUniform();
      if (!array.getUniform() || weight == 0)
        continue;
      double change = std::abs(std::nearbyint(weight / step) * step - weight) / std::abs(weight);
      if (change > moved) {
        moved = change;
        whose = array.getSymName().str();
      }
    }
    os << fmt::format("    events to {}: summed in {} in units of {}; ", sum.getSymName().str(),
                      runtime::formatCounted(uint64_t(format[0]), "bit"), withUnit(step, unit));
    if (moved > 0)
      os << fmt::format("rounding moves weights by {} % at most ({})", number(100 * moved), whose);
    else if (!differ)
      os << "all weights are multiples of it";
    if (differ)
      os << fmt::format("{}weights that differ between connections move by {} at most",
                        moved > 0 ? ", " : "", withUnit(step / 2, unit));
    os << '\n';
  }

  sim::ProgramOp program;
  SymbolTable symbols;
  double tolerance;
  llvm::raw_ostream &os;
};

} // namespace

void synfire::tool::explainFixed(ModuleOp module, double tolerance, llvm::raw_ostream &os) {
  for (auto program : module.getOps<sim::ProgramOp>())
    FixedExplainer(program, tolerance, os).print();
}
