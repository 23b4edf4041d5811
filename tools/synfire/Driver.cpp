//===- Driver.cpp - the commands of `synfire` ---===//
#include "tools/synfire/Driver.h"
#include "tools/synfire/Networks.h"

#include "dialects/neuro/Neuro.h"
#include "dialects/rtl/Rtl.h"
#include "dialects/sim/Sim.h"
#include "frontend/Frontend.h"
#include "frontend/diagnostics/DiagnosticEngine.h"
#include "frontend/diagnostics/DiagnosticPrinter.h"
#include "frontend/diagnostics/DiagnosticVerifier.h"
#include "frontend/format/Format.h"
#include "frontend/source/SourceManager.h"
#include "passes/Pipelines.h"
#include "passes/neuro/Pipelines.h"
#include "runtime/engine/RunModel.h"
#include "targets/cpu/Jit.h"
#include "targets/cpu/OutputFile.h"
#include "tools/synfire/Commands.h"
#include "tools/synfire/MlirDiagnostics.h"

#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/Verifier.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <chrono>

using namespace mlir;
using namespace synfire;
using namespace synfire::tool;

std::string synfire::tool::libraryFolder() {
  std::string program = llvm::sys::fs::getMainExecutable(nullptr, nullptr);
  StringRef folder = llvm::sys::path::parent_path(program);
  for (const char *relative : {"../../library", "../share/synfire/library"}) {
    llvm::SmallString<256> path(folder);
    llvm::sys::path::append(path, relative);
    llvm::sys::path::remove_dots(path, true);
    if (llvm::sys::fs::is_directory(path))
      return path.str().str();
  }
  return "library";
}

namespace {

FrontendOptions frontendOptions(const ModelOptions &options) {
  FrontendOptions result;
  for (StringRef entry : options.set) {
    auto [name, value] = entry.split('=');
    result.set.push_back({name.trim().str(), value.trim().str()});
  }
  result.duration = options.duration;
  result.seed = options.seed;
  result.libraryDir = libraryFolder();
  return result;
}

/// One model on its way through the levels; messages go to stderr.
class Compilation {
public:
  explicit Compilation(const ModelOptions &options)
      : options(options), printer(sources, llvm::errs()),
        diags([this](const synfire::Diagnostic &d) {
          if (!this->options.verify)
            printer.print(d);
        }),
        handler(context, sources) {
    context.loadDialect<neuro::NeuroDialect, rtl::RtlDialect, sim::SimDialect>();
    context.disableMultithreading();
    context.printOpOnDiagnostic(false);
  }

  /// Text to neuro.
  bool parse() {
    module = compileToNeuro(context, sources, diags, options.path, frontendOptions(options));
    return bool(module);
  }
  /// Runs a pipeline, which ends in a pass that verifies what it promises.
  bool lower(llvm::function_ref<void(OpPassManager &)> pipeline) {
    PassManager pm(module.get()->getName());
    pm.enableVerifier(false);
    pipeline(pm);
    return succeeded(pm.run(*module));
  }
  /// The same, and verifies each op: what comes next trusts them. synfire-opt does after each pass.
  bool lowerAndVerify(llvm::function_ref<void(OpPassManager &)> pipeline) {
    return lower(pipeline) && succeeded(verify(*module));
  }
  /// `prove`: what rules cannot break need not be watched.
  bool prepare(bool prove = true) {
    return lower([&](OpPassManager &pm) {
      neuro::PrepareOptions prepared;
      prepared.proveLimits = prove && options.optimize;
      neuro::buildPreparePipeline(pm, prepared);
    });
  }
  /// `allStates`: also those that nothing else depends on, because somebody may look at them.
  bool toSim(bool allStates) {
    return lowerAndVerify([&](OpPassManager &pm) {
      SimOptions sim;
      sim.precision = options.precision;
      buildNeuroToSimPipeline(pm, sim);
      OptimizeOptions optimize;
      optimize.removeDeadState = !allStates;
      optimize.layouts = !isFixed(); // every connection is looked at
      // What fixed point rounds depends on the form of a kernel, which so is the same without -O.
      if (options.optimize || isFixed())
        buildSimOptimizePipeline(pm, optimize);
    });
  }
  bool isFixed() const { return options.precision == "fixed"; }
  /// The option that puts the numbers of the network into the code, or null.
  const char *frozenBy() const {
    return isFixed() ? "--precision fixed" : options.freeze ? "--freeze" : nullptr;
  }
  /// Puts the numbers of the network into the code, if that is asked for. Returns the exit code.
  int freeze() {
    if (!frozenBy())
      return 0;
    if (int code = attachInstance(*module, codegen(), isFixed()))
      return code;
    bool good = lowerAndVerify([&](OpPassManager &pm) {
      if (!isFixed())
        return buildFreezePipeline(pm);
      QuantizeOptions quantize;
      quantize.tolerance = options.tolerance;
      buildQuantizePipeline(pm, quantize);
    });
    return good ? 0 : 1;
  }
  cpu::CodegenOptions codegen() const {
    cpu::CodegenOptions result;
    result.cpu = options.cpu;
    result.lanes = options.lanes;
    result.optimize = options.optimize;
    return result;
  }

