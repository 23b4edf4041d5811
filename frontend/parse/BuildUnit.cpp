//===- BuildUnit.cpp - Parse tree to AST: units ---------------------------===//

#include "frontend/parse/ASTBuilder.h"

#include <limits>
#include <numeric>

using namespace synfire;
using namespace synfire::parse;
using namespace synfire::ast;
using llvm::StringRef;

std::optional<Unit> ASTBuilder::dimension(P::DimensionContext *ctx) {
  if (!ctx)
    return std::nullopt;
  if (auto *brackets = ctx->unitBrackets())
    return unit(brackets);
  return bareUnit(static_cast<Terminal *>(ctx->children[0]));
}

/// The only number in a unit is 1, the pure number.
void ASTBuilder::unitNumber(Terminal *node) {
  if (spelling(node) != "1")
    error(diag::err_unit_number, range(node)) << spelling(node);
}

Unit ASTBuilder::bareUnit(Terminal *node) {
  Unit result;
  result.range = range(node);
  result.text = spelling(node).str();
  if (node->getSymbol()->getType() == P::NUMBER)
    unitNumber(node);
  else
    result.factors.push_back({result.text, 1, 1, result.range});
  return result;
}

Unit ASTBuilder::unit(P::UnitBracketsContext *ctx) {
  Unit result;
  result.bracketed = true;
  result.range = range(ctx);
  for (char c : text.slice(result.range.begin, result.range.end))
    if (!isspace(static_cast<unsigned char>(c)))
      result.text += c;
  unitProduct(ctx->unitProduct(), 1, 1, result);
  return result;
}

/// Appends the factors of a product that is raised to a power.
void ASTBuilder::unitProduct(P::UnitProductContext *ctx, int32_t numerator, int32_t denominator,
                             Unit &unit) {
  int32_t sign = 1;
  for (antlr4::tree::ParseTree *child : ctx->children) {
    if (auto *power = dynamic_cast<P::UnitPowerContext *>(child)) {
      unitPower(power, sign * numerator, denominator, unit);
      continue;
    }
    auto *op = static_cast<Terminal *>(child);
    sign = op->getSymbol()->getType() == P::SLASH ? -1 : 1;
  }
}

void ASTBuilder::unitPower(P::UnitPowerContext *ctx, int32_t numerator, int32_t denominator,
                           Unit &unit) {
  if (auto *exponent = ctx->unitExponent()) {
    int32_t n = 1, d = 1;
    int64_t product = 0, divisor = 1;
    if (unitExponent(exponent, n, d)) {
      product = int64_t(numerator) * n;
      divisor = int64_t(denominator) * d;
      int64_t common = std::gcd(product, divisor);
      product /= common;
      divisor /= common;
    }
    constexpr int64_t limit = 1000;
    if (product == 0 || std::abs(product) > limit || divisor > limit) {
      SourceRange place = range(exponent);
      error(diag::err_unit_exponent, place) << text.slice(place.begin, place.end);
      product = divisor = 1;
    }
    numerator = product;
    denominator = divisor;
  }
  if (auto *product = ctx->unitProduct())
    return unitProduct(product, numerator, denominator, unit);
  auto *node = static_cast<Terminal *>(ctx->children[0]);
  if (node->getSymbol()->getType() == P::NUMBER)
    return unitNumber(node);
  unit.factors.push_back({spelling(node).str(), numerator, denominator, range(node)});
}

/// False where the exponent is no fraction of whole numbers, or zero.
bool ASTBuilder::unitExponent(P::UnitExponentContext *ctx, int32_t &numerator,
                              int32_t &denominator) {
  if (spelling(ctx->NUMBER(0)).getAsInteger(10, numerator))
    return false;
  if (ctx->MINUS())
    numerator = -numerator;
  denominator = 1;
  if (ctx->NUMBER(1) && spelling(ctx->NUMBER(1)).getAsInteger(10, denominator))
    return false;
  return numerator != 0 && denominator != 0;
}
