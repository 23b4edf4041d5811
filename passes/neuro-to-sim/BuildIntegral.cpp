//===- BuildIntegral.cpp - running integrals of third factors ---===//
//
// What a third factor does to a connection between its events is the difference of two values of an
// integral that all connections share (TraceIntegral.h). It is a hidden state of the cell whose
// value the factor is, and its past is kept for as long as an epoch.
//
//===----------------------------------------------------------------------===//
#include "passes/neuro-to-sim/UpdateBuilder.h"

#include "passes/neuro/analysis/Expression.h"
#include "passes/neuro/analysis/Split.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::neuro;
using sim::ArrayKind;
using sim::FieldKind;

std::optional<TraceIntegral> ProgramBuilder::integralOf(const Lumping &lumping, StateOp state) {
  std::string why;
  auto projection = dyn_cast<ProjectionOp>(lumping.owner());
  if (!projection || projection.getBody().getOps<BindOp>().empty() || lumping.isStepped() ||
      lumping.placeOf(state.getSymName()) != neuro::Placement::Connection ||
      !lumping.whyNotLazy(state).empty())
    return std::nullopt;
  return findTraceIntegral(lumping, state, why);
}

ArrayRef<ProjectionOp> ProgramBuilder::readersOf(PopulationOp population) {
  if (!readers) {
    readers.emplace();
    for (auto projection : circuit.getBody().getOps<ProjectionOp>())
      for (BindOp bind : projection.getBody().getOps<BindOp>()) {
        auto &known = (*readers)[bind.getSource().getPopulation().getValue()];
        if (!llvm::is_contained(known, projection))
          known.push_back(projection);
      }
  }
  auto found = readers->find(population.getSymName());
  return found == readers->end() ? ArrayRef<ProjectionOp>() : found->second;
}

sim::ArrayOp ProgramBuilder::integralArray(const Lumping &lumping, StateOp state,
                                           const TraceIntegral &integral) {
  StringRef modulator = PopulationOp(integral.modulator).getSymName();
  std::string name =
      (modulator + "." + nameOf(lumping.owner()) + "." + state.getSymName() + "#integral").str();
  if (sim::ArrayOp known = arraysByName.lookup(name))
    return known;
  sim::ArrayOp made = array(name, ArrayKind::State, modulator, 0.0);
  made.setWide(true);
  return made;
}

Value ProgramBuilder::integralAt(KernelBuilder &b, const Lumping &lumping, StateOp state,
                                 const TraceIntegral &integral, Value step) {
  sim::ArrayOp present = integralArray(lumping, state, integral);
  PopulationBuild &p = *populations[PopulationOp(integral.modulator).getSymName()];
  sim::ArrayOp past = pastOf(p, present);
  past.setDepth(std::max<int64_t>(past.getDepth().value_or(0), integral.epoch));
  past.setWide(true);
  std::string label = (state.getSymName() + "_integral").str();
  ArrayRef<int64_t> elements = BindOp(integral.factor).getSource().getElements();
  Value element = b.datum(label + "_element", elements.empty() ? 0 : elements[0]);
  StringRef now = b.field(label, FieldKind::Whole, present.getType(),
                          FlatSymbolRefAttr::get(present.getSymNameAttr()));
  StringRef before = b.field(label + "_past", FieldKind::Past, past.getType(),
                             FlatSymbolRefAttr::get(past.getSymNameAttr()));
  Value ago = arith::SubIOp::create(b, sim::StepOp::create(b, b.getI64Type()), step);
  // The present value is kept for later only after the spikes of this step.
  Value zero = arith::ConstantOp::create(b, b.getI64IntegerAttr(0));
  Value isNow = arith::CmpIOp::create(b, arith::CmpIPredicate::sle, ago, zero);
  return b.select(isNow, sim::PeekOp::create(b, b.getF64Type(), now, element, Value()),
                  sim::PeekOp::create(b, b.getF64Type(), before, element, ago));
}

void UpdateBuilder::addIntegral(const Lumping &lumping, StateOp state,
                                const TraceIntegral &integral) {
  KernelBuilder::At here(update, findEquation(lumping.synapse(), state.getSymName()).getLoc());
  StateOp traceState = integral.trace;
  StringRef trace = traceState.getSymName();
  Value rate;
  if (EquationOp equation = findEquation(lumping.synapse(), trace)) {
    Value self = update.number(0.0);
    Value slope = copyExpression(update, equation.getBody().front(), [&](Operation *op) -> Value {
                    auto get = dyn_cast<GetOp>(op);
                    if (!get)
                      return isa<TimestepOp>(op) ? timestep(update) : Value();
                    std::string name = variableName(get.getVariable());
                    return name == trace ? self : ownedParameter(update, lumping.owner(), name);
                  }).front();
    rate = splitAffine(update, slope, {self})->coefficients[0];
  }
  Value last = arith::ConstantOp::create(update, update.getI64IntegerAttr(integral.epoch - 1));
  Value place =
      arith::AndIOp::create(update, sim::StepOp::create(update, update.getI64Type()), last);
  Value steps = arith::SIToFPOp::create(update, update.getF64Type(), place);
  std::string variable = variableName(BindOp(integral.factor).getVariable());
  Value added;
  for (unsigned i = 0; i < systemSize; ++i)
    if (p.system->states[i].receptor < 0 && variables[i].name == variable)
      added = variables[i].start;
  if (rate)
    added = update.mul(
        added, math::ExpOp::create(update, update.mul(rate, update.mul(steps, timestep(update)))));
  sim::ArrayOp array = program.integralArray(lumping, state, integral);
  Value before = update.get("integral", FieldKind::Element, array);
  Value begins =
      arith::CmpIOp::create(update, arith::CmpIPredicate::eq, place,
                            arith::ConstantOp::create(update, update.getI64IntegerAttr(0)));
  Value sum = update.add(update.select(begins, update.number(0.0), before), added);
  update.set("integral", FieldKind::Element, array, sum);
}

void UpdateBuilder::addIntegrals() {
  forEachIntegral([&](const Lumping &lumping, StateOp state, const TraceIntegral &integral) {
    addIntegral(lumping, state, integral);
  });
}

void UpdateBuilder::forEachIntegral(
    llvm::function_ref<void(const Lumping &, StateOp, const TraceIntegral &)> fn) {
  for (ProjectionOp projection : program.readersOf(p.op)) {
    const Lumping &lumping = program.lumpingOf(projection);
    for (const StatePlacement &place : lumping.states())
      if (auto integral = program.integralOf(lumping, place.state);
          integral && integral->modulator == p.op)
        fn(lumping, place.state, *integral);
  }
}
