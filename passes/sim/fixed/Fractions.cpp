//===- Fractions.cpp - how fine each value of a quantised kernel is ---===//
#include "passes/sim/fixed/Exponential.h"
#include "passes/sim/fixed/KernelFormats.h"
#include "passes/sim/fixed/SignedDigits.h"

using namespace mlir;

namespace synfire::sim {

/// Beyond these no number of a model lies, whatever its unit.
static constexpr int MostFraction = 60;
/// The factors of a multiplier of a small FPGA have 16 bits.
static constexpr int MostTableFraction = 15;
/// The product of two such values fits into 64 bits, with a sum and a carry.
static constexpr int MostBitsOfFactor = 31;

/// A number that is a few bits long, as it is, or nothing.
static std::optional<Coefficient> shortNumber(double value) {
  if (value == 0)
    return Coefficient{0, 0};
  int exponent;
  double mantissa = std::frexp(value, &exponent); // in [0.5, 1)
  auto whole = int64_t(std::ldexp(mantissa, 53));
  int zeros = llvm::countr_zero(uint64_t(whole));
  if (53 - zeros > 8)
    return std::nullopt;
  return Coefficient{whole >> zeros, 53 - zeros - exponent};
}

void KernelFormats::demand(Value value, int fraction) {
  if (!value.getDefiningOp() || fraction == FixedOperation::nothing)
    return;
  // A chain of products, as a solver of several stages has, would ask for more in each.
  int most = std::min(MostFraction, MostBitsOfFactor - 1 -
                                        exponentAbove(hull[paths.numberOf(value)].magnitude()));
  int &known = plan[value.getDefiningOp()].demand;
  known = std::max(known, std::clamp(fraction, -MostFraction, std::max(most, -MostFraction)));
}

/// What is only compared is as fine as a state of the size of either side would be, and no coarser
/// than states whose formats the model gives.
void KernelFormats::demandCompared(arith::CmpFOp compare) {
  double size = 0;
  for (Value operand : compare->getOperands())
    size = std::max(size, hull[paths.numberOf(operand)].magnitude());
  int fraction = int(stateBits) - 1 - exponentAbove(size);
  for (auto &entry : fields)
    if (auto given = entry.second.given)
      fraction = std::max(fraction, int(given->second));
  for (Value operand : compare->getOperands())
    if (plan[operand.getDefiningOp()].demand == FixedOperation::nothing)
      demand(operand, fraction);
}

/// Backwards from the states: how fine each value has to be so that what is computed from it is as
/// fine as the state.
void KernelFormats::demandAll() {
  for (Operation &op : llvm::reverse(kernel.getBody().front())) {
    if (auto set = dyn_cast<SetOp>(op)) {
      const FixedField &field = fields[set.getField()];
      demand(set.getValue(), field.fraction + (field.isWhole ? 0 : settings.guardBits));
      continue;
    }
    if (auto compare = dyn_cast<arith::CmpFOp>(op))
      demandCompared(compare);
    if (op.getNumResults() != 1)
      continue;
    int wanted = plan[&op].demand;
    auto factor = [&](Value value, Value other) {
      if (wanted == FixedOperation::nothing)
        return;
      auto number = constantOf(other);
      double size = number ? std::abs(*number) : hull[paths.numberOf(other)].magnitude();
      // A sum in units of its own has a fraction, which the factor gives back.
      demand(value, size == 0 ? wanted : wanted + exponentAbove(size));
    };
    if (isa<arith::MulFOp, math::FmaOp>(op)) {
      factor(op.getOperand(0), op.getOperand(1));
      factor(op.getOperand(1), op.getOperand(0));
      if (isa<math::FmaOp>(op))
        demand(op.getOperand(2), wanted);
    } else if (isa<math::ExpOp>(op)) {
      demand(op.getOperand(0), fixed::argumentFraction);
    } else if (auto select = dyn_cast<arith::SelectOp>(op)) {
      demand(select.getTrueValue(), wanted);
      demand(select.getFalseValue(), wanted);
    } else if (isa<FloatType>(op.getResult(0).getType())) {
      for (Value operand : op.getOperands())
        demand(operand, wanted);
    }
  }
}

int KernelFormats::fractionOf(Value value) const {
  if (auto get = value.getDefiningOp<GetOp>()) {
    auto field = fields.find(get.getField());
    return field == fields.end() ? 0 : field->second.fraction;
  }
  auto found = plan.find(value.getDefiningOp());
  return found == plan.end() ? 0 : found->second.fraction;
}

int KernelFormats::factorFraction(Operation *op, unsigned number) const {
  return constantOf(op->getOperand(number)) ? coefficient(op, number).fraction
                                            : fractionOf(op->getOperand(number));
}

/// Any number may be taken that moves the product by at most a quarter of what is wanted of it: the
/// one with the fewest digits, which is the cheapest in hardware. The error counts it.
Coefficient KernelFormats::chooseCoefficient(Operation *op, unsigned number, double value) const {
  if (auto exact = shortNumber(value))
    return *exact;
  int wanted = plan.find(op)->second.demand;
  if (wanted == FixedOperation::nothing)
    wanted = 0; // nobody reads the product
  double size =
      std::max(hull[paths.numberOf(op->getOperand(1 - number))].magnitude(), power(-MostFraction));
  // Somewhat finer than the difference that is allowed, for a choice. Not more bits than a number
  // of any use has, however small its partner is.
  int fraction =
      std::min(wanted + 3 + exponentAbove(size), MostBitsOfFactor - 1 - exponentAbove(value));
  double allowed = std::max(power(-wanted - 2) / size, power(-fraction - 1));
  int64_t whole = fewestDigits(std::ldexp(value, fraction), std::ldexp(allowed, fraction));
  while (whole != 0 && whole % 2 == 0) {
    whole /= 2;
    --fraction;
  }
  return {whole, whole == 0 ? 0 : fraction};
}

/// Forwards: the fraction that each value has, and where it is rounded to what is wanted.
void KernelFormats::planForward() {
  for (Operation &op : kernel.getBody().front()) {
    if (op.getNumResults() != 1 || !isa<FloatType>(op.getResult(0).getType()) ||
        isa<arith::ConstantOp, GetOp>(op))
      continue;
    FixedOperation &of = plan[&op];
    if (isa<arith::MulFOp, math::FmaOp>(op))
      for (unsigned k : {0, 1})
        if (auto value = constantOf(op.getOperand(k)))
          of.coefficients[k] = chooseCoefficient(&op, k, *value);
    // A constant term is as fine as what it is added to, or as is wanted.
    auto ofTerms = [&](ValueRange terms, int finest) {
      for (Value term : terms)
        if (auto number = constantOf(term)) {
          bool fits = finest != FixedOperation::nothing &&
                      std::ldexp(*number, finest) == std::floor(std::ldexp(*number, finest));
          if (!fits && of.demand != FixedOperation::nothing)
            finest = std::max(finest, of.demand);
        } else {
          finest = std::max(finest, fractionOf(term));
        }
      return finest == FixedOperation::nothing ? 0 : finest;
    };
    constexpr int nothing = FixedOperation::nothing;
    if (isa<math::ExpOp>(op)) { // rounds to what is wanted by itself
      of.rounds = true;
      of.full = of.fraction =
          of.demand == nothing ? 0 : std::clamp(of.demand, 0, fixed::mostFraction);
      continue;
    }
    if (isa<arith::SIToFPOp, math::FloorOp>(op))
      of.full = 0;
    else if (isa<arith::MulFOp>(op))
      of.full = factorFraction(&op, 0) + factorFraction(&op, 1);
    else if (isa<math::FmaOp>(op))
      of.full = ofTerms(op.getOperand(2), factorFraction(&op, 0) + factorFraction(&op, 1));
    else if (auto select = dyn_cast<arith::SelectOp>(op))
      of.full = ofTerms({select.getTrueValue(), select.getFalseValue()}, nothing);
    else
      of.full = ofTerms(op.getOperands(), nothing);
    // A sum in units of its own is exact.
    of.rounds = of.demand != nothing && of.full > of.demand && !isa<arith::SIToFPOp>(op);
    of.fraction = of.rounds ? of.demand : of.full;
  }
}

/// The fraction of a state that is only ever set to some short numbers, as a trace is that each
/// spike of its side sets to 1.
std::optional<int> KernelFormats::heldFraction(const FixedField &field) {
  int fraction = 0;
  auto take = [&](double value) {
    auto exact = shortNumber(value);
    fraction = std::max(fraction, exact ? exact->fraction : 0);
    return exact.has_value();
  };
  std::function<bool(Value)> isHeld = [&](Value value) {
    if (auto select = value.getDefiningOp<arith::SelectOp>())
      return isHeld(select.getTrueValue()) && isHeld(select.getFalseValue());
    if (auto get = value.getDefiningOp<GetOp>())
      return get.getField() == FieldOp(field.field).getSymName();
    auto number = constantOf(value);
    return number && take(*number);
  };
  for (auto set : kernel.getBody().getOps<SetOp>())
    if (set.getField() == FieldOp(field.field).getSymName() && !isHeld(set.getValue()))
      return std::nullopt;
  bool starts = llvm::all_of(field.arrays, [&](ArrayOp array) {
    return !array.getValues() && (!array.getValue() || take(array.getValue()->convertToDouble()));
  });
  return field.isState && starts ? std::optional(fraction) : std::nullopt;
}

int KernelFormats::demandOf(StringRef field) {
  setFractions(settings.bits ? settings.bits : MostBits);
  int finest = FixedOperation::nothing;
  for (auto get : kernel.getBody().getOps<GetOp>())
    if (get.getField() == field)
      finest = std::max(finest, plan[get].demand);
  return finest;
}

/// A table is as fine as what is computed from its values needs it.
void KernelFormats::setTableFractions() {
  for (auto &entry : fields) {
    FixedField &field = entry.second;
    if (!field.isTable)
      continue;
    int finest = 0;
    for (auto get : kernel.getBody().getOps<GetOp>())
      if (get.getField() == entry.first())
        finest = std::max(finest, plan[get].demand);
    field.fraction = std::min(finest, MostTableFraction);
  }
}

/// Each state gets so many bits, unless the model says how many.
void KernelFormats::setFractions(int64_t bits) {
  stateBits = bits;
  for (auto &entry : fields) {
    FixedField &field = entry.second;
    double size = field.range.magnitude();
    auto held = field.isWhole || field.given ? std::nullopt : heldFraction(field);
    field.isHeld = held.has_value();
    if (field.isWhole)
      field.fraction = 0;
    else if (field.given)
      field.fraction = int(field.given->second);
    else if (held)
      field.fraction = *held;
    else // a state that is always 0 may have any
      field.fraction = std::clamp(int(bits) - 1 - (size == 0 ? 0 : exponentAbove(size)),
                                  -MostFraction, MostFraction);
  }
  plan.clear();
  // The units of a sum are those of what it is added to.
  for (auto &entry : sums)
    entry.second.fraction = 0;
  demandAll();
  setTableFractions();
  for (auto &entry : sums) {
    FixedSum &sum = entry.second;
    int finest = FixedOperation::nothing;
    for (Operation &op : kernel.getBody().front())
      if (isa<arith::MulFOp, math::FmaOp>(op))
        for (Value operand : op.getOperands().take_front(2))
          if (auto get = operand.getDefiningOp<GetOp>())
            if (auto scale = scales.find(get.getField()); scale != scales.end() &&
                                                          scale->second.second &&
                                                          scale->second.first == entry.first())
              finest = std::max(finest, plan[&op].demand);
    sum.fraction = finest == FixedOperation::nothing ? 0 : finest;
    for (AccumulatorOp accumulator : sum.accumulators)
      if (auto least = settings.leastFractions.find(accumulator.getSymName());
          least != settings.leastFractions.end())
        sum.fraction = std::max(sum.fraction, least->second);
  }
  findConstants();
  plan.clear();
  demandAll();
  planForward();
}

void KernelFormats::findConstants() {
  constants.clear();
  for (Operation &op : kernel.getBody().front())
    if (op.getNumResults() == 1 && !isa<arith::ConstantOp>(op))
      if (auto number = constantOf(op.getResult(0)))
        constants[&op] = number;
}

/// The widest integer that the kernel holds in between, which must fit into 64 bits, and its op.
std::pair<Operation *, int64_t> KernelFormats::widest() {
  std::pair<Operation *, int64_t> most{nullptr, 0};
  for (Operation &op : kernel.getBody().front()) {
    auto of = plan.find(&op);
    bool compares = isa<arith::CmpFOp>(op);
    if (op.getNumResults() != 1 || constantOf(op.getResult(0)) ||
        (!compares && (of == plan.end() || !isa<FloatType>(op.getResult(0).getType()))))
      continue;
    auto look = [&](double size, int fraction) {
      int64_t bits = size <= 0 ? 1 : exponentAbove(size) + fraction + 2; // sign, and a carry
      if (bits > most.second)
        most = {&op, bits};
    };
    auto sizeOf = [&](Value value) {
      auto number = constantOf(value);
      return number ? std::abs(*number) : hull[paths.numberOf(value)].magnitude();
    };
    int full = compares ? std::max(fractionOf(op.getOperand(0)), fractionOf(op.getOperand(1)))
                        : of->second.full;
    ValueRange terms = op.getOperands();
    if (isa<arith::MulFOp, math::FmaOp>(op)) {
      look(sizeOf(terms[0]) * sizeOf(terms[1]), full);
      terms = terms.drop_front(2);
    } else if (isa<arith::SelectOp>(op)) {
      terms = terms.drop_front();
    } else if (isa<math::FloorOp, arith::SIToFPOp>(op)) {
      terms = {};
    }
    for (Value term : terms)
      look(sizeOf(term), full);
    if (!compares) {
      look(sizeOf(op.getResult(0)), full);
      look(1, of->second.full - of->second.fraction); // the carry that rounds
    }
  }
  for (auto set : kernel.getBody().getOps<SetOp>()) {
    const FixedField &field = fields.find(set.getField())->second;
    double size = hull[paths.numberOf(set.getValue())].magnitude();
    int64_t bits = exponentAbove(size) + field.fraction + 2;
    if (!field.isWhole && bits > most.second)
      most = {set, bits};
  }
  return most;
}

} // namespace synfire::sim
