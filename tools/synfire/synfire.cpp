//===- synfire.cpp - the command line ---===//
#include "runtime/engine/CommandLine.h"
#include "tools/synfire/Driver.h"
#include "tools/synfire/host/Host.h"
#include "tools/synfire/repl/Repl.h"

#include <CLI/CLI.hpp>
#include <mimalloc.h>

using namespace synfire::tool;

namespace {

/// A compiler allocates much and soon: faults of small pages would take a tenth of the time until a
/// model is compiled. Asked before libraries are initialised, as these allocate the first memory.
[[gnu::section(".preinit_array"), gnu::used]] void (*const askForHugePages)() = [] {
  mi_option_enable(mi_option_large_os_pages);
  mi_option_set(mi_option_eager_commit_delay, 0); // from the first segment of a thread on
};

const char *const whatIsRun = "What is run", *const arithmetic = "How it is compiled";

void addModelOptions(CLI::App &app, ModelOptions &model) {
  app.add_option("model", model.path, "the model file (.syn); - is standard input")
      ->type_name("FILE")
      ->required();
  app.add_option("--set", model.set,
                 "give a parameter of a circuit or a type another value, as often as needed: "
                 "--set Circuit.parameter=\"5 mV\"")
      ->type_name("NAME=VALUE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->check([](const std::string &text) {
        return text.find('=') == std::string::npos ? "`" + text + "` lacks a `=` and a value" : "";
      })
      ->group(whatIsRun);
  app.add_option("--precision", model.precision,
                 "of states: f64, f32, or fixed: what hardware would compute")
      ->type_name("TYPE")
      ->check(CLI::IsMember({"f64", "f32", "fixed"}))
      ->capture_default_str()
      ->group(arithmetic);
  app.add_option("--tolerance", model.tolerance,
                 "how far fixed-point potentials may be from exact ones: --tolerance \"0.1 mV\"")
      ->type_name("VOLTAGE")
      ->transform(CLI::AsNumberWithUnit(
          std::map<std::string, double>{{"uV", 1e-3}, {"mV", 1.0}, {"V", 1e3}},
          CLI::AsNumberWithUnit::UNIT_REQUIRED))
      ->check(CLI::PositiveNumber)
      ->group(arithmetic);
  app.add_option("--cpu", model.cpu,
                 "the processor to make code for: native, or a name that LLVM knows")
      ->type_name("NAME")
      ->capture_default_str()
      ->group(arithmetic);
  app.add_option("--lanes", model.lanes,
                 "elements per vector: 1, 2, 4, 8, 16; 0: what suits the processor and each kernel")
      ->type_name("N")
      ->check(CLI::IsMember({0, 1, 2, 4, 8, 16}))
      ->capture_default_str()
      ->group(arithmetic);
  app.add_option_function<int>(
         "-O", [&model](int level) { model.optimize = level != 0; },
         "0: plain code, 2: optimised (default)")
      ->type_name("LEVEL")
      ->check(CLI::IsMember({0, 2}))
      ->group(arithmetic);
}

void addReplOptions(CLI::App &app, synfire::repl::ReplOptions &session) {
  app.add_option("model", session.model, "a model file (.syn) to begin with")->type_name("FILE");
  app.add_option("-c,--command", session.commands,
                 "carry out TEXT instead of what is typed, as often as needed: -c \":run 1 s\"")
      ->type_name("TEXT")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->allow_extra_args(false)
      ->group(whatIsRun);
  app.add_flag("--quiet", session.quiet, "print only what is asked for, and errors")
      ->group(whatIsRun);
  app.add_option("--threads", session.threads, "threads; 0: one for small circuits, else all cores")
      ->type_name("N")
      ->capture_default_str()
      ->group(arithmetic);
  app.add_option("--precision", session.precision, "of states: f64 or f32")
      ->type_name("TYPE")
      ->check(CLI::IsMember({"f64", "f32"}))
      ->capture_default_str()
      ->group(arithmetic);
  app.add_option("--cpu", session.cpu,
                 "the processor to make code for: native, or a name that LLVM knows")
      ->type_name("NAME")
      ->capture_default_str()
      ->group(arithmetic);
  app.footer("Example: synfire repl model.syn, then `:run 1 s`, `:raster`, `:help`.\n"
             "Without a terminal it reads a script: synfire repl < script; exit code 1 says that "
             "something in it was wrong.");
}

