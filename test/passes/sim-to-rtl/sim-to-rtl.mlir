// An update becomes a neuron engine, its sums a synapse engine, and both stand below a control.
// RUN: synfire-opt %s --sim-to-rtl | FileCheck %s
// RUN: synfire-opt %s --to-rtl --emit-verilog -o /dev/null | FileCheck %s --check-prefix=TEXT

// The product with 3/4 has two digits; a half is rounded by a carry, so that no sum of its own is made.
// CHECK-LABEL: rtl.module @e_neurons(
// CHECK-SAME: in %rst: i1, in %start: i1, in %ring_word: i6,
// CHECK-SAME: out busy: i1, out spike: i1, out spike_source: i2, out ring_read: i1
// CHECK: rtl.memory "states" init dense<[16, 0, 0, 0]> : tensor<4xi10>
// CHECK: rtl.wire "v" %{{.+}} : i10
// CHECK: rtl.wire "v_next" %{{.+}} : i10

// Four contacts: two rows of two words; a word is a place and a weight of 4 bits.
// CHECK-LABEL: rtl.module @e_ring_synapses(
// CHECK: rtl.register "slot"
// CHECK: rtl.memory "rows"
// CHECK: rtl.memory "connections"
// CHECK: rtl.memory "sums"

// CHECK-LABEL: rtl.module @p(in %rst: i1, in %step: i1, in %out_ready: i1, out ready: i1, out done: i1, out out_valid: i1, out out_event: i2)
// CHECK: rtl.instance "e_ring_synapses" @e_ring_synapses
// CHECK: rtl.instance "e_neurons" @e_neurons
// CHECK: rtl.instance "out_queue"

// TEXT: module e_neurons (
// TEXT: $signed({{.+}}) >= $signed(
// TEXT: module p (

sim.program @P {
  sim.array @dt : f64 parameter uniform = 1.0
  sim.domain @E size 3 emits 0
  sim.array @E.v : f64 state over @E = 0.0 values dense<[1.0, 0.0, 0.0]> : tensor<3xf64> format [10, 4]
  sim.connections @"E->E" from @E to @E rule table pairs dense<[[0, 0, 1, 2], [1, 2, 0, 0]]> : tensor<2x4xi32> steps dense<[1, 3, 1, 2]> : tensor<4xi32> first_payload 0
  sim.array @scale : f64 derived uniform = 1.0 {wide}
  sim.array @inverse : f64 derived uniform = 1.0 {wide}
  sim.accumulator @sum : i64 over @E scale @scale inverse @inverse range [-1.0, 1.0, 2.0] format [6, 4]
  sim.kernel @send {
    sim.field @rows rows : i32
    sim.field @ring ring : i64
    %w = arith.constant 7.0 : f64
    %0 = sim.round %w : f64 to i64
    sim.send @ring, %0 : i64
  }
  sim.kernel @update {
    sim.field @v element : f64
    sim.field @ring ring : i64
    sim.field @spikes emit : i32
    %0 = sim.get @v : f64
    %1 = sim.fixed %0 fraction 4 : f64 to i64
    %c3 = arith.constant 3 : i64
    %2 = arith.muli %1, %c3 : i64
    %c2 = arith.constant 2 : i64
    %3 = arith.addi %2, %c2 : i64
    %4 = arith.shrsi %3, %c2 : i64
    %5 = sim.collect @ring : i64
    %6 = arith.addi %4, %5 : i64
    %c100 = arith.constant 100 : i64
    %7 = arith.cmpi sge, %6, %c100 : i64
    %c0 = arith.constant 0 : i64
    %8 = arith.select %7, %c0, %6 : i64
    %9 = sim.saturate %8 to 10 : i64
    %10 = sim.real %9 fraction 4 : i64 to f64
    sim.emit @spikes, %7
    sim.set @v, %10 : f64
  }
  sim.deliver @send over @"E->E" bind [@"E->E", @sum]
  sim.update @update over @E bind [@E.v, @sum, @E]
  sim.run "main" steps 10 step 1.0 seed 1 {
    sim.record spikes @E every 1
  }
}
