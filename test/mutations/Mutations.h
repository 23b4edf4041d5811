//===- Mutations.h - faults that a compiler might have, put in on purpose ---===//
#ifndef SYNFIRE_TEST_MUTATIONS_MUTATIONS_H
#define SYNFIRE_TEST_MUTATIONS_MUTATIONS_H

#include "mlir/IR/BuiltinOps.h"

#include <functional>
#include <vector>

namespace synfire::mutations {

/// The places at which a fault can be put into a module, each with the change that does it.
using Sites = std::vector<std::function<void()>>;

/// One kind of fault.
struct Mutation {
  llvm::StringLiteral name;
  llvm::StringLiteral after; ///< the pass whose result it spoils
  llvm::StringLiteral what;  ///< the fault, in words
  Sites (*sites)(mlir::ModuleOp module);
};

/// All kinds of faults.
llvm::ArrayRef<Mutation> all();

} // namespace synfire::mutations

#endif // SYNFIRE_TEST_MUTATIONS_MUTATIONS_H
