// The numbers of an instance become constants; kernels are shared by those with the same numbers.
// RUN: synfire-opt %s --sim-freeze --sim-verify | FileCheck %s

// CHECK-LABEL: sim.program @p
// CHECK-NOT: sim.instance
sim.program @p attributes {sim.instance = {dt = 0.1, "A.tau" = 3.0, "B.tau" = 3.0, "C.tau" = 7.0, "D.tau" = 3.0, "A.rate" = 0.1, "B.rate" = 0.1, "C.rate" = 0.3, "D.rate" = 0.1, A.sum = array<f64: -1.0, 2.5, 3.0>, A.drive = dense<[-5, -1]> : tensor<2xi32>}} {
  sim.domain @A size 4
  sim.domain @B size 4
  sim.domain @C size 4
  sim.domain @D size 4
  // CHECK: sim.array @dt
  sim.array @dt : f64 parameter uniform = 0.1
  // CHECK-NOT: tau
  sim.array @A.tau : f64 parameter uniform = 3.0
  sim.array @B.tau : f64 parameter uniform = 3.0
  sim.array @C.tau : f64 parameter uniform = 7.0
  // A protocol changes it.
  // CHECK: sim.array @D.tau
  sim.array @D.tau : f64 parameter uniform = 3.0
  // CHECK-NOT: A.rate
  sim.array @A.rate : f32 derived uniform = 0.0
  sim.array @B.rate : f32 derived uniform = 0.0
  sim.array @C.rate : f32 derived uniform = 0.0
  // CHECK: sim.array @D.rate
  sim.array @D.rate : f32 derived uniform = 0.0
  sim.array @scale : f64 derived uniform = 1.0
  sim.array @inverse : f64 derived uniform = 1.0
  // What may come to a sum, and the table of a drive.
  // CHECK: sim.accumulator @A.sum {{.*}} range [-1.0{{.*}}, 2.5{{.*}}, 3.0{{.*}}]
  sim.accumulator @A.sum : i64 over @A scale @scale inverse @inverse
  // CHECK: sim.drive @A.drive {{.*}} thresholds dense<[-5, -1]> : tensor<2xi32>
  sim.drive @A.drive mean @scale exp_mean @inverse
  sim.array @A.v : f32 state over @A = 0.0
  sim.array @B.v : f32 state over @B = 0.0
  sim.array @C.v : f32 state over @C = 0.0
  sim.array @D.v : f32 state over @D = 0.0
  // CHECK: sim.kernel @derive
  sim.kernel @derive {
    sim.field @tau uniform : f64
    sim.field @rate uniform : f32
    %0 = sim.get @tau : f64
    %1 = arith.truncf %0 : f64 to f32
    sim.set @rate, %1 : f32
  }
  // CHECK: sim.kernel @update_frozen {
  // CHECK-NEXT: sim.field @v element : f32
  // CHECK-NOT: sim.field @rate
  // 0.1 and 0.3 as they are kept, in f32; 3 and 7 as they are read.
  // CHECK-NOT: arith.mulf
  // CHECK: arith.constant 3.000000e-01 : f32
  // CHECK: sim.kernel @update_frozen_0
  // CHECK: arith.constant 2.10000014 : f32
  // CHECK: sim.kernel @update {
  // CHECK: arith.mulf
  sim.kernel @update {
    sim.field @v element : f32
    sim.field @rate uniform : f32
    sim.field @tau uniform : f64
    %v = sim.get @v : f32
    %rate = sim.get @rate : f32
    %tau = sim.get @tau : f32
    %p = arith.mulf %rate, %tau : f32
    %1 = arith.addf %v, %p : f32
    sim.set @v, %1 : f32
  }
  sim.kernel @assign {
    sim.field @x uniform : f64
    %0 = arith.constant 2.0 : f64
    sim.set @x, %0 : f64
  }
  // CHECK-NOT: sim.derive @derive over @A
  sim.derive @derive over @A uniform bind [@A.tau, @A.rate]
  sim.derive @derive over @B uniform bind [@B.tau, @B.rate]
  sim.derive @derive over @C uniform bind [@C.tau, @C.rate]
  // CHECK: sim.derive @derive over @D uniform bind [@D.tau, @D.rate]
  sim.derive @derive over @D uniform bind [@D.tau, @D.rate]
  // CHECK: sim.update @update_frozen over @A bind [@A.v]
  // CHECK: sim.update @update_frozen over @B bind [@B.v]
  // CHECK: sim.update @update_frozen_0 over @C bind [@C.v]
  // CHECK: sim.update @update over @D bind [@D.v, @D.rate, @D.tau]
  sim.update @update over @A bind [@A.v, @A.rate, @A.tau]
  sim.update @update over @B bind [@B.v, @B.rate, @B.tau]
  sim.update @update over @C bind [@C.v, @C.rate, @C.tau]
  sim.update @update over @D bind [@D.v, @D.rate, @D.tau]
  sim.run "run" steps 10 step 0.1 seed 1 {
    sim.action at 5 { sim.assign @assign over @D uniform bind [@D.tau] }
  }
}

// Products that are fused are folded, too.
sim.program @Fused attributes {sim.instance = {A.tau = 3.0}} {
  sim.array @dt : f64 parameter uniform = 0.1
  sim.domain @A size 2 emits 0
  sim.array @A.tau : f64 parameter uniform = 0.0
  sim.array @A.v : f64 state over @A = 0.0
  // CHECK-LABEL: sim.kernel @grow_frozen
  // CHECK-DAG: arith.constant 7.000000e+00 : f64
  // CHECK-NOT: math.fma
  // CHECK: sim.set @v
  sim.kernel @grow {
    sim.field @v element : f64
    sim.field @tau uniform : f64
    %v = sim.get @v : f64
    %tau = sim.get @tau : f64
    %two = arith.constant 2.0 : f64
    %one = arith.constant 1.0 : f64
    %p = math.fma %tau, %two, %one : f64
    %1 = arith.addf %v, %p : f64
    sim.set @v, %1 : f64
  }
  sim.update @grow over @A bind [@A.v, @A.tau]
  sim.run "run" steps 10 step 0.1 seed 1 {}
}
