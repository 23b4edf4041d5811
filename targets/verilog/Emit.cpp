//===- Emit.cpp - Verilog of modules of registers and wires ---===//
#include "targets/verilog/Emit.h"

#include "targets/verilog/ModuleText.h"

#include "mlir/Pass/Pass.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <fmt/format.h>

using namespace mlir;
using namespace synfire;
using namespace synfire::verilog;

/// The modules with a clock: those with registers, memories or properties, or with instances of
/// such.
static llvm::DenseSet<Operation *> findClocked(mlir::ModuleOp design,
                                               SymbolTableCollection &symbols) {
  llvm::DenseSet<Operation *> clocked;
  bool changed = true;
  auto needsClock = [&](Operation &op) {
    if (auto instance = dyn_cast<rtl::InstanceOp>(op))
      return clocked.contains(
          symbols.lookupNearestSymbolFrom(instance, instance.getModuleNameAttr()));
    return rtl::isSequential(&op) || isa<rtl::AssertOp, rtl::AssumeOp>(op);
  };
  while (changed) {
    changed = false;
    for (auto module : design.getOps<rtl::ModuleOp>())
      if (!clocked.contains(module) && llvm::any_of(module.getBody().front(), needsClock))
        changed = clocked.insert(module).second;
  }
  return clocked;
}

FailureOr<std::vector<File>> verilog::emitVerilog(mlir::ModuleOp design) {
  SymbolTableCollection symbols;
  llvm::DenseSet<Operation *> clocked = findClocked(design, symbols);
  std::vector<File> files;
  for (auto module : design.getOps<rtl::ModuleOp>())
    if (failed(ModuleText(module, clocked, symbols).write(files)))
      return failure();
  return files;
}

LogicalResult verilog::writeFiles(ArrayRef<File> files, StringRef folder, Location loc) {
  if (std::error_code error = llvm::sys::fs::create_directories(folder))
    return emitError(loc) << "cannot make the folder `" << folder << "`: " << error.message();
  for (const File &file : files) {
    SmallString<128> path(folder);
    llvm::sys::path::append(path, file.name);
    std::error_code error;
    llvm::raw_fd_ostream stream(path, error);
    if (!error) {
      stream << file.text;
      stream.close();
      error = stream.error();
      stream.clear_error();
    }
    if (error)
      return emitError(loc) << "cannot write `" << path << "`: " << error.message();
  }
  return success();
}

namespace {

struct EmitVerilogPass : PassWrapper<EmitVerilogPass, OperationPass<mlir::ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(EmitVerilogPass)

  EmitVerilogPass() = default;
  EmitVerilogPass(const EmitVerilogPass &other) : PassWrapper(other) {}

  StringRef getArgument() const override { return "emit-verilog"; }
  StringRef getDescription() const override {
    return "prints modules of registers and wires as Verilog";
  }

  Option<std::string> folder{*this, "folder",
                             llvm::cl::desc("where to write files, instead of printing them")};

  void runOnOperation() override {
    FailureOr<std::vector<File>> files = emitVerilog(getOperation());
    if (failed(files))
      return signalPassFailure();
    if (!folder.empty()) {
      if (failed(writeFiles(*files, folder, getOperation().getLoc())))
        signalPassFailure();
      return;
    }
    for (const File &file : *files)
      llvm::outs() << "//===- " << file.name << "\n" << file.text;
  }
};

} // namespace

void verilog::registerEmitVerilogPass() { PassRegistration<EmitVerilogPass>(); }
