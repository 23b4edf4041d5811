//===- TableBlock.h - the tables of a model as one block of bytes ---===//
#ifndef SYNFIRE_TARGETS_CPU_TABLEBLOCK_H
#define SYNFIRE_TARGETS_CPU_TABLEBLOCK_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/Module.h"

#include <cstring>
#include <string>
#include <vector>

namespace synfire::cpu {

/// A number or a pointer of a C struct.
struct Scalar {
  enum class Kind : uint8_t {
    Number,
    Inside,  ///< a pointer into the block, `bits` bytes from its start
    Function ///< a pointer to function number `bits`
  } kind;
  uint8_t size; ///< in bytes
  uint64_t bits;
};

/// C structs of one type, one after the other.
class Rows {
public:
  /// Makes room for structs, and for so many pointers in each: growing touches new pages each time.
  template <typename Struct> void expect(size_t structs, size_t pointersEach) {
    bytes.reserve(structs * sizeof(Struct));
    pointers.reserve(structs * pointersEach);
  }
  /// Appends a struct with these members.
  void add(std::initializer_list<Scalar> members);
  size_t size() const { return count; }
  size_t sizeInBytes() const { return bytes.size(); }

private:
  friend class TableBlock;

  std::vector<char> bytes;
  std::vector<std::pair<uint64_t, Scalar>> pointers; ///< by place
  uint64_t alignment = 1;
  size_t count = 0;
};

/// Rows and texts, one after the other, as a compiled model has them in memory. A circuit of many
/// populations has thousands: as constants of LLVM they would take longer than the code.
class TableBlock {
public:
  static Scalar null() { return u64(0); }
  static Scalar u32(uint32_t v) { return {Scalar::Kind::Number, 4, v}; }
  static Scalar u64(uint64_t v) { return {Scalar::Kind::Number, 8, v}; }
  static Scalar f64(double v) {
    uint64_t bits;
    std::memcpy(&bits, &v, sizeof(bits));
    return u64(bits);
  }
  /// Makes room for so much.
  void expect(size_t bytes, size_t pointers) {
    this->bytes.reserve(bytes);
    this->pointers.reserve(pointers);
  }
  /// A pointer to a function of the model's code.
  Scalar function(llvm::StringRef name);
  /// A pointer to a null-terminated string.
  Scalar text(llvm::StringRef string);
  /// A pointer to numbers; null if there are none.
  template <typename T> Scalar numbers(llvm::ArrayRef<T> values) {
    if (values.empty())
      return null();
    Scalar start = begin(alignof(T));
    const char *first = reinterpret_cast<const char *>(values.data());
    bytes.insert(bytes.end(), first, first + sizeof(T) * values.size());
    return start;
  }
  /// A pointer to structs of one type; null if there are none.
  Scalar array(const Rows &rows);

  /// Writes the block into memory of `size()` bytes, 8-byte aligned, in which it stays.
  void write(char *memory, llvm::function_ref<void *(llvm::StringRef)> addressOf) const;
  /// The block as a constant of a module that has the functions.
  llvm::GlobalVariable *addTo(llvm::Module &module) const;
  size_t size() const { return bytes.size(); }
  llvm::ArrayRef<std::string> functions() const { return functionNames; }

private:
  /// A pointer to what comes next.
  Scalar begin(uint64_t alignment);

  std::vector<char> bytes;
  std::vector<std::pair<uint64_t, Scalar>> pointers; ///< by place, in ascending order
  llvm::StringMap<uint64_t> texts;                   ///< their places
  llvm::StringMap<uint64_t> functionNumbers;
  std::vector<std::string> functionNames;
};

} // namespace synfire::cpu

#endif // SYNFIRE_TARGETS_CPU_TABLEBLOCK_H
