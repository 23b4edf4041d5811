//===- PlasticRule.cpp ---===//
#include "passes/sim-to-rtl/PlasticRule.h"

#include "passes/sim-to-rtl/Engines.h"
#include "passes/sim/fixed/KernelFormats.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::sim;

unsigned PlasticRule::bits() const {
  unsigned all = unsigned(bitsFor(weight.low, weight.high));
  return isUnsigned() ? std::max(1u, all - 1) : all;
}

unsigned PlasticRule::bitsOfNoWeight(unsigned bits) const {
  for (unsigned count = 1; count <= bits; ++count) {
    double others = power(int(bits - count));
    if (isUnsigned() ? weight.high < power(int(bits)) - others
                     : weight.low >= others - power(int(bits) - 1))
      return count;
  }
  return 0;
}

unsigned PlasticRule::ageBits(bool ofSource) const {
  size_t most = 1;
  for (const Input &one : inputs)
    if (one.decay && one.ofSource == ofSource)
      most = std::max(most, one.decay->values.size());
  return bitsToTell(most);
}

Bound PlasticRule::leafOf(StringRef field) const {
  const Input *one = input(field);
  if (!one)
    return weight;
  if (!one->decay)
    return {-power(int(one->bits) - 1), power(int(one->bits) - 1) - 1, 0};
  Bound all = Bound::point(double(one->decay->beyond));
  for (int64_t value : one->decay->values)
    all = all.hull(Bound::point(double(value)));
  return all;
}

namespace {

class RulePlanner {
public:
  RulePlanner(HandleOp handle, ProgramOp program)
      : handle(handle), program(program),
        connections(cast<ConnectionsOp>(SymbolTable::lookupSymbolIn(program, handle.getOver()))) {}

  FailureOr<PlasticRule> plan();

private:
  InFlightDiagnostic refuse(const Twine &what) {
    return connections.emitError()
           << "`" << handle.getOver() << "` has no hardware form yet: " << what;
  }
  Value leftBy(bool ofSource, int64_t number);
  ArrayOp arrayOfLatched(bool ofSource, int64_t number);
  LogicalResult findInputs(const FlatRule &flat);
  LogicalResult findShift(ArrayOp weight);
  void findRange(ArrayOp weight);