void addFreeze(CLI::App &app, ModelOptions &model) {
  app.add_flag(
         "--freeze", model.freeze,
         "make parameters, and what follows from them, constants of the code; no answer changes")
      ->group(arithmetic);
}

void addHostOptions(CLI::App &app, HostCommand &host) {
  app.add_option("folder", host.folder, "the folder that `build --emit verilog` wrote")
      ->type_name("FOLDER")
      ->required();
  app.add_option("--port", host.port, "the serial port of the board: /dev/ttyUSB1")
      ->type_name("DEVICE");
  app.add_flag("--simulate", host.simulate, "simulate the hardware instead, by Verilator");
  app.add_option("--spikes", host.spikes,
                 "give the spikes of a table (.csv) of a run to the inputs; the default are those "
                 "that the model gives")
      ->type_name("FILE")
      ->group(whatIsRun);
  app.add_option("--steps", host.steps, "steps to take (default: those of the model's run)")
      ->type_name("N")
      ->group(whatIsRun);
  app.add_flag("!--no-load", host.loads, "the weights are there already: do not send them")
      ->group(whatIsRun);
  app.add_option("--check", host.check,
                 "compare with the spikes of a run with --precision fixed, a table (.csv), or with "
                 "such a run of the model (.syn)")
      ->type_name("FILE");
  app.add_option("-o,--output", host.output, "write all spikes to a file (.csv or .h5)")
      ->type_name("FILE");
  app.add_option("--read-weights", host.weights,
                 "read the weights that have learned, and write them to a table (.csv) that "
                 "`connect from` reads")
      ->type_name("FILE");
  app.add_flag("--json", host.json, "print a JSON object instead of the table");
  app.add_flag("--quiet", host.quiet, "print nothing");
  app.footer("Example: synfire host out/ --port /dev/ttyUSB1 --check model.syn");
}

} // namespace

