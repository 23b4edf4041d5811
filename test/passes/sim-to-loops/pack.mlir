// Where the machine moves chosen lanes of a vector together, the spikes that a block of connections has to follow are
// put into lists, so that no lane waits for another.
// RUN: synfire-opt %s --sim-to-loops="lanes=8 compresses" | FileCheck %s
// RUN: synfire-opt %s --sim-to-loops="lanes=8" | FileCheck %s --check-prefix=WAITS --implicit-check-not=vector.compress
// RUN: synfire-opt %s --sim-to-loops="lanes=1 compresses" | FileCheck %s --check-prefix=ONE --implicit-check-not="vector<"

sim.program @p {
  sim.domain @E size 4 emits 2 remembers 1
  sim.domain @ages size 16
  sim.array @rate : f64 parameter uniform = 0.1
  sim.array @decay : f64 derived over @ages = 0.0
  sim.array @scale : f64 derived uniform = 1.0
  sim.accumulator @sum : i64 over @E scale @scale inverse @scale
  sim.connections @c from @E to @E rule all_to_all delay 1.0 first_payload 0 first_remembered 0
  sim.array @c.w : f32 state over @c = 0.0
  sim.array @c.a : f64 state over @c = 0.0

  sim.kernel @learn {
    sim.field @rows rows : i32
    sim.field @posts history : i32
    sim.field @rate uniform : f64
    sim.field @w connection : f32
    sim.field @a connection : f64
    sim.field @decay whole : f64
    sim.field @ring ring : i64
    %w = sim.get @w : f64
    %rate = sim.get @rate : f64
    %half = arith.mulf %w, %rate : f64
    %w1, %age = sim.recall @posts since payload 1 from(%w : f64) -> (f64), f64 {
    ^bb0(%v: f64, %elapsed: f64, %since: f64):
      %d = sim.lookup @decay[16] %since : f64 -> f64 else {
        %far = arith.subf %rate, %since : f64
        sim.yield %far : f64
      }
      %z = sim.remembered @posts 0 : f64
      %a = sim.get @a : f64
      %da = arith.mulf %d, %a : f64
      %dz = arith.divf %da, %z : f64
      %v1 = arith.addf %v, %dz : f64
      sim.yield %v1 : f64
    }
    %y, %ago = sim.latest @posts 0 : f64, f64
    %b = arith.mulf %half, %y : f64
    %w2 = arith.subf %w1, %b : f64
    sim.set @w, %w2 : f64
    %q = sim.round %w2 : f64 to i64
    sim.send @ring, %q : i64
  }
  sim.handle @learn over @c bind [@c, @E, @rate, @c.w, @c.a, @decay, @sum]

  sim.kernel @elapses {
    sim.field @rows rows : i32
    sim.field @posts history : i32
    sim.field @w connection : f32
    %w = sim.get @w : f64
    %w1, %age = sim.recall @posts since payload 1 from(%w : f64) -> (f64), f64 {
    ^bb0(%v: f64, %elapsed: f64, %since: f64):
      %v1 = arith.addf %v, %elapsed : f64
      sim.yield %v1 : f64
    }
    %w2 = arith.subf %w1, %age : f64
    sim.set @w, %w2 : f64
  }
  sim.handle @elapses over @c bind [@c, @E, @c.w]

  sim.kernel @draws {
    sim.field @rows rows : i32
    sim.field @posts history : i32
    sim.field @key key : i32
    sim.field @w connection : f32
    %w = sim.get @w : f64
    %n = arith.constant 1 : i64
    %w1, %age = sim.recall @posts since payload 1 from(%w : f64) -> (f64), f64 {
    ^bb0(%v: f64, %elapsed: f64, %since: f64):
      %u = sim.chance @key, %n : f64
      %v1 = arith.addf %v, %u : f64
      sim.yield %v1 : f64
    }
    sim.set @w, %w1 : f64
  }
  sim.handle @draws over @c bind [@c, @E, 7 : i32, @c.w]
}

