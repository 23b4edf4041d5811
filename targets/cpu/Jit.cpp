//===- Jit.cpp - a program in memory, ready to run ---===//
#include "targets/cpu/Jit.h"

#include "mlir/IR/Diagnostics.h"
#include "llvm/ExecutionEngine/Orc/CompileUtils.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"

using namespace mlir;
using namespace synfire::cpu;

struct Jit::Implementation {
  std::unique_ptr<llvm::orc::LLJIT> jit;
};

Jit::Jit() : implementation(std::make_unique<Implementation>()) {}
Jit::~Jit() = default;

std::unique_ptr<Jit> Jit::compile(ModuleOp module, const CodegenOptions &options) {
  auto fail = [&](const llvm::Twine &message) {
    emitError(module.getLoc(), message);
    return nullptr;
  };
  std::string error;
  auto machine = makeTargetMachine(options, error);
  if (!machine)
    return fail(error);
  auto context = std::make_unique<llvm::LLVMContext>();
  auto code = generateCode(module, *context, *machine, options);
  if (!code)
    return nullptr;
  std::unique_ptr<Jit> result(new Jit());
  llvm::orc::LLJITBuilder builder;
  builder.setCompileFunctionCreator(
      [&](llvm::orc::JITTargetMachineBuilder)
          -> llvm::Expected<std::unique_ptr<llvm::orc::IRCompileLayer::IRCompiler>> {
        return std::make_unique<llvm::orc::TMOwningSimpleCompiler>(std::move(machine));
      });
  auto jit = builder.create();
  if (!jit)
    return fail(llvm::toString(jit.takeError()));
  llvm::orc::ThreadSafeModule owned(std::move(code), std::move(context));
  if (auto failure = (*jit)->addIRModule(std::move(owned)))
    return fail(llvm::toString(std::move(failure)));
  auto symbol = (*jit)->lookup("synfire_model");
  if (!symbol)
    return fail(llvm::toString(symbol.takeError()));
  result->table = symbol->toPtr<const syn_model *()>()();
  result->implementation->jit = std::move(*jit);
  return result;
}
