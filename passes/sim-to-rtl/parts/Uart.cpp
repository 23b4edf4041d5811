//===- Uart.cpp - bytes on a serial line ---===//
#include "passes/sim-to-rtl/parts/Uart.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::rtl;

/// A timer counts down to -1, which its highest bit shows without a comparison.
static unsigned timerWidth(const UartOptions &options) {
  return llvm::Log2_32_Ceil(options.clocksPerBit) + 1;
}

rtl::ModuleOp rtl::buildUartTransmitter(OpBuilder &builder, Location loc, StringRef name,
                                        const UartOptions &options) {
  ModuleBuilder m(builder, loc, name,
                  "sends bytes, " + std::to_string(options.clocksPerBit) + " clocks a bit");
  Wire rst = m.input("rst", 1), valid = m.input("valid", 1), data = m.input("data", 8);
  int64_t full = int64_t(options.clocksPerBit) - 2;
  Register timer = m.reg("timer", timerWidth(options));
  // What is still to be sent, the bit on the line first. Behind the stop bit there is nothing, so
  // nobody has to count.
  Register bits = m.reg("bits", 10, {rst, 1});
  Wire last = m.wire("last", bits.bits(1, 9) == 0);
  Wire over = timer.msb();
  Wire ready = m.wire("ready_now", over & last);
  Wire next = m.wire("next", over & (~last | valid));
  bits.enableWhen(next);
  bits.set(last.select(m.concat({m.constant(1, 1), data, m.constant(1, 0)}), bits.shru(1)));
  // Not by the register's reset: that, beside the same value from `next`, costs more.
  timer.enableWhen(~over | next | rst);
  timer.set((next | rst).select(timer.same(full), timer - 1));
  m.output("ready", ready);
  m.output("line", bits.bit(0));
  return m.finish();
}

rtl::ModuleOp rtl::buildUartReceiver(OpBuilder &builder, Location loc, StringRef name,
                                     const UartOptions &options) {
  ModuleBuilder m(builder, loc, name,
                  "receives bytes, " + std::to_string(options.clocksPerBit) + " clocks a bit");
  Wire rst = m.input("rst", 1), line = m.input("line", 1);
  // The line changes at any time; what changed near an edge has a clock to settle.
  Register settling = m.reg("settling", 1), bit = m.reg("bit_now", 1);
  settling.set(line);
  bit.set(settling);

  Register busy = m.reg("busy", 1, {rst}), timer = m.reg("timer", timerWidth(options));
  // Bits come in at the top. A 1 goes before them: when it is at the bottom, the next is the stop
  // bit.
  Register bits = m.reg("bits", 10);
  Wire sample = m.wire("sample", busy & timer.msb());
  Wire last = m.wire("last", sample & bits.bit(0));
  busy.set((busy | ~bit) & ~last);
  // The middle of the first bit comes after half the time; two clocks pass until it counts.
  int64_t half = int64_t(options.clocksPerBit) / 2 - 2;
  timer.set(
      busy.select(timer.msb().select(timer.same(int64_t(options.clocksPerBit) - 2), timer - 1),
                  timer.same(half)));
  bits.enableWhen(~busy | sample);
  bits.set(busy.select(m.concat({bit, bits.bits(1, 9)}), bits.same(0x200)));
  Register valid = m.reg("came", 1, {rst});
  valid.set(last & bit & ~bits.bit(1));
  m.output("valid", valid);
  m.output("data", bits.bits(1, 8));
  return m.finish();
}
