// The rules of neurons, synapses and plasticity; labels are those of the verifiers.
// RUN: synfire-opt %s --split-input-file --verify-diagnostics

// neuron_c1
neuro.neuron @N {
  // expected-error @below {{has no place in `neuro.neuron`}}
  neuro.contribute @I {
    %c = arith.constant 1.0 : f64
    neuro.yield %c : f64
  }
}

// -----

// neuron_c2
neuro.neuron @N {
  neuro.state @v = 0.0 "mV"
  // expected-note @below {{the first one is here}}
  neuro.spike at_or_above {
    %v = neuro.get @v
    neuro.yield %v, %v : f64, f64
  } do {
  }
  // expected-error @below {{is a second spike rule; a cell has at most one}}
  neuro.spike at_or_above {
    %v = neuro.get @v
    neuro.yield %v, %v : f64, f64
  } do {
  }
}

// -----

// neuron_c3
neuro.neuron @N {
  neuro.state @v = 0.0 "mV"
  neuro.equation @v {
    %v = neuro.get @v
    neuro.yield %v : f64
  }
  // expected-error @below {{`v` has two equations}}
  neuro.equation @v {
    %v = neuro.get @v
    neuro.yield %v : f64
  }
}

// -----

// get_c1
neuro.neuron @N {
  neuro.state @v = 0.0 "mV"
  neuro.equation @v {
    // expected-error @below {{reads @u, which is not declared in `N`}}
    %u = neuro.get @u
    neuro.yield %u : f64
  }
}

// -----

// get_c2
neuro.neuron @N {
  neuro.state @v = 0.0 "mV"
  neuro.equation @v {
    // expected-error @below {{names the other side of a connection outside of a synapse}}
    %u = neuro.get post @v
    neuro.yield %u : f64
  }
}

// -----

// set_c1
neuro.neuron @N {
  neuro.parameter @tau = 1.0 "ms"
  // expected-error @below {{names @tau, which is not a state of `N`}}
  neuro.equation @tau {
    %t = neuro.get @tau
    neuro.yield %t : f64
  }
}

// -----

// equation_c1
neuro.neuron @N {
  neuro.state @v = 0.0 "mV"
  neuro.equation @v {
    %v = neuro.get @v
    // expected-error @below {{yields 2 values; `neuro.equation` needs 1: derivative}}
    neuro.yield %v, %v : f64, f64
  }
}

// -----

// spike_c1
neuro.neuron @N {
  neuro.state @v = 0.0 "mV"
  neuro.spike crosses {
    %v = neuro.get @v
    // expected-error @below {{yields 1 values; `neuro.spike` needs 2: left side, right side}}
    neuro.yield %v : f64
  } do {
  }
}

// -----

// spike_c3
neuro.neuron @N {
  neuro.state @v = 0.0 "mV"
  // expected-error @below {{has two `refractory` statements}}
  neuro.spike crosses {
    %v = neuro.get @v
    neuro.yield %v, %v : f64, f64
  } do {
    %v = neuro.get @v
    neuro.refractory %v hold [@v]
    neuro.refractory %v hold [@v]
  }
}

// -----

// parameter_c1
neuro.neuron @N {
  // expected-error @below {{has a number and a default region; it can have one of them}}
  neuro.parameter @tau = 1.0 "ms" default {
    %c = arith.constant 1.0 : f64
    neuro.yield %c : f64
  }
}

// -----

// state_c1
neuro.neuron @N {
  // expected-error @below {{has 2 start values; it needs one of a number, `steady` and `init`}}
  neuro.state @v = 1.0 "mV" steady
}

// -----

// state_c1
neuro.neuron @N {
  // expected-error @below {{has 0 start values}}
  neuro.state @v "mV"
}

// -----

// format_c1
neuro.neuron @N {
  neuro.state @v = 0.0 "mV"
  // expected-error @below {{needs 0 to 63 bits}}
  neuro.format @v = 60 10
}

// -----

// couple_c1
neuro.neuron @N {
  neuro.compartment @a {
    neuro.input @I "pA"
    neuro.state @v = 0.0 "mV"
  }
  // expected-error @below {{names @a::@v, which is not an input}}
  neuro.couple @a::@v to @a::@I, @a::@v to @a::@v {
    %c = arith.constant 1.0 : f64
    neuro.yield %c : f64
  }
}

// -----

// add_c1
neuro.synapse @S {
  neuro.on pre {
    %c = arith.constant 1.0 : f64
    // expected-error @below {{acts on `pre`; a connection acts on `post` only}}
    neuro.add pre @v, %c
  }
}

// -----

// on_c1
neuro.synapse @S {
  // expected-error @below {{`on spike` is for rules attached to populations}}
  neuro.on spike {
  }
}

// -----

// bound_c1
neuro.plasticity @P {
  neuro.bound {
    %w = neuro.get @weight
    // expected-error @below {{yields 1 values; `neuro.bound` needs 2: lower bound, upper bound}}
    neuro.yield %w : f64
  }
}

// -----

// bound_c2
neuro.synapse @S {
  neuro.parameter @weight = 1.0 "nS"
  // expected-error @below {{does not say which state it bounds}}
  neuro.bound {
    %w = neuro.get @weight
    neuro.yield %w, %w : f64, f64
  }
}

// -----

// bound_c2
neuro.plasticity @P {
  neuro.state @x = 0.0 "1"
  // expected-error @below {{names a state; in a rule it bounds the weight}}
  neuro.bound of @x {
    %w = neuro.get @weight
    neuro.yield %w, %w : f64, f64
  }
}

// -----

// grow_c1
neuro.plasticity @P {
  neuro.grow {
    %w = neuro.get @weight
    // expected-error @below {{yields 'f64' as the condition, which must be i1}}
    neuro.yield %w, %w : f64, f64
  }
}

// -----

// draw_c1
neuro.synapse @S {
  neuro.parameter @weight "mV" default {
    %c = arith.constant 1.0 : f64
    // expected-error @below {{has 1 arguments; `normal` takes 2}}
    %d = neuro.draw normal(%c)
    neuro.yield %d : f64
  }
}

// -----

// draw_c2
neuro.synapse @S {
  neuro.parameter @weight "mV" default {
    %c = arith.constant 1.0 : f64
    // expected-error @below {{has 1 ends of an interval; `clip` takes 2}}
    %d = neuro.draw exponential(%c) clip(%c)
    neuro.yield %d : f64
  }
}

// -----

// within_c1
neuro.synapse @S {
  neuro.parameter @weight "mV" default {
    %a = arith.constant 1.0 : f64
    %b = arith.constant 2.0 : f64
    // expected-error @below {{has ranges that are no pairs of a first and a last element, ascending}}
    %in = neuro.within sources [4, 0] targets []
    %w = arith.select %in, %a, %b : f64
    neuro.yield %w : f64
  }
}
