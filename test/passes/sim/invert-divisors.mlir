// Quotients by what is the same for all elements become products; one reciprocal serves all of them.
// RUN: synfire-opt %s --sim-invert-divisors | FileCheck %s

sim.program @p {
  sim.domain @E size 4 emits 0
  sim.array @C : f64 parameter uniform = 2.0
  sim.array @E.v : f64 state over @E = 0.0
  sim.array @E.w : f64 state over @E = 0.0
  // CHECK-LABEL: sim.kernel @update
  // CHECK: %[[V:.+]] = sim.get @v
  // CHECK: %[[W:.+]] = sim.get @w
  // CHECK: %[[C:.+]] = sim.get @C
  // CHECK: %[[ONE:.+]] = arith.constant 1.0
  // CHECK: %[[R:.+]] = arith.divf %[[ONE]], %[[C]]
  // CHECK: arith.mulf %[[V]], %[[R]]
  // CHECK: arith.mulf %[[W]], %[[R]]
  sim.kernel @update {
    sim.field @v element : f64
    sim.field @w element : f64
    sim.field @C uniform : f64
    %v = sim.get @v : f64
    %w = sim.get @w : f64
    %C = sim.get @C : f64
    %0 = arith.divf %v, %C : f64
    %1 = arith.divf %w, %C : f64
    // By an element's own value, and of two that are the same for all: as they are.
    // CHECK: arith.divf %[[V]], %[[W]]
    %2 = arith.divf %v, %w : f64
    // CHECK: arith.divf %[[C]], %[[C]]
    %3 = arith.divf %C, %C : f64
    %4 = arith.addf %0, %1 : f64
    %5 = arith.addf %2, %3 : f64
    sim.set @v, %4 : f64
    sim.set @w, %5 : f64
  }
  // What runs once is left alone.
  // CHECK-LABEL: sim.kernel @start
  // CHECK: arith.divf
  sim.kernel @start {
    sim.field @v element : f64
    sim.field @C uniform : f64
    %v = sim.get @v : f64
    %C = sim.get @C : f64
    %0 = arith.divf %v, %C : f64
    sim.set @v, %0 : f64
  }
  sim.init @start over @E bind [@E.v, @C]
  sim.update @update over @E bind [@E.v, @E.w, @C]
}
