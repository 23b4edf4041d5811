//===- Evaluate.cpp - what the ops of a region mean ---===//
#include "targets/reference/Network.h"

#include "runtime/random/Hash.h"
#include "runtime/random/Samplers.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::neuro;
using namespace synfire::reference;

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

using D = double;
using Function = D (*)(D, D, D);

template <typename OpT>
static llvm::detail::DenseMapPair<TypeID, Function> means(Function function) {
  return {TypeID::get<OpT>(), function};
}

// Truth values are 1 and 0.
static const llvm::DenseMap<TypeID, Function> &arithmetic() {
  static const llvm::DenseMap<TypeID, Function> table = {
      means<arith::AddFOp>([](D a, D b, D) { return a + b; }),
      means<arith::SubFOp>([](D a, D b, D) { return a - b; }),
      means<arith::MulFOp>([](D a, D b, D) { return a * b; }),
      means<arith::DivFOp>([](D a, D b, D) { return a / b; }),
      means<arith::RemFOp>([](D a, D b, D) { return std::fmod(a, b); }),
      means<arith::NegFOp>([](D a, D, D) { return -a; }),
      means<arith::MaximumFOp>([](D a, D b, D) { return a > b ? a : b; }),
      means<arith::MaxNumFOp>([](D a, D b, D) { return a > b ? a : b; }),
      means<arith::MinimumFOp>([](D a, D b, D) { return a < b ? a : b; }),
      means<arith::MinNumFOp>([](D a, D b, D) { return a < b ? a : b; }),
      means<arith::SelectOp>([](D c, D a, D b) { return c != 0 ? a : b; }),
      means<arith::AndIOp>([](D a, D b, D) { return D(a != 0 && b != 0); }),
      means<arith::OrIOp>([](D a, D b, D) { return D(a != 0 || b != 0); }),
      means<arith::XOrIOp>([](D a, D b, D) { return D((a != 0) != (b != 0)); }),
      means<arith::UIToFPOp>([](D a, D, D) { return a; }),
      means<math::ExpOp>([](D a, D, D) { return std::exp(a); }),
      means<math::ExpM1Op>([](D a, D, D) { return std::expm1(a); }),
      means<math::LogOp>([](D a, D, D) { return std::log(a); }),
      means<math::Log10Op>([](D a, D, D) { return std::log10(a); }),
      means<math::SqrtOp>([](D a, D, D) { return std::sqrt(a); }),
      means<math::AbsFOp>([](D a, D, D) { return std::fabs(a); }),
      means<math::FloorOp>([](D a, D, D) { return std::floor(a); }),
      means<math::CeilOp>([](D a, D, D) { return std::ceil(a); }),
      means<math::RoundOp>([](D a, D, D) { return std::round(a); }),
      means<math::RoundEvenOp>([](D a, D, D) { return std::nearbyint(a); }),
      means<math::SinOp>([](D a, D, D) { return std::sin(a); }),
      means<math::CosOp>([](D a, D, D) { return std::cos(a); }),
      means<math::TanOp>([](D a, D, D) { return std::tan(a); }),
      means<math::TanhOp>([](D a, D, D) { return std::tanh(a); }),
      means<math::PowFOp>([](D a, D b, D) { return std::pow(a, b); }),
      means<math::FPowIOp>([](D a, D b, D) { return std::pow(a, b); }),
      means<math::FmaOp>([](D a, D b, D c) { return std::fma(a, b, c); }),
  };
  return table;
}

LogicalResult synfire::reference::checkMeaning(Operation *root) {
  auto known = [](Operation *op) {
    if (auto projection = dyn_cast<ProjectionOp>(op))
      return projection.getRule() != ConnectRule::LowRank;
    // What `neuro-prepare` makes other ops of is not there any more.
    return !isa<AttachOp, CompartmentOp, CoupleOp, FreezeOp, GrowOp, PruneOp, ThawOp>(op) &&
           (isa<NeuroDialect>(op->getDialect()) || isa<arith::ConstantOp, arith::CmpFOp>(op) ||
            arithmetic().count(op->getName().getTypeID()));
  };
  return failure(root->walk([&](Operation *op) {
                       if (known(op))
                         return WalkResult::advance();
                       op->emitOpError("has no meaning in the reference interpreter");
                       return WalkResult::interrupt();
                     })
                     .wasInterrupted());
}

//===----------------------------------------------------------------------===//
// Random numbers (C3, D1)
//===----------------------------------------------------------------------===//

Stream Network::stream(const Instance &instance, const std::string &purpose) {
  // Connections of a projection draw like connections, paths of a stimulus like its elements.
  return {seed, runtime::streamHash(instance.group->name, purpose), instance.source != nullptr,
          instance.number, instance.position};
}

