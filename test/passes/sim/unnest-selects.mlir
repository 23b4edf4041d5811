// Behind a select no other one by the same condition chooses; one that somebody else reads stays.
// RUN: synfire-opt %s --sim-unnest-selects | FileCheck %s

sim.program @p {
  sim.domain @E size 2
  sim.array @E.v : f64 state over @E = 0.0
  sim.array @E.w : f64 state over @E = 0.0
  // CHECK-LABEL: sim.kernel @nested
  sim.kernel @nested {
    sim.field @v element : f64
    %v = sim.get @v : f64
    %half = arith.constant 0.5 : f64
    %one = arith.constant 1.0 : f64
    // CHECK: %[[C:.+]] = arith.cmpf
    %c = arith.cmpf olt, %v, %one : f64
    // CHECK: %[[DECAYED:.+]] = arith.mulf
    %decayed = arith.mulf %v, %half : f64
    // CHECK-NOT: arith.select
    %0 = arith.select %c, %decayed, %v : f64
    // CHECK: %[[SUM:.+]] = arith.addf %[[DECAYED]], %{{.+}} : f64
    %1 = arith.addf %0, %one : f64
    // CHECK: arith.select %[[C]], %[[SUM]], %{{.+}} : f64
    %2 = arith.select %c, %1, %0 : f64
    sim.set @v, %2 : f64
  }
  // A spike carries what there is when the cell fires.
  // CHECK-LABEL: sim.kernel @carried
  sim.kernel @carried {
    sim.field @v element : f64
    sim.field @spikes emit : i32
    %v = sim.get @v : f64
    %one = arith.constant 1.0 : f64
    // CHECK: %[[ONE:.+]] = arith.constant 1.0
    %c = arith.cmpf oge, %v, %one : f64
    %0 = arith.select %c, %one, %v : f64
    // CHECK: sim.emit @spikes, %{{.+}} payload(%[[ONE]] : f64)
    sim.emit @spikes, %c payload(%0 : f64)
    sim.set @v, %0 : f64
  }
  // CHECK-LABEL: sim.kernel @shared
  sim.kernel @shared {
    sim.field @v element : f64
    sim.field @w element : f64
    %v = sim.get @v : f64
    %one = arith.constant 1.0 : f64
    // CHECK: %[[C:.+]] = arith.cmpf
    %c = arith.cmpf olt, %v, %one : f64
    // CHECK: %[[CHOSEN:.+]] = arith.select %[[C]]
    %0 = arith.select %c, %one, %v : f64
    // CHECK: %[[SUM:.+]] = arith.addf %[[CHOSEN]]
    %1 = arith.addf %0, %one : f64
    // CHECK: arith.select %[[C]], %[[SUM]]
    %2 = arith.select %c, %1, %v : f64
    sim.set @v, %2 : f64
    sim.set @w, %1 : f64
  }
  sim.update @nested over @E bind [@E.v]
  sim.update @shared over @E bind [@E.v, @E.w]
}
