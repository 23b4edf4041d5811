//===- BuildBinary.cpp - `build --emit llvm|asm|obj|header|lib|exe` ---===//
#include "targets/cpu/Emit.h"
#include "tools/synfire/Commands.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::tool;

int synfire::tool::buildBinary(ModuleOp module, const BuildCommand &command,
                               const cpu::CodegenOptions &options) {
  // What comes through a pipe has no name of its own.
  bool isFile = llvm::sys::fs::is_regular_file(command.model.path);
  std::string stem = isFile ? llvm::sys::path::stem(command.model.path).str() : "model";
  static const llvm::StringMap<std::pair<cpu::OutputKind, const char *>> kinds = {
      {"llvm", {cpu::OutputKind::LlvmIR, ".ll"}}, {"asm", {cpu::OutputKind::Assembly, ".s"}},
      {"obj", {cpu::OutputKind::Object, ".o"}},   {"header", {cpu::OutputKind::Header, ".h"}},
      {"lib", {cpu::OutputKind::Library, ".so"}}, {"exe", {cpu::OutputKind::Executable, ""}}};
  auto kind = kinds.find(command.emit);
  if (kind == kinds.end()) {
    llvm::errs() << "synfire: error: cannot emit `" << command.emit
                 << "` yet; expected neuro, sim, llvm, asm, obj, header, lib or exe\n";
    return 1;
  }
  std::string path = command.output.empty() ? stem + kind->second.second : command.output;
  return cpu::emit(module, options, kind->second.first, path);
}
