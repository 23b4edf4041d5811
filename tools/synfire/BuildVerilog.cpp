//===- BuildVerilog.cpp - `build --emit verilog` ---===//
#include "targets/verilog/Emit.h"
#include "tools/synfire/Commands.h"
#include "tools/synfire/hardware/DesignFiles.h"

#include "llvm/Support/Path.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::tool;

int synfire::tool::buildVerilog(ModuleOp design, const verilog::Golden &golden,
                                const BuildCommand &command) {
  auto files = verilog::emitVerilog(design);
  if (failed(files))
    return 1;
  for (verilog::File &file : designFiles(design, command))
    files->push_back(std::move(file));
  std::string folder = command.output.empty()
                           ? llvm::sys::path::stem(command.model.path).str() + "_verilog"
                           : command.output;
  if (failed(verilog::writeFiles(*files, folder, design.getLoc())))
    return 2;
  std::vector<verilog::File> tests = verilog::testbench(golden);
  llvm::append_range(tests, verilog::lockstep(golden));
  SmallString<128> place(folder);
  llvm::sys::path::append(place, "test");
  return succeeded(verilog::writeFiles(tests, place, design.getLoc())) ? 0 : 2;
}
