//===- Testbench.cpp - a testbench that checks itself ---===//
#include "targets/verilog/Golden.h"
#include "targets/verilog/Template.h"

#include <fmt/format.h>

using namespace synfire;
using namespace synfire::verilog;

static const char *const text =
    R"(// Compares @TOP@ with the quantised program, step by step, and prints PASS or what differs first.
// In the folder of the design:
//   iverilog -g2005 -o test/tb.vvp *.v test/@TOP@_tb.v && vvp test/tb.vvp
//
@PORTS@
module @TOP@_tb;
  localparam STEPS = @STEPS@, CELLS = @CELLS@;
  localparam LONGEST = @LONGEST@; // clocks that a step may take

  // Of each step a number, and as many inputs that an event is given to, or cells that fire.
  reg [31:0] given[0:@GIVEN@];
  reg [31:0] fired[0:@FIRED@];
  reg [63:0] hashes[0:STEPS-1]; // of all states at the ends of steps
  reg [63:0] hash;
  // The step at whose end a cell is to fire.
  reg [31:0] due[0:CELLS-1];
@LAST@
  reg clk, rst, step, out_ready;
  wire ready, done, out_valid;
  wire [@OUTBITS@:0] out_event;
@INPUTS@
  @TOP@ dut(
    .clk(clk), .rst(rst), .step(step), .out_ready(out_ready), .ready(ready), .done(done),
    .out_valid(out_valid), .out_event(out_event)@INPORTS@
  );

  reg [31:0] random;
  reg slow, early, begins, inside, more;
  integer s, i, k, g, f, left, clocks, since;

  initial clk = 1'b0;
  always #5 clk = ~clk;

  task fail_unless(input condition);
    if (condition !== 1'b1) begin
      $display("FAIL: step %0d: `ready`, `in_ready` or `done` at a wrong time", s);
      $finish;
    end
  endtask

  task tick; // an edge; just after it what comes in may change, and then what comes out is looked at
    begin
      begins = ready & step;
      fail_unless(!done | inside);
      fail_unless(!ready | !inside);
@TAKE@      inside = begins | (inside & ~done);
      @(posedge clk);
      #2;
      random = random ^ (random << 13);
      random = random ^ (random >> 17);
      random = random ^ (random << 5);
      // Of each step: whether spikes are mostly taken at once, and events given while it lasts.
      if (begins) slow = random[21:20] == 2'd0;
      if (begins) early = random[22];
      out_ready = slow ? random[2:0] == 3'd0 : random[0] | random[3];
@OFFER@      // `step` may be high before the step can begin, but not before its events are given.
      step = more & (step | random[6]) & ~begins@GIVEN_ALL@;
      #1;
      clocks = clocks + 1;
      since = since + 1;
      if (since > LONGEST) begin
        $display("FAIL: step %0d takes more than %0d clocks", s, LONGEST);
        $finish;
      end
    end
  endtask

  task wait_begin;
    while (!(ready && step)) begin
      if (out_valid) begin
        $display("FAIL: a spike of cell %0d before step %0d", out_event, s);
        $finish;
      end
      tick;
    end
  endtask

  task open_list; // of what is given
    begin
      left = given[g];
      g = g + 1;
    end
  endtask

  task hash_states; // all memories, all cells, 64 bits after 64
    begin
      hash = 64'd0;
@HASH@    end
  endtask

  initial begin
    $readmemh("test/@TOP@_tb_hashes.hex", hashes);
    $readmemh("test/@TOP@_tb_given.hex", given);
    $readmemh("test/@TOP@_tb_fired.hex", fired);
@READ@    for (i = 0; i < CELLS; i = i + 1) due[i] = 0;
    clocks = 0;
    since = 0;
    s = 0;
    g = 0;
    f = 0;
    left = 0;
    rst = 1'b1;
    step = 1'b0;
    out_ready = 1'b1;
    slow = 1'b0;
    early = 1'b1;
    inside = 1'b0;
    more = 1'b0; // steps to come
    random = 32'd2463534242;
@RESET@    @(posedge clk);
    #3;
    repeat (3) tick;
    rst = 1'b0;
@LOAD@    clocks = 0;
    more = 1'b1;
    open_list;
    for (s = 0; s < STEPS; s = s + 1) begin
      since = 0;
      wait_begin;
      for (i = 0; i < fired[f]; i = i + 1) due[fired[f+1+i]] = s + 1;
      // From now on what is given is for the step after this one.
      more = s + 1 < STEPS;
      if (more) open_list;
      tick;
      while (ready !== 1'b1) begin
        if (out_valid && out_ready) begin
          if (due[out_event] !== s + 1) begin
            $display("FAIL: step %0d: cell %0d fired, which it should not", s, out_event);
            $finish;
          end
          due[out_event] = 0;
        end
        tick;
      end
      for (i = 0; i < fired[f]; i = i + 1)
        if (due[fired[f+1+i]] === s + 1) begin
          $display("FAIL: step %0d: cell %0d did not fire", s, fired[f+1+i]);
          $finish;
        end
      f = f + 1 + fired[f];
      hash_states;
      if (hash !== hashes[s]) begin
@COMPARE@        $display("FAIL: step %0d: other states at its end", s);
        $finish;
      end
    end
    $display("PASS: %0d steps of %0d cells in %0d clocks", STEPS, CELLS, clocks);
    $finish;
  end
endmodule
)";

static const char *const take = R"(      fail_unless(!in_ready | !inside);
      taken = in_valid & in_ready;
)";

