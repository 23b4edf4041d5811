// Priors that contradict each other, a rule or a weight name both places (R3).
// RUN: synfire-opt %s --neuro-check-constraints --verify-diagnostics --split-input-file | FileCheck %s

neuro.neuron @Cell { neuro.state @v = 0.0 "mV" }
neuro.synapse @Delta {
  neuro.parameter @weight = 0.1 "mV"
  neuro.on pre {
    %w = neuro.get @weight
    neuro.add post @v, %w
  }
}
neuro.plasticity @Soft {
  neuro.parameter @w_max "mV"
  neuro.bound {
    %lo = arith.constant 0.0 : f64
    %hi = neuro.get @w_max
    neuro.yield %lo, %hi : f64, f64
  }
}
// Limits of a periodic constraint are those of all constraints and rules.
// CHECK: neuro.constrain sum of ["ee"] "==" by "post" every 1.000000e+02 limits [0.000000e+00, 2.000000e+00]
neuro.circuit @C {
  neuro.population @E of @Cell size 4 {}
  neuro.projection @ee from <@E> to <@E> through @Delta connect all_to_all set {weight = 0.5} {
    neuro.attach @Soft of @Soft on @weight set {w_max = 2.0} {}
  }
  neuro.constrain effect of ["ee"] "==" {
    %one = arith.constant 1.0 : f64
    neuro.yield %one : f64
  }
  neuro.constrain sum of ["ee"] "==" by "post" every 100.0 {
    %s = arith.constant 3.0 : f64
    neuro.yield %s : f64
  }
  // Every frame is a period.
  // CHECK: neuro.constrain symmetric of ["ee"] every 5.000000e+02 limits
  neuro.frames @digits "idx" images "x" every 500.0
  neuro.constrain symmetric of ["ee"] every_frame
}

// -----

neuro.neuron @Cell { neuro.state @v = 0.0 "mV" }
neuro.synapse @Delta {
  neuro.parameter @weight = 0.1 "mV"
  neuro.on pre {
    %w = neuro.get @weight
    neuro.add post @v, %w
  }
}
neuro.plasticity @Hard {
  // expected-note@+1 {{the bound is here}}
  neuro.bound {
    %lo = arith.constant 1.0 : f64
    %hi = arith.constant 2.0 : f64
    neuro.yield %lo, %hi : f64, f64
  }
}
neuro.circuit @C {
  neuro.population @E of @Cell size 4 {}
  // expected-note@+1 {{the projection is here}}
  neuro.projection @ee from <@E> to <@E> through @Delta connect all_to_all {autapses = true} set {weight = 1.5} {
    // expected-note@+1 {{the rule is attached here}}
    neuro.attach @Hard of @Hard on @weight {}
  }
  // expected-note@+3 {{the other constraint is here}}
  // expected-error@+2 {{`effect` contradicts the weight of `ee`, which is 1.5 (R3)}}
  // expected-error@+1 {{`effect` contradicts the bound of `Hard` on `ee`, which keeps the weight in 1 .. 2 (R3)}}
  neuro.constrain effect of ["ee"] "==" {
    %minus = arith.constant -1.0 : f64
    neuro.yield %minus : f64
  }
  // expected-error@+1 {{`bound` contradicts `effect` for `ee` (R3)}}
  neuro.constrain bound of ["ee"] {
    %lo = arith.constant 1.2 : f64
    %hi = arith.constant 1.8 : f64
    neuro.yield %lo, %hi : f64, f64
  }
  // expected-error@+1 {{`no_autapses` contradicts `autapses = true` of `ee` (R3)}}
  neuro.constrain no_autapses of ["ee"]
}

// -----

neuro.neuron @Cell { neuro.state @v = 0.0 "mV" neuro.input @I "pA" }
neuro.synapse @Ampa effect excitatory {
  neuro.parameter @strength = 0.1 "pA"
  neuro.contribute @I {
    %w = neuro.get @strength
    neuro.yield %w : f64
  }
}
neuro.circuit @C {
  neuro.population @E of @Cell size 4 {}
  neuro.population @F of @Cell size 4 {}
  // expected-note@+1 {{the projection is here}}
  neuro.projection @ef from <@E> to <@F> through @Ampa connect all_to_all {} {}
  // expected-error@+1 {{`effect` does not fit `ef`: its synapse `Ampa` is excitatory (R2)}}
  neuro.constrain effect of ["ef"] "==" {
    %minus = arith.constant -1.0 : f64
    neuro.yield %minus : f64
  }
  // expected-error@+1 {{an effect is 1 (excitatory) or -1 (inhibitory), not 2 (R2)}}
  neuro.constrain effect of ["ef"] "==" {
    %two = arith.constant 2.0 : f64
    neuro.yield %two : f64
  }
  // expected-error@+1 {{`sum` is about the weight, and the synapse `Ampa` of `ef` has no parameter `weight`}}
  neuro.constrain sum of ["ef"] "==" by "pre" {
    %s = arith.constant 2.0 : f64
    neuro.yield %s : f64
  }
}

// -----

neuro.neuron @Cell { neuro.state @v = 0.0 "mV" }
neuro.synapse @Delta {
  neuro.parameter @weight = 0.1 "mV"
  neuro.on pre {
    %w = neuro.get @weight
    neuro.add post @v, %w
  }
}
neuro.circuit @C {
  neuro.population @E of @Cell size 4 {}
  neuro.population @F of @Cell size 4 {}
  neuro.projection @ef from <@E> to <@F> through @Delta connect all_to_all {} {}
  neuro.projection @eg from <@E> to <@F> through @Delta connect all_to_all {} {}
  // expected-error@+1 {{`symmetric` is about a projection inside one population, or two projections in opposite directions (R2)}}
  neuro.constrain symmetric of ["ef"]
  // expected-error@+1 {{a density is a share of all pairs, from 0 to 1 (R2)}}
  neuro.constrain density of ["ef"] "<=" {
    %s = arith.constant -2.0 : f64
    neuro.yield %s : f64
  }
  // expected-error@+1 {{`every frame` needs one sequence of frames, and the circuit has 0; give a time}}
  neuro.constrain tied of ["ef", "eg"] every_frame
  // expected-error@+1 {{`tied` names one thing, which is tied to nothing; name two projections}}
  neuro.constrain tied of ["ef"]
  neuro.constrain tied of ["ef", "ef"] parts [array<i64: 0, 1>, array<i64>, array<i64: 2, 3>, array<i64>]
  // expected-error@+1 {{`tied` ties parts of `ef` that have connections in common; name parts without any (R2)}}
  neuro.constrain tied of ["ef", "ef"] parts [array<i64: 0, 1>, array<i64>, array<i64: 1, 2>, array<i64>]
  // expected-note@+1 {{the other constraint is here}}
  neuro.constrain sum of ["ef"] "<=" by "post" {
    %s = arith.constant 2.0 : f64
    neuro.yield %s : f64
  }
  // expected-error@+1 {{`sum` contradicts `sum` for `ef` (R3)}}
  neuro.constrain sum of ["ef"] "==" by "post" {
    %s = arith.constant 3.0 : f64
    neuro.yield %s : f64
  }
}
