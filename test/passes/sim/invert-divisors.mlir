// Quotients by what is the same for all elements become products; one reciprocal serves all of them.
// RUN: synfire-opt %s --sim-invert-divisors | FileCheck %s

sim.program @p {
  sim.domain @E size 4 emits 2 remembers 1
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
  // At spikes a running value is no uniform one.
  // CHECK-LABEL: sim.kernel @follow
  // CHECK: %[[R:.+]] = arith.divf
  // CHECK: sim.recall
  // CHECK-NEXT: ^bb0(%[[V:[^:]+]]:
  // CHECK-NEXT: arith.mulf %[[V]], %[[R]]
  sim.kernel @follow {
    sim.field @rows rows : i32
    sim.field @posts history : i32
    sim.field @C uniform : f64
    sim.field @w connection : f64
    %w = sim.get @w : f64
    %C = sim.get @C : f64
    %w1, %age = sim.recall @posts since payload 1 from(%w : f64) -> (f64), f64 {
    ^bb0(%v: f64, %elapsed: f64, %since: f64):
      %0 = arith.divf %v, %C : f64
      sim.yield %0 : f64
    }
    sim.set @w, %w1 : f64
  }
  sim.connections @c from @E to @E rule all_to_all delay 1.0 first_payload 0 first_remembered 0
  sim.array @c.w : f64 state over @c = 0.0
  sim.handle @follow over @c bind [@c, @E, @C, @c.w]
  sim.init @start over @E bind [@E.v, @C]
  sim.update @update over @E bind [@E.v, @E.w, @C]
}
