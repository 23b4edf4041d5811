//===- DiagnosticPrinter.cpp - Messages for people ------------------------===//

#include "frontend/diagnostics/DiagnosticPrinter.h"
#include "frontend/source/SourceManager.h"

#include "llvm/Support/Unicode.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>

using namespace synfire;
using llvm::raw_ostream;
using llvm::StringRef;

/// Longer lines are shown as a window around the range.
static constexpr size_t maxShown = 160;

void DiagnosticPrinter::printHeader(const Diagnostic &diagnostic) {
  if (diagnostic.range.isValid()) {
    LineColumn place = sources.getLineColumn(diagnostic.range);
    llvm::WithColor(os, raw_ostream::SAVEDCOLOR, /*Bold=*/true)
        << sources.getName(diagnostic.range.file) << ':' << place.line << ':' << place.column
        << ": ";
  } else {
    os << "synfire: ";
  }
  switch (diagnostic.severity) {
  case Severity::Error:
    llvm::WithColor(os, llvm::HighlightColor::Error) << "error: ";
    break;
  case Severity::Warning:
    llvm::WithColor(os, llvm::HighlightColor::Warning) << "warning: ";
    break;
  case Severity::Note:
    llvm::WithColor(os, llvm::HighlightColor::Note) << "note: ";
    break;
  }
  os << diagnostic.text << '\n';
}

/// Splits off the first character, valid or not, and returns its bytes.
static StringRef takeCharacter(StringRef &text) {
  size_t length = 1;
  while (length < text.size() && length < 4 &&
         (static_cast<unsigned char>(text[length]) & 0xc0) == 0x80)
    ++length;
  StringRef character = text.take_front(length);
  text = text.drop_front(length);
  return character;
}

/// How a character is shown, so that it takes `width` cells: tabs as blanks,
/// what cannot be printed as `?`.
static StringRef show(StringRef character, unsigned &width) {
  width = 1;
  if (character == "\t")
    return " ";
  int columns = llvm::sys::unicode::columnWidthUTF8(character);
  if (columns < 0)
    return "?";
  width = columns;
  return character;
}

void DiagnosticPrinter::printSnippet(SourceRange range) {
  LineColumn place = sources.getLineColumn(range);
  StringRef line = sources.getLine(range.file, place.line);
  size_t start = sources.getLineStart(range.file, place.line);
  size_t begin = std::min<size_t>(range.begin - start, line.size());
  size_t end =
      std::clamp<size_t>(range.end - std::min<size_t>(start, range.end), begin, line.size());
  size_t first = begin > maxShown / 2 && line.size() > maxShown ? begin - maxShown / 2 : 0;

  std::string text, marks;
  StringRef rest = line.substr(first, maxShown);
  size_t offset = first;
  while (!rest.empty()) {
    StringRef character = takeCharacter(rest);
    unsigned width;
    text += show(character, width);
    if (offset < end || offset <= begin) {
      bool isCaret = offset <= begin && begin < offset + character.size();
      char mark = isCaret ? '^' : offset >= begin ? '~' : ' ';
      marks += mark;
      if (width > 1)
        marks.append(width - 1, offset >= begin ? '~' : ' ');
    }
    offset += character.size();
  }
  if (begin >= offset)
    marks += '^';
  os << "  " << StringRef(text).rtrim() << "\n  ";
  llvm::WithColor(os, raw_ostream::GREEN, /*Bold=*/true) << marks;
  os << '\n';
}

void DiagnosticPrinter::print(const Diagnostic &diagnostic) {
  printHeader(diagnostic);
  if (diagnostic.range.isValid())
    printSnippet(diagnostic.range);
  for (const std::string &hint : diagnostic.hints) {
    llvm::WithColor(os, raw_ostream::CYAN, /*Bold=*/true) << "  help: ";
    os << hint << '\n';
  }
  for (const Diagnostic &note : diagnostic.notes)
    print(note);
}
