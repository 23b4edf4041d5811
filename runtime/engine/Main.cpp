//===- Main.cpp - The main function of an executable made of a model ------===//

#include "runtime/engine/CommandLine.h"
#include "runtime/engine/RunModel.h"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <cstring>

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
  const char *slash = std::strrchr(argv[0], '/');
  CLI::App app("Runs the model that was compiled into this program.", slash ? slash + 1 : argv[0]);
  addOutputOptions(app, options);
  auto *seedOption =
      app.add_option("--seed", seed, "seed of all random numbers (default: the model's)")
          ->type_name("N")
          ->group("What is run");
  auto *durationOption = app.add_option("--duration", duration,
                                        "let the (last) run take this long (default: the model's)")
                             ->transform(milliseconds())
                             ->check(CLI::NonNegativeNumber)
                             ->type_name("\"2 s\"")
                             ->group("What is run");
  app.footer(std::string("Example: ") + argv[0] + " --duration \"2 s\" --seed 7 --plot out.png");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError &error) {
    return explainParseError(app, error);
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