  HandleOp handle;
  ProgramOp program;
  ConnectionsOp connections;
  PlasticRule rule;
};

/// What an integer of a cell's kernel is when the cell fires.
static Value atSpike(Value value) {
  auto select = value.getDefiningOp<arith::SelectOp>();
  if (!select)
    return value;
  for (auto emit : select->getParentOfType<KernelOp>().getBody().getOps<EmitOp>())
    if (select.getCondition() == emit.getFires())
      return select.getTrueValue();
  return value;
}

/// What a spike of an end leaves, an integer of its cell's kernel.
Value RulePlanner::leftBy(bool ofSource, int64_t number) {
  Value latched = latchedValue(connections, ofSource, number, program);
  if (!latched)
    return {};
  // A source tells what the spike before left, so it is what it keeps now that counts.
  if (auto get = latched.getDefiningOp<GetOp>(); get && ofSource)
    for (auto set : get->getParentOfType<KernelOp>().getBody().getOps<SetOp>())
      if (set.getField() == get.getField())
        latched = set.getValue();
  auto real = latched.getDefiningOp<RealOp>();
  return real ? atSpike(real.getValue()) : latched;
}

/// The array whose values a latched value is one of.
ArrayOp RulePlanner::arrayOfLatched(bool ofSource, int64_t number) {
  Value latched = latchedValue(connections, ofSource, number, program);
  auto kernel = latched.getDefiningOp()->getParentOfType<KernelOp>();
  std::string field;
  if (auto get = latched.getDefiningOp<GetOp>())
    field = get.getField().str();
  auto real = latched.getDefiningOp<RealOp>();
  for (auto set : kernel.getBody().getOps<SetOp>())
    if (auto other = set.getValue().getDefiningOp<RealOp>();
        set.getValue() == latched ||
        (real && other && real.getValue() == atSpike(other.getValue()) &&
         real.getFraction() == other.getFraction()))
      field = set.getField().str();
  StringRef end = ofSource ? connections.getSource() : connections.getTarget();
  for (auto update : program.getBody().getOps<UpdateOp>())
    if (update.getOver() == end)
      for (auto [of, to] : llvm::zip(kernel.getBody().getOps<FieldOp>(), update.getBind()))
        if (of.getSymName() == field && isa<FlatSymbolRefAttr>(to))
          return dyn_cast_or_null<ArrayOp>(
              SymbolTable::lookupSymbolIn(program, cast<FlatSymbolRefAttr>(to).getValue()));
  return {};
}

LogicalResult RulePlanner::findInputs(const FlatRule &flat) {
  for (const RuleInput &input : flat.inputs) {
    PlasticRule::Input made;
    made.field = input.field;
    made.ofSource = input.ofSource();
    if (input.isDecay()) {
      PlasticRule::Table table;
      auto whole = [&](double value) { return int64_t(std::ldexp(value, int(input.format[1]))); };
      table.beyond = whole(input.beyond);
      table.bits = unsigned(input.format[0]);
      for (double value : input.table)
        table.values.push_back(whole(value));
      while (table.values.size() > 1 && table.values.back() == table.beyond)
        table.values.pop_back();
      made.decay = std::move(table);
    } else {
      made.latched = leftBy(input.ofSource(), input.number);
      if (!made.latched)
        return refuse("it reads what spikes do not carry");
      if (auto left = constantOf(made.latched); left && isa<IntegerType>(made.latched.getType())) {
        made.left = int64_t(*left);
        made.bits = unsigned(bitsFor(std::min(0.0, *left), std::max(0.0, *left)));
        rule.inputs.push_back(std::move(made));
        continue;
      }
      ArrayOp array = arrayOfLatched(input.ofSource(), input.number);
      if (!array || !array.getFormat())
        return refuse(Twine("what spikes of its ") + (input.ofSource() ? "sources" : "targets") +
                      " leave is none of their states");
      made.bits = unsigned((*array.getFormat())[0]);
    }
    rule.inputs.push_back(std::move(made));
  }
  return success();
}

/// A spike adds the new weight itself, in units of the sum.
LogicalResult RulePlanner::findShift(ArrayOp weight) {
  auto kernel = cast<KernelOp>(SymbolTable::lookupSymbolIn(program, handle.getKernel()));
  SetOp set;
  for (auto one : kernel.getBody().getOps<SetOp>())
    set = one;
  unsigned sends = 0;
  for (auto send : kernel.getBody().getOps<SendOp>()) {
    auto round = send.getAmount().getDefiningOp<RoundOp>();
    auto product = round ? round.getValue().getDefiningOp<arith::MulFOp>() : arith::MulFOp();
    Value other;
    for (unsigned k : {0u, 1u})
      if (product && product.getOperand(k) == set.getValue())
        other = product.getOperand(1 - k);
    auto unit = other ? constantOf(other) : std::nullopt;
    int exponent = unit && *unit > 0 ? std::ilogb(*unit) : 0;
    if (!unit || std::ldexp(1.0, exponent) != *unit || ++sends > 1)
      return refuse("a spike does not simply add the weight");
    int shift = exponent - int((*weight.getFormat())[1]);
    if (shift < 0)
      return refuse("its sum is coarser than its weights");
    rule.shift = unsigned(shift);
  }
  return sends == 1 ? success() : LogicalResult(refuse("a spike adds nothing to its targets"));
}

/// Where weights begin, and where the rule leads them.
void RulePlanner::findRange(ArrayOp weight) {
  auto format = *weight.getFormat();
  double most = power(int(format[0] - 1));
  std::optional<Bound> all;
  auto add = [&](const Bound &one) { all = all ? all->hull(one) : one; };
  if (auto values = dyn_cast_or_null<DenseFPElementsAttr>(weight.getValuesAttr()))
    for (const APFloat &value : values.getValues<APFloat>())
      add(Bound::point(std::nearbyint(std::ldexp(value.convertToDouble(), int(format[1])))));
  rule.weight = {-most, most - 1, 0};
  Paths paths(rule.kernel);
  paths.run([&](Operation *op) { return rule.leafOf(cast<GetOp>(op).getField()); },
            [](Operation *) { return std::nullopt; },
            [](Operation *, unsigned, double value) { return Bound::point(value); },
            [](Operation *, Bound exact) { return exact; },
            [&](ArrayRef<Bound> values) {
              for (Value value : {rule.post, rule.pre})
                if (value)
                  add(values[paths.numberOf(value)]);
            });
  if (all)
    rule.weight = {std::floor(all->low), std::ceil(all->high), 0};
}

FailureOr<PlasticRule> RulePlanner::plan() {
  auto delay = connections.getDelay();
  auto steps = dyn_cast_or_null<DenseIntElementsAttr>(connections.getStepsAttr());
  if (!delay || !steps || steps.empty())
    return refuse("its connections need one delay"), failure();
  rule.delay = uint32_t(*steps.getValues<int32_t>().begin());
  FailureOr<FlatRule> flat = flattenRule(handle, program);
  if (failed(flat))
    return failure();
  flat->kernel->remove();
  rule.kernel = flat->kernel;
  rule.holder = std::shared_ptr<void>(flat->kernel.getOperation(),
                                      [](void *op) { static_cast<Operation *>(op)->destroy(); });
  if (flat->post)
    rule.post = flat->post.getValue();
  if (flat->pre)
    rule.pre = flat->pre.getValue();
  auto weight = cast<ArrayOp>(SymbolTable::lookupSymbolIn(program, flat->weight));
  if (!weight.getFormat())
    return weight.emitOpError("has no format; hardware is made of quantised programs"), failure();
  if (failed(findInputs(*flat)) || failed(findShift(weight)))
    return failure();
  findRange(weight);
  return std::move(rule);
}

} // namespace

FailureOr<PlasticRule> synfire::planRule(HandleOp handle, ProgramOp program) {
  return RulePlanner(handle, program).plan();
}
