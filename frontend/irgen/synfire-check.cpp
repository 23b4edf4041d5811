//===- synfire-check.cpp - The front end by itself, for tests -------------===//
//
//   synfire-check [--neuro | --doc | --verify] [--library dir] [--set k=v]...
//                 [--duration t] [--seed n] file.syn
//   synfire-check --names file.syn...
//
// Without a mode it checks. --verify compares messages with the `expected-...`
// comments of the file. --names prints the names under which the messages of files, checked and
// prepared for a run, are registered.
//
//===----------------------------------------------------------------------===//

#include "frontend/Frontend.h"
#include "frontend/diagnostics/DiagnosticEngine.h"
#include "frontend/diagnostics/DiagnosticPrinter.h"
#include "frontend/diagnostics/DiagnosticVerifier.h"
#include "frontend/source/SourceManager.h"

#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/raw_ostream.h"

using namespace synfire;
namespace cl = llvm::cl;

/// The registered names of a file's messages and their notes, one a line.
static void printNames(llvm::StringRef path, const FrontendOptions &options) {
  for (bool run : {false, true}) {
    SourceManager sources;
    DiagnosticEngine diags;
    mlir::MLIRContext context;
    if (run)
      compileToNeuro(context, sources, diags, path, options);
    else
      checkFile(sources, diags, path, options);
    for (const Diagnostic &diagnostic : diags.getDiagnostics()) {
      llvm::outs() << getName(diagnostic.id) << '\n';
      for (const Diagnostic &note : diagnostic.notes)
        llvm::outs() << getName(note.id) << '\n';
    }
  }
}

int main(int argc, char **argv) {
  cl::list<std::string> paths(cl::Positional, cl::OneOrMore, cl::desc("file"));
  cl::opt<bool> names("names", cl::desc("print the names of messages"));
  cl::opt<bool> neuro("neuro", cl::desc("print neuro IR"));
  cl::opt<bool> locations("locations", cl::desc("with places in the source"));
  cl::opt<bool> doc("doc", cl::desc("print documentation"));
  cl::opt<bool> verify("verify", cl::desc("verify expected messages"));
  cl::opt<bool> run("run", cl::desc("verify as for a run, not for a check"));
  cl::opt<std::string> library("library", cl::desc("folder with std/*.syn"));
  cl::list<std::string> set("set", cl::desc("Circuit.parameter=value"));
  cl::opt<std::string> duration("duration", cl::desc("of every run"));
  cl::opt<std::string> seed("seed", cl::desc("of every run"));
  cl::ParseCommandLineOptions(argc, argv, "Synfire front end\n");

  FrontendOptions options;
  options.libraryDir = library;
  for (const std::string &item : set) {
    auto [key, value] = llvm::StringRef(item).split('=');
    options.set.emplace_back(key.str(), value.str());
  }
  if (!duration.empty())
    options.duration = duration;
  if (!seed.empty())
    options.seed = std::stoll(seed);

  if (names) {
    for (const std::string &path : paths)
      printNames(path, options);
    return 0;
  }
  const std::string &path = paths.front();
  SourceManager sources;
  DiagnosticPrinter printer(sources, llvm::errs());
  DiagnosticEngine diags(verify ? DiagnosticEngine::Consumer()
                                : [&](const Diagnostic &diagnostic) { printer.print(diagnostic); });
  if (doc) {
    auto text = documentFile(sources, diags, path, options);
    if (text)
      llvm::outs() << *text;
    return !text;
  }
  mlir::MLIRContext context;
  if (neuro || run) {
    auto module = compileToNeuro(context, sources, diags, path, options);
    if (module && neuro) {
      mlir::OpPrintingFlags flags;
      if (locations)
        flags.enableDebugInfo(true, false);
      module->print(llvm::outs(), flags);
    }
    if (!verify)
      return !module;
  } else {
    bool good = checkFile(sources, diags, path, options);
    if (!verify)
      return !good;
  }
  llvm::SmallVector<FileId> files;
  if (auto file = sources.load(path))
    files.push_back(*file);
  return !verifyDiagnostics(sources, files, diags.getDiagnostics(), llvm::errs());
}
