//===- Slots.h - rings of sums, one slot for each step of delay ---===//
#ifndef SYNFIRE_PASSES_SIM_TO_RTL_SLOTS_H
#define SYNFIRE_PASSES_SIM_TO_RTL_SLOTS_H

#include "dialects/rtl/Builder.h"

namespace synfire {

/// The slot of the present step: the next one when it `advance`s, and after the last the first.
rtl::Register presentSlot(rtl::ModuleBuilder &m, rtl::Wire rst, rtl::Wire advance, uint32_t slots);

/// The slot that comes so many steps, fewer than there are slots, after the present one.
rtl::Wire slotAfter(rtl::ModuleBuilder &m, rtl::Wire slot, rtl::Wire steps, uint32_t slots);

} // namespace synfire

#endif // SYNFIRE_PASSES_SIM_TO_RTL_SLOTS_H
