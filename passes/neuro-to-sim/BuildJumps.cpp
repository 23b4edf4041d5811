//===- BuildJumps.cpp - the sums that events go through, and what is sent to them ---===//
#include "passes/neuro-to-sim/ProgramBuilder.h"

#include "passes/neuro-to-sim/AmountBound.h"
#include "passes/neuro-to-sim/Arrivals.h"
#include "passes/neuro-to-sim/RelayAxons.h"
#include "passes/neuro/analysis/Expression.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::neuro;
using sim::FieldKind;

/// The side and the variable that a statement changes.
static std::pair<Side, SymbolRefAttr> variableOf(Operation *statement) {
  if (auto add = dyn_cast<AddOp>(statement))
    return {add.getSide(), add.getVariable()};
  return {Side::Self, cast<SetOp>(statement).getVariable()};
}

Jump &ProgramBuilder::jumpFor(PopulationBuild &p, const Lumping &lumping, Arrival arrival) {
  std::string state, label;
  Operation *statement = arrival.statement;
  auto add = dyn_cast<AddOp>(statement);
  if (add && add.getSide() == Side::Post) {
    state = label = variableName(add.getVariable());
  } else {
    int receptor = p.system->receptorOf(lumping.owner());
    SymbolRefAttr variable = add ? add.getVariable() : cast<SetOp>(statement).getVariable();
    std::string own = variableName(variable);
    state = (receptor < 0 ? nameOf(lumping.owner()).str() : p.system->receptors[receptor].name) +
            "." + own;
    label = state;
  }
  // An amount with a target factor has a sum of its own: the factor differs between synapse types.
  auto [known, isNew] = factored.try_emplace({lumping.kind(), statement});
  if (isNew) {
    KernelBuilder scratch(statement->getLoc(), data.getContext());
    known->second =
        bool(targetPart(scratch, lumping, arrival, [&](GetOp) { return scratch.number(2.0); }));
  }
  bool own = known->second;
  if (own) {
    label += "*" + nameOf(lumping.owner()).str();
    // Statements that act on one state may have different factors.
    unsigned number = 0;
    for (const Arrival &other : lumping.arrivals()) {
      if (other.statement == statement)
        break;
      number += variableOf(other.statement) == variableOf(statement);
    }
    if (number)
      label += "*" + std::to_string(number + 1);
  }
  return jumpTo(p, state, own ? statement : nullptr, own ? &lumping : nullptr, label);
}

const PostReads &ProgramBuilder::postReads(const Lumping &lumping) {
  std::unique_ptr<PostReads> &reads = postReadsOf[lumping.kind()];
  if (!reads)
    reads = std::make_unique<PostReads>(lumping);
  return *reads;
}

SmallVector<GetOp> &ProgramBuilder::latchedReads(ProjectionOp projection) {
  const Lumping &lumping = lumpingOf(projection);
  bool late = readsSourceLate(projection); // those are not known when it is fired
  auto [found, isNew] = latched.try_emplace({lumping.kind(), late});
  SmallVector<GetOp> &reads = found->second;
  if (!isNew)
    return reads;
  SynapseOp synapse = synapseOf(projection);
  DenseSet<Operation *> needed;
  std::function<void(Value)> visit = [&](Value value) {
    Operation *op = value.getDefiningOp();
    if (!op || !needed.insert(op).second)
      return;
    for (Value operand : op->getOperands())
      visit(operand);
  };
  for (const Arrival &arrival : lumping.arrivals())
    visit(arrivalAmount(arrival));
  bool all = actsByItself(lumping); // its handlers run away from the source
  for (OnOp on : synapse.getBody().getOps<OnOp>()) {
    if (on.getTrigger() != Trigger::Pre)
      continue;
    on.getBody().walk<WalkOrder::PreOrder>([&](GetOp get) {
      bool source =
          (get.getSide() == Side::Pre && !late) ||
          (get.getSide() == Side::Self && isSourceSide(lumping, variableName(get.getVariable())));
      if (source && (all || needed.contains(get)))
        reads.push_back(get);
    });
  }
  return reads;
}

Value ProgramBuilder::wholeAmount(KernelBuilder &b, Jump &jump, Operation *owner, Arrival arrival,
                                  const Lumping &lumping, Value amount, StringRef drive) {
  bool sure = isa<ProjectionOp>(owner) ? capOnce(jump, owner, arrival, lumping)
                                       : capAmount(jump, owner, arrival, lumping, drive);
  sim::AccumulatorOp &sum = jump.accumulator;
  Value scaled =
      b.mul(amount, b.get("scale", FieldKind::Uniform, arraysByName.lookup(sum.getScale())));
  FlatSymbolRefAttr within;
  if (!sure) {
    sim::ArrayOp limit = arraysByName.lookup(*sum.getLimit());
    within = FlatSymbolRefAttr::get(data.getContext(),
                                    b.field("limit", FieldKind::Uniform, limit.getType(),
                                            FlatSymbolRefAttr::get(limit.getSymNameAttr())));
  }
  return sim::RoundOp::create(b, b.getI64Type(), scaled, within);
}

bool ProgramBuilder::capOnce(Jump &jump, Operation *owner, Arrival arrival,
                             const Lumping &lumping) {
  auto [known, isNew] = capped.try_emplace({owner, arrival.statement});
  if (isNew)
    known->second = capAmount(jump, owner, arrival, lumping, "");
  return known->second;
}

