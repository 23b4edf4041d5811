//===- ExperimentGen.cpp - Runs, protocols, records -----------------------===//

#include "frontend/irgen/Generator.h"

using namespace synfire;
using namespace synfire::irgen;
using sema::ProtocolItem;

void Generator::emitExperiment(const sema::Experiment &experiment) {
  auto op = make<neuro::ExperimentOp>(experiment.range, {});
  fill(op.getBody(), [&] {
    for (const sema::Run &run : experiment.runs) {
      Attributes attributes = {
          named("circuit", symbol(run.network->name)), named("duration", number(run.duration)),
          named("step", number(run.step)), named("seed", builder.getI64IntegerAttr(run.seed)),
          named("run", text(run.name))};
      if (!run.origin.empty())
        attributes.push_back(named("origin", text(run.origin)));
      auto simulate = make<neuro::SimulateOp>(run.range, attributes);
      fill(simulate.getBody(), [&] {
        for (const ProtocolItem &item : run.items)
          emitItem(item);
      });
    }
  });
}

void Generator::emitItem(const ProtocolItem &item) {
  auto body = [&] {
    for (const ProtocolItem &inner : item.body)
      emitItem(inner);
  };
  auto yieldingBody = [&] {
    body();
    make<neuro::YieldOp>(item.range, {});
  };
  switch (item.kind) {
  case ProtocolItem::Kind::At:
    fill(make<neuro::AtOp>(item.range, {named("time", number(item.time))}).getBody(), body);
    return;
  case ProtocolItem::Kind::Every: {
    Attributes attributes;
    if (item.period)
      attributes.push_back(named("period", number(*item.period)));
    if (!item.frames.empty())
      attributes.push_back(named("frames", symbol(item.frames)));
    fill(make<neuro::EveryOp>(item.range, attributes).getBody(), yieldingBody);
    return;
  }
  case ProtocolItem::Kind::Repeat: {
    auto op = make<neuro::RepeatOp>(item.range, {named("frames", symbol(item.frames))});
    fillValues(op.getCondition(), item.range, item.value);
    fill(op.getBody(), yieldingBody);
    return;
  }
  case ProtocolItem::Kind::Assign:
    return emitAssign(item);
  case ProtocolItem::Kind::Freeze:
    make<neuro::FreezeOp>(item.range, {named("projection", symbol(item.projection))});
    return;
  case ProtocolItem::Kind::Thaw:
    make<neuro::ThawOp>(item.range, {named("projection", symbol(item.projection))});
    return;
  case ProtocolItem::Kind::Record:
    return emitRecord(item);
  case ProtocolItem::Kind::Label:
    make<neuro::LabelOp>(item.range, {named("target", reference(item.refs.front())),
                                      named("frames", symbol(item.frames))});
    return;
  case ProtocolItem::Kind::Report:
    make<neuro::ReportOp>(item.range, {named("figure", text(item.figure))});
    return;
  }
}

void Generator::emitAssign(const ProtocolItem &item) {
  Attributes attributes = {named("variable", symbol(item.variable))};
  if (!item.refs.empty())
    attributes.push_back(named("target", reference(item.refs.front())));
  if (!item.projection.empty()) {
    mlir::SymbolRefAttr owner = symbol(item.projection);
    if (!item.attachment.empty())
      owner = mlir::SymbolRefAttr::get(text(item.projection), symbol(item.attachment));
    attributes.push_back(named("projection", owner));
  }
  fillValues(make<neuro::AssignOp>(item.range, attributes).getBody(), item.range, item.value);
}

void Generator::emitRecord(const ProtocolItem &item) {
  Attributes attributes = {
      named("kind", neuro::RecordKindAttr::get(builder.getContext(),
                                               item.isSpikes ? neuro::RecordKind::Spikes
                                                             : neuro::RecordKind::Value))};
  llvm::SmallVector<mlir::Attribute> sources;
  for (const sema::PopulationRef &ref : item.refs)
    sources.push_back(reference(ref));
  attributes.push_back(named("sources", builder.getArrayAttr(sources)));
  if (!item.variable.empty()) {
    mlir::SymbolRefAttr variable = symbol(item.variable);
    if (!item.attachment.empty())
      variable = mlir::SymbolRefAttr::get(text(item.attachment), symbol(item.variable));
    attributes.push_back(named("variable", variable));
  }
  if (!item.projection.empty())
    attributes.push_back(named("projection", symbol(item.projection)));
  if (item.period)
    attributes.push_back(named("period", number(*item.period)));
  if (!item.unit.empty())
    attributes.push_back(named("unit", text(item.unit)));
  make<neuro::RecordOp>(item.range, attributes);
}
