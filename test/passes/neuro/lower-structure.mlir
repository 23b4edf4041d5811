// Connections that go and come have a flag, and no weight where it is 0 (P5).
// RUN: synfire-opt %s --neuro-lower-structure | FileCheck %s

// CHECK-LABEL: neuro.synapse @"Delta+Prune#present" {
// CHECK: neuro.parameter @"#start" = 1.000000e-01 "mV"
// CHECK: neuro.state @weight = 1.000000e-01 "mV" {plastic, stored}
// CHECK-NEXT: neuro.state @"#present" = 1.000000e+00 "1" {plastic, stored}
// CHECK: neuro.on post {
// CHECK: %[[SUM:.*]] = arith.addf
// CHECK: %[[P:.*]] = neuro.get @"#present"
// CHECK: %[[THERE:.*]] = arith.cmpf ogt, %[[P]], %{{.*}} : f64
// CHECK: %[[NEW:.*]] = arith.select %[[THERE]], %[[SUM]], %{{.*}} : f64
// CHECK: neuro.set @weight, %[[NEW]]
// CHECK: neuro.every 5.000000e+01 {
// CHECK: %[[WEAK:.*]] = arith.cmpf olt
// CHECK: arith.select %[[WEAK]]
// CHECK: neuro.set @weight
// CHECK: arith.select %[[WEAK]]
// CHECK: neuro.set @"#present"
// Growth has the period of constraints where none is given.
// CHECK: neuro.every 1.000000e+03 {
// CHECK: neuro.release %{{.*}} {
// CHECK: %[[AWAY:.*]] = arith.cmpf olt
// CHECK: %[[GROWS:.*]] = arith.andi %{{.*}}, %[[AWAY]] : i1
// CHECK: %[[START:.*]] = neuro.get @"#start"
// CHECK: arith.select %[[GROWS]], %[[START]]
// CHECK-NOT: neuro.prune
// CHECK-NOT: neuro.grow
neuro.neuron @Cell { neuro.state @v = 0.0 "mV" }
neuro.synapse @"Delta+Prune" {
  neuro.state @weight = 0.1 "mV" {plastic}
  neuro.on post {
    %d = arith.constant -0.01 : f64
    neuro.add @weight, %d
  }
  neuro.on pre {
    %w = neuro.get @weight
    neuro.add post @v, %w
  }
  neuro.prune every 50.0 {
    %w = neuro.get @weight
    %c = arith.constant 0.05 : f64
    %weak = arith.cmpf olt, %w, %c : f64
    neuro.yield %weak : i1
  }
  neuro.grow {
    %p = arith.constant 0.1 : f64
    %yes = arith.constant true
    neuro.yield %p, %yes : f64, i1
  }
}
// CHECK-LABEL: neuro.circuit @C
neuro.circuit @C {
  neuro.population @E of @Cell size 4 {}
  // What grows has the weight of its projection.
  // CHECK: neuro.projection @ee {{.*}} through @"Delta+Prune#present" connect fixed_indegree {autapses = false, k = 2 : i64} set {"#start" = 5.000000e-01 : f64, weight = 5.000000e-01 : f64}
  neuro.projection @ee from <@E> to <@E> through @"Delta+Prune" connect fixed_indegree {k = 2 : i64} set {weight = 0.5} {}
  neuro.constrain no_autapses of ["ee"]
}
