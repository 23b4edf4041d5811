//===- SessionText.h - A model beside its state -----------------*- C++ -*-===//
//
// A checkpoint that a session saves also holds the text of its model.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_ENGINE_SESSIONTEXT_H
#define SYNFIRE_RUNTIME_ENGINE_SESSIONTEXT_H

#include "runtime/report/Status.h"

namespace synfire::runtime {

/// Adds the text of a model to the checkpoint in \p path.
Status attachText(const std::string &path, const std::string &text);
/// The text of the model in the checkpoint in \p path; a user error where there is none.
Result<std::string> readAttachedText(const std::string &path);

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_ENGINE_SESSIONTEXT_H
