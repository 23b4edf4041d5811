// Exponentials that are powers of another one, up to a constant factor, are made from it.
// RUN: synfire-opt %s --sim-share-exponentials | FileCheck %s

sim.program @p {
  sim.domain @E size 4 emits 0
  sim.array @V_T : f64 parameter uniform = -63.0
  sim.array @k : f64 parameter uniform = 5.0
  sim.array @E.v : f64 state over @E = 0.0
  sim.array @E.w : f64 state over @E = 0.0
  // CHECK-LABEL: sim.kernel @update
  sim.kernel @update {
    sim.field @v element : f64
    sim.field @w element : f64
    sim.field @V_T uniform : f64
    sim.field @k uniform : f64
    %v = sim.get @v : f64
    %w = sim.get @w : f64
    %V_T = sim.get @V_T : f64
    %k = sim.get @k : f64
    %c5 = arith.constant 5.0 : f64
    %c10 = arith.constant 10.0 : f64
    %c15 = arith.constant 15.0 : f64
    %c40 = arith.constant 40.0 : f64
    %u = arith.subf %v, %V_T : f64
    // (15 - u) / 5 is 8 times (10 - u) / 40, and 1 more. The flatter one comes first, with all it needs.
    // CHECK: %[[FORTY:.+]] = arith.constant 4.0
    // CHECK: %[[FLAT:.+]] = arith.divf %{{.+}}, %[[FORTY]] : f64
    // CHECK: %[[BASE:.+]] = math.exp %[[FLAT]]
    // CHECK: %[[EIGHT:.+]] = arith.constant 8 : i32
    // CHECK: %[[POWER:.+]] = math.fpowi %[[BASE]], %[[EIGHT]]
    // CHECK: %[[ONE:.+]] = arith.constant 1.000000e+00 : f64
    // CHECK: %[[FACTOR:.+]] = math.exp %[[ONE]]
    // CHECK: %[[STEEP:.+]] = arith.mulf %[[POWER]], %[[FACTOR]]
    // CHECK: sim.set @v, %[[STEEP]]
    %0 = arith.subf %c15, %u : f64
    %1 = arith.divf %0, %c5 : f64
    %2 = math.exp %1 : f64
    sim.set @v, %2 : f64
    %3 = arith.subf %c10, %u : f64
    %4 = arith.divf %3, %c40 : f64
    %5 = math.exp %4 : f64
    // Of the other sign, of another variable, over a parameter, or far away: as they are.
    // CHECK: math.exp
    %6 = arith.divf %u, %c40 : f64
    %7 = math.exp %6 : f64
    // CHECK: math.exp
    %8 = arith.divf %w, %c40 : f64
    %9 = math.exp %8 : f64
    // CHECK: math.exp
    %10 = arith.divf %w, %k : f64
    %11 = math.exp %10 : f64
    // CHECK: math.exp
    %c20 = arith.constant 20.0 : f64
    %12 = arith.addf %8, %c20 : f64
    %13 = math.exp %12 : f64
    // CHECK-NOT: math.fpowi
    %14 = arith.addf %5, %7 : f64
    %15 = arith.addf %9, %11 : f64
    %16 = arith.addf %14, %15 : f64
    %17 = arith.addf %16, %13 : f64
    sim.set @w, %17 : f64
  }
  sim.update @update over @E bind [@E.v, @E.w, @V_T, @k]
  sim.run "main" steps 1 step 1.0 seed 1 {
  }
}
