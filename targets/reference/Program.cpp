//===- Program.cpp - evaluating the regions of a model ---===//
#include "targets/reference/Program.h"

#include "mlir/IR/Matchers.h"

#include "llvm/ADT/TypeSwitch.h"

#include <cmath>

using namespace mlir;
using namespace synfire::neuro;
using namespace synfire::reference;

std::string synfire::reference::variableName(SymbolRefAttr variable) {
  std::string name = variable.getRootReference().str();
  for (FlatSymbolRefAttr nested : variable.getNestedReferences())
    name += "." + nested.getValue().str();
  return name;
}

//===----------------------------------------------------------------------===//
// Models
//===----------------------------------------------------------------------===//

Model::Model(Operation *type) : type(type) {
  Region &body = type->getRegion(0);
  for (auto state : body.getOps<StateOp>()) {
    states.push_back(state);
    names.push_back(state.getSymName().str());
  }
  for (auto parameter : body.getOps<ParameterOp>())
    names.push_back(parameter.getSymName().str());
  for (auto input : body.getOps<InputOp>())
    names.push_back(input.getSymName().str());
  type->walk([&](NoiseOp noise) {
    if (findStream(noise.getStream()) < 0)
      streams.push_back(noise.getStream().str());
  });
  for (auto let : body.getOps<LetOp>())
    letNames.push_back(let.getSymName().str());
  for (auto let : body.getOps<LetOp>()) // a let of a synapse may read both ends: not kept
    lets.push_back(isa<NeuronOp>(type) ? Program(let.getBody().front(), this, nullptr, nullptr)
                                       : Program());
}

static int position(const std::vector<std::string> &names, StringRef wanted) {
  auto found = llvm::find(names, wanted);
  return found == names.end() ? -1 : found - names.begin();
}

int Model::find(StringRef name) const { return position(names, name); }
int Model::findLet(StringRef name) const { return position(letNames, name); }
int Model::findStream(StringRef name) const { return position(streams, name); }

EquationOp Model::equation(StringRef state) const {
  for (auto equation : type->getRegion(0).getOps<EquationOp>())
    if (equation.getState() == state)
      return equation;
  return nullptr;
}

//===----------------------------------------------------------------------===//
// Compilation
//===----------------------------------------------------------------------===//

