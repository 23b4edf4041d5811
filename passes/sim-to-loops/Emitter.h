//===- Emitter.h - short names for the IR that functions are made of ---===//
#ifndef SYNFIRE_PASSES_SIM_TO_LOOPS_EMITTER_H
#define SYNFIRE_PASSES_SIM_TO_LOOPS_EMITTER_H

#include "dialects/sim/Sim.h"
#include "passes/sim-to-loops/Passes.h"

#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace synfire::sim {

using mlir::Type;
using mlir::Value;

/// A builder with the handful of operations that lowered kernels use. Pointers are opaque; all
/// counts and indices are i64.
class Emitter : public mlir::ImplicitLocOpBuilder {
public:
  Emitter(mlir::Location loc, mlir::MLIRContext *context) : ImplicitLocOpBuilder(loc, context) {}

  Type pointerType() { return mlir::LLVM::LLVMPointerType::get(getContext()); }
  Value i64(int64_t value);
  Value i32(int32_t value);
  Value f64(double value);

  Value add(Value x, Value y) { return mlir::arith::AddIOp::create(*this, x, y); }
  Value sub(Value x, Value y) { return mlir::arith::SubIOp::create(*this, x, y); }
  Value mul(Value x, Value y) { return mlir::arith::MulIOp::create(*this, x, y); }
  Value bitAnd(Value x, Value y) { return mlir::arith::AndIOp::create(*this, x, y); }
  Value less(Value x, Value y);

  /// base + index elements of `element`.
  Value at(Type element, Value base, Value index);
  Value load(Type type, Value pointer, unsigned align = 0);
  void store(Value value, Value pointer, unsigned align = 0);
  /// The `index`-th 8-byte field of a struct of synfire.h.
  Value member(Type type, Value structure, int index);
  /// Room on the stack, 64-byte aligned; call it in the entry block.
  Value stack(Type element, int64_t count);

  Type vectorOf(Type element, int64_t lanes);
  /// A vector of equal lanes; the value itself for one lane or if it is a vector already.
  Value splat(Value value, int64_t lanes);
  /// Lane numbers 0, 1, ... of type `element`, or 0 for one lane.
  Value laneNumbers(Type element, int64_t lanes);
  /// Converts between number types (also vectors); the identity if they are equal.
  Value convert(Value value, Type element);

  /// for (i = lower; i < upper; i += step) body(i)
  void loop(Value lower, Value upper, Value step, llvm::function_ref<void(Value)> body);
  void branch(Value condition, llvm::function_ref<void()> body);
};

} // namespace synfire::sim

#endif // SYNFIRE_PASSES_SIM_TO_LOOPS_EMITTER_H
