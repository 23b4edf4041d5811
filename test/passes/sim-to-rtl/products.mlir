// What a cell costs: its product is sums, or a multiplier where the target has one; a time that counts down has no sign; a state
// that a condition holds is not written, and nothing chooses it.
// RUN: synfire-opt %s --sim-to-rtl | FileCheck %s --check-prefixes=CHECK,SUMS
// RUN: synfire-opt %s --sim-to-rtl=multipliers=1 | FileCheck %s --check-prefixes=CHECK,ONE
// RUN: synfire-opt %s --to-rtl=multipliers=1 --emit-verilog -o /dev/null | FileCheck %s --check-prefix=TEXT

// CHECK-LABEL: rtl.module @e_neurons(
// From 0 to 10 are four bits, without a sign; 16 are those of the potential.
// CHECK: rtl.memory "states" init dense<0> : tensor<4xi20>
// SUMS-NOT: rtl.multiplier
// 65209 = 2^16 - 327: whole units are added where the product is rounded.
// ONE: arith.constant -327
// ONE: arith.muli {{.+}} {rtl.multiplier}
// No state is chosen by whether it holds.
// CHECK: rtl.wire "v_next" %[[NEXT:.+]] : i16
// CHECK: rtl.write %{{.+}} enable %{{.+}} mask %{{.+}} : i5 : !rtl.memory<4xi20>

// 10240 = 5 * 2^11, so that six bits say whether the potential reaches it. The first lanes are the potential's.
// TEXT: wire [5:0] [[LIMIT:_t[0-9]+]] = 6'd5;
// TEXT: $signed({{.+}}) >= $signed([[LIMIT]])
// TEXT: if ({{s[0-9]+_[0-9]+}}) states[leaves][15:0] <=
// TEXT-NEXT: states[leaves][19:16] <=

sim.program @P {
  sim.array @dt : f64 parameter uniform = 1.0
  sim.domain @E size 4 emits 0
  sim.array @E.v : f64 state over @E = 0.0 format [16, 9]
  sim.array @E.refractory : i32 refractory hidden over @E = 0.0 format [5, 0]
  sim.connections @"E->E" from @E to @E rule table pairs dense<[[0, 1], [1, 2]]> : tensor<2x2xi32> steps dense<1> : tensor<2xi32> first_payload 0
  sim.array @scale : f64 derived uniform = 1.0 {wide}
  sim.array @inverse : f64 derived uniform = 1.0 {wide}
  sim.accumulator @sum : i64 over @E scale @scale inverse @inverse range [-1.0, 1.0, 2.0] format [11, 9]
  sim.kernel @send {
    sim.field @rows rows : i32
    sim.field @ring ring : i64
    %w = arith.constant -500.0 : f64
    %0 = sim.round %w : f64 to i64
    sim.send @ring, %0 : i64
  }
  sim.kernel @update {
    sim.field @v element : f64
    sim.field @refractory element : i32
    sim.field @ring ring : i64
    sim.field @spikes emit : i32
    %c1_i32 = arith.constant 1 : i32
    %c0_i32 = arith.constant 0 : i32
    %0 = sim.get @v : f64
    %1 = sim.fixed %0 fraction 9 : f64 to i64
    %2 = sim.get @refractory : i32
    %3 = arith.cmpi sle, %2, %c0_i32 : i32
    %c65209 = arith.constant 65209 : i64
    %4 = arith.muli %1, %c65209 : i64
    %c32768 = arith.constant 32768 : i64
    %5 = arith.addi %4, %c32768 : i64
    %c16 = arith.constant 16 : i64
    %6 = arith.shrsi %5, %c16 : i64
    %7 = sim.collect @ring : i64
    %8 = arith.addi %7, %6 : i64
    %9 = arith.select %3, %8, %1 : i64
    %c10240 = arith.constant 10240 : i64
    %10 = arith.cmpi sge, %9, %c10240 : i64
    %11 = arith.andi %10, %3 : i1
    %12 = arith.subi %2, %c1_i32 : i32
    %13 = arith.maxsi %12, %c0_i32 : i32
    %c0 = arith.constant 0 : i64
    %14 = arith.select %11, %c0, %9 : i64
    %c10 = arith.constant 10 : i32
    %15 = arith.select %11, %c10, %13 : i32
    sim.set @refractory, %15 : i32
    sim.emit @spikes, %11
    %16 = sim.saturate %14 to 16 : i64
    %17 = sim.real %16 fraction 9 : i64 to f64
    sim.set @v, %17 : f64
  }
  sim.deliver @send over @"E->E" bind [@"E->E", @sum]
  sim.update @update over @E bind [@E.v, @E.refractory, @sum, @E]
  sim.run "main" steps 10 step 1.0 seed 1 {
    sim.record spikes @E every 1
  }
}
