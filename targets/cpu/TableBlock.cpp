//===- TableBlock.cpp - the tables of a model as one block of bytes ---===//
#include "targets/cpu/TableBlock.h"

#include "llvm/IR/Constants.h"
#include "llvm/Support/MathExtras.h"

using namespace synfire::cpu;

Scalar TableBlock::begin(uint64_t alignment) {
  bytes.resize(llvm::alignTo(bytes.size(), alignment));
  return {Scalar::Kind::Inside, 8, bytes.size()};
}

Scalar TableBlock::function(llvm::StringRef name) {
  auto [known, isNew] = functionNumbers.try_emplace(name, functionNames.size());
  if (isNew)
    functionNames.push_back(name.str());
  return {Scalar::Kind::Function, 8, known->second};
}

Scalar TableBlock::text(llvm::StringRef string) {
  auto [known, isNew] = texts.try_emplace(string, bytes.size());
  if (isNew) {
    bytes.insert(bytes.end(), string.begin(), string.end());
    bytes.push_back('\0');
  }
  return {Scalar::Kind::Inside, 8, known->second};
}

void Rows::add(std::initializer_list<Scalar> members) {
  uint64_t start = bytes.size(), place = start;
  for (const Scalar &member : members) {
    alignment = std::max<uint64_t>(alignment, member.size);
    place = llvm::alignTo(place, member.size) + member.size;
  }
  bytes.resize(llvm::alignTo(place, alignment));
  place = start;
  for (const Scalar &member : members) {
    place = llvm::alignTo(place, member.size);
    if (member.kind == Scalar::Kind::Number)
      std::memcpy(&bytes[place], &member.bits, member.size); // little-endian, as the target
    else
      pointers.push_back({place, member});
    place += member.size;
  }
  ++count;
}

Scalar TableBlock::array(const Rows &rows) {
  if (!rows.size())
    return null();
  Scalar start = begin(rows.alignment);
  for (auto &[place, pointer] : rows.pointers)
    pointers.push_back({bytes.size() + place, pointer});
  bytes.insert(bytes.end(), rows.bytes.begin(), rows.bytes.end());
  return start;
}

void TableBlock::write(char *memory, llvm::function_ref<void *(llvm::StringRef)> addressOf) const {
  std::memcpy(memory, bytes.data(), bytes.size());
  std::vector<void *> addresses;
  for (const std::string &name : functionNames)
    addresses.push_back(addressOf(name));
  for (auto &[place, pointer] : pointers) {
    void *value =
        pointer.kind == Scalar::Kind::Function ? addresses[pointer.bits] : memory + pointer.bits;
    std::memcpy(memory + place, &value, sizeof(value));
  }
}

llvm::GlobalVariable *TableBlock::addTo(llvm::Module &module) const {
  llvm::LLVMContext &context = module.getContext();
  llvm::Type *byte = llvm::Type::getInt8Ty(context), *pointer = llvm::PointerType::get(context, 0);
  // Bytes and pointers in turn, without padding.
  llvm::SmallVector<llvm::Type *> types;
  uint64_t done = 0;
  for (auto &[place, target] : pointers) {
    types.push_back(llvm::ArrayType::get(byte, place - done));
    types.push_back(pointer);
    done = place + sizeof(void *);
  }
  types.push_back(llvm::ArrayType::get(byte, bytes.size() - done));
  auto *type = llvm::StructType::get(context, types, /*isPacked=*/true);
  auto *block = new llvm::GlobalVariable(module, type, true, llvm::GlobalValue::PrivateLinkage,
                                         nullptr, "syn_data");
  block->setAlignment(llvm::Align(8));
  llvm::SmallVector<llvm::Constant *> values;
  auto addBytes = [&](uint64_t from, uint64_t to) {
    llvm::StringRef text(bytes.data() + from, to - from);
    values.push_back(llvm::ConstantDataArray::getString(context, text, /*AddNull=*/false));
  };
  done = 0;
  for (auto &[place, target] : pointers) {
    addBytes(done, place);
    if (target.kind == Scalar::Kind::Function)
      values.push_back(module.getFunction(functionNames[target.bits]));
    else
      values.push_back(llvm::ConstantExpr::getGetElementPtr(
          byte, block, llvm::ConstantInt::get(llvm::Type::getInt64Ty(context), target.bits)));
    done = place + sizeof(void *);
  }
  addBytes(done, bytes.size());
  block->setInitializer(llvm::ConstantStruct::get(type, values));
  return block;
}
