//===- Core.h - a design inside a wrapper ---===//
#ifndef SYNFIRE_PASSES_SIM_TO_RTL_WRAPPERS_CORE_H
#define SYNFIRE_PASSES_SIM_TO_RTL_WRAPPERS_CORE_H

#include "dialects/rtl/Builder.h"

#include <map>

namespace synfire::rtl {

/// A value whose giver is built later, as in a ring of modules.
class Later : public Wire {
public:
  Later(ModuleBuilder &m, llvm::StringRef name, unsigned width)
      : Wire(m.wire(name, m.constant(width, 0))) {}
  void set(Wire wire) { get().getDefiningOp<WireOp>().getValueMutable().assign(wire.get()); }
};

/// A design that is to be wrapped, and what a host asks of it first.
struct Core {
  ModuleOp module;
  std::string name;
  uint32_t cells = 0, inputs = 0; ///< events out and in are below
  uint32_t hash = 0;              ///< of all that makes the design

  std::string part(llvm::StringRef of) const { return name + "_" + of.str(); }
  /// The width of a port; 0 where the design has none of this name.
  unsigned inputWidth(llvm::StringRef port) const;
  unsigned outputWidth(llvm::StringRef port) const;
  /// The design as a part of \p m, its ports by their names; returns its outputs. Inputs that it
  /// lacks are left away.
  std::map<std::string, Wire> place(ModuleBuilder &m,
                                    const std::map<std::string, Wire> &inputs) const;
};

/// A byte or word for each value of an index, as logic.
Wire lookup(ModuleBuilder &m, llvm::ArrayRef<Wire> words, Wire index);

} // namespace synfire::rtl

#endif // SYNFIRE_PASSES_SIM_TO_RTL_WRAPPERS_CORE_H
