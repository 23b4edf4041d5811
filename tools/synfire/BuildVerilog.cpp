//===- BuildVerilog.cpp - `build --emit verilog` ---===//
#include "targets/verilog/Emit.h"
#include "tools/synfire/Commands.h"

#include "llvm/Support/Path.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::tool;

int synfire::tool::buildVerilog(ModuleOp design, const BuildCommand &command) {
  auto files = verilog::emitVerilog(design);
  if (failed(files))
    return 1;
  std::string folder = command.output.empty()
                           ? llvm::sys::path::stem(command.model.path).str() + "_verilog"
                           : command.output;
  return succeeded(verilog::writeFiles(*files, folder, design.getLoc())) ? 0 : 2;
}