/// The block of a connection, or number `block` of the elements.
static runtime::PhiloxWords blockOf(const Stream &s, uint64_t block, uint64_t draw) {
  return runtime::philox(
      s.connection ? runtime::connectionCounter(s.element, s.position, uint32_t(draw), s.hash)
                   : runtime::elementCounter(block, draw, s.hash),
      s.seed);
}

uint32_t Stream::word(uint64_t draw) const {
  auto [block, word] = runtime::elementPlace(element);
  return blockOf(*this, block, draw)[connection ? 0 : word];
}

double Stream::normal(uint64_t draw) const {
  auto [block, word] = runtime::elementPlace(element);
  return runtime::normal(blockOf(*this, block, draw), connection ? 0 : word);
}

double Stream::gamma(double mean, double cv, uint64_t attempt) const {
  double result = 0; // an element has a block of its own here
  for (uint64_t draw = 256 * attempt; draw < 256 * (attempt + 1); ++draw)
    if (runtime::gammaAttempt(mean, cv, blockOf(*this, element, draw), result))
      break;
  return result;
}

static double attempt(DrawOp op, ArrayRef<double> a, const Stream &stream, uint64_t number) {
  switch (op.getDistribution()) {
  case Distribution::Normal:
    return a[0] + a[1] * stream.normal(number);
  case Distribution::Lognormal:
    return runtime::lognormal(a[0], a[1], stream.normal(number));
  case Distribution::Uniform:
    return a[0] + (a[1] - a[0]) * runtime::uniform(stream.word(number));
  case Distribution::Exponential:
    return runtime::exponential(a[0], runtime::uniform(stream.word(number)));
  case Distribution::Gamma:
    return stream.gamma(a[0], a[1], number);
  }
  llvm_unreachable("all distributions are handled");
}

/// A draw outside of its interval is repeated or clipped, as the op says.
static double draw(DrawOp op, ArrayRef<double> operands, const Stream &stream) {
  ArrayRef<double> interval = operands.drop_front(op.getArguments().size());
  double value = attempt(op, operands, stream, 0);
  constexpr uint64_t mostAttempts = 10001; // an interval that is never met ends the search
  if (op.getLimit() == Limit::Redraw)
    for (uint64_t n = 1; (value < interval[0] || value > interval[1]) && n < mostAttempts; ++n)
      value = attempt(op, operands, stream, n);
  return op.getLimit() == Limit::None ? value
                                      : std::fmin(std::fmax(value, interval[0]), interval[1]);
}

/// Streams of one purpose: the first such op of `root` draws from `purpose`, number n from
/// `purpose:n`; releases are all numbered.
template <typename OpT> static std::string numbered(OpT op, Operation *root, std::string purpose) {
  unsigned number = 0;
  root->walk<WalkOrder::PreOrder>([&](OpT other) {
    number += other != op;
    return other == op ? WalkResult::interrupt() : WalkResult::advance();
  });
  return number || isa<ReleaseOp>(op) ? purpose + ":" + std::to_string(number) : purpose;
}

//===----------------------------------------------------------------------===//
// Regions
//===----------------------------------------------------------------------===//

View Network::view(const Instance &instance, double time) {
  View view;
  view.instance = &instance;
  for (auto [side, who] : {std::pair(Side::Self, &instance),
                           {Side::Pre, static_cast<const Instance *>(instance.source)},
                           {Side::Post, static_cast<const Instance *>(instance.target)}})
    if (who)
      view[side] = {who->group->model, who->values.data(), double(who->number), time};
  return view;
}

double Network::read(View view, Side side, SymbolRefAttr variable) {
  const View::End &end = view[side];
  if (int number = end.model->find(variable.getRootReference()); number >= 0)
    return end.values[number];
  auto let = find<LetOp>(end.model->type, variable.getRootReference());
  view[Side::Self] = end;
  return evaluate(let.getBody().front(), view);
}

double Network::distance(const Instance &connection) {
  const auto &from = connection.source->coordinates, &to = connection.target->coordinates;
  double sum = 0;
  for (auto position : connection.group->target->op->getRegion(0).getOps<PositionOp>())
    for (size_t i = 0; i < std::min(from.size(), to.size()); ++i) {
      double d = to[i] - from[i];
      if (auto period = position.getPeriod(); period && i < period->size())
        d -= (*period)[i] * std::round(d / (*period)[i]);
      sum += d * d;
    }
  return std::sqrt(sum);
}

double Network::count(CountOp op) {
  auto &spikes = frames.at(op->getParentOfType<RepeatOp>().getFrames().str()).spikes;
  double sum = 0;
  for (const Instance *cell : cells(op.getSource()))
    if (auto found = spikes.find(cell); found != spikes.end())
      sum += found->second;
  return sum;
}

