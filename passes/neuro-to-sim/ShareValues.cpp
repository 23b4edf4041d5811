//===- ShareValues.cpp - the values of connections that are drawn alike ---===//
//
// Hundreds of projections draw their weights and delays from the same distributions. The kernel is
// built for the first of them; to the others it is bound with random numbers of their own.
//
//===----------------------------------------------------------------------===//
#include "passes/neuro-to-sim/ProgramBuilder.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::neuro;

/// Whether an expression is made of numbers and draws alone.
static bool readsNothing(Region &expression) {
  bool nothing = true;
  expression.walk([&](Operation *op) {
    nothing &=
        isa<DrawOp, YieldOp>(op) || isa<arith::ArithDialect, math::MathDialect>(op->getDialect());
  });
  return nothing;
}

void ProgramBuilder::fillConnections(ProjectionOp projection, Region &expression,
                                     StringRef variable, StringRef into, ReadOfConnection read) {
  auto finish = [&](FlatSymbolRefAttr kernel, ArrayAttr bind) {
    sim::ValuesOp::create(starts, projection.getLoc(), kernel.getValue(), projection.getSymName(),
                          into, bind);
  };
  StringRef owner = projection.getSymName();
  auto keyOf = [&](StringRef purpose) -> Attribute {
    return data.getI32IntegerAttr(static_cast<int32_t>(randomKey(owner, purpose)));
  };
  SharedValues *shared =
      share && readsNothing(expression)
          ? &sharedValues[(variable + "=" + Twine(expressions.of(expression))).str()]
          : nullptr;
  if (shared && shared->kernel) {
    SmallVector<Attribute> bind;
    for (auto &[purpose, same] : shared->bind)
      bind.push_back(same ? same : keyOf(purpose));
    return finish(shared->kernel, data.getArrayAttr(bind));
  }
  drawn.clear();
  KernelBuilder b(projection.getLoc(), data.getContext());
  Value value = evaluate(b, expression.front(), projection, variable,
                         [&](Operation *op) { return read(b, op); });
  sim::SetOp::create(b, b.field("out", sim::FieldKind::Element, b.getF64Type(), b.getUnitAttr()),
                     value);
  ArrayAttr bind = b.bindings();
  auto kernel = intern(b, "values_" + variable.str());
  finish(kernel, bind);
  if (!shared)
    return;
  shared->kernel = kernel;
  for (Attribute bound : bind) {
    auto purpose = llvm::find_if(drawn, [&](StringRef each) { return keyOf(each) == bound; });
    if (purpose != drawn.end())
      shared->bind.push_back({*purpose, nullptr});
    else
      shared->bind.push_back({"", bound});
  }
}
