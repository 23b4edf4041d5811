//===- Boards.cpp - what makes a bitstream for a board ---===//
//
// iCEBreaker: an iCE40UP5K in a package of 48 pins, a quartz of 12 MHz and a serial line over USB.
// The clock comes from the quartz: the oscillator in the chip may be 10 % off, and bytes on a line
// bear 2 %. It is doubled, to what the pipelines are made for.
//
//===----------------------------------------------------------------------===//
#include "targets/verilog/Boards.h"

#include <fmt/format.h>

using namespace synfire;
using namespace synfire::verilog;

static const char *const icebreakerTop = R"(// {0}_icebreaker: the design on an iCEBreaker
`default_nettype none
module {0}_icebreaker (
  input  wire clk_12mhz,
  input  wire rx,
  output wire tx
);
  // 12 MHz * 64 / 32
  wire clk;
  wire locked;
  SB_PLL40_PAD #(
    .FEEDBACK_PATH("SIMPLE"),
    .DIVR(4'd0),
    .DIVF(7'd63),
    .DIVQ(3'd5),
    .FILTER_RANGE(3'd1)
  ) pll (
    .PACKAGEPIN(clk_12mhz),
    .PLLOUTGLOBAL(clk),
    .LOCK(locked),
    .BYPASS(1'b0),
    .RESETB(1'b1)
  );
  // Block RAM shows its start values only some clocks after configuration.
  reg settling = 1'b0;
  reg lock = 1'b0;
  reg [6:0] waited = 7'd0;
  wire rst = !waited[6];
  always @(posedge clk) begin
    settling <= locked;
    lock <= settling;
    if (rst && lock)
      waited <= waited + 7'd1;
  end
  {0}_uart wrapped (
    .clk(clk),
    .rst(rst),
    .rx(rx),
    .tx(tx)
  );
endmodule
`default_nettype wire
)";

static const char *const icebreakerPins = R"(set_io clk_12mhz 35
set_io -pullup yes rx 6
set_io tx 9
)";

static const char *const icebreakerMakefile =
    R"(# `make` makes {0}.bin, `make program` puts it into the flash of the board.
{0}.bin: {0}.asc
	icepack $< $@
{0}.asc: {0}_netlist.json icebreaker.pcf
	nextpnr-ice40 --quiet --up5k --package sg48 --freq 24 --pcf icebreaker.pcf --json $< --asc $@ --report {0}_routed.json --log nextpnr.log
{0}_netlist.json: $(wildcard *.v) $(wildcard *.hex)
	yosys -q -l yosys.log -p 'read_verilog $(filter %.v,$^); {1} -json $@'
program: {0}.bin
	iceprog $<
clean:
	rm -f {0}.bin {0}.asc {0}_netlist.json {0}_routed.json nextpnr.log yosys.log
.PHONY: program clean
.DELETE_ON_ERROR:
)";

std::string verilog::icebreakerSynthesis(llvm::StringRef top) {
  return fmt::format("synth_ice40 -dsp -spram -abc9 -top {}", top.str());
}

std::vector<File> verilog::icebreakerFiles(llvm::StringRef design) {
  std::string name = design.str();
  std::string synthesis = icebreakerSynthesis(name + "_icebreaker");
  return {{name + "_icebreaker.v", fmt::format(fmt::runtime(icebreakerTop), name)},
          {"icebreaker.pcf", icebreakerPins},
          {"Makefile", fmt::format(fmt::runtime(icebreakerMakefile), name, synthesis)}};
}