static const char *const offer = R"(      if (taken) begin
        in_valid = 1'b0;
        g = g + 1;
        left = left - 1;
      end
      // An event stays until it is taken; without one, the number means nothing.
      if (!in_valid) in_event = random[31:8];
      if (!in_valid && left > 0 && (random[4] | random[5]) && (early | ready)) begin
        in_valid = 1'b1;
        in_event = given[g];
      end
)";

static const char *const load = R"(    for (i = 0; i <= @LAST@; i = i + 1) begin // as a host does
      load = 1'b1;
      load_address = i;
      load_data = loaded[i];
      since = 0;
      tick;
    end
    load = 1'b0;
)";

static const char *const hashMemory =
    R"(      if ((s + 1) % @PERIOD@ == 0) for (i = 0; i < @WORDS@; i = i + 1) begin
        word_@INSTANCE@_@NAME@ = dut.@INSTANCE@.@NAME@[i];
        for (k = 0; k < @PARTS@; k = k + 1) begin
          hash = (hash ^ word_@INSTANCE@_@NAME@[63:0]) * 64'h9E3779B97F4A7C15;
          hash = hash ^ (hash >> 32);
          word_@INSTANCE@_@NAME@ = word_@INSTANCE@_@NAME@ >> 64;
        end
      end
)";

static const char *const compareMemory = R"(        if (s == STEPS - 1)
          for (i = 0; i < @WORDS@; i = i + 1)
            if (dut.@INSTANCE@.@NAME@[i] !== last_@INSTANCE@_@NAME@[i])
              $display("@INSTANCE@.@NAME@[%0d] is %h, not %h", i, dut.@INSTANCE@.@NAME@[i],
                       last_@INSTANCE@_@NAME@[i]);
)";

static std::string hex(const llvm::APInt &value) {
  llvm::SmallString<32> digits;
  value.toString(digits, 16, /*Signed=*/false, /*formatAsCLiteral=*/false, /*UpperCase=*/false);
  return digits.str().str() + "\n";
}

/// Of each step the number of a list, and the list.
static File listFile(const Golden &golden, llvm::StringRef what,
                     std::vector<uint32_t> Golden::Step::*list) {
  std::string lines;
  for (const Golden::Step &step : golden.steps) {
    lines += fmt::format("{:x}\n", (step.*list).size());
    for (uint32_t number : step.*list)
      lines += fmt::format("{:x}\n", number);
  }
  return {golden.top + "_tb_" + what.str() + ".hex", lines};
}

