//===- BuildPart.h - one part of the library, for tests and for study ---===//
#ifndef SYNFIRE_PASSES_SIM_TO_RTL_PARTS_BUILDPART_H
#define SYNFIRE_PASSES_SIM_TO_RTL_PARTS_BUILDPART_H

namespace synfire::rtl {

/// Registers `rtl-build-part`, which adds the module of a part to a design.
void registerBuildPartPass();

} // namespace synfire::rtl

#endif // SYNFIRE_PASSES_SIM_TO_RTL_PARTS_BUILDPART_H
