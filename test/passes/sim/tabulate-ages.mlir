// What follows from an age and from parameters alone becomes a table that a derive fills by the same operations; launches
// that bind the same parameters have one together.
// RUN: synfire-opt %s --sim-tabulate-ages | FileCheck %s

// CHECK-LABEL: sim.program @p
sim.program @p {
  sim.array @dt : f64 parameter uniform = 0.1
  sim.array @tau : f64 parameter uniform = 20.0
  sim.domain @E size 4 emits 3 remembers 1
  sim.connections @ee from @E to @E rule all_to_all delay 1.5 first_payload 0 first_remembered 0
  sim.array @ee.weight : f64 state over @ee = 0.1
  sim.array @other_tau : f64 parameter uniform = 20.0
  sim.array @eta : f64 parameter uniform = 0.01
  sim.connections @more from @E to @E rule all_to_all delay 1.5 first_payload 0 first_remembered 0
  sim.array @more.weight : f64 state over @more = 0.1
  sim.connections @slow from @E to @E rule all_to_all delay 1.5 first_payload 0 first_remembered 0
  sim.array @slow.weight : f64 state over @slow = 0.1

  // CHECK: sim.domain @"#ages" size 4096 hidden
  // CHECK: sim.array @"ee.#decay0" : f64 derived hidden over @"#ages"
  // CHECK-NOT: #decay
  // CHECK: sim.array @"slow.#decay1" : f64 derived hidden over @"#ages"
  // CHECK-NOT: #decay
  // CHECK: sim.kernel @decay_0 {
  // CHECK: sim.field @dt uniform : f64
  // CHECK: sim.field @tau uniform : f64
  // CHECK-NEXT: sim.field @table element : f64
  // CHECK: %[[N:.*]] = sim.element
  // CHECK: %[[AGE:.*]] = arith.sitofp %[[N]] : i64 to f64
  // CHECK: arith.mulf %[[AGE]], %{{.*}} : f64
  // CHECK-COUNT-7: arith.addf
  // CHECK: sim.set @table

  // CHECK-NOT: sim.kernel @decay_1
  // CHECK: sim.kernel @learn {
  sim.kernel @learn {
    sim.field @rows rows : i32
    sim.field @posts history : i32
    sim.field @dt uniform : f64
    sim.field @tau uniform : f64
    sim.field @eta uniform : f64
    sim.field @weight connection : f64
    // CHECK: sim.field @decay_0 whole : f64
    %w = sim.get @weight : f64
    %dt = sim.get @dt : f64
    %tau = sim.get @tau : f64
    %w1, %age = sim.recall @posts since payload 1 from(%w : f64) -> (f64), f64 {
    // CHECK: ^bb0(%[[V:.*]]: f64, %{{.*}}: f64, %[[SINCE:.*]]: f64):
    ^bb0(%v: f64, %elapsed: f64, %since: f64):
      // CHECK-NEXT: %[[DECAY:.*]] = sim.lookup @decay_0[4096] %[[SINCE]] : f64 -> f64 else {
      // CHECK: arith.mulf %[[SINCE]], %{{.*}} : f64
      // CHECK: sim.yield
      // CHECK: arith.mulf %[[V]], %[[DECAY]] : f64
      %t = arith.mulf %since, %dt : f64
      %a = arith.addf %t, %tau : f64
      %b = arith.addf %a, %tau : f64
      %c = arith.addf %b, %tau : f64
      %d = arith.addf %c, %tau : f64
      %e = arith.addf %d, %tau : f64
      %f = arith.addf %e, %tau : f64
      %g = arith.addf %f, %tau : f64
      %v1 = arith.mulf %v, %g : f64
      sim.yield %v1 : f64
    }
    // A few operations are not worth a load.
    // CHECK: %[[SHORT:.*]] = arith.mulf %{{.*}}, %{{.*}} : f64
    // CHECK-NEXT: arith.addf %{{.*}}, %[[SHORT]] : f64
    %s = arith.mulf %age, %dt : f64
    %w2 = arith.addf %w1, %s : f64
    sim.set @weight, %w2 : f64
  }
  // CHECK: sim.derive @decay_0 over @"#ages" bind [@dt, @tau, @"ee.#decay0"]
  // CHECK-NEXT: sim.handle @learn over @ee bind [@ee, @E, @dt, @tau, @eta, @ee.weight, @"ee.#decay0"]
  sim.handle @learn over @ee bind [@ee, @E, @dt, @tau, @eta, @ee.weight]
  // CHECK-NEXT: sim.handle @learn over @more bind [@more, @E, @dt, @tau, @eta, @more.weight, @"ee.#decay0"]
  sim.handle @learn over @more bind [@more, @E, @dt, @tau, @eta, @more.weight]
  // CHECK-NEXT: sim.derive @decay_0 over @"#ages" bind [@dt, @other_tau, @"slow.#decay1"]
  // CHECK-NEXT: sim.handle @learn over @slow bind [@slow, @E, @dt, @other_tau, @eta, @slow.weight, @"slow.#decay1"]
  sim.handle @learn over @slow bind [@slow, @E, @dt, @other_tau, @eta, @slow.weight]
}
