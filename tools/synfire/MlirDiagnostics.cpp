//===- MlirDiagnostics.cpp - messages of passes, as people see them ---===//
#include "tools/synfire/MlirDiagnostics.h"

#include "mlir/IR/Location.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::tool;

namespace {

/// The place in a model file, if the location has one.
FileLineColLoc placeOf(Location location) {
  FileLineColLoc place;
  location->walk([&](Location inner) {
    if (auto found = dyn_cast<FileLineColLoc>(inner)) {
      place = found;
      return WalkResult::interrupt();
    }
    return WalkResult::advance();
  });
  return place;
}

} // namespace

MlirDiagnostics::MlirDiagnostics(MLIRContext &context, SourceManager &sources)
    : sources(sources), handler(&context, [this](mlir::Diagnostic &diagnostic) {
        switch (diagnostic.getSeverity()) {
        case DiagnosticSeverity::Error:
          print(diagnostic, "error");
          break;
        case DiagnosticSeverity::Warning:
          print(diagnostic, "warning");
          break;
        default:
          print(diagnostic, "note");
          break;
        }
        for (mlir::Diagnostic &note : diagnostic.getNotes())
          print(note, "note");
        return success();
      }) {}

void MlirDiagnostics::print(mlir::Diagnostic &diagnostic, StringRef severity) {
  llvm::raw_ostream &os = llvm::errs();
  FileLineColLoc place = placeOf(diagnostic.getLocation());
  if (!place) {
    os << "synfire: " << severity << ": " << diagnostic << '\n';
    return;
  }
  os << place.getFilename().getValue() << ':' << place.getLine() << ':' << place.getColumn() << ": "
     << severity << ": " << diagnostic << '\n';
  auto file = sources.load(place.getFilename().getValue());
  if (!file)
    return;
  StringRef line = sources.getLine(*file, place.getLine());
  os << "  " << line << "\n  ";
  for (unsigned i = 1; i < place.getColumn(); ++i)
    os << (i <= line.size() && line[i - 1] == '\t' ? '\t' : ' ');
  os << "^\n";
}