namespace {
using Function = std::function<double(double, double, double)>;

/// The meaning of an arithmetic op; truth values are 1 and 0.
Function meaning(Operation *op) {
  using D = double;
  return llvm::TypeSwitch<Operation *, Function>(op)
      .Case([](arith::AddFOp) { return [](D a, D b, D) { return a + b; }; })
      .Case([](arith::SubFOp) { return [](D a, D b, D) { return a - b; }; })
      .Case([](arith::MulFOp) { return [](D a, D b, D) { return a * b; }; })
      .Case([](arith::DivFOp) { return [](D a, D b, D) { return a / b; }; })
      .Case([](arith::RemFOp) { return [](D a, D b, D) { return std::fmod(a, b); }; })
      .Case([](arith::NegFOp) { return [](D a, D, D) { return -a; }; })
      .Case<arith::MaximumFOp, arith::MaxNumFOp>(
          [](auto) { return [](D a, D b, D) { return a > b ? a : b; }; })
      .Case<arith::MinimumFOp, arith::MinNumFOp>(
          [](auto) { return [](D a, D b, D) { return a < b ? a : b; }; })
      .Case([](arith::CmpFOp cmp) -> Function {
        return [predicate = cmp.getPredicate()](D a, D b, D) {
          return D(arith::applyCmpPredicate(predicate, APFloat(a), APFloat(b)));
        };
      })
      .Case([](arith::SelectOp) { return [](D c, D a, D b) { return c != 0 ? a : b; }; })
      .Case([](arith::AndIOp) { return [](D a, D b, D) { return D(a != 0 && b != 0); }; })
      .Case([](arith::OrIOp) { return [](D a, D b, D) { return D(a != 0 || b != 0); }; })
      .Case([](arith::XOrIOp) { return [](D a, D b, D) { return D((a != 0) != (b != 0)); }; })
      .Case([](arith::UIToFPOp) { return [](D a, D, D) { return a; }; })
      .Case([](math::ExpOp) { return [](D a, D, D) { return std::exp(a); }; })
      .Case([](math::ExpM1Op) { return [](D a, D, D) { return std::expm1(a); }; })
      .Case([](math::LogOp) { return [](D a, D, D) { return std::log(a); }; })
      .Case([](math::Log10Op) { return [](D a, D, D) { return std::log10(a); }; })
      .Case([](math::SqrtOp) { return [](D a, D, D) { return std::sqrt(a); }; })
      .Case([](math::AbsFOp) { return [](D a, D, D) { return std::fabs(a); }; })
      .Case([](math::FloorOp) { return [](D a, D, D) { return std::floor(a); }; })
      .Case([](math::CeilOp) { return [](D a, D, D) { return std::ceil(a); }; })
      .Case([](math::RoundOp) { return [](D a, D, D) { return std::round(a); }; })
      .Case([](math::RoundEvenOp) { return [](D a, D, D) { return std::nearbyint(a); }; })
      .Case([](math::SinOp) { return [](D a, D, D) { return std::sin(a); }; })
      .Case([](math::CosOp) { return [](D a, D, D) { return std::cos(a); }; })
      .Case([](math::TanOp) { return [](D a, D, D) { return std::tan(a); }; })
      .Case([](math::TanhOp) { return [](D a, D, D) { return std::tanh(a); }; })
      .Case<math::PowFOp, math::FPowIOp>(
          [](auto) { return [](D a, D b, D) { return std::pow(a, b); }; })
      .Case([](math::FmaOp) { return [](D a, D b, D c) { return std::fma(a, b, c); }; })
      .Default([](Operation *) -> Function { return nullptr; });
}
} // namespace

Program::Program(Block &block, const Model *self, const Model *pre, const Model *post)
    : models{self, pre, post} {
  llvm::DenseMap<Value, int> registers;
  append(block, registers);
}

void Program::append(Block &block, llvm::DenseMap<Value, int> &registers) {
  auto access = [&](Side side, SymbolRefAttr variable) -> Access {
    const Model *model = models[unsigned(side)];
    if (!model)
      return {Access::Special, side};
    std::string name = variableName(variable);
    if (int index = model->find(name); index >= 0)
      return {Access::Variable, side, index};
    if (int index = model->findLet(name); index >= 0)
      return {Access::Let, side, index};
    return {Access::Special, side};
  };
  for (Operation &op : block) {
    if (isa<YieldOp>(op)) {
      for (Value value : op.getOperands())
        yielded.push_back(registers.lookup(value));
      break;
    }
    Instruction i;
    i.kind = Instruction::Compute;
    i.op = &op;
    for (Value operand : op.getOperands())
      i.operands.push_back(registers.lookup(operand));
    Attribute constant;
    if (matchPattern(&op, m_Constant(&constant))) {
      i.kind = Instruction::Constant;
      if (auto number = dyn_cast<FloatAttr>(constant))
        i.constant = number.getValueAsDouble();
      else
        i.constant = op.getResult(0).getType().isInteger(1)
                         ? double(!cast<IntegerAttr>(constant).getValue().isZero())
                         : double(cast<IntegerAttr>(constant).getInt());
    } else if (auto get = dyn_cast<GetOp>(op)) {
      i.kind = Instruction::Read;
      i.access = access(get.getSide(), get.getVariable());
    } else if (auto noise = dyn_cast<NoiseOp>(op)) {
      i.kind = Instruction::Read;
      i.access = {Access::Noise, Side::Self,
                  models[0] ? models[0]->findStream(noise.getStream()) : -1};
    } else if (isa<TimeOp, TimestepOp, IndexOp>(op)) {
      i.kind = Instruction::Read;
      i.access = {isa<TimeOp>(op)       ? Access::Time
                  : isa<TimestepOp>(op) ? Access::Timestep
                                        : Access::Index};
    } else if (isa<DrawOp, ColumnOp, DistanceOp, CountOp, FrameValueOp>(op)) {
      i.kind = Instruction::Read;
      i.access = {Access::Special};
    } else if (isa<SetOp, AddOp, RefractoryOp>(op)) {
      i.kind = Instruction::Statement;
      if (auto set = dyn_cast<SetOp>(op))
        i.access = access(Side::Self, set.getVariable());
      else if (auto add = dyn_cast<AddOp>(op))
        i.access = access(add.getSide(), add.getVariable());
    } else if (auto release = dyn_cast<ReleaseOp>(op)) {
      i.kind = Instruction::Release;
      size_t place = code.size();
      code.push_back(i);
      append(release.getBody().front(), registers);
      code[place].end = code.size();
      continue;
    } else if (!(i.function = meaning(&op))) {
      unknownOp = &op;
    }
    if (i.kind == Instruction::Compute)
      i.operands.resize(3);
    if (op.getNumResults())
      registers[op.getResult(0)] = code.size();
    code.push_back(i);
  }
}

