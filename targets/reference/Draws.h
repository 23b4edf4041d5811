//===- Draws.h - the values of draws (C3) ---===//
#ifndef SYNFIRE_TARGETS_REFERENCE_DRAWS_H
#define SYNFIRE_TARGETS_REFERENCE_DRAWS_H

#include "dialects/neuro/Neuro.h"

#include <string>

namespace synfire::reference {

/// Whose number is drawn: an element of a population, or a connection.
struct DrawPlace {
  uint64_t seed;
  std::string name, purpose; ///< of the stream
  bool connection;
  uint32_t element;  ///< or the target of the connection
  uint32_t position; ///< of the connection
};

/// The value of one `draw` with its evaluated operands; a draw outside of its interval is repeated
/// or clipped as the op says.
double drawValue(neuro::DrawOp op, llvm::ArrayRef<double> arguments,
                 llvm::ArrayRef<double> interval, const DrawPlace &place);

/// A standard normal number of an element for one step.
double normalOfStep(const DrawPlace &place, uint64_t step);

/// The number of a `draw` among those of its region: the first draws from the stream of the
/// purpose itself, number n from `purpose:n`.
std::string purposeOf(neuro::DrawOp op, llvm::StringRef purpose);

} // namespace synfire::reference

#endif // SYNFIRE_TARGETS_REFERENCE_DRAWS_H
