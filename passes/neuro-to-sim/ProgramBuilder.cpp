//===- ProgramBuilder.cpp - the program under construction: data and shared kernels ---===//
#include "passes/neuro-to-sim/ProgramBuilder.h"

#include "passes/neuro/analysis/Expression.h"
#include "runtime/random/Hash.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::neuro;

uint32_t synfire::randomKey(StringRef name, StringRef purpose) {
  return runtime::streamHash(std::string_view(name.data(), name.size()),
                             std::string_view(purpose.data(), purpose.size()));
}

ProgramBuilder::ProgramBuilder(CircuitOp circuit, ExperimentOp experiment, OpBuilder &at,
                               bool share)
    : circuit(circuit), experiment(experiment), at(at), share(share), data(at.getContext()),
      kernels(at.getContext()), starts(at.getContext()), derives(at.getContext()),
      delivers(at.getContext()), settles(at.getContext()), gathers(at.getContext()),
      updates(at.getContext()), wiring(circuit), constraints(circuit),
      number(TypeAttr::get(at.getF64Type())) {}

PopulationBuild &ProgramBuilder::targetBuild(Operation *op) {
  auto projection = dyn_cast<ProjectionOp>(op);
  RefAttr target = projection ? projection.getTarget() : cast<StimulusOp>(op).getTarget();
  return *populations[target.getPopulation().getValue()];
}

DenseI64ArrayAttr synfire::formatOf(Operation *model, StringRef name) {
  for (auto format : model->getRegion(0).getOps<FormatOp>())
    if (format.getState() == name)
      return DenseI64ArrayAttr::get(model->getContext(),
                                    {int64_t(format.getIntegerBits() + format.getFractionBits()),
                                     int64_t(format.getFractionBits())});
  return nullptr;
}

sim::ArrayOp ProgramBuilder::array(StringRef name, sim::ArrayKind kind, StringRef over,
                                   double value, StringAttr unit) {
  sim::ArrayKindAttr &kindAttr = kinds[unsigned(kind)];
  if (!kindAttr)
    kindAttr = sim::ArrayKindAttr::get(data.getContext(), kind);
  auto op = sim::ArrayOp::create(data, circuit.getLoc(), data.getStringAttr(name), number, kindAttr,
                                 over.empty() ? FlatSymbolRefAttr()
                                              : FlatSymbolRefAttr::get(data.getContext(), over),
                                 UnitAttr(), data.getF64FloatAttr(value), ElementsAttr(),
                                 unit && !unit.empty() ? unit : StringAttr(), FlatSymbolRefAttr(),
                                 IntegerAttr(), sim::PlacementAttr(), StringAttr(), UnitAttr(),
                                 DenseF64ArrayAttr(), DenseI64ArrayAttr(), FloatAttr());
  op.setHidden(isHiddenVariable(name));
  arraysByName[name] = op;
  return op;
}

sim::ArrayOp ProgramBuilder::uniform(StringRef name, sim::ArrayKind kind, double value,
                                     StringAttr unit) {
  sim::ArrayOp op = array(name, kind, "", value, unit);
  op.setUniform(true);
  return op;
}

sim::ArrayOp ProgramBuilder::tableColumn(StringRef table, StringRef column) {
  std::string name = (table + "#" + column).str();
  if (sim::ArrayOp known = arraysByName.lookup(name))
    return known;
  auto op = circuit->getParentOfType<ModuleOp>().lookupSymbol<TableOp>(table);
  if (!op)
    op = dyn_cast_or_null<TableOp>(SymbolTable::lookupSymbolIn(circuit, table));
  sim::ArrayOp result = array(name, sim::ArrayKind::Parameter, "", 0.0);
  result.setWide(true);
  if (op)
    result.setValuesAttr(dyn_cast_or_null<ElementsAttr>(op.getColumns().get(column)));
  return result;
}

