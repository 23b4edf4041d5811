//===- Rule.cpp ---===//
#include "passes/sim/fixed/Rule.h"

#include "passes/sim/fixed/Paths.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;

namespace synfire::sim {

/// The array or connections that a field of a launch is bound to.
FlatSymbolRefAttr boundTo(LaunchInterface launch, KernelOp kernel, StringRef name) {
  for (auto [field, to] : llvm::zip(kernel.getBody().getOps<FieldOp>(), launch.bindings()))
    if (field.getSymName() == name)
      return dyn_cast<FlatSymbolRefAttr>(to);
  return {};
}

namespace {

/// An op of arithmetic, which is the same wherever its operands are.
bool isArithmetic(Operation *op) {
  return isa<FixedOp, RealOp, SaturateOp>(op) ||
         (op->getNumRegions() == 0 &&
          isa<arith::ArithDialect, math::MathDialect>(op->getDialect()));
}

class Flattener {
public:
  Flattener(HandleOp handle, ProgramOp program)
      : handle(handle), program(program),
        original(cast<KernelOp>(SymbolTable::lookupSymbolIn(program, handle.getKernel()))),
        connections(cast<ConnectionsOp>(SymbolTable::lookupSymbolIn(program, handle.getOver()))),
        b(original) {}

  FailureOr<FlatRule> flatten();

private:
  LogicalResult check();
  LogicalResult checkDecays();
  InFlightDiagnostic refuse(const Twine &what) {
    return connections.emitError() << "what `" << handle.getOver()
                                   << "` does at spikes has no fixed-point form yet: " << what;
  }
  Value read(StringRef field);
  Value input(RuleInput::Kind kind, Value origin, int64_t number, Type type);
  /// The value in the flat kernel, where the event is that of the target or of the source.
  FailureOr<Value> copy(Value value);
  FailureOr<Value> leaf(Value value, Operation *op);
  FailureOr<Value> lookup(LookupOp op);
  std::optional<std::pair<LookupOp, Value>> asGated(Operation *op);

