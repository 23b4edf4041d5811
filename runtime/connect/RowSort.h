//===- RowSort.h - Brings the entries of a row into order -------*- C++ -*-===//
//
// Private to runtime/connect. Rows are short and many: a row is sorted through
// one 64-bit key per entry, and every array follows the permutation.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_CONNECT_ROWSORT_H
#define SYNFIRE_RUNTIME_CONNECT_ROWSORT_H

#include <cstddef>
#include <cstdint>
#include <vector>

namespace synfire::runtime {

/// One array whose entries move with the row.
struct RowArray {
  void *data;
  unsigned elementBytes; ///< 1, 2, 4 or 8
};

/// Sorts rows; keeps its scratch memory from row to row.
class RowSorter {
public:
  /// The stable order of \p n entries by key: the key of entry i is keys()[i],
  /// filled in by the caller. Null: they are in order already. Keys have at
  /// most 48 significant bits.
  const uint32_t *sort(size_t n);
  /// Room for \p n keys.
  uint64_t *keys(size_t n);
  /// Permutes entries [begin, begin + n) of \p array.
  void permute(const RowArray &array, uint64_t begin, size_t n, const uint32_t *order);

private:
  void sortPacked(size_t n);
  void sortLong(size_t n);

  std::vector<uint64_t> keyed, packed, spare;
  std::vector<uint32_t> order;
  std::vector<uint64_t> moved;
};

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_CONNECT_ROWSORT_H
