//===- Emitter.cpp - short names for the IR that functions are made of ---===//
#include "passes/sim-to-loops/Emitter.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace synfire::sim {

Value Emitter::i64(int64_t v) { return arith::ConstantOp::create(*this, getI64IntegerAttr(v)); }
Value Emitter::i32(int32_t v) { return arith::ConstantOp::create(*this, getI32IntegerAttr(v)); }
Value Emitter::f64(double v) { return arith::ConstantOp::create(*this, getF64FloatAttr(v)); }

Value Emitter::less(Value x, Value y) {
  return arith::CmpIOp::create(*this, arith::CmpIPredicate::slt, x, y);
}

Value Emitter::at(Type element, Value base, Value index) {
  return LLVM::GEPOp::create(*this, pointerType(), element, base, ValueRange{index});
}
Value Emitter::load(Type type, Value pointer, unsigned align) {
  return LLVM::LoadOp::create(*this, type, pointer, align);
}
void Emitter::store(Value value, Value pointer, unsigned align) {
  LLVM::StoreOp::create(*this, value, pointer, align);
}
Value Emitter::member(Type type, Value structure, int index) {
  return load(type, at(getI64Type(), structure, i64(index)));
}
Value Emitter::stack(Type element, int64_t count) {
  return LLVM::AllocaOp::create(*this, pointerType(), element, i64(count), 64);
}

Type Emitter::vectorOf(Type element, int64_t lanes) {
  return lanes == 1 ? element : VectorType::get({lanes}, element);
}
Value Emitter::splat(Value value, int64_t lanes) {
  if (lanes == 1 || isa<VectorType>(value.getType()))
    return value;
  Attribute constant;
  if (matchPattern(value, m_Constant(&constant)))
    return arith::ConstantOp::create(
        *this,
        DenseElementsAttr::get(cast<ShapedType>(vectorOf(value.getType(), lanes)), constant));
  return vector::BroadcastOp::create(*this, vectorOf(value.getType(), lanes), value);
}
Value Emitter::laneNumbers(Type element, int64_t lanes) {
  if (lanes == 1)
    return arith::ConstantOp::create(*this, getIntegerAttr(element, 0));
  SmallVector<Attribute> numbers;
  for (int64_t i = 0; i < lanes; ++i)
    numbers.push_back(getIntegerAttr(element, i));
  auto type = cast<ShapedType>(vectorOf(element, lanes));
  return arith::ConstantOp::create(*this, DenseElementsAttr::get(type, numbers));
}

Value Emitter::convert(Value value, Type element) {
  Type from = getElementTypeOrSelf(value.getType());
  if (from == element)
    return value;
  Type to = element;
  if (auto shaped = dyn_cast<VectorType>(value.getType()))
    to = shaped.clone(element);
  unsigned fromBits = from.getIntOrFloatBitWidth(), toBits = element.getIntOrFloatBitWidth();
  if (isa<FloatType>(from) && isa<FloatType>(element)) {
    if (fromBits < toBits)
      return arith::ExtFOp::create(*this, to, value);
    return arith::TruncFOp::create(*this, to, value);
  }
  if (isa<FloatType>(from))
    return arith::FPToSIOp::create(*this, to, value);
  if (isa<FloatType>(element))
    return arith::SIToFPOp::create(*this, to, value);
  if (fromBits < toBits)
    return arith::ExtSIOp::create(*this, to, value);
  return arith::TruncIOp::create(*this, to, value);
}

void Emitter::loop(Value lower, Value upper, Value step, llvm::function_ref<void(Value)> body) {
  auto loop = scf::ForOp::create(*this, lower, upper, step);
  OpBuilder::InsertionGuard guard(*this);
  setInsertionPoint(loop.getBody()->getTerminator());
  body(loop.getInductionVar());
}
void Emitter::branch(Value condition, llvm::function_ref<void()> body) {
  auto branch = scf::IfOp::create(*this, condition, /*withElseRegion=*/false);
  OpBuilder::InsertionGuard guard(*this);
  setInsertionPoint(branch.thenBlock()->getTerminator());
  body();
}

} // namespace synfire::sim
