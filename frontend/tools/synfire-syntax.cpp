//===- synfire-syntax.cpp - The syntax alone, for tests -------------------===//
//
// synfire-syntax [--dump-ast | --fmt | --fragment | --time] [--verify] file.syn
//
// Exit codes as for synfire: 0 done, 1 the text is wrong, 2 the file cannot be
// read.
//
//===----------------------------------------------------------------------===//

#include "frontend/ast/Dump.h"
#include "frontend/diagnostics/DiagnosticEngine.h"
#include "frontend/diagnostics/DiagnosticPrinter.h"
#include "frontend/diagnostics/DiagnosticVerifier.h"
#include "frontend/format/Format.h"
#include "frontend/parse/Parser.h"
#include "frontend/source/SourceManager.h"

#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

#include <ctime>

using namespace synfire;
using llvm::StringRef;

namespace {
struct Options {
  StringRef mode;
  StringRef path;
  bool verify = false;
};
} // namespace

static void printFragment(const Fragment &fragment) {
  static const char *const names[] = {"complete", "incomplete", "wrong"};
  llvm::outs() << names[static_cast<unsigned>(fragment.status)] << '\n';
  for (const ast::StmtPtr &stmt : fragment.stmts)
    ast::dump(*stmt, llvm::outs());
  if (fragment.expression) {
    ast::dump(*fragment.expression, llvm::outs());
    llvm::outs() << '\n';
  }
}

/// Processor milliseconds that parsing takes, the first time and with warm
/// tables.
static void printTime(const SourceManager &sources, FileId file) {
  for (const char *label : {"cold", "warm"}) {
    DiagnosticEngine diags;
    std::clock_t begin = std::clock();
    parseFile(sources, file, diags);
    double time = 1000.0 * (std::clock() - begin) / CLOCKS_PER_SEC;
    llvm::outs() << label << llvm::format(" %.1f ms\n", time);
  }
}

static void act(const Options &options, const SourceManager &sources, FileId file,
                DiagnosticEngine &diags) {
  if (options.mode == "--fmt") {
    if (auto text = formatFile(sources, file, diags))
      llvm::outs() << *text;
    return;
  }
  if (options.mode == "--fragment")
    return printFragment(parseFragment(sources, file, diags));
  if (options.mode == "--time")
    return printTime(sources, file);
  std::unique_ptr<ast::File> result = parseFile(sources, file, diags);
  if (options.mode == "--dump-ast" && !diags.hasErrors())
    ast::dump(*result, llvm::outs());
}

int main(int argc, char **argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    StringRef argument = argv[i];
    if (argument == "--verify")
      options.verify = true;
    else if (argument.starts_with("--"))
      options.mode = argument;
    else
      options.path = argument;
  }
  SourceManager sources;
  llvm::ErrorOr<FileId> file = sources.load(options.path);
  if (!file) {
    llvm::errs() << "synfire-syntax: cannot read `" << options.path
                 << "`: " << file.getError().message() << '\n';
    return 2;
  }

  DiagnosticPrinter printer(sources, llvm::errs());
  DiagnosticEngine diags([&](const Diagnostic &diagnostic) {
    if (!options.verify)
      printer.print(diagnostic);
  });
  act(options, sources, *file, diags);
  if (options.verify)
    return verifyDiagnostics(sources, *file, diags.getDiagnostics(), llvm::errs()) ? 0 : 1;
  return diags.hasErrors() ? 1 : 0;
}
