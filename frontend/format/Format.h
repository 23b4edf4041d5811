//===- Format.h - Canonical layout ------------------------------*- C++ -*-===//
//
// `synfire fmt`: indentation, blanks between tokens, one statement a line.
// Works on the token list rather than on the AST, so that every comment, every
// number as it is spelt and every choice between one line and several is at
// hand.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_FORMAT_FORMAT_H
#define SYNFIRE_FRONTEND_FORMAT_FORMAT_H

#include "frontend/source/SourceLocation.h"

#include <optional>
#include <string>

namespace synfire {
class DiagnosticEngine;
class SourceManager;

/// Lines are broken at this width where there is a place to break them.
constexpr unsigned formatWidth = 100;

/// The text of a file in canonical layout. Nothing if the file has syntax
/// errors, which are reported. Formatting twice changes nothing.
std::optional<std::string> formatFile(const SourceManager &sources, FileId file,
                                      DiagnosticEngine &diags);

} // namespace synfire

#endif // SYNFIRE_FRONTEND_FORMAT_FORMAT_H
