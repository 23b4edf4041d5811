//===- Generator.h - The state of IR generation -----------------*- C++ -*-===//
//
// One class in four files: expressions, models, circuits, experiments.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_IRGEN_GENERATOR_H
#define SYNFIRE_FRONTEND_IRGEN_GENERATOR_H

#include "dialects/neuro/Neuro.h"
#include "frontend/sema/Protocols.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"

#include <map>
#include <set>

namespace synfire::irgen {

/// Whose variable is meant.
neuro::Side getSide(sema::Side side);

/// Builds one module.
class Generator {
public:
  Generator(mlir::MLIRContext &context, const SourceManager &sources)
      : builder(&context), sources(sources) {}

  mlir::ModuleOp run(const sema::Elaborated &program);

private:
  using Attributes = llvm::SmallVector<mlir::NamedAttribute, 6>;

  // Small things.
  mlir::Location loc(SourceRange range);
  mlir::NamedAttribute named(llvm::StringRef name, mlir::Attribute value);
  mlir::StringAttr text(llvm::StringRef value);
  mlir::FloatAttr number(double value);
  mlir::FlatSymbolRefAttr symbol(llvm::StringRef name);
  mlir::Attribute reference(const sema::PopulationRef &ref);
  void addDoc(Attributes &attributes, llvm::StringRef doc);

  /// Creates an op at the insertion point, with as many regions as it has.
  template <typename Op>
  Op make(SourceRange range, const Attributes &attributes, mlir::ValueRange operands = {},
          mlir::TypeRange results = {}) {
    mlir::OperationState state(loc(range), Op::getOperationName());
    state.addAttributes(attributes);
    state.addOperands(operands);
    state.addTypes(results);
    for (unsigned i = 0; i != numRegions<Op>(); ++i)
      state.addRegion();
    return mlir::cast<Op>(builder.create(state));
  }
  template <typename Op> static constexpr unsigned numRegions();

  /// Fills a region with one block.
  void fill(mlir::Region &region, llvm::function_ref<void()> body);
  /// A region that yields the values of expressions.
  void fillValues(mlir::Region &region, SourceRange range, llvm::ArrayRef<sema::NodePtr> nodes);

  // ExprGen.cpp.
  mlir::Value emit(const sema::NodePtr &node);
  mlir::Value emitNew(const sema::Node &node);
  mlir::Value emitBinary(const sema::Node &node);
  mlir::Value emitPower(const sema::Node &node);
  mlir::Value emitCall(const sema::Node &node);
  mlir::Value emitDraw(const sema::Node &node);
  mlir::Value constant(double value, SourceRange range);

  // ModelGen.cpp.
  std::string modelName(const sema::Model &model);
  void emitModel(const sema::Model &model);
  void emitBody(const sema::Model &model);
  void emitVariable(const sema::Variable &variable);
  void emitSpike(const sema::SpikeRule &rule);
  void emitActions(llvm::ArrayRef<sema::Action> actions);
  void emitHandler(const sema::Handler &handler);
  void emitWeightRule(const sema::WeightRule &rule);
  void emitSolve(const sema::SolveOverride &solve);

  // CircuitGen.cpp.
  void emitModels(const sema::Network &network);
  void emitCircuit(const sema::Network &network);
  void emitTable(const sema::Table &table);
  void emitPopulation(const sema::Population &population);
  void emitProjection(const sema::Projection &projection);
  void emitStimulus(const sema::Stimulus &stimulus);
  void emitAttachment(const sema::Attachment &attachment);
  void emitConstraint(const sema::Constraint &constraint);
  /// The `set` dictionary of what is constant.
  mlir::DictionaryAttr constants(llvm::ArrayRef<sema::Setting> settings);
  /// `neuro.init` for what is not.
  void emitInits(llvm::ArrayRef<sema::Setting> settings);
  mlir::DictionaryAttr arguments(llvm::ArrayRef<sema::NetworkArgument> arguments,
                                 llvm::ArrayRef<double> times = {});
  void emitArguments(llvm::ArrayRef<sema::NetworkArgument> arguments);

  // ExperimentGen.cpp.
  void emitExperiment(const sema::Experiment &experiment);
  void emitItem(const sema::ProtocolItem &item);
  void emitRecord(const sema::ProtocolItem &item);
  void emitAssign(const sema::ProtocolItem &item);

  mlir::OpBuilder builder;
  const SourceManager &sources;
  llvm::DenseMap<uint32_t, mlir::StringAttr> fileNames; ///< by number of the file
  /// Values of the expression that is being written, for shared nodes.
  std::map<const sema::Node *, mlir::Value> values;
  /// Declaration to symbol.
  std::map<std::pair<const void *, std::string>, std::string> modelNames;
  std::set<std::string> usedNames;
  std::set<std::string> emitted;
};

template <typename Op> constexpr unsigned Generator::numRegions() {
  if constexpr (Op::template hasTrait<mlir::OpTrait::ZeroRegions>())
    return 0;
  else if constexpr (Op::template hasTrait<mlir::OpTrait::OneRegion>())
    return 1;
  else
    return 2;
}

} // namespace synfire::irgen

#endif // SYNFIRE_FRONTEND_IRGEN_GENERATOR_H
