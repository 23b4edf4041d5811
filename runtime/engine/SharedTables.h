//===- SharedTables.h - Tables that follow from equal numbers ---*- C++ -*-===//
//
// Each projection has tables of its own that follow from its parameters, such as
// how far a trace has decayed after each number of steps. Of hundreds of
// projections most have the same parameters, and one table does for all of them.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_ENGINE_SHAREDTABLES_H
#define SYNFIRE_RUNTIME_ENGINE_SHAREDTABLES_H

#include "runtime/synfire.h"

#include <functional>
#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

namespace synfire::runtime {

/// Whose memory an array lives in, where derive launches fill arrays from single numbers.
class SharedTables {
public:
  explicit SharedTables(const syn_model &model);

  /// The array that a launch fills from single numbers and nothing else, or SYN_NONE.
  uint32_t filledBy(uint32_t launch) const { return tables[launch]; }
  bool isTable(uint32_t array) const { return places.count(array); }
  /// Where launches are given a table: launch and slot.
  const std::vector<std::pair<uint32_t, uint32_t>> &slotsOf(uint32_t table) const {
    return places.at(table);
  }
  /// The array in whose memory this one lives: itself, unless it is an equal table.
  uint32_t ownerOf(uint32_t array) const { return owners[array]; }

  /// Begins to derive all tables anew.
  void restart() { derived.clear(); }
  /// Decides where the table of a launch lives, whose numbers are now those that \p number tells
  /// of arrays. True: in its own memory, and the launch has to run.
  bool settle(uint32_t launch, const std::function<double(uint32_t array)> &number);

private:
  uint32_t findTable(const syn_launch &launch) const;

  const syn_model &model;
  std::vector<uint32_t> tables;                                                    ///< per launch
  std::unordered_map<uint32_t, std::vector<std::pair<uint32_t, uint32_t>>> places; ///< per table
  std::vector<uint32_t> owners;
  /// By function, domain, and the bits of all numbers that are read.
  std::map<std::vector<uint64_t>, uint32_t> derived;
};

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_ENGINE_SHAREDTABLES_H
