//===- AttachInstance.cpp - the numbers of a program, as it is when it is built ---===//
//
// What parameters, derived values and start values are is computed by compiled kernels. So the
// program is compiled and built once, and what its arrays hold then is written down on it.
//
//===----------------------------------------------------------------------===//
#include "runtime/engine/Instance.h"
#include "targets/cpu/Jit.h"
#include "tools/synfire/Commands.h"

#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::tool;

namespace {

/// Arrays that kernels set when a program is built; the others begin as they are declared.
llvm::StringSet<> computedArrays(sim::ProgramOp program) {
  llvm::StringSet<> names;
  for (Operation &op : program.getBody().front())
    if (isa<sim::InitOp, sim::DeriveOp>(op))
      for (Attribute bound : cast<sim::LaunchInterface>(op).bindings())
        if (auto symbol = dyn_cast<FlatSymbolRefAttr>(bound))
          names.insert(symbol.getValue());
  return names;
}

/// What is known of an array before the first step: one number, or one for each element.
Attribute valuesOf(sim::ArrayOp op, runtime::Instance &instance, uint32_t number, bool computed) {
  Builder b(op.getContext());
  using sim::ArrayKind;
  if (op.getUniform()) {
    bool data = op.getKind() == ArrayKind::Parameter || op.getKind() == ArrayKind::Derived;
    return data ? b.getF64FloatAttr(instance.value(number, 0)) : Attribute();
  }
  const syn_array &array = instance.model.arrays[number];
  if (!computed || array.domain == SYN_NONE || array.past_of != SYN_NONE)
    return nullptr;
  std::vector<double> values;
  for (uint64_t i = 0; i < instance.model.domains[array.domain].size; ++i)
    values.push_back(instance.value(number, i));
  auto type = RankedTensorType::get({int64_t(values.size())}, b.getF64Type());
  return DenseElementsAttr::get(type, ArrayRef<double>(values));
}

int fail(StringRef message, int code) {
  llvm::errs() << "synfire: error: " << message << '\n';
  return code;
}

} // namespace

int synfire::tool::attachInstance(ModuleOp module, const cpu::CodegenOptions &options) {
  for (auto program : module.getOps<sim::ProgramOp>())
    if (llvm::range_size(program.getBody().getOps<sim::RunOp>()) != 1)
      return fail("--freeze needs an experiment of one run: the numbers of another may differ", 1);
  OwningOpRef<ModuleOp> copy(module.clone());
  auto jit = cpu::Jit::compile(*copy, options);
  if (!jit)
    return 1;
  const syn_model &model = *jit->model();
  const syn_run &run = model.runs[0];
  runtime::Team team(0);
  auto instance = runtime::Instance::create(model, run, run.seed, team);
  if (!instance)
    return fail(instance.status().message(), instance.status().exitCode());
  llvm::StringMap<uint32_t> numbers;
  for (uint32_t a = 0; a < model.n_arrays; ++a)
    numbers[model.arrays[a].name] = a;
  for (auto program : module.getOps<sim::ProgramOp>()) {
    llvm::StringSet<> computed = computedArrays(program);
    SmallVector<NamedAttribute> known;
    for (auto array : program.getBody().getOps<sim::ArrayOp>())
      if (Attribute values = valuesOf(array, **instance, numbers.lookup(array.getSymName()),
                                      computed.contains(array.getSymName())))
        known.emplace_back(array.getSymNameAttr(), values);
    program->setAttr("sim.instance", DictionaryAttr::get(module.getContext(), known));
  }
  return 0;
}
