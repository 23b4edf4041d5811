// A function of each kernel, with the two pointers of `syn_function`; the fields stay for the tables.
// RUN: synfire-opt %s --sim-to-loops=lanes=8 | FileCheck %s
// RUN: synfire-opt %s --sim-to-loops=lanes=1 | FileCheck %s --check-prefix=ONE --implicit-check-not="vector<8x"

// CHECK-LABEL: sim.program @p
sim.program @p {
  sim.domain @E size 4 emits 0
  sim.array @P : f64 derived uniform = 0.0
  sim.array @E.v : f64 state over @E = 0.0
  sim.array @scale : f64 derived uniform = 1.0
  sim.accumulator @sum : i64 over @E scale @scale inverse @scale
  sim.connections @c from @E to @E rule one_to_one delay 1.0
  // CHECK: sim.kernel @update work 5 {
  // CHECK-NEXT: sim.field @v element : f64
  // CHECK-NEXT: sim.field @P uniform : f64
  // CHECK-NEXT: sim.field @spikes emit : i32
  // CHECK-NEXT: }
  sim.kernel @update {
    sim.field @v element : f64
    sim.field @P uniform : f64
    sim.field @spikes emit : i32
    %v = sim.get @v : f64
    %P = sim.get @P : f64
    %0 = arith.mulf %v, %P : f64
    %fires = arith.cmpf oge, %0, %P : f64
    sim.emit @spikes, %fires
    sim.set @v, %0 : f64
  }
  sim.kernel @update_with_values {
    sim.field @v element : f64
    sim.field @spikes emit : i32
    %v = sim.get @v : f64
    %0 = arith.mulf %v, %v : f64
    %fires = arith.cmpf oge, %0, %v : f64
    sim.emit @spikes, %fires payload(%0 : f64)
    sim.set @v, %0 : f64
  }
  sim.kernel @deliver {
    sim.field @rows rows : i32
    sim.field @scale uniform : f64
    sim.field @ring ring : i64
    %s = sim.get @scale : f64
    %q = sim.round %s : f64 to i64
    sim.send @ring, %q : i64
  }
  sim.kernel @start {
    sim.field @v element : f64
    %i = sim.element
    %0 = arith.sitofp %i : i64 to f64
    sim.set @v, %0 : f64
  }
  sim.init @start over @E bind [@E.v]
  sim.deliver @deliver over @c bind [@c, @scale, @sum]
  sim.update @update over @E bind [@E.v, @P, @E]
  sim.update @update_with_values over @E bind [@E.v, @E]
}

// Start values: a scalar loop over the slice.
// CHECK-LABEL: func.func @start(%{{.+}}: !llvm.ptr {llvm.noalias}, %{{.+}}: !llvm.ptr {llvm.noalias})
// CHECK: scf.for
// CHECK: llvm.store %{{.+}}, %{{.+}} : f64, !llvm.ptr

// Spikes along connections: steps, spikes, connections; the amount is made once per spike.
// CHECK-LABEL: func.func @deliver(
// CHECK: scf.for
// CHECK: scf.for
// CHECK: math.roundeven
// CHECK: scf.for
// CHECK: arith.addi %{{.+}}, %{{.+}} : i64

// Steps, blocks, vectors of 8 elements, which keep what fired; then the words that are not empty are listed and written.
// The sum of all that is stored tells whether to look for a NaN.
// CHECK-LABEL: func.func @update(
// CHECK: scf.for
// CHECK: scf.for
// CHECK: scf.for
// CHECK-NOT: scf.{{if|for|while}}
// CHECK: arith.mulf %{{.+}}, %{{.+}} : vector<8xf64>
// CHECK-NOT: scf.{{if|for|while}}
// CHECK: %[[BITS:.+]] = llvm.bitcast %{{.+}} : vector<8xi1> to i8
// CHECK-NOT: scf.{{if|for|while}}
// CHECK: llvm.store %[[BITS]], %{{.+}} : i8, !llvm.ptr
// CHECK: }
// CHECK: scf.for
// CHECK-NOT: scf.if
// CHECK: }
// CHECK: scf.for
// CHECK: scf.while
// CHECK: math.cttz
// CHECK: llvm.store %{{.+}}, %{{.+}} : i32, !llvm.ptr
// CHECK: arith.cmpf uno
// CHECK: scf.if

// Values that a spike carries are written with its vector.
// CHECK-LABEL: func.func @update_with_values(
// CHECK: arith.mulf %{{.+}}, %{{.+}} : vector<8xf64>
// CHECK: scf.if
// CHECK: scf.while
// CHECK: math.cttz
// CHECK: llvm.store %{{.+}}, %{{.+}} : i32, !llvm.ptr
// CHECK: llvm.store %{{.+}}, %{{.+}} : f64, !llvm.ptr

// ONE-LABEL: func.func @update(
// ONE: arith.mulf %{{.+}}, %{{.+}} : f64
