//===- Slots.cpp ---===//
#include "passes/sim-to-rtl/Slots.h"

#include "llvm/Support/MathExtras.h"

using namespace synfire;
using namespace synfire::rtl;

Register synfire::presentSlot(ModuleBuilder &m, Wire rst, Wire advance, uint32_t slots) {
  unsigned bits = llvm::Log2_32_Ceil(slots);
  Register slot = m.reg("slot", bits, {rst});
  Wire next = slot + 1;
  if (slots < 1u << bits)
    next = (slot == int64_t(slots - 1)).select(m.constant(bits, 0), next);
  slot.set(advance.select(next, slot));
  return slot;
}

Wire synfire::slotAfter(ModuleBuilder &m, Wire slot, Wire steps, uint32_t slots) {
  unsigned bits = slot.width();
  if (slots == 1u << bits)
    return slot + steps;
  Wire ahead = slot.zext(bits + 1) + steps.zext(bits + 1);
  return ahead.ult(m.constant(bits + 1, slots)).select(ahead, ahead - int64_t(slots)).low(bits);
}
