// The text of each op, and where it may stand.
// RUN: synfire-opt %s --emit-verilog | FileCheck %s

// CHECK-LABEL: //===- counter.v
// CHECK-NEXT: // counter: counts steps, modulo 256
// CHECK-NEXT: `default_nettype none
// CHECK-NEXT: module counter (
// CHECK-NEXT:   input  wire clk,
// CHECK-NEXT:   input  wire rst,
// CHECK-NEXT:   input  wire step,
// CHECK-NEXT:   output wire [7:0] count
// CHECK-NEXT: );
// CHECK-NEXT:   reg [7:0] value;
// CHECK-NEXT:   always @(posedge clk)
// CHECK-NEXT:     if (rst)
// CHECK-NEXT:       value <= 8'd0;
// CHECK-NEXT:     else if (step)
// CHECK-NEXT:       value <= value + 8'd1;
// CHECK-NEXT:   assign count = value;
// CHECK-NEXT: endmodule
// CHECK-NEXT: `default_nettype wire
rtl.module @counter(in %rst: i1, in %step: i1, out count: i8) attributes {summary = "counts steps,\0Amodulo 256"} {
  %one = arith.constant 1 : i8
  %next = arith.addi %value, %one : i8
  %value = rtl.register "value" %next enable %step reset %rst to 0 : i8
  rtl.output %value : i8
}

// What has signs has a wire of its own, where no context can change what it means.
// CHECK-LABEL: module signs
// CHECK: wire _t0 = $signed(a) < $signed(b);
// CHECK: wire [7:0] _t1 = $signed(a) >>> b;
// CHECK: wire [15:0] _t2 = {{[{]}}{8{a[7]}}, a};
// CHECK: wire [15:0] _t3 = {{[{]}}{8{b[7]}}, b};
// CHECK: wire [15:0] _t4 = $signed(_t2) * $signed(_t3);
// CHECK: assign y = _t0 ? _t1 : a;
// CHECK: assign p = _t4;
// CHECK: assign quarter = {{[{]}}{2{a[7]}}, a[7:2]};
// CHECK: assign negative = a[7];
rtl.module @signs(in %a: i8, in %b: i8, out y: i8, out p: i16, out quarter: i8, out negative: i1) {
  %zero = arith.constant 0 : i8
  %two = arith.constant 2 : i8
  %less = arith.cmpi slt, %a, %b : i8
  %shifted = arith.shrsi %a, %b : i8
  %y = arith.select %less, %shifted, %a : i8
  %0 = arith.extsi %a : i8 to i16
  %1 = arith.extsi %b : i8 to i16
  %p = arith.muli %0, %1 : i16
  %quarter = arith.shrsi %a, %two : i8
  %negative = arith.cmpi slt, %a, %zero : i8
  rtl.output %y, %p, %quarter, %negative : i8, i16, i8, i1
}

// CHECK-LABEL: module unsigned_0
// CHECK: assign a = {1'd0, x} + {1'd0, y};
// CHECK: assign b = ~(x & y) ^ 8'd170;
// CHECK: assign c = (x < y) | (x == y) | ~z;
// CHECK: assign d = {x[3:0], y, 4'd0};
// CHECK: assign e = {x[5:0], 2'd0};
// CHECK: assign f = {3'd0, x[7:3]};
// CHECK: assign g = z ? x - y : (y == 8'd0 ? x : y);
rtl.module @unsigned(in %x: i8, in %y: i8, in %z: i1, out a: i9, out b: i8, out c: i1, out d: i16, out e: i8, out f: i8, out g: i8) {
  %0 = arith.extui %x : i8 to i9
  %1 = arith.extui %y : i8 to i9
  %a = arith.addi %0, %1 : i9
  %2 = arith.andi %x, %y : i8
  %ones = arith.constant -1 : i8
  %3 = arith.xori %2, %ones : i8
  %mask = arith.constant 170 : i8
  %b = arith.xori %3, %mask : i8
  %4 = arith.cmpi ult, %x, %y : i8
  %5 = arith.cmpi eq, %x, %y : i8
  %true = arith.constant true
  %6 = arith.ori %4, %5 : i1
  %7 = arith.xori %z, %true : i1
  %c = arith.ori %6, %7 : i1
  %8 = arith.trunci %x : i8 to i4
  %zero = arith.constant 0 : i4
  %d = rtl.concat %8, %y, %zero : i4, i8, i4 -> i16
  %two = arith.constant 2 : i8
  %three = arith.constant 3 : i8
  %e = arith.shli %x, %two : i8
  %f = arith.shrui %x, %three : i8
  %zero8 = arith.constant 0 : i8
  %9 = arith.subi %x, %y : i8
  %10 = arith.cmpi eq, %y, %zero8 : i8
  %11 = arith.select %10, %x, %y : i8
  %g = arith.select %z, %9, %11 : i8
  rtl.output %a, %b, %c, %d, %e, %f, %g : i9, i8, i1, i16, i8, i8, i8
}

