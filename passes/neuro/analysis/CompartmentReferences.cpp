//===- CompartmentReferences.cpp - references to compartments, made flat ---===//
#include "passes/neuro/analysis/CompartmentReferences.h"

#include "passes/neuro/analysis/Model.h"

#include "mlir/IR/AttrTypeSubElements.h"

using namespace mlir;
using namespace synfire::neuro;

void synfire::neuro::flattenNames(Operation *root) {
  AttrTypeReplacer replacer;
  replacer.addReplacement([](SymbolRefAttr ref) -> std::optional<std::pair<Attribute, WalkResult>> {
    if (ref.getNestedReferences().empty())
      return std::nullopt;
    return std::pair(FlatSymbolRefAttr::get(ref.getContext(), variableName(ref)),
                     WalkResult::skip());
  });
  replacer.recursivelyReplaceElementsIn(root);
}

namespace {

RefAttr withoutCompartment(RefAttr ref) {
  return RefAttr::get(ref.getContext(), ref.getPopulation(), ref.getElements(), StringAttr());
}

StringRef compartmentOf(RefAttr ref) {
  return ref.getCompartment() ? ref.getCompartment().getValue() : StringRef();
}

class ReferenceFlattener {
public:
  explicit ReferenceFlattener(ModuleOp module) : module(module), circuit(findCircuit(module)) {}

  void flatten() {
    for (Operation &op : module.getOps())
      if (!isa<NeuronOp, ExperimentOp>(op))
        flattenNames(&op);
    if (circuit)
      for (Operation &op : circuit.getBody().front()) {
        if (auto projection = dyn_cast<ProjectionOp>(op))
          flattenProjection(projection);
        else if (auto stimulus = dyn_cast<StimulusOp>(op))
          flattenStimulus(stimulus);
        op.walk([&](BindOp bind) {
          RefAttr source = bind.getSource();
          if (compartmentOf(source).empty())
            return;
          bind.setVariableAttr(prefixed(source, bind.getVariable()));
          bind.setSourceAttr(withoutCompartment(source));
        });
      }
    for (auto experiment : module.getOps<ExperimentOp>()) {
      flattenVariables(experiment);
      SmallVector<RecordOp> records;
      experiment.walk([&](RecordOp record) { records.push_back(record); });
      for (RecordOp record : records)
        flattenRecord(record);
      experiment.walk([&](AssignOp assign) {
        auto target = assign.getTarget();
        if (!target || compartmentOf(*target).empty())
          return;
        assign.setVariableAttr(prefixed(*target, assign.getVariable()));
        assign.getBody().walk(
            [&](GetOp get) { get.setVariableAttr(prefixed(*target, get.getVariable())); });
        assign.setTargetAttr(withoutCompartment(*target));
      });
    }
  }

private:
  /// The variable in the compartment where the neuron declares it there, else itself.
  SymbolRefAttr prefixed(RefAttr ref, SymbolRefAttr variable) {
    auto population = findPopulation(circuit, ref.getPopulation().getValue());
    NeuronOp neuron = population ? neuronOf(population) : NeuronOp();
    std::string name = compartmentOf(ref).str() + "." + variableName(variable);
    return neuron && findDeclaration(neuron, name)
               ? FlatSymbolRefAttr::get(module.getContext(), name)
               : variable;
  }

  /// The copy of a synapse for two compartments (or none), made once.
  StringAttr synapseFor(StringRef name, std::optional<RefAttr> source, RefAttr target) {
    StringRef from = source ? compartmentOf(*source) : "", to = compartmentOf(target);
    std::string copyName = name.str();
    if (!from.empty())
      copyName += "<" + from.str();
    if (!to.empty())
      copyName += ">" + to.str();
    if (find<SynapseOp>(module, copyName))
      return StringAttr::get(module.getContext(), copyName);
    auto original = find<SynapseOp>(module, name);
    SynapseOp copy = original.clone();
    copy.setSymName(copyName);
    OpBuilder(circuit).insert(copy);
    copy.walk([&](Operation *op) {
      if (auto get = dyn_cast<GetOp>(op)) {
        if (get.getSide() == Side::Post)
          get.setVariableAttr(prefixed(target, get.getVariable()));
        else if (get.getSide() == Side::Pre && source)
          get.setVariableAttr(prefixed(*source, get.getVariable()));
      } else if (auto add = dyn_cast<AddOp>(op)) {
        if (add.getSide() == Side::Post)
          add.setVariableAttr(prefixed(target, add.getVariable()));
      } else if (auto contribute = dyn_cast<ContributeOp>(op)) {
        contribute.setInputAttr(prefixed(target, contribute.getInput()));
      }
    });
    return copy.getSymNameAttr();
  }

  void flattenProjection(ProjectionOp projection) {
    RefAttr source = projection.getSource(), target = projection.getTarget();
    if (compartmentOf(source).empty() && compartmentOf(target).empty())
      return;
    StringAttr synapse = synapseFor(projection.getSynapse(), source, target);
    projection.setSynapseAttr(FlatSymbolRefAttr::get(synapse));
    projection.setSourceAttr(withoutCompartment(source));
    projection.setTargetAttr(withoutCompartment(target));
  }

  void flattenStimulus(StimulusOp stimulus) {
    RefAttr target = stimulus.getTarget();
    if (compartmentOf(target).empty())
      return;
    if (auto input = stimulus.getInput())
      stimulus.setInputAttr(prefixed(target, *input));
    if (auto synapse = stimulus.getSynapse())
      stimulus.setSynapseAttr(FlatSymbolRefAttr::get(synapseFor(*synapse, std::nullopt, target)));
    stimulus.setTargetAttr(withoutCompartment(target));
  }

  // A path `ee.Stdp` of a projection's rule keeps its two parts: only variables become flat.
  static void flattenVariables(Operation *root) {
    root->walk([](Operation *op) {
      auto variable = op->getAttrOfType<SymbolRefAttr>("variable");
      if (variable && !variable.getNestedReferences().empty())
        op->setAttr("variable", FlatSymbolRefAttr::get(op->getContext(), variableName(variable)));
    });
  }

  // One record for each run of sources of one compartment.
  void flattenRecord(RecordOp record) {
    SmallVector<RefAttr> sources(record.getSources().getAsRange<RefAttr>());
    if (llvm::all_of(sources, [](RefAttr ref) { return compartmentOf(ref).empty(); }))
      return;
    OpBuilder builder(record);
    for (size_t begin = 0; begin < sources.size();) {
      size_t end = begin;
      SmallVector<Attribute> part;
      while (end < sources.size() && compartmentOf(sources[end]) == compartmentOf(sources[begin]) &&
             sources[end].getPopulation() == sources[begin].getPopulation())
        part.push_back(withoutCompartment(sources[end++]));
      auto copy = cast<RecordOp>(builder.clone(*record));
      copy.setSourcesAttr(builder.getArrayAttr(part));
      if (auto variable = record.getVariable())
        copy.setVariableAttr(prefixed(sources[begin], *variable));
      begin = end;
    }
    record.erase();
  }

  ModuleOp module;
  CircuitOp circuit;
};

} // namespace

void synfire::neuro::flattenReferences(ModuleOp module) { ReferenceFlattener(module).flatten(); }
