//===- Weights.h - weights that were read from a design ---===//
#ifndef SYNFIRE_TOOLS_SYNFIRE_HOST_WEIGHTS_H
#define SYNFIRE_TOOLS_SYNFIRE_HOST_WEIGHTS_H

#include "tools/synfire/host/Folder.h"

namespace synfire::host {

/// The words of 16 bits that have all weights, from address 0 on.
uint64_t wordsToRead(const Folder &folder);

/// Writes the weights of each projection as a table that `connect from` reads: `pre`, `post` and
/// `weight`, in the unit of the model. Of several projections each has a file, with its name before
/// the ending of \p path.
runtime::Status writeWeights(const Folder &folder, const std::vector<uint16_t> &words,
                             const std::string &path);

} // namespace synfire::host

#endif // SYNFIRE_TOOLS_SYNFIRE_HOST_WEIGHTS_H
