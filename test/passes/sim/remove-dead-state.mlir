// States that nothing shown depends on go, with what moves them and what only they read. What a
// record, a protocol, a weight or a spike depends on stays, also through what spikes carry.
// RUN: synfire-opt %s --sim-remove-dead-state --sim-verify | FileCheck %s

// CHECK-LABEL: sim.program @p attributes
// CHECK-SAME: sim.removed = ["E.unread: nothing reads it", "E.slow: read only by E.unread, which nothing needs"
// CHECK-SAME: "ee.trace: nothing reads it"]
sim.program @p {
  sim.domain @E size 4 emits 2
  sim.array @tau : f64 parameter uniform = 1.0
  // What only dead states read goes, too.
  // CHECK-NOT: @rate
  sim.array @rate : f64 derived uniform = 0.0
  sim.array @scale : f64 derived uniform = 1.0
  // CHECK: sim.array @E.v
  sim.array @E.v : f64 state over @E = 0.0
  // CHECK-NOT: @E.unread
  sim.array @E.unread : f64 state over @E = 0.0
  // CHECK-NOT: @E.slow
  sim.array @E.slow : f64 state over @E = 0.0
  // CHECK: sim.array @E.recorded
  sim.array @E.recorded : f64 state over @E = 0.0
  // CHECK: sim.array @E.behind
  sim.array @E.behind : f64 state over @E = 0.0
  // CHECK: sim.array @E.carried
  sim.array @E.carried : f64 state over @E = 0.0
  // CHECK: sim.array @E.set
  sim.array @E.set : f64 state over @E = 0.0
  sim.accumulator @sum : i64 over @E scale @scale inverse @scale
  sim.connections @ee from @E to @E rule one_to_one delay 1.0 first_payload 0
  // CHECK: sim.array @ee.weight
  sim.array @ee.weight : f64 state over @ee = 0.0
  // CHECK-NOT: sim.array @ee.trace
  sim.array @ee.trace : f64 state over @ee = 0.0

  // CHECK-NOT: sim.kernel @derive
  sim.kernel @derive {
    sim.field @tau uniform : f64
    sim.field @rate uniform : f64
    %0 = sim.get @tau : f64
    sim.set @rate, %0 : f64
  }
  // CHECK-LABEL: sim.kernel @update
  sim.kernel @update {
    // CHECK-NEXT: sim.field @v element
    sim.field @v element : f64
    // CHECK-NOT: sim.field @unread
    sim.field @unread element : f64
    sim.field @slow element : f64
    // CHECK-NEXT: sim.field @recorded
    sim.field @recorded element : f64
    // CHECK-NEXT: sim.field @behind
    sim.field @behind element : f64
    // CHECK-NEXT: sim.field @carried
    sim.field @carried element : f64
    // CHECK-NEXT: sim.field @set
    sim.field @set element : f64
    // CHECK-NOT: sim.field @rate
    sim.field @rate uniform : f64
    // CHECK-NEXT: sim.field @ring
    sim.field @ring ring : i64
    // CHECK-NEXT: sim.field @spikes
    sim.field @spikes emit : i32
    %v = sim.get @v : f64
    %unread = sim.get @unread : f64
    %slow = sim.get @slow : f64
    %rate = sim.get @rate : f64
    %behind = sim.get @behind : f64
    %carried = sim.get @carried : f64
    // The events of a ring are taken from it, whoever wants them.
    // CHECK: sim.collect
    %sum = sim.collect @ring : i64
    %arrived = arith.sitofp %sum : i64 to f64
    // CHECK-NOT: arith.mulf
    %s = arith.mulf %slow, %rate : f64
    %u = arith.addf %unread, %s : f64
    %n = arith.addf %v, %arrived : f64
    sim.set @slow, %s : f64
    sim.set @unread, %u : f64
    // CHECK: sim.set @v
    sim.set @v, %n : f64
    // CHECK: sim.set @recorded
    sim.set @recorded, %behind : f64
    // CHECK: sim.set @behind
    sim.set @behind, %v : f64
    // CHECK: sim.set @carried
    sim.set @carried, %v : f64
    // CHECK: sim.set @set
    sim.set @set, %v : f64
    %theta = arith.constant 1.0 : f64
    %fires = arith.cmpf oge, %n, %theta : f64
    // Nobody reads the second value.
    // CHECK: %[[ZERO:.*]] = arith.constant 0.000000e+00 : f64
    // CHECK: sim.emit @spikes, %{{.*}} payload(%{{.*}}, %[[ZERO]] : f64, f64)
    sim.emit @spikes, %fires payload(%carried, %slow : f64, f64)
  }
  // CHECK-LABEL: sim.kernel @handle
  sim.kernel @handle {
    sim.field @rows rows : i32
    sim.field @w connection : f64
    // CHECK-NOT: sim.field @trace
    sim.field @trace connection : f64
    sim.field @ring ring : i64
    %w = sim.get @w : f64
    %trace = sim.get @trace : f64
    %first = sim.payload 0 : f64
    %second = sim.payload 1 : f64
    // CHECK-NOT: sim.payload 1
    %t = arith.addf %trace, %second : f64
    sim.set @trace, %t : f64
    // CHECK: sim.set @w
    %1 = arith.addf %w, %first : f64
    sim.set @w, %1 : f64
    %q = sim.round %w : f64 to i64
    // CHECK: sim.send
    sim.send @ring, %q : i64
  }
  sim.kernel @assign {
    sim.field @x element : f64
    %0 = arith.constant 2.0 : f64
    sim.set @x, %0 : f64
  }
  // CHECK-NOT: sim.derive
  sim.derive @derive over @E uniform bind [@tau, @rate]
  // CHECK: sim.handle @handle over @ee bind [@ee, @ee.weight, @sum]
  sim.handle @handle over @ee bind [@ee, @ee.weight, @ee.trace, @sum]
  // CHECK: sim.update @update over @E bind [@E.v, @E.recorded, @E.behind, @E.carried, @E.set, @sum, @E]
  sim.update @update over @E bind [@E.v, @E.unread, @E.slow, @E.recorded, @E.behind, @E.carried, @E.set, @rate, @sum, @E]
  sim.run "run" steps 10 step 0.1 seed 1 {
    sim.record @E.recorded of @E every 1
    sim.action at 5 { sim.assign @assign over @E bind [@E.set] }
  }
}
