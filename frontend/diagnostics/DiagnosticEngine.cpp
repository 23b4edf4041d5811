//===- DiagnosticEngine.cpp - Collects and passes on messages -------------===//

#include "frontend/diagnostics/DiagnosticEngine.h"

using namespace synfire;
using llvm::StringRef;

namespace {
struct Registered {
  const char *name;
  Severity severity;
  const char *text;
};
} // namespace

static const Registered &lookup(diag::Id id) {
  static const Registered table[] = {
#define DIAG(id, severity, text) {#id, Severity::severity, text},
#include "frontend/diagnostics/Diagnostics.def"
#undef DIAG
      {"unknown", Severity::Error, "unknown message"}};
  return table[id];
}

Severity synfire::getSeverity(diag::Id id) { return lookup(id).severity; }
const char *synfire::getFormat(diag::Id id) { return lookup(id).text; }
const char *synfire::getName(diag::Id id) { return lookup(id).name; }

/// Replaces `{n}` by argument n; `{n}` without an argument stays visible. Other
/// braces are text, because the language has many of them.
static std::string fill(StringRef format, const std::vector<std::string> &arguments) {
  std::string result;
  for (size_t i = 0; i < format.size(); ++i) {
    if (format[i] == '{' && i + 2 < format.size() && format[i + 2] == '}' && format[i + 1] >= '0' &&
        format[i + 1] <= '9') {
      size_t n = format[i + 1] - '0';
      if (n < arguments.size()) {
        result += arguments[n];
        i += 2;
        continue;
      }
    }
    result += format[i];
  }
  return result;
}

InFlightDiagnostic::InFlightDiagnostic(DiagnosticEngine &engine, diag::Id id, SourceRange range)
    : engine(&engine) {
  diagnostic.id = id;
  diagnostic.severity = getSeverity(id);
  diagnostic.range = range;
}

InFlightDiagnostic::InFlightDiagnostic(InFlightDiagnostic &&other)
    : engine(other.engine), diagnostic(std::move(other.diagnostic)),
      arguments(std::move(other.arguments)) {
  other.engine = nullptr;
}

InFlightDiagnostic::~InFlightDiagnostic() {
  if (!engine)
    return;
  finishArguments();
  engine->emit(std::move(diagnostic));
}

void InFlightDiagnostic::finishArguments() {
  Diagnostic &current = diagnostic.notes.empty() ? diagnostic : diagnostic.notes.back();
  current.text = fill(getFormat(current.id), arguments);
  arguments.clear();
}

InFlightDiagnostic &InFlightDiagnostic::operator<<(const llvm::Twine &text) {
  arguments.push_back(text.str());
  return *this;
}

InFlightDiagnostic &InFlightDiagnostic::operator<<(int64_t argument) {
  arguments.push_back(std::to_string(argument));
  return *this;
}

InFlightDiagnostic &InFlightDiagnostic::note(diag::Id id, SourceRange range) {
  finishArguments();
  Diagnostic note;
  note.id = id;
  note.severity = Severity::Note;
  note.range = range;
  diagnostic.notes.push_back(std::move(note));
  return *this;
}

InFlightDiagnostic &InFlightDiagnostic::hint(const llvm::Twine &text) {
  diagnostic.hints.push_back(text.str());
  return *this;
}

void DiagnosticEngine::emit(Diagnostic diagnostic) {
  if (!issued.insert({diagnostic.range.file.value, diagnostic.range.begin, diagnostic.text}).second)
    return;
  if (diagnostic.severity == Severity::Error)
    ++numErrors;
  else
    ++numWarnings;
  bool isError = diagnostic.severity == Severity::Error;
  if (isError && errorLimit && numErrors > errorLimit) {
    if (numErrors == errorLimit + 1) {
      Diagnostic last;
      last.id = diag::note_too_many_errors;
      last.severity = Severity::Note;
      last.text = fill(getFormat(last.id), {std::to_string(errorLimit)});
      if (consumer)
        consumer(last);
    }
    return;
  }
  if (consumer)
    consumer(diagnostic);
  diagnostics.push_back(std::move(diagnostic));
}
