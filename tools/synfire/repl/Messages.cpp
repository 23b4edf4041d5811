//===- Messages.cpp - What a session says is wrong ------------------------===//
#include "tools/synfire/repl/Messages.h"

#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"

using namespace synfire;
using namespace synfire::repl;

DiagnosticEngine Messages::makeEngine() {
  return DiagnosticEngine([this](const Diagnostic &diagnostic) {
    if (diagnostic.severity == Severity::Warning &&
        !isNew((sources.getName(diagnostic.range.file) + diagnostic.text).str()))
      return;
    printer.print(diagnostic);
  });
}

void Messages::error(const llvm::Twine &text) {
  llvm::WithColor(os, llvm::HighlightColor::Error) << "error: ";
  os << text << '\n';
}

/// The buffer that has a line, where several bear the same name.
static FileId findBuffer(const SourceManager &sources, llvm::StringRef name, unsigned line) {
  FileId found;
  for (uint32_t i = 1; sources.getName({i}) != "<unknown>"; ++i)
    if (sources.getName({i}) == name && line >= sources.getFirstLine({i}) &&
        line < sources.getFirstLine({i}) + sources.getNumLines({i}))
      found = {i};
  return found;
}

void Messages::print(mlir::Diagnostic &diagnostic) {
  if (diagnostic.getSeverity() == mlir::DiagnosticSeverity::Warning && !isNew(diagnostic.str()))
    return;
  printOne(diagnostic);
  for (mlir::Diagnostic &note : diagnostic.getNotes())
    printOne(note);
}

void Messages::printOne(mlir::Diagnostic &diagnostic) {
  Diagnostic shown;
  shown.severity = diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error ? Severity::Error
                   : diagnostic.getSeverity() == mlir::DiagnosticSeverity::Warning
                       ? Severity::Warning
                       : Severity::Note;
  shown.text = diagnostic.str();
  mlir::FileLineColLoc place;
  diagnostic.getLocation()->walk([&](mlir::Location inner) {
    place = llvm::dyn_cast<mlir::FileLineColLoc>(inner);
    return place ? mlir::WalkResult::interrupt() : mlir::WalkResult::advance();
  });
  if (place) {
    FileId file = findBuffer(sources, place.getFilename().getValue(), place.getLine());
    if (file.isValid()) {
      uint32_t at = sources.getLineStart(file, place.getLine()) + place.getColumn() - 1;
      shown.range = {file, at, at + 1};
    }
  }
  printer.print(shown);
}
