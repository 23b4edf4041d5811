//===- LumpingStructure.cpp - what the places of variables follow from ---===//
#include "passes/neuro/analysis/AxonalDelay.h"
#include "passes/neuro/analysis/Lumping.h"

#include <array>

using namespace mlir;
using namespace synfire::neuro;

bool Lumping::isPlain() const {
  return !shared.isAnyAssigned() && llvm::none_of(op->getRegion(0).getOps(), [](Operation &inner) {
    return isa<InitOp, AttachOp, BindOp>(inner);
  });
}

/// What the facts of a plain owner follow from; empty for others. It tells more apart than they do,
/// and is found at once.
std::string Lumping::plainStructure() const {
  if (!isPlain())
    return "";
  auto projection = dyn_cast<ProjectionOp>(op);
  Attribute fraction = projection ? projection.getDendriticFractionAttr() : FloatAttr();
  // Attributes of one content are one.
  std::array<const void *, 4> parts = {type.getOperation(), op->getAttr("set").getAsOpaquePointer(),
                                       fraction.getAsOpaquePointer(),
                                       projection ? type.getOperation() : nullptr};
  return "=" + std::string(reinterpret_cast<const char *>(parts.data()), sizeof(parts));
}

/// All that the facts follow from: what a reason below looks at and the synapse does not say
/// belongs here.
std::string Lumping::structure() const {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << type.getOperation() << isa<ProjectionOp>(op);
  if (auto projection = dyn_cast<ProjectionOp>(op)) {
    os << bool(findInit(op, "delay")) << int(sightOf(projection));
    // Whether its third factors can be integrated depends on the cells that they belong to.
    if (!projection.getBody().getOps<BindOp>().empty())
      os << projection.getSymName();
    if (auto fraction = projection.getDendriticFraction())
      os << ' ' << fraction->convertToDouble();
  }
  for (auto parameter : type.getBody().getOps<ParameterOp>())
    os << ';' << shared.isAssigned(parameter.getSymName())
       << shared.whyNotShared(parameter.getSymName());
  auto set = op->getAttrOfType<DictionaryAttr>("set");
  for (auto state : type.getBody().getOps<StateOp>()) {
    os << ';' << bool(findInit(op, state.getSymName()));
    if (auto start = set ? set.getAs<FloatAttr>(state.getSymName()) : FloatAttr())
      os << (start.getValueAsDouble() != 0.0);
  }
  return text;
}
