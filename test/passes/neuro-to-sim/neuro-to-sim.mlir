// One domain per population, one array per variable, kernels bound to them; nothing of the model is left.
// RUN: synfire-opt %s --neuro-prepare --neuro-to-sim | FileCheck %s --implicit-check-not=neuro.

neuro.neuron @Leaky {
  neuro.parameter @tau = 20.0 "ms"
  neuro.parameter @theta = 10.0 "mV"
  neuro.state @v = 0.0 "mV"
  neuro.equation @v {
    %v = neuro.get @v
    %tau = neuro.get @tau
    %0 = arith.negf %v : f64
    %1 = arith.divf %0, %tau : f64
    neuro.yield %1 : f64
  }
  neuro.spike at_or_above {
    %v = neuro.get @v
    %theta = neuro.get @theta
    neuro.yield %v, %theta : f64, f64
  } do {
    %0 = arith.constant 0.0 : f64
    neuro.set @v, %0
  }
}
neuro.synapse @Jump {
  neuro.parameter @weight = 0.5 "mV"
  neuro.on pre {
    %w = neuro.get @weight
    neuro.add post @v, %w
  }
}
// CHECK-LABEL: sim.program @Net
neuro.circuit @Net {
  // CHECK: sim.array @dt : f64 parameter uniform
  // CHECK: sim.domain @E size 10 emits 0
  neuro.population @E of @Leaky size 10 {
    neuro.init @v {
      %a = arith.constant 0.0 : f64
      %b = arith.constant 5.0 : f64
      %0 = neuro.draw uniform(%a, %b)
      neuro.yield %0 : f64
    }
  }
  // CHECK: sim.array @E.tau : f64 parameter uniform = 2.000000e+01 unit "ms"
  // CHECK: sim.array @E.v : f64 state over @E
  // CHECK: sim.connections @"E->E" from @E to @E rule fixed_indegree {k = 3 : i64} delay 1.500000e+00
  // CHECK: sim.accumulator @"E<-v" : i64 over @E
  // CHECK: sim.cap @"E<-v" from @"E->E" array @"E->E.weight"
  neuro.projection @"E->E" from <@E> to <@E> through @Jump connect fixed_indegree {k = 3 : i64} set {delay = 1.5 : f64, weight = 0.5 : f64} {
  }
}
// CHECK: sim.init @start_Leaky over @E bind [{{-?[0-9]+}} : i32, @E.v]
// CHECK: sim.derive @derive_Leaky over @E uniform
// CHECK: sim.deliver @deliver_Jump over @"E->E"
// CHECK: sim.update @update_Leaky over @E
// CHECK: sim.run "main" steps 1000 step 1.000000e-01 seed 42
// CHECK: sim.record spikes @E every 1
neuro.experiment {
  neuro.simulate @Net for 100.0 step 0.1 seed 42 as "main" {
    neuro.record spikes of [#neuro.ref<@E>]
  }
}
