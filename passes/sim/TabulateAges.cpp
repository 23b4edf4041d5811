//===- TabulateAges.cpp - sim-tabulate-ages ---===//
//
// How far a trace has decayed since a spike depends on a whole number of steps and on parameters: a
// table for the first few thousand steps costs one load instead of an exponential.
//
//===----------------------------------------------------------------------===//
#include "dialects/sim/Sim.h"
#include "passes/sim/Passes.h"

#include "mlir/IR/IRMapping.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringSet.h"

namespace synfire::sim {
#define GEN_PASS_DEF_SIMTABULATEAGESPASS
#include "passes/sim/Passes.h.inc"
} // namespace synfire::sim

using namespace mlir;
using namespace synfire::sim;

namespace {

/// Steps that tables reach: those of most intervals between spikes, and 32 KiB of f64.
constexpr int64_t tableSize = 4096;
/// Fewer operations are not worth a load.
constexpr size_t leastOperations = 8;
constexpr StringLiteral agesName = "#ages";

/// One value that follows from an age and from what is the same for all connections.
struct Tabulated {
  Value age, value;
  SmallVector<Operation *> slice; ///< what computes it, in order, without reads of uniform fields
};

/// The ages of a kernel: steps since a spike.
SmallVector<Value> agesOf(KernelOp kernel) {
  SmallVector<Value> ages;
  kernel.walk([&](Operation *op) {
    if (auto recall = dyn_cast<RecallOp>(op)) {
      Block &block = recall.getBody().front();
      ages.push_back(block.getArgument(block.getNumArguments() - 2));
      ages.push_back(block.getArgument(block.getNumArguments() - 1));
      ages.push_back(recall.getAge());
    } else if (auto latest = dyn_cast<LatestOp>(op)) {
      ages.push_back(latest.getAge());
    }
  });
  return ages;
}

/// What one kernel computes from its ages.
class AgeSlices {
public:
  explicit AgeSlices(KernelOp kernel) : kernel(kernel) {
    for (FieldOp field : kernel.getBody().getOps<FieldOp>())
      if (field.getKind() == FieldKind::Uniform)
        uniforms.insert(field.getSymName());
  }

  SmallVector<Tabulated> find() {
    SmallVector<Tabulated> found;
    for (Value age : agesOf(kernel)) {
      llvm::SetVector<Operation *> slice = forward(age);
      for (Operation *op : slice) {
        // The last values: others need only these.
        bool leaves = llvm::any_of(op->getUsers(), [&](Operation *user) {
          return !slice.contains(user) || user->getBlock() != op->getBlock();
        });
        if (!leaves || op->getNumResults() != 1)
          continue;
        Tabulated one{age, op->getResult(0), {}};
        collect(op, slice, one.slice);
        if (one.slice.size() >= leastOperations || hasFunction(one.slice))
          found.push_back(std::move(one));
      }
    }
    return found;
  }

  /// Whether an op gives the same for all connections.
  bool isUniform(Operation *op) {
    if (auto get = dyn_cast<GetOp>(op))
      return uniforms.contains(get.getField());
    if (!isArithmetic(op))
      return false;
    return llvm::all_of(op->getOperands(), [&](Value operand) {
      return operand.getDefiningOp() && isUniform(operand.getDefiningOp());
    });
  }

private:
  static bool isArithmetic(Operation *op) {
    return op->getNumRegions() == 0 &&
           (isa<arith::ArithDialect>(op->getDialect()) || isa<math::MathDialect>(op->getDialect()));
  }

  llvm::SetVector<Operation *> forward(Value age) {
    llvm::SetVector<Operation *> slice;
    Block *block = age.getParentBlock();
    for (Operation &op : *block) {
      if (!isArithmetic(&op) || op.getNumOperands() == 0)
        continue;
      bool fromAge = false;
      bool pure = llvm::all_of(op.getOperands(), [&](Value operand) {
        Operation *source = operand.getDefiningOp();
        bool own = operand == age || (source && slice.contains(source));
        fromAge |= own;
        return own || (source && isUniform(source));
      });
      if (pure && fromAge)
        slice.insert(&op);
    }
    return slice;
  }

  /// An elementary function that has not become arithmetic (--precision fixed).
  static bool hasFunction(ArrayRef<Operation *> slice) {
    return llvm::any_of(slice, [](Operation *op) { return isa<math::ExpOp>(op); });
  }