double Network::value(const Line &line, ArrayRef<double> operands, const View &view) {
  return llvm::TypeSwitch<Operation *, double>(line.op)
      .Case([&](GetOp op) { return read(view, line.side, op.getVariable()); })
      .Case([&](arith::ConstantOp) { return line.constant; })
      .Case([&](arith::CmpFOp op) {
        return double(arith::applyCmpPredicate(op.getPredicate(), APFloat(operands[0]),
                                               APFloat(operands[1])));
      })
      .Case([&](NoiseOp op) {
        auto &streams = view.ends[0].model->streams;
        return view.noise ? view.noise[llvm::find(streams, op.getStreamAttr()) - streams.begin()]
                          : 0.0;
      })
      .Case([&](TimeOp) { return view.ends[0].time; })
      .Case([&](TimestepOp) { return dt; })
      .Case([&](IndexOp) { return view.ends[0].index; })
      .Case([&](DistanceOp) { return distance(*view.instance); })
      .Case([&](WithinOp op) {
        return double(isInRanges(op.getSources(), view.instance->source->number) &&
                      isInRanges(op.getTargets(), view.instance->number));
      })
      .Case([&](DrawOp op) {
        return draw(op, operands,
                    stream(*view.instance, numbered(op, op->getParentOp(), view.purpose)));
      })
      .Case([&](ColumnOp op) {
        auto columns = find<TableOp>(circuit, op.getTable()).getColumns();
        return columns.getAs<DenseElementsAttr>(op.getColumn())
            .getValues<double>()[view.instance->source ? view.instance->position
                                                       : view.instance->number];
      })
      .Case([&](CountOp op) { return count(op); })
      .Case([&](FrameValueOp op) {
        FrameSequence &shown = frames.at(op.getFrames().str());
        return op.getField() == "value"   ? shown.data.value(shown.present, view.ends[0].index)
               : op.getField() == "label" ? double(shown.data.labels[shown.present])
                                          : double(shown.present);
      });
}

static double constantOf(arith::ConstantOp op) {
  if (auto number = dyn_cast<FloatAttr>(op.getValue()))
    return number.getValueAsDouble();
  auto integer = cast<IntegerAttr>(op.getValue());
  return op.getType().isInteger(1) ? double(!integer.getValue().isZero())
                                   : double(integer.getInt());
}

ArrayRef<Line> Network::linesOf(Block &block) {
  if (auto known = lines.find(&block); known != lines.end())
    return known->second;
  std::vector<Line> made;
  int next = 0; // values of inner blocks are numbered with those of the block around them
  if (!isa<ReleaseOp>(block.getParentOp()))
    block.walk([&](Operation *op) {
      for (Value result : op->getResults())
        numbers[result] = next++;
    });
  for (Operation &op : block) {
    Line &line = made.emplace_back();
    line.op = &op;
    line.function = arithmetic().lookup(op.getName().getTypeID());
    if (auto constant = dyn_cast<arith::ConstantOp>(op))
      line.constant = constantOf(constant);
    if (auto get = dyn_cast<GetOp>(op))
      line.side = get.getSide();
    for (Value operand : op.getOperands())
      line.operands.push_back(numbers.lookup(operand));
    if (op.getNumResults() == 1)
      line.result = numbers.lookup(op.getResult(0));
  }
  return lines[&block] = std::move(made);
}

void Network::run(Block &block, const View &view, Values &values, Statement statement) {
  for (const Line &line : linesOf(block)) {
    SmallVector<double, 4> a;
    for (int operand : line.operands)
      a.push_back(*values[operand]);
    if (line.result >= 0) {
      values.resize(std::max<size_t>(values.size(), line.result + 1));
      if (values[line.result])
        continue;
      if (line.function)
        a.resize(3);
      values[line.result] = line.function ? line.function(a[0], a[1], a[2]) : value(line, a, view);
    } else if (auto release = dyn_cast<ReleaseOp>(line.op)) {
      Operation *type = release->getParentOfType<SynapseOp>();
      Stream chance = stream(*view.instance, numbered(release, type, "release"));
      chance.connection = true; // also where the spike is that of a stimulus
      if (runtime::uniform(chance.word(view.spike)) < a[0])
        run(release.getBody().front(), view, values, statement);
    } else if (!isa<YieldOp>(line.op)) {
      statement(line.op, a[0]);
    }
  }
}

std::vector<double> Network::evaluateAll(Block &block, const View &view) {
  Values values;
  run(block, view, values, nullptr);
  std::vector<double> result;
  for (int number : linesOf(block).back().operands)
    result.push_back(*values[number]);
  return result;
}

double Network::evaluate(Block &block, const View &view) {
  return evaluateAll(block, view).front();
}
