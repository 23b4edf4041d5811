//===- synfire-opt.cpp - every pass and pipeline, for tests and for study ---===//
#include "dialects/neuro/Neuro.h"
#include "passes/neuro/Pipelines.h"
#include "targets/reference/RunReference.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "mlir/Transforms/Passes.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  registry.insert<synfire::neuro::NeuroDialect, mlir::arith::ArithDialect,
                  mlir::func::FuncDialect, mlir::math::MathDialect,
                  mlir::scf::SCFDialect>();
  mlir::registerTransformsPasses();
  synfire::neuro::registerNeuroPipelines();
  synfire::reference::registerRunReferencePass();
  return mlir::asMainReturnCode(
      mlir::MlirOptMain(argc, argv, "Synfire pass driver\n", registry));
}
