//===- AxiTop.cpp - a design between streams and registers of AXI ---===//
#include "passes/sim-to-rtl/wrappers/AxiTop.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::rtl;

namespace {

constexpr unsigned addressBits = 6;

enum Place { Steps = 4, LoadAddress = 9, LoadWord = 10 }; // of registers, in words

/// The channels through which registers are written and read.
struct Registers {
  Registers(ModuleBuilder &m, Wire rst);
  /// High for a clock in which a register is written.
  Wire writes(Place place) { return write & (writePlace == int64_t(place)); }
  void answer(ArrayRef<Wire> values);

  ModuleBuilder &m;
  Wire rst, write, writePlace, writeData;
  Wire readAddress, readValid, readTaken, readStrobes;
  Register answersWrite;
};

Registers::Registers(ModuleBuilder &m, Wire rst) : m(m), rst(rst) {
  Wire address = m.input("s_axil_awaddr", addressBits), valid = m.input("s_axil_awvalid", 1);
  writeData = m.input("s_axil_wdata", 32);
  m.input("s_axil_wstrb", 4); // registers are written as a whole
  Wire dataValid = m.input("s_axil_wvalid", 1), taken = m.input("s_axil_bready", 1);
  readAddress = m.input("s_axil_araddr", addressBits);
  readValid = m.input("s_axil_arvalid", 1);
  readTaken = m.input("s_axil_rready", 1);
  // Address and data are taken together, when the answer before was.
  answersWrite = m.reg("answers_write", 1, {rst});
  write = m.wire("writes", valid & dataValid & ~answersWrite);
  answersWrite.set(write | (answersWrite & ~taken));
  writePlace = address.bits(2, addressBits - 2);
  m.output("s_axil_awready", write);
  m.output("s_axil_wready", write);
  m.output("s_axil_bresp", m.constant(2, 0));
  m.output("s_axil_bvalid", answersWrite);
}

void Registers::answer(ArrayRef<Wire> values) {
  Register answers = m.reg("answers_read", 1, {rst});
  Wire asked = m.wire("reads", readValid & ~answers);
  answers.set(asked | (answers & ~readTaken));
  Register value = m.reg("read_value", 32, {{}, 0, asked});
  value.set(lookup(m, values, readAddress.bits(2, addressBits - 2)));
  m.output("s_axil_arready", ~answers);
  m.output("s_axil_rdata", value);
  m.output("s_axil_rresp", m.constant(2, 0));
  m.output("s_axil_rvalid", answers);
}

} // namespace

rtl::ModuleOp rtl::buildAxiTop(OpBuilder &builder, Location loc, const Core &core) {
  ModuleBuilder m(builder, loc, core.part("axi"),
                  "the design between streams and registers of AXI");
  Wire rst = m.wire("rst", ~m.input("aresetn", 1));
  Registers registers(m, rst);
  Wire inData = m.input("s_axis_tdata", 32), inValid = m.input("s_axis_tvalid", 1),
       outTaken = m.input("m_axis_tready", 1);
  auto counter = [&](StringRef name, Wire when) {
    Register count = m.reg(name, 32, {rst, 0, when});
    count.set(count + 1);
    return count;
  };

  // Beats come before steps that the register asks for.
  Register stepping = m.reg("stepping", 1, {rst}), asked = m.reg("asked", 32, {rst});
  Wire beat = m.wire("beat", inValid & ~stepping);
  Wire isStep = inData.msb();
  Wire byItself = m.wire("by_itself", asked.any() & ~inValid & ~stepping);
  Wire event = beat & ~isStep;
  Wire step = m.wire("steps", (beat & isStep) | byItself);

  Wire load = m.wire("load", registers.writes(LoadWord));
  unsigned loadBits = core.inputWidth("load_address");
  Register address = loadBits ? m.reg("load_at", loadBits, {rst}) : Register();
  Wire loadAddress = m.constant(32, 0);
  if (loadBits) {
    Wire places = registers.writes(LoadAddress);
    address.enableWhen(load | places);
    address.set(places.select(registers.writeData.low(loadBits), address + 1));
    loadAddress = address.zext(32);
  }
  auto out = core.place(m, {{"rst", rst},
                            {"step", step},
                            {"in_valid", event},
                            {"in_event", inData.low(std::max(1u, core.inputWidth("in_event")))},
                            {"load", load},
                            {"load_address", address},
                            {"load_data", registers.writeData.low(16)},
                            {"out_ready", outTaken}});
  Wire canStep = out["ready"], shows = out["out_valid"];
  Wire inReady = core.inputs ? out["in_ready"] : m.constant(1, 1);
  Wire begins = m.wire("begins", step & canStep), ends = m.wire("ends", stepping & canStep);
  stepping.set(begins | (stepping & ~(ends & outTaken)));
  Wire asks = registers.writes(Steps);
  asked.enableWhen(asks | (begins & byItself));
  asked.set(asks.select(registers.writeData, asked - 1));
  Register stepped = m.reg("stepped", 1, {{}, 0, begins, 0});
  stepped.set(m.constant(1, 1));

  Register steps = counter("step_number", ends & outTaken);
  Register events = counter("events", event & inReady),
           spikes = counter("spikes", shows & outTaken);
  Wire zero = m.constant(32, 0);
  registers.answer({m.constant(32, 0x53464131), m.constant(32, int64_t(core.hash)),
                    m.constant(32, core.cells), m.constant(32, core.inputs), asked,
                    m.concat({stepped, stepping, canStep}).zext(32), steps, events, spikes,
                    loadAddress, zero, zero, zero, zero, zero, zero});
  m.output("s_axis_tready", ~stepping & isStep.select(canStep, inReady));
  m.output("m_axis_tdata",
           shows.select(out["out_event"].zext(32), m.concat({m.constant(1, 1), steps.low(31)})));
  m.output("m_axis_tvalid", shows | ends);
  m.output("m_axis_tlast", ~shows);
  return m.finish();
}