  const ModelOptions &options;
  SourceManager sources;
  DiagnosticPrinter printer;
  synfire::DiagnosticEngine diags;
  MLIRContext context;
  MlirDiagnostics handler;
  OwningOpRef<ModuleOp> module;
};

int report(const runtime::Status &status, StringRef path) {
  if (status.ok())
    return 0;
  llvm::errs() << path << ": error: " << status.message() << '\n';
  return status.exitCode();
}

double seconds() {
  using Clock = std::chrono::steady_clock;
  return std::chrono::duration<double>(Clock::now().time_since_epoch()).count();
}

/// Writes to a file that appears complete or not at all; `-` or nothing is stdout.
int writeOutput(StringRef path, llvm::function_ref<void(llvm::raw_ostream &)> write) {
  return cpu::writeOutputFile(path.empty() ? "-" : path, [&](llvm::raw_ostream &os) {
    write(os);
    return true;
  });
}

} // namespace

int synfire::tool::run(const RunCommand &command) {
  double begin = seconds();
  Compilation c(command.model);
  if (!c.parse())
    return 1;
  bool onReference = command.target == "reference";
  if (onReference && !(command.options.checkpoint + command.options.resume).empty()) {
    llvm::errs() << "synfire: error: the reference interpreter keeps no checkpoints\n";
    return 1;
  }
  if (onReference && c.isFixed()) {
    llvm::errs() << "synfire: error: the reference interpreter computes in f64\n";
    return 1;
  }
  if (const char *option = c.frozenBy();
      option && !(command.options.checkpoint + command.options.resume).empty()) {
    llvm::errs() << "synfire: error: a program with " << option
                 << " keeps no checkpoints: they hold parameters, and those are in its code\n";
    return 1;
  }
  auto networks = splitNetworks(std::move(c.module));
  for (auto &network : networks) {
    c.module = std::move(network);
    bool isLast = &network == &networks.back();
    // Only the last run is shown there, and a checkpoint is one of the last network.
    if (!isLast && (onReference || !command.options.resume.empty()))
      continue;
    if (!c.prepare(/*prove=*/!onReference))
      return 1;
    if (onReference)
      return runOnReference(*c.module, command);
    bool isKept = !(command.options.checkpoint + command.options.resume).empty();
    if (!c.toSim(/*allStates=*/isKept))
      return 1;
    if (int code = c.freeze())
      return code;
    auto jit = cpu::Jit::compile(*c.module, c.codegen());
    if (!jit)
      return 1;
    runtime::RunOptions options = command.options;
    if (command.model.seed)
      options.seed = uint64_t(*command.model.seed);
    options.compileSeconds = seconds() - begin;
    options.isLastNetwork = isLast;
    const std::atomic<bool> *stop = runtime::stopOnInterrupt();
    if (int code = report(runtime::runModel(*jit->model(), options, stop), command.model.path);
        code || *stop)
      return code;
  }
  return 0;
}

int synfire::tool::build(const BuildCommand &given) {
  BuildCommand command = given;
  bool isHardware = command.emit == "rtl" || command.emit == "verilog";
  if (isHardware)
    command.model.precision = "fixed";
  if (!command.board.empty() && command.wrapper() != "uart") {
    llvm::errs()
        << "synfire: error: a board has a serial line: `--board` goes with `--wrap uart`\n";
    return 1;
  }
  Compilation c(command.model);
  if (!c.parse())
    return 1;
  if (command.emit == "neuro")
    return writeOutput(command.output, [&](llvm::raw_ostream &os) { c.module->print(os); });
  // What runs the program may ask for a checkpoint.
  if (!c.prepare() || !c.toSim(/*allStates=*/!isHardware))
    return 1;
  if (const char *option = c.frozenBy(); option && command.emit != "sim" && !isHardware) {
    llvm::errs() << "synfire: error: " << option
                 << " goes with --emit sim: a program that is run later may be given another seed, "
                    "which its numbers are not for\n";
    return 1;
  }
  if (int code = c.freeze())
    return code;
  if (command.emit == "rtl" || command.emit == "verilog") {
    OwningOpRef<ModuleOp> software(c.module->clone());
    if (int code = attachConnections(*c.module, c.codegen()))
      return code;
    HardwareOptions hardware;
    // Block RAM of the board's chip holds no more than 15 kB, its single-port RAM 128 kB.
    hardware.loadedAbove = command.loadAbove.value_or(command.board.empty() ? 0 : 65536);
    verilog::Golden golden;
    if (command.emit == "verilog")
      if (int code =
              recordGolden(*software, *c.module, c.codegen(), hardware, command.vectors, golden))
        return code;
    RtlOptions options;
    options.period = hardware.period;
    options.loadedAbove = hardware.loadedAbove;
    options.readable = command.wrapper() == "uart";
    options.huge = !command.board.empty();
    options.multipliers = command.multipliersOfTarget();
    options.wrap = command.wrapper();
    options.clocksPerBit = command.clocksPerBit();
    if (!c.lowerAndVerify([&](OpPassManager &pm) { buildToRtlPipeline(pm, options); }))
      return 1;
    if (command.emit == "verilog")
      return buildVerilog(*c.module, std::move(golden), command);
    return writeOutput(command.output, [&](llvm::raw_ostream &os) { c.module->print(os); });
  }
  if (command.emit == "sim")
    return writeOutput(command.output, [&](llvm::raw_ostream &os) { c.module->print(os); });
  return buildBinary(*c.module, command, c.codegen());
}

