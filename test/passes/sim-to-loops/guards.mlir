// What only the unusual side of a select needs stands under a branch; what others need too does not.
// RUN: synfire-opt %s --sim-to-loops=lanes=4 | FileCheck %s
// RUN: synfire-opt %s --sim-to-loops=lanes=1 | FileCheck %s --check-prefix=ONE

// CHECK-LABEL: func.func @update(
// CHECK: %[[SMALL:.+]] = arith.cmpf olt, %{{.+}} : vector<4xf64>
// CHECK-NEXT: %[[SHARED:.+]] = arith.mulf
// CHECK: %[[USUAL:.+]] = arith.addf
// CHECK: %[[LARGE:.+]] = arith.xori %[[SMALL]]
// CHECK: %[[ANY:.+]] = vector.reduction <or>, %[[LARGE]]
// CHECK: %[[R:.+]] = scf.if %[[ANY]] -> (vector<4xf64>) {
// CHECK-NEXT: %[[ROOT:.+]] = math.sqrt
// CHECK-NEXT: %[[OTHER:.+]] = arith.divf %[[SHARED]], %[[ROOT]]
// CHECK-NEXT: %[[CHOSEN:.+]] = arith.select %[[SMALL]], %[[USUAL]], %[[OTHER]]
// CHECK-NEXT: scf.yield %[[CHOSEN]]
// CHECK-NEXT: } else {
// CHECK-NEXT: scf.yield %[[USUAL]]

// ONE: scf.if %{{.+}} -> (f64) {
// ONE-NEXT: math.sqrt
sim.program @p {
  sim.domain @E size 4 emits 0
  sim.array @E.v : f64 state over @E = 0.0
  sim.kernel @update {
    sim.field @v element : f64
    %v = sim.get @v : f64
    %one = arith.constant 1.0 : f64
    %small = arith.cmpf olt, %v, %one : f64
    %shared = arith.mulf %v, %v : f64
    %usual = arith.addf %shared, %one : f64
    %root = math.sqrt %v : f64
    %other = arith.divf %shared, %root : f64
    %0 = arith.select %small, %usual, %other {sim.usually = true} : f64
    sim.set @v, %0 : f64
  }
  sim.update @update over @E bind [@E.v]
}

// The same where connections follow spikes.
// CHECK-LABEL: func.func @follow(
// CHECK: scf.while
// CHECK: scf.if %{{.+}} -> (vector<4xf64>) {
// CHECK-NEXT: math.sqrt
// CHECK-NEXT: arith.select
sim.program @q {
  sim.domain @E size 4 emits 2 remembers 1
  sim.connections @c from @E to @E rule all_to_all delay 1.0 first_payload 0 first_remembered 0
  sim.array @c.w : f64 state over @c = 0.0
  sim.kernel @follow {
    sim.field @rows rows : i32
    sim.field @posts history : i32
    sim.field @w connection : f64
    %w = sim.get @w : f64
    %w1, %age = sim.recall @posts since payload 1 from(%w : f64) -> (f64), f64 {
    ^bb0(%v: f64, %elapsed: f64, %since: f64):
      %small = arith.cmpf olt, %v, %since : f64
      %usual = arith.addf %v, %since : f64
      %root = math.sqrt %v : f64
      %0 = arith.select %small, %usual, %root {sim.usually = true} : f64
      sim.yield %0 : f64
    }
    sim.set @w, %w1 : f64
  }
  sim.handle @follow over @c bind [@c, @E, @c.w]
}
