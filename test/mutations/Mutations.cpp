//===- Mutations.cpp - faults that a compiler might have, put in on purpose ---===//
#include "test/mutations/Mutations.h"

#include "dialects/sim/Sim.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"

#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::mutations;

namespace {

//===----------------------------------------------------------------------===//
// Finding places
//===----------------------------------------------------------------------===//

/// The kernels that launches of a kind run, in order.
template <typename LaunchT> llvm::SetVector<sim::KernelOp> kernelsOf(ModuleOp module) {
  llvm::SetVector<sim::KernelOp> kernels;
  module.walk([&](LaunchT launch) {
    auto program = launch->template getParentOfType<sim::ProgramOp>();
    kernels.insert(program.template lookupSymbol<sim::KernelOp>(launch.getKernel()));
  });
  return kernels;
}

/// A site for each op of a kind in those kernels that `change` accepts.
template <typename LaunchT, typename OpT>
Sites inKernels(ModuleOp module, llvm::function_ref<bool(OpT)> accepts, void (*change)(OpT)) {
  Sites sites;
  for (sim::KernelOp kernel : kernelsOf<LaunchT>(module))
    kernel.walk([&](OpT op) {
      if (accepts(op))
        sites.push_back([op, change] { change(op); });
    });
  return sites;
}

template <typename OpT> Sites anywhere(ModuleOp module, void (*change)(OpT)) {
  Sites sites;
  module.walk([&](OpT op) { sites.push_back([op, change] { change(op); }); });
  return sites;
}

double stepOf(Operation *op) {
  auto program = op->getParentOfType<sim::ProgramOp>();
  return program.lookupSymbol<sim::ArrayOp>("dt").getValue()->convertToDouble();
}

Value number(OpBuilder &b, Location loc, double value) {
  return arith::ConstantOp::create(b, loc, b.getF64FloatAttr(value));
}
Value integer(OpBuilder &b, Location loc, int64_t value) {
  return arith::ConstantOp::create(b, loc, b.getI64IntegerAttr(value));
}

/// Whether a value is the flag of an `emit`, or of a neuron's choice between reset and not.
bool isFiring(Value flag) {
  return llvm::any_of(flag.getUsers(), [&](Operation *user) { return isa<sim::EmitOp>(user); });
}

/// Whether a value tells that the cell is not refractory.
bool isActive(Value flag) {
  auto compare = flag.getDefiningOp<arith::CmpIOp>();
  return compare && compare.getLhs().getType().isInteger(32);
}

void replaceWith(arith::SelectOp select, bool chosen) {
  select.getResult().replaceAllUsesWith(chosen ? select.getTrueValue() : select.getFalseValue());
}

/// Changes what one kind of field of the launches is bound to.
template <typename ChangeT>
Sites bindings(ModuleOp module, sim::FieldKind kind, bool integers, ChangeT change) {
  Sites sites;
  module.walk([&](sim::LaunchInterface launch) {
    auto program = launch->getParentOfType<sim::ProgramOp>();
    auto kernel = program.lookupSymbol<sim::KernelOp>(launch.kernelName());
    for (auto numbered : llvm::enumerate(kernel.getOps<sim::FieldOp>())) {
      size_t i = numbered.index();
      Attribute bound = launch.bindings()[i];
      if (numbered.value().getKind() != kind || integers != isa<IntegerAttr>(bound))
        continue;
      sites.push_back([launch, i, change]() mutable {
        SmallVector<Attribute> all = llvm::to_vector(launch.bindings().getValue());
        all[i] = change(all[i]);
        launch->setAttr("bind", ArrayAttr::get(launch->getContext(), all));
      });
    }
  });
  return sites;
}

//===----------------------------------------------------------------------===//
// Signs and numbers
//===----------------------------------------------------------------------===//

Sites signOfAmount(ModuleOp module) {
  return anywhere<sim::RoundOp>(module, [](sim::RoundOp round) {
    OpBuilder b(round);
    b.setInsertionPointAfter(round);
    auto negated = arith::SubIOp::create(b, round.getLoc(), integer(b, round.getLoc(), 0), round);
    round.getResult().replaceAllUsesExcept(negated, negated);
  });
}

Sites sumForDifference(ModuleOp module) {
  auto any = [](arith::SubFOp) { return true; };
  return inKernels<sim::UpdateOp, arith::SubFOp>(module, any, [](arith::SubFOp op) {
    OpBuilder b(op);
    op.getResult().replaceAllUsesWith(
        arith::AddFOp::create(b, op.getLoc(), op.getLhs(), op.getRhs()));
  });
}

Sites differenceForSum(ModuleOp module) {
  auto any = [](arith::AddFOp) { return true; };
  return inKernels<sim::UpdateOp, arith::AddFOp>(module, any, [](arith::AddFOp op) {
    OpBuilder b(op);
    op.getResult().replaceAllUsesWith(
        arith::SubFOp::create(b, op.getLoc(), op.getLhs(), op.getRhs()));
  });
}

Sites signOfRate(ModuleOp module) {
  auto any = [](arith::NegFOp) { return true; };
  return inKernels<sim::DeriveOp, arith::NegFOp>(
      module, any, [](arith::NegFOp op) { op.getResult().replaceAllUsesWith(op.getOperand()); });
}

Sites signOfCoupling(ModuleOp module) {
  return anywhere<sim::AccumulateOp>(module, [](sim::AccumulateOp op) {
    OpBuilder b(op);
    op.getValueMutable().assign(arith::NegFOp::create(b, op.getLoc(), op.getValue()));
  });
}

Sites otherConstant(ModuleOp module) {
  auto matters = [](arith::ConstantOp op) {
    auto value = dyn_cast<FloatAttr>(op.getValue());
    return value && value.getValueAsDouble() != 0 && !op->use_empty();
  };
  return inKernels<sim::UpdateOp, arith::ConstantOp>(module, matters, [](arith::ConstantOp op) {
    auto value = cast<FloatAttr>(op.getValue());
    op.setValueAttr(FloatAttr::get(value.getType(), value.getValueAsDouble() * 1.01));
  });
}

//===----------------------------------------------------------------------===//
// Times
//===----------------------------------------------------------------------===//

Sites laterDelay(ModuleOp module) {
  Sites sites;
  module.walk([&](sim::ConnectionsOp op) {
    if (auto delay = op.getDelay())
      sites.push_back(
          [op, delay]() mutable { op.setDelay(APFloat(delay->convertToDouble() + stepOf(op))); });
  });
  module.walk([&](sim::ValuesOp values) {
    if (values.getRole() != "delay")
      return;
    auto program = values->getParentOfType<sim::ProgramOp>();
    program.lookupSymbol<sim::KernelOp>(values.getKernel()).walk([&](sim::SetOp set) {
      sites.push_back([set]() mutable {
        OpBuilder b(set);
        Value step = number(b, set.getLoc(), stepOf(set));
        set.getValueMutable().assign(arith::AddFOp::create(b, set.getLoc(), set.getValue(), step));
      });
    });
  });
  return sites;
}

Sites laterAction(ModuleOp module) {
  return anywhere<sim::ActionOp>(module, [](sim::ActionOp op) { op.setStep(op.getStep() + 1); });
}

Sites laterSpikes(ModuleOp module) {
  return anywhere<sim::SpikeListOp>(module, [](sim::SpikeListOp op) {
    auto times = cast<DenseElementsAttr>(op.getTimes());
    double step = stepOf(op);
    op.setTimesAttr(
        cast<DenseElementsAttr>(times).mapValues(times.getElementType(), [&](const APFloat &time) {
          return APFloat(time.convertToDouble() + step).bitcastToAPInt();
        }));
  });
}

Sites otherTime(ModuleOp module) {
  auto any = [](arith::SIToFPOp op) { return bool(op.getIn().getDefiningOp<sim::StepOp>()); };
  return inKernels<sim::UpdateOp, arith::SIToFPOp>(module, any, [](arith::SIToFPOp op) {
    OpBuilder b(op);
    op.getInMutable().assign(
        arith::AddIOp::create(b, op.getLoc(), op.getIn(), integer(b, op.getLoc(), 1)));
  });
}

Sites otherWindow(ModuleOp module) {
  return bindings(module, sim::FieldKind::Uniform, true, [](Attribute bound) -> Attribute {
    auto value = cast<IntegerAttr>(bound);
    return IntegerAttr::get(value.getType(), value.getInt() + 1);
  });
}

Sites longerRefractory(ModuleOp module) {
  auto steps = [](arith::SelectOp op) {
    return op.getType().isInteger(32) && isFiring(op.getCondition());
  };
  return inKernels<sim::UpdateOp, arith::SelectOp>(module, steps, [](arith::SelectOp op) {
    OpBuilder b(op);
    Value one = arith::ConstantOp::create(b, op.getLoc(), b.getI32IntegerAttr(1));
    op.getTrueValueMutable().assign(arith::AddIOp::create(b, op.getLoc(), op.getTrueValue(), one));
  });
}

//===----------------------------------------------------------------------===//
// The order of a step
//===----------------------------------------------------------------------===//

Sites testBeforeArrivals(ModuleOp module) {
  Sites sites;
  for (sim::KernelOp kernel : kernelsOf<sim::UpdateOp>(module)) {
    if (kernel.getOps<sim::CollectOp>().empty() && kernel.getOps<sim::CountOp>().empty())
      continue;
    kernel.walk([&](arith::CmpFOp test) {
      auto predicate = test.getPredicate();
      if (predicate != arith::CmpFPredicate::OGE && predicate != arith::CmpFPredicate::OGT)
        return;
      if (!isFiring(test) && !llvm::any_of(test->getUsers(), [](Operation *user) {
            return isa<arith::AndIOp>(user) && isFiring(user->getResult(0));
          }))
        return;
      sites.push_back([kernel, test]() mutable {
        // The test once more, on a copy of all that it needs, where nothing arrives.
        SmallVector<Operation *> before;
        for (Operation &op : kernel.getBody().front())
          if (op.isBeforeInBlock(test))
            before.push_back(&op);
        OpBuilder b(test);
        IRMapping map;
        for (Operation *op : before) {
          if (isa<sim::CollectOp, sim::CountOp>(op)) {
            Type type = op->getResult(0).getType();
            map.map(op->getResult(0),
                    arith::ConstantOp::create(b, op->getLoc(), b.getIntegerAttr(type, 0)));
          } else if (isa<arith::ArithDialect>(op->getDialect()) ||
                     op->getName().getDialectNamespace() == "math") {
            b.clone(*op, map);
          }
        }
        for (OpOperand &operand : test->getOpOperands())
          operand.set(map.lookupOrDefault(operand.get()));
      });
    });
  }
  return sites;
}

Sites strictTest(ModuleOp module) {
  auto level = [](arith::CmpFOp op) {
    return op.getPredicate() == arith::CmpFPredicate::OGE ||
           op.getPredicate() == arith::CmpFPredicate::OLE;
  };
  return inKernels<sim::UpdateOp, arith::CmpFOp>(module, level, [](arith::CmpFOp op) {
    bool above = op.getPredicate() == arith::CmpFPredicate::OGE;
    op.setPredicate(above ? arith::CmpFPredicate::OGT : arith::CmpFPredicate::OLT);
  });
}

Sites crossingAsLevel(ModuleOp module) {
  auto crossing = [](arith::AndIOp op) {
    auto before = op.getRhs().getDefiningOp<arith::CmpFOp>();
    return before && before.getPredicate() == arith::CmpFPredicate::OLE;
  };
  return inKernels<sim::UpdateOp, arith::AndIOp>(
      module, crossing, [](arith::AndIOp op) { op.getResult().replaceAllUsesWith(op.getLhs()); });
}

Sites forgottenHold(ModuleOp module) {
  auto holds = [](arith::SelectOp op) {
    return isa<FloatType>(op.getType()) && isActive(op.getCondition());
  };
  return inKernels<sim::UpdateOp, arith::SelectOp>(
      module, holds, [](arith::SelectOp op) { replaceWith(op, true); });
}

Sites forgottenReset(ModuleOp module) {
  auto resets = [](arith::SelectOp op) {
    return isa<FloatType>(op.getType()) && isFiring(op.getCondition());
  };
  return inKernels<sim::UpdateOp, arith::SelectOp>(
      module, resets, [](arith::SelectOp op) { replaceWith(op, false); });
}

Sites lateLatch(ModuleOp module) {
  Sites sites;
  module.walk([&](sim::EmitOp emit) {
    for (OpOperand &carried : emit.getPayloadMutable())
      for (Operation *user : carried.get().getUsers())
        if (auto select = dyn_cast<arith::SelectOp>(user);
            select && select.getFalseValue() == carried.get() &&
            select.getCondition() == emit.getFires())
          sites.push_back([emit, select, number = carried.getOperandNumber()]() mutable {
            emit->moveAfter(select->getBlock()->getTerminator()->getPrevNode());
            emit->setOperand(number, select);
          });
  });
  return sites;
}

Sites keptRing(ModuleOp module) {
  Sites sites;
  module.walk([&](LLVM::StoreOp store) {
    // A place that is read is cleared; nothing but a ring is.
    bool taken = llvm::any_of(store.getAddr().getUsers(), [&](Operation *user) {
      return isa<LLVM::LoadOp>(user) && user->getBlock() == store->getBlock() &&
             user->isBeforeInBlock(store);
    });
    Type type = getElementTypeOrSelf(store.getValue().getType());
    if (taken && type.isInteger(64) && matchPattern(store.getValue(), m_Zero()))
      sites.push_back([store] { store->erase(); });
  });
  return sites;
}

//===----------------------------------------------------------------------===//
// Random numbers, data, connections
//===----------------------------------------------------------------------===//

Sites otherDraw(ModuleOp module) {
  return anywhere<sim::NormalOp>(module, [](sim::NormalOp op) {
    OpBuilder b(op);
    op.getDrawMutable().assign(
        arith::AddIOp::create(b, op.getLoc(), op.getDraw(), integer(b, op.getLoc(), 1)));
  });
}

Sites otherKey(ModuleOp module) {
  return bindings(module, sim::FieldKind::Key, true, [](Attribute bound) -> Attribute {
    auto value = cast<IntegerAttr>(bound);
    return IntegerAttr::get(value.getType(), value.getInt() ^ 1);
  });
}

Sites oneEventOnly(ModuleOp module) {
  return anywhere<sim::CountOp>(module, [](sim::CountOp op) {
    OpBuilder b(op);
    b.setInsertionPointAfter(op);
    Value one = arith::ConstantOp::create(b, op.getLoc(), b.getI32IntegerAttr(1));
    auto most = arith::MinSIOp::create(b, op.getLoc(), op, one);
    op.getResult().replaceAllUsesExcept(most, most);
  });
}

Sites swappedArguments(ModuleOp module) {
  Sites sites;
  module.walk([&](sim::DrawOp op) {
    if (op.getArguments().size() == 2)
      sites.push_back([op]() mutable {
        Value first = op->getOperand(0);
        op->setOperand(0, op->getOperand(1));
        op->setOperand(1, first);
      });
  });
  return sites;
}

Sites otherArray(ModuleOp module) {
  Sites sites;
  module.walk([&](sim::UpdateOp update) {
    auto program = update->getParentOfType<sim::ProgramOp>();
    auto isState = [&](Attribute bound) {
      auto symbol = dyn_cast<FlatSymbolRefAttr>(bound);
      auto array = symbol ? program.lookupSymbol<sim::ArrayOp>(symbol.getValue()) : sim::ArrayOp();
      return array && array.getKind() == sim::ArrayKind::State;
    };
    for (size_t i = 0; i + 1 < update.getBind().size(); ++i)
      if (isState(update.getBind()[i]) && isState(update.getBind()[i + 1]))
        sites.push_back([update, i]() mutable {
          SmallVector<Attribute> all = llvm::to_vector(update.getBind().getValue());
          std::swap(all[i], all[i + 1]);
          update.setBindAttr(ArrayAttr::get(update.getContext(), all));
        });
  });
  return sites;
}

Sites otherConnections(ModuleOp module) {
  Sites sites;
  module.walk([&](sim::ConnectionsOp op) {
    for (NamedAttribute argument : op.getArguments()) {
      Attribute changed;
      OpBuilder b(op);
      if (auto real = dyn_cast<FloatAttr>(argument.getValue()))
        changed = b.getF64FloatAttr(real.getValueAsDouble() * 0.7);
      else if (auto flag = dyn_cast<BoolAttr>(argument.getValue()))
        changed = b.getBoolAttr(!flag.getValue());
      else if (auto whole = dyn_cast<IntegerAttr>(argument.getValue()))
        changed = IntegerAttr::get(whole.getType(), whole.getInt() + 1);
      if (changed)
        sites.push_back([op, name = argument.getName(), changed]() mutable {
          NamedAttrList all(op.getArguments());
          all.set(name, changed);
          op.setArgumentsAttr(all.getDictionary(op.getContext()));
        });
    }
  });
  return sites;
}

constexpr llvm::StringLiteral toSim = "neuro-to-sim", toLoops = "sim-to-loops";

const Mutation kinds[] = {
    {"amount-sign", toSim, "an amount is sent with the other sign", signOfAmount},
    {"sum-for-difference", toSim, "a state is advanced with + for -", sumForDifference},
    {"difference-for-sum", toSim, "a state is advanced with - for +", differenceForSum},
    {"rate-sign", toSim, "a rate of a derived value has the other sign", signOfRate},
    {"coupling-sign", toSim, "a continuous coupling has the other sign", signOfCoupling},
    {"constant", toSim, "a number of an update is one per cent too large", otherConstant},
    {"delay", toSim, "a delay is one step longer", laterDelay},
    {"action", toSim, "a protocol acts one step later", laterAction},
    {"spike-times", toSim, "given spikes come one step later", laterSpikes},
    {"time", toSim, "`t` is the end of the step", otherTime},
    {"window", toSim, "a border of a stimulus is off by one", otherWindow},
    {"refractory", toSim, "a refractory time is one step longer", longerRefractory},
    {"order", toSim, "spikes are tested before what arrives acts", testBeforeArrivals},
    {"strict", toSim, "> for >=, < for <=", strictTest},
    {"crossing", toSim, "a crossing is tested as a level", crossingAsLevel},
    {"hold", toSim, "a held state moves", forgottenHold},
    {"reset", toSim, "an assignment of a reset is left out", forgottenReset},
    {"latch", toSim, "a spike carries a value of after its handler", lateLatch},
    {"ring", toLoops, "what has arrived stays in the ring", keptRing},
    {"draw", toSim, "noise takes the number of the next step", otherDraw},
    {"key", toSim, "random numbers come from another stream", otherKey},
    {"events", toSim, "several Poisson events in a step count as one", oneEventOnly},
    {"arguments", toSim, "the arguments of a distribution change places", swappedArguments},
    {"arrays", toSim, "two states change places", otherArray},
    {"connections", toSim, "an argument of a connection rule is another", otherConnections},
};

} // namespace

ArrayRef<Mutation> synfire::mutations::all() { return kinds; }
