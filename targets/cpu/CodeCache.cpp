//===- CodeCache.cpp - programs in memory that share functions ---===//
#include "targets/cpu/CodeCache.h"

#include "targets/cpu/Tables.h"

#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ExecutionEngine/Orc/CompileUtils.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/Support/xxhash.h"

#include <deque>
#include <map>

using namespace mlir;
using namespace synfire;
using namespace synfire::cpu;

/// Groups of functions that no program uses are kept for a while: who undoes a change, or goes back
/// and forth between two equations, wants them again.
static constexpr size_t mostUnused = 16;

namespace {

using Hash = std::pair<uint64_t, uint64_t>;

/// Functions that were compiled together, and are given back together.
struct Group {
  llvm::orc::ResourceTrackerSP tracker;
  explicit Group(llvm::orc::ResourceTrackerSP tracker) : tracker(std::move(tracker)) {}
  Group(const Group &) = delete;
  ~Group() { llvm::consumeError(tracker->remove()); }
};

std::string symbolOf(Hash hash) {
  return "k" + llvm::utohexstr(hash.first, true, 16) + llvm::utohexstr(hash.second, true, 16);
}

/// What a value of another module is called here, declared or, if it is a constant, copied.
llvm::GlobalValue *import(llvm::GlobalValue &value, llvm::Module &to) {
  if (auto *known = to.getNamedValue(value.getName()))
    return known;
  if (auto *function = llvm::dyn_cast<llvm::Function>(&value)) {
    auto *declared = llvm::Function::Create(
        function->getFunctionType(), llvm::GlobalValue::ExternalLinkage, function->getName(), to);
    declared->copyAttributesFrom(function);
    return declared;
  }
  auto &variable = llvm::cast<llvm::GlobalVariable>(value);
  auto *copy = new llvm::GlobalVariable(to, variable.getValueType(), variable.isConstant(),
                                        llvm::GlobalValue::PrivateLinkage,
                                        variable.getInitializer(), variable.getName());
  copy->copyAttributesFrom(&variable);
  return copy;
}

/// Moves a function to another module, with what it names.
void move(llvm::Function &function, llvm::Module &to) {
  // It may have been declared there for one that calls it.
  if (auto *declared = to.getFunction(function.getName())) {
    declared->replaceAllUsesWith(&function);
    declared->eraseFromParent();
  }
  function.removeFromParent();
  to.getFunctionList().push_back(&function);
  for (llvm::Instruction &instruction : llvm::instructions(function))
    for (llvm::Use &use : instruction.operands())
      if (auto *value = llvm::dyn_cast<llvm::GlobalValue>(use.get());
          value && value->getParent() != &to)
        use.set(import(*value, to));
}

/// The functions of a module, those that are called before those that call.
llvm::SetVector<llvm::Function *> inOrderOfCalls(llvm::Module &module) {
  llvm::SetVector<llvm::Function *> order;
  std::function<void(llvm::Function &)> visit = [&](llvm::Function &function) {
    if (order.contains(&function))
      return;
    for (llvm::Instruction &instruction : llvm::instructions(function))
      for (llvm::Value *operand : instruction.operand_values())
        if (auto *called = llvm::dyn_cast<llvm::Function>(operand);
            called && called != &function && !called->isDeclaration())
          visit(*called);
    order.insert(&function);
  };
  for (llvm::Function &function : module)
    if (!function.isDeclaration())
      visit(function);
  return order;
}

/// Of a function that stands in a module of its own, name and place aside.
Hash hashOf(llvm::Module &module, llvm::Function &function) {
  std::string name = function.getName().str();
  function.setName("");
  std::string text;
  llvm::raw_string_ostream os(text);
  module.print(os, nullptr);
  function.setName(name);
  auto hash = llvm::xxh3_128bits(
      llvm::ArrayRef(reinterpret_cast<const uint8_t *>(text.data()), text.size()));
  return {hash.high64, hash.low64};
}

} // namespace

struct CachedProgram::Implementation {
  std::set<std::shared_ptr<Group>> groups;
  llvm::orc::ResourceTrackerSP tables;
  ~Implementation() {
    if (tables)
      llvm::consumeError(tables->remove());
  }
};

CachedProgram::CachedProgram() : implementation(std::make_unique<Implementation>()) {}
CachedProgram::~CachedProgram() = default;

struct CodeCache::Implementation {
  // Before the groups, which are given back to it.
  std::unique_ptr<llvm::TargetMachine> machine;
  std::unique_ptr<llvm::orc::LLJIT> jit;
  std::map<Hash, std::weak_ptr<Group>> functions;
  std::deque<std::shared_ptr<Group>> recent;
  uint64_t programs = 0;

