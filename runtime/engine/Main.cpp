//===- Main.cpp - The main function of an executable made of a model ------===//

#include "runtime/engine/RunModel.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

using namespace synfire::runtime;

namespace {

void printUsage(const char *program) {
  std::printf("usage: %s [options]\n"
              "  -o FILE            write spikes and traces to FILE (.h5 or .csv)\n"
              "  --plot FILE        draw a picture (.png or .svg)\n"
              "  --threads N        threads (default: all cores)\n"
              "  --seed N           seed of all random numbers\n"
              "  --duration MS      milliseconds to simulate\n"
              "  --checkpoint FILE  keep the state at the end in FILE (.h5)\n"
              "  --resume FILE      go on from the state in FILE\n"
              "  --json             print one JSON object\n"
              "  --quiet            print nothing\n"
              "  --help             this text\n",
              program);
}

/// A whole number or none.
bool parseNumber(const char *text, double &value) {
  char *end;
  value = std::strtod(text, &end);
  return *text && !*end;
}

} // namespace

int main(int argc, char **argv) {
  RunOptions options;
  for (int i = 1; i < argc; ++i) {
    std::string name = argv[i];
    auto wrong = [&](const char *what) {
      std::fprintf(stderr, "%s: error: %s `%s`; --help lists the options\n", argv[0], what,
                   name.c_str());
      return 1;
    };
    if (name == "--help" || name == "-h") {
      printUsage(argv[0]);
      return 0;
    }
    if (name == "--json") {
      options.json = true;
      continue;
    }
    if (name == "--quiet") {
      options.quiet = true;
      continue;
    }
    bool text = name == "-o" || name == "--plot" || name == "--checkpoint" || name == "--resume";
    bool number = name == "--threads" || name == "--seed" || name == "--duration";
    if (!text && !number)
      return wrong("unknown option");
    if (++i == argc)
      return wrong("a value is missing after");
    double value = 0;
    if (number && (!parseNumber(argv[i], value) || value < 0))
      return wrong("a number must follow");
    if (name == "-o")
      options.output = argv[i];
    else if (name == "--plot")
      options.picture = argv[i];
    else if (name == "--checkpoint")
      options.checkpoint = argv[i];
    else if (name == "--resume")
      options.resume = argv[i];
    else if (name == "--threads")
      options.threads = unsigned(value);
    else if (name == "--seed")
      options.seed = std::strtoull(argv[i], nullptr, 10);
    else
      options.durationMs = value;
  }
  Status status = runModel(*synfire_model(), options, stopOnInterrupt());
  if (!status.ok())
    std::fprintf(stderr, "%s: error: %s\n", argv[0], status.message().c_str());
  return status.exitCode();
}
