// A quantised program: formats of arrays and sums, and conversions in kernels.
// RUN: synfire-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: sim.program @p
sim.program @p {
  sim.domain @E size 2 emits 0
  // CHECK: sim.array @E.v : f64 state over @E = 0.000000e+00 unit "mV" format [16, 10] error 5.000000e-02
  sim.array @E.v : f64 state over @E = 0.0 unit "mV" format [16, 10] error 0.05
  // Units of 4.
  // CHECK: sim.array @E.w : f64 state over @E = 0.000000e+00 format [8, -2]
  sim.array @E.w : f64 state over @E = 0.0 format [8, -2]
  sim.array @scale : f64 derived uniform = 1.0
  sim.array @inverse : f64 derived uniform = 1.0
  sim.array @mean : f64 derived uniform = 1.0
  sim.array @exp_mean : f64 derived uniform = 1.0
  // CHECK: sim.accumulator @"E.v+" : i64 over @E scale @scale inverse @inverse range [-2.500000e+00, 1.000000e+00, 3.000000e+00] format [13, 10]
  sim.accumulator @"E.v+" : i64 over @E scale @scale inverse @inverse range [-2.5, 1.0, 3.0] format [13, 10]
  // CHECK: sim.drive @drive mean @mean exp_mean @exp_mean thresholds dense<[-5, -1]> : tensor<2xi32>
  sim.drive @drive mean @mean exp_mean @exp_mean thresholds dense<[-5, -1]> : tensor<2xi32>
  // CHECK: sim.connections @c from @E to @E rule table pairs dense<{{.*}}> : tensor<2x2xi32> steps dense<[3, 5]> : tensor<2xi32> delay 5.0{{.*}}
  sim.connections @c from @E to @E rule table pairs dense<[[0, 1], [1, 0]]> : tensor<2x2xi32> steps dense<[3, 5]> : tensor<2xi32> delay 0.5
  sim.kernel @k {
    sim.field @v element : f64
    %v = sim.get @v : f64
    // CHECK: %[[Q:.+]] = sim.fixed %{{.+}} fraction 10 : f64 to i64
    %q = sim.fixed %v fraction 10 : f64 to i64
    // CHECK: %[[S:.+]] = sim.saturate %[[Q]] to 16 : i64
    %s = sim.saturate %q to 16 : i64
    // CHECK: sim.real %[[S]] fraction 10 : i64 to f64
    %r = sim.real %s fraction 10 : i64 to f64
    sim.set @v, %r : f64
  }
  sim.update @k over @E bind [@E.v]
}
