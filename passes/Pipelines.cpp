//===- Pipelines.cpp - every pipeline, from the model to loops ---===//
#include "passes/Pipelines.h"

#include "dialects/sim/Sim.h"
#include "passes/neuro-to-sim/Passes.h"
#include "passes/neuro/Pipelines.h"
#include "passes/rtl/Passes.h"
#include "passes/sim-to-loops/Passes.h"
#include "passes/sim-to-rtl/Passes.h"
#include "passes/sim-to-rtl/parts/BuildPart.h"
#include "passes/sim/Passes.h"

#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/FuncToLLVM/ConvertFuncToLLVMPass.h"
#include "mlir/Conversion/MathToLLVM/MathToLLVM.h"
#include "mlir/Conversion/ReconcileUnrealizedCasts/ReconcileUnrealizedCasts.h"
#include "mlir/Conversion/SCFToControlFlow/SCFToControlFlow.h"
#include "mlir/Conversion/VectorToLLVM/ConvertVectorToLLVMPass.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

namespace synfire {

/// Only kernels compute: the data and launches around them, of which a circuit of many populations
/// has thousands, have no results that could be the same.
static void addKernelCSE(OpPassManager &pm) {
  pm.nest<sim::ProgramOp>().nest<sim::KernelOp>().addPass(createCSEPass());
}

void buildNeuroToSimPipeline(OpPassManager &pm, const SimOptions &options) {
  pm.addPass(createNeuroToSimPass());
  // First the types: the arithmetic of an elementary function depends on its format.
  if (options.precision == "f32")
    pm.addPass(sim::createSimLowerPrecisionPass());
  bool isFixed = options.precision == "fixed"; // has exponentials of its own
  if (!isFixed)
    pm.addPass(sim::createSimShareExponentialsPass());
  // One place where elementary functions get their arithmetic, one where quotients become products,
  // one where products are fused; everything after keeps each rounding.
  sim::SimExpandMathPassOptions expand;
  expand.exponentials = !isFixed;
  pm.addPass(sim::createSimExpandMathPass(expand));
  pm.addPass(sim::createSimInvertDivisorsPass());
  addKernelCSE(pm);
  pm.addPass(sim::createSimFormFmaPass());
  if (!isFixed)
    pm.addPass(sim::createSimVerifyPass());
}

void buildExpandPipeline(OpPassManager &pm) { pm.addPass(sim::createSimExpandMathPass()); }

void buildSimOptimizePipeline(OpPassManager &pm, const OptimizeOptions &options) {
  // First: a trace that a spike sets to a number looks as if it came from the one before it.
  pm.addPass(sim::createSimUnnestSelectsPass());
  if (options.removeDeadState)
    pm.addPass(sim::createSimRemoveDeadStatePass());
  if (options.layouts)
    pm.addPass(sim::createSimChooseLayoutsPass());
  pm.addPass(sim::createSimTabulateAgesPass());
  addKernelCSE(pm);
  if (options.layouts)
    pm.addPass(sim::createSimVerifyPass());
}

void buildFreezePipeline(OpPassManager &pm) {
  pm.addPass(sim::createSimFreezePass());
  addKernelCSE(pm);
  pm.addPass(sim::createSimVerifyPass());
}

void buildQuantizePipeline(OpPassManager &pm, const QuantizeOptions &options) {
  pm.addPass(sim::createSimFreezePass());
  addKernelCSE(pm);
  sim::SimQuantizePassOptions quantize;
  quantize.tolerance = options.tolerance;
  pm.addPass(sim::createSimQuantizePass(quantize));
  pm.addPass(sim::createSimExpandMathPass()); // of populations that stay outside
  addKernelCSE(pm);
  pm.addPass(sim::createSimVerifyPass());
}

void buildLoopsPipeline(OpPassManager &pm, const CpuOptions &options) {
  sim::SimToLoopsPassOptions loops;
  loops.lanes = options.lanes;
  loops.vectorBits = options.vectorBits;
  loops.convertsWide = options.convertsWide;
  loops.compresses = options.compresses;
  pm.addPass(sim::createSimExpandFixedPass());
  pm.addPass(sim::createSimToLoopsPass(loops));
  pm.addNestedPass<func::FuncOp>(createCSEPass());
}

void buildLLVMPipeline(OpPassManager &pm) {
  pm.addPass(createSCFToControlFlowPass());
  pm.addPass(createConvertVectorToLLVMPass());
  pm.addPass(createArithToLLVMConversionPass());
  pm.addPass(createConvertMathToLLVMPass());
  pm.addPass(createConvertFuncToLLVMPass());
  pm.addPass(createConvertControlFlowToLLVMPass());
  pm.addPass(createReconcileUnrealizedCastsPass());
}

void buildCpuPipeline(OpPassManager &pm, const CpuOptions &options) {
  buildLoopsPipeline(pm, options);
  buildLLVMPipeline(pm);
}

void buildRtlPipeline(OpPassManager &pm) {
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  // Only what is still a product with a constant after that is worth adders.
  rtl::RtlStrengthReducePassOptions sums;
  sums.digits = 6; // a carry chain each, where a multiplier has one a bit
  pm.addPass(rtl::createRtlStrengthReducePass(sums));
  pm.addPass(createCanonicalizerPass());
  pm.addPass(rtl::createRtlLegalizePass());
  // Some comparisons are constants now.
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addPass(rtl::createRtlVerifyPass());
}

void buildToRtlPipeline(OpPassManager &pm, const RtlOptions &options) {
  SimToRtlPassOptions hardware;
  hardware.period = options.period;
  hardware.loadedAbove = options.loadedAbove;
  hardware.readable = options.readable;
  hardware.huge = options.huge;
  hardware.multipliers = options.multipliers;
  hardware.wrap = options.wrap;
  hardware.clocksPerBit = options.clocksPerBit;
  pm.addPass(createSimToRtlPass(hardware));
  buildRtlPipeline(pm);
}

void registerAllPipelines() {
  neuro::registerNeuroPipelines();
  registerNeuroToSimPasses();
  rtl::registerRtlPasses();
  rtl::registerBuildPartPass();
  registerSimToRtlPasses();
  sim::registerSimPasses();
  sim::registerSimToLoopsPasses();
  PassPipelineRegistration<SimOptions>("to-sim", "From a prepared model to a program",
                                       buildNeuroToSimPipeline);
  PassPipelineRegistration<OptimizeOptions>("sim-optimize", "Exact optimisations of a program",
                                            buildSimOptimizePipeline);
  PassPipelineRegistration<>("freeze", "The numbers of an instance become constants",
                             buildFreezePipeline);
  PassPipelineRegistration<QuantizeOptions>(
      "quantize", "From a program with the numbers of its instance to fixed point",
      buildQuantizePipeline);
  PassPipelineRegistration<RtlOptions>(
      "to-rtl", "From a program in fixed point to registers and wires", buildToRtlPipeline);
  PassPipelineRegistration<CpuOptions>("cpu", "From a program to the LLVM dialect",
                                       buildCpuPipeline);
  PassPipelineRegistration<>(
      "rtl", "From modules as they are built to such as a text can be made of", buildRtlPipeline);
}

} // namespace synfire
