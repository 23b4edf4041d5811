// Counts that a condition drops for a whole chunk are not drawn: by the step, and by the numbers of the first and
// the last of the chunk's 64 elements.
// RUN: synfire-opt %s --sim-to-loops=lanes=4 | FileCheck %s

// CHECK-LABEL: func.func @update(
// CHECK: scf.for
// CHECK: %[[ON:.+]] = arith.cmpi slt
// CHECK: scf.for
// CHECK-DAG: %[[LAST:.+]] = arith.constant 63 : i64
// CHECK-DAG: %[[REACHED:.+]] = arith.cmpi sge
// CHECK: %[[NEEDED:.+]] = arith.andi %[[ON]], %[[REACHED]]
// CHECK: scf.if %[[NEEDED]] {
// CHECK: vector.reduction <maxsi>
// CHECK: scf.for
sim.program @p {
  sim.domain @E size 4 emits 0
  sim.array @mean : f64 derived uniform = 0.0
  sim.array @E.v : f64 state over @E = 0.0
  sim.drive @drive mean @mean exp_mean @mean
  sim.kernel @update {
    sim.field @v element : f64
    sim.field @key key : i32
    sim.field @table poisson : i32
    sim.field @stop uniform : i64
    sim.field @first uniform : i64
    %step = sim.step
    %count = sim.count @key, %step table @table
    %stop = sim.get @stop : i64
    %on = arith.cmpi slt, %step, %stop : i64
    %element = sim.element
    %first = sim.get @first : i64
    %reached = arith.cmpi sge, %element, %first : i64
    %needed = arith.andi %on, %reached : i1
    %none = arith.constant 0 : i32
    %0 = arith.select %needed, %count, %none : i32
    %1 = arith.sitofp %0 : i32 to f64
    sim.set @v, %1 : f64
  }
  sim.update @update over @E bind [@E.v, 1 : i32, @drive, 10, 20]
}
