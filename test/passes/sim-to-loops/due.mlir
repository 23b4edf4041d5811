// Connections by source and delay: the deliver kernel becomes the function that computes amounts,
// sixteen at a time, and the functions that add what is due are the same for every model.
// RUN: synfire-opt %s --sim-to-loops=lanes=8 | FileCheck %s

sim.program @p {
  sim.domain @E size 4 emits 0
  sim.array @scale : f64 derived uniform = 1.0
  sim.accumulator @sum : i32 over @E scale @scale inverse @scale
  sim.connections @c from @E to @E rule one_to_one delay 1.0 layout by_source_and_delay
  sim.array @c.weight : i16 parameter over @c = 0.0
  sim.kernel @amount {
    sim.field @rows rows : i32
    sim.field @w connection : i16
    sim.field @scale uniform : f64
    sim.field @ring ring : i32
    %w = sim.get @w : f32
    %s = sim.get @scale : f32
    %a = arith.mulf %w, %s : f32
    %q = sim.round %a : f32 to i32
    sim.send @ring, %q : i32
  }
  sim.deliver @amount over @c bind [@c, @c.weight, @scale, @sum]
}

// CHECK-LABEL: func.func @amount(
// CHECK: scf.for
// CHECK: arith.sitofp %{{.+}} : vector<16xi16> to vector<16xf32>
// CHECK: math.roundeven
// CHECK: llvm.store %{{.+}}, %{{.+}} : vector<16xi32>, !llvm.ptr

// CHECK-LABEL: func.func @synfire_due_packed(%{{.+}}: !llvm.ptr)
// CHECK: scf.for
// CHECK: llvm.intr.prefetch
// CHECK: scf.for
// CHECK-COUNT-4: arith.shli
// CHECK: scf.for
// CHECK: llvm.load %{{.+}} : !llvm.ptr -> i16
// CHECK: %[[AMOUNT:.+]] = llvm.load %{{.+}} : !llvm.ptr -> i16
// CHECK: %[[WIDE:.+]] = arith.extsi %[[AMOUNT]] : i16 to i32
// CHECK: arith.shli %[[WIDE]], %{{.+}} : i32
// CHECK-LABEL: func.func @synfire_due_wide(
// CHECK-LABEL: func.func @synfire_due_uniform(
// CHECK-NOT: arith.shli
