//===- TableConstants.h - C structs as LLVM constants ---===//
#ifndef SYNFIRE_TARGETS_CPU_TABLECONSTANTS_H
#define SYNFIRE_TARGETS_CPU_TABLECONSTANTS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/Module.h"

namespace synfire::cpu {

/// Makes private constants of a module.
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
    llvm::Constant *&known = texts[string];
    if (!known)
      known = global(llvm::ConstantDataArray::getString(context, string));
    return known;
  }
  /// A pointer to numbers; null if there are none.
  template <typename T> llvm::Constant *numbers(llvm::ArrayRef<T> values) {
    return values.empty() ? null() : global(llvm::ConstantDataArray::get(context, values));
  }
  /// A pointer to an array of constants of one type; null if there are none.
  llvm::Constant *array(llvm::ArrayRef<llvm::Constant *> elements) {
    if (elements.empty())
      return null();
    auto *type = llvm::ArrayType::get(elements.front()->getType(), elements.size());
    return global(llvm::ConstantArray::get(type, elements));
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
  llvm::Module &module;
  llvm::LLVMContext &context;
  llvm::StringMap<llvm::Constant *> texts;
};

} // namespace synfire::cpu

#endif // SYNFIRE_TARGETS_CPU_TABLECONSTANTS_H
