//===- InlineLets.cpp - replaces reads of a let by its expression ---===//
#include "passes/neuro/Passes.h"
#include "passes/neuro/analysis/Expression.h"
#include "passes/neuro/analysis/Model.h"

#include "llvm/ADT/StringSet.h"

namespace synfire::neuro {
#define GEN_PASS_DEF_NEUROINLINELETS
#include "passes/neuro/Passes.h.inc"
} // namespace synfire::neuro

using namespace mlir;
using namespace synfire::neuro;

namespace {

struct NeuroInlineLetsPass : synfire::neuro::impl::NeuroInlineLetsBase<NeuroInlineLetsPass> {
  void runOnOperation() override {
    for (Operation &op : getOperation().getOps())
      if (isa<NeuronOp, SynapseOp, PlasticityOp>(op))
        if (failed(inlineIn(&op)))
          return signalPassFailure();
  }

private:
  // Lets are made free of other lets first, so that one copy of their body is enough.
  LogicalResult inlineIn(Operation *owner) {
    llvm::StringSet<> done, open;
    for (auto let : owner->getRegion(0).getOps<LetOp>())
      if (failed(resolve(owner, let, done, open)))
        return failure();
    for (Operation &declaration : owner->getRegion(0).front())
      if (!isa<LetOp>(declaration))
        for (Region &region : declaration.getRegions())
          replaceReads(owner, region);
    return success();
  }

  LogicalResult resolve(Operation *owner, LetOp let, llvm::StringSet<> &done,
                        llvm::StringSet<> &open) {
    if (done.contains(let.getSymName()))
      return success();
    if (!open.insert(let.getSymName()).second)
      return let.emitOpError() << "`" << let.getSymName()
                               << "` is defined by itself; a let may not depend on itself";
    WalkResult walked = let.walk([&](GetOp get) {
      LetOp inner = letOf(owner, get);
      return inner && failed(resolve(owner, inner, done, open)) ? WalkResult::interrupt()
                                                                : WalkResult::advance();
    });
    if (walked.wasInterrupted())
      return failure();
    replaceReads(owner, let.getBody());
    done.insert(let.getSymName());
    return success();
  }

  static LetOp letOf(Operation *owner, GetOp get) {
    return get.getSide() == Side::Self ? find<LetOp>(owner, variableName(get.getVariable()))
                                       : LetOp();
  }

  static void replaceReads(Operation *owner, Region &region) {
    SmallVector<GetOp> reads;
    region.walk([&](GetOp get) {
      if (letOf(owner, get))
        reads.push_back(get);
    });
    for (GetOp get : reads) {
      OpBuilder builder(get);
      Block &body = letOf(owner, get).getBody().front();
      Value value = copyExpression(builder, body, [](Operation *) { return Value(); }).front();
      get.replaceAllUsesWith(value);
      get.erase();
    }
  }
};

} // namespace
