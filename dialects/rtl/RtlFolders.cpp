//===- RtlFolders.cpp - what is simpler said otherwise ---===//
#include "dialects/rtl/Rtl.h"

#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::rtl;

Operation *rtl::RtlDialect::materializeConstant(OpBuilder &builder, Attribute value, Type type,
                                                Location loc) {
  return arith::ConstantOp::materialize(builder, value, type, loc);
}

//===----------------------------------------------------------------------===//
// Registers
//===----------------------------------------------------------------------===//

/// A register that is never anything but one number, or not known yet, is that number.
OpFoldResult rtl::RegisterOp::fold(FoldAdaptor adaptor) {
  auto next = dyn_cast_or_null<IntegerAttr>(adaptor.getNext());
  std::optional<APInt> value;
  if (next)
    value = next.getValue();
  else if (getNext() != getResult())
    return {};
  for (std::optional<APInt> other : {getResetValue(), getInitialValue()}) {
    if (!other)
      continue;
    if (value && *value != *other)
      return {};
    value = other;
  }
  return value ? IntegerAttr::get(getType(), *value) : IntegerAttr();
}

/// An enable that is always high, and a reset that is never.
static LogicalResult dropConstantControls(RegisterOp op, PatternRewriter &rewriter) {
  bool enabled = op.getEnable() && matchPattern(op.getEnable(), m_One());
  bool neverReset = op.getReset() && matchPattern(op.getReset(), m_Zero());
  if (!enabled && !neverReset)
    return failure();
  rewriter.modifyOpInPlace(op, [&] {
    if (enabled)
      op.getEnableMutable().clear();
    if (neverReset) {
      op.getResetMutable().clear();
      op.removeResetValueAttr();
    }
  });
  return success();
}

void rtl::RegisterOp::getCanonicalizationPatterns(RewritePatternSet &patterns, MLIRContext *) {
  patterns.add(dropConstantControls);
}

//===----------------------------------------------------------------------===//
// Parts of words
//===----------------------------------------------------------------------===//

OpFoldResult rtl::ExtractOp::fold(FoldAdaptor adaptor) {
  if (getValue().getType() == getType())
    return getValue();
  if (auto value = dyn_cast_or_null<IntegerAttr>(adaptor.getValue()))
    return IntegerAttr::get(getType(),
                            value.getValue().extractBits(widthOf(getResult()), getFrom()));
  if (auto inner = getValue().getDefiningOp<ExtractOp>(); inner && inner != *this) {
    setFrom(getFrom() + inner.getFrom());
    setOperand(inner.getValue());
    return getResult();
  }
  return {};
}

/// Bits of one part of a concatenation are bits of that part.
static LogicalResult extractFromPart(ExtractOp op, PatternRewriter &rewriter) {
  auto concat = op.getValue().getDefiningOp<ConcatOp>();
  if (!concat)
    return failure();
  unsigned low = 0, from = op.getFrom(), width = widthOf(op.getResult());
  for (Value part : llvm::reverse(concat.getParts())) {
    unsigned high = low + widthOf(part);
    if (from >= low && from + width <= high) {
      rewriter.replaceOpWithNewOp<ExtractOp>(op, op.getType(), part, from - low);
      return success();
    }
    low = high;
  }
  return failure();
}

/// The lowest bits have one form, so that equal things are found to be equal.
static LogicalResult lowestBitsAreTruncation(ExtractOp op, PatternRewriter &rewriter) {
  if (op.getFrom() != 0 || op.getType() == op.getValue().getType())
    return failure();
  rewriter.replaceOpWithNewOp<arith::TruncIOp>(op, op.getType(), op.getValue());
  return success();
}

void rtl::ExtractOp::getCanonicalizationPatterns(RewritePatternSet &patterns, MLIRContext *) {
  patterns.add(extractFromPart);
  patterns.add(lowestBitsAreTruncation);
}

OpFoldResult rtl::ConcatOp::fold(FoldAdaptor adaptor) {
  if (getParts().size() == 1)
    return getParts()[0];
  APInt value = APInt::getZeroWidth();
  for (Attribute part : adaptor.getParts()) {
    auto constant = dyn_cast_or_null<IntegerAttr>(part);
    if (!constant)
      return {};
    value = value.concat(constant.getValue());
  }
  return IntegerAttr::get(getType(), value);
}

/// The lowest bit that a value takes of another, if it is nothing but some bits of it.
static std::pair<Value, unsigned> bitsOf(Value value) {
  if (auto extract = value.getDefiningOp<ExtractOp>())
    return {extract.getValue(), extract.getFrom()};
  if (auto truncation = value.getDefiningOp<arith::TruncIOp>())
    return {truncation.getIn(), 0};
  return {value, 0};
}

/// Concatenations in one are one; neighbours are one part.
static LogicalResult joinParts(ConcatOp op, PatternRewriter &rewriter) {
  SmallVector<Value> parts;
  bool changed = false;
  for (Value part : op.getParts()) {
    auto inner = part.getDefiningOp<ConcatOp>();
    if (inner && inner != op && inner->hasOneUse()) {
      llvm::append_range(parts, inner.getParts());
      changed = true;
      continue;
    }
    auto [value, from] = bitsOf(part);
    auto [before, fromBefore] = parts.empty() ? std::pair<Value, unsigned>() : bitsOf(parts.back());
    if (value == before && fromBefore == from + widthOf(part)) {
      Type type = rewriter.getIntegerType(widthOf(part) + widthOf(parts.back()));
      parts.back() = ExtractOp::create(rewriter, op.getLoc(), type, value, from);
      changed = true;
      continue;
    }
    parts.push_back(part);
  }
  if (!changed)
    return failure();
  rewriter.replaceOpWithNewOp<ConcatOp>(op, op.getType(), parts);
  return success();
}

/// Zeros on top are an extension.
static LogicalResult zerosAreExtension(ConcatOp op, PatternRewriter &rewriter) {
  if (op.getParts().size() != 2 || !matchPattern(op.getParts()[0], m_Zero()))
    return failure();
  rewriter.replaceOpWithNewOp<arith::ExtUIOp>(op, op.getType(), op.getParts()[1]);
  return success();
}

void rtl::ConcatOp::getCanonicalizationPatterns(RewritePatternSet &patterns, MLIRContext *) {
  patterns.add(joinParts);
  patterns.add(zerosAreExtension);
}
