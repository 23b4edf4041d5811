//===- ExprGen.cpp - Expressions ------------------------------------------===//

#include "frontend/irgen/Generator.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

#include <cmath>

using namespace synfire;
using namespace synfire::irgen;
using mlir::Value;
using sema::Node;
using sema::NodeOp;
using sema::NodePtr;

neuro::Side synfire::irgen::getSide(sema::Side side) {
  switch (side) {
  case sema::Side::Self:
    return neuro::Side::Self;
  case sema::Side::Pre:
    return neuro::Side::Pre;
  case sema::Side::Post:
    return neuro::Side::Post;
  }
  return neuro::Side::Self;
}

Value Generator::constant(double value, SourceRange range) {
  return mlir::arith::ConstantOp::create(builder, loc(range), number(value));
}

Value Generator::emit(const NodePtr &node) {
  auto known = values.find(node.get());
  if (known != values.end())
    return known->second;
  Value value = emitNew(*node);
  values[node.get()] = value;
  return value;
}

Value Generator::emitNew(const Node &node) {
  mlir::Location at = loc(node.range);
  mlir::Type f64 = builder.getF64Type();
  auto leaf = [&](auto op) -> Value { return op->getResult(0); };
  switch (node.op) {
  case NodeOp::Constant:
    return constant(node.number, node.range);
  case NodeOp::True:
  case NodeOp::False:
    return mlir::arith::ConstantOp::create(builder, at,
                                           builder.getBoolAttr(node.op == NodeOp::True));
  case NodeOp::Get: {
    Attributes attributes = {named("variable", symbol(node.name))};
    if (node.side != sema::Side::Self)
      attributes.push_back(
          named("side", neuro::SideAttr::get(builder.getContext(), getSide(node.side))));
    return leaf(make<neuro::GetOp>(node.range, attributes, {}, f64));
  }
  case NodeOp::Time:
    return leaf(make<neuro::TimeOp>(node.range, {}, {}, f64));
  case NodeOp::Step:
    return leaf(make<neuro::TimestepOp>(node.range, {}, {}, f64));
  case NodeOp::Index:
    return leaf(make<neuro::IndexOp>(node.range, {}, {}, f64));
  case NodeOp::Distance:
    return leaf(make<neuro::DistanceOp>(node.range, {}, {}, f64));
  case NodeOp::Column:
    return leaf(make<neuro::ColumnOp>(
        node.range, {named("table", symbol(node.scope)), named("column", text(node.name))}, {},
        f64));
  case NodeOp::Within:
    return leaf(
        make<neuro::WithinOp>(node.range,
                              {named("sources", builder.getDenseI64ArrayAttr(node.part->sources)),
                               named("targets", builder.getDenseI64ArrayAttr(node.part->targets))},
                              {}, builder.getI1Type()));
  case NodeOp::Frame:
    return leaf(make<neuro::FrameValueOp>(
        node.range, {named("frames", symbol(node.scope)), named("field", text(node.name))}, {},
        f64));
  case NodeOp::Noise:
    return leaf(make<neuro::NoiseOp>(node.range, {named("stream", text(node.name))}, {}, f64));
  case NodeOp::Count:
    return leaf(make<neuro::CountOp>(node.range, {named("source", reference(*node.ref))}, {}, f64));
  case NodeOp::Draw:
    return emitDraw(node);
  case NodeOp::Negate:
    return mlir::arith::NegFOp::create(builder, at, emit(node.args[0]));
  case NodeOp::Not: {
    Value operand = emit(node.args[0]);
    Value one = mlir::arith::ConstantOp::create(builder, at, builder.getBoolAttr(true));
    return mlir::arith::XOrIOp::create(builder, at, operand, one);
  }
  case NodeOp::Select: {
    Value condition = emit(node.args[0]);
    Value yes = emit(node.args[1]), no = emit(node.args[2]);
    return mlir::arith::SelectOp::create(builder, at, condition, yes, no);
  }
  case NodeOp::Power:
    return emitPower(node);
  case NodeOp::Call:
    return emitCall(node);
  default:
    return emitBinary(node);
  }
}

