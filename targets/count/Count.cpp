//===- Count.cpp - how much work a program is, before anything runs (X4) ---===//
#include "targets/count/Count.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Pass/Pass.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::count;
using sim::FieldKind;

namespace {

unsigned bytesOf(Type type) { return std::max(1u, type.getIntOrFloatBitWidth() / 8); }

/// Counts one kernel; values that do not differ between elements are computed once.
class Counter {
public:
  explicit Counter(sim::KernelOp kernel) : kernel(kernel) {}

  Operations count() {
    for (Operation &op : kernel.getBody().front())
      visit(&op);
    return operations;
  }

private:
  sim::FieldOp field(StringRef name) { return kernel.lookupSymbol<sim::FieldOp>(name); }

  void load(Type type) {
    ++operations.loads;
    operations.loadedBytes += bytesOf(type);
  }
  void store(Type type) {
    ++operations.stores;
    operations.storedBytes += bytesOf(type);
  }
  void differs(Operation *op) { varying.insert(op->result_begin(), op->result_end()); }

  void visit(Operation *op) {
    if (isa<arith::ArithDialect>(op->getDialect()) || op->getName().getDialectNamespace() == "math")
      return arithmetic(op);
    llvm::TypeSwitch<Operation *>(op)
        .Case([&](sim::GetOp get) {
          if (field(get.getField()).getKind() == FieldKind::Uniform)
            return;
          load(field(get.getField()).getType());
          differs(get);
        })
        .Case([&](sim::SetOp set) { store(field(set.getField()).getType()); })
        .Case([&](sim::CollectOp collect) { // taken, and cleared
          load(collect.getType());
          store(collect.getType());
          differs(collect);
        })
        .Case([&](sim::DeferOp defer) { store(defer.getValue().getType()); })
        .Case([&](sim::DueOp due) { // taken, and cleared
          load(due.getType());
          store(due.getType());
          differs(due);
        })
        .Case<sim::SendOp, sim::AccumulateOp>([&](Operation *sum) { // read, added to, written
          Type type = sum->getOperand(0).getType();
          load(type);
          store(type);
          ++(isa<FloatType>(type) ? operations.flops : operations.integers);
        })
        .Case([&](sim::EmitOp emit) {
          // The number of an element that fires, and what its spike carries, are written then; the
          // test is made for each.
          ++operations.integers;
        })
        .Case([&](sim::PayloadOp payload) {
          load(payload.getType());
          differs(payload);
        })
        .Case([&](sim::RecallOp recall) { // one spike of the target
          differs(recall);
          Block &block = recall.getBody().front();
          varying.insert(block.args_begin(), block.args_end());
          for (Operation &inner : block)
            visit(&inner);
        })
        .Case<sim::RememberedOp, sim::LatestOp>([&](Operation *kept) {
          load(kept->getResult(0).getType());
          differs(kept);
        })
        .Case<sim::NormalOp, sim::CountOp>([&](Operation *draw) {
          // Four elements share a block, where they draw in the same step.
          operations.words += varying.contains(draw->getOperand(0)) ? 4 : 1;
          differs(draw);
        })
        .Case([&](sim::DrawOp draw) { // without repetitions
          ++operations.words;
          differs(draw);
        })
        .Case<sim::RoundOp, sim::PropagatorOp>([&](Operation *other) { arithmetic(other); })
        .Case([&](sim::ElementOp element) { differs(element); })
        .Default([](Operation *) {});
  }

  void arithmetic(Operation *op) {
    if (op->hasTrait<OpTrait::ConstantLike>())
      return;
    bool each = llvm::any_of(op->getOperands(), [&](Value v) { return varying.contains(v); });
    if (!each) {
      ++operations.shared;
      return;
    }
    differs(op);
    bool real = llvm::any_of(op->getOperandTypes(), [](Type t) { return isa<FloatType>(t); });
    (real ? operations.flops : operations.integers) += isa<math::FmaOp>(op) ? 2 : 1;
  }

  sim::KernelOp kernel;
  Operations operations;
  llvm::DenseSet<Value> varying;
};

StringRef unitOf(Operation *op) {
  if (isa<sim::DeliverOp, sim::HandleOp>(op))
    return "event";
  return isa<sim::GatherOp, sim::ValuesOp, sim::SettleOp, sim::AdvanceOp, sim::TimerOp>(op)
             ? "connection"
             : "element";
}

struct CountPass : PassWrapper<CountPass, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(CountPass)

  StringRef getArgument() const override { return "count-operations"; }
  StringRef getDescription() const override {
    return "prints how much work each structured op of a program is";
  }
  void runOnOperation() override {
    for (auto program : getOperation().getOps<sim::ProgramOp>())
      for (Launch &launch : countOperations(program))
        llvm::outs() << fmt::format(
            "{} over {}, each {}: {}\n", launch.op->getName().stripDialect().str(),
            launch.op.overName().str(), launch.unit.str(), describe(launch.each));
  }
};

} // namespace

std::vector<Launch> synfire::count::countOperations(sim::ProgramOp program) {
  std::vector<Launch> launches;
  SymbolTable symbols(program);
  program.walk([&](sim::LaunchInterface op) {
    auto kernel = symbols.lookup<sim::KernelOp>(op.kernelName());
    launches.push_back({op, unitOf(op), Counter(kernel).count()});
  });
  return launches;
}

std::string synfire::count::describe(const Operations &operations) {
  std::string text;
  auto add = [&](unsigned n, const char *what, unsigned bytes = 0) {
    if (!n)
      return;
    text += fmt::format("{}{} {}{}", text.empty() ? "" : ", ", n, what, n > 1 ? "s" : "");
    if (bytes)
      text += fmt::format(" ({} bytes)", bytes);
  };
  add(operations.flops, "flop");
  add(operations.integers, "integer operation");
  add(operations.loads, "load", operations.loadedBytes);
  add(operations.stores, "store", operations.storedBytes);
  add(operations.words, "random word");
  return text.empty() ? "nothing" : text;
}

void synfire::count::registerCountPass() { PassRegistration<CountPass>(); }
