//===- RemoveDeadState.cpp - sim-remove-dead-state ---===//
//
// Backwards from what a run shows: spikes, records, weights, and what the runtime reads. A value is
// live if something live is computed from it; a state that is not is dropped, with the statements
// that move it. A kernel serves many launches, so that what one of them needs all of them keep.
//
//===----------------------------------------------------------------------===//
#include "dialects/sim/Sim.h"
#include "passes/sim/Passes.h"

#include "mlir/Analysis/SliceAnalysis.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

namespace synfire::sim {
#define GEN_PASS_DEF_SIMREMOVEDEADSTATEPASS
#include "passes/sim/Passes.h.inc"
} // namespace synfire::sim

using namespace mlir;
using namespace synfire::sim;

namespace {

/// A kernel, what runs it, and what each of its fields is bound to.
struct Use {
  KernelOp kernel;
  SmallVector<LaunchInterface> launches;
  SmallVector<ConnectionsOp> connections;              ///< that they run over
  llvm::StringMap<unsigned> numbers;                   ///< of fields
  SmallVector<llvm::SetVector<StringAttr>> boundNames; ///< of each field, over all launches

  ArrayRef<StringAttr> bound(StringRef field) {
    return boundNames[numbers.lookup(field)].getArrayRef();
  }
  StringRef boundIn(LaunchInterface launch, StringRef field) {
    auto symbol = dyn_cast<FlatSymbolRefAttr>(launch.bindings()[numbers.lookup(field)]);
    return symbol ? symbol.getValue() : StringRef();
  }
};

class DeadState {
public:
  explicit DeadState(ProgramOp program) : program(program), symbols(program) {}

  void remove() {
    collectUses();
    markRoots();
    auto known = [&] { return live.size() + payloads.size(); };
    size_t before;
    do {
      before = known();
      for (auto &[name, use] : uses)
        markNeeded(use);
      markData();
    } while (known() != before);
    report();
    for (auto &[name, use] : uses)
      prune(use);
    for (auto array : llvm::make_early_inc_range(program.getBody().getOps<ArrayOp>()))
      if (isDead(array))
        array.erase();
  }

private:
  void collectUses();
  void collect(LaunchInterface launch);
  void markRoots();
  void markData();
  void markNeeded(Use &use);
  llvm::DenseSet<Operation *> neededIn(Use &use);
  void report();
  void prune(Use &use);
  void pruneFields(Use &use);
  bool pruneLaunch(LaunchInterface launch, bool idle);

  bool isLive(Use &use, StringRef field) {
    return llvm::any_of(use.bound(field), [&](StringAttr name) { return live.contains(name); });
  }
  /// Arrays that a compiled program can do without. Parameters are the user's, and couplings go
  /// with the connections that they are gathered over.
  bool isDead(ArrayOp array) {
    bool may = llvm::is_contained({ArrayKind::State, ArrayKind::History, ArrayKind::Derived},
                                  array.getKind());
    return may && !live.contains(array.getSymNameAttr());
  }
  /// Whether what an op does to data matters, and not only its results.
  bool hasEffect(Use &use, Operation *op);
  /// Of a spike of this domain.
  bool isPayloadLive(Use &use, int64_t number) {
    return llvm::any_of(use.launches, [&](LaunchInterface launch) {
      return payloads.contains({launch.overName(), number});
    });
  }
  void readPayload(Use &use, int64_t number);
  void readRemembered(Use &use, int64_t number);

