//===- Origin.h - what an op was made of, as its location tells ---===//
//
// An elementary function becomes arithmetic, and a solver's step becomes products and quotients,
// before a target can say what it has no form of. That message shall speak of the function or of
// the solver, so both stay in the names of locations, around the place in the model.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_DIALECTS_SIM_ORIGIN_H
#define SYNFIRE_DIALECTS_SIM_ORIGIN_H

#include "mlir/IR/Location.h"

namespace synfire::sim {

/// The location of what \p function of the model becomes.
inline mlir::Location ofFunction(mlir::Location at, llvm::StringRef function) {
  return mlir::NameLoc::get(mlir::StringAttr::get(at.getContext(), function + "()"), at);
}

/// The location of what the step of \p state by \p method computes beyond its equation.
inline mlir::Location ofSolver(mlir::Location at, llvm::StringRef state, llvm::StringRef method) {
  return mlir::NameLoc::get(mlir::StringAttr::get(at.getContext(), state + " by " + method), at);
}

/// What a location names; empty where it names nothing.
struct Origin {
  llvm::StringRef function;      ///< `log`
  llvm::StringRef state, method; ///< `v`, `exponential_euler`
};

inline Origin originOf(mlir::Location location) {
  Origin origin;
  location->walk([&](mlir::Location inner) {
    auto named = mlir::dyn_cast<mlir::NameLoc>(inner);
    llvm::StringRef name = named ? named.getName().getValue() : "";
    if (name.consume_back("()"))
      origin.function = name;
    else if (size_t by = name.find(" by "); by != name.npos)
      std::tie(origin.state, origin.method) =
          std::pair(name.take_front(by), name.drop_front(by + 4));
    return mlir::WalkResult::advance();
  });
  return origin;
}

} // namespace synfire::sim

#endif // SYNFIRE_DIALECTS_SIM_ORIGIN_H
