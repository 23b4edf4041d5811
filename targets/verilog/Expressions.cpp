//===- Expressions.cpp - the text of one value ---===//
#include "targets/verilog/Expressions.h"

#include "mlir/IR/Matchers.h"

#include "llvm/ADT/TypeSwitch.h"

#include <fmt/format.h>

using namespace mlir;
using namespace synfire;
using namespace synfire::verilog;

//===----------------------------------------------------------------------===//
// Words
//===----------------------------------------------------------------------===//

std::string verilog::literal(const APInt &value) {
  unsigned width = value.getBitWidth();
  SmallString<64> digits;
  bool decimal =
      width == 1 || value.ule(std::min<uint64_t>(9999, llvm::maxUIntN(std::min(width, 64u))));
  value.toStringUnsigned(digits, decimal ? 10 : 16);
  return fmt::format("{}'{}{}", width, decimal ? 'd' : 'h', digits.str().lower());
}

std::string verilog::range(unsigned width) {
  return width == 1 ? " " : fmt::format(" [{}:0] ", width - 1);
}

std::string verilog::slice(StringRef name, unsigned width, unsigned from, unsigned count) {
  if (count == width)
    return name.str();
  if (count == 1)
    return fmt::format("{}[{}]", name.str(), from);
  return fmt::format("{}[{}:{}]", name.str(), from + count - 1, from);
}

//===----------------------------------------------------------------------===//
// Operators
//===----------------------------------------------------------------------===//

/// An operand of an operator that binds as given, in parentheses if it binds less.
static std::string within(const Expression &operand, Binding binding) {
  return operand.binding > binding || operand.binding == Binding::Primary
             ? operand.text
             : "(" + operand.text + ")";
}

/// Two operands around an operator. `associative`: `a & b & c` needs no parentheses. Others get
/// them even where precedence would do, as few readers know it.
static Expression binary(Operation *op, Operands &operands, const char *sign, Binding binding,
                         bool associative = false) {
  Expression left = operands.expression(op->getOperand(0)),
             right = operands.expression(op->getOperand(1));
  auto side = [&](const Expression &e) {
    bool bare = e.binding >= Binding::Unary || (associative && e.binding == binding);
    return bare ? e.text : "(" + e.text + ")";
  };
  return {side(left) + " " + sign + " " + side(right), binding,
          std::max(left.depth, right.depth) + 1};
}

static Expression signedPair(Operation *op, Operands &operands, const char *sign) {
  std::string left = operands.name(op->getOperand(0)), right = operands.name(op->getOperand(1));
  return {fmt::format("$signed({}) {} $signed({})", left, sign, right), Binding::Order, 1};
}

bool verilog::isSignTest(Operation *op) {
  auto compare = dyn_cast<arith::CmpIOp>(op);
  return compare && matchPattern(compare.getRhs(), m_Zero()) &&
         (compare.getPredicate() == arith::CmpIPredicate::slt ||
          compare.getPredicate() == arith::CmpIPredicate::sge);
}

static Expression compare(arith::CmpIOp op, Operands &operands) {
  using P = arith::CmpIPredicate;
  if (isSignTest(op)) {
    unsigned width = rtl::widthOf(op.getLhs());
    std::string sign = slice(operands.name(op.getLhs()), width, width - 1, 1);
    return op.getPredicate() == P::slt ? Expression{sign}
                                       : Expression{"~" + sign, Binding::Unary, 1};
  }
  switch (op.getPredicate()) {
  case P::eq:
    return binary(op, operands, "==", Binding::Equality);
  case P::ne:
    return binary(op, operands, "!=", Binding::Equality);
  case P::ult:
    return binary(op, operands, "<", Binding::Order);
  case P::ule:
    return binary(op, operands, "<=", Binding::Order);
  case P::ugt:
    return binary(op, operands, ">", Binding::Order);
  case P::uge:
    return binary(op, operands, ">=", Binding::Order);
  case P::slt:
    return signedPair(op, operands, "<");
  case P::sle:
    return signedPair(op, operands, "<=");
  case P::sgt:
    return signedPair(op, operands, ">");
  case P::sge:
    return signedPair(op, operands, ">=");
  }
  llvm_unreachable("all predicates are handled");
}

/// Modulo 2^width a product does not depend on signs. Where an operand was widened with its sign, a
/// product of signed words tells the tools that the copies of the sign need no multiplier.
static Expression product(arith::MulIOp op, Operands &operands) {
  auto hasSign = [](Value value) {
    APInt constant;
    return value.getDefiningOp<arith::ExtSIOp>() ||
           (matchPattern(value, m_ConstantInt(&constant)) && constant.isNegative());
  };
  if (hasSign(op.getLhs()) || hasSign(op.getRhs()))
    return signedPair(op, operands, "*");
  return {operands.name(op.getLhs()) + " * " + operands.name(op.getRhs()), Binding::Sum, 1};
}

static std::string joined(ArrayRef<std::string> parts) {
  return "{" + llvm::join(parts, ", ") + "}";
}

