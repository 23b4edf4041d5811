//===- Twin.h - a design simulated at the end of its line ---===//
#ifndef SYNFIRE_TOOLS_SYNFIRE_HOST_TWIN_H
#define SYNFIRE_TOOLS_SYNFIRE_HOST_TWIN_H

#include "runtime/report/Status.h"

#include <string>
#include <vector>

namespace synfire::host {

/// Makes a program of a design in a folder by Verilator, bit for bit what the hardware does on its
/// two wires; its input and output are the bytes on them. Returns its command line.
runtime::Result<std::vector<std::string>> buildTwin(const std::string &folder,
                                                    const std::string &name, unsigned clocksPerBit);

} // namespace synfire::host

#endif // SYNFIRE_TOOLS_SYNFIRE_HOST_TWIN_H
