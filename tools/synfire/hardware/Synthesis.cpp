//===- Synthesis.cpp - what tools make of a design ---===//
#include "tools/synfire/hardware/Synthesis.h"

#include "targets/verilog/Boards.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"

#include <chrono>

using namespace synfire;
using namespace synfire::tool;
using runtime::Status;

Status tool::runTool(const std::string &folder, const std::vector<std::string> &command,
                     const std::string &log) {
  auto program = llvm::sys::findProgramByName(command.front());
  if (!program)
    return Status::machineError("there is no `" + command.front() + "` here");
  // `env --chdir` so that names of files, also those in the text, are names in the folder.
  auto env = llvm::sys::findProgramByName("env");
  std::vector<llvm::StringRef> words = {"env", "--chdir", folder, *program};
  words.insert(words.end(), command.begin() + 1, command.end());
  std::string path = folder + "/" + log, message;
  std::optional<llvm::StringRef> redirects[] = {llvm::StringRef(""), llvm::StringRef(path),
                                                llvm::StringRef(path)};
  int code =
      env ? llvm::sys::ExecuteAndWait(*env, words, std::nullopt, redirects, 0, 0, &message) : -1;
  return code == 0
             ? Status::success()
             : Status::machineError("`" + command.front() + "` failed; `" + path + "` says why");
}

static std::optional<llvm::json::Value> readJson(const std::string &path) {
  auto text = llvm::MemoryBuffer::getFile(path);
  if (!text)
    return std::nullopt;
  // Behind what else a program says.
  llvm::StringRef body = (*text)->getBuffer();
  body = body.substr(body.find('{'));
  auto value = llvm::json::parse(body);
  if (value)
    return std::move(*value);
  llvm::consumeError(value.takeError());
  return std::nullopt;
}

/// What a cell of a netlist counts as; empty: nothing that runs out.
static llvm::StringRef kindOf(llvm::StringRef cell) {
  if (cell.starts_with("SB_DFF") || cell.starts_with("FD") || cell == "TRELLIS_FF")
    return "FF";
  if (cell == "SB_LUT4" || cell == "LUT4" || (cell.starts_with("LUT") && cell.size() == 4))
    return "LUT";
  return llvm::StringSwitch<llvm::StringRef>(cell)
      .Cases({"SB_CARRY", "CCU2C", "CARRY4"}, "carry")
      .Cases({"SB_RAM40_4K", "DP16KD", "RAMB36E1"}, "block RAM")
      .Case("RAMB18E1", "half block RAM")
      .Case("SB_SPRAM256KA", "SPRAM")
      .Cases({"SB_MAC16", "MULT18X18D", "DSP48E1"}, "DSP")
      .Cases({"TRELLIS_DPR16X4", "RAM32M", "RAM64M", "RAM32X1D", "RAM64X1D", "RAM128X1D"},
             "LUT RAM")
      .Default("");
}

static Status count(const std::string &folder, Measured &measured) {
  auto stat = readJson(folder + "/synth_stat.json");
  const llvm::json::Object *root = stat ? stat->getAsObject() : nullptr;
  const llvm::json::Object *design = root ? root->getObject("design") : nullptr;
  const llvm::json::Object *cells = design ? design->getObject("num_cells_by_type") : nullptr;
  if (!cells)
    return Status::machineError("yosys does not tell what it made");
  measured.counts = {{"LUT", 0}, {"FF", 0}, {"carry", 0}, {"block RAM", 0}, {"DSP", 0}};
  for (const auto &entry : *cells) {
    llvm::StringRef kind = kindOf(entry.first);
    if (kind.empty())
      continue;
    auto place = llvm::find_if(measured.counts, [&](auto &one) { return one.first == kind; });
    if (place == measured.counts.end())
      place = measured.counts.insert(place, {kind.str(), 0});
    place->second += uint64_t(entry.second.getAsInteger().value_or(0));
  }
  return Status::success();
}

static Status route(const std::string &folder, Measured &measured) {
  std::vector<std::string> command = {"nextpnr-ice40",
                                      "--quiet",
                                      "--up5k",
                                      "--package",
                                      "sg48",
                                      "--freq",
                                      "24",
                                      "--pcf-allow-unconstrained",
                                      "--json",
                                      "synth_netlist.json",
                                      "--report",
                                      "synth_routed.json"};
  if (llvm::StringRef(measured.top).ends_with("_icebreaker"))
    command.insert(command.end(), {"--pcf", "icebreaker.pcf"});
  if (Status status = runTool(folder, command, "synth_route.log"); !status.ok())
    return status;
  auto report = readJson(folder + "/synth_routed.json");
  const llvm::json::Object *root = report ? report->getAsObject() : nullptr;
  const llvm::json::Object *use = root ? root->getObject("utilization") : nullptr;
  const llvm::json::Object *logic = use ? use->getObject("ICESTORM_LC") : nullptr;
  if (const llvm::json::Object *clocks = root ? root->getObject("fmax") : nullptr)
    for (const auto &clock : *clocks)
      if (const llvm::json::Object *one = clock.second.getAsObject())
        measured.megahertz = one->getNumber("achieved").value_or(0);
  if (!logic)
    return Status::machineError("nextpnr does not tell what it made");
  measured.logicCells = uint64_t(logic->getInteger("used").value_or(0));
  measured.available = uint64_t(logic->getInteger("available").value_or(0));
  return Status::success();
}

runtime::Result<Measured> tool::synthesise(const std::string &folder,
                                           const std::vector<std::string> &files,
                                           const std::string &family, const std::string &top,
                                           bool routes) {
  Measured measured;
  measured.family = family;
  measured.top = top;
  std::string synthesis = family == "ice40"  ? verilog::icebreakerSynthesis(top)
                          : family == "ecp5" ? "synth_ecp5 -top " + top
                                             : "synth_xilinx -family xc7 -flatten -top " + top;
  std::string script = "read_verilog " + llvm::join(files, " ") + "; " + synthesis +
                       "; write_json synth_netlist.json; tee -q -o synth_stat.json stat -json";
  auto begin = std::chrono::steady_clock::now();
  if (Status status = runTool(folder, {"yosys", "-q", "-p", script}, "synth.log"); !status.ok())
    return status;
  measured.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  if (Status status = count(folder, measured); !status.ok())
    return status;
  if (routes)
    if (Status status = route(folder, measured); !status.ok())
      measured.note = "Not placed and routed: " + status.message() + ".";
  return measured;
}
