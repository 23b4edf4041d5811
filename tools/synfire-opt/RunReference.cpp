//===- RunReference.cpp - the interpreter as a pass, for tests and for study ---===//
#include "tools/synfire-opt/RunReference.h"

#include "targets/reference/Reference.h"

#include "mlir/Pass/Pass.h"

#include <fmt/format.h>

#include <cmath>

using namespace mlir;
using namespace synfire::reference;

namespace {

struct RunReferencePass : PassWrapper<RunReferencePass, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(RunReferencePass)

  RunReferencePass() = default;
  RunReferencePass(const RunReferencePass &other) : PassWrapper(other) {}

  StringRef getArgument() const override { return "run-reference"; }
  StringRef getDescription() const override {
    return "runs the experiment of a prepared model and prints what it gave";
  }

  Option<double> step{*this, "step", llvm::cl::desc("ms, instead of the model's"),
                      llvm::cl::init(0)};

  void runOnOperation() override {
    ReferenceOptions options;
    if (step > 0)
      options.step = step;
    ReferenceResult result;
    if (failed(runReference(getOperation(), options, result)))
      return signalPassFailure();
    auto &os = llvm::outs();
    os << "steps " << result.steps << "\n";
    for (const Spike &spike : result.runs.back().spikes)
      os << "spike " << spike.population << " " << spike.step << " " << spike.neuron << "\n";
    for (const Trace &trace : result.runs.back().traces)
      for (auto [when, value] : llvm::zip(trace.steps, trace.values))
        os << fmt::format("trace {}.{}[{}] {} {:.12g}\n", trace.population, trace.variable,
                          trace.element, when, value);
    for (auto &[name, values] : result.finalStates)
      for (auto [i, value] : llvm::enumerate(values))
        os << fmt::format("final {}[{}] {:.12g}\n", name, i, value);
    if (std::isfinite(result.margin))
      os << fmt::format("margin {:.3g}\n", result.margin);
  }
};

} // namespace

void synfire::tool::registerRunReferencePass() { PassRegistration<RunReferencePass>(); }
