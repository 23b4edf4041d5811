//===- Rates.h - how often a value of a kernel changes ---===//
//
// Kernels are written for one element. What they compute from uniform fields alone is the same for
// all elements, and mostly for all steps.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_PASSES_SIM_RATES_H
#define SYNFIRE_PASSES_SIM_RATES_H

#include "dialects/sim/Sim.h"

namespace synfire::sim {

/// How often an op must run: once for a call of its function, once a step, for each element.
enum class Rate { Call, Step, Element };

/// The rates of the ops of a kernel.
class Rates {
public:
  explicit Rates(KernelOp kernel);
  Rate of(mlir::Operation *op) const { return rates.lookup(op); }
  /// What a block is given is not: a recall's changes with each spike.
  bool isUniform(mlir::Value value) const {
    return value.getDefiningOp() && of(value.getDefiningOp()) != Rate::Element;
  }

private:
  llvm::DenseMap<mlir::Operation *, Rate> rates;
};

} // namespace synfire::sim

#endif // SYNFIRE_PASSES_SIM_RATES_H
