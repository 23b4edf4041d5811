//===- KernelBuilder.cpp - a kernel under construction, with its bindings ---===//
#include "passes/neuro-to-sim/KernelBuilder.h"

#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace synfire;

KernelBuilder::KernelBuilder(Location loc, MLIRContext *context)
    : ImplicitLocOpBuilder(loc, context) {
  OpBuilder detached(context);
  kernel = sim::KernelOp::create(detached, loc, "kernel");
  Block *body =
      kernel.getBody().empty() ? &kernel.getBody().emplaceBlock() : &kernel.getBody().front();
  if (body->empty() || !isa<sim::EndOp>(body->back())) {
    OpBuilder end = OpBuilder::atBlockEnd(body);
    sim::EndOp::create(end, loc);
  }
  setInsertionPoint(body->getTerminator());
}

KernelBuilder::~KernelBuilder() {
  if (kernel)
    kernel->erase();
}

StringRef KernelBuilder::field(StringRef name, sim::FieldKind kind, Type type, Attribute bound) {
  for (auto [i, known] : llvm::enumerate(data))
    if (known == bound && fieldOps[i].getKind() == kind)
      return fieldOps[i].getSymName();
  std::string unique = name.str();
  for (unsigned n = byName[name]++; n; n = 0)
    unique += "_" + std::to_string(n);
  OpBuilder start(getContext());
  if (fieldOps.empty())
    start.setInsertionPointToStart(&kernel.getBody().front());
  else
    start.setInsertionPointAfter(fieldOps.back());
  fieldOps.push_back(sim::FieldOp::create(start, getLoc(), unique, kind, type));
  data.push_back(bound);
  elements |= kind == sim::FieldKind::Element;
  return fieldOps.back().getSymName();
}

Value KernelBuilder::get(StringRef name, sim::FieldKind kind, sim::ArrayOp array) {
  auto symbol = FlatSymbolRefAttr::get(array.getSymNameAttr());
  return sim::GetOp::create(*this, getF64Type(), field(name, kind, array.getType(), symbol));
}

Value KernelBuilder::datum(StringRef name, int64_t value) {
  StringRef f = field(name, sim::FieldKind::Uniform, getI64Type(), getI64IntegerAttr(value));
  return sim::GetOp::create(*this, getI64Type(), f);
}

StringRef KernelBuilder::key(StringRef name, uint32_t hash) {
  return field(name, sim::FieldKind::Key, getI32Type(),
               getI32IntegerAttr(static_cast<int32_t>(hash)));
}

void KernelBuilder::set(StringRef name, sim::FieldKind kind, sim::ArrayOp array, Value value) {
  auto symbol = FlatSymbolRefAttr::get(array.getSymNameAttr());
  sim::SetOp::create(*this, field(name, kind, array.getType(), symbol), value);
}

Value KernelBuilder::number(double value) {
  return arith::ConstantOp::create(*this, getF64FloatAttr(value));
}

void KernelBuilder::retarget(sim::FieldKind from, sim::FieldKind to,
                             llvm::function_ref<bool(Attribute)> matches) {
  for (auto [field, bound] : llvm::zip(fieldOps, data))
    if (field.getKind() == from && matches(bound))
      field.setKind(to);
}

/// Derivatives are emitted where only some of their parts are needed: drops what nothing uses.
void KernelBuilder::prune() {
  Block &body = kernel.getBody().front();
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(body)))
    if (op.use_empty() && (isa<arith::ArithDialect, math::MathDialect>(op.getDialect()) ||
                           isa<sim::GetOp, sim::StepOp, sim::ElementOp, sim::PropagatorOp>(op)))
      op.erase();
  llvm::StringSet<> used;
  body.walk([&](Operation *op) {
    if (!isa<sim::FieldOp>(op))
      for (NamedAttribute attr : op->getAttrDictionary())
        if (auto symbol = dyn_cast<FlatSymbolRefAttr>(attr.getValue()))
          used.insert(symbol.getValue());
  });
  for (unsigned i = fieldOps.size(); i-- > 0;) {
    if (used.contains(fieldOps[i].getSymName()) || fieldOps[i].getKind() == sim::FieldKind::Rows)
      continue;
    fieldOps[i].erase();
    fieldOps.erase(fieldOps.begin() + i);
    data.erase(data.begin() + i);
  }
}

ArrayAttr KernelBuilder::bindings() {
  prune();
  return getArrayAttr(data);
}

sim::KernelOp KernelBuilder::take(StringRef name) {
  kernel.setSymName(name);
  sim::KernelOp result = kernel;
  kernel = nullptr;
  return result;
}
