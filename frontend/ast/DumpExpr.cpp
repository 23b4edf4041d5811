//===- DumpExpr.cpp - Expressions as prefix text --------------------------===//

#include "frontend/ast/DumpInternal.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Casting.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

using namespace synfire;
using namespace synfire::ast;
using llvm::raw_ostream;

void ast::dump(const Unit &unit, raw_ostream &os) {
  os << '[';
  if (unit.factors.empty())
    os << '1';
  llvm::interleave(
      unit.factors, os,
      [&](const UnitFactor &factor) {
        os << factor.name;
        if (factor.numerator == 1 && factor.denominator == 1)
          return;
        os << '^' << factor.numerator;
        if (factor.denominator != 1)
          os << '/' << factor.denominator;
      },
      "*");
  os << ']';
}

void ast::dumpList(const std::vector<ExprPtr> &exprs, raw_ostream &os) {
  llvm::interleave(exprs, os, [&](const ExprPtr &expr) { dump(*expr, os); }, ", ");
}

void ast::dumpArgs(const std::vector<Argument> &args, raw_ostream &os) {
  os << '(';
  llvm::interleave(
      args, os,
      [&](const Argument &argument) {
        if (argument.name)
          os << argument.name.text << " = ";
        dump(*argument.value, os);
      },
      ", ");
  os << ')';
}

void ast::dump(const PopRef &ref, raw_ostream &os) {
  switch (ref.kind) {
  case PopRef::Kind::Path:
    llvm::interleave(
        ref.path, os,
        [&](const PathSegment &segment) {
          os << segment.name.text;
          if (segment.index.empty())
            return;
          os << '[';
          dumpList(segment.index, os);
          os << ']';
        },
        ".");
    return;
  case PopRef::Kind::All:
    os << '*';
    return;
  case PopRef::Kind::Set:
    os << '{';
    llvm::interleave(ref.items, os, [&](const PopRefPtr &item) { dump(*item, os); }, ", ");
    os << '}';
    return;
  case PopRef::Kind::Selection:
    os << "(where ";
    dump(*ref.base, os);
    os << ' ';
    dump(*ref.condition, os);
    os << ')';
    return;
  }
}

void ast::dumpRef(const ProjectionRef &ref, raw_ostream &os) {
  dump(*ref.source, os);
  if (!ref.target)
    return;
  os << " -> ";
  dump(*ref.target, os);
}

/// `(head a b)`, operands that are null left out.
static void list(raw_ostream &os, llvm::StringRef head,
                 std::initializer_list<const Expr *> operands) {
  os << '(' << head;
  for (const Expr *operand : operands) {
    if (!operand)
      continue;
    os << ' ';
    dump(*operand, os);
  }
  os << ')';
}

static void dumpDraw(const DrawExpr &draw, raw_ostream &os) {
  os << "~ ";
  dump(*draw.distribution, os);
  if (draw.limit == DrawExpr::Limit::None)
    return;
  os << ' ';
  list(os, draw.limit == DrawExpr::Limit::Redraw ? "in" : "clipped",
       {draw.low.get(), draw.high.get()});
}

static void dumpColumn(const ColumnExpr &column, raw_ostream &os) {
  os << "(column ";
  dump(*column.column, os);
  if (column.file)
    os << " from ", dump(*column.file, os);
  if (column.row)
    os << " row ", dump(*column.row, os);
  if (column.unit)
    os << " in ", dump(*column.unit, os);
  os << ')';
}

static void dumpFrames(const FramesExpr &frames, raw_ostream &os) {
  os << "(frames " << frames.format.text << ' ';
  dump(*frames.path, os);
  if (frames.labels)
    os << " labels ", dump(*frames.labels, os);
  if (frames.period)
    os << " every ", dump(*frames.period, os);
  os << ')';
}

static void dumpNumber(const NumberExpr &number, raw_ostream &os) {
  os << llvm::format("%.17g", number.value);
  if (number.unit)
    os << ' ', dump(*number.unit, os);
}

void ast::dump(const Expr &expr, raw_ostream &os) {
  using Kind = Expr::Kind;
  switch (expr.getKind()) {
  case Kind::Number:
    return dumpNumber(llvm::cast<NumberExpr>(expr), os);
  case Kind::String:
    os << '"';
    os.write_escaped(llvm::cast<StringExpr>(expr).value) << '"';
    return;
  case Kind::Name:
    os << llvm::cast<NameExpr>(expr).name;
    return;
  case Kind::Steady:
    os << "steady";
    return;
  case Kind::Star:
    os << '*';
    return;
  case Kind::Field: {
    auto &field = llvm::cast<FieldExpr>(expr);
    dump(*field.base, os);
    os << '.' << field.field.text;
    return;
  }
  case Kind::Index: {
    auto &index = llvm::cast<IndexExpr>(expr);
    dump(*index.base, os);
    os << '[';
    dumpList(index.indices, os);
    os << ']';
    return;
  }
  case Kind::Call:
    os << llvm::cast<CallExpr>(expr).callee.text;
    return dumpArgs(llvm::cast<CallExpr>(expr).args, os);
  case Kind::Unary: {
    auto &unary = llvm::cast<UnaryExpr>(expr);
    return list(os, spelling(unary.op), {unary.operand.get()});
  }
  case Kind::Binary: {
    auto &binary = llvm::cast<BinaryExpr>(expr);
    return list(os, spelling(binary.op), {binary.lhs.get(), binary.rhs.get()});
  }
  case Kind::Compare: {
    auto &compare = llvm::cast<CompareExpr>(expr);
    return list(os, spelling(compare.op), {compare.lhs.get(), compare.rhs.get()});
  }
  case Kind::Logical: {
    auto &logical = llvm::cast<LogicalExpr>(expr);
    return list(os, spelling(logical.op), {logical.lhs.get(), logical.rhs.get()});
  }
  case Kind::If: {
    auto &choice = llvm::cast<IfExpr>(expr);
    return list(os, "if", {choice.condition.get(), choice.thenValue.get(), choice.elseValue.get()});
  }
  case Kind::List:
    os << '[';
    dumpList(llvm::cast<ListExpr>(expr).items, os);
    os << ']';
    return;
  case Kind::Range: {
    auto &range = llvm::cast<RangeExpr>(expr);
    return list(os, "..", {range.low.get(), range.high.get()});
  }
  case Kind::Draw:
    return dumpDraw(llvm::cast<DrawExpr>(expr), os);
  case Kind::Column:
    return dumpColumn(llvm::cast<ColumnExpr>(expr), os);
  case Kind::Delayed: {
    auto &delayed = llvm::cast<DelayedExpr>(expr);
    return list(os, "delayed", {delayed.value.get(), delayed.delay.get()});
  }
  case Kind::Frames:
    return dumpFrames(llvm::cast<FramesExpr>(expr), os);
  case Kind::Of:
    os << "(of ";
    dump(*llvm::cast<OfExpr>(expr).what, os);
    os << ' ';
    dumpRef(llvm::cast<OfExpr>(expr).of, os);
    os << ')';
    return;
  case Kind::Population:
    return dump(*llvm::cast<PopulationExpr>(expr).ref, os);
  case Kind::Arrow:
    os << '(';
    dumpRef(llvm::cast<ArrowExpr>(expr).ref, os);
    os << ')';
    return;
  }
}
