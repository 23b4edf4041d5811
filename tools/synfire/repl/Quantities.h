//===- Quantities.h - Values as people read them ----------------*- C++ -*-===//
#ifndef SYNFIRE_TOOLS_SYNFIRE_REPL_QUANTITIES_H
#define SYNFIRE_TOOLS_SYNFIRE_REPL_QUANTITIES_H

#include "frontend/sema/Value.h"

#include <string>

namespace synfire::repl {

/// A number given in a unit of the base system (`mV`, `1/ms`, `mV/ms`), in a unit that suits its
/// size and that the language reads: `15 ms`, `25 Hz`, `0.75 [mV/ms]`.
std::string formatQuantity(double number, const std::string &unit);
/// The number as an expression of the language, exactly.
std::string exactQuantity(double number, const std::string &unit);
/// A value of the compile-time language.
std::string formatValue(const sema::Value &value);

} // namespace synfire::repl

#endif // SYNFIRE_TOOLS_SYNFIRE_REPL_QUANTITIES_H
