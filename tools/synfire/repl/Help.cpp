//===- Help.cpp - What `:help` says ---------------------------------------===//
#include "runtime/report/Format.h"
#include "tools/synfire/repl/Commands.h"

#include "llvm/Support/raw_ostream.h"

using namespace synfire;
using namespace synfire::repl;
using llvm::StringRef;

namespace {

struct Topic {
  const char *name, *about, *text;
};

const Topic topics[] = {
    {"start", "from nothing to a raster plot", R"(Type these lines, or paste them:

  neuron Cell {
    parameter tau = 20 ms, theta = 20 mV, R = 40 Mohm
    state v = 0 mV
    input I : pA
    v' = (-v + R * I) / tau
    spike when v >= theta { v = 0 mV; refractory 2 ms }
  }
  population E : Cell[100] { v ~ uniform(0 mV, 20 mV) }
  stimulate E : current(600 pA)
  :run 200 ms
  :raster E

A block that is open goes on in the next line. Then change something, and look again:

  :plot v of E[0..2]
  E.tau = 15 ms
  :run 200 ms
  rate(E)

To change an equation, type the neuron again; the circuit goes on with it. `:undo` takes a step
back, `:export first.syn` writes a model file. More: `:help change`, `:help look`.)"},
    {"change", "changing a circuit that runs",
     R"(Any declaration can be typed again at any time, and the circuit goes on at the same time:
states that keep name and unit keep their values, new ones begin with their start values.

  E.tau = 15 ms             a parameter of all cells
  E.v[3] = -50 mV           a state of one cell
  stimulate E : current(0 pA)
                            replaces the current that E got before
  project E -> I : Push connect probability(0.1)
                            replaces the projection between the same two
  freeze ee, thaw ee        stops the learning of a projection, and lets it go on
  :silence E, :wake E       drops the spikes of a population
  :remove I                 removes what is defined as I
  :undo                     takes the last of these back)"},
    {"look", "looking at what runs",
     R"(  E                         a population: its states, parameters, rate
  E.v[0..9]                 values of some cells
  rate(E), cv(E)            in Hz, and the irregularity of intervals; rate(E, 100 ms) of the last 100 ms
  mean(E.v), sd(E.v)
  weight of E -> I          of connections
  (E.theta[0] - E.v[0]) / 20 ms
                            any expression, with units
  :plot v of E[0..2]        the first 10 cells of each population are recorded at every step;
  record v of E[57]         others when they are asked for
  :raster E from 100 ms to 200 ms
  :hist weight of E -> I > weights.png
                            a picture in a file (.png or .svg))"},
    {"language", "the language in one page",
     R"(  neuron, synapse, plasticity, prior    what cells and connections do
  population E : Cell[100] { v ~ uniform(0 mV, 20 mV) }
  project E -> I : Push { weight = 1 mV, delay = 1.5 ms } connect probability(0.1)
  stimulate E : poisson(8 Hz) through Push { weight = 1 mV }
  parameter g = 4, let n = size(E)      names for values
  step = 0.1 ms, seed = 1               of the run
  at 100 ms { E.theta = 21 mV }         what is done during a run
  record v of E[57] every 1 ms
  use std.neurons                       the library: std.neurons, std.synapses, std.plasticity, std.priors
The language reference is docs/language.md.)"},
};

} // namespace

bool repl::printHelp(StringRef topic) {
  llvm::raw_ostream &os = llvm::outs();
  topic.consume_front(":");
  for (const Topic &each : topics)
    if (topic == each.name) {
      os << each.text << '\n';
      return true;
    }
  for (const Command &command : allCommands())
    if (topic == command.name) {
      os << ':' << command.name << ' ' << command.arguments << "\n    " << command.help << '\n';
      return true;
    }
  if (!topic.empty())
    return false;
  os << "Type declarations of the language, expressions, or commands:\n";
  for (const Command &command : allCommands()) {
    std::string usage = std::string(":") + command.name + " " + command.arguments;
    os << "  " << runtime::padRight(usage, 30);
    if (usage.size() > 30)
      os << "\n  " << std::string(30, ' ');
    os << "  " << command.help << '\n';
  }
  os << "Topics of :help\n";
  for (const Topic &each : topics)
    os << "  " << runtime::padRight(each.name, 30) << "  " << each.about << '\n';
  return true;
}

std::vector<std::string> repl::helpTopics() {
  std::vector<std::string> names;
  for (const Topic &each : topics)
    names.push_back(each.name);
  for (const Command &command : allCommands())
    names.push_back(command.name);
  return names;
}
