//===- Pipelines.h - every pipeline, from the model to loops ---===//
#ifndef SYNFIRE_PASSES_PIPELINES_H
#define SYNFIRE_PASSES_PIPELINES_H

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"

namespace synfire {

/// Options of `neuro-to-sim`.
struct SimOptions : mlir::PassPipelineOptions<SimOptions> {
  Option<std::string> precision{
      *this, "precision", llvm::cl::desc("f64, f32, or fixed: with exponentials for sim-quantize"),
      llvm::cl::init("f64")};
};

/// Options of `sim-optimize`.
struct OptimizeOptions : mlir::PassPipelineOptions<OptimizeOptions> {
  Option<bool> removeDeadState{*this, "remove-dead-state",
                               llvm::cl::desc("drop states that nothing shown depends on"),
                               llvm::cl::init(false)};
  Option<bool> layouts{*this, "layouts", llvm::cl::desc("choose how connections are stored"),
                       llvm::cl::init(true)};
};

/// Options of `quantize`.
struct QuantizeOptions : mlir::PassPipelineOptions<QuantizeOptions> {
  Option<double> tolerance{
      *this, "tolerance",
      llvm::cl::desc("how far a potential may be from the unquantised program, in mV"),
      llvm::cl::init(0.1)};
};

/// Options of `to-rtl`.
struct RtlOptions : mlir::PassPipelineOptions<RtlOptions> {
  Option<double> period{*this, "period", llvm::cl::desc("ns of logic between two registers"),
                        llvm::cl::init(27)};
  Option<bool> readable{*this, "readable", llvm::cl::desc("the host can read weights that learn"),
                        llvm::cl::init(false)};
  Option<uint64_t> loadedAbove{
      *this, "loaded-above",
      llvm::cl::desc("weights of more bits are loaded by the host; 0: none are"),
      llvm::cl::init(0)};
  Option<bool> huge{*this, "huge",
                    llvm::cl::desc("they go to memories without start values (SPRAM)"),
                    llvm::cl::init(true)};
  Option<unsigned> multipliers{
      *this, "multipliers",
      llvm::cl::desc("multipliers of the target that products with constants may use"),
      llvm::cl::init(0)};
  Option<std::string> wrap{*this, "wrap",
                           llvm::cl::desc("what is around the design: aer (nothing), axi or uart"),
                           llvm::cl::init("aer")};
  Option<unsigned> clocksPerBit{*this, "clocks-per-bit",
                                llvm::cl::desc("clocks of a bit on the line of uart"),
                                llvm::cl::init(24)};
};

/// Options of `cpu`.
struct CpuOptions : mlir::PassPipelineOptions<CpuOptions> {
  Option<int64_t> lanes{*this, "lanes",
                        llvm::cl::desc("elements per vector; 0: what suits each kernel"),
                        llvm::cl::init(16)};
  Option<int64_t> vectorBits{*this, "vector-bits", llvm::cl::desc("width of the machine's vectors"),
                             llvm::cl::init(256)};
  Option<bool> convertsWide{*this, "converts-wide",
                            llvm::cl::desc("the machine converts vectors of i64 to f64"),
                            llvm::cl::init(false)};
  Option<bool> compresses{*this, "compresses",
                          llvm::cl::desc("the machine moves chosen lanes of a vector together"),
                          llvm::cl::init(false)};
};

/// From a prepared model to a program whose every rounding is defined.
void buildNeuroToSimPipeline(mlir::OpPassManager &pm, const SimOptions &options);
/// The exponentials that a program for fixed point still has become arithmetic, so that it runs.
void buildExpandPipeline(mlir::OpPassManager &pm);
/// Exact passes: they change cost, never a result.
void buildSimOptimizePipeline(mlir::OpPassManager &pm, const OptimizeOptions &options);
/// Puts the numbers of an instance into the code; see `sim-freeze`.
void buildFreezePipeline(mlir::OpPassManager &pm);
/// From a program with an instance to one in fixed point; see `sim-freeze` and `sim-quantize`.
void buildQuantizePipeline(mlir::OpPassManager &pm, const QuantizeOptions &options);
/// From a program in fixed point, its connections written down, to modules of registers and wires.
void buildToRtlPipeline(mlir::OpPassManager &pm, const RtlOptions &options);
/// From a program to functions of loops beside it; the data ops of the program stay.
void buildLoopsPipeline(mlir::OpPassManager &pm, const CpuOptions &options);
/// From functions of loops to the LLVM dialect.
void buildLLVMPipeline(mlir::OpPassManager &pm);
/// Both, one after the other.
void buildCpuPipeline(mlir::OpPassManager &pm, const CpuOptions &options);

/// From modules of registers and wires as they are built to such as a text can be made of.
void buildRtlPipeline(mlir::OpPassManager &pm);

/// Makes all passes and pipelines known to synfire-opt.
void registerAllPipelines();

} // namespace synfire

#endif // SYNFIRE_PASSES_PIPELINES_H
