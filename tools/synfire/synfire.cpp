//===- synfire.cpp - the command line ---===//
#include "tools/synfire/Driver.h"

#include <CLI/CLI.hpp>

using namespace synfire::tool;

namespace {

void addModelOptions(CLI::App &app, ModelOptions &model) {
  app.add_option("model", model.path, "the model file (.syn)")->required();
  app.add_option("--set", model.set,
                 "give a circuit's parameter another value: Circuit.parameter=\"5 mV\"")
      ->type_name("NAME=VALUE");
  app.add_option("--precision", model.precision, "of states: f64 or f32")
      ->check(CLI::IsMember({"f64", "f32"}))
      ->capture_default_str();
  app.add_option("--cpu", model.cpu,
                 "the processor to make code for: native, or a name that LLVM knows")
      ->capture_default_str();
  app.add_option("--lanes", model.lanes,
                 "elements per vector; 0: what suits the processor and each kernel")
      ->check(CLI::IsMember({0, 1, 2, 4, 8, 16}))
      ->capture_default_str();
  app.add_option_function<int>(
         "-O", [&model](int level) { model.optimize = level != 0; },
         "0: plain code, 2: optimised (default)")
      ->check(CLI::IsMember({0, 2}));
}

} // namespace

int main(int argc, char **argv) {
  CLI::App app("Synfire: a compiler for neural circuits", "synfire");
  app.require_subcommand(1);
  app.set_version_flag("--version", "synfire 0.1.0");

  RunCommand run;
  auto *runApp = app.add_subcommand("run", "compile a model in memory and simulate it");
  addModelOptions(*runApp, run.model);
  runApp->add_option("-o,--output", run.output,
                     "write spikes and traces to this file (.h5: SONATA, or .csv); of several runs "
                     "the last one, the others to FILE.RUN.h5 beside it");
  runApp->add_option("--plot", run.picture, "draw spikes, rates and traces (.png or .svg)");
  runApp
      ->add_option("--target", run.target,
                   "cpu, or the plain interpreter that defines the language")
      ->check(CLI::IsMember({"cpu", "reference"}))
      ->capture_default_str();
  runApp->add_option("--threads", run.threads, "threads (default: all cores)");
  runApp->add_option("--seed", run.model.seed, "seed of all random numbers");
  runApp->add_option("--duration", run.model.duration, "simulate this long: \"2 s\"");
  runApp->add_option("--checkpoint", run.checkpoint,
                     "keep the state at the end in this file (.h5)");
  runApp->add_option("--resume", run.resume, "go on from the state in this file");
  runApp->add_flag("--json", run.json, "print one JSON object on stdout");
  runApp->add_flag("--quiet", run.quiet, "print nothing");
  runApp->add_flag("--profile", run.profile,
                   "tell where the time went: on stderr, or in `phases_s` of the JSON object");

  BuildCommand build;
  auto *buildApp = app.add_subcommand("build", "compile a model to a file");
  addModelOptions(*buildApp, build.model);
  buildApp->add_option("--emit", build.emit, "exe, lib, obj, header, neuro, sim, llvm or asm")
      ->required();
  buildApp->add_option("-o,--output", build.output, "the file (default: named after the model)");

  std::vector<std::string> paths;
  bool verify = false, each = false, inPlace = false, onlyCheck = false;
  auto *checkApp = app.add_subcommand("check", "report everything that is wrong with models");
  checkApp->add_option("models", paths, "model files")->required();
  checkApp->add_flag("--verify", verify, "compare with the `expected-error` comments of the files");
  checkApp->add_flag("--each", each, "print of each file whether it is good or wrong");
  auto *fmtApp = app.add_subcommand("fmt", "print models in the canonical layout");
  fmtApp->add_option("models", paths, "model files")->required();
  fmtApp->add_flag("-i,--in-place", inPlace, "rewrite the files");
  fmtApp->add_flag("--check", onlyCheck, "only tell which files are not formatted");
  ModelOptions explained;
  auto *explainApp = app.add_subcommand("explain", "tell what the compiler decided, and why");
  addModelOptions(*explainApp, explained);
  auto *docApp = app.add_subcommand("doc", "print the documentation of models as Markdown");
  docApp->add_option("models", paths, "model files")->required();

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError &error) {
    int code = app.exit(error);
    return code ? 1 : 0;
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
  return synfire::tool::document(paths);
}
