// The rules of circuits, stimuli and experiments; labels are those of the verifiers.
// RUN: synfire-opt %s --split-input-file --verify-diagnostics

// population_c1
neuro.circuit @C {
  // expected-error @below {{there is no neuron `N`}}
  neuro.population @P of @N size 1 {}
}

// -----

// population_c2
neuro.neuron @N {
}
neuro.circuit @C {
  // expected-error @below {{has 3 elements and 2 names}}
  neuro.population @P of @N size 3 names ["a", "b"] {}
}

// -----

// position_c1
neuro.neuron @N {
}
neuro.circuit @C {
  neuro.population @P of @N size 3 {
    // expected-error @below {{needs two or three coordinates}}
    neuro.position {
      %i = neuro.index
      neuro.yield %i : f64
    }
  }
}

// -----

// ref_c1
neuro.neuron @N {
}
neuro.circuit @C {
  neuro.population @P of @N size 3 {}
  // expected-error @below {{there is no population @Q}}
  neuro.projection @p from <@P> to <@Q> through @S connect one_to_one {} {}
}

// -----

// ref_c3
neuro.neuron @N {
}
neuro.circuit @C {
  neuro.population @P of @N size 3 {}
  // expected-error @below {{elements 0 to 3 do not exist; @P has 3}}
  neuro.projection @p from <@P> to <@P[0, 3]> through @S connect one_to_one {} {}
}

// -----

// projection_c1
neuro.circuit @C {
  // expected-error @below {{`fixed_indegree` needs the argument `k`}}
  neuro.projection @p from <@P> to <@P> through @S connect fixed_indegree {} {}
}

// -----

// projection_c2
neuro.circuit @C {
  // expected-error @below {{`probability` needs the argument `p`, a probability from 0 to 1}}
  neuro.projection @p from <@P> to <@P> through @S connect probability {p = 1.5} {}
}

// -----

// projection_c3
neuro.circuit @C {
  // expected-error @below {{`one_to_one` has no argument `k` of this type}}
  neuro.projection @p from <@P> to <@P> through @S connect one_to_one {k = 1 : i64} {}
}

// -----

// projection_c4
neuro.circuit @C {
  // expected-error @below {{a connection table belongs to the rule `table`, and only to it}}
  neuro.projection @p from <@P> to <@P> through @S connect table {} {}
}

// -----

// projection_c5
neuro.circuit @C {
  // expected-error @below {{has a dendritic fraction outside of 0 to 1}}
  neuro.projection @p from <@P> to <@P> through @S connect one_to_one dendritic_fraction 2.0 {}
}

// -----

// projection_c6
neuro.neuron @N {
}
neuro.circuit @C {
  neuro.population @P of @N size 3 {}
  // expected-error @below {{there is no synapse `S`}}
  neuro.projection @p from <@P> to <@P> through @S connect one_to_one {} {}
}

// -----

// init_c1
neuro.circuit @C {
  neuro.projection @p from <@P> to <@P> through @S connect one_to_one set {weight = 1.0} {
    // expected-error @below {{`weight` has two values here}}
    neuro.init @weight {
      %c = arith.constant 1.0 : f64
      neuro.yield %c : f64
    }
  }
}

// -----

// set_c2
neuro.circuit @C {
  // expected-error @below {{sets `weight` to something that is no f64 number}}
  neuro.projection @p from <@P> to <@P> through @S connect one_to_one set {weight = "1"} {}
}

// -----

// table_c1
neuro.circuit @C {
  // expected-error @below {{column `pre` must be a list of f64 numbers}}
  neuro.table @t {pre = dense<[0]> : tensor<1xi64>} from "t.csv"
}

// -----

// table_c2
neuro.circuit @C {
  // expected-error @below {{column `pre` has 1 rows, another one has 2}}
  neuro.table @t {post = dense<[0.0, 1.0]> : tensor<2xf64>, pre = dense<[0.0]> : tensor<1xf64>} from "t.csv"
}

// -----

// stimulus_c1
neuro.circuit @C {
  // expected-error @below {{has events, which act through a synapse; it names none}}
  neuro.stimulus @s poisson to <@P> arguments {rate = 1.0} {}
}

// -----

// stimulus_c1
neuro.circuit @C {
  // expected-error @below {{is a current, which acts on an input, not through a synapse}}
  neuro.stimulus @s current to <@P> through @S arguments {amplitude = 1.0} {}
}

// -----

// stimulus_c3
neuro.circuit @C {
  // expected-error @below {{`noise_current` needs the argument `sd`}}
  neuro.stimulus @s noise_current to <@P> arguments {mean = 1.0} {}
}

// -----

// stimulus_c4
neuro.circuit @C {
  // expected-error @below {{ends before it starts}}
  neuro.stimulus @s current to <@P> arguments {amplitude = 1.0} start 2.0 stop 1.0 {}
}

// -----

neuro.experiment {
  // simulate_c1
  // expected-error @below {{has a step that is not positive}}
  neuro.simulate @C for 1.0 step 0.0 seed 1 as "main" {}
}

// -----

neuro.experiment {
  neuro.simulate @C for 1.0 step 0.1 seed 1 as "main" {
    // record_c1
    // expected-error @below {{of a value names no variable}}
    neuro.record value of [#neuro.ref<@E>]
  }
}

// -----

neuro.experiment {
  neuro.simulate @C for 1.0 step 0.1 seed 1 as "main" {
    // record_c2
    // expected-error @below {{needs either populations or a projection}}
    neuro.record spikes
  }
}

// -----

neuro.circuit @C {
  // frames_c1
  // expected-error @below {{has a period that is not positive}}
  neuro.frames @f "idx" images "x" every 0.0
}

// -----

neuro.neuron @N {
  neuro.input @I "pA"
}
neuro.circuit @C {
  neuro.population @P of @N size 3 {}
  // frames_c2
  // expected-error @below {{there are no frames `f`}}
  neuro.stimulus @s current to <@P> input @I arguments {amplitude = 1.0} during [0.0, 1.0] of @f {}
}

// -----

neuro.neuron @N {
  neuro.input @I "pA"
}
neuro.circuit @C {
  neuro.population @P of @N size 3 {}
  neuro.stimulus @s current to <@P> input @I {
    neuro.argument "amplitude" {
      // frames_c2
      // expected-error @below {{there are no frames `f`}}
      %x = neuro.frame_value @f "value"
      neuro.yield %x : f64
    }
  }
}

// -----

neuro.circuit @C {
  // constrain_c1
  // expected-error @below {{has 1 lists of ranges for 1 projections; each has those of its sources and of its targets}}
  neuro.constrain no_autapses of ["p"] parts [array<i64: 0, 4>]
}