int main(int argc, char **argv) {
  CLI::App app("Synfire: a compiler for neural circuits", "synfire");
  app.require_subcommand(1);
  app.footer("Example: synfire run examples/brunel.syn --plot brunel.png\n"
             "`synfire COMMAND --help` lists the options of a command.");
  app.set_version_flag("--version", "synfire 0.1.0");

  RunCommand run;
  auto *runApp = app.add_subcommand("run", "compile a model in memory and simulate it");
  addModelOptions(*runApp, run.model);
  addFreeze(*runApp, run.model);
  synfire::runtime::addOutputOptions(*runApp, run.options);
  runApp->add_option("--seed", run.model.seed, "seed of all random numbers (default: the model's)")
      ->type_name("N")
      ->group(whatIsRun);
  runApp
      ->add_option("--duration", run.model.duration,
                   "let the (last) run take this long (default: the model's)")
      ->type_name("\"2 s\"")
      ->group(whatIsRun);
  runApp
      ->add_option("--target", run.target,
                   "cpu, or reference: the plain interpreter that defines the language")
      ->type_name("NAME")
      ->check(CLI::IsMember({"cpu", "reference"}))
      ->capture_default_str()
      ->group(arithmetic);
  runApp->footer("Example: synfire run model.syn --set Circuit.g=4.5 --duration \"2 s\" -o out.h5 "
                 "--plot out.png");

  BuildCommand build;
  auto *buildApp = app.add_subcommand("build", "compile a model to a file");
  addModelOptions(*buildApp, build.model);
  addFreeze(*buildApp, build.model);
  buildApp
      ->add_option("--emit", build.emit,
                   "exe, lib, obj, header, neuro, sim, rtl, llvm, asm or verilog")
      ->type_name("KIND")
      ->required();
  buildApp
      ->add_option("-o,--output", build.output,
                   "the file (default: named after the model; of neuro and sim: standard output)")
      ->type_name("FILE");
  buildApp
      ->add_option("--board", build.board,
                   "for verilog: the board that the design is for: icebreaker")
      ->type_name("NAME")
      ->check(CLI::IsMember({"icebreaker"}));
  buildApp
      ->add_option("--vectors", build.vectors,
                   "of verilog: compare the design with so many steps of the program (default: "
                   "those of its run, at most 1000)")
      ->type_name("STEPS")
      ->check(CLI::PositiveNumber);
  buildApp
      ->add_option("--wrap", build.wrap,
                   "for verilog: what is around the design: aer, axi or uart (default: uart for a "
                   "board, else aer)")
      ->type_name("KIND")
      ->check(CLI::IsMember({"aer", "axi", "uart"}));
  buildApp->add_option("--baud", build.baud, "for verilog: bits a second on the line of uart")
      ->type_name("N")
      ->check(CLI::Range(300u, 6000000u))
      ->capture_default_str();
  buildApp
      ->add_option("--load-above", build.loadAbove,
                   "for verilog: dense weights of more bits come from the host; 0: none do "
                   "(default: 65536 for a board, else 0)")
      ->type_name("BITS");
  buildApp
      ->add_option("--multipliers", build.multipliers,
                   "for verilog: multipliers of 16 bits that products with constants may use "
                   "instead of sums (default: those of the board or of the family of --synth, "
                   "else 0)")
      ->type_name("N");
  buildApp
      ->add_option("--synth", build.synth,
                   "for verilog: synthesise it and report what it takes: ice40, ecp5 or xilinx")
      ->type_name("FAMILY")
      ->check(CLI::IsMember({"ice40", "ecp5", "xilinx"}));
  buildApp->add_flag("--bitstream", build.bitstream, "for a board: also make the bitstream")
      ->needs("--board");
  buildApp->footer("Example: synfire build model.syn --emit exe -o model && ./model --threads 2");

  std::vector<std::string> paths;
  bool verify = false, each = false, inPlace = false, onlyCheck = false;
  auto *checkApp = app.add_subcommand("check", "report everything that is wrong with models");
  checkApp->add_option("models", paths, "model files (.syn)")->type_name("FILE")->required();
  checkApp->footer("Example: synfire check *.syn");
  checkApp->add_flag("--verify", verify, "compare with the `expected-error` comments of the files");
  checkApp->add_flag("--each", each, "print of each file whether it is good or wrong");
  auto *fmtApp = app.add_subcommand("fmt", "print models in the canonical layout");
  fmtApp->add_option("models", paths, "model files (.syn)")->type_name("FILE")->required();
  fmtApp->footer("Example: synfire fmt -i *.syn");
  fmtApp->add_flag("-i,--in-place", inPlace, "rewrite the files");
  fmtApp->add_flag("--check", onlyCheck, "only tell which files are not formatted");
  ModelOptions explained;
  auto *explainApp = app.add_subcommand("explain", "tell what the compiler decided, and why");
  addModelOptions(*explainApp, explained);
  explainApp->footer("Example: synfire explain model.syn --precision f32");
  auto *docApp = app.add_subcommand("doc", "print the documentation of models as Markdown");
  docApp->add_option("models", paths, "model files (.syn)")->type_name("FILE")->required();
  docApp->footer("Example: synfire doc model.syn > model.md");

  HostCommand host;
  auto *hostApp = app.add_subcommand("host", "run a model on hardware, or on simulated hardware");
  addHostOptions(*hostApp, host);

  synfire::repl::ReplOptions session;
  auto *replApp = app.add_subcommand("repl", "make a circuit while it runs");
  addReplOptions(*replApp, session);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError &error) {
    return synfire::runtime::explainParseError(app, error);
  }
  if (*runApp)
    return synfire::tool::run(run);
  if (*buildApp)
    return synfire::tool::build(build);
  if (*checkApp)
    return synfire::tool::check(paths, verify, each);
  if (*fmtApp)
    return synfire::tool::format(paths, inPlace, onlyCheck);
  if (*explainApp)
    return synfire::tool::explain(explained);
  if (*hostApp)
    return synfire::tool::host(host);
  if (*replApp)
    return synfire::repl::runRepl(session);
  return synfire::tool::document(paths);
}
