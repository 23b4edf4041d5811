//===- Main.cpp - The main function of an executable made of a model ------===//

#include "runtime/engine/RunModel.h"

#include <CLI/CLI.hpp>

#include <cstdio>

using namespace synfire::runtime;

namespace {

/// Takes `200 ms` or `2 s`, as `synfire run` does; a number alone is in milliseconds.
CLI::AsNumberWithUnit milliseconds() {
  return CLI::AsNumberWithUnit(
      std::map<std::string, double>{
          {"us", 1e-3}, {"ms", 1}, {"s", 1e3}, {"min", 6e4}, {"h", 3.6e6}},
      CLI::AsNumberWithUnit::CASE_SENSITIVE, "TIME");
}

} // namespace

int main(int argc, char **argv) {
  RunOptions options;
  uint64_t seed = 0;
  double duration = 0;
  CLI::App app("Runs the model that was compiled into this program.");
  app.add_option("-o,--output", options.output,
                 "write spikes and traces to this file (.h5: SONATA, or .csv); of several runs "
                 "the last one, the others to FILE.RUN.h5 beside it");
  app.add_option("--plot", options.picture, "draw a picture (.png or .svg)");
  app.add_option("--threads", options.threads, "threads (default: all cores)")
      ->check(CLI::Range(1, 4096));
  auto *seedOption = app.add_option("--seed", seed, "seed of all random numbers");
  auto *durationOption =
      app.add_option("--duration", duration, "simulate this long: \"2 s\", \"200 ms\"")
          ->transform(milliseconds())
          ->check(CLI::NonNegativeNumber);
  app.add_option("--checkpoint", options.checkpoint,
                 "keep the state at the end in this file (.h5)");
  app.add_option("--resume", options.resume, "go on from the state in this file");
  app.add_flag("--json", options.json, "print one JSON object instead of the table");
  app.add_flag("--profile", options.profile, "tell where the time went");
  app.add_flag("--quiet", options.quiet, "print nothing");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError &error) {
    return app.exit(error) == 0 ? 0 : 1;
  }
  if (*seedOption)
    options.seed = seed;
  if (*durationOption)
    options.durationMs = duration;
  Status status = runModel(*synfire_model(), options, stopOnInterrupt());
  if (!status.ok())
    std::fprintf(stderr, "%s: error: %s\n", argv[0], status.message().c_str());
  return status.exitCode();
}
