// One cell under a constant current, one that it excites: the grid of section 5, refractoriness (N5)
// and delays (G1), against values worked out by hand.
// RUN: synfire-opt %s --neuro-prepare --run-reference | FileCheck %s

// v' = (1 - v / 10 ms) with v(0) = 0: v(k) = 10 (1 - exp(-k / 100)) passes 5 mV at k = 69.31, so the
// first spike is at step 70. It is held at 0 for 20 updates (to step 90) and fires again 70 later.
neuro.neuron @Lif {
  neuro.parameter @theta = 5.0 "mV"
  neuro.parameter @t_ref = 2.0 "ms"
  neuro.input @I "mV/ms"
  neuro.state @v = 0.0 "mV"
  neuro.equation @v {
    %tau = arith.constant 10.0 : f64
    %v = neuro.get @v
    %I = neuro.get @I
    %0 = arith.divf %v, %tau : f64
    %1 = arith.subf %I, %0 : f64
    neuro.yield %1 : f64
  }
  neuro.spike at_or_above {
    %v = neuro.get @v
    %theta = neuro.get @theta
    neuro.yield %v, %theta : f64, f64
  } do {
    %0 = arith.constant 0.0 : f64
    neuro.set @v, %0
    %t = neuro.get @t_ref
    neuro.refractory %t hold [@v]
  }
}
neuro.synapse @Delta {
  neuro.parameter @weight "mV"
  neuro.on pre {
    %w = neuro.get @weight
    neuro.add post @v, %w
  }
}
neuro.circuit @C {
  neuro.population @A of @Lif size 1 {}
  neuro.population @B of @Lif size 2 {}
  neuro.stimulus @drive current to <@A> input @I arguments {amplitude = 1.0} {}
  neuro.projection @AB from <@A> to <@B[1, 1]> through @Delta connect all_to_all set {weight = 2.0, delay = 1.5} {}
}
// CHECK:     steps 200
// CHECK:     spike A 70 0
// CHECK:     spike A 160 0
// CHECK-NOT: spike
// Arrives at 70 + 15 and at 160 + 15; decays from 2 mV by exp(-1 / 100) a step.
// CHECK:     trace B.v[0] 85 0{{$}}
// CHECK:     trace B.v[1] 84 0{{$}}
// CHECK:     trace B.v[1] 85 2{{$}}
// CHECK:     trace B.v[1] 86 1.9800996675{{[0-9]*$}}
// CHECK:     trace B.v[1] 175 2.81313931948{{$}}
// After the second refractory time the cell integrates for 20 updates: 10 (1 - exp(-0.2)).
// CHECK:     final A.v[0] 1.81269246922{{$}}
neuro.experiment {
  neuro.simulate @C for 20.0 step 0.1 seed 1 as "main" {
    neuro.record value @v of [#neuro.ref<@B>]
  }
}
