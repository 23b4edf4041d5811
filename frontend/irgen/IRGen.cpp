//===- IRGen.cpp - From checked models to the neuro dialect ---------------===//

#include "frontend/irgen/IRGen.h"

#include "frontend/irgen/Generator.h"

using namespace synfire;
using namespace synfire::irgen;
using llvm::StringRef;

mlir::Location Generator::loc(SourceRange range) {
  if (!range.isValid())
    return mlir::UnknownLoc::get(builder.getContext());
  LineColumn place = sources.getLineColumn(range);
  mlir::StringAttr &file = fileNames[range.file.value];
  if (!file)
    file = builder.getStringAttr(sources.getName(range.file));
  return mlir::FileLineColLoc::get(file, place.line, place.column);
}

mlir::NamedAttribute Generator::named(StringRef name, mlir::Attribute value) {
  return builder.getNamedAttr(name, value);
}

mlir::StringAttr Generator::text(StringRef value) { return builder.getStringAttr(value); }

mlir::FloatAttr Generator::number(double value) { return builder.getF64FloatAttr(value); }

mlir::FlatSymbolRefAttr Generator::symbol(StringRef name) {
  return mlir::FlatSymbolRefAttr::get(builder.getContext(), name);
}

mlir::Attribute Generator::reference(const sema::PopulationRef &ref) {
  return neuro::RefAttr::get(builder.getContext(), symbol(ref.population->name), ref.elements,
                             ref.compartment.empty() ? mlir::StringAttr() : text(ref.compartment));
}

void Generator::addDoc(Attributes &attributes, StringRef doc) {
  if (!doc.empty())
    attributes.push_back(named("doc", text(doc)));
}

void Generator::fill(mlir::Region &region, llvm::function_ref<void()> body) {
  mlir::OpBuilder::InsertionGuard guard(builder);
  builder.createBlock(&region);
  body();
}

void Generator::fillValues(mlir::Region &region, SourceRange range,
                           llvm::ArrayRef<sema::NodePtr> nodes) {
  // What a region computes is not visible outside, nor the other way round.
  std::map<const sema::Node *, mlir::Value> outer;
  std::swap(outer, values);
  fill(region, [&] {
    llvm::SmallVector<mlir::Value> results;
    for (const sema::NodePtr &node : nodes)
      results.push_back(emit(node));
    make<neuro::YieldOp>(range, {}, results);
  });
  std::swap(outer, values);
}

mlir::ModuleOp Generator::run(const sema::Elaborated &program) {
  auto module = mlir::ModuleOp::create(loc(program.experiment.range));
  builder.setInsertionPointToEnd(module.getBody());
  for (const sema::Network &network : program.networks) {
    emitModels(network);
    emitCircuit(network);
  }
  emitExperiment(program.experiment);
  return module;
}

mlir::OwningOpRef<mlir::ModuleOp> synfire::generateNeuro(mlir::MLIRContext &context,
                                                         const SourceManager &sources,
                                                         const sema::Elaborated &program) {
  context.loadDialect<neuro::NeuroDialect, mlir::arith::ArithDialect, mlir::math::MathDialect>();
  return Generator(context, sources).run(program);
}
