//===- synfire-mutant.cpp - a compiler with one fault, to test the tests ---===//
//
//   synfire-mutant MODEL [--mutate NAME [--site N]] [-o OUTPUT]
//
// Without --mutate it runs no model but prints the kinds of faults and how many places the model
// has for each. With it, the model runs on the CPU, plainly, with the fault at place N (modulo
// their number); exit code 3 says that the faulty program was refused.
//
//===----------------------------------------------------------------------===//
#include "dialects/neuro/Neuro.h"
#include "frontend/Frontend.h"
#include "frontend/diagnostics/DiagnosticEngine.h"
#include "frontend/diagnostics/DiagnosticPrinter.h"
#include "frontend/source/SourceManager.h"
#include "passes/Pipelines.h"
#include "passes/neuro/Pipelines.h"
#include "runtime/engine/RunModel.h"
#include "targets/cpu/Jit.h"
#include "test/mutations/Mutations.h"

#include "mlir/IR/MLIRContext.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace synfire;
namespace cl = llvm::cl;

namespace {

/// Puts faults in, or counts their places, after the passes that they spoil.
class Spoiler {
public:
  Spoiler(MLIRContext &context, StringRef wanted, unsigned site) : wanted(wanted), site(site) {
    context.registerActionHandler([this](auto run, const tracing::Action &action) {
      run();
      if (auto *execution = dyn_cast<PassExecutionAction>(&action))
        if (auto module = dyn_cast<ModuleOp>(execution->getOp()))
          after(execution->getPass().getArgument(), module);
    });
  }
  bool done = false;

private:
  void after(StringRef pass, ModuleOp module) {
    for (const mutations::Mutation &mutation : mutations::all()) {
      if (pass != mutation.after || (!wanted.empty() && wanted != mutation.name))
        continue;
      mutations::Sites sites = mutation.sites(module);
      if (wanted.empty())
        llvm::outs() << mutation.name << ' ' << sites.size() << ' ' << mutation.what << '\n';
      else if (!sites.empty()) {
        sites[site % sites.size()]();
        done = true;
      }
    }
  }

  StringRef wanted;
  unsigned site;
};

} // namespace

int main(int argc, char **argv) {
  cl::opt<std::string> path(cl::Positional, cl::Required, cl::desc("model"));
  cl::opt<std::string> wanted("mutate", cl::desc("the kind of fault"));
  cl::opt<unsigned> site("site", cl::desc("its place"), cl::init(0));
  cl::opt<std::string> output("o", cl::desc("spikes and traces (.csv)"));
  cl::opt<std::string> library("library", cl::desc("folder with std/*.syn"));
  cl::ParseCommandLineOptions(argc, argv, "Synfire with one fault\n");

  SourceManager sources;
  DiagnosticPrinter printer(sources, llvm::errs());
  synfire::DiagnosticEngine diags([&](const synfire::Diagnostic &d) { printer.print(d); });
  MLIRContext context;
  context.disableMultithreading();
  FrontendOptions options;
  options.libraryDir = library;
  OwningOpRef<ModuleOp> module = compileToNeuro(context, sources, diags, path, options);
  if (!module)
    return 1;
  Spoiler spoiler(context, wanted, site);
  PassManager pm(module.get()->getName());
  neuro::buildPreparePipeline(pm, neuro::PrepareOptions());
  buildNeuroToSimPipeline(pm, SimOptions());
  if (failed(pm.run(*module)))
    return spoiler.done ? 3 : 1;
  cpu::CodegenOptions codegen;
  codegen.lanes = 1;
  codegen.optimize = false;
  auto jit = cpu::Jit::compile(*module, codegen);
  if (wanted.empty())
    return jit ? 0 : 1;
  if (!spoiler.done) {
    llvm::errs() << "the model has no place for `" << wanted << "`\n";
    return 1;
  }
  if (!jit)
    return 3;
  runtime::RunOptions run;
  run.threads = 1;
  run.output = output;
  run.quiet = true;
  runtime::Status status = runtime::runModel(*jit->model(), run);
  if (status.ok())
    return 0;
  llvm::errs() << status.message() << '\n';
  return 3;
}
