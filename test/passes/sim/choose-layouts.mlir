// Connections whose amounts never change are stored by source and delay; a kernel that reads the
// target or a value that a protocol changes stays with rows by source, also where it is shared. Regular
// connections of one amount are not stored.
// RUN: synfire-opt %s --sim-choose-layouts --sim-verify | FileCheck %s

// CHECK-LABEL: sim.program @p
sim.program @p {
  sim.domain @E size 4 emits 0
  sim.array @scale : f64 derived uniform = 1.0
  sim.array @g : f64 parameter uniform = 1.0
  sim.array @moved : f64 parameter uniform = 1.0
  sim.array @follows : f64 derived uniform = 0.0
  sim.array @E.v : f64 state over @E = 0.0
  sim.accumulator @sum : i64 over @E scale @scale inverse @scale
  // CHECK: sim.connections @still {{.*}} layout by_source_and_delay why "every spike
  sim.connections @still from @E to @E rule one_to_one delay 1.0
  sim.array @still.weight : f64 parameter over @still = 0.0
  // CHECK: sim.connections @changed from @E to @E rule one_to_one delay 1.000000e+00{{$}}
  sim.connections @changed from @E to @E rule one_to_one delay 1.0
  sim.array @changed.weight : f64 parameter over @changed = 0.0
  // CHECK: sim.connections @target from @E to @E rule one_to_one delay 1.000000e+00{{$}}
  sim.connections @target from @E to @E rule one_to_one delay 1.0
  // CHECK: sim.connections @given from @E to @E rule one_to_one undelayed{{$}}
  sim.connections @given from @E to @E rule one_to_one undelayed
  sim.array @given.weight : f64 parameter over @given = 0.0

  // CHECK: sim.connections @alike from @E to @E rule all_but_one delay 2.000000e+00 layout implicit why "a regular rule
  sim.connections @alike from @E to @E rule all_but_one delay 2.0
  // CHECK: sim.connections @drawn from @E to @E rule fixed_indegree {k = 2 : i64} delay 2.000000e+00 layout by_source_and_delay
  sim.connections @drawn from @E to @E rule fixed_indegree {k = 2 : i64} delay 2.0

  // CHECK: sim.kernel @send {
  // CHECK: sim.kernel @send_amount {
  sim.kernel @send {
    sim.field @rows rows : i32
    sim.field @w connection : f64
    sim.field @g uniform : f64
    sim.field @ring ring : i64
    %w = sim.get @w : f64
    %g = sim.get @g : f64
    %a = arith.mulf %w, %g : f64
    %q = sim.round %a : f64 to i64
    sim.send @ring, %q : i64
  }
  sim.kernel @read_target {
    sim.field @rows rows : i32
    sim.field @v target : f64
    sim.field @ring ring : i64
    %v = sim.get @v : f64
    %q = sim.round %v : f64 to i64
    sim.send @ring, %q : i64
  }
  sim.kernel @double {
    sim.field @x uniform : f64
    sim.field @y uniform : f64
    %x = sim.get @x : f64
    %y = arith.addf %x, %x : f64
    sim.set @y, %y : f64
  }
  sim.kernel @one {
    sim.field @x uniform : f64
    %one = arith.constant 1.0 : f64
    sim.set @x, %one : f64
  }
  sim.derive @double over @E uniform bind [@moved, @follows]
  // CHECK: sim.deliver @send_amount over @still
  sim.deliver @send over @still bind [@still, @still.weight, @g, @sum]
  // What a protocol assigns, and what is derived from it, moves.
  // CHECK: sim.deliver @send over @changed
  sim.deliver @send over @changed bind [@changed, @changed.weight, @follows, @sum]
  // CHECK: sim.deliver @read_target over @target
  sim.deliver @read_target over @target bind [@target, @E.v, @sum]
  // CHECK: sim.deliver @send over @given
  sim.deliver @send over @given bind [@given, @given.weight, @g, @sum]
  sim.kernel @same {
    sim.field @rows rows : i32
    sim.field @g uniform : f64
    sim.field @ring ring : i64
    %g = sim.get @g : f64
    %q = sim.round %g : f64 to i64
    sim.send @ring, %q : i64
  }
  // CHECK: sim.deliver @same_amount over @alike
  sim.deliver @same over @alike bind [@alike, @g, @sum]
  // CHECK: sim.deliver @same_amount over @drawn
  sim.deliver @same over @drawn bind [@drawn, @g, @sum]
  sim.run "r" steps 10 step 0.1 seed 1 {
    sim.action at 5 {
      sim.assign @one over @E uniform bind [@moved]
    }
  }
}
