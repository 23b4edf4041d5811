//===- Session.cpp - Checking and compiling -------------------------------===//
#include "tools/synfire/repl/Session.h"

#include "dialects/neuro/Neuro.h"
#include "dialects/sim/Sim.h"
#include "frontend/parse/Parser.h"
#include "passes/Pipelines.h"
#include "passes/neuro/Pipelines.h"
#include "tools/synfire/Driver.h"
#include "tools/synfire/repl/Clock.h"

#include "mlir/IR/Verifier.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::repl;

static cpu::CodegenOptions codegenOptions(const SessionOptions &options) {
  cpu::CodegenOptions result;
  result.cpu = options.cpu;
  return result;
}

Session::Session(const SessionOptions &options)
    : options(options), messages(sources, llvm::errs()), frontend(sources, tool::libraryFolder()),
      cache(codegenOptions(options)) {}
Session::~Session() = default;

bool Session::fail(const llvm::Twine &message) {
  messages.error(message);
  return false;
}

void Session::say(const llvm::Twine &text) {
  if (!options.quiet)
    llvm::outs() << text << '\n';
}

double Session::nowMs() const {
  return live ? double(live->instance->step) * live->instance->dt : 0;
}

bool Session::isIncomplete(StringRef text) {
  SourceManager sources;
  DiagnosticEngine ignored;
  FileId file = sources.addBuffer("input", text.str());
  return parseFragment(sources, file, ignored).status == FragmentStatus::Incomplete;
}

bool Session::enter(StringRef text, unsigned number) {
  line = number;
  StringRef trimmed = text.trim();
  if (trimmed.empty())
    return true;
  if (trimmed.starts_with(":"))
    return runCommand(*this, trimmed.drop_front());
  FileId file = sources.addBuffer("input", text.str(), number);
  DiagnosticEngine diags = messages.makeEngine();
  Fragment fragment = parseFragment(sources, file, diags);
  if (fragment.status == FragmentStatus::Incomplete) {
    // Nothing more comes: say what is open.
    parseFile(sources, file, diags);
    return diags.hasErrors() ? false : fail("the input is not complete");
  }
  if (fragment.status == FragmentStatus::Wrong)
    return false;
  if (fragment.expression)
    return enterExpression(std::move(fragment.expression));
  return enterStatements(std::move(fragment.stmts), trimmed);
}

//===----------------------------------------------------------------------===//
// Compiling
//===----------------------------------------------------------------------===//

namespace {

bool runPasses(ModuleOp module, llvm::function_ref<void(OpPassManager &)> pipeline) {
  PassManager pm(module->getName());
  pm.enableVerifier(false); // once, at the end
  pipeline(pm);
  return succeeded(pm.run(module)) && succeeded(verify(module));
}

} // namespace

bool Session::checkOnly(const Definitions &next, DiagnosticEngine &diags) {
  InteractiveModel model;
  model.file = next.assemble(sources);
  bool isGood = frontend.check(model, diags);
  next.giveBack(*model.file);
  return isGood;
}

std::unique_ptr<Code> Session::compile(const Definitions &next, bool toSim, ChangeTimes *spent) {
  Clock clock;
  auto result = std::make_unique<Code>();
  result->context = std::make_unique<MLIRContext>(MLIRContext::Threading::DISABLED);
  result->context->loadDialect<neuro::NeuroDialect, sim::SimDialect>();
  result->context->printOpOnDiagnostic(false);
  ScopedDiagnosticHandler handler(
      result->context.get(), [&](mlir::Diagnostic &diagnostic) { messages.print(diagnostic); });
  InteractiveModel model;
  model.file = next.assemble(sources);
  DiagnosticEngine diags = messages.makeEngine();
  bool isGood = frontend.check(model, diags, result->context.get(), &result->module);
  next.giveBack(*model.file);
  if (spent)
    spent->check = clock.restart();
  if (!isGood)
    return nullptr;
  if (!result->module)
    return result;
  isGood = runPasses(*result->module, [](OpPassManager &pm) {
    neuro::PrepareOptions prepared;
    prepared.proveLimits = true;
    neuro::buildPreparePipeline(pm, prepared);
  });
  if (isGood && toSim)
    isGood = runPasses(*result->module, [&](OpPassManager &pm) {
      SimOptions sim;
      sim.precision = options.precision;
      buildNeuroToSimPipeline(pm, sim);
      buildSimOptimizePipeline(pm, OptimizeOptions()); // all states can be looked at
    });
  if (spent)
    spent->passes = clock.restart();
  return isGood ? std::move(result) : nullptr;
}

bool Session::change(Definitions next, const std::string &what) {
  ChangeTimes spent;
  auto compiled = compile(next, /*toSim=*/true, &spent);
  if (!compiled)
    return false;
  std::unique_ptr<Live> built;
  if (live && compiled->module) {
    built = build(*compiled, std::nullopt, spent);
    if (!built)
      return false;
    compiled.reset();
  }
  times = spent;
  remember(what);
  if (built) {
    std::swap(definitions, next);
    if (!goOn(std::move(built))) {
      definitions = std::move(next);
      moments.pop_back();
      return false;
    }
    return true;
  }
  definitions = std::move(next);
  code = std::move(compiled);
  if (live) { // nothing is left that could run
    live.reset();
    recording.reset();
  }
  return true;
}
