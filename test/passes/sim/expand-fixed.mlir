// Conversions are products with powers of two, which are exact; saturation is a choice.
// RUN: synfire-opt %s --sim-expand-fixed --sim-verify | FileCheck %s

// CHECK-LABEL: sim.kernel @k {
// CHECK-NOT: sim.fixed
// CHECK-NOT: sim.real
// CHECK-NOT: sim.saturate
sim.program @p {
  sim.domain @E size 2
  sim.array @E.v : f64 state over @E = 0.0 format [8, 10]
  sim.array @E.n : f64 state over @E = 0.0 format [8, 0]
  sim.kernel @k {
    sim.field @v element : f64
    sim.field @n element : f64
    // CHECK: %[[V:.+]] = sim.get @v
    %v = sim.get @v : f64
    // CHECK: %[[SCALE:.+]] = arith.constant 1.024000e+03 : f64
    // CHECK: %[[SCALED:.+]] = arith.mulf %[[V]], %[[SCALE]] : f64
    // CHECK: %[[Q:.+]] = sim.round %[[SCALED]] : f64 to i64
    %q = sim.fixed %v fraction 10 : f64 to i64
    // CHECK-DAG: %[[LOW:.+]] = arith.constant -128 : i64
    // CHECK: %[[ABOVE:.+]] = arith.maxsi %[[Q]], %[[LOW]] : i64
    // CHECK-DAG: %[[HIGH:.+]] = arith.constant 127 : i64
    // CHECK: %[[S:.+]] = arith.minsi %[[ABOVE]], %[[HIGH]] : i64
    %s = sim.saturate %q to 8 : i64
    // CHECK: %[[R:.+]] = arith.sitofp %[[S]] : i64 to f64
    // CHECK: %[[UNIT:.+]] = arith.constant 9.765625E-4 : f64
    // CHECK: %[[X:.+]] = arith.mulf %[[R]], %[[UNIT]] : f64
    %r = sim.real %s fraction 10 : i64 to f64
    // CHECK: sim.set @v, %[[X]]
    sim.set @v, %r : f64
    // A unit of 1 needs no factor.
    // CHECK: %[[N:.+]] = sim.get @n
    %n = sim.get @n : f64
    // CHECK-NEXT: sim.round %[[N]] : f64 to i64
    %m = sim.fixed %n fraction 0 : f64 to i64
    // CHECK-NEXT: %[[W:.+]] = arith.sitofp
    %w = sim.real %m fraction 0 : i64 to f64
    // CHECK-NEXT: sim.set @n, %[[W]]
    sim.set @n, %w : f64
  }
  sim.update @k over @E bind [@E.v, @E.n]
}
