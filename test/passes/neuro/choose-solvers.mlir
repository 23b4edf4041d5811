// The solver of every state follows from the equations with contributions substituted (X1).
// RUN: synfire-opt %s --neuro-inline-lets --neuro-choose-solvers | FileCheck %s

neuro.neuron @Lif {
  neuro.parameter @tau = 20.0 "ms"
  neuro.parameter @R = 0.04 "GOhm"
  neuro.input @I "pA"
  neuro.state @v = 0.0 "mV"
  neuro.equation @v {
    %v = neuro.get @v
    %R = neuro.get @R
    %I = neuro.get @I
    %tau = neuro.get @tau
    %0 = arith.mulf %R, %I : f64
    %1 = arith.subf %0, %v : f64
    %2 = arith.divf %1, %tau : f64
    neuro.yield %2 : f64
  }
}

neuro.neuron @Izhikevich {
  neuro.input @I "mV/ms"
  neuro.state @v = -65.0 "mV"
  neuro.state @u = -13.0 "mV/ms"
  neuro.equation @v {
    %c = arith.constant 0.04 : f64
    %v = neuro.get @v
    %u = neuro.get @u
    %I = neuro.get @I
    %0 = arith.mulf %v, %v : f64
    %1 = arith.mulf %c, %0 : f64
    %2 = arith.subf %1, %u : f64
    %3 = arith.addf %2, %I : f64
    neuro.yield %3 : f64
  }
  neuro.equation @u {
    %a = arith.constant 0.02 : f64
    %v = neuro.get @v
    %u = neuro.get @u
    %0 = arith.subf %v, %u : f64
    %1 = arith.mulf %a, %0 : f64
    neuro.yield %1 : f64
  }
}

// A gate whose rate depends on the potential, and a rate that integrates noise.
neuro.neuron @Gated {
  neuro.input @I "pA"
  neuro.state @v = 0.0 "mV"
  neuro.state @m = 0.0 "1"
  neuro.state @ou = 0.0 "mV"
  neuro.let @rate "1/ms" {
    %v = neuro.get @v
    %0 = math.exp %v : f64
    neuro.yield %0 : f64
  }
  neuro.equation @v {
    %v = neuro.get @v
    %m = neuro.get @m
    %I = neuro.get @I
    %0 = arith.mulf %m, %v : f64
    %1 = arith.subf %I, %0 : f64
    neuro.yield %1 : f64
  }
  neuro.equation @m {
    %r = neuro.get @rate
    %m = neuro.get @m
    %0 = arith.mulf %r, %m : f64
    %1 = arith.subf %r, %0 : f64
    neuro.yield %1 : f64
  }
  neuro.equation @ou {
    %s = arith.constant 0.5 : f64
    %x = neuro.get @ou
    %n = neuro.noise "ou.0"
    %0 = arith.mulf %s, %n : f64
    %1 = arith.subf %0, %x : f64
    neuro.yield %1 : f64
  }
}

neuro.synapse @Delta {
  neuro.parameter @weight "mV"
  neuro.on pre {
    %w = neuro.get @weight
    neuro.add post @v, %w
  }
}
neuro.synapse @Alpha {
  neuro.parameter @weight "pA"
  neuro.parameter @tau = 5.0 "ms"
  neuro.state @g = 0.0 "pA"
  neuro.state @h = 0.0 "pA"
  neuro.equation @g {
    %g = neuro.get @g
    %h = neuro.get @h
    %t = neuro.get @tau
    %0 = arith.subf %h, %g : f64
    %1 = arith.divf %0, %t : f64
    neuro.yield %1 : f64
  }
  neuro.equation @h {
    %h = neuro.get @h
    %t = neuro.get @tau
    %0 = arith.divf %h, %t : f64
    %1 = arith.negf %0 : f64
    neuro.yield %1 : f64
  }
  neuro.on pre {
    %w = neuro.get @weight
    neuro.add @h, %w
  }
  neuro.contribute @I {
    %g = neuro.get @g
    neuro.yield %g : f64
  }
}
neuro.synapse @Conductance effect excitatory {
  neuro.parameter @weight "nS"
  neuro.state @g = 0.0 "nS"
  neuro.equation @g {
    %g = neuro.get @g
    %0 = arith.negf %g : f64
    neuro.yield %0 : f64
  }
  neuro.on pre {
    %w = neuro.get @weight
    neuro.add @g, %w
  }
  neuro.contribute @I {
    %g = neuro.get @g
    %v = neuro.get post @v
    %0 = arith.mulf %g, %v : f64
    %1 = arith.negf %0 : f64
    neuro.yield %1 : f64
  }
}

neuro.circuit @C {
  // No current arrives: the potential alone.
  // CHECK: population @Quiet
  // CHECK-SAME: solve [#neuro.solution<"v" exact 1 "linear, constant coefficients">]
  neuro.population @Quiet of @Lif size 10 {}
  neuro.projection @"Quiet->Quiet" from <@Quiet> to <@Quiet> through @Delta connect one_to_one set {weight = 0.1} {}

  // Currents and the potential are advanced together; both projections share one receptor.
  // CHECK: population @Current
  // CHECK-SAME: #neuro.solution<"v" exact 1 "linear, constant coefficients, together with `first.g`">
  // CHECK-SAME: #neuro.solution<"first.g" exact 1 "linear, constant coefficients, together with `first.h`">
  // CHECK-SAME: #neuro.solution<"second.g" exact 1
  // CHECK-SAME: #neuro.solution<"first.h" exact 1 "linear, constant coefficients">
  // CHECK-SAME: #neuro.solution<"second.h" exact 1
  neuro.population @Current of @Lif size 10 {}
  neuro.projection @first from <@Quiet> to <@Current> through @Alpha connect one_to_one set {weight = 0.1} {}
  neuro.projection @second from <@Current> to <@Current> through @Alpha connect one_to_one set {weight = 0.2} {}

  // A conductance makes the coefficient of the potential vary.
  // CHECK: population @Conductive
  // CHECK-SAME: #neuro.solution<"v" exponential_euler 1 "linear in itself; its coefficient of `v` varies">
  // CHECK-SAME: #neuro.solution<"ampa.g" exact 1 "linear, constant coefficients">
  neuro.population @Conductive of @Lif size 10 {}
  neuro.projection @ampa from <@Quiet> to <@Conductive> through @Conductance connect one_to_one set {weight = 0.1} {}

  // CHECK: population @Iz
  // CHECK-SAME: #neuro.solution<"v" rk4 1 "not linear in itself">
  // CHECK-SAME: #neuro.solution<"u" rk4 1 "in a cycle with `v`, of one step with it">
  neuro.population @Iz of @Izhikevich size 10 {}

  // CHECK: population @G
  // CHECK-SAME: #neuro.solution<"v" exponential_euler
  // CHECK-SAME: #neuro.solution<"m" exponential_euler
  // CHECK-SAME: #neuro.solution<"ou" exact 1 "linear, constant coefficients">
  neuro.population @G of @Gated size 10 {}
}
