//===- FoldDecays.cpp - more of a rule in its tables ---===//
#include "passes/sim/fixed/Paths.h"
#include "passes/sim/fixed/Rule.h"

#include "mlir/IR/Builders.h"

using namespace mlir;

namespace synfire::sim {

namespace {

class Folder {
public:
  Folder(FlatRule &rule, ConnectionsOp connections, ProgramOp program)
      : rule(rule), connections(connections), program(program) {}

  void fold() {
    splitProducts();
    for (size_t i = 0; i < rule.inputs.size(); ++i)
      if (!rule.inputs[i].isDecay())
        useHeld(rule.inputs[i]);
    for (size_t i = 0, n = rule.inputs.size(); i < n; ++i)
      if (rule.inputs[i].isDecay())
        tabulate(i);
    dropUnused();
  }

private:
  void splitProducts();
  std::optional<double> heldNumber(const RuleInput &input);
  void useHeld(const RuleInput &input);
  void tabulate(size_t number);
  double evaluate(Value value, Value decay, double at);
  void dropUnused();
  RuleInput *decayOf(Value value) {
    auto get = value.getDefiningOp<GetOp>();
    for (RuleInput &one : rule.inputs)
      if (get && one.isDecay() && one.field == get.getField())
        return &one;
    return nullptr;
  }
  SmallVector<GetOp> getsOf(StringRef field) {
    return llvm::to_vector(llvm::make_filter_range(
        rule.kernel.getBody().getOps<GetOp>(), [&](GetOp get) { return get.getField() == field; }));
  }