  ProgramOp program;
  SymbolTable symbols;
  llvm::MapVector<StringRef, Use> uses;             ///< by kernel
  SmallVector<ArrayOp> pasts;                       ///< arrays that keep the past of others
  llvm::DenseSet<Attribute> live;                   ///< names of arrays
  DenseSet<std::pair<StringRef, int64_t>> payloads; ///< domain and number, of those that are read
};

void DeadState::collect(LaunchInterface launch) {
  Use &use = uses[launch.kernelName()];
  if (!use.kernel) {
    use.kernel = symbols.lookup<KernelOp>(launch.kernelName());
    for (auto field : use.kernel.getBody().getOps<FieldOp>())
      use.numbers[field.getSymName()] = use.numbers.size();
    use.boundNames.resize(use.numbers.size());
  }
  use.launches.push_back(launch);
  if (auto connections = symbols.lookup<ConnectionsOp>(launch.overName()))
    use.connections.push_back(connections);
  for (auto [names, to] : llvm::zip(use.boundNames, launch.bindings()))
    if (auto symbol = dyn_cast<FlatSymbolRefAttr>(to))
      names.insert(symbol.getAttr());
}

void DeadState::collectUses() {
  for (Operation &op : program.getBody().front())
    if (auto array = dyn_cast<ArrayOp>(op)) {
      if (array.getPastOf())
        pasts.push_back(array);
    } else if (auto launch = dyn_cast<LaunchInterface>(op)) {
      collect(launch);
    } else if (isa<RunOp>(op)) {
      op.walk([&](LaunchInterface assignment) { collect(assignment); });
    }
}

/// What somebody beside the kernels of a step looks at.
void DeadState::markRoots() {
  auto mark = [&](Operation *op) {
    op->getAttrDictionary().walk([&](FlatSymbolRefAttr name) { live.insert(name.getAttr()); });
  };
  for (Operation &op : program.getBody().front()) {
    if (auto connections = dyn_cast<ConnectionsOp>(op)) {
      // Weights are told at the end of a run; constraints find them and what is there by name.
      for (StringRef part : {".weight", ".#present"})
        live.insert(StringAttr::get(op.getContext(), connections.getSymName() + part));
    } else if (auto values = dyn_cast<ValuesOp>(op)) {
      if (values.getRole() == "delay" || values.getRole() == "probability")
        mark(&op);
    } else if (auto run = dyn_cast<RunOp>(op)) {
      op.walk(mark); // records, and what a protocol reads or changes
    } else if (auto sum = dyn_cast<AccumulatorOp>(op)) {
      for (FlatSymbolRefAttr part : {sum.getScaleAttr(), sum.getInverseAttr(), sum.getLimitAttr()})
        if (part)
          live.insert(part.getAttr());
    } else if (auto cap = dyn_cast<CapOp>(op)) {
      if (cap.getArrayAttr())
        live.insert(cap.getArrayAttr().getAttr());
    } else if (!isa<ArrayOp, KernelOp, LaunchInterface>(op)) {
      mark(&op); // drives, frames, answers
    }
  }
}

/// What arrays need of each other.
void DeadState::markData() {
  for (ArrayOp array : pasts)
    if (live.contains(array.getSymNameAttr()))
      live.insert(array.getPastOfAttr().getAttr());
}

bool DeadState::hasEffect(Use &use, Operation *op) {
  if (auto set = dyn_cast<SetOp>(op)) {
    // The value per connection that a `values` op computes for an array.
    for (LaunchInterface launch : use.launches)
      if (auto values = dyn_cast<ValuesOp>(launch.getOperation()))
        if (values.getRole() == "delay" || values.getRole() == "probability" ||
            live.contains(values.getRoleAttr()))
          return true;
    return isLive(use, set.getField());
  }
  return isa<EmitOp, SendOp, AccumulateOp, CollectOp, DeferOp, DueOp>(op);
}

void DeadState::readPayload(Use &use, int64_t number) {
  for (ConnectionsOp connections : use.connections)
    payloads.insert({connections.getSource(), connections.getFirstPayload().value_or(0) + number});
}

/// The values that a target remembers of its spikes are the last ones that those carry.
void DeadState::readRemembered(Use &use, int64_t number) {
  for (ConnectionsOp connections : use.connections) {
    auto target = symbols.lookup<DomainOp>(connections.getTarget());
    int64_t first = target.getPayloads().value_or(0) - target.getRemembers().value_or(0);
    payloads.insert(
        {connections.getTarget(), first + connections.getFirstRemembered().value_or(0) + number});
  }
}

/// The ops of a kernel that its effects are computed from.
llvm::DenseSet<Operation *> DeadState::neededIn(Use &use) {
  llvm::DenseSet<Operation *> needed;
  SmallVector<Operation *> work;
  auto need = [&](Value value) {
    if (Operation *op = value.getDefiningOp(); op && needed.insert(op).second)
      work.push_back(op);
  };
  for (Operation &op : use.kernel.getBody().front())
    if (hasEffect(use, &op)) {
      needed.insert(&op);
      if (auto emit = dyn_cast<EmitOp>(op)) {
        need(emit.getFires());
        for (auto [i, value] : llvm::enumerate(emit.getPayload()))
          if (isPayloadLive(use, i))
            need(value);
      } else {
        work.push_back(&op);
      }
    }
  while (!work.empty()) // an op with a region needs all that is inside
    work.pop_back_val()->walk([&](Operation *inner) {
      needed.insert(inner);
      llvm::for_each(inner->getOperands(), need);
    });
  return needed;
}

void DeadState::markNeeded(Use &use) {
  for (Operation *op : neededIn(use)) {
    // What is written, too: one kernel cannot set one array and leave out another.
    for (NamedAttribute attribute : op->getAttrDictionary())
      if (auto field = dyn_cast<FlatSymbolRefAttr>(attribute.getValue()))
        live.insert_range(use.bound(field.getValue()));
    if (auto payload = dyn_cast<PayloadOp>(op))
      readPayload(use, payload.getNumber());
    else if (auto remembered = dyn_cast<RememberedOp>(op))
      readRemembered(use, remembered.getNumber());
    else if (auto latest = dyn_cast<LatestOp>(op))
      readRemembered(use, latest.getNumber());
    else if (auto recall = dyn_cast<RecallOp>(op); recall && recall.getPayload())
      readPayload(use, *recall.getPayload());
  }
}

/// Says on the program which states go, and who reads them.
void DeadState::report() {
  llvm::MapVector<StringRef, llvm::SetVector<StringRef>> readers; // of states that go
  for (auto array : program.getBody().getOps<ArrayOp>())
    if (array.getKind() == ArrayKind::State && isDead(array))
      readers[array.getSymName()];
  for (auto &[kernel, use] : uses)
    for (auto set : use.kernel.getBody().getOps<SetOp>()) {
      if (hasEffect(use, set))
        continue;
      llvm::SetVector<Operation *> slice;
      BackwardSliceOptions options;
      options.omitBlockArguments = true;
      (void)getBackwardSlice(set.getOperation(), &slice, options);
      for (Operation *op : slice)
        if (auto get = dyn_cast<GetOp>(op); get && get.getField() != set.getField())
          for (LaunchInterface launch : use.launches)
            if (auto read = readers.find(use.boundIn(launch, get.getField()));
                read != readers.end() && !use.boundIn(launch, set.getField()).empty())
              read->second.insert(use.boundIn(launch, set.getField()));
    }
  if (readers.empty())
    return;
  SmallVector<std::string> texts;
  for (auto &[state, by] : readers)
    texts.push_back(
        (state + (by.empty() ? ": nothing reads it"
                             : ": read only by " + llvm::join(by, ", ") + ", which nothing needs"))
            .str());
  program->setAttr("sim.removed",
                   Builder(program.getContext())
                       .getStrArrayAttr(SmallVector<StringRef>(texts.begin(), texts.end())));
}

/// Drops what no effect of the kernel is computed from.
void DeadState::prune(Use &use) {
  llvm::DenseSet<Operation *> needed = neededIn(use);
  Block &body = use.kernel.getBody().front();
  for (auto emit : body.getOps<EmitOp>())
    for (auto [i, value] : llvm::enumerate(emit.getPayload()))
      if (!isPayloadLive(use, i)) { // the others keep their numbers
        OpBuilder b(emit);
        emit.getPayloadMutable()[i].set(arith::ConstantOp::create(
            b, emit.getLoc(), cast<TypedAttr>(b.getZeroAttr(value.getType()))));
        needed.insert(emit.getPayload()[i].getDefiningOp());
      }
  bool idle = true;
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(body))) {
    if (isa<FieldOp, EndOp>(op))
      continue;
    if (needed.contains(&op))
      idle &= !hasEffect(use, &op);
    else
      op.erase();
  }
  llvm::erase_if(use.launches, [&](LaunchInterface launch) { return pruneLaunch(launch, idle); });
  if (use.launches.empty())
    use.kernel.erase();
  else
    pruneFields(use);
}

