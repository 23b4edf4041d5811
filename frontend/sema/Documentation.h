//===- Documentation.h - Declarations as Markdown ---------------*- C++ -*-===//

#ifndef SYNFIRE_FRONTEND_SEMA_DOCUMENTATION_H
#define SYNFIRE_FRONTEND_SEMA_DOCUMENTATION_H

#include "frontend/sema/Program.h"

namespace synfire::sema {

/// What `synfire doc` prints: each declaration of a file with its doc comment and
/// a table of its quantities, as they are written.
std::string document(Program &program, const SourceUnit &unit);

} // namespace synfire::sema

#endif // SYNFIRE_FRONTEND_SEMA_DOCUMENTATION_H
