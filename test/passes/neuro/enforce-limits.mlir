// Effect and bound of priors become limits of every statement that changes the weight (R2).
// RUN: synfire-opt %s --neuro-enforce-limits --split-input-file | FileCheck %s

// CHECK-LABEL: neuro.synapse @"Delta#lower" {
// CHECK: neuro.parameter @"#lower" = 0.000000e+00 "mV"
// The equation gets a wall, without an upper end.
// CHECK: neuro.bound of @weight {
// CHECK-NEXT: %[[WALL:.*]] = neuro.get @"#lower"
// CHECK-NEXT: %[[NONE:.*]] = arith.constant 1.7976931348623157E+308 : f64
// CHECK-NEXT: neuro.yield %[[WALL]], %[[NONE]] : f64, f64
// CHECK: neuro.on post {
// CHECK: %[[W:.*]] = neuro.get @weight
// CHECK: %[[SUM:.*]] = arith.addf %[[W]], %{{.*}} : f64
// CHECK: %[[LOW:.*]] = neuro.get @"#lower"
// CHECK: %[[NEW:.*]] = arith.maximumf %[[SUM]], %[[LOW]] : f64
// CHECK-NEXT: neuro.set @weight, %[[NEW]]
neuro.neuron @Cell { neuro.state @v = 0.0 "mV" }
neuro.synapse @Delta {
  neuro.state @weight = 0.1 "mV" {plastic}
  neuro.equation @weight {
    %w = neuro.get @weight
    %r = arith.negf %w : f64
    neuro.yield %r : f64
  }
  neuro.on post {
    %d = arith.constant -0.01 : f64
    neuro.add @weight, %d
  }
  neuro.on pre {
    %w = neuro.get @weight
    neuro.add post @v, %w
  }
}
neuro.synapse @Fixed {
  neuro.parameter @weight = 0.1 "mV"
  neuro.on pre {
    %w = neuro.get @weight
    neuro.add post @v, %w
  }
}
// CHECK-LABEL: neuro.circuit @C
neuro.circuit @C {
  neuro.population @E of @Cell size 4 {}
  neuro.table @edges {pre = dense<[0.0]> : tensor<1xf64>, post = dense<[1.0]> : tensor<1xf64>, w = dense<[-1.0]> : tensor<1xf64>} from "edges.csv"
  // CHECK: neuro.projection @moved {{.*}} through @"Delta#lower" connect all_to_all set {"#lower" = 0.000000e+00 : f64}
  neuro.projection @moved from <@E> to <@E> through @Delta connect all_to_all {} {}
  // Draws are moved to the nearest limit.
  // CHECK: neuro.projection @drawn
  // CHECK: %[[DRAW:.*]] = neuro.draw normal
  // CHECK: %[[CLIPPED:.*]] = arith.maximumf %[[DRAW]], %{{.*}} : f64
  // CHECK: neuro.yield %[[CLIPPED]] : f64
  neuro.projection @drawn from <@E> to <@E> through @Fixed connect all_to_all {} {
    neuro.init @weight {
      %m = arith.constant 1.0 : f64
      %s = arith.constant 2.0 : f64
      %w = neuro.draw normal(%m, %s)
      neuro.yield %w : f64
    }
  }
  // What lies inside stays as it is.
  // CHECK: neuro.projection @inside
  // CHECK-NOT: maximumf
  // CHECK: neuro.projection @measured
  // CHECK-NOT: maximumf
  neuro.projection @inside from <@E> to <@E> through @Fixed connect all_to_all {} {
    neuro.init @weight {
      %m = arith.constant 1.0 : f64
      %s = arith.constant 2.0 : f64
      %w = neuro.draw uniform(%m, %s)
      neuro.yield %w : f64
    }
  }
  // What was measured is checked, not changed.
  neuro.projection @measured from <@E> to <@E> through @Fixed connect table(@edges) {} {
    neuro.init @weight {
      %w = neuro.column @edges "w"
      neuro.yield %w : f64
    }
  }
  neuro.constrain effect of ["moved", "drawn", "inside", "measured"] "==" {
    %one = arith.constant 1.0 : f64
    neuro.yield %one : f64
  }
}
