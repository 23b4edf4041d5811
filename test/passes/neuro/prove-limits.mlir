// Limits that no statement can break cost nothing (R3). What is proven follows from signs and intervals, not
// from names.
// RUN: synfire-opt %s --neuro-prove-limits | FileCheck %s

neuro.neuron @Cell { neuro.state @v = 0.0 "mV" }

// A trace that starts at 0, decays and is set to 1 lies in 0 .. 1: a share of 0.5 of the weight is left at least.
// CHECK-LABEL: neuro.synapse @Multiplicative
// CHECK-NOT: arith.maximumf
// CHECK-LABEL: neuro.synapse @Additive
neuro.synapse @Multiplicative {
  neuro.parameter @"#lower" = 0.0 "mV"
  neuro.parameter @eta = 0.5 "1"
  neuro.state @weight = 0.1 "mV" {plastic}
  neuro.state @x = 0.0 "1"
  neuro.equation @x {
    %x = neuro.get @x
    %tau = arith.constant 20.0 : f64
    %d = arith.divf %x, %tau : f64
    %r = arith.negf %d : f64
    neuro.yield %r : f64
  }
  neuro.on post {
    %w = neuro.get @weight
    %x = neuro.get @x
    %eta = neuro.get @eta
    %a = arith.mulf %eta, %x : f64
    %b = arith.mulf %a, %w : f64
    %new = arith.subf %w, %b : f64
    %low = neuro.get @"#lower"
    %c = arith.maximumf %new, %low : f64
    neuro.set @weight, %c
  }
  neuro.on pre {
    %one = arith.constant 1.0 : f64
    neuro.set @x, %one
    %w = neuro.get @weight
    neuro.add post @v, %w
  }
}

// The same trace added up has no upper end, so that an amount may be larger than the weight.
// CHECK: arith.maximumf
// CHECK-LABEL: neuro.synapse @Wall
neuro.synapse @Additive {
  neuro.parameter @"#lower" = 0.0 "mV"
  neuro.state @weight = 0.1 "mV" {plastic}
  neuro.state @x = 0.0 "1"
  neuro.equation @x {
    %x = neuro.get @x
    %tau = arith.constant 20.0 : f64
    %d = arith.divf %x, %tau : f64
    %r = arith.negf %d : f64
    neuro.yield %r : f64
  }
  neuro.on post {
    %w = neuro.get @weight
    %x = neuro.get @x
    %b = arith.mulf %x, %w : f64
    %new = arith.subf %w, %b : f64
    %low = neuro.get @"#lower"
    %c = arith.maximumf %new, %low : f64
    neuro.set @weight, %c
  }
  neuro.on pre {
    %one = arith.constant 1.0 : f64
    neuro.add @x, %one
    %w = neuro.get @weight
    neuro.add post @v, %w
  }
}

// A weight that goes to 0 never gets below it; the wall goes, and the weight is lazy.
// CHECK-NOT: neuro.bound
// CHECK-LABEL: neuro.synapse @Above
neuro.synapse @Wall {
  neuro.parameter @"#lower" = 0.0 "mV"
  neuro.state @weight = 0.1 "mV" {plastic}
  neuro.equation @weight {
    %x = neuro.get @weight
    %tau = arith.constant 20.0 : f64
    %d = arith.divf %x, %tau : f64
    %r = arith.negf %d : f64
    neuro.yield %r : f64
  }
  neuro.bound of @weight {
    %low = neuro.get @"#lower"
    %none = arith.constant 1.7976931348623157E+308 : f64
    neuro.yield %low, %none : f64, f64
  }
  neuro.on pre {
    %w = neuro.get @weight
    neuro.add post @v, %w
  }
}

// The rule's own bound, 2, is the limit itself: one of two numbers is chosen, and nothing is rounded. A sum that
// may just reach the limit is not proven, because rounding may take it beyond.
// CHECK: neuro.on post
// CHECK-NOT: neuro.get @"#upper"
// CHECK: neuro.on pre
// CHECK: neuro.get @"#upper"
// CHECK-LABEL: neuro.circuit @C
neuro.synapse @Above {
  neuro.parameter @"#upper" = 2.0 "mV"
  neuro.parameter @w_max = 2.0 "mV"
  neuro.state @weight = 0.1 "mV" {plastic}
  neuro.on post {
    %w = neuro.get @weight
    %a = arith.constant 0.1 : f64
    %new = arith.addf %w, %a : f64
    %max = neuro.get @w_max
    %own = arith.minimumf %new, %max : f64
    %up = neuro.get @"#upper"
    %c = arith.minimumf %own, %up : f64
    neuro.set @weight, %c
  }
  neuro.on pre {
    %w = neuro.get @weight
    %half = arith.constant 0.5 : f64
    %max = neuro.get @w_max
    %a = arith.mulf %w, %half : f64
    %b = arith.mulf %max, %half : f64
    %new = arith.addf %a, %b : f64
    %up = neuro.get @"#upper"
    %c = arith.minimumf %new, %up : f64
    neuro.set @weight, %c
  }
}

neuro.circuit @C {
  neuro.population @E of @Cell size 4 {}
  neuro.projection @m from <@E> to <@E> through @Multiplicative connect all_to_all set {"#lower" = 0.0} {}
  neuro.projection @a from <@E> to <@E> through @Additive connect all_to_all set {"#lower" = 0.0} {}
  neuro.projection @w from <@E> to <@E> through @Wall connect all_to_all set {"#lower" = 0.0} {}
  neuro.projection @u from <@E> to <@E> through @Above connect all_to_all set {"#upper" = 2.0} {}
  // CHECK: outcome = "m: proven, no rule can break it; a: enforced after each update, a statement (line {{[0-9]+}}) could break it; w: proven, no rule can break it"
  neuro.constrain effect of ["m", "a", "w"] "==" {
    %one = arith.constant 1.0 : f64
    neuro.yield %one : f64
  }
}
