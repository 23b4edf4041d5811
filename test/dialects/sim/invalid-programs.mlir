// The rules that tie data together; labels are those of the verifiers.
// RUN: synfire-opt %s --split-input-file --verify-diagnostics

// program_c1
sim.program @p {
  sim.domain @E size 2 emits 0
  sim.domain @N size 3
  // expected-error @below {{has no place in the program `p`}}
  sim.record spikes @E every 1
}

// -----

// symbol_c1
sim.program @p {
  sim.domain @E size 2 emits 0
  sim.domain @N size 3
  // expected-error @below {{names @X, which is no domain of the program}}
  sim.connections @c from @X to @E rule one_to_one delay 1.0
}

// -----

// symbol_c1
sim.program @p {
  sim.domain @E size 2 emits 0
  sim.domain @N size 3
  // expected-error @below {{names @E, which is no accumulator of the program}}
  sim.cap @E drive @E headroom 1.0
}

// -----

// symbol_c2
sim.program @p {
  sim.domain @E size 2 emits 0
  sim.domain @N size 3
  sim.array @E.v : f64 state over @E = 0.0
  sim.array @N.v : f64 state over @N = 0.0
  sim.array @u : f64 parameter uniform = 1.0
  // expected-error @below {{takes @E.v as its scale, which must be a `uniform` array: it is one number}}
  sim.accumulator @sum : i64 over @E scale @E.v inverse @u
}

// -----

// symbol_c2
sim.program @p {
  sim.domain @E size 2 emits 0
  sim.domain @N size 3
  sim.array @E.v : f64 state over @E = 0.0
  sim.array @N.v : f64 state over @N = 0.0
  sim.array @u : f64 parameter uniform = 1.0
  // expected-error @below {{takes @E.v as its inverse, which must be a `uniform` array: it is one number}}
  sim.accumulator @sum : i64 over @E scale @u inverse @E.v
}

// -----

// symbol_c2
sim.program @p {
  sim.domain @E size 2 emits 0
  sim.array @E.v : f64 state over @E = 0.0
  sim.array @u : f64 parameter uniform = 1.0
  // expected-error @below {{takes @E.v as its limit, which must be a `uniform` array: it is one number}}
  sim.accumulator @sum : i64 over @E scale @u inverse @u limit @E.v
}

// -----

// symbol_c2
sim.program @p {
  sim.domain @E size 2 emits 0
  sim.domain @N size 3
  sim.array @E.v : f64 state over @E = 0.0
  sim.array @N.v : f64 state over @N = 0.0
  sim.array @u : f64 parameter uniform = 1.0
  // expected-error @below {{takes @E.v as its exp_mean}}
  sim.drive @d mean @u exp_mean @E.v
}

// -----

// ranges_c1
sim.program @p {
  sim.domain @E size 2 emits 0
  sim.domain @N size 3
  // expected-error @below {{has an odd number of ends of ranges}}
  sim.connections @c from @E to @E rule one_to_one delay 1.0 source_ranges [0]
}

// -----

// ranges_c2
sim.program @p {
  sim.domain @E size 2 emits 0
  sim.domain @N size 3
  // expected-error @below {{selects 0 to 2 of @E, which has 2 elements}}
  sim.connections @c from @E to @E rule one_to_one delay 1.0 target_ranges [0, 2]
}

// -----

// array_c4
sim.program @p {
  sim.domain @E size 2 emits 0
  sim.domain @N size 3
  // expected-error @below {{lists 3 values; @E has 2 elements}}
  sim.array @x : f64 state over @E values dense<1.0> : tensor<3xf64>
}

// -----

// connections_c8
sim.program @p {
  sim.domain @E size 2 emits 0
  sim.domain @N size 3
  // expected-error @below {{has its delay from one of: a number, a `sim.values` with the role "delay", or none (`undelayed`)}}
  sim.connections @c from @E to @E rule one_to_one
}

// -----

// connections_c9
sim.program @p {
  sim.domain @E size 2 emits 0
  sim.domain @N size 3
  // expected-error @below {{has its probability from one of: the argument `p`}}
  sim.connections @c from @E to @E rule probability delay 1.0
}

// -----

// spike_list_c4
sim.program @p {
  sim.domain @E size 2 emits 0
  sim.domain @N size 3
  sim.array @E.late : f64 parameter over @E = 0.0
  sim.connections @c from @E to @N rule one_to_one delay 1.0
  // expected-error @below {{has its delays from @E.late, which is no array over the elements that get the spikes}}
  sim.spike_list @given through @c times dense<1.0> : tensor<1xf64> elements dense<0> : tensor<1xi32> {delays = @E.late}
}

// -----

// spike_list_c3
sim.program @p {
  sim.domain @E size 2 emits 0
  sim.domain @N size 3
  sim.connections @c from @E to @N rule one_to_one delay 1.0
  // expected-error @below {{has a spike of element 2; @E has 2 elements}}
  sim.spike_list @l through @c times dense<1.0> : tensor<1xf64> elements dense<2> : tensor<1xi32>
}

// -----

// record_c2
sim.program @p {
  sim.domain @E size 2 emits 0
  sim.domain @N size 3
  sim.run "r" steps 1 step 0.1 seed 1 {
    // expected-error @below {{writes spikes of @N, whose elements do not spike}}
    sim.record spikes @N every 1
  }
}

// -----

// record_c3
sim.program @p {
  sim.domain @E size 2 emits 0
  sim.domain @N size 3
  sim.array @E.v : f64 state over @E = 0.0
  sim.array @N.v : f64 state over @N = 0.0
  sim.array @u : f64 parameter uniform = 1.0
  sim.run "r" steps 1 step 0.1 seed 1 {
    // expected-error @below {{writes @N.v of @E, but the array is not over that domain}}
    sim.record @N.v of @E every 1
  }
}

// -----

// frames_c3
sim.program @p {
  sim.array @i : f64 history uniform = 0.0
  // expected-error @below {{sets @i, which must have a value for each element of a domain}}
  sim.frames @f "idx" images "x" every 1 index @i values [@i]
}

// -----

// answers_c1
sim.program @p {
  sim.domain @N size 3
  sim.array @i : f64 history uniform = 0.0
  sim.array @n : f64 history over @N = 0.0
  sim.frames @f "idx" images "x" every 1 index @i values []
  // expected-error @below {{counts spikes of @N, whose elements do not spike}}
  sim.answers @a of @N to @f counts @n
}

// -----

// answers_c2
sim.program @p {
  sim.domain @E size 2 emits 0
  sim.array @i : f64 history uniform = 0.0
  sim.frames @f "idx" images "x" every 1 index @i values []
  // expected-error @below {{needs @i to be an array over @E}}
  sim.answers @a of @E to @f counts @i
}
