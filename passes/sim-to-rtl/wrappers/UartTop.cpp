//===- UartTop.cpp - a design at the end of a serial line ---===//
#include "passes/sim-to-rtl/wrappers/UartTop.h"

#include "passes/sim-to-rtl/parts/Fifo.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::rtl;

namespace {

/// Takes bytes and makes commands of them.
class Decoder {
public:
  Decoder(ModuleBuilder &m, const Core &core, Wire rst) : m(m), core(core), rst(rst) {}

  /// \p valid: there is a byte that may be taken. \p gave: a word that was read is on the line.
  void build(Wire valid, Wire byte, Wire canStep, Wire inReady, Wire gave);

  Wire pop;                       ///< the byte is taken
  Wire event, eventNumber;        ///< there is an event
  Wire step, identify;            ///< commands
  Wire load, loadAddress, loaded; ///< a word to load
  Wire fetch;                     ///< a word to read

private:
  ModuleBuilder &m;
  const Core &core;
  Wire rst;
};

void Decoder::build(Wire valid, Wire byte, Wire canStep, Wire inReady, Wire gave) {
  unsigned eventBits = core.inputWidth("in_event"), addressBits = core.inputWidth("load_address");
  unsigned bytes = eventBytes(eventBits), most = std::max(bytes - 1, addressBits ? 2u : 0u);
  unsigned leftBits = std::max(1u, llvm::Log2_32_Ceil(most + 1));
  Register left = m.reg("left", leftBits, {rst}); // bytes that still belong to the command
  Register loads = m.reg("loads", 1, {rst});
  Wire first = m.wire("first", left == 0), last = left == 1;
  Wire command = m.wire("command", first & byte.msb());
  identify = valid & command & byte.bit(1);
  Wire isStep = command & byte.bit(0);
  step = valid & isStep;

  // The bytes before this one, of an event or of a word.
  unsigned heldBits = std::max(bytes > 1 ? 7 + 8 * (bytes - 2) : 0u, addressBits ? 8u : 0u);
  Register held = heldBits ? m.reg("held", heldBits) : Register();
  Wire isEvent = eventBits ? bytes == 1 ? first & ~byte.msb() : last & ~loads : m.constant(1, 0);
  event = valid & isEvent;
  if (eventBits)
    eventNumber = bytes == 1 ? byte.low(eventBits)
                             : m.concat({held.low(7 + 8 * (bytes - 2)), byte}).low(eventBits);
  pop = m.wire("pop",
               valid & isEvent.select(eventBits ? inReady : m.constant(1, 1), ~isStep | canStep));
  Wire wanted = m.constant(leftBits, eventBits ? int64_t(bytes) - 1 : 0);
  Wire behind = addressBits ? byte.bit(3).select(m.constant(leftBits, 2), m.constant(leftBits, 0))
                            : m.constant(leftBits, 0);
  left.enableWhen(pop);
  left.set(first.select(byte.msb().select(behind, wanted), left - 1));
  loads.enableWhen(pop & first);
  loads.set(byte.msb());
  if (heldBits) {
    held.enableWhen(pop);
    held.set(heldBits > 8 ? m.concat({held.low(heldBits - 8), byte}) : byte.low(heldBits));
  }
  if (!addressBits)
    return;
  load = m.wire("load", valid & last & loads);
  loaded = m.concat({byte, held.low(8)});
  fetch = valid & command & byte.bit(4);
  Register address = m.reg("address", addressBits);
  Wire home = valid & command & byte.bit(2);
  address.enableWhen(gave ? load | home | gave : load | home);
  address.set(home.select(m.constant(addressBits, 0), address + 1));
  loadAddress = address;
}

/// The 16 bytes that tell who this is.
Wire identity(ModuleBuilder &m, const Core &core, Wire index, Wire stepped) {
  std::vector<Wire> bytes;
  auto add = [&](uint64_t number, unsigned count) {
    for (; count--; number >>= 8)
      bytes.push_back(m.constant(8, int64_t(number & 255)));
  };
  add(0xC0, 1);
  add('S', 1);
  add('F', 1);
  add(1, 1);
  add(core.hash, 4);
  add(core.inputs, 3);
  add(core.cells, 3);
  add(core.inputWidth("load_address"), 1);
  bytes.push_back(stepped.zext(8));
  return lookup(m, bytes, index);
}

} // namespace

