//===- Codegen.cpp - from a program to machine code ---===//
#include "targets/cpu/Codegen.h"

#include "passes/Pipelines.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::cpu;

namespace {

std::string hostFeatures() {
  std::string list;
  for (auto &feature : llvm::sys::getHostCPUFeatures())
    list +=
        (list.empty() ? "" : ",") + std::string(feature.second ? "+" : "-") + feature.first().str();
  return list;
}

/// Runs the passes that \p choose makes.
void runPasses(llvm::Module &module, llvm::TargetMachine &machine,
               llvm::function_ref<llvm::ModulePassManager(llvm::PassBuilder &)> choose) {
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager components;
  llvm::ModuleAnalysisManager modules;
  llvm::PipelineTuningOptions tuning;
  // The code is vector code already; the loop vectoriser would only add scalar remainders.
  tuning.LoopVectorization = false;
  tuning.SLPVectorization = false;
  llvm::PassBuilder builder(&machine, tuning);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  choose(builder).run(module, modules);
}

void optimizeModule(llvm::Module &module, llvm::TargetMachine &machine) {
  runPasses(module, machine, [](llvm::PassBuilder &builder) {
    return builder.buildPerModuleDefaultPipeline(llvm::OptimizationLevel::O2);
  });
}

} // namespace

/// Every function names the machine: LLVM's defaults would be those of the oldest one.
void synfire::cpu::setFunctionAttributes(llvm::Module &module, llvm::TargetMachine &machine) {
  for (llvm::Function &function : module) {
    if (function.isDeclaration())
      continue;
    function.addFnAttr("target-cpu", machine.getTargetCPU());
    function.addFnAttr("target-features", machine.getTargetFeatureString());
    function.addFnAttr("prefer-vector-width", "512");
    function.addFnAttr(llvm::Attribute::NoUnwind);
  }
}

std::unique_ptr<llvm::TargetMachine> synfire::cpu::makeTargetMachine(const CodegenOptions &options,
                                                                     std::string &error) {
  static bool initialized = [] {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
    llvm::InitializeNativeTargetAsmParser();
    return true;
  }();
  (void)initialized;
  llvm::Triple triple(llvm::sys::getProcessTriple());
  const llvm::Target *target = llvm::TargetRegistry::lookupTarget(triple, error);
  if (!target)
    return nullptr;
  bool native = options.cpu == "native";
  std::string cpu = native ? llvm::sys::getHostCPUName().str() : options.cpu;
  std::unique_ptr<llvm::TargetMachine> probe(target->createTargetMachine(triple, "", "", {}, {}));
  if (!native && !probe->getMCSubtargetInfo()->isCPUStringValid(cpu)) {
    error = "`" + cpu + "` is not a processor that LLVM knows";
    return nullptr;
  }
  llvm::TargetOptions targetOptions;
  // Rounding is decided by the program; nothing may be fused behind its back.
  targetOptions.AllowFPOpFusion = llvm::FPOpFusion::Strict;
  std::unique_ptr<llvm::TargetMachine> machine(target->createTargetMachine(
      triple, cpu, native ? hostFeatures() : "", targetOptions, llvm::Reloc::PIC_, std::nullopt,
      options.optimize ? llvm::CodeGenOptLevel::Default : llvm::CodeGenOptLevel::None,
      /*JIT=*/!options.position));
  if (!machine->getMCSubtargetInfo()->checkFeatures("+avx2,+fma,+bmi2")) {
    error = "`" + cpu + "` lacks AVX2 or FMA; the least that generated code runs on is x86-64-v3";
    return nullptr;
  }
  return machine;
}

void synfire::cpu::optimizeLightly(llvm::Module &module, llvm::TargetMachine &machine) {
  runPasses(module, machine, [](llvm::PassBuilder &builder) {
    llvm::ModulePassManager passes;
    llvm::cantFail(builder.parsePassPipeline(
        passes, "function(sroa,early-cse<memssa>,instcombine<no-verify-fixpoint>,simplifycfg,"
                "loop-mssa(licm))"));
    return passes;
  });
}

std::unique_ptr<llvm::Module> synfire::cpu::generateFunctions(ModuleOp module,
                                                              llvm::LLVMContext &context,
                                                              llvm::TargetMachine &machine,
                                                              const CodegenOptions &options) {
  CpuOptions pipeline;
  pipeline.lanes = options.lanes;
  pipeline.compresses = machine.getMCSubtargetInfo()->checkFeatures("+avx512f");
  pipeline.vectorBits = pipeline.compresses ? 512 : 256;
  pipeline.convertsWide = machine.getMCSubtargetInfo()->checkFeatures("+avx512dq");
  auto run = [&](llvm::function_ref<void(PassManager &)> build) {
    PassManager pm(module->getName());
    // Each pipeline ends in a pass that verifies what it promises; synfire-opt verifies after each
    // pass.
    pm.enableVerifier(false);
    build(pm);
    return pm.run(module);
  };
  if (failed(run([&](PassManager &pm) { buildLoopsPipeline(pm, pipeline); })))
    return nullptr;
  registerBuiltinDialectTranslation(*module.getContext());
  registerLLVMDialectTranslation(*module.getContext());
  SmallVector<sim::ProgramOp> programs(module.getOps<sim::ProgramOp>());
  if (programs.empty()) {
    emitError(module.getLoc(), "there is no program to generate code for");
    return nullptr;
  }
  // The data ops are read once more after the functions are translated; until then nothing need
  // look at them, of which a circuit of many populations has thousands.
  sim::ProgramOp program = programs.front();
  program->remove();
  std::unique_ptr<llvm::Module> llvmModule;
  if (succeeded(run([&](PassManager &pm) { buildLLVMPipeline(pm); })))
    llvmModule = translateModuleToLLVMIR(module, context, "synfire");
  module.getBody()->push_back(program);
  if (!llvmModule)
    return nullptr;
  llvmModule->setTargetTriple(machine.getTargetTriple());
  llvmModule->setDataLayout(machine.createDataLayout());
  setFunctionAttributes(*llvmModule, machine);
  return llvmModule;
}

Code synfire::cpu::generateCode(ModuleOp module, llvm::LLVMContext &context,
                                llvm::TargetMachine &machine, const CodegenOptions &options) {
  Code code;
  code.functions = generateFunctions(module, context, machine, options);
  if (!code.functions)
    return code;
  sim::ProgramOp program = *module.getOps<sim::ProgramOp>().begin();
  llvm::StringSet<> names;
  for (const llvm::Function &function : *code.functions)
    if (!function.isDeclaration())
      names.insert(function.getName());
  code.tables = std::async(std::launch::async, [program, names = std::move(names)] {
    return makeTables(program, names);
  });
  if (options.optimize)
    optimizeModule(*code.functions, machine);
  return code;
}