// CHECK-LABEL: func.func @learn(
// A block of connections of a row, and its end.
// CHECK:      %[[BLOCK:.+]] = arith.constant 256 : i64
// CHECK:      scf.for %[[BEGIN:.+]] = %{{.+}} step %[[BLOCK]]
// CHECK:      %[[END:.+]] = arith.minsi
// First what comes before the spikes, which reads what they need; values are asked for some vectors ahead.
// CHECK:      scf.for %{{.+}} = %[[BEGIN]] to %[[END]] step
// CHECK:      %[[ACTIVE:.+]] = arith.cmpi slt, %{{.+}} : vector<8xi32>
// CHECK:      llvm.intr.prefetch
// CHECK:      %[[A:.+]] = llvm.load %{{.+}} {alignment = 8 : i64} : !llvm.ptr -> vector<8xf64>
// CHECK:      %[[W:.+]] = arith.extf %{{.+}} : vector<8xf32> to vector<8xf64>
// CHECK:      %[[HALF:.+]] = arith.mulf %[[W]], %{{.+}} : vector<8xf64>
// Connections with older spikes than the four at hand.
// CHECK:      %[[LATER:.+]] = arith.cmpi slt, %{{.+}} : vector<8xi32>
// CHECK:      %[[OPEN:.+]] = arith.andi %[[LATER]], %[[ACTIVE]]
// CHECK-COUNT-2: vector.compress"(%{{.+}}, %[[OPEN]],
// CHECK:      math.ctpop
// Then the four, with the place in the block, the target and the age of each.
// CHECK-COUNT-3: llvm.call_intrinsic "llvm.experimental.vector.compress"
// CHECK:      math.ctpop
// CHECK-COUNT-3: llvm.call_intrinsic "llvm.experimental.vector.compress"
// CHECK:      math.ctpop
// CHECK-COUNT-3: llvm.call_intrinsic "llvm.experimental.vector.compress"
// CHECK:      math.ctpop
// CHECK-COUNT-3: llvm.call_intrinsic "llvm.experimental.vector.compress"
// CHECK:      math.ctpop
// Where the value that was latched last is: nowhere, if there was no spike.
// CHECK:      llvm.ptrtoint
// CHECK:      arith.select %{{.+}} : vector<8xi1>, vector<8xi64>
// CHECK-DAG:  llvm.store %[[A]],
// CHECK-DAG:  llvm.store %[[HALF]],
// CHECK-DAG:  llvm.store %[[W]],
// Older spikes: until none of the connections has any left.
// CHECK:      scf.while
// CHECK:      arith.select %{{.+}} : vector<8xi1>, vector<8xf64>
// Those of the lists: every lane has one.
// CHECK:      scf.for
// CHECK:      scf.for
// CHECK:      scf.if
// CHECK:      arith.subf %{{.+}} : vector<8xf64>
// CHECK:      arith.divf %{{.+}} : vector<8xf64>
// CHECK-NEXT: %[[NEXT:.+]] = arith.addf %{{.+}} : vector<8xf64>
// CHECK-NOT:  arith.select
// CHECK:      %[[FIRST:.+]] = vector.extract %[[NEXT]][0]
// CHECK:      llvm.store %[[FIRST]],
// Then what depends on them.
// CHECK:      scf.for %{{.+}} = %[[BEGIN]] to %[[END]] step
// CHECK:      llvm.inttoptr
// CHECK:      arith.mulf
// CHECK:      arith.subf
// CHECK:      arith.truncf
// CHECK:      math.roundeven
// CHECK:      arith.fptosi

// What was seen before the third last spike is at hand, what was before the fourth is not.
// CHECK-LABEL: func.func @elapses(
// CHECK-COUNT-8: llvm.call_intrinsic "llvm.experimental.vector.compress"
// CHECK-NOT:  llvm.call_intrinsic "llvm.experimental.vector.compress"

// A number that a connection draws belongs to its place in the row, which lists do not have.
// CHECK-LABEL: func.func @draws(
// CHECK-NOT:  llvm.call_intrinsic "llvm.experimental.vector.compress"
// CHECK:      scf.while
// CHECK:      return

// WAITS-LABEL: func.func @learn(
// WAITS:      scf.while
// ONE-LABEL:  func.func @learn(
// ONE:        scf.while
