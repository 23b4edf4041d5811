//===- Jit.cpp - a program in memory, ready to run ---===//
#include "targets/cpu/Jit.h"
#include "targets/cpu/Tables.h"

#include "mlir/IR/Diagnostics.h"
#include "llvm/ExecutionEngine/Orc/CompileUtils.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::cpu;

struct Jit::Implementation {
  std::unique_ptr<llvm::orc::LLJIT> jit;
  std::vector<uint64_t> tables; ///< in the memory that they are used in
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
  auto [code, made] = generateCode(module, *context, *machine, options);
  if (!code)
    return nullptr;
  std::string any;
  for (const llvm::Function &function : *code)
    if (!function.isDeclaration() && !function.hasLocalLinkage())
      any = function.getName().str();
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
  // Whoever asks for one function gets machine code of all; the tables are made meanwhile.
  if (!any.empty())
    if (auto symbol = (*jit)->lookup(any); !symbol)
      return fail(llvm::toString(symbol.takeError()));
  FailureOr<Tables> filled = made.get();
  if (failed(filled))
    return nullptr;
  std::string missing;
  std::vector<uint64_t> &tables = result->implementation->tables;
  tables.resize((filled->block.size() + sizeof(uint64_t) - 1) / sizeof(uint64_t));
  char *memory = reinterpret_cast<char *>(tables.data());
  filled->block.write(memory, [&](StringRef name) -> void * {
    auto symbol = (*jit)->lookup(name);
    if (symbol)
      return symbol->toPtr<void *>();
    missing = llvm::toString(symbol.takeError());
    return nullptr;
  });
  if (!missing.empty())
    return fail(missing);
  result->table = reinterpret_cast<const syn_model *>(memory + filled->model);
  result->implementation->jit = std::move(*jit);
  return result;
}
