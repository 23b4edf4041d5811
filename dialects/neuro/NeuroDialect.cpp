//===- NeuroDialect.cpp - registration of the neuro dialect ---===//
#include "dialects/neuro/Neuro.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace synfire::neuro;

#include "dialects/neuro/NeuroDialect.cpp.inc"
#include "dialects/neuro/NeuroEnums.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "dialects/neuro/NeuroAttrs.cpp.inc"
#define GET_OP_CLASSES
#include "dialects/neuro/NeuroOps.cpp.inc"

void NeuroDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/neuro/NeuroAttrs.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialects/neuro/NeuroOps.cpp.inc"
      >();
}
