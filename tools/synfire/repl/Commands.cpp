//===- Commands.cpp - What begins with a colon ----------------------------===//
#include "tools/synfire/repl/Commands.h"

#include "frontend/diagnostics/Spelling.h"
#include "frontend/parse/Parser.h"
#include "runtime/report/Format.h"
#include "runtime/report/Status.h"
#include "tools/synfire/repl/Memory.h"
#include "tools/synfire/repl/Show.h"

#include "llvm/Support/Casting.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>

using namespace synfire;
using namespace synfire::repl;
using llvm::StringRef;

namespace {

/// Without an end of its own, `:until` gives up after so long.
constexpr const char *longestWait = "10 s";

std::string quoted(StringRef text) {
  text = text.trim();
  if (text.size() > 1 && text.front() == '"' && text.back() == '"')
    text = text.drop_front().drop_back();
  return text.str();
}

bool needs(Session &session, StringRef arguments, const char *what) {
  return !arguments.empty() || session.fail(llvm::Twine("expected ") + what);
}

//===----------------------------------------------------------------------===//
// Running
//===----------------------------------------------------------------------===//

bool runFor(Session &session, int64_t steps) {
  if (!session.run(steps))
    return false;
  if (!session.getOptions().quiet) {
    session.say("at " + runtime::formatMilliseconds(session.nowMs()));
    showPopulations(session);
  }
  return true;
}

bool run(Session &session, StringRef arguments) {
  const std::string &declared = session.getDefinitions().duration;
  std::string text = !arguments.empty() ? arguments.str() : declared.empty() ? "100 ms" : declared;
  auto steps = session.steps(text);
  return steps && runFor(session, *steps);
}

bool step(Session &session, StringRef arguments) {
  if (!session.start())
    return false;
  int64_t steps = 1;
  if (!arguments.empty() && (arguments.getAsInteger(10, steps) || steps < 0))
    return session.fail("expected a number of steps");
  return session.run(steps) &&
         (session.say("at " + runtime::formatMilliseconds(session.nowMs())), true);
}

bool continueRun(Session &session, StringRef) {
  const std::string &declared = session.getDefinitions().duration;
  auto end = session.steps(declared.empty() ? "100 ms" : declared);
  if (!end)
    return false;
  int64_t now = session.getInstance()->step;
  // To the end that the model gives; behind it, as long again.
  return runFor(session, now < *end ? *end - now : *end);
}

bool reset(Session &session, StringRef) {
  if (!session.reset())
    return false;
  session.say("at 0 ms");
  return true;
}

bool seed(Session &session, StringRef arguments) {
  return needs(session, arguments, "a whole number") &&
         session.enter(("seed = " + arguments).str(), session.line);
}

/// A condition of `:until`: `E fires`, `E[3] fires`, `v of E[0] > -50 mV`.
bool until(Session &session, StringRef arguments) {
  if (!needs(session, arguments, "`E fires` or `v of E[0] > -50 mV`") || !session.start())
    return false;
  StringRef condition = arguments;
  std::string most = longestWait;
  if (size_t at = arguments.rfind(" within "); at != StringRef::npos) {
    condition = arguments.take_front(at).rtrim();
    most = arguments.drop_front(at + 8).str();
  }
  auto steps = session.steps(most);
  if (!steps)
    return false;
  FileId file;
  auto parse = [&](StringRef text) {
    SourceManager &sources = session.getSources();
    file = sources.addBuffer("input", text.str(), session.line);
    DiagnosticEngine diags = session.getMessages().makeEngine();
    return parseExpression(sources, file, diags);
  };
  std::function<bool()> isMet;
  if (condition.consume_back(" fires")) {
    auto expr = parse(condition);
    auto path = expr ? ast::toPopRef(*expr) : nullptr;
    auto cells = path ? session.resolve(*path) : std::nullopt;
    if (!cells)
      return path || !expr ? false : session.fail("expected a population before `fires`");
    isMet = [&session, cells = *cells] {
      const syn_model &model = session.getInstance()->model;
      int64_t now = session.getInstance()->step;
      for (const Session::Cells &some : cells)
        if (const SpikeLog *log =
                session.getRecording()->findSpikes(model.domains[some.domain].name))
          for (auto spike = log->spikes.rbegin(); spike != log->spikes.rend() && spike->step == now;
               ++spike)
            if (some.isAll || llvm::is_contained(some.elements, spike->element))
              return true;
      return false;
    };
  } else {
    size_t at = condition.find_first_of("<>");
    if (at == StringRef::npos)
      return session.fail("expected `E fires`, or a comparison such as `v of E[0] > -50 mV`");
    bool isAbove = condition[at] == '>';
    StringRef right = condition.drop_front(at + 1);
    right.consume_front("=");
    auto left = std::shared_ptr<ast::Expr>(parse(condition.take_front(at)));
    if (!left)
      return false;
    auto values = session.read(*left);
    if (!values)
      return session.fail("`" + condition.take_front(at).trim() +
                          "` is no state of the circuit; expected `v of E[0]` or `E.v[0]`");
    auto limit = session.evaluate(right);
    if (!limit)
      return false;
    if (!limit->fitsAny && limit->dimension.str() != values->unit)
      return session.fail("`" + condition.take_front(at).trim() + "` is in " + values->unit +
                          ", and `" + right.trim() + "` in " + limit->dimension.str());
    isMet = [&session, left, isAbove, level = limit->number] {
      auto now = session.read(*left);
      return now && llvm::any_of(now->values, [&](double value) {
               return isAbove ? value > level : value < level;
             });
    };
  }
  if (!session.run(*steps, isMet))
    return false;
  session.say((isMet() ? "" : "not met; ") + std::string("at ") +
              runtime::formatMilliseconds(session.nowMs()));
  return isMet() || session.fail("`" + arguments + "` was not met");
}

//===----------------------------------------------------------------------===//
// Looking
//===----------------------------------------------------------------------===//

bool plotWith(bool (*plot)(Session &, StringRef, StringRef), Session &session,
              StringRef arguments) {
  // `> file`, but not the comparison of a selection.
  auto [what, path] = arguments.rsplit(" > ");
  if (!session.start())
    return false;
  return plot(session, what.trim(), quoted(path));
}
bool plot(Session &session, StringRef arguments) {
  return plotWith(plotTraces, session, arguments);
}
bool raster(Session &session, StringRef arguments) {
  return plotWith(plotRaster, session, arguments);
}
bool histogram(Session &session, StringRef arguments) {
  return plotWith(plotHistogram, session, arguments);
}

bool list(Session &session, StringRef) { return session.exportModel(""); }
bool explainAll(Session &session, StringRef) { return explain(session); }

bool ir(Session &session, StringRef arguments) {
  auto [level, name] = arguments.split(' ');
  return showCode(session, level.trim(), name.trim());
}

//===----------------------------------------------------------------------===//
// Changing
//===----------------------------------------------------------------------===//

bool load(Session &session, StringRef arguments) {
  return needs(session, arguments, "the name of a file") && session.load(quoted(arguments));
}

bool takeCircuit(Session &session, StringRef arguments) {
  return needs(session, arguments, "the name of a circuit") && session.adopt(arguments);
}

bool remove(Session &session, StringRef arguments) {
  if (!needs(session, arguments, "a name"))
    return false;
  Definitions next = session.getDefinitions();
  if (!next.remove(arguments))
    return session.fail("nothing is defined as `" + arguments + "`; `:list` shows what is");
  return session.change(std::move(next), ("remove " + arguments).str());
}

bool silence(Session &session, StringRef arguments) {
  return needs(session, arguments, "a population") && session.silence(arguments, true);
}
bool wake(Session &session, StringRef arguments) {
  return needs(session, arguments, "a population") && session.silence(arguments, false);
}
bool undo(Session &session, StringRef) { return session.undo(); }
bool save(Session &session, StringRef arguments) {
  return needs(session, arguments, "the name of a file") && session.save(quoted(arguments));
}
bool open(Session &session, StringRef arguments) {
  return needs(session, arguments, "the name of a file") && session.open(quoted(arguments));
}
bool exportTo(Session &session, StringRef arguments) {
  return needs(session, arguments, "the name of a file") && session.exportModel(quoted(arguments));
}

//===----------------------------------------------------------------------===//
// The session itself
//===----------------------------------------------------------------------===//

bool help(Session &session, StringRef arguments) {
  return printHelp(arguments) ||
         session.fail("there is no help about `" + arguments + "`; `:help` lists what there is");
}

bool showTimes(Session &session, StringRef) {
  const ChangeTimes &t = session.getTimes();
  auto ms = [](double seconds) { return runtime::formatted("%.1f ms", seconds * 1e3); };
  llvm::outs() << "the last change took " << ms(t.total()) << ": check " << ms(t.check)
               << ", passes " << ms(t.passes) << ", code " << ms(t.code) << ", build "
               << ms(t.build) << ", state " << ms(t.state) << "; " << session.getCounts().compiled
               << " of " << session.getCounts().functions << " functions were compiled\n";
  return true;
}

bool memory(Session &, StringRef) {
  llvm::outs() << "memory: " << residentBytes() / 1024 << " KiB\n";
  return true;
}

bool quit(Session &session, StringRef) {
  session.quit();
  return true;
}

const Command commands[] = {
    {"run", "[200 ms]", "run on for a time (default: the model's, or 100 ms)", run},
    {"step", "[N]", "run one step, or N", step},
    {"continue", "", "run to the end that the model gives", continueRun},
    {"until", "E fires | v of E[0] > 5 mV [within 1 s]", "run until something happens", until},
    {"reset", "", "back to time 0 with what is defined now", reset},
    {"seed", "N", "other random numbers; the circuit starts again", seed},
    {"show", "[NAME]", "the circuit, a population, a definition or a value", show},
    {"plot", "v of E[0..2] [from 0 ms to 50 ms] [> file.png]", "draw recorded states", plot},
    {"raster", "[E, I] [from 0 ms to 50 ms] [> file.png]", "draw spikes", raster},
    {"hist", "v of E | weight of E -> I [> file.png]", "draw how values are spread", histogram},
    {"list", "", "what is defined, as a model file", list},
    {"explain", "", "what the compiler decided, and why", explainAll},
    {"ir", "neuro|sim|llvm|asm [NAME]", "what became of the definitions", ir},
    {"load", "FILE", "add what stands in a model file", load},
    {"circuit", "NAME", "take a circuit that was declared for the session's", takeCircuit},
    {"remove", "NAME", "remove a definition", remove},
    {"silence", "E", "drop the spikes of a population", silence},
    {"wake", "E", "let it spike again", wake},
    {"undo", "", "back to before the last change or run", undo},
    {"save", "FILE.h5", "keep the state and the model", save},
    {"open", "FILE.h5", "go on from what was saved", open},
    {"export", "FILE.syn", "write what is defined as a model file", exportTo},
    {"times", "", "how long the last change took, and where", showTimes},
    {"memory", "", "memory of this program", memory},
    {"help", "[TOPIC]", "this, or more about a topic", help},
    {"quit", "", "leave (also Ctrl-D)", quit},
};

} // namespace

llvm::ArrayRef<Command> repl::allCommands() { return commands; }

bool repl::runCommand(Session &session, StringRef text) {
  auto [name, arguments] = text.split(' ');
  const Command *found = nullptr;
  size_t matches = 0;
  for (const Command &command : commands) {
    if (name == command.name)
      return command.run(session, arguments.trim());
    if (!name.empty() && StringRef(command.name).starts_with(name)) {
      found = &command;
      ++matches;
    }
  }
  if (matches == 1)
    return found->run(session, arguments.trim());
  std::vector<StringRef> names;
  for (const Command &command : commands)
    if (!matches || StringRef(command.name).starts_with(name))
      names.push_back(command.name);
  if (matches) {
    std::string all;
    for (StringRef each : names)
      all += (all.empty() ? "`:" : "`, `:") + each.str();
    return session.fail("`:" + name + "` may be " + all + "`");
  }
  auto close = suggestSpelling(name, names);
  return session.fail("there is no command `:" + name + "`" +
                      (close ? "; did you mean `:" + *close + "`?" : "; `:help` lists them"));
}
