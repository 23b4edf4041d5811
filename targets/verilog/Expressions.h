//===- Expressions.h - the text of one value ---===//
#ifndef SYNFIRE_TARGETS_VERILOG_EXPRESSIONS_H
#define SYNFIRE_TARGETS_VERILOG_EXPRESSIONS_H

#include "dialects/rtl/Rtl.h"

#include <string>

namespace synfire::verilog {

/// How strongly an operator binds, weakest first.
enum class Binding { Choice, Or, Xor, And, Equality, Order, Sum, Unary, Primary };

/// A text with a value, unsigned and as wide as the value in every context where it may stand.
struct Expression {
  std::string text;
  Binding binding = Binding::Primary;
  unsigned depth = 0; ///< operators in operators
};

/// Where the texts of operands come from.
class Operands {
public:
  virtual ~Operands() = default;
  /// Any expression.
  virtual Expression expression(mlir::Value value) = 0;
  /// A name, as parts of words and signs need.
  virtual std::string name(mlir::Value value) = 0;
};

/// `8'd5`
std::string literal(const llvm::APInt &value);
/// ` [7:0]` before a name, or a blank for a bit.
std::string range(unsigned width);
/// `x[7:0]` of a word of `width` bits.
std::string slice(llvm::StringRef name, unsigned width, unsigned from, unsigned count);

/// Whether the text of an op's result may stand in that of another. What has signs may not, as the
/// context would decide about them; a product and a variable shift are too big to be overlooked.
bool mayBeInlined(mlir::Operation *op);
/// Whether an op only looks at the highest bit of its first operand.
bool isSignTest(mlir::Operation *op);

/// The text of an op of combinational logic, or failure if it has none.
mlir::FailureOr<Expression> expressionOf(mlir::Operation *op, Operands &operands);

} // namespace synfire::verilog

#endif // SYNFIRE_TARGETS_VERILOG_EXPRESSIONS_H