  void collect(Operation *op, llvm::SetVector<Operation *> &slice, SmallVector<Operation *> &into) {
    if (llvm::is_contained(into, op))
      return;
    for (Value operand : op->getOperands())
      if (Operation *source = operand.getDefiningOp(); source && slice.contains(source))
        collect(source, slice, into);
    into.push_back(op);
  }

  KernelOp kernel;
  llvm::StringSet<> uniforms;
};

/// Clones a slice with the age replaced, and what it needs that is uniform.
Value cloneSlice(ImplicitLocOpBuilder &b, const Tabulated &one, Value age) {
  IRMapping map;
  map.map(one.age, age);
  std::function<void(Operation *)> clone = [&](Operation *op) {
    for (Value operand : op->getOperands())
      if (!map.contains(operand) && operand.getDefiningOp())
        clone(operand.getDefiningOp());
    b.clone(*op, map);
  };
  for (Operation *op : one.slice)
    clone(op);
  return map.lookup(one.value);
}

class Tabulator {
public:
  explicit Tabulator(ProgramOp program) : program(program) {}

  void run() {
    llvm::MapVector<StringRef, SmallVector<LaunchInterface>> launches;
    for (Operation &op : program.getBody().front())
      if (isa<HandleOp, SettleOp, AdvanceOp, TimerOp>(op))
        launches[cast<LaunchInterface>(op).kernelName()].push_back(cast<LaunchInterface>(op));
    for (auto &[name, users] : launches)
      tabulate(cast<KernelOp>(SymbolTable::lookupSymbolIn(program, name)), users);
  }

private:
  void tabulate(KernelOp kernel, ArrayRef<LaunchInterface> users) {
    AgeSlices slices(kernel);
    for (Tabulated &one : slices.find()) {
      if (one.value.use_empty())
        continue; // part of one that came before
      StringRef table = addField(kernel, one);
      KernelOp derive = makeDerive(kernel, one);
      SmallVector<size_t> inputs = inputsOf(derive, kernel);
      for (LaunchInterface user : users)
        bind(user, derive, inputs, one.value.getType());
      replace(one, table);
    }
  }

  /// A field of the kernel for the table.
  StringRef addField(KernelOp kernel, const Tabulated &one) {
    Operation *last = nullptr;
    unsigned number = 0;
    for (FieldOp field : kernel.getBody().getOps<FieldOp>()) {
      last = field;
      number += field.getSymName().starts_with("decay_");
    }
    OpBuilder b(kernel.getContext());
    b.setInsertionPointAfter(last);
    std::string name = "decay_" + std::to_string(number);
    return FieldOp::create(b, one.value.getLoc(), name, FieldKind::Whole, one.value.getType())
        .getSymName();
  }

  /// The kernel that fills a table: the value for the age that is its element's number. One that
  /// was made before, if that does the same.
  KernelOp makeDerive(KernelOp kernel, const Tabulated &one) {
    OpBuilder at(kernel);
    std::string name = "decay_" + std::to_string(made.size());
    auto derive = KernelOp::create(at, one.value.getLoc(), name);
    if (derive.getBody().empty())
      derive.getBody().emplaceBlock();
    Block &body = derive.getBody().front();
    ImplicitLocOpBuilder b(one.value.getLoc(), kernel.getContext());
    if (body.empty()) {
      b.setInsertionPointToEnd(&body);
      EndOp::create(b);
    }
    b.setInsertionPoint(body.getTerminator());
    for (FieldOp field : kernel.getBody().getOps<FieldOp>())
      if (field.getKind() == FieldKind::Uniform)
        b.clone(*field);
    FieldOp::create(b, "table", FieldKind::Element, one.value.getType());
    Value age = arith::SIToFPOp::create(b, one.age.getType(), ElementOp::create(b, b.getI64Type()));
    SetOp::create(b, "table", cloneSlice(b, one, age));
    keepReadFields(derive);
    for (KernelOp other : made)
      if (OperationEquivalence::isRegionEquivalentTo(&other.getBody(), &derive.getBody(),
                                                     OperationEquivalence::IgnoreLocations)) {
        derive.erase();
        return other;
      }
    return made.emplace_back(derive);
  }