int synfire::tool::check(const std::vector<std::string> &paths, bool verify, bool each) {
  int code = 0;
  for (const std::string &path : paths) {
    ModelOptions options;
    options.path = path;
    options.verify = verify;
    Compilation c(options);
    bool good = checkFile(c.sources, c.diags, path, frontendOptions(options));
    if (verify) {
      auto file = c.sources.load(path);
      good = file && verifyDiagnostics(c.sources, *file, c.diags.getDiagnostics(), llvm::errs());
    } else if (good) {
      // What the front end cannot see, later passes do.
      ModelOptions full = options;
      full.verify = true; // what the front end says was said; a file may have no experiment
      Compilation whole(full);
      whole.sources.takeStreams(c.sources);
      good = !whole.parse() || (whole.prepare() && whole.toSim(/*allStates=*/true));
    }
    if (!good)
      code = 1;
    if (each) {
      llvm::outs() << path << (good ? ": good\n" : ": wrong\n");
      llvm::outs().flush();
    }
  }
  return std::max(code, cpu::finishStandardOutput());
}

int synfire::tool::format(const std::vector<std::string> &paths, bool inPlace, bool onlyCheck) {
  int code = 0;
  for (const std::string &path : paths) {
    ModelOptions options;
    options.path = path;
    Compilation c(options);
    auto file = c.sources.load(path);
    if (!file) {
      llvm::errs() << "synfire: error: cannot read `" << path << "`: " << file.getError().message()
                   << '\n';
      code = 2;
      continue;
    }
    auto text = formatFile(c.sources, *file, c.diags);
    if (!text) {
      code = 1;
      continue;
    }
    bool same = c.sources.getText(*file) == *text;
    if (onlyCheck) {
      if (!same) {
        llvm::errs() << path << ": not formatted; run `synfire fmt -i " << path << "`\n";
        code = 1;
      }
    } else if (inPlace) {
      if (!same)
        code = std::max(code, writeOutput(path, [&](llvm::raw_ostream &os) { os << *text; }));
    } else {
      llvm::outs() << *text;
    }
  }
  return std::max(code, cpu::finishStandardOutput());
}

int synfire::tool::document(const std::vector<std::string> &paths) {
  int code = 0;
  for (const std::string &path : paths) {
    ModelOptions options;
    options.path = path;
    Compilation c(options);
    if (auto text = documentFile(c.sources, c.diags, path, frontendOptions(options)))
      llvm::outs() << *text;
    else
      code = 1;
  }
  return std::max(code, cpu::finishStandardOutput());
}

int synfire::tool::explain(const ModelOptions &options) {
  Compilation c(options);
  if (!c.parse())
    return 1;
  std::string decisions;
  llvm::raw_string_ostream os(decisions);
  auto networks = splitNetworks(std::move(c.module));
  for (auto &network : networks) {
    c.module = std::move(network);
    if (networks.size() > 1)
      for (auto circuit : c.module->getOps<neuro::CircuitOp>())
        os << (&network == &networks.front() ? "" : "\n") << "network " << circuit.getSymName()
           << '\n';
    if (!c.prepare())
      return 1;
    explainNeuro(*c.module, os);
    if (!c.toSim(/*allStates=*/false)) // as `run` does
      return 1;
    explainSim(*c.module, os);
    SimOptions sim;
    sim.precision = options.precision;
    explainArithmetic(sim, c.isFixed(), os);
    if (int code = c.freeze())
      return code;
    if (c.isFixed())
      explainFixed(*c.module, options.tolerance, os);
    auto jit = cpu::Jit::compile(*c.module, c.codegen());
    if (!jit)
      return 1;
    if (int code = explainMemory(*jit->model(), os))
      return code;
  }
  llvm::outs() << os.str();
  return cpu::finishStandardOutput();
}
