//===- Names.h - names that all tools take ---===//
#ifndef SYNFIRE_TARGETS_VERILOG_NAMES_H
#define SYNFIRE_TARGETS_VERILOG_NAMES_H

#include "mlir/Support/LLVM.h"

#include "llvm/ADT/StringSet.h"

#include <string>

namespace synfire::verilog {

/// The name in the text: itself, unless it is a keyword of Verilog, SystemVerilog or VHDL.
/// Different names stay different.
std::string mangle(llvm::StringRef name);

/// The names of one module.
class NameTable {
public:
  /// A name that is not taken yet, as near to the wanted one as possible.
  std::string unique(llvm::StringRef wanted);
  /// The next `_t<N>`.
  std::string temporary() { return "_t" + std::to_string(temporaries++); }

private:
  llvm::StringSet<> taken;
  unsigned temporaries = 0;
};

} // namespace synfire::verilog

#endif // SYNFIRE_TARGETS_VERILOG_NAMES_H