Value Generator::emitBinary(const Node &node) {
  using mlir::arith::CmpFPredicate;
  mlir::Location at = loc(node.range);
  Value a = emit(node.args[0]), b = emit(node.args[1]);
  auto compare = [&](CmpFPredicate predicate) -> Value {
    return mlir::arith::CmpFOp::create(builder, at, predicate, a, b);
  };
  switch (node.op) {
  case NodeOp::Add:
    return mlir::arith::AddFOp::create(builder, at, a, b);
  case NodeOp::Subtract:
    return mlir::arith::SubFOp::create(builder, at, a, b);
  case NodeOp::Multiply:
    return mlir::arith::MulFOp::create(builder, at, a, b);
  case NodeOp::Divide:
    return mlir::arith::DivFOp::create(builder, at, a, b);
  case NodeOp::Equal:
    return compare(CmpFPredicate::OEQ);
  case NodeOp::NotEqual:
    return compare(CmpFPredicate::UNE);
  case NodeOp::Less:
    return compare(CmpFPredicate::OLT);
  case NodeOp::LessEqual:
    return compare(CmpFPredicate::OLE);
  case NodeOp::Greater:
    return compare(CmpFPredicate::OGT);
  case NodeOp::GreaterEqual:
    return compare(CmpFPredicate::OGE);
  case NodeOp::And:
    return mlir::arith::AndIOp::create(builder, at, a, b);
  case NodeOp::Or:
    return mlir::arith::OrIOp::create(builder, at, a, b);
  default:
    return a;
  }
}

/// A whole constant exponent becomes an integer, so that later passes multiply.
Value Generator::emitPower(const Node &node) {
  mlir::Location at = loc(node.range);
  Value base = emit(node.args[0]);
  std::optional<double> exponent = sema::evaluate(*node.args[1]);
  if (exponent && *exponent == std::floor(*exponent) && std::fabs(*exponent) <= 1024) {
    Value whole =
        mlir::arith::ConstantOp::create(builder, at, builder.getI32IntegerAttr(int32_t(*exponent)));
    return mlir::math::FPowIOp::create(builder, at, base, whole);
  }
  return mlir::math::PowFOp::create(builder, at, base, emit(node.args[1]));
}

Value Generator::emitCall(const Node &node) {
  using sema::Function;
  mlir::Location at = loc(node.range);
  Value a = emit(node.args[0]);
  switch (node.function) {
  case Function::Exp:
    return mlir::math::ExpOp::create(builder, at, a);
  case Function::Log:
    return mlir::math::LogOp::create(builder, at, a);
  case Function::Log10:
    return mlir::math::Log10Op::create(builder, at, a);
  case Function::Sqrt:
    return mlir::math::SqrtOp::create(builder, at, a);
  case Function::Abs:
    return mlir::math::AbsFOp::create(builder, at, a);
  case Function::Floor:
    return mlir::math::FloorOp::create(builder, at, a);
  case Function::Ceil:
    return mlir::math::CeilOp::create(builder, at, a);
  case Function::Round:
    return mlir::math::RoundOp::create(builder, at, a);
  case Function::Sin:
    return mlir::math::SinOp::create(builder, at, a);
  case Function::Cos:
    return mlir::math::CosOp::create(builder, at, a);
  case Function::Tan:
    return mlir::math::TanOp::create(builder, at, a);
  case Function::Tanh:
    return mlir::math::TanhOp::create(builder, at, a);
  case Function::Min:
    return mlir::arith::MinimumFOp::create(builder, at, a, emit(node.args[1]));
  case Function::Max:
    return mlir::arith::MaximumFOp::create(builder, at, a, emit(node.args[1]));
  }
  return a;
}

Value Generator::emitDraw(const Node &node) {
  mlir::MLIRContext *context = builder.getContext();
  llvm::SmallVector<Value> operands;
  for (const NodePtr &arg : node.args)
    operands.push_back(emit(arg));
  int32_t numLimits = node.limit == sema::DrawLimit::None ? 0 : 2;
  neuro::Limit limit = node.limit == sema::DrawLimit::None     ? neuro::Limit::None
                       : node.limit == sema::DrawLimit::Redraw ? neuro::Limit::Redraw
                                                               : neuro::Limit::Clip;
  Attributes attributes = {
      named("distribution",
            neuro::DistributionAttr::get(context, *neuro::symbolizeDistribution(node.name))),
      named("limit", neuro::LimitAttr::get(context, limit)),
      named("operandSegmentSizes",
            builder.getDenseI32ArrayAttr({int32_t(operands.size()) - numLimits, numLimits}))};
  return make<neuro::DrawOp>(node.range, attributes, operands, builder.getF64Type()).getResult();
}
