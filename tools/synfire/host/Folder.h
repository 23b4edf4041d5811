//===- Folder.h - a design as it was written to a folder ---===//
#ifndef SYNFIRE_TOOLS_SYNFIRE_HOST_FOLDER_H
#define SYNFIRE_TOOLS_SYNFIRE_HOST_FOLDER_H

#include "runtime/report/Status.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace synfire::host {

/// Whose events these numbers are.
struct Population {
  std::string name;
  uint32_t first = 0, size = 0;
  bool isInput = false;
};

/// What a host knows of a design.
struct Folder {
  std::string path, name, model;
  std::vector<Population> populations;
  uint32_t hash = 0, inputs = 0, cells = 0;
  uint64_t steps = 0, seed = 0, loadWords = 0;
  double stepMs = 0;
  unsigned baud = 0, clocksPerBit = 0;

  std::string file(const std::string &ending) const { return path + "/" + name + ending; }
  const Population *find(const std::string &population) const;
  /// The population of an event that comes in, or out.
  const Population *of(uint32_t event, bool isInput) const;
};

runtime::Result<Folder> readFolder(const std::string &path);
runtime::Result<std::vector<uint16_t>> readWords(const Folder &folder);

/// Spikes of a file by their steps, as (population, cell). An element's name without a population
/// is one of the only input.
using Spikes = std::map<uint64_t, std::vector<std::pair<const Population *, uint32_t>>>;
/// Those of populations that \p folder has; the others are left away.
runtime::Result<Spikes> readSpikes(const Folder &folder, const std::string &path);

} // namespace synfire::host

#endif // SYNFIRE_TOOLS_SYNFIRE_HOST_FOLDER_H
