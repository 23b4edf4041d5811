//===- synfire-opt.cpp - every pass and pipeline, for tests and for study ---===//
#include "dialects/neuro/Neuro.h"
#include "dialects/rtl/Rtl.h"
#include "dialects/sim/Sim.h"
#include "passes/Pipelines.h"
#include "targets/count/Count.h"
#include "targets/verilog/Emit.h"
#include "tools/synfire-opt/RunReference.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "mlir/Transforms/Passes.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  registry.insert<synfire::neuro::NeuroDialect, synfire::rtl::RtlDialect, synfire::sim::SimDialect,
                  mlir::arith::ArithDialect, mlir::func::FuncDialect, mlir::LLVM::LLVMDialect,
                  mlir::math::MathDialect, mlir::scf::SCFDialect, mlir::vector::VectorDialect>();
  mlir::registerTransformsPasses();
  synfire::registerAllPipelines();
  synfire::tool::registerRunReferencePass();
  synfire::count::registerCountPass();
  synfire::verilog::registerEmitVerilogPass();
  return mlir::asMainReturnCode(mlir::MlirOptMain(argc, argv, "Synfire pass driver\n", registry));
}
