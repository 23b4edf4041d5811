// A value of the past that is another one for each connection is read lane by lane.
// RUN: synfire-opt %s --sim-to-loops=lanes=4 | FileCheck %s
// RUN: synfire-opt %s --sim-to-loops=lanes=1 | FileCheck %s --check-prefix=ONE --implicit-check-not="vector<"

sim.program @p {
  sim.domain @E size 4 emits 1
  sim.array @level : f64 state over @E = 0.0
  sim.array @past : f64 history over @E = 0.0 past_of @level depth 8
  sim.connections @c from @E to @E rule all_to_all delay 1.0 first_payload 0
  sim.array @c.x : f64 state over @c = 0.0
  sim.kernel @back {
    sim.field @rows rows : i32
    sim.field @x connection : f64
    sim.field @past past : f64
    %x = sim.get @x : f64
    %first = arith.constant 0 : i64
    %ago = arith.fptosi %x : f64 to i64
    %y = sim.peek @past at %first ago %ago : f64
    sim.set @x, %y : f64
  }
  sim.advance @back over @c every 4 bind [@c, @c.x, @past]
}
// CHECK-LABEL: @back
// CHECK: %[[AGO:.*]] = arith.fptosi %{{.*}} : vector<4xf64> to vector<4xi64>
// CHECK-COUNT-4: vector.extract %[[AGO]]
// CHECK-NOT: vector.extract %[[AGO]]
// ONE-LABEL: @back
// ONE: arith.fptosi %{{.*}} : f64 to i64
