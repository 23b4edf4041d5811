// Compartments become prefixed variables, couplings explicit terms, references flat names (N8).
// RUN: synfire-opt %s --neuro-flatten-compartments | FileCheck %s

// CHECK-LABEL: neuro.neuron @TwoCompartments
// CHECK-NOT: neuro.compartment
// CHECK-NOT: neuro.couple
neuro.neuron @TwoCompartments {
  neuro.parameter @g_c = 4.0 "nS"
  neuro.compartment @soma {
    neuro.input @I "pA"
    neuro.state @v = -70.0 "mV"
    // The input itself, then the coupling.
    // CHECK: neuro.input @soma.I "pA"
    // CHECK: neuro.state @soma.v = -7.0{{.*}} "mV"
    // CHECK: neuro.equation @soma.v
    // CHECK: %[[I:.+]] = neuro.get @soma.I
    // CHECK: %[[G:.+]] = neuro.get @g_c
    // CHECK: %[[D:.+]] = neuro.get @dend.v
    // CHECK: %[[S:.+]] = neuro.get @soma.v
    // CHECK: %[[DROP:.+]] = arith.subf %[[D]], %[[S]]
    // CHECK: %[[C:.+]] = arith.mulf %[[G]], %[[DROP]]
    // CHECK: %[[SUM:.+]] = arith.addf %[[I]], %[[C]]
    // CHECK: neuro.yield %[[SUM]]
    neuro.equation @v {
      %I = neuro.get @I
      neuro.yield %I : f64
    }
    // CHECK: neuro.spike at_or_above
    // CHECK: neuro.get @soma.v
    neuro.spike at_or_above {
      %v = neuro.get @v
      %0 = arith.constant 0.0 : f64
      neuro.yield %v, %0 : f64, f64
    } do {
      %0 = arith.constant -70.0 : f64
      neuro.set @v, %0
      neuro.refractory %0 hold [@v]
      // CHECK: neuro.set @soma.v
      // CHECK: hold [@soma.v]
    }
  }
  neuro.compartment @dend {
    neuro.input @I "pA"
    neuro.state @v = -70.0 "mV"
    // CHECK: neuro.equation @dend.v
    // CHECK: %[[S2:.+]] = neuro.get @soma.v
    // CHECK: %[[D2:.+]] = neuro.get @dend.v
    // CHECK: arith.subf %[[S2]], %[[D2]]
    neuro.equation @v {
      %I = neuro.get @I
      neuro.yield %I : f64
    }
  }
  neuro.couple @soma::@v to @soma::@I, @dend::@v to @dend::@I {
    %g = neuro.get @g_c
    neuro.yield %g : f64
  }
}

// CHECK: neuro.synapse @Ampa
// CHECK: neuro.get post @v
// CHECK: neuro.synapse @"Ampa>dend"
// CHECK: neuro.contribute @dend.I
// CHECK: neuro.get post @dend.v
// CHECK: neuro.synapse @"Ampa>soma"
neuro.synapse @Ampa {
  neuro.parameter @weight "nS"
  neuro.contribute @I {
    %w = neuro.get @weight
    %v = neuro.get post @v
    %0 = arith.mulf %w, %v : f64
    neuro.yield %0 : f64
  }
}
neuro.circuit @C {
  neuro.population @N of @TwoCompartments size 2 {}
  // CHECK: projection @p from <@N> to <@N> through @"Ampa>dend"
  neuro.projection @p from <@N> to <@N : "dend"> through @Ampa connect one_to_one set {weight = 1.0} {}
  // CHECK: projection @q from <@N> to <@N> through @"Ampa>dend"
  neuro.projection @q from <@N> to <@N : "dend"> through @Ampa connect one_to_one set {weight = 1.0} {}
  // CHECK: stimulus @s poisson to <@N> through @"Ampa>soma"
  neuro.stimulus @s poisson to <@N : "soma"> through @Ampa arguments {rate = 1.0} set {weight = 1.0} {}
  // CHECK: stimulus @c current to <@N> input @soma.I
  neuro.stimulus @c current to <@N : "soma"> input @I arguments {amplitude = 1.0} {}
}
neuro.experiment {
  neuro.simulate @C for 1.0 step 0.1 seed 1 as "main" {
    // CHECK: record value @soma.v of [#neuro.ref<@N>]
    // CHECK-NEXT: record value @dend.v of [#neuro.ref<@N>]
    neuro.record value @v of [#neuro.ref<@N : "soma">, #neuro.ref<@N : "dend">]
  }
}
