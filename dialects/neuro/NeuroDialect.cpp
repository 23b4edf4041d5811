//===- NeuroDialect.cpp - registration of the neuro dialect ---===//
#include "dialects/neuro/Neuro.h"

#include "mlir/Interfaces/FoldInterfaces.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace synfire::neuro;

/// Braces of arguments, where there are some. Braces of the body that follow at once would be taken
/// for them, so empty arguments are printed there.
static ParseResult parseRuleArguments(OpAsmParser &parser, DictionaryAttr &arguments) {
  NamedAttrList list;
  if (parser.parseOptionalAttrDict(list))
    return failure();
  arguments = list.getDictionary(parser.getContext());
  return success();
}

static void printRuleArguments(OpAsmPrinter &printer, Operation *op, DictionaryAttr arguments) {
  auto projection = cast<ProjectionOp>(op);
  bool bodyFollows =
      projection.getSet().empty() && !projection.getDendriticFraction() && !projection.getPrior();
  if (!arguments.empty() || bodyFollows)
    printer << arguments;
}

#include "dialects/neuro/NeuroDialect.cpp.inc"
#include "dialects/neuro/NeuroEnums.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "dialects/neuro/NeuroAttrs.cpp.inc"
#define GET_OP_CLASSES
#include "dialects/neuro/NeuroOps.cpp.inc"

namespace {
/// Folded constants stay in the expression they belong to: a block of declarations cannot hold
/// them.
struct NeuroFoldInterface : DialectFoldInterface {
  using DialectFoldInterface::DialectFoldInterface;
  bool shouldMaterializeInto(Region *region) const final { return true; }
};
} // namespace

void NeuroDialect::initialize() {
  addInterfaces<NeuroFoldInterface>();
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/neuro/NeuroAttrs.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialects/neuro/NeuroOps.cpp.inc"
      >();
}
