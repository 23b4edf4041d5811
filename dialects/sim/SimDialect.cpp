//===- SimDialect.cpp - registration of the sim dialect ---===//
#include "dialects/sim/Sim.h"

using namespace mlir;
using namespace synfire::sim;

#include "dialects/sim/SimDialect.cpp.inc"
#include "dialects/sim/SimEnums.cpp.inc"
#include "dialects/sim/SimInterfaces.cpp.inc"
#define GET_OP_CLASSES
#include "dialects/sim/SimOps.cpp.inc"

void SimDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "dialects/sim/SimOps.cpp.inc"
      >();
}

// The structured ops store the three things of the interface under the same names.
#define SIM_LAUNCH_METHODS(Op)                                                                     \
  llvm::StringRef Op::kernelName() { return getKernel(); }                                         \
  llvm::StringRef Op::overName() { return getOver(); }                                             \
  mlir::ArrayAttr Op::bindings() { return getBind(); }
SIM_LAUNCH_METHODS(DeriveOp)
SIM_LAUNCH_METHODS(InitOp)
SIM_LAUNCH_METHODS(AssignOp)
SIM_LAUNCH_METHODS(UpdateOp)
SIM_LAUNCH_METHODS(ValuesOp)
SIM_LAUNCH_METHODS(DeliverOp)
SIM_LAUNCH_METHODS(GatherOp)
SIM_LAUNCH_METHODS(HandleOp)
SIM_LAUNCH_METHODS(SettleOp)
SIM_LAUNCH_METHODS(AdvanceOp)
SIM_LAUNCH_METHODS(TimerOp)