  static void keepReadFields(KernelOp derive) {
    llvm::StringSet<> read = {"table"};
    derive.walk([&](GetOp get) { read.insert(get.getField()); });
    for (FieldOp field : llvm::make_early_inc_range(derive.getBody().getOps<FieldOp>()))
      if (!read.contains(field.getSymName()))
        field.erase();
  }

  /// Where the fields that a table follows from are among those of the kernel that reads it.
  static SmallVector<size_t> inputsOf(KernelOp derive, KernelOp kernel) {
    SmallVector<size_t> inputs;
    for (FieldOp input : derive.getBody().getOps<FieldOp>())
      for (auto [i, field] : llvm::enumerate(kernel.getBody().getOps<FieldOp>()))
        if (input.getKind() == FieldKind::Uniform && field.getSymName() == input.getSymName())
          inputs.push_back(i);
    return inputs;
  }

  /// Gives a launch the table that follows from what it binds.
  void bind(LaunchInterface user, KernelOp derive, ArrayRef<size_t> fields, Type type) {
    Operation *op = user.getOperation();
    SmallVector<Attribute> inputs, bound(user.bindings().begin(), user.bindings().end());
    for (size_t field : fields)
      inputs.push_back(bound[field]);
    OpBuilder b(op);
    FlatSymbolRefAttr &table = tables[{derive, b.getArrayAttr(inputs)}];
    if (!table)
      table = makeTable(user, derive, inputs, type);
    bound.push_back(table);
    op->setAttr("bind", b.getArrayAttr(bound));
  }

  /// A table, and the launch before \p user that fills it.
  FlatSymbolRefAttr makeTable(LaunchInterface user, KernelOp derive, ArrayRef<Attribute> inputs,
                              Type type) {
    Location loc = user.getLoc();
    OpBuilder data(made.front()), b(user.getOperation());
    if (!ages)
      ages = DomainOp::create(data, program.getLoc(), data.getStringAttr(agesName),
                              data.getI64IntegerAttr(tableSize), IntegerAttr(), IntegerAttr(),
                              ArrayAttr(), data.getUnitAttr(), FlatSymbolRefAttr());
    std::string name = (user.overName() + ".#decay" + Twine(tables.size() - 1)).str();
    auto array = ArrayOp::create(
        data, loc, data.getStringAttr(name), TypeAttr::get(type),
        ArrayKindAttr::get(b.getContext(), ArrayKind::Derived),
        FlatSymbolRefAttr::get(ages.getSymNameAttr()), UnitAttr(), data.getF64FloatAttr(0.0),
        ElementsAttr(), StringAttr(), FlatSymbolRefAttr(), IntegerAttr(), PlacementAttr(),
        StringAttr(), data.getUnitAttr(), DenseF64ArrayAttr(), DenseI64ArrayAttr(), FloatAttr());
    auto symbol = FlatSymbolRefAttr::get(array.getSymNameAttr());
    SmallVector<Attribute> bound(inputs);
    bound.push_back(symbol);
    DeriveOp::create(b, loc, derive.getSymName(), agesName, b.getArrayAttr(bound), false,
                     DenseI64ArrayAttr());
    return symbol;
  }

  void replace(Tabulated &one, StringRef table) {
    ImplicitLocOpBuilder b(one.value.getLoc(), one.value.getDefiningOp());
    auto lookup = LookupOp::create(b, one.value.getType(), table, tableSize, one.age);
    ImplicitLocOpBuilder inside(one.value.getLoc(), &lookup.getOtherwise().emplaceBlock(),
                                lookup.getOtherwise().front().end());
    Value computed = cloneSlice(inside, one, one.age);
    YieldOp::create(inside, computed);
    one.value.replaceAllUsesWith(lookup.getResult());
    for (Operation *op : llvm::reverse(one.slice))
      if (op->use_empty())
        op->erase();
  }

  ProgramOp program;
  DomainOp ages;
  SmallVector<KernelOp> made;
  /// By the kernel that fills them and what it reads.
  llvm::DenseMap<std::pair<Operation *, Attribute>, FlatSymbolRefAttr> tables;
};

struct SimTabulateAgesPass : synfire::sim::impl::SimTabulateAgesPassBase<SimTabulateAgesPass> {
  void runOnOperation() override {
    for (ProgramOp program : getOperation().getOps<ProgramOp>())
      Tabulator(program).run();
  }
};

} // namespace
