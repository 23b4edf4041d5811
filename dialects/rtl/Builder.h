//===- Builder.h - hardware written in C++ ---===//
//
// A `ModuleBuilder` makes one `rtl.module`; its `Wire`s are values with operators. Widths are never
// changed silently: both sides of an operator have the same width, and `zext`, `sext`, `low` and
// `bits` change it. The carry of a sum needs a wider sum.
//
//   ModuleBuilder m(builder, loc, "counter");
//   Wire rst = m.input("rst", 1), step = m.input("step", 1);
//   Register count = m.reg("count", 8, {rst, 0, step});
//   count.set(count + 1);
//   m.output("count", count);
//   m.finish();
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_DIALECTS_RTL_BUILDER_H
#define SYNFIRE_DIALECTS_RTL_BUILDER_H

#include "dialects/rtl/Rtl.h"

#include "mlir/IR/Builders.h"

namespace synfire::rtl {

class ModuleBuilder;

/// A value in a module that is being built.
class Wire {
public:
  Wire() = default;
  Wire(ModuleBuilder &module, mlir::Value value) : module(&module), value(value) {}

  explicit operator bool() const { return bool(value); }
  mlir::Value get() const { return value; }
  unsigned width() const { return widthOf(value); }

  Wire operator+(Wire other) const;
  Wire operator-(Wire other) const;
  Wire operator*(Wire other) const;
  Wire operator&(Wire other) const;
  Wire operator|(Wire other) const;
  Wire operator^(Wire other) const;
  Wire operator~() const;
  Wire operator==(Wire other) const;
  Wire operator!=(Wire other) const;
  // With a number, taken modulo 2^width.
  Wire operator+(int64_t number) const { return *this + same(number); }
  Wire operator-(int64_t number) const { return *this - same(number); }
  Wire operator&(int64_t number) const { return *this & same(number); }
  Wire operator==(int64_t number) const { return *this == same(number); }
  Wire operator!=(int64_t number) const { return *this != same(number); }

  /// Comparison of the given kind, which also says whether words have signs.
  Wire compare(mlir::arith::CmpIPredicate predicate, Wire other) const;
  Wire ult(Wire other) const { return compare(mlir::arith::CmpIPredicate::ult, other); }
  Wire ule(Wire other) const { return compare(mlir::arith::CmpIPredicate::ule, other); }
  Wire slt(Wire other) const { return compare(mlir::arith::CmpIPredicate::slt, other); }
  Wire sle(Wire other) const { return compare(mlir::arith::CmpIPredicate::sle, other); }
  Wire ult(int64_t number) const { return ult(same(number)); }
  Wire slt(int64_t number) const { return slt(same(number)); }

  /// Shifts, by less than the width.
  Wire shl(unsigned amount) const;
  Wire shru(unsigned amount) const;
  Wire shrs(unsigned amount) const;
  Wire shl(Wire amount) const;
  Wire shru(Wire amount) const;
  Wire shrs(Wire amount) const;

  /// Bit 0 is the lowest.
  Wire bit(unsigned i) const { return bits(i, 1); }
  Wire bits(unsigned from, unsigned width) const;
  Wire low(unsigned width) const { return bits(0, width); }
  Wire msb() const { return bit(width() - 1); }
  /// Extensions to `width` bits.
  Wire zext(unsigned width) const;
  Wire sext(unsigned width) const;

  /// This one if the bit is high, else the other: `full.select(old, next)`.
  Wire select(Wire high, Wire low) const;
  Wire select(Wire high, int64_t low) const { return select(high, high.same(low)); }
  /// Whether all bits, or any, are high.
  Wire all() const { return *this == -1; }
  Wire any() const { return *this != 0; }

  /// A constant of this width.
  Wire same(int64_t number) const;

private:
  ModuleBuilder *module = nullptr;
  mlir::Value value;
};

/// How a register is controlled: `{rst}`, `{rst, 5}`, `{rst, 0, enable}`, `{{}, 0, enable}`.
struct RegisterOptions {
  Wire reset = {}; ///< without one the register is never reset
  int64_t resetValue = 0;
  Wire enable = {};
  std::optional<int64_t> initially = {};
};

/// A register whose next value may be given after it was used.
class Register : public Wire {
public:
  Register() = default;
  Register(ModuleBuilder &module, RegisterOp op) : Wire(module, op.getResult()), op(op) {}
  void set(Wire next) { op.getNextMutable().assign(next.get()); }
  /// An enable may need the register, too.
  void enableWhen(Wire enable) { op.getEnableMutable().assign(enable.get()); }

private:
  RegisterOp op;
};

struct MemoryOptions {
  Style style = Style::Auto;
  mlir::ElementsAttr init = {};
  bool collisions = false; ///< what is read where it is written at the same edge is not used
};

/// A memory and its ports.
class Memory {
public:
  Memory() = default;
  Memory(ModuleBuilder &module, MemoryOp op) : module(&module), op(op) {}

  unsigned addressWidth() { return op.getMemory().getType().getAddressWidth(); }
  Wire read(Wire address, Wire enable = {});
  void write(Wire address, Wire data, Wire enable = {}, Wire mask = {});
  /// For proofs.
  Wire peek(Wire address);
  Wire access(Wire address, Wire data, Wire write, Wire enable = {}, Wire mask = {});

private:
  ModuleBuilder *module = nullptr;
  MemoryOp op;
};

/// Builds one module, at the builder's insertion point.
class ModuleBuilder {
public:
  ModuleBuilder(mlir::OpBuilder &builder, mlir::Location loc, llvm::StringRef name,
                llvm::StringRef summary = "");

  Wire input(llvm::StringRef name, unsigned width);
  void output(llvm::StringRef name, Wire value);

  Wire constant(unsigned width, int64_t value);
  Wire constant(const llvm::APInt &value);
  Wire wire(llvm::StringRef name, Wire value);
  Register reg(llvm::StringRef name, unsigned width, const RegisterOptions &options = {});
  Memory memory(llvm::StringRef name, int64_t depth, unsigned width,
                const MemoryOptions &options = {});
  /// The first part is the highest bits.
  Wire concat(llvm::ArrayRef<Wire> parts);
  std::vector<Wire> instance(llvm::StringRef name, ModuleOp module, llvm::ArrayRef<Wire> inputs);

  void assertThat(Wire condition, llvm::StringRef text, Wire enable = {});
  void assumeThat(Wire condition, llvm::StringRef text, Wire enable = {});
  Wire arbitrary(llvm::StringRef name, unsigned width);

  /// Writes the outputs; nothing is added after that.
  ModuleOp finish();

  mlir::OpBuilder &getBuilder() { return body; }
  mlir::Location getLoc() const { return loc; }

private:
  ModuleOp module;
  mlir::OpBuilder body;
  mlir::Location loc;
  llvm::SmallVector<mlir::Attribute> inputNames, outputNames, outputTypes;
  llvm::SmallVector<mlir::Value> outputs;
};

} // namespace synfire::rtl

#endif // SYNFIRE_DIALECTS_RTL_BUILDER_H
