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

/// Weights that learn, as a host reads them: those of a row one after another in the lanes of
/// words, a word in parts of 16 bits.
struct LearnedWeights {
  std::string projection;
  int fraction = 0; ///< bits behind the point, of a number in the unit of the model
  bool isSigned = false;
  unsigned bits = 1, absentBits = 0; ///< absentBits: tell by their value that there is no weight
  unsigned lanes = 1, parts = 1;
  uint32_t rowWords = 1, sources = 0, targets = 0;
  uint64_t first = 0; ///< address of a part
};

/// What a host knows of a design.
struct Folder {
  std::string path, name, model;
  std::vector<Population> populations;
  std::vector<LearnedWeights> learned; ///< those that can be read
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
