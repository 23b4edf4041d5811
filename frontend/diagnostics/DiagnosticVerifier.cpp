//===- DiagnosticVerifier.cpp - Expected messages in comments -------------===//

#include "frontend/diagnostics/DiagnosticVerifier.h"
#include "frontend/source/SourceManager.h"

#include "llvm/Support/Regex.h"
#include "llvm/Support/raw_ostream.h"

using namespace synfire;
using llvm::StringRef;

namespace {
struct Expectation {
  Severity severity;
  FileId file;
  unsigned line;
  /// Where the expectation is written.
  unsigned writtenAt;
  StringRef text;
  bool met = false;
};
} // namespace

static const char *word(Severity severity) {
  switch (severity) {
  case Severity::Error:
    return "error";
  case Severity::Warning:
    return "warning";
  case Severity::Note:
    return "note";
  }
  return "";
}

/// The line an expectation on `line` with the given `@...` part is about.
static unsigned targetLine(unsigned line, StringRef offset) {
  if (!offset.consume_front("@"))
    return line;
  if (offset == "above")
    return line - 1;
  if (offset == "below")
    return line + 1;
  unsigned n = 0;
  if (offset.consume_front("+"))
    return offset.getAsInteger(10, n) ? line : line + n;
  if (offset.consume_front("-"))
    return offset.getAsInteger(10, n) ? line : line - n;
  return offset.getAsInteger(10, n) ? line : n;
}

static void collect(const SourceManager &sources, FileId file,
                    std::vector<Expectation> &expectations) {
  llvm::Regex pattern("expected-(error|warning|note) *(@[-+]?[0-9]+|@above|"
                      "@below)? *\\{\\{(.*)");
  for (unsigned line = 1, e = sources.getNumLines(file); line <= e; ++line) {
    StringRef rest = sources.getLine(file, line);
    llvm::SmallVector<StringRef, 4> groups;
    while (pattern.match(rest, &groups)) {
      Expectation expectation;
      expectation.severity = groups[1] == "error"     ? Severity::Error
                             : groups[1] == "warning" ? Severity::Warning
                                                      : Severity::Note;
      expectation.file = file;
      expectation.line = targetLine(line, groups[2]);
      expectation.writtenAt = line;
      size_t end = groups[3].find("}}");
      // Text that itself ends in a brace: `{{expected }}}}`.
      while (end != StringRef::npos && groups[3].substr(end + 2).starts_with("}"))
        ++end;
      expectation.text = groups[3].substr(0, end);
      expectations.push_back(expectation);
      rest = end == StringRef::npos ? "" : groups[3].drop_front(end + 2);
    }
  }
}

/// Marks the expectation that a message meets; false if there is none.
static bool meet(const SourceManager &sources, const Diagnostic &diagnostic,
                 std::vector<Expectation> &expectations) {
  std::string text = diagnostic.text;
  for (const std::string &hint : diagnostic.hints)
    text += "\n" + hint;
  unsigned line = sources.getLineColumn(diagnostic.range).line;
  for (Expectation &expectation : expectations) {
    if (expectation.met || expectation.severity != diagnostic.severity ||
        expectation.file != diagnostic.range.file || expectation.line != line ||
        !StringRef(text).contains(expectation.text))
      continue;
    expectation.met = true;
    return true;
  }
  return false;
}

bool synfire::verifyDiagnostics(const SourceManager &sources, llvm::ArrayRef<FileId> files,
                                llvm::ArrayRef<Diagnostic> diagnostics, llvm::raw_ostream &os) {
  std::vector<Expectation> expectations;
  for (FileId file : files)
    collect(sources, file, expectations);

  bool good = true;
  auto check = [&](const Diagnostic &diagnostic) {
    if (meet(sources, diagnostic, expectations))
      return;
    LineColumn place = sources.getLineColumn(diagnostic.range);
    os << sources.getName(diagnostic.range.file) << ':' << place.line << ':' << place.column
       << ": unexpected " << word(diagnostic.severity) << ": " << diagnostic.text << '\n';
    good = false;
  };
  for (const Diagnostic &diagnostic : diagnostics) {
    check(diagnostic);
    for (const Diagnostic &note : diagnostic.notes)
      check(note);
  }
  for (const Expectation &expectation : expectations) {
    if (expectation.met)
      continue;
    os << sources.getName(expectation.file) << ':' << expectation.writtenAt << ": expected "
       << word(expectation.severity) << " \"" << expectation.text << "\" was not issued on line "
       << expectation.line << '\n';
    good = false;
  }
  return good;
}
