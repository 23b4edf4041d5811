//===- Format.cpp - Canonical layout --------------------------------------===//

#include "frontend/format/Format.h"
#include "frontend/ast/Dump.h"
#include "frontend/diagnostics/DiagnosticEngine.h"
#include "frontend/format/Layout.h"
#include "frontend/parse/Parser.h"
#include "frontend/source/SourceManager.h"

#include "llvm/Support/raw_ostream.h"

using namespace synfire;

static std::string dumpToString(const ast::File &file) {
  std::string result;
  llvm::raw_string_ostream os(result);
  ast::dump(file, os);
  return result;
}

std::optional<std::string> synfire::formatFile(const SourceManager &sources, FileId file,
                                               DiagnosticEngine &diags) {
  unsigned before = diags.getNumErrors();
  std::unique_ptr<ast::File> tree = parseFile(sources, file, diags);
  if (diags.getNumErrors() != before)
    return std::nullopt;

  DiagnosticEngine ignored;
  parse::TokenList tokens = parse::readTokens(sources, file, ignored);
  std::string result = format::Layout(sources.getText(file), tokens).run();

  // A formatter that changes a model is worse than none: look at the result.
  SourceManager again;
  FileId formatted = again.addBuffer("formatted", result);
  std::unique_ptr<ast::File> check = parseFile(again, formatted, ignored);
  if (ignored.hasErrors() || dumpToString(*tree) != dumpToString(*check)) {
    diags.report(diag::err_format_changes, SourceRange(file, 0, 0));
    return std::nullopt;
  }
  return result;
}
