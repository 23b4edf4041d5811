// An amount whose bound is an estimate is compared with the limit of its sum, before it is rounded; of the lanes
// of a vector, those of the spike's row count. Without `within` there is nothing of it.
// RUN: synfire-opt %s --sim-to-loops=lanes=8 | FileCheck %s

sim.program @p {
  sim.domain @E size 4 emits 0
  sim.array @u : f64 derived uniform = 1.0
  sim.accumulator @sum : i64 over @E scale @u inverse @u limit @u
  sim.connections @c from @E to @E rule one_to_one delay 1.0
  sim.array @c.weight : f64 parameter over @c = 0.0
  sim.kernel @watched {
    sim.field @rows rows : i32
    sim.field @w connection : f64
    sim.field @limit uniform : f64
    sim.field @ring ring : i64
    %w = sim.get @w : f64
    %q = sim.round %w within @limit : f64 to i64
    sim.send @ring, %q : i64
  }
  sim.kernel @free {
    sim.field @rows rows : i32
    sim.field @w connection : f64
    sim.field @ring ring : i64
    %w = sim.get @w : f64
    %q = sim.round %w : f64 to i64
    sim.send @ring, %q : i64
  }
  sim.deliver @watched over @c bind [@c, @c.weight, @u, @sum]
  sim.deliver @free over @c bind [@c, @c.weight, @sum]
}

// CHECK-LABEL: func.func @watched(
// CHECK:       %[[LEFT:.+]] = arith.minsi
// CHECK:       %[[ROW:.+]] = arith.cmpi slt
// CHECK:       %[[SIZE:.+]] = math.absf %{{.+}} : vector<16xf64>
// CHECK:       %[[OVER:.+]] = arith.cmpf ugt, %[[SIZE]], %{{.+}} : vector<16xf64>
// CHECK:       arith.andi %[[OVER]], %{{.+}} : vector<16xi1>
// CHECK:       scf.if
// CHECK:       scf.if
// CHECK:       math.roundeven
// CHECK-LABEL: func.func @free(
// CHECK-NOT:   scf.if
// CHECK-NOT:   math.absf
