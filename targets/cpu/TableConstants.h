//===- TableConstants.h - C structs as LLVM constants ---===//
#ifndef SYNFIRE_TARGETS_CPU_TABLECONSTANTS_H
#define SYNFIRE_TARGETS_CPU_TABLECONSTANTS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/Module.h"

namespace synfire::cpu {

/// Makes private constants of a module. Rows and texts of one type lie in one global of the module,
/// because a circuit of many populations has thousands of them; `finish` makes those globals.
class Constants {
public:
  explicit Constants(llvm::Module &module) : module(module), context(module.getContext()) {}

  llvm::Constant *null() {
    return llvm::ConstantPointerNull::get(llvm::PointerType::get(context, 0));
  }
  llvm::Constant *u32(uint32_t v) {
    return llvm::ConstantInt::get(llvm::Type::getInt32Ty(context), v);
  }
  llvm::Constant *u64(uint64_t v) {
    return llvm::ConstantInt::get(llvm::Type::getInt64Ty(context), v);
  }
  llvm::Constant *f64(double v) {
    return llvm::ConstantFP::get(llvm::Type::getDoubleTy(context), v);
  }

  /// A pointer to a null-terminated string.
  llvm::Constant *text(llvm::StringRef string) {
    auto [known, isNew] = texts.try_emplace(string, allText.size());
    if (isNew)
      allText.append(string.begin(), string.end()).push_back('\0');
    return inside(textPool, known->second);
  }
  /// A pointer to numbers; null if there are none.
  template <typename T> llvm::Constant *numbers(llvm::ArrayRef<T> values) {
    return values.empty() ? null() : global(llvm::ConstantDataArray::get(context, values));
  }
  /// A pointer to an array of constants of one type; null if there are none.
  llvm::Constant *array(llvm::ArrayRef<llvm::Constant *> elements) {
    if (elements.empty())
      return null();
    Pool &pool = pools[elements.front()->getType()];
    uint64_t offset = pool.elements.size() * sizeOf(elements.front());
    llvm::append_range(pool.elements, elements);
    return inside(pool.global, offset);
  }
  /// Gives the globals that rows and texts lie in their values.
  void finish() {
    for (auto &[type, pool] : pools)
      pool.global->replaceInitializer(llvm::ConstantArray::get(
          llvm::ArrayType::get(type, pool.elements.size()), pool.elements));
    if (textPool)
      textPool->replaceInitializer(llvm::ConstantDataArray::getString(context, allText, false));
  }
  /// A struct whose members have C's layout.
  llvm::Constant *record(llvm::ArrayRef<llvm::Constant *> members) {
    return llvm::ConstantStruct::getAnon(context, members);
  }
  llvm::GlobalVariable *global(llvm::Constant *value) {
    auto *variable = new llvm::GlobalVariable(module, value->getType(), true,
                                              llvm::GlobalValue::PrivateLinkage, value, "syn_data");
    variable->setUnnamedAddr(llvm::GlobalValue::UnnamedAddr::Global);
    return variable;
  }
  uint64_t sizeOf(llvm::Constant *value) {
    return module.getDataLayout().getTypeAllocSize(value->getType());
  }

private:
  /// Constants of one type, one after the other.
  struct Pool {
    llvm::GlobalVariable *global = nullptr; ///< without its value until `finish`
    std::vector<llvm::Constant *> elements;
  };

  /// A pointer into a global that gets its value later.
  llvm::Constant *inside(llvm::GlobalVariable *&pool, uint64_t offset) {
    if (!pool)
      pool = global(llvm::ConstantInt::get(llvm::Type::getInt8Ty(context), 0));
    return offset ? llvm::ConstantExpr::getGetElementPtr(llvm::Type::getInt8Ty(context), pool,
                                                         u64(offset))
                  : pool;
  }

  llvm::Module &module;
  llvm::LLVMContext &context;
  llvm::MapVector<llvm::Type *, Pool> pools; ///< by the type of an element
  llvm::StringMap<uint64_t> texts;           ///< places in `allText`
  std::string allText;
  llvm::GlobalVariable *textPool = nullptr;
};

} // namespace synfire::cpu

#endif // SYNFIRE_TARGETS_CPU_TABLECONSTANTS_H
