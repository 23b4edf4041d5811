// Where synapse variables live does not change what they mean (S2, X2): a depressing synapse whose
// resource sees spikes at once and whose jump arrives later, and a conductance at the target.
// RUN: synfire-opt %s --neuro-prepare --run-reference | FileCheck %s

neuro.neuron @Cell {
  neuro.state @v = 0.0 "mV"
}
// Passes on every event of its stimulus: fires whenever it is touched.
neuro.neuron @Relay {
  neuro.state @v = 0.0 "mV"
  neuro.spike at_or_above {
    %v = neuro.get @v
    %c = arith.constant 0.5 : f64
    neuro.yield %v, %c : f64, f64
  } do {
    %c = arith.constant 0.0 : f64
    neuro.set @v, %c
  }
}
neuro.synapse @Kick {
  neuro.parameter @weight = 1.0 "mV"
  neuro.on pre {
    %w = neuro.get @weight
    neuro.add post @v, %w
  }
}
// x' = (1 - x) / 10; on pre: v += w U x, then x -= U x.
neuro.synapse @Depressing {
  neuro.parameter @weight = 8.0 "mV"
  neuro.parameter @U = 0.5 "1"
  neuro.state @x = 1.0 "1"
  neuro.equation @x {
    %one = arith.constant 1.0 : f64
    %tau = arith.constant 10.0 : f64
    %x = neuro.get @x
    %0 = arith.subf %one, %x : f64
    %1 = arith.divf %0, %tau : f64
    neuro.yield %1 : f64
  }
  neuro.on pre {
    %w = neuro.get @weight
    %U = neuro.get @U
    %x = neuro.get @x
    %ux = arith.mulf %U, %x : f64
    %a = arith.mulf %w, %ux : f64
    neuro.add post @v, %a
    %minus = arith.negf %ux : f64
    neuro.add @x, %minus
  }
}
neuro.circuit @C {
  neuro.population @A of @Relay size 1 {}
  neuro.population @B of @Cell size 1 {}
  neuro.stimulus @s spikes to <@A> through @Kick arguments {times = array<f64: 1.0, 2.0>} {}
  neuro.projection @p from <@A> to <@B> through @Depressing connect one_to_one set {delay = 1.5} {}
}
// CHECK:      spike A 10 0
// CHECK-NEXT: spike A 20 0
// The first jump is 8 / 2, seen at step 10; the second 4 (1 - exp(-0.1) / 2), seen at step 20 and
// latched there, although x has moved when it arrives at step 35.
// CHECK:      trace B.v[0] 24 0{{$}}
// CHECK:      trace B.v[0] 25 4{{$}}
// CHECK:      trace B.v[0] 34 4{{$}}
// CHECK:      trace B.v[0] 35 6.19032516393{{$}}
neuro.experiment {
  neuro.simulate @C for 4.0 step 0.1 seed 1 as "main" {
    neuro.record value @v of [#neuro.ref<@B>]
  }
}
