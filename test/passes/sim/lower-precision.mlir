// States and what runs every step go to f32, sums to i32; parameters and the kernels that derive or
// draw stay in f64 and convert where they store. Numbers of steps stay wide.
// RUN: synfire-opt %s --sim-lower-precision --verify-each | FileCheck %s

// CHECK-LABEL: sim.program @p
sim.program @p {
  sim.domain @E size 2 emits 1
  // CHECK: sim.array @tau : f64 parameter uniform
  sim.array @tau : f64 parameter uniform = 20.0
  // CHECK: sim.array @E.v : f32 state over @E
  sim.array @E.v : f64 state over @E = 0.0
  // CHECK: sim.array @P : f32 derived uniform
  sim.array @P : f64 derived uniform = 0.0
  // CHECK: sim.array @scale : f64 derived uniform {{.*}} {wide}
  sim.array @scale : f64 derived uniform = 1.0 {wide}
  // CHECK: sim.accumulator @sum : i32
  sim.accumulator @sum : i64 over @E scale @scale inverse @scale
  sim.connections @c from @E to @E rule one_to_one delay 1.0
  // CHECK: sim.array @c.weight : i16 parameter over @c
  sim.array @c.weight : f64 parameter over @c = 0.0

  // CHECK-LABEL: sim.kernel @derive
  // CHECK: sim.field @tau uniform : f64
  // CHECK: sim.field @P uniform : f32
  // CHECK: sim.get @tau : f64
  // CHECK: sim.set @P, %{{.+}} : f64
  sim.kernel @derive {
    sim.field @tau uniform : f64
    sim.field @P uniform : f64
    %tau = sim.get @tau : f64
    sim.set @P, %tau : f64
  }

  // CHECK-LABEL: sim.kernel @update
  // CHECK: sim.field @tau uniform : f64
  // CHECK: sim.field @ring ring : i32
  // CHECK: sim.get @tau : f32
  // CHECK: sim.normal @key, %{{.+}} : f32
  // CHECK: %[[Q:.+]] = sim.round %{{.+}} : f32 to i32
  // CHECK: %[[N:.+]] = sim.count
  // CHECK-NOT: arith.ext
  // CHECK: %[[M:.+]] = arith.muli %[[N]], %[[Q]] : i32
  // CHECK: %[[S:.+]] = sim.collect @ring : i32
  // CHECK: arith.addi %[[M]], %[[S]] : i32
  // CHECK: sim.set @v, %{{.+}} : f32
  sim.kernel @update {
    sim.field @v element : f64
    sim.field @tau uniform : f64
    sim.field @ring ring : i64
    sim.field @key key : i32
    %tau = sim.get @tau : f64
    %k = sim.step
    %n = sim.normal @key, %k : f64
    %q = sim.round %n : f64 to i64
    %c = sim.count @key, %k mean %tau : f64
    %w = arith.extui %c : i32 to i64
    %m = arith.muli %w, %q : i64
    %s = sim.collect @ring : i64
    %t = arith.addi %m, %s : i64
    %f = arith.sitofp %t : i64 to f64
    sim.set @v, %f : f64
  }

  // CHECK-LABEL: sim.kernel @deliver
  // CHECK: sim.field @weight connection : i16
  // CHECK: sim.get @weight : f32
  // CHECK: sim.payload 0 : f32
  // CHECK: sim.send @ring, %{{.+}} : i32
  sim.kernel @deliver {
    sim.field @rows rows : i32
    sim.field @weight connection : f64
    sim.field @ring ring : i64
    %w = sim.get @weight : f64
    %u = sim.payload 0 : f64
    %a = arith.mulf %w, %u : f64
    %q = sim.round %a : f64 to i64
    sim.send @ring, %q : i64
  }
  sim.derive @derive over @E uniform bind [@tau, @P]
  sim.deliver @deliver over @c bind [@c, @c.weight, @sum]
  sim.update @update over @E bind [@E.v, @tau, @sum, 7 : i32]
}

// The step of the last spike and what makes it, and the steps since then as a spike tells them, are in f64; who decays over
// them does so in f32.
// CHECK-LABEL: sim.program @steps
sim.program @steps {
  sim.domain @E size 2 emits 1
  sim.array @E.x : f64 state over @E = 0.0
  sim.array @E.last : f64 history over @E = 0.0 {wide}
  // CHECK-LABEL: sim.kernel @count
  // CHECK: %[[X:.+]] = sim.get @x : f32
  // CHECK: %[[LAST:.+]] = sim.get @last : f64
  // CHECK: %[[STEP:.+]] = sim.step
  // CHECK: %[[NOW:.+]] = arith.sitofp %[[STEP]] : i64 to f64
  // CHECK: %[[SINCE:.+]] = arith.subf %[[NOW]], %[[LAST]] : f64
  // CHECK: %[[NARROW:.+]] = arith.truncf %[[SINCE]] : f64 to f32
  // CHECK: arith.mulf %[[X]], %[[NARROW]] : f32
  // CHECK: %[[KEPT:.+]] = arith.select %{{.+}}, %[[NOW]], %[[LAST]] : f64
  // CHECK: sim.set @last, %[[KEPT]] : f64
  // CHECK: sim.emit @spikes, %{{.+}} payload(%[[SINCE]], %{{.+}} : f64, f32)
  sim.kernel @count {
    sim.field @x element : f64
    sim.field @last element : f64
    sim.field @spikes emit : i32
    %x = sim.get @x : f64
    %last = sim.get @last : f64
    %step = sim.step
    %now = arith.sitofp %step : i64 to f64
    %since = arith.subf %now, %last : f64
    %y = arith.mulf %x, %since : f64
    sim.set @x, %y : f64
    %one = arith.constant 1.0 : f64
    %fires = arith.cmpf oge, %y, %one : f64
    %kept = arith.select %fires, %now, %last : f64
    sim.set @last, %kept : f64
    sim.emit @spikes, %fires payload(%since, %y : f64, f64)
  }
  sim.update @count over @E bind [@E.x, @E.last, @E]
}