/// Erases a launch that does nothing any more. The runtime counts on those of a step.
bool DeadState::pruneLaunch(LaunchInterface launch, bool idle) {
  Operation *op = launch.getOperation();
  if (auto values = dyn_cast<ValuesOp>(op))
    idle |= symbols.lookup<ArrayOp>(values.getRole()) && !live.contains(values.getRoleAttr());
  if (!idle || !isa<DeriveOp, InitOp, ValuesOp>(op))
    return false;
  op->erase();
  return true;
}

void DeadState::pruneFields(Use &use) {
  llvm::StringSet<> used;
  use.kernel.getBody().walk([&](Operation *op) {
    if (!isa<FieldOp>(op))
      for (NamedAttribute attribute : op->getAttrDictionary())
        if (auto field = dyn_cast<FlatSymbolRefAttr>(attribute.getValue()))
          used.insert(field.getValue());
  });
  SmallVector<bool> kept;
  for (auto field : llvm::make_early_inc_range(use.kernel.getBody().getOps<FieldOp>())) {
    kept.push_back(used.contains(field.getSymName()) || field.getKind() == FieldKind::Rows);
    if (!kept.back())
      field.erase();
  }
  if (llvm::all_of(kept, [](bool keep) { return keep; }))
    return;
  for (LaunchInterface launch : use.launches) {
    SmallVector<Attribute> bind;
    for (auto [keep, bound] : llvm::zip(kept, launch.bindings()))
      if (keep)
        bind.push_back(bound);
    launch->setAttr("bind", ArrayAttr::get(launch->getContext(), bind));
  }
}

struct SimRemoveDeadStatePass
    : synfire::sim::impl::SimRemoveDeadStatePassBase<SimRemoveDeadStatePass> {
  void runOnOperation() override {
    for (ProgramOp program : getOperation().getOps<ProgramOp>())
      DeadState(program).remove();
  }
};

} // namespace