/// A shift by a constant takes a part of the word; others have an operator.
static Expression shift(Operation *op, Operands &operands) {
  unsigned width = rtl::widthOf(op->getOperand(0));
  std::string word = operands.name(op->getOperand(0));
  APInt by;
  if (!matchPattern(op->getOperand(1), m_ConstantInt(&by))) {
    std::string amount = operands.name(op->getOperand(1));
    if (isa<arith::ShRSIOp>(op))
      return {fmt::format("$signed({}) >>> {}", word, amount), Binding::Sum, 1};
    return {fmt::format("{} {} {}", word, isa<arith::ShLIOp>(op) ? "<<" : ">>", amount),
            Binding::Sum, 1};
  }
  // More than the width is no value at all; nothing is as good as anything.
  unsigned amount = by.getLimitedValue(width);
  if (amount == 0)
    return {word};
  if (amount == width)
    return {literal(APInt::getZero(width))};
  std::string zeros = literal(APInt::getZero(amount));
  if (isa<arith::ShLIOp>(op))
    return {joined({slice(word, width, 0, width - amount), zeros}), Binding::Primary, 1};
  std::string high = slice(word, width, amount, width - amount);
  if (isa<arith::ShRSIOp>(op))
    zeros = fmt::format("{{{}{{{}}}}}", amount, slice(word, width, width - 1, 1));
  return {joined({zeros, high}), Binding::Primary, 1};
}

static Expression extension(Operation *op, Operands &operands) {
  Value value = op->getOperand(0);
  unsigned from = rtl::widthOf(value), by = rtl::widthOf(op->getResult(0)) - from;
  if (isa<arith::ExtUIOp>(op)) {
    Expression inner = operands.expression(value);
    return {joined({literal(APInt::getZero(by)), inner.text}), Binding::Primary, inner.depth + 1};
  }
  std::string word = operands.name(value);
  if (from == 1)
    return {fmt::format("{{{}{{{}}}}}", by + 1, word), Binding::Primary, 1};
  return {fmt::format("{{{{{}{{{}[{}]}}}}, {}}}", by, word, from - 1, word), Binding::Primary, 1};
}

static Expression concatenation(rtl::ConcatOp op, Operands &operands) {
  SmallVector<std::string> parts;
  unsigned depth = 0;
  for (Value part : op.getParts()) {
    Expression inner = operands.expression(part);
    depth = std::max(depth, inner.depth + 1);
    parts.push_back(inner.text);
  }
  return {joined(parts), Binding::Primary, depth};
}

static Expression choice(arith::SelectOp op, Operands &operands) {
  Expression condition = operands.expression(op.getCondition()),
             high = operands.expression(op.getTrueValue()),
             low = operands.expression(op.getFalseValue());
  return {fmt::format("{} ? {} : {}", within(condition, Binding::Choice),
                      within(high, Binding::Choice), within(low, Binding::Choice)),
          Binding::Choice, std::max({condition.depth, high.depth, low.depth}) + 1};
}

static Expression exclusive(arith::XOrIOp op, Operands &operands) {
  APInt mask;
  if (!matchPattern(op.getRhs(), m_ConstantInt(&mask)) || !mask.isAllOnes())
    return binary(op, operands, "^", Binding::Xor, true);
  Expression inner = operands.expression(op.getLhs());
  return {"~" + within(inner, Binding::Unary), Binding::Unary, inner.depth + 1};
}

static Expression part(Operation *op, Value value, unsigned from, Operands &operands) {
  return {slice(operands.name(value), rtl::widthOf(value), from, rtl::widthOf(op->getResult(0)))};
}

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

bool verilog::mayBeInlined(Operation *op) {
  if (auto compare = dyn_cast<arith::CmpIOp>(op))
    return isSignTest(op) || compare.getPredicate() == arith::CmpIPredicate::eq ||
           compare.getPredicate() == arith::CmpIPredicate::ne ||
           compare.getPredicate() >= arith::CmpIPredicate::ult;
  if (isa<arith::ShLIOp, arith::ShRUIOp, arith::ShRSIOp>(op))
    return matchPattern(op->getOperand(1), m_Constant());
  return isa<arith::AddIOp, arith::SubIOp, arith::AndIOp, arith::OrIOp, arith::XOrIOp,
             arith::SelectOp, arith::ExtUIOp, arith::ExtSIOp, arith::TruncIOp, rtl::ExtractOp,
             rtl::ConcatOp>(op);
}

FailureOr<Expression> verilog::expressionOf(Operation *op, Operands &operands) {
  return llvm::TypeSwitch<Operation *, FailureOr<Expression>>(op)
      .Case([&](arith::AddIOp) { return binary(op, operands, "+", Binding::Sum, true); })
      .Case([&](arith::SubIOp) { return binary(op, operands, "-", Binding::Sum); })
      .Case([&](arith::AndIOp) { return binary(op, operands, "&", Binding::And, true); })
      .Case([&](arith::OrIOp) { return binary(op, operands, "|", Binding::Or, true); })
      .Case([&](arith::XOrIOp xor_) { return exclusive(xor_, operands); })
      .Case([&](arith::MulIOp mul) { return product(mul, operands); })
      .Case([&](arith::CmpIOp cmp) { return compare(cmp, operands); })
      .Case([&](arith::SelectOp select) { return choice(select, operands); })
      .Case<arith::ShLIOp, arith::ShRUIOp, arith::ShRSIOp>(
          [&](auto) { return shift(op, operands); })
      .Case<arith::ExtUIOp, arith::ExtSIOp>([&](auto) { return extension(op, operands); })
      .Case([&](arith::TruncIOp trunc) { return part(op, trunc.getIn(), 0, operands); })
      .Case([&](rtl::ExtractOp extract) {
        return part(op, extract.getValue(), extract.getFrom(), operands);
      })
      .Case([&](rtl::ConcatOp concat) { return concatenation(concat, operands); })
      .Case([&](rtl::PeekOp peek) -> FailureOr<Expression> {
        return Expression{operands.name(peek.getMemory()) + "[" + operands.name(peek.getAddress()) +
                          "]"};
      })
      .Case([&](rtl::WireOp wire) { return operands.expression(wire.getValue()); })
      .Default([](Operation *) { return FailureOr<Expression>(failure()); });
}
