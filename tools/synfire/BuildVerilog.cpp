//===- BuildVerilog.cpp - `build --emit verilog` ---===//
#include "passes/sim-to-rtl/Description.h"
#include "targets/verilog/Emit.h"
#include "targets/verilog/Names.h"
#include "tools/synfire/Commands.h"
#include "tools/synfire/hardware/Clocks.h"
#include "tools/synfire/hardware/DesignFiles.h"
#include "tools/synfire/hardware/Report.h"

#include "llvm/Support/Path.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::tool;

/// The outermost module of what was built.
static std::string topOf(ModuleOp design, const BuildCommand &command) {
  std::string name = describedModule(design).getSymName().str();
  if (!command.board.empty())
    return name + "_" + command.board;
  return command.wrapper() == "aer" ? verilog::mangle(name) : name + "_" + command.wrapper();
}

int synfire::tool::buildVerilog(ModuleOp design, verilog::Golden golden,
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
  StepClocks clocks(describedDesign(design, command));
  golden.updateClocks = clocks.cells;
  if (!clocks.followsSpikes)
    golden.quietClocks = clocks.all();
  rtl::ModuleOp core = describedModule(design);
  for (unsigned i = 0; i != core.getNumInputs(); ++i)
    if (StringRef name = core.inputName(i); name == "fetch" || name.starts_with("load"))
      golden.hostInputs.push_back(
          {name.str(), core.getBody().getArgument(i).getType().getIntOrFloatBitWidth()});
  if (auto load = core.getLoad())
    golden.loaded = load->getNumElements();
  std::vector<verilog::File> tests = verilog::testbench(golden);
  llvm::append_range(tests, verilog::lockstep(golden));
  SmallString<128> place(folder);
  llvm::sys::path::append(place, "test");
  if (failed(verilog::writeFiles(tests, place, design.getLoc())))
    return 2;
  std::optional<Measured> measured;
  auto fails = [](const runtime::Status &status) {
    llvm::errs() << "synfire: error: " << status.message() << '\n';
    return status.exitCode();
  };
  if (!command.synth.empty()) {
    std::vector<std::string> sources;
    for (const verilog::File &file : *files)
      if (llvm::StringRef(file.name).ends_with(".v") &&
          (command.synth == "ice40" ||
           file.name != describedModule(design).getSymName().str() + "_" + command.board + ".v"))
        sources.push_back(file.name);
    BuildCommand of = command;
    if (command.synth != "ice40")
      of.board.clear(), of.wrap = command.wrapper();
    bool routes = command.synth == "ice40" && command.wrapper() == "uart";
    auto result = synthesise(folder, sources, command.synth, topOf(design, of), routes);
    if (!result)
      return fails(result.status());
    measured = std::move(*result);
  }
  std::string report = reportOf(design, command, measured ? &*measured : nullptr);
  if (failed(verilog::writeFiles({{"report.md", report}}, folder, design.getLoc())))
    return 2;
  if (command.bitstream)
    if (auto made = runTool(folder, {"make"}, "make.log"); !made.ok())
      return fails(made);
  return 0;
}