std::vector<File> verilog::testbench(const Golden &golden) {
  std::vector<File> files = {{},
                             listFile(golden, "given", &Golden::Step::given),
                             listFile(golden, "fired", &Golden::Step::fired)};
  auto lastLine = [](const File &file) {
    return std::to_string(llvm::StringRef(file.text).count('\n') - 1);
  };
  std::string last, read, hashing, comparisons;
  for (const Golden::Memory &memory : golden.memories) {
    std::string words;
    for (const llvm::APInt &word : memory.last)
      words += hex(word);
    std::string name = memory.instance + "_" + memory.name;
    std::string file = golden.top + "_tb_last_" + name + ".hex";
    files.push_back({file, words});
    unsigned parts = (memory.bits + 63) / 64;
    last += fmt::format("  reg [{}:0] last_{}[0:{}];\n  reg [{}:0] word_{};\n", memory.bits - 1,
                        name, memory.words - 1, 64 * parts - 1, name);
    read += fmt::format("    $readmemh(\"test/{}\", last_{});\n", file, name);
    std::vector<std::pair<llvm::StringRef, std::string>> values = {
        {"WORDS", std::to_string(memory.words)},
        {"INSTANCE", memory.instance},
        {"NAME", memory.name},
        {"PERIOD", std::to_string(memory.period)},
        {"PARTS", std::to_string(parts)}};
    hashing += fillIn(hashMemory, values);
    comparisons += fillIn(compareMemory, values);
  }
  std::string ends;
  for (const Golden::Step &step : golden.steps)
    ends += fmt::format("{:016x}\n", step.hash);
  files.push_back({golden.top + "_tb_hashes.hex", ends});
  bool takes = golden.inputs != 0;
  std::string inputs =
      fmt::format("  reg in_valid, taken;\n  reg [{}:0] in_event;\n  wire in_ready;\n",
                  bitsToTell(golden.inputs) - 1);
  std::string ports =
      takes ? ",\n    .in_valid(in_valid), .in_event(in_event), .in_ready(in_ready)" : "";
  std::string loads;
  for (auto &[input, width] : golden.hostInputs) {
    ports += golden.loaded && input != "fetch" ? fmt::format(",\n    .{0}({0})", input)
                                               : fmt::format(",\n    .{}({}'d0)", input, width);
    if (golden.loaded && input != "fetch")
      loads += fmt::format("  reg [{}:0] {};\n", width - 1, input);
  }
  std::string reset = takes ? "    in_valid = 1'b0;\n    in_event = 0;\n" : "", given;
  if (golden.loaded) {
    std::string end = std::to_string(golden.loaded - 1);
    loads += fmt::format("  reg [15:0] loaded[0:{}];\n", end);
    read += fmt::format("    $readmemh(\"{}_load.hex\", loaded);\n", golden.top);
    reset += "    load = 1'b0;\n    load_address = 0;\n    load_data = 16'd0;\n";
    given = fillIn(load, {{"LAST", end}});
  }
  // Neurons one a clock, with waits for random numbers, and each connection by itself.
  uint64_t walked = golden.walked + 8 * golden.degrees.size();
  files[0] = {golden.top + "_tb.v",
              fillIn(text, {{"PORTS", portComment(golden)},
                            {"STEPS", std::to_string(golden.steps.size())},
                            {"CELLS", std::to_string(golden.cells)},
                            {"LONGEST", std::to_string(1000 + 48 * golden.cells + 12 * walked)},
                            {"GIVEN", lastLine(files[1])},
                            {"FIRED", lastLine(files[2])},
                            {"LAST", last},
                            {"OUTBITS", std::to_string(bitsToTell(golden.cells) - 1)},
                            {"INPUTS", (takes ? inputs : "") + loads},
                            {"INPORTS", ports},
                            {"READ", read},
                            {"RESET", reset},
                            {"LOAD", given},
                            {"TAKE", takes ? take : ""},
                            {"OFFER", takes ? offer : ""},
                            {"GIVEN_ALL", takes ? " & ~in_valid & (left == 0)" : ""},
                            {"HASH", hashing},
                            {"COMPARE", comparisons},
                            {"TOP", golden.top}})};
  return files;
}
