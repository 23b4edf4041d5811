//===- KernelBuilder.h - a kernel under construction, with its bindings ---===//
#ifndef SYNFIRE_PASSES_NEURO_TO_SIM_KERNELBUILDER_H
#define SYNFIRE_PASSES_NEURO_TO_SIM_KERNELBUILDER_H

#include "dialects/sim/Sim.h"

#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace synfire {

/// Builds the body of one sim.kernel. Fields are made on first use and named after the model's own
/// variables without their owner, so that two populations of one structure give the same text.
class KernelBuilder : public mlir::ImplicitLocOpBuilder {
public:
  KernelBuilder(mlir::Location loc, mlir::MLIRContext *context);
  ~KernelBuilder();
  KernelBuilder(const KernelBuilder &) = delete;

  /// Until it goes, what is built stands at a place in the model.
  class At {
  public:
    At(KernelBuilder &b, mlir::Location place) : b(b), before(b.getLoc()) { b.setLoc(place); }
    At(const At &) = delete;
    ~At() { b.setLoc(before); }

  private:
    KernelBuilder &b;
    mlir::Location before;
  };

  /// The field bound to `data` (a symbol, or an integer constant); `name` is a wish.
  llvm::StringRef field(llvm::StringRef name, sim::FieldKind kind, mlir::Type type,
                        mlir::Attribute data);
  /// Reads a field that is bound to an array.
  mlir::Value get(llvm::StringRef name, sim::FieldKind kind, sim::ArrayOp array);
  /// Reads an integer given as data: it does not become part of the code.
  mlir::Value datum(llvm::StringRef name, int64_t value);
  /// The hash of a qualified name.
  llvm::StringRef key(llvm::StringRef name, uint32_t hash);
  void set(llvm::StringRef name, sim::FieldKind kind, sim::ArrayOp array, mlir::Value value);

  mlir::Value number(double value);
  mlir::Value add(mlir::Value x, mlir::Value y) { return mlir::arith::AddFOp::create(*this, x, y); }
  mlir::Value sub(mlir::Value x, mlir::Value y) { return mlir::arith::SubFOp::create(*this, x, y); }
  mlir::Value mul(mlir::Value x, mlir::Value y) { return mlir::arith::MulFOp::create(*this, x, y); }
  mlir::Value div(mlir::Value x, mlir::Value y) { return mlir::arith::DivFOp::create(*this, x, y); }
  mlir::Value select(mlir::Value c, mlir::Value x, mlir::Value y) {
    return mlir::arith::SelectOp::create(*this, c, x, y);
  }
  mlir::Value both(mlir::Value x, mlir::Value y) {
    return mlir::arith::AndIOp::create(*this, x, y);
  }

  /// Changes the kind of fields of kind `from` whose data `matches`.
  void retarget(sim::FieldKind from, sim::FieldKind to,
                llvm::function_ref<bool(mlir::Attribute)> matches);

  bool empty() const { return fieldOps.empty(); }
  /// True where some field differs from element to element.
  bool readsElements() const { return elements; }
  /// What the fields are bound to, in order; call it when the body is complete.
  mlir::ArrayAttr bindings();

  /// Ends the kernel and hands it over, without a parent.
  sim::KernelOp take(llvm::StringRef name);

private:
  void prune();

  sim::KernelOp kernel;
  llvm::SmallVector<sim::FieldOp> fieldOps;
  llvm::SmallVector<mlir::Attribute> data;
  llvm::StringMap<unsigned> byName;
  bool elements = false;
};

} // namespace synfire

#endif // SYNFIRE_PASSES_NEURO_TO_SIM_KERNELBUILDER_H