  std::shared_ptr<Group> find(Hash hash) {
    auto known = functions.find(hash);
    auto group = known == functions.end() ? nullptr : known->second.lock();
    if (!group && known != functions.end())
      functions.erase(known);
    return group;
  }
  void keep(const std::shared_ptr<Group> &group) {
    llvm::erase(recent, group);
    recent.push_back(group);
    if (recent.size() > mostUnused)
      recent.pop_front();
    if (functions.size() > 64 * mostUnused)
      for (auto entry = functions.begin(); entry != functions.end();)
        entry = entry->second.expired() ? functions.erase(entry) : std::next(entry);
  }
  llvm::Expected<llvm::orc::ResourceTrackerSP> add(llvm::Module &module) {
    auto object = llvm::orc::SimpleCompiler(*machine)(module);
    if (!object)
      return object.takeError();
    auto tracker = jit->getMainJITDylib().createResourceTracker();
    if (auto failure = jit->addObjectFile(tracker, std::move(*object)))
      return std::move(failure);
    return tracker;
  }
};

CodeCache::CodeCache(const CodegenOptions &options)
    : options(options), implementation(std::make_unique<Implementation>()) {}
CodeCache::~CodeCache() = default;

std::unique_ptr<CachedProgram> CodeCache::compile(ModuleOp source) {
  auto fail = [&](const llvm::Twine &message) {
    emitError(source.getLoc(), message);
    return nullptr;
  };
  Implementation &cache = *implementation;
  if (!cache.jit) {
    std::string error;
    cache.machine = makeTargetMachine(options, error);
    if (!cache.machine)
      return fail(error);
    auto jit = llvm::orc::LLJITBuilder().create();
    if (!jit)
      return fail(llvm::toString(jit.takeError()));
    cache.jit = std::move(*jit);
  }
  llvm::LLVMContext context;
  auto code = generateFunctions(source, context, *cache.machine, options);
  if (!code)
    return nullptr;

  std::unique_ptr<CachedProgram> result(new CachedProgram());
  llvm::Module tables("tables", context), batch("functions", context);
  std::deque<llvm::Module> alone; // keep what others still refer to
  std::vector<llvm::Function *> missing;
  std::map<Hash, llvm::Function *> wanted;
  llvm::StringMap<std::string> symbols; // of the program's functions
  for (llvm::Module *module : {&tables, &batch}) {
    module->setTargetTriple(code->getTargetTriple());
    module->setDataLayout(code->getDataLayout());
  }
  last = {};
  for (llvm::Function *function : inOrderOfCalls(*code)) {
    llvm::Module &own = alone.emplace_back("function", context);
    std::string name = function->getName().str();
    move(*function, own);
    Hash hash = hashOf(own, *function);
    symbols[name] = symbolOf(hash);
    function->setName(symbolOf(hash));
    llvm::Function::Create(function->getFunctionType(), llvm::GlobalValue::ExternalLinkage, name,
                           tables);
    ++last.functions;
    if (auto group = cache.find(hash))
      result->implementation->groups.insert(group);
    else if (wanted.try_emplace(hash, function).second)
      missing.push_back(function);
  }
  last.compiled = missing.size();
  if (!missing.empty()) {
    for (llvm::Function *function : missing)
      move(*function, batch);
    optimizeLightly(batch, *cache.machine);
    auto tracker = cache.add(batch);
    if (!tracker)
      return fail(llvm::toString(tracker.takeError()));
    auto group = std::make_shared<Group>(std::move(*tracker));
    for (auto &[hash, function] : wanted)
      cache.functions[hash] = group;
    result->implementation->groups.insert(group);
  }
  for (const auto &group : result->implementation->groups)
    cache.keep(group);

  SmallVector<sim::ProgramOp> programs(source.getOps<sim::ProgramOp>());
  llvm::StringSet<> names;
  for (StringRef name : symbols.keys())
    names.insert(name);
  FailureOr<Tables> made = makeTables(programs.front(), names);
  if (failed(made))
    return nullptr;
  addTables(*made, tables);
  for (auto &entry : symbols) {
    llvm::Function *declared = tables.getFunction(entry.first());
    if (auto *same = tables.getFunction(entry.second)) {
      declared->replaceAllUsesWith(same); // two functions of one text
      declared->eraseFromParent();
    } else {
      declared->setName(entry.second);
    }
  }
  std::string symbol = "program" + std::to_string(cache.programs++);
  tables.getFunction("synfire_model")->setName(symbol);
  for (llvm::GlobalVariable &variable : tables.globals())
    if (variable.hasInitializer())
      variable.setLinkage(llvm::GlobalValue::InternalLinkage);
  auto tracker = cache.add(tables);
  if (!tracker)
    return fail(llvm::toString(tracker.takeError()));
  result->implementation->tables = *tracker;
  auto found = cache.jit->lookup(symbol);
  if (!found)
    return fail(llvm::toString(found.takeError()));
  result->table = found->toPtr<const syn_model *()>()();
  return result;
}
