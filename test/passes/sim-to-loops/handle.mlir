// Connections with values of their own: what is the same for those of a source is computed once, the rest for a vector
// of them at a time; their spikes are followed until none of them has any left.
// RUN: synfire-opt %s --sim-to-loops=lanes=8 | FileCheck %s
// RUN: synfire-opt %s --sim-to-loops="lanes=0 vector-bits=256" | FileCheck %s
// RUN: synfire-opt %s --sim-to-loops="lanes=0 vector-bits=512" | FileCheck %s --check-prefix=WIDE
// RUN: synfire-opt %s --sim-to-loops="lanes=8 converts-wide" | FileCheck %s --check-prefix=CONVERTS
// RUN: synfire-opt %s --sim-to-loops=lanes=1 | FileCheck %s --check-prefix=ONE --implicit-check-not="vector<"

sim.program @p {
  sim.domain @E size 4 emits 2 remembers 1
  sim.domain @ages size 16
  sim.array @rate : f64 parameter uniform = 0.1
  sim.array @decay : f64 derived over @ages = 0.0
  sim.array @scale : f64 derived uniform = 1.0
  sim.accumulator @sum : i64 over @E scale @scale inverse @scale
  sim.connections @c from @E to @E rule all_to_all delay 1.0 first_payload 0 first_remembered 0
  sim.array @c.w : f32 state over @c = 0.0
  sim.kernel @learn {
    sim.field @rows rows : i32
    sim.field @posts history : i32
    sim.field @rate uniform : f64
    sim.field @w connection : f32
    sim.field @decay whole : f64
    sim.field @ring ring : i64
    %w = sim.get @w : f64
    %rate = sim.get @rate : f64
    %x = sim.payload 0 : f64
    %gain = arith.mulf %x, %rate : f64
    %w1, %age = sim.recall @posts since payload 1 from(%w : f64) -> (f64), f64 {
    ^bb0(%v: f64, %elapsed: f64, %since: f64):
      %d = sim.lookup @decay[16] %since : f64 -> f64 else {
        %far = arith.subf %rate, %since : f64
        sim.yield %far : f64
      }
      %z = sim.remembered @posts 0 : f64
      %a = arith.mulf %d, %z : f64
      %v1 = arith.addf %v, %a : f64
      sim.yield %v1 : f64
    }
    %y, %ago = sim.latest @posts 0 : f64, f64
    %b = arith.mulf %gain, %y : f64
    %w2 = arith.subf %w1, %b : f64
    sim.set @w, %w2 : f64
    %q = sim.round %w2 : f64 to i64
    sim.send @ring, %q : i64
  }
  sim.handle @learn over @c bind [@c, @E, @rate, @c.w, @decay, @sum]
}

// CHECK-LABEL: func.func @learn(
// Once for the spike of a source.
// CHECK:      scf.for
// CHECK:      scf.for
// CHECK:      arith.mulf %{{.+}}, %{{.+}} : f64
// Eight connections at a time; a row's end need not be a multiple of it.
// CHECK:      %[[EIGHT:.+]] = arith.constant 8 : i64
// CHECK:      scf.for %{{.+}} step %[[EIGHT]]
// CHECK:      arith.minsi
// CHECK:      %[[ACTIVE:.+]] = arith.cmpi slt, %{{.+}} : vector<8xi32>
// CHECK:      arith.extf %{{.+}} : vector<8xf32> to vector<8xf64>
// The last four spikes of eight targets become four vectors.
// CHECK-COUNT-8: llvm.load %{{.+}} {alignment = 16 : i64} : !llvm.ptr -> vector<4xi32>
// CHECK:      vector.shuffle %{{.+}} : vector<4xi32>, vector<4xi32>
// CHECK:      %[[NEWEST:.+]] = vector.shuffle %{{.+}} [0, 1, 8, 9, 4, 5, 12, 13] : vector<8xi32>, vector<8xi32>
// CHECK:      arith.cmpi sgt, %[[NEWEST]], %{{.+}} : vector<8xi32>
// CHECK:      %[[DEEP:.+]] = vector.reduction <or>, %{{.+}} : vector<8xi1> into i1
// CHECK:      scf.if %[[DEEP]]
// Oldest first; who has none left keeps its value.
// CHECK:      scf.while {{.*}}vector<8xf64>
// CHECK:      vector.reduction <or>
// CHECK:      scf.condition
// CHECK:      arith.maxsi %[[NUMBER:.+]], %{{.+}} : vector<8xi32>
// CHECK:      %[[BEYOND:.+]] = arith.cmpi uge, %{{.+}} : vector<8xi32>
// CHECK:      %[[ANY:.+]] = vector.reduction <or>, %[[BEYOND]]
// CHECK:      scf.if %[[ANY]]
// CHECK:      arith.subf %{{.+}} : vector<8xf64>
// CHECK:      arith.addf %{{.+}} : vector<8xf64>
// CHECK:      %[[MASK:.+]] = arith.cmpi sgt, %[[NUMBER]], %{{.+}} : vector<8xi32>
// CHECK:      arith.select %[[MASK]], %{{.+}} : vector<8xi1>, vector<8xf64>
// CHECK:      arith.subf %{{.+}} : vector<8xf64>
// The others of a vector belong to the next row.
// CHECK:      %[[NEXT:.+]] = arith.truncf %{{.+}} : vector<8xf64> to vector<8xf32>
// CHECK:      %[[OLD:.+]] = llvm.load
// CHECK:      arith.select %[[ACTIVE]], %[[NEXT]], %[[OLD]]
// Whole numbers that the machine converts one by one.
// CHECK:      math.roundeven
// CHECK-NEXT: llvm.store %{{.+}} : vector<8xf64>
// CHECK-COUNT-8: arith.fptosi %{{.+}} : f64 to i64

// CONVERTS-LABEL: func.func @learn(
// CONVERTS:   math.roundeven
// CONVERTS:   arith.fptosi %{{.+}} : vector<8xf64> to vector<8xi64>
// CONVERTS-NOT: arith.fptosi %{{.+}} : f64 to i64

// WIDE-LABEL: func.func @learn(
// WIDE-COUNT-16: llvm.load %{{.+}} {alignment = 16 : i64} : !llvm.ptr -> vector<4xi32>
// WIDE:       vector.reduction <or>, %{{.+}} : vector<16xi1> into i1

// ONE-LABEL:  func.func @learn(
// ONE:        scf.while
// ONE:        arith.fptosi %{{.+}} : f64 to i64
