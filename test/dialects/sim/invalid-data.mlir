// The rules of single data ops; labels are those of the verifiers.
// RUN: synfire-opt %s --split-input-file --verify-diagnostics

// domain_c1
sim.program @p {
  // expected-error @below {{has -1 elements; a size is 0 or more}}
  sim.domain @E size -1
}

// -----

// domain_c2
sim.program @p {
  // expected-error @below {{has 2 elements and 1 names; each element has one name}}
  sim.domain @E size 2 names ["a"]
}

// -----

// domain_c3
sim.program @p {
  // expected-error @below {{emits -1 values with a spike; a number of values is 0 or more}}
  sim.domain @E size 2 emits -1
}

// -----

// domain_c4
sim.program @p {
  sim.domain @E size 2 emits 0
  // expected-error @below {{relays @E; a population of the model stands for itself, and relays are hidden}}
  sim.domain @F size 2 relays @E emits 0
}

// -----

// array_c1
sim.program @p {
  sim.domain @E size 2 emits 0
  // expected-error @below {{holds 'index'; values are f64, f32, i32 or i16}}
  sim.array @x : index state over @E
}

// -----

// array_c2
sim.program @p {
  // expected-error @below {{is over nothing}}
  sim.array @x : f64 state
}

// -----

// array_c3
sim.program @p {
  sim.domain @E size 2 emits 0
  // expected-error @below {{is placed at the source for no reason; a placement has a `why`}}
  sim.array @x : f64 state over @E placement source
}

// -----

// accumulator_c1
sim.program @p {
  sim.domain @E size 2 emits 0
  // expected-error @below {{sums in 'f64'; sums are i64 or i32}}
  sim.accumulator @a : f64 over @E scale @s inverse @s
}

// -----

// connections_c1
sim.program @p {
  sim.domain @E size 2 emits 0
  // expected-error @below {{`fixed_indegree` needs the argument `k`, an integer of 0 or more}}
  sim.connections @c from @E to @E rule fixed_indegree delay 1.0
}

// -----

// connections_c2
sim.program @p {
  sim.domain @E size 2 emits 0
  // expected-error @below {{`modular` needs the argument `p_out`, a number from 0 to 1}}
  sim.connections @c from @E to @E rule modular {groups = 2 : i64, p_in = 0.5, p_out = 1.5} delay 1.0
}

// -----

// connections_c3
sim.program @p {
  sim.domain @E size 2 emits 0
  // expected-error @below {{has no `pairs`; the rule `table` takes them from a list}}
  sim.connections @c from @E to @E rule table delay 1.0
}

// -----

// connections_c3
sim.program @p {
  sim.domain @E size 2 emits 0
  // expected-error @below {{lists `pairs`, but its rule is `one_to_one`; only `table` takes them from a list}}
  sim.connections @c from @E to @E rule one_to_one pairs dense<0> : tensor<2x1xi32> delay 1.0
}

// -----

// connections_c4
sim.program @p {
  sim.domain @E size 2 emits 0
  // expected-error @below {{lists pairs as 'tensor<1x2xi32>'; they are a tensor<2xNxi32> of sources and targets}}
  sim.connections @c from @E to @E rule table pairs dense<0> : tensor<1x2xi32> delay 1.0
}

// -----

// connections_c5
sim.program @p {
  sim.domain @E size 2 emits 0
  // expected-error @below {{has a delay and is `undelayed`; it can be one of them}}
  sim.connections @c from @E to @E rule one_to_one delay 1.0 undelayed
}

// -----

// connections_c10
sim.program @p {
  sim.domain @E size 2 emits 0
  // expected-error @below {{is stored `by_source_and_delay`, which only events with a delay can be}}
  sim.connections @c from @E to @E rule one_to_one undelayed layout by_source_and_delay
}

// -----

// connections_c11
sim.program @p {
  sim.domain @E size 2 emits 0
  // expected-error @below {{is `implicit`; only `one_to_one`, `all_to_all` and `all_but_one` with one delay}}
  sim.connections @c from @E to @E rule fixed_indegree {k = 1 : i64} delay 1.0 layout implicit
}

// -----

// connections_c12
sim.program @p {
  sim.domain @E size 2 emits 0
  // expected-error @below {{has the sight `delayed`, which only events with a delay that are stored `by_source` have}}
  sim.connections @c from @E to @E rule one_to_one delay 1.0 sight delayed layout by_source_and_delay
}

// -----

// connections_c6
sim.program @p {
  sim.domain @E size 2 emits 0
  // expected-error @below {{has a dendritic fraction of 2.000000e+00}}
  sim.connections @c from @E to @E rule one_to_one delay 1.0 dendritic_fraction 2.0
}

// -----

// spike_list_c1
sim.program @p {
  // expected-error @below {{gives times as f64 and elements as i32}}
  sim.spike_list @l through @c times dense<1.0> : tensor<1xf32> elements dense<0> : tensor<1xi32>
}