sim::AccumulatorOp ProgramBuilder::accumulator(PopulationBuild &p, StringRef name) {
  sim::ArrayOp scale = uniform((name + ".scale").str(), sim::ArrayKind::Derived, 1.0);
  sim::ArrayOp inverse = uniform((name + ".inverse").str(), sim::ArrayKind::Derived, 1.0);
  scale.setWide(true);
  inverse.setWide(true);
  return sim::AccumulatorOp::create(data, p.op.getLoc(), name, data.getI64Type(),
                                    p.domain.getSymName(), scale.getSymName(), inverse.getSymName(),
                                    FlatSymbolRefAttr(), DenseF64ArrayAttr(), DenseI64ArrayAttr());
}

Jump &ProgramBuilder::jumpTo(PopulationBuild &p, StringRef state, Operation *factored,
                             const Lumping *lumping, StringRef label) {
  for (Jump &jump : p.jumps)
    if (jump.state == state && jump.arrival == factored && (!factored || jump.lumping == lumping))
      return jump;
  std::string name = (p.op.getSymName() + "<-" + label).str();
  p.jumps.push_back({state.str(), accumulator(p, name), factored, lumping});
  return p.jumps.back();
}

FlatSymbolRefAttr ProgramBuilder::intern(KernelBuilder &kernel, StringRef wish) {
  sim::KernelOp op = kernel.take("kernel");
  auto &alike = kernelsByHash[hashOf(op.getBody())];
  for (sim::KernelOp known : alike)
    if (OperationEquivalence::isRegionEquivalentTo(&known.getBody(), &op.getBody(),
                                                   OperationEquivalence::IgnoreLocations)) {
      op->erase();
      return FlatSymbolRefAttr::get(known.getSymNameAttr());
    }
  // Types may be called `Cell` and `Cell_1`: numbers go on until a name is free.
  std::string name = wish.str();
  while (!kernelNames.try_emplace(name).second)
    name = (wish + "_" + Twine(++kernelNames[wish])).str();
  op.setSymName(name);
  kernels.insert(op);
  kernelsByName[op.getSymName()] = op;
  alike.push_back(op);
  return FlatSymbolRefAttr::get(op.getSymNameAttr());
}

LogicalResult ProgramBuilder::build() {
  program = sim::ProgramOp::create(at, circuit.getLoc(), circuit.getSymName());
  Block &body = program.getBody().emplaceBlock();
  // Each builder appends to its own part; markers keep the parts in order.
  SmallVector<Operation *> markers;
  for (OpBuilder *part :
       {&data, &kernels, &starts, &derives, &delivers, &settles, &gathers, &updates}) {
    OpBuilder end = OpBuilder::atBlockEnd(&body);
    auto marker = sim::EndOp::create(end, circuit.getLoc());
    markers.push_back(marker);
    part->setInsertionPoint(marker);
  }
  dt = uniform("dt", sim::ArrayKind::Parameter, 0.1, data.getStringAttr("ms"));

  declareFrames();
  for (auto op : circuit.getBody().getOps<PopulationOp>())
    declarePopulation(op);
  for (auto projection : circuit.getBody().getOps<ProjectionOp>())
    sourceBuild(projection).outgoing.push_back(projection);
  for (auto &[name, p] : populations)
    initPopulation(*p);
  for (auto projection : circuit.getBody().getOps<ProjectionOp>())
    if (failed(buildProjection(projection)))
      return failure();
  for (auto stimulus : circuit.getBody().getOps<StimulusOp>())
    if (stimulus.getKind() == StimulusKind::Spikes && failed(buildSpikeStimulus(stimulus)))
      return failure();
  for (auto &[name, p] : populations)
    if (failed(buildGathers(*p)) || failed(buildUpdate(*p)))
      return failure();
  buildConstraints();
  if (failed(buildExperiment()))
    return failure();
  finishFrames();
  for (Operation *marker : markers)
    marker->erase();
  return success();
}