//===----------------------------------------------------------------------===//
// Evaluation
//===----------------------------------------------------------------------===//

double Program::read(const Instruction &i, const Frame &frame,
                     const std::vector<double> &registers) const {
  const double *sides[] = {frame.self, frame.pre, frame.post};
  switch (i.access.kind) {
  case Access::Variable:
    return sides[unsigned(i.access.side)][i.access.index];
  case Access::Let: {
    Frame inner = frame;
    inner.self = sides[unsigned(i.access.side)];
    if (i.access.side != Side::Self)
      inner.index = i.access.side == Side::Pre ? frame.preIndex : frame.postIndex;
    if (i.access.side == Side::Pre)
      inner.time -= frame.preAge;
    return models[unsigned(i.access.side)]->lets[i.access.index].evaluateOne(inner);
  }
  case Access::Noise:
    return frame.noise ? frame.noise[i.access.index] : 0.0;
  case Access::Time:
    return frame.time;
  case Access::Timestep:
    return frame.timestep;
  case Access::Index:
    return frame.index;
  case Access::Special: {
    SmallVector<double> operands;
    for (int index : i.operands)
      operands.push_back(registers[index]);
    return frame.special ? frame.special(i.op, operands) : 0.0;
  }
  }
  return 0.0;
}

void Program::run(const Frame &frame, std::vector<double> &registers,
                  llvm::function_ref<void(Operation *, Access, double)> statement,
                  llvm::function_ref<bool(const Access &)> isLate,
                  const std::vector<double> *latched) const {
  registers.assign(code.size(), 0.0);
  for (size_t n = 0; n < code.size(); ++n) {
    const Instruction &i = code[n];
    switch (i.kind) {
    case Instruction::Constant:
      registers[n] = i.constant;
      break;
    case Instruction::Compute:
      registers[n] =
          i.function(registers[i.operands[0]], registers[i.operands[1]], registers[i.operands[2]]);
      break;
    case Instruction::Read:
      registers[n] = latched && !isLate(i.access) ? (*latched)[n] : read(i, frame, registers);
      break;
    case Instruction::Statement:
      statement(i.op, i.access, registers[i.operands[0]]);
      break;
    case Instruction::Release: // `special` says whether it happens
      if (frame.special(i.op, registers[i.operands[0]]) == 0)
        n = i.end - 1;
      break;
    }
  }
}

std::vector<double> Program::evaluate(const Frame &frame) const {
  std::vector<double> registers, values;
  run(frame, registers, [](Operation *, Access, double) {});
  for (int index : yielded)
    values.push_back(registers[index]);
  return values;
}