// A value that is used twice has a name; so has one of which parts are taken.
// CHECK-LABEL: module shared
// CHECK: wire [7:0] sum = x + y;
// CHECK: wire [7:0] _t0 = sum & x;
// CHECK: wire [7:0] _t1 = x >> y;
// CHECK: assign a = _t0[3:0];
// CHECK: assign b = sum;
// CHECK: assign c = _t1;
// CHECK: wire _unused = &{1'b0, _t0[7:4]};
rtl.module @shared(in %x: i8, in %y: i8, out a: i4, out b: i8, out c: i8) {
  %0 = arith.addi %x, %y : i8
  %1 = rtl.wire "sum" %0 : i8
  %2 = arith.andi %1, %x : i8
  %3 = arith.trunci %2 : i8 to i4
  %4 = arith.shrui %x, %y : i8
  rtl.output %3, %1, %4 : i4, i8, i8
}

// Registers with the same reset and enable stand in one block.
// CHECK-LABEL: module groups
// CHECK:      reg [3:0] a;
// CHECK-NEXT: reg [3:0] b;
// CHECK-NEXT: initial b = 4'd3;
// CHECK:      always @(posedge clk)
// CHECK-NEXT:   if (rst) begin
// CHECK-NEXT:     a <= 4'd0;
// CHECK-NEXT:     b <= 4'd15;
// CHECK-NEXT:   end else begin
// CHECK-NEXT:     a <= x;
// CHECK-NEXT:     b <= a;
// CHECK-NEXT:   end
// CHECK-NEXT: always @(posedge clk)
// CHECK-NEXT:   c <= b;
rtl.module @groups(in %rst: i1, in %x: i4, out q: i4) {
  %a = rtl.register "a" %x reset %rst to 0 : i4
  %b = rtl.register "b" %a reset %rst to 15 initially 3 : i4
  %c = rtl.register "c" %b : i4
  rtl.output %c : i4
}

// Keywords of any of the languages are not names; a name occurs once.
// CHECK-LABEL: module module_0 (
// CHECK: input  wire reg_0,
// CHECK: input  wire signal_0,
// CHECK: output wire [1:0] in_0_0
// CHECK: wire [1:0] signal_0_1 = {reg_0, signal_0};
rtl.module @module(in %reg: i1, in %signal: i1, out in_0: i2) {
  %0 = rtl.concat %reg, %signal : i1, i1 -> i2
  %1 = rtl.wire "signal" %0 : i2
  %2 = arith.addi %1, %1 : i2
  rtl.output %2 : i2
}

// CHECK-LABEL: module top (
// CHECK-NEXT:   input  wire clk,
// CHECK:        wire [7:0] first_count;
// CHECK-NEXT:   wire [1:0] second_in_0;
// CHECK-NEXT:   counter first (
// CHECK-NEXT:     .clk(clk),
// CHECK-NEXT:     .rst(rst),
// CHECK-NEXT:     .step(1'd1),
// CHECK-NEXT:     .count(first_count)
// CHECK-NEXT:   );
// CHECK-NEXT:   module_0 second (
// CHECK-NEXT:     .reg_0(rst),
// CHECK-NEXT:     .signal_0(rst),
// CHECK-NEXT:     .in_0_0(second_in_0)
// CHECK-NEXT:   );
// CHECK-NEXT:   assign count = first_count;
// CHECK-NEXT:   wire _unused = &{1'b0, second_in_0};
rtl.module @top(in %rst: i1, out count: i8) {
  %true = arith.constant true
  %0 = rtl.instance "first" @counter(%rst, %true) : (i1, i1) -> i8
  %1 = rtl.instance "second" @module(%rst, %rst) : (i1, i1) -> i2
  rtl.output %0 : i8
}

// What only properties need is in nobody's hardware.
// CHECK-LABEL: module proofs (
// CHECK-NEXT:    input  wire clk,
// CHECK-NEXT:    input  wire [7:0] x
// CHECK:         wire _unused = &{1'b0, clk, x};
// CHECK-NEXT:  `ifdef FORMAL
// CHECK-NEXT:    (* anyconst *) reg [7:0] any;
// CHECK-NEXT:    reg [7:0] before_0;
// CHECK-NEXT:    always @(posedge clk)
// CHECK-NEXT:      before_0 <= x;
// CHECK-NEXT:    always @(posedge clk) assume(any != 8'd0); // any number but none
// CHECK-NEXT:    always @(posedge clk) if (any == before_0) assert(x == before_0); // it stays
// CHECK-NEXT:  `endif
rtl.module @proofs(in %x: i8) {
  %zero = arith.constant 0 : i8
  %any = rtl.arbitrary "any" : i8
  %before = rtl.register "before" %x : i8
  %0 = arith.cmpi ne, %any, %zero : i8
  rtl.assume %0 "any number but none"
  %1 = arith.cmpi eq, %any, %before : i8
  %2 = arith.cmpi eq, %x, %before : i8
  rtl.assert %2 enable %1 "it stays"
  rtl.output
}
