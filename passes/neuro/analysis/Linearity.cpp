//===- Linearity.cpp - how an expression depends on variables ---===//
#include "passes/neuro/analysis/Linearity.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Matchers.h"

#include "llvm/ADT/DenseMap.h"

using namespace mlir;
using namespace synfire::neuro;

bool Form::isFree() const {
  return llvm::all_of(on, [](Dependence d) { return d == Dependence::None; });
}

bool Form::isConstant() const { return isFree() && rest != Rest::Varying; }

bool Form::isAffineConstant() const {
  return llvm::all_of(on, [](Dependence d) { return d <= Dependence::AffineConstant; });
}

bool Form::isHomogeneous() const { return isAffineConstant() && rest == Rest::Zero; }

namespace {

/// Computes forms bottom up, each value once.
class FormBuilder {
public:
  FormBuilder(unsigned count, llvm::function_ref<Leaf(Value)> leaf) : count(count), leaf(leaf) {}

  const Form &of(Value value) {
    auto known = forms.find(value);
    if (known != forms.end())
      return known->second;
    Form form = compute(value);
    return forms[value] = std::move(form);
  }

private:
  Form empty(Rest rest) { return {SmallVector<Dependence, 4>(count, Dependence::None), rest}; }

  Form compute(Value value) {
    Operation *op = value.getDefiningOp();
    if (!op || !isa<arith::ArithDialect, math::MathDialect>(op->getDialect()))
      return ofLeaf(leaf(value));
    if (matchPattern(value, m_Constant()))
      return empty(matchPattern(value, m_AnyZeroFloat()) ? Rest::Zero : Rest::Constant);
    if (isa<arith::AddFOp, arith::SubFOp>(op))
      return join(of(op->getOperand(0)), Form(of(op->getOperand(1))));
    if (isa<arith::NegFOp>(op))
      return of(op->getOperand(0));
    if (isa<arith::MulFOp>(op)) {
      Form left = of(op->getOperand(0));
      return product(left, of(op->getOperand(1)));
    }
    if (isa<arith::DivFOp>(op)) {
      Form numerator = of(op->getOperand(0));
      return quotient(numerator, of(op->getOperand(1)));
    }
    if (isa<arith::SelectOp>(op))
      return choice(op);
    return other(op);
  }

  Form ofLeaf(Leaf leaf) {
    if (leaf.kind != Leaf::Kind::Variable)
      return empty(leaf.kind == Leaf::Kind::Constant ? Rest::Constant : Rest::Varying);
    Form form = empty(Rest::Zero);
    form.on[leaf.variable] = Dependence::AffineConstant;
    return form;
  }

  static Form join(Form left, const Form &right) {
    for (auto [l, r] : llvm::zip(left.on, right.on))
      l = std::max(l, r);
    left.rest = std::max(left.rest, right.rest);
    return left;
  }

  // A coefficient that varies makes an affine dependence a varying one.
  static Dependence scaled(Dependence d, const Form &by) {
    if (d == Dependence::None || by.isConstant())
      return d;
    return std::max(d, Dependence::AffineVarying);
  }

  Form product(const Form &left, const Form &right) {
    Form form = empty(Rest::Zero);
    for (unsigned i = 0; i < count; ++i) {
      Dependence l = left.on[i], r = right.on[i];
      if (l != Dependence::None && r != Dependence::None)
        form.on[i] = Dependence::Nonlinear;
      else
        form.on[i] = std::max(scaled(l, right), scaled(r, left));
    }
    if (left.rest != Rest::Zero && right.rest != Rest::Zero)
      form.rest = std::max(left.rest, right.rest);
    return form;
  }

  Form quotient(const Form &numerator, const Form &divisor) {
    Form form = empty(Rest::Zero);
    for (unsigned i = 0; i < count; ++i)
      form.on[i] = divisor.on[i] != Dependence::None ? Dependence::Nonlinear
                                                     : scaled(numerator.on[i], divisor);
    if (numerator.rest != Rest::Zero)
      form.rest = std::max(numerator.rest, divisor.isFree() ? divisor.rest : Rest::Varying);
    return form;
  }

  // `if c then a else b`: the condition acts like a varying coefficient.
  Form choice(Operation *op) {
    Form condition = of(op->getOperand(0));
    Form either = of(op->getOperand(1));
    either = join(either, of(op->getOperand(2)));
    for (unsigned i = 0; i < count; ++i)
      either.on[i] = condition.on[i] != Dependence::None ? Dependence::Nonlinear
                                                         : scaled(either.on[i], condition);
    if (!condition.isConstant() && either.rest == Rest::Constant)
      either.rest = Rest::Varying;
    return either;
  }

  Form other(Operation *op) {
    Form form = empty(Rest::Constant);
    for (Value operand : op->getOperands()) {
      const Form &part = of(operand);
      for (unsigned i = 0; i < count; ++i)
        if (part.on[i] != Dependence::None)
          form.on[i] = Dependence::Nonlinear;
      form.rest = std::max(form.rest, part.rest);
    }
    return form;
  }

  unsigned count;
  llvm::function_ref<Leaf(Value)> leaf;
  llvm::DenseMap<Value, Form> forms;
};

} // namespace

Form synfire::neuro::analyzeForm(Value root, unsigned count, llvm::function_ref<Leaf(Value)> leaf) {
  return FormBuilder(count, leaf).of(root);
}
