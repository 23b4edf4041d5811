//===- Code.cpp - What became of the definitions --------------------------===//
#include "dialects/neuro/Neuro.h"
#include "dialects/sim/Sim.h"
#include "targets/cpu/Codegen.h"
#include "tools/synfire/Commands.h"
#include "tools/synfire/repl/Show.h"

#include "llvm/IR/LegacyPassManager.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::repl;

bool repl::explain(Session &session) {
  auto prepared = session.compile(session.getDefinitions(), /*toSim=*/false);
  auto program = prepared ? session.compile(session.getDefinitions()) : nullptr;
  if (!program)
    return false;
  if (!program->module)
    return session.fail("there is no population yet, and so nothing that was decided");
  tool::explainNeuro(*prepared->module, llvm::outs());
  tool::explainSim(*program->module, llvm::outs());
  SimOptions sim;
  sim.precision = session.getOptions().precision;
  tool::explainArithmetic(sim, /*quantized=*/false, llvm::outs());
  return true;
}

namespace {

/// Whether an op is, or names, what is asked for.
bool concerns(Operation &op, StringRef name) {
  auto matches = [&](StringRef symbol) {
    return symbol == name || symbol.starts_with((name + ".").str()) ||
           symbol.starts_with((name + "<-").str()) || symbol.ends_with(("_" + name).str());
  };
  if (auto symbol = op.getAttrOfType<StringAttr>("sym_name"); symbol && matches(symbol.getValue()))
    return true;
  bool found = false;
  op.getAttrDictionary().walk(
      [&](SymbolRefAttr reference) { found |= reference.getRootReference().getValue() == name; });
  return found;
}

bool printOps(ModuleOp module, StringRef name) {
  if (name.empty()) {
    module.print(llvm::outs());
    return true;
  }
  bool any = false;
  module.walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (op == module.getOperation() || !concerns(*op, name))
      return WalkResult::advance();
    op->print(llvm::outs(), OpPrintingFlags().useLocalScope());
    llvm::outs() << '\n';
    any = true;
    return WalkResult::skip();
  });
  return any;
}

/// Only the functions whose names tell that they are about `name`; whether there are any.
bool keepFunctions(llvm::Module &module, StringRef name) {
  bool any = false;
  for (llvm::Function &function : llvm::make_early_inc_range(module)) {
    bool isWanted = !function.isDeclaration() && function.getName().contains(name);
    any |= isWanted;
    if (!isWanted && !function.isDeclaration())
      function.deleteBody();
    if (!isWanted && function.use_empty())
      function.eraseFromParent();
  }
  return any;
}

bool printMachineCode(llvm::Module &module, llvm::TargetMachine &machine) {
  SmallVector<char, 0> buffer;
  llvm::raw_svector_ostream os(buffer);
  llvm::legacy::PassManager passes;
  if (machine.addPassesToEmitFile(passes, os, nullptr, llvm::CodeGenFileType::AssemblyFile))
    return false;
  passes.run(module);
  llvm::outs() << os.str();
  return true;
}

} // namespace

bool repl::showCode(Session &session, StringRef level, StringRef name) {
  bool isNeuro = level == "neuro", isSim = level == "sim", isLLVM = level == "llvm";
  if (!isNeuro && !isSim && !isLLVM && level != "asm")
    return session.fail("expected `:ir neuro`, `:ir sim`, `:ir llvm` or `:ir asm`, and a name if "
                        "only some of it is wanted");
  auto code = session.compile(session.getDefinitions(), /*toSim=*/!isNeuro);
  if (!code)
    return false;
  if (!code->module)
    return session.fail("there is no population yet, and so no program");
  if (isNeuro || isSim)
    return printOps(*code->module, name) ||
           session.fail("nothing of this level is called `" + name + "`");
  cpu::CodegenOptions options;
  options.cpu = session.getOptions().cpu;
  std::string error;
  auto machine = cpu::makeTargetMachine(options, error);
  if (!machine)
    return session.fail(error);
  llvm::LLVMContext context;
  auto module = cpu::generateFunctions(*code->module, context, *machine, options);
  if (!module)
    return false;
  cpu::optimizeLightly(*module, *machine); // as what runs is
  if (!name.empty() && !keepFunctions(*module, name))
    return session.fail("no function is about `" + name +
                        "`; kernels are called after neurons and "
                        "synapses");
  if (isLLVM)
    module->print(llvm::outs(), nullptr);
  else
    return printMachineCode(*module, *machine);
  return true;
}