  HandleOp handle;
  ProgramOp program;
  KernelOp original;
  ConnectionsOp connections;
  OpBuilder b;
  Location loc = b.getUnknownLoc();
  FlatRule rule;
  RecallOp recall;
  SetOp set;
  bool isPost = false; ///< the event that is copied
  DenseMap<Value, Value> copies;
};

/// The weight, which is all that a connection keeps, and one event of each end.
LogicalResult Flattener::check() {
  for (Operation &op : original.getBody().front()) {
    if (auto one = dyn_cast<RecallOp>(op))
      recall = one;
    else if (auto one = dyn_cast<SetOp>(op)) {
      if (set)
        return refuse("connections keep more than their weight");
      set = one;
    } else if (isa<ChanceOp>(op)) {
      return refuse("connections draw random numbers");
    } else if (auto get = dyn_cast<GetOp>(op)) {
      auto field = SymbolTable::lookupNearestSymbolFrom<FieldOp>(get, get.getFieldAttr());
      if (field && llvm::is_contained({FieldKind::Source, FieldKind::Target, FieldKind::Past},
                                      field.getKind()))
        return refuse("it reads states of the cells besides what these latch when they fire");
    }
  }
  if (!set || !boundTo(handle, original, set.getField()))
    return refuse("only rules that change a weight do");
  if (recall && (recall.getStart().size() != 1 || !recall.getAge().use_empty()))
    return refuse("connections keep more than their weight");
  auto source = cast<DomainOp>(SymbolTable::lookupSymbolIn(program, connections.getSource()));
  if (source.getRelays()) // axons that pass spikes on later
    return refuse("its delay must be dendritic");
  if (double fraction = connections.getDendriticFraction()
                            ? connections.getDendriticFraction()->convertToDouble()
                            : 1;
      fraction != 1 || connections.getSight() != Sight::AtSource)
    return refuse("its delay must be dendritic");
  rule.weight = boundTo(handle, original, set.getField()).getValue().str();
  return success();
}

Value Flattener::read(StringRef field) { return GetOp::create(b, loc, b.getF64Type(), field); }

/// A field of the flat kernel for it, and its value.
Value Flattener::input(RuleInput::Kind kind, Value origin, int64_t number, Type type) {
  static constexpr const char *names[] = {"source", "target", "source_decay", "target_decay"};
  RuleInput made;
  made.kind = kind;
  made.number = number;
  made.origin = origin;
  made.field = names[unsigned(kind)] + std::to_string(rule.inputs.size());
  OpBuilder fields(rule.kernel.getContext());
  Block &body = rule.kernel.getBody().front();
  fields.setInsertionPointToStart(&body);
  for (FieldOp field : body.getOps<FieldOp>())
    fields.setInsertionPointAfter(field);
  FieldOp::create(fields, loc, made.field, FieldKind::Element, type);
  rule.inputs.push_back(made);
  return read(made.field);
}

FailureOr<Value> Flattener::lookup(LookupOp op) {
  Value age = op.getAge();
  bool ofSource = recall && age == recall.getBody().front().getArguments().back();
  auto latest = age.getDefiningOp<LatestOp>();
  if (!ofSource && !latest)
    return refuse("it reads the time between two spikes of one side"), failure();
  Value value = input(ofSource ? RuleInput::Kind::SourceDecay : RuleInput::Kind::TargetDecay,
                      op.getResult(), 0, op.getResult().getType());
  RuleInput &made = rule.inputs.back();
  auto array = cast<ArrayOp>(
      SymbolTable::lookupSymbolIn(program, boundTo(handle, original, op.getField()).getValue()));
  auto values = dyn_cast_or_null<DenseFPElementsAttr>(array.getValuesAttr());
  if (!values)
    return array.emitOpError("has no values; fixed point takes programs whose network was built "
                             "(sim-freeze)");
  for (const APFloat &one : values.getValues<APFloat>())
    made.table.push_back(one.convertToDouble());
  if (auto format = array.getFormat())
    made.format = {(*format)[0], (*format)[1]};
  if (auto beyond = constantOf(op.getOtherwise().front().getTerminator()->getOperand(0)))
    made.beyond = *beyond;
  return value;
}

FailureOr<Value> Flattener::leaf(Value value, Operation *op) {
  if (!op) { // arguments of the recall's block
    auto argument = cast<BlockArgument>(value);
    if (argument.getArgNumber() == 0)
      return read(FlatRule::weightField);
    return refuse("it reads the time between two spikes itself"), failure();
  }
  if (op == recall)
    return read(FlatRule::weightField);
  if (auto payload = dyn_cast<PayloadOp>(op)) {
    if (!isPost)
      return refuse("it reads a trace of the source at a spike of the source"), failure();
    return input(RuleInput::Kind::Source, value, payload.getNumber(), value.getType());
  }
  if (auto remembered = dyn_cast<RememberedOp>(op))
    return refuse("it reads a trace of the target at a spike of the target"), failure();
  if (auto latest = dyn_cast<LatestOp>(op)) {
    if (value != latest.getResult())
      return refuse("it reads the time since a spike itself"), failure();
    if (latest.getNow())
      return refuse("its delay must be dendritic"), failure();
    return input(RuleInput::Kind::Target, value, latest.getNumber(), value.getType());
  }
  if (auto one = dyn_cast<LookupOp>(op))
    return lookup(one);
  if (auto get = dyn_cast<GetOp>(op)) {
    if (get.getField() == set.getField())
      return read(FlatRule::weightField);
    return refuse("it reads `" + get.getField() + "`, which changes in the run"), failure();
  }
  return op->emitOpError("has no fixed-point form in a rule yet"), failure();
}

/// A decay that is the last of its table before the first spike, as `writeRule` makes it, and the
/// latched value that tells.
std::optional<std::pair<LookupOp, Value>> Flattener::asGated(Operation *op) {
  auto select = dyn_cast_or_null<arith::SelectOp>(op);
  auto lookup = select ? select.getTrueValue().getDefiningOp<LookupOp>() : LookupOp();
  auto fires = select ? select.getCondition().getDefiningOp<arith::CmpFOp>() : arith::CmpFOp();
  if (!lookup || !fires || fires.getPredicate() != arith::CmpFPredicate::UNE ||
      constantOf(fires.getRhs()) != 0.0 ||
      !isa_and_present<PayloadOp, LatestOp>(fires.getLhs().getDefiningOp()))
    return std::nullopt;
  return std::pair(lookup, fires.getLhs());
}

FailureOr<Value> Flattener::copy(Value value) {
  if (Value known = copies.lookup(value))
    return known;
  Operation *op = value.getDefiningOp();
  if (auto gated = asGated(op)) {
    FailureOr<Value> made = lookup(gated->first);
    if (succeeded(made)) {
      rule.inputs.back().gate = gated->second;
      rule.inputs.back().origin = value;
      copies[value] = *made;
    }
    return made;
  }
  if (!op || !isArithmetic(op)) {
    FailureOr<Value> made = leaf(value, op);
    if (succeeded(made))
      copies[value] = *made;
    return made;
  }
  IRMapping map;
  for (Value operand : op->getOperands()) {
    FailureOr<Value> made = copy(operand);
    if (failed(made))
      return failure();
    map.map(operand, *made);
  }
  b.clone(*op, map);
  return copies[value] = map.lookup(value);
}

/// Whether a value has decayed to nothing and whether there was none are told by the same bit in
/// hardware, so a decay must always be a factor of what decays.
LogicalResult Flattener::checkDecays() {
  for (RuleInput &one : rule.inputs) {
    if (!one.isDecay() || one.gate)
      continue;
    auto isLatched = [&](Value factor) {
      if (auto fixed = factor.getDefiningOp<FixedOp>())
        factor = fixed.getValue();
      if (auto negated = factor.getDefiningOp<arith::NegFOp>()) // of a difference (sim-form-fma)
        factor = negated.getOperand();
      auto get = factor.getDefiningOp<GetOp>();
      const RuleInput *other = get ? rule.input(get.getField()) : nullptr;
      return other && !other->isDecay() && other->ofSource() == one.ofSource();
    };
    for (auto get : rule.kernel.getBody().getOps<GetOp>()) {
      if (get.getField() != one.field)
        continue;
      Value decay = get.getResult();
      if (decay.hasOneUse())
        if (auto fixed = dyn_cast<FixedOp>(*decay.user_begin()))
          decay = fixed.getResult();
      for (OpOperand &use : decay.getUses()) {
        Operation *user = use.getOwner();
        unsigned number = use.getOperandNumber();
        if (!isa<arith::MulFOp, arith::MulIOp, math::FmaOp>(user) || number > 1 ||
            !isLatched(user->getOperand(1 - number)))
          return refuse("a trace decays, but not as a factor of what a spike left");
      }
    }
  }
  return success();
}

FailureOr<FlatRule> Flattener::flatten() {
  if (failed(check()))
    return failure();
  loc = handle.getLoc();
  rule.kernel = KernelOp::create(b, loc, (original.getSymName() + "_rule").str());
  if (rule.kernel.getBody().empty())
    rule.kernel.getBody().emplaceBlock();
  Block &body = rule.kernel.getBody().front();
  b.setInsertionPointToEnd(&body);
  if (body.empty())
    EndOp::create(b, loc);
  b.setInsertionPoint(body.getTerminator());
  FieldOp::create(b, loc, FlatRule::weightField, FieldKind::Element, b.getF64Type());
  auto event = [&](Value result, bool ofTarget) -> FailureOr<SetOp> {
    isPost = ofTarget;
    copies.clear();
    FailureOr<Value> value = copy(result);
    if (failed(value))
      return failure();
    if (auto get = value->getDefiningOp<GetOp>(); get && get.getField() == FlatRule::weightField)
      return SetOp(); // nothing happens
    return SetOp::create(b, loc, FlatRule::weightField, *value);
  };
  if (recall) {
    FailureOr<SetOp> made = event(recall.getBody().front().getTerminator()->getOperand(0), true);
    if (failed(made))
      return rule.kernel.erase(), failure();
    rule.post = *made;
  }
  FailureOr<SetOp> made = event(set.getValue(), false);
  if (failed(made) || failed(checkDecays()))
    return rule.kernel.erase(), failure();
  rule.pre = *made;
  return std::move(rule);
}

} // namespace

FailureOr<FlatRule> flattenRule(HandleOp handle, ProgramOp program) {
  return Flattener(handle, program).flatten();
}

Value latchedValue(ConnectionsOp connections, bool ofSource, int64_t number, ProgramOp program) {
  StringRef end = ofSource ? connections.getSource() : connections.getTarget();
  auto domain = cast<DomainOp>(SymbolTable::lookupSymbolIn(program, end));
  int64_t first = ofSource ? connections.getFirstPayload().value_or(0)
                           : domain.getPayloads().value_or(0) - domain.getRemembers().value_or(0) +
                                 connections.getFirstRemembered().value_or(0);
  for (auto update : program.getBody().getOps<UpdateOp>())
    if (update.getOver() == end) {
      auto kernel = cast<KernelOp>(SymbolTable::lookupSymbolIn(program, update.getKernel()));
      for (auto emit : kernel.getBody().getOps<EmitOp>())
        if (first + number < int64_t(emit.getPayload().size()))
          return emit.getPayload()[size_t(first + number)];
    }
  return {};
}

} // namespace synfire::sim