  FlatRule &rule;
  ConnectionsOp connections;
  ProgramOp program;
};

/// A sum of a product, or a difference, may have a product that is a table.
void Folder::splitProducts() {
  for (auto fma : llvm::make_early_inc_range(rule.kernel.getBody().getOps<math::FmaOp>())) {
    OpBuilder b(fma);
    auto negated = fma.getA().getDefiningOp<arith::NegFOp>();
    Value factor = negated ? negated.getOperand() : fma.getA();
    Value product = arith::MulFOp::create(b, fma.getLoc(), factor, fma.getB());
    fma.replaceAllUsesWith(
        negated ? arith::SubFOp::create(b, fma.getLoc(), fma.getC(), product).getResult()
                : arith::AddFOp::create(b, fma.getLoc(), product, fma.getC()).getResult());
    fma.erase();
    if (negated && negated->use_empty())
      negated.erase();
  }
}

/// The number that every spike of an end leaves, if it is the same and not 0.
std::optional<double> Folder::heldNumber(const RuleInput &input) {
  Value latched = latchedValue(connections, input.ofSource(), input.number, program);
  auto kernel = latched ? latched.getDefiningOp()->getParentOfType<KernelOp>() : KernelOp();
  if (!kernel)
    return std::nullopt;
  EmitOp emit;
  for (auto one : kernel.getBody().getOps<EmitOp>())
    emit = one;
  // A source tells what the spike before left, and keeps what this one leaves.
  auto kept = latched.getDefiningOp<GetOp>();
  if (input.ofSource() && kept)
    for (auto set : kernel.getBody().getOps<SetOp>())
      if (set.getField() == kept.getField())
        latched = set.getValue();
  if (auto always = constantOf(latched); always && !input.ofSource() && *always != 0)
    return always;
  auto select = latched.getDefiningOp<arith::SelectOp>();
  if (!select || select.getCondition() != emit.getFires())
    return std::nullopt;
  if (auto before = select.getFalseValue().getDefiningOp<GetOp>();
      input.ofSource() && (!before || !kept || before.getField() != kept.getField()))
    return std::nullopt;
  auto number = constantOf(select.getTrueValue());
  return number && *number != 0 ? number : std::nullopt;
}

void Folder::useHeld(const RuleInput &input) {
  auto held = heldNumber(input);
  if (!held)
    return;
  // (product, decay)
  SmallVector<std::pair<arith::MulFOp, Value>> products;
  for (GetOp get : getsOf(input.field))
    for (OpOperand &use : get.getResult().getUses()) {
      auto product = dyn_cast<arith::MulFOp>(use.getOwner());
      Value other = product ? product.getOperand(1 - use.getOperandNumber()) : Value();
      RuleInput *decay = other ? decayOf(other) : nullptr;
      if (!decay || decay->ofSource() != input.ofSource())
        return;
      products.push_back({product, other});
    }
  for (auto [product, decay] : products) {
    decayOf(decay)->gate = input.origin;
    OpBuilder b(product);
    Value left = arith::ConstantOp::create(b, product.getLoc(), b.getF64FloatAttr(*held));
    product.replaceAllUsesWith(arith::MulFOp::create(b, product.getLoc(), left, decay).getResult());
    product.erase();
  }
}

double Folder::evaluate(Value value, Value decay, double at) {
  if (value == decay)
    return at;
  if (auto constant = constantOf(value))
    return *constant;
  Operation *op = value.getDefiningOp();
  SmallVector<double, 2> of;
  for (Value operand : op->getOperands())
    of.push_back(evaluate(operand, decay, at));
  if (isa<arith::MulFOp>(op))
    return of[0] * of[1];
  if (isa<arith::AddFOp>(op))
    return of[0] + of[1];
  if (isa<arith::SubFOp>(op))
    return of[0] - of[1];
  return -of[0]; // arith.negf
}

/// What is computed from one decay and from numbers becomes a table of its own.
void Folder::tabulate(size_t number) {
  std::string field = rule.inputs[number].field;
  for (GetOp get : getsOf(field)) {
    llvm::SetVector<Operation *> slice;
    slice.insert(get);
    for (Operation *op = get->getNextNode(); op; op = op->getNextNode()) {
      bool folds = isa<arith::MulFOp, arith::AddFOp, arith::SubFOp, arith::NegFOp>(op);
      bool uses = false;
      for (Value operand : op->getOperands()) {
        bool own = operand.getDefiningOp() && slice.contains(operand.getDefiningOp());
        uses |= own;
        folds &= own || constantOf(operand).has_value();
      }
      if (folds && uses)
        slice.insert(op);
    }
    for (Operation *op : llvm::drop_begin(slice)) {
      if (llvm::all_of(op->getUsers(), [&](Operation *user) { return slice.contains(user); }))
        continue;
      RuleInput made = rule.inputs[number];
      made.field = field + "_" + std::to_string(rule.inputs.size());
      for (double &value : made.table)
        value = evaluate(op->getResult(0), get, value);
      made.beyond = evaluate(op->getResult(0), get, made.beyond);
      FieldOp last;
      for (auto one : rule.kernel.getBody().getOps<FieldOp>())
        last = one;
      OpBuilder b(rule.kernel.getContext());
      b.setInsertionPointAfter(last);
      FieldOp::create(b, op->getLoc(), made.field, FieldKind::Element, b.getF64Type());
      b.setInsertionPoint(op);
      op->getResult(0).replaceAllUsesWith(
          GetOp::create(b, op->getLoc(), b.getF64Type(), made.field));
      rule.inputs.push_back(std::move(made));
    }
  }
}

void Folder::dropUnused() {
  Block &body = rule.kernel.getBody().front();
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(body)))
    if (op.use_empty() && !isa<FieldOp, EndOp, SetOp>(op))
      op.erase();
  llvm::erase_if(rule.inputs, [&](const RuleInput &input) {
    if (!getsOf(input.field).empty())
      return false;
    for (auto field : llvm::make_early_inc_range(body.getOps<FieldOp>()))
      if (field.getSymName() == input.field)
        field.erase();
    return true;
  });
}

} // namespace

void foldDecays(FlatRule &rule, ConnectionsOp connections, ProgramOp program) {
  Folder(rule, connections, program).fold();
}

} // namespace synfire::sim
