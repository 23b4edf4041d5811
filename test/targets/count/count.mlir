// The work of each structured op, counted from the program alone (X4).
// RUN: synfire-opt %s --count-operations -o /dev/null | FileCheck %s

// A product with a parameter that is the same for all counts; what only such parameters enter is done once.
// CHECK: deliver over E->E, each event: 2 flops, 1 integer operation, 2 loads (16 bytes), 1 store (8 bytes)
// CHECK-NEXT: gather over gap, each connection: 2 flops, 2 loads (16 bytes), 1 store (8 bytes)
// CHECK-NEXT: update over E, each element: 3 flops, 3 integer operations, 2 loads (16 bytes), 2 stores (16 bytes), 1 random word
sim.program @Net {
  sim.domain @E size 10 emits 0
  sim.array @E.tau : f64 parameter uniform = 2.0
  sim.array @E.v : f64 state over @E = 0.0
  sim.array @E.i : f64 coupling over @E = 0.0
  sim.array @s : f64 derived uniform = 1.0
  sim.array @i : f64 derived uniform = 1.0
  sim.accumulator @sum : i64 over @E scale @s inverse @i
  sim.connections @"E->E" from @E to @E rule all_to_all delay 1.5
  sim.connections @gap from @E to @E rule all_to_all undelayed continuous
  sim.array @"E->E.weight" : f64 parameter over @"E->E" = 0.0
  sim.kernel @update {
    sim.field @v element : f64
    sim.field @tau uniform : f64
    sim.field @key key : i32
    sim.field @ring ring : i64
    sim.field @spikes emit : i32
    %v = sim.get @v : f64
    %tau = sim.get @tau : f64
    %twice = arith.mulf %tau, %tau : f64
    %x = math.fma %v, %twice, %tau : f64
    %k = sim.step
    %n = sim.count @key, %k mean %tau : f64
    %wide = arith.extsi %n : i32 to i64
    %a = sim.collect @ring : i64
    %b = arith.addi %wide, %a : i64
    %fires = arith.cmpf oge, %x, %twice : f64
    sim.emit @spikes, %fires
    sim.set @v, %x : f64
  }
  sim.kernel @deliver {
    sim.field @rows rows : i32
    sim.field @weight connection : f64
    sim.field @scale uniform : f64
    sim.field @ring ring : i64
    %w = sim.get @weight : f64
    %s = sim.get @scale : f64
    %x = arith.mulf %w, %s : f64
    %q = sim.round %x : f64 to i64
    sim.send @ring, %q : i64
  }
  sim.kernel @gather {
    sim.field @rows rows : i32
    sim.field @pre source : f64
    sim.field @tau uniform : f64
    sim.field @i element : f64
    %v = sim.get @pre : f64
    %tau = sim.get @tau : f64
    %x = arith.mulf %v, %tau : f64
    sim.accumulate @i, %x : f64
  }
  sim.deliver @deliver over @"E->E" bind [@"E->E", @"E->E.weight", @s, @sum]
  sim.gather @gather over @gap bind [@gap, @E.v, @E.tau, @E.i]
  sim.update @update over @E bind [@E.v, @E.tau, 7 : i32, @sum, @E]
}
