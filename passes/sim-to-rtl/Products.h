//===- Products.h - what a kernel's arithmetic is made of in hardware ---===//
//
// Products with constants, roundings and the sums around them: where several ops become one sum, or
// one multiplier.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_PASSES_SIM_TO_RTL_PRODUCTS_H
#define SYNFIRE_PASSES_SIM_TO_RTL_PRODUCTS_H

#include "dialects/sim/Sim.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

#include "llvm/ADT/DenseSet.h"

namespace synfire {

/// A signed digit of a number: a power of two, or its negative.
struct Digit {
  unsigned shift;
  bool negative;
};

/// The form of a number with the fewest digits that are not zero, lowest first.
llvm::SmallVector<Digit> digitsOf(int64_t value);

/// More digits than that are cheaper as a multiplier, even where none is set aside for it.
constexpr size_t mostDigits = 6;

/// Products that get a multiplier of the target.
using Multiplied = llvm::DenseSet<mlir::Operation *>;
/// Bits of the factors of such a multiplier, sign included.
constexpr unsigned multiplierBits = 16;

/// A product with a constant.
struct ConstantProduct {
  int64_t constant;
  mlir::Value factor;
};
std::optional<ConstantProduct> constantProduct(mlir::Operation *op);

/// Whether a number is a factor for one multiplier.
bool fitsMultiplier(int64_t constant);

/// A shift to the right that rounds to the nearest. Half a unit is no sum of its own, but the carry
/// into the bits that stay; so one sum can round and add something else.
struct Rounding {
  mlir::Value exact; ///< what is rounded
  unsigned by;       ///< to units of 2^by
  /// What is rounded is a product that nothing else needs, so that it is computed along.
  std::optional<ConstantProduct> product;
  /// The product is one with `constant - 2^by`; the rest, whole units, is added when it is rounded.
  bool addsFactor = false;

  mlir::Value input() const { return product ? product->factor : exact; }
};
std::optional<Rounding> roundingOf(mlir::Operation *op, const Multiplied &multiplied);

/// A sum of something rounded that nothing else needs, and another value.
struct RoundedSum {
  Rounding rounding;
  mlir::Value other;
};
std::optional<RoundedSum> roundedSum(mlir::Operation *op, const Multiplied &multiplied);

/// Saturation where a constant may take the place of what is saturated: of the latter only.
struct SaturatedChoice {
  mlir::Value condition, other;
  int64_t constant;
  bool constantIfHigh;
};
std::optional<SaturatedChoice> saturatedChoice(mlir::Operation *op);

/// max(x - 1, 0): x. What counts down to 0 and stays there.
mlir::Value countedDown(mlir::Operation *op);

} // namespace synfire

#endif // SYNFIRE_PASSES_SIM_TO_RTL_PRODUCTS_H