AmountBound ProgramBuilder::boundOnce(Arrival arrival, const Lumping &lumping) {
  auto projection = dyn_cast<ProjectionOp>(lumping.owner());
  // Where nothing but the type of the synapse and equal numbers decide. Attributes of one content
  // are one.
  bool alike = projection && lumping.isPlain() && constraints.on(projection).empty();
  auto *known = alike ? &bounds[{lumping.kind(), arrival.statement, projection.getSet()}] : nullptr;
  if (known && *known)
    return **known;
  AmountBound bound = boundAmount(arrival, lumping, constraints, experiment);
  if (known && !bound.readsSource)
    *known = bound;
  return bound;
}

bool ProgramBuilder::capAmount(Jump &jump, Operation *owner, Arrival arrival,
                               const Lumping &lumping, StringRef drive) {
  AmountBound bound = boundOnce(arrival, lumping);
  auto symbol = [&](StringRef name) {
    return name.empty() ? FlatSymbolRefAttr() : FlatSymbolRefAttr::get(data.getContext(), name);
  };
  auto connections = connectionsOf.lookup(owner);
  auto cap = [&](StringRef array, double times) {
    sim::CapOp::create(data, owner->getLoc(),
                       FlatSymbolRefAttr::get(jump.accumulator.getSymNameAttr()),
                       symbol(connections ? connections.getSymName() : StringRef()), symbol(drive),
                       symbol(array), data.getF64FloatAttr(times));
  };
  auto arrayOf = [&](StringRef variable) { return (nameOf(owner) + "." + variable).str(); };
  if (find<ParameterOp>(lumping.synapse(), bound.variable))
    ownedParameter(owner, bound.variable);
  if (!bound.variable.empty())
    cap(arrayOf(bound.variable), bound.factor);
  else if (!bound.ofSource.empty())
    cap(sourceBuild(cast<ProjectionOp>(owner)).arrays.lookup(bound.ofSource).getSymName(),
        bound.factor);
  else
    cap("", bound.factor);
  if (!bound.started.empty())
    cap(arrayOf(bound.started), bound.startFactor);
  if (bound.assigned)
    cap("", bound.assigned);
  if (sim::AccumulatorOp &sum = jump.accumulator; !bound.isSure && !sum.getLimit()) {
    sim::ArrayOp limit = uniform((sum.getSymName() + ".limit").str(), sim::ArrayKind::Derived, 1.0);
    limit.setWide(true);
    sum.setLimit(limit.getSymName());
  }
  return bound.isSure;
}

Value ProgramBuilder::connectionRead(KernelBuilder &b, Operation *owner, StringRef name) {
  sim::ArrayOp array = ownedParameter(owner, name);
  FieldKind each = isa<StimulusOp>(owner) ? FieldKind::Target : FieldKind::Connection;
  return b.get(name, array.getUniform() ? FieldKind::Uniform : each, array);
}

void ProgramBuilder::send(KernelBuilder &b, PopulationBuild &p, Operation *owner, Arrival arrival,
                          const Lumping &lumping, Value amount) {
  Jump &jump = jumpFor(p, lumping, arrival);
  sentTo.insert(jump.accumulator);
  Value whole = wholeAmount(b, jump, owner, arrival, lumping, amount);
  StringRef ring = b.field("ring", FieldKind::Ring, b.getI64Type(),
                           FlatSymbolRefAttr::get(jump.accumulator.getSymNameAttr()));
  sim::SendOp::create(b, ring, whole);
}

/// The kernel that sends the amounts of a spike along its connections.
LogicalResult ProgramBuilder::deliver(sim::ConnectionsOp connections, PopulationBuild &p,
                                      const Lumping &lumping) {
  Operation *owner = lumping.owner();
  auto arrivals = lumping.arrivals();
  if (arrivals.empty())
    return success();
  KernelBuilder b(owner->getLoc(), data.getContext());
  bool delaysVary = isa<ProjectionOp>(owner) && findInit(owner, "delay");
  // The name keeps kernels apart whose rows have delays of their own.
  b.field(delaysVary ? "delayed_rows" : "rows", FieldKind::Rows, b.getI32Type(),
          FlatSymbolRefAttr::get(connections.getSymNameAttr()));
  ArrayRef<GetOp> carried;
  if (auto projection = dyn_cast<ProjectionOp>(owner))
    carried = latchedReads(projection);
  for (const Arrival &arrival : arrivals) {
    if (!arrival.factors)
      return arrival.statement->emitError(
          "this amount mixes values of the connection and of the target so that it does not "
          "separate "
          "into a product of both; write it as one, such as `weight * (E - post.v)`");
    Value amount = connectionPart(b, lumping, arrival, [&](Operation *op) -> Value {
      auto get = dyn_cast<GetOp>(op);
      if (!get)
        return Value();
      if (auto place = llvm::find(carried, get); place != carried.end())
        return sim::PayloadOp::create(b, b.getF64Type(), place - carried.begin());
      return connectionRead(b, owner, variableName(get.getVariable()));
    });
    send(b, p, owner, arrival, lumping, amount);
  }
  ArrayAttr bind = b.bindings();
  auto kernel = intern(b, (delaysVary ? "deliver_delayed_" : "deliver_") +
                              SynapseOp(lumping.synapse()).getSymName().str());
  sim::DeliverOp::create(delivers, owner->getLoc(), kernel.getValue(), connections.getSymName(),
                         bind);
  return success();
}
