// Times that are no multiple of the step are rounded, with a warning.
// RUN: synfire-opt %s --neuro-round-times --verify-diagnostics

neuro.neuron @N {
  neuro.state @v = 0.0 "mV"
}
neuro.synapse @S {
  neuro.on pre {
    %w = arith.constant 1.0 : f64
    neuro.add post @v, %w
  }
}
neuro.circuit @C {
  neuro.population @P of @N size 1 {}
  neuro.projection @exact from <@P> to <@P> through @S connect one_to_one set {delay = 0.3} {}
  // expected-warning @below {{a delay of 1.55 ms is 15.5 steps of 0.1 ms; rounded to 16 steps}}
  neuro.projection @rounded from <@P> to <@P> through @S connect one_to_one set {delay = 1.55} {}
  // expected-warning @below {{a delay of 0.04 ms is less than one step; an event takes at least one step, 0.1 ms}}
  neuro.projection @short from <@P> to <@P> through @S connect one_to_one set {delay = 0.04} {}
}
neuro.experiment {
  neuro.simulate @C for 10.0 step 0.1 seed 1 as "main" {
    // expected-warning @below {{a time of 0.25 ms}}
    neuro.at 0.25 {}
  }
}
