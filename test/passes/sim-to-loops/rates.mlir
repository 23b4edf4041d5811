// What is the same for all elements is computed as a scalar, before the loop over steps if it can be.
// RUN: synfire-opt %s --sim-to-loops=lanes=4 | FileCheck %s

// CHECK-LABEL: func.func @update(
// Of uniform fields alone: once a call.
// CHECK: arith.divf %{{.+}}, %{{.+}} : f64
// CHECK: scf.for
// Of the step: once a step.
// CHECK: %[[STEP:.+]] = arith.addi
// CHECK: arith.sitofp %{{.+}} : i64 to f64
// CHECK: arith.mulf %{{.+}}, %{{.+}} : f64
// CHECK: scf.for
// CHECK: vector.broadcast %{{.+}} : f64 to vector<4xf64>
// CHECK: arith.mulf %{{.+}}, %{{.+}} : vector<4xf64>
sim.program @p {
  sim.domain @E size 4 emits 0
  sim.array @P : f64 derived uniform = 0.0
  sim.array @E.v : f64 state over @E = 0.0
  sim.kernel @update {
    sim.field @v element : f64
    sim.field @P uniform : f64
    %v = sim.get @v : f64
    %P = sim.get @P : f64
    %one = arith.constant 1.0 : f64
    %r = arith.divf %one, %P : f64
    %step = sim.step
    %s = arith.sitofp %step : i64 to f64
    %x = arith.mulf %s, %r : f64
    %0 = arith.mulf %v, %x : f64
    sim.set @v, %0 : f64
  }
  sim.update @update over @E bind [@E.v, @P]
}
