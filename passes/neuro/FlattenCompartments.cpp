//===- FlattenCompartments.cpp - compartments as prefixed variables (N8) ---===//
#include "passes/neuro/Passes.h"
#include "passes/neuro/analysis/CompartmentReferences.h"
#include "passes/neuro/analysis/Expression.h"
#include "passes/neuro/analysis/Model.h"

#include "mlir/IR/AttrTypeSubElements.h"

#include "llvm/ADT/StringSet.h"

namespace synfire::neuro {
#define GEN_PASS_DEF_NEUROFLATTENCOMPARTMENTS
#include "passes/neuro/Passes.h.inc"
} // namespace synfire::neuro

using namespace mlir;
using namespace synfire::neuro;

namespace {

/// One neuron on its way to a flat one.
class NeuronFlattener {
public:
  explicit NeuronFlattener(NeuronOp neuron) : neuron(neuron) {}

  LogicalResult flatten() {
    SmallVector<CompartmentOp> compartments(neuron.getBody().getOps<CompartmentOp>());
    SpikeOp spike;
    for (auto own : neuron.getBody().getOps<SpikeOp>())
      spike = own;
    for (CompartmentOp compartment : compartments)
      if (failed(lift(compartment, spike)))
        return failure();
    flattenNames(neuron);
    SmallVector<CoupleOp> couples(neuron.getBody().getOps<CoupleOp>());
    addCouplings(couples);
    for (CoupleOp couple : couples)
      couple.erase();
    return success();
  }

private:
  // The spike of the cell is that of its first compartment with a rule; another one would be an
  // event of its own.
  LogicalResult lift(CompartmentOp compartment, SpikeOp &spike) {
    std::string prefix = compartment.getSymName().str() + ".";
    for (auto own : compartment.getBody().getOps<SpikeOp>()) {
      if (spike) {
        InFlightDiagnostic error = own.emitError()
                                   << "the spike rule of a second compartment, `"
                                   << compartment.getSymName() << "`, cannot be run yet";
        error.attachNote(spike.getLoc()) << "the spike of the cell is this one";
        return error;
      }
      spike = own;
    }
    llvm::StringSet<> declared;
    for (Operation &op : compartment.getBody().front())
      if (auto name = SymbolTable::getSymbolName(&op); name && isa<SymbolOpInterface>(op))
        declared.insert(name.getValue());
    MLIRContext *context = neuron.getContext();
    AttrTypeReplacer rename;
    rename.addReplacement(
        [&](SymbolRefAttr ref) -> std::optional<std::pair<Attribute, WalkResult>> {
          if (!ref.getNestedReferences().empty() || !declared.contains(ref.getRootReference()))
            return std::nullopt;
          return std::pair(FlatSymbolRefAttr::get(context, prefix + ref.getRootReference().str()),
                           WalkResult::skip());
        });
    for (Operation &op : llvm::make_early_inc_range(compartment.getBody().front())) {
      rename.recursivelyReplaceElementsIn(&op);
      if (auto name = SymbolTable::getSymbolName(&op); name && isa<SymbolOpInterface>(op))
        SymbolTable::setSymbolName(&op, prefix + name.getValue().str());
      op.moveBefore(compartment);
    }
    compartment.erase();
    return success();
  }

  // g (other - self) after the input itself, in the order of the couplings.
  void addCouplings(ArrayRef<CoupleOp> couples) {
    SmallVector<GetOp> reads;
    for (Operation &op : neuron.getBody().front())
      if (isa<EquationOp, LetOp>(op))
        op.walk([&](GetOp get) {
          if (find<InputOp>(neuron, variableName(get.getVariable())))
            reads.push_back(get);
        });
    for (GetOp get : reads) {
      OpBuilder builder(get->getContext());
      builder.setInsertionPointAfter(get);
      Value sum = get.getResult();
      for (CoupleOp couple : couples) {
        if (couple.getFirstInput() == get.getVariable())
          sum = addCurrent(builder, couple, couple.getFirst(), couple.getSecond(), sum);
        if (couple.getSecondInput() == get.getVariable())
          sum = addCurrent(builder, couple, couple.getSecond(), couple.getFirst(), sum);
      }
      if (sum != get.getResult())
        get.getResult().replaceAllUsesExcept(sum, firstUse(get, sum));
    }
  }

  static SmallPtrSet<Operation *, 1> firstUse(GetOp get, Value sum) {
    // The first addition takes the input itself: follow the sums back to it.
    Operation *op = sum.getDefiningOp();
    while (op->getOperand(0) != get.getResult())
      op = op->getOperand(0).getDefiningOp();
    return {op};
  }

  Value addCurrent(OpBuilder &builder, CoupleOp couple, SymbolRefAttr self, SymbolRefAttr other,
                   Value sum) {
    Location loc = couple.getLoc();
    Value conductance = copyExpression(builder, couple.getBody().front(), [](Operation *) {
                          return Value();
                        }).front();
    Value there = GetOp::create(builder, loc, builder.getF64Type(), Side::Self, other);
    Value here = GetOp::create(builder, loc, builder.getF64Type(), Side::Self, self);
    Value drop = arith::SubFOp::create(builder, loc, there, here);
    Value current = arith::MulFOp::create(builder, loc, conductance, drop);
    return arith::AddFOp::create(builder, loc, sum, current);
  }

  NeuronOp neuron;
};

struct NeuroFlattenCompartmentsPass
    : synfire::neuro::impl::NeuroFlattenCompartmentsBase<NeuroFlattenCompartmentsPass> {
  void runOnOperation() override {
    bool any = false;
    for (auto neuron : getOperation().getOps<NeuronOp>()) {
      any |= !neuron.getBody().getOps<CompartmentOp>().empty();
      if (failed(NeuronFlattener(neuron).flatten()))
        return signalPassFailure();
    }
    if (any)
      flattenReferences(getOperation());
  }
};

} // namespace
