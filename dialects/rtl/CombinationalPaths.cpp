//===- CombinationalPaths.cpp - what a value depends on between two edges of the clock ---===//
#include "dialects/rtl/CombinationalPaths.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::rtl;

/// What a value depends on at once, one op back.
static SmallVector<Value> sourcesOf(Value value, InstancePaths paths) {
  Operation *op = value.getDefiningOp();
  if (!op || isSequential(op))
    return {};
  auto instance = dyn_cast<InstanceOp>(op);
  if (!instance)
    return llvm::to_vector(op->getOperands());
  SmallVector<Value> sources;
  for (unsigned input : paths(instance, cast<OpResult>(value).getResultNumber()).set_bits())
    sources.push_back(instance.getInputs()[input]);
  return sources;
}

SmallVector<Value> rtl::findCombinationalCycle(ModuleOp module, InstancePaths paths) {
  /// A value on the way, and which of its sources come next.
  struct Place {
    Value value;
    SmallVector<Value> sources;
    unsigned next = 0;
  };
  llvm::DenseSet<Value> done, onTheWay;
  SmallVector<Place> way;
  auto enter = [&](Value value) {
    onTheWay.insert(value);
    way.push_back({value, sourcesOf(value, paths)});
  };
  for (Operation &op : module.getBody().front())
    for (Value result : op.getResults()) {
      if (!done.contains(result))
        enter(result);
      while (!way.empty()) {
        if (way.back().next == way.back().sources.size()) {
          done.insert(way.back().value);
          onTheWay.erase(way.back().value);
          way.pop_back();
          continue;
        }
        Value source = way.back().sources[way.back().next++];
        if (onTheWay.contains(source)) {
          auto *first =
              llvm::find_if(way, [&](const Place &place) { return place.value == source; });
          SmallVector<Value> cycle;
          for (Place &place : llvm::make_range(first, way.end()))
            cycle.push_back(place.value);
          return cycle;
        }
        if (!done.contains(source))
          enter(source);
      }
    }
  return {};
}

LogicalResult rtl::refuseCombinationalCycle(ModuleOp module, InstancePaths paths) {
  SmallVector<Value> cycle = findCombinationalCycle(module, paths);
  if (cycle.empty())
    return success();
  InFlightDiagnostic error = cycle.front().getDefiningOp()->emitOpError(
      "depends on its own result with no register in between");
  for (Value value : llvm::drop_begin(cycle)) {
    Operation *op = value.getDefiningOp();
    Diagnostic &note = error.attachNote(op->getLoc()) << "through `" << op->getName() << "`";
    if (auto name = op->getAttrOfType<StringAttr>("name"))
      note << " " << name;
  }
  return error;
}

SmallVector<llvm::BitVector> rtl::combinationalPaths(ModuleOp module, InstancePaths paths) {
  unsigned inputs = module.getNumInputs();
  SmallVector<llvm::BitVector> reached;
  for (Value output : module.getOutputOp().getValues()) {
    llvm::BitVector found(inputs);
    llvm::DenseSet<Value> seen{output};
    SmallVector<Value> open{output};
    while (!open.empty()) {
      Value value = open.pop_back_val();
      if (auto argument = dyn_cast<BlockArgument>(value))
        found.set(argument.getArgNumber());
      for (Value source : sourcesOf(value, paths))
        if (seen.insert(source).second)
          open.push_back(source);
    }
    reached.push_back(std::move(found));
  }
  return reached;
}
