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