// -----

// spike_list_c2
sim.program @p {
  // expected-error @below {{has 2 times and 1 elements; each spike has one of both}}
  sim.spike_list @l through @c times dense<1.0> : tensor<2xf64> elements dense<0> : tensor<1xi32>
}

// -----

// cap_c1
sim.program @p {
  // expected-error @below {{bounds amounts of connections (`from`) and of a Poisson `drive`; each has a cap of its own}}
  sim.cap @a from @c drive @d headroom 1.0
}

// -----

// cap_c2
sim.program @p {
  // expected-error @below {{has a headroom of 0.000000e+00; amounts grow by a factor above 0}}
  sim.cap @a drive @d headroom 0.0
}

// -----

// run_c1
sim.program @p {
  // expected-error @below {{takes -1 steps; a number of steps is 0 or more}}
  sim.run "r" steps -1 step 0.1 seed 1 {}
}

// -----

// run_c2
sim.program @p {
  // expected-error @below {{has a step that is not positive}}
  sim.run "r" steps 1 step 0.0 seed 1 {}
}

// -----

// run_c3
sim.program @p {
  sim.run "r" steps 1 step 0.1 seed 1 {
    // expected-error @below {{has no place in `sim.run`, which holds records and actions}}
    sim.domain @E size 1
  }
}

// -----

// record_c1
sim.program @p {
  // expected-error @below {{writes every 0 steps; a period is 1 or more}}
  sim.record spikes @E every 0
}

// -----

// action_c1
sim.program @p {
  // expected-error @below {{stands at step -1; steps count from 0}}
  sim.action at -1 {}
}

// -----

// action_c2
sim.program @p {
  // expected-error @below {{acts every 0 steps; a period is 1 or more}}
  sim.action at 1 every 0 {}
}

// -----

// action_c3
sim.program @p {
  sim.action at 1 {
    // expected-error @below {{has no place in `sim.action`, which holds assignments}}
    sim.domain @E size 1
  }
}

// -----

// array_c6
sim.program @p {
  sim.domain @E size 2
  // expected-error @below {{is pending, but no array over connections}}
  sim.array @E.sent : f64 state over @E = 0.0 {pending}
}

// -----

// array_c5
sim.program @p {
  sim.domain @E size 2
  sim.array @E.v : f64 state over @E = 0.0
  // expected-error @below {{keeps the past of @E.v; it must be a history, and that an array of the same domain and type with a value for each element}}
  sim.array @E.past : f32 history over @E = 0.0 past_of @E.v
}

// -----

// constrain_c1
sim.program @p {
  // expected-error @below {{has 1 limits for 1 connections; each has a lower and an upper one}}
  sim.constrain limits of [@c] limits [0.0] text "c"
}

// -----

// constrain_c2
sim.program @p {
  // expected-error @below {{compares with a value if it is a sum or a density, and else does not}}
  sim.constrain sum of [@c] limits [0.0, 1.0] text "c"
}

// -----

// constrain_c3
sim.program @p {
  // expected-error @below {{compares by `<`; it is `==`, `<=` or `>=`}}
  sim.constrain density of [@c] limits [0.0, 1.0] "<" 0.5 text "c"
}

// -----

// constrain_c4
sim.program @p {
  // expected-error @below {{sums by `cell`; it is `pre` or `post`}}
  sim.constrain sum of [@c] limits [0.0, 1.0] "==" 0.5 by "cell" text "c"
}

// -----

// constrain_c6
sim.program @p {
  // expected-error @below {{has 1 lists of ranges for 1 connections; each has those of its sources and of its targets}}
  sim.constrain no_autapses of [@c] parts [array<i64>] limits [0.0, 1.0] text "c"
}

// -----

// constrain_c5
sim.program @p {
  // expected-error @below {{names @c, which is no connections of the program}}
  sim.constrain no_autapses of [@c] limits [0.0, 1.0] text "c"
}

// -----

// frames_c1
sim.program @p {
  // expected-error @below {{shows a frame for 0 steps; a period is 1 or more}}
  sim.frames @f "idx" images "x" every 0 index @i values []
}

// -----

// frames_c2
sim.program @p {
  // expected-error @below {{sets a label, and names no file of labels}}
  sim.frames @f "idx" images "x" every 1 index @i label @i values []
}

// -----

// each_frame_c1
sim.program @p {
  sim.each_frame @f {
    // expected-error @below {{has no place in `sim.each_frame`, which holds assignments}}
    sim.domain @E size 1
  }
}

// -----

// show_again_c1
sim.program @p {
  // expected-error @below {{needs one assignment that tells whether the frame is shown again}}
  sim.show_again @f if @i {} do {}
}

// -----

// show_again_c2
sim.program @p {
  sim.show_again @f if @i {
    // expected-error @below {{has no place in `sim.show_again`, which holds assignments}}
    sim.domain @E size 1
  } do {}
}