rtl::ModuleOp rtl::buildUartTop(OpBuilder &builder, Location loc, const Core &core,
                                const UartOptions &options) {
  rtl::ModuleOp receiver = buildUartReceiver(builder, loc, core.part("uart_rx"), options);
  rtl::ModuleOp sender = buildUartTransmitter(builder, loc, core.part("uart_tx"), options);
  rtl::ModuleOp queue = buildFifo(builder, loc, core.part("uart_queue"), {8, 512, Style::Block});
  ModuleBuilder m(builder, loc, core.part("uart"),
                  "the design at the end of a serial line, " +
                      std::to_string(options.clocksPerBit) + " clocks a bit");
  Wire rst = m.input("rst", 1), rx = m.input("rx", 1);

  Later pop(m, "takes", 1), inReady(m, "in_ready", 1), canStep(m, "can_step", 1),
      sends(m, "sends", 1), answer(m, "answer", 8);
  auto received = m.instance("receiver", receiver, {rst, rx});
  auto waiting = m.instance("queue", queue, {rst, received[0], received[1], pop});
  auto sent = m.instance("sender", sender, {rst, sends, answer});
  Wire sendReady = sent[0];

  Register stepping = m.reg("stepping", 1, {rst}), telling = m.reg("telling", 1, {rst});
  // A word that was read: that its bytes are given, and which one.
  bool reads = core.inputWidth("fetch");
  Register giving = reads ? m.reg("giving", 1, {rst}) : Register(),
           second = reads ? m.reg("second", 1, {rst}) : Register();
  Wire gave = reads ? m.wire("gave", giving & second & sendReady) : Wire();
  Wire free = ~stepping & ~telling;
  Decoder decoder(m, core, rst);
  decoder.build(m.wire("may_take", waiting[1] & (reads ? free & ~giving : free)), waiting[2],
                canStep, inReady, gave);
  pop.set(decoder.pop);

  Later outReady(m, "out_ready", 1);
  auto out = core.place(m, {{"rst", rst},
                            {"step", decoder.step},
                            {"in_valid", decoder.event},
                            {"in_event", decoder.eventNumber},
                            {"load", decoder.load},
                            {"load_address", decoder.loadAddress},
                            {"load_data", decoder.loaded},
                            {"fetch", decoder.fetch},
                            {"out_ready", outReady}});
  if (core.inputs)
    inReady.set(out["in_ready"]);
  canStep.set(out["ready"]);
  Wire begins = m.wire("begins", decoder.step & canStep);
  // The design is ready again when the step is over and all of its spikes were taken.
  Wire ends = m.wire("ends", stepping & canStep);
  stepping.set(begins | (stepping & ~(ends & sendReady)));
  Register stepped = m.reg("stepped", 1, {{}, 0, begins, 0});
  stepped.set(m.constant(1, 1));

  Register index = m.reg("index", 4, {rst});
  Wire told = telling & sendReady;
  index.set(index + told.zext(4));
  telling.set(decoder.identify | (telling & ~(told & index.all())));

  // A spike, its highest bits first.
  Wire spike = out["out_event"], shows = out["out_valid"];
  unsigned bytes = eventBytes(spike.width());
  Wire wide = spike.zext(8 * bytes), byte = wide.low(8), lastByte = m.constant(1, 1);
  if (bytes > 1) {
    unsigned bits = llvm::Log2_32_Ceil(bytes);
    Register at = m.reg("byte_at", bits, {rst});
    lastByte = at == int64_t(bytes - 1);
    Wire given = shows & sendReady;
    at.set(given.select(lastByte.select(m.constant(bits, 0), at + 1), at));
    std::vector<Wire> parts;
    for (unsigned i = 0; i < bytes; ++i)
      parts.push_back(wide.bits(8 * (bytes - 1 - i), 8));
    byte = lookup(m, parts, at);
  }
  outReady.set(sendReady & lastByte);
  Wire said = shows.select(byte, m.constant(8, 0x80)), says = telling | shows | ends;
  if (reads) {
    giving.set(decoder.fetch | (giving & ~gave));
    second.set(second ^ (giving & sendReady));
    Wire word = out["fetched"];
    said = giving.select(Wire(second).select(word.bits(8, 8), word.low(8)), said);
    says = says | giving;
  }
  sends.set(says);
  answer.set(telling.select(identity(m, core, index, stepped), said));
  m.output("tx", sent[1]);
  return m.finish();
}
