// What cannot be run yet is refused where it stands, in the words of the language.
// RUN: synfire-opt %s --neuro-check-supported --split-input-file --verify-diagnostics

// A third factor must be one number, a state, and bound.
neuro.neuron @N {
  neuro.parameter @g = 1.0 "1"
  neuro.state @v = 0.0 "mV"
  neuro.spike at_or_above {
    %v = neuro.get @v
    neuro.yield %v, %v : f64, f64
  } do {}
}
neuro.synapse @S {
  neuro.parameter @weight "mV"
  neuro.input @several "1"
  neuro.input @fixed "1"
  neuro.input @unbound "1"
  neuro.on pre {
    %w = neuro.get @weight
    neuro.add post @v, %w
  }
}
neuro.circuit @C {
  neuro.population @P of @N size 3 {}
  // expected-error @below {{the third factor `unbound` of `p` is not bound to anything; give it where the rule is attached}}
  neuro.projection @p from <@P> to <@P> through @S connect one_to_one set {weight = 1.0} {
    // expected-error @below {{the third factor `several` of `p` must be a value of one cell, and `P` has several; name one, as in `P[0].v`}}
    neuro.bind @several to <@P> @v
    // expected-error @below {{the third factor `fixed` of `p` must be a state, and `g` of `P` is none}}
    neuro.bind @fixed to <@P[0, 0]> @g
  }
}

// -----

// What follows the target's spikes.
neuro.neuron @Graded { neuro.state @v = 0.0 "mV" }
neuro.neuron @N {
  neuro.state @v = 0.0 "mV"
  neuro.spike at_or_above {
    %v = neuro.get @v
    neuro.yield %v, %v : f64, f64
  } do {}
}
neuro.synapse @S {
  neuro.parameter @weight "mV"
  // expected-error @below {{`on post` waits for spikes of `G`, which has no spike rule}}
  // expected-error @below {{`on post` in the synapse of a stimulus cannot be run yet}}
  neuro.on post {
    %w = neuro.get @weight
    // expected-error @below {{a statement of `on post` that acts on the target cannot be run yet}}
    neuro.add post @v, %w
  }
}
neuro.circuit @C {
  neuro.population @P of @N size 3 {}
  neuro.population @G of @Graded size 3 {}
  // expected-note @below {{used by `p`}}
  neuro.projection @p from <@P> to <@G> through @S connect one_to_one set {weight = 1.0} {}
  // expected-note @below {{used by `q`}}
  neuro.projection @q from <@P> to <@P> through @S connect one_to_one set {weight = 1.0} dendritic_fraction 0.0 {}
  // expected-note @below {{used by `s`}}
  neuro.stimulus @s poisson to <@P> through @S arguments {rate = 1.0} set {weight = 1.0} {}
}

// -----

// A conductance with a time constant of each connection's own that rises by what the target is when the event arrives.
neuro.neuron @N {
  neuro.input @I "pA"
  neuro.state @v = 0.0 "mV"
}
neuro.synapse @S {
  neuro.parameter @weight "nS"
  neuro.parameter @tau "ms"
  // expected-note @below {{`g` is declared here}}
  neuro.state @g = 0.0 "nS"
  neuro.equation @g {
    %g = neuro.get @g
    %tau = neuro.get @tau
    %0 = arith.divf %g, %tau : f64
    %1 = arith.negf %0 : f64
    neuro.yield %1 : f64
  }
  neuro.state @x = 1.0 "1"
  neuro.on pre {
    %w = neuro.get @weight
    %v = neuro.get post @v
    %0 = arith.mulf %w, %v : f64
    neuro.add @g, %0
    neuro.add @x, %w
  }
  neuro.contribute @I {
    %g = neuro.get @g
    neuro.yield %g : f64
  }
}
neuro.circuit @C {
  neuro.population @P of @N size 1 {}
  // expected-error @below {{`p` needs the synapse state `g` on each connection, which cannot be run yet: `tau` differs from connection to connection; and a handler reads `post.v` at the arrival}}
  // expected-note @below {{with `dendritic_fraction` 0 the synapse sees spikes when they arrive}}
  neuro.projection @p from <@P> to <@P> through @S connect one_to_one set {weight = 1.0} {
    neuro.init @delay {
      %a = arith.constant 1.0 : f64
      %b = arith.constant 2.0 : f64
      %u = neuro.draw uniform(%a, %b)
      neuro.yield %u : f64
    }
    neuro.init @tau {
      %a = arith.constant 1.0 : f64
      %b = arith.constant 2.0 : f64
      %u = neuro.draw uniform(%a, %b)
      neuro.yield %u : f64
    }
  }
}

// -----

// What nothing uses may say anything.
neuro.neuron @Unused {
  neuro.state @v = 0.0 "mV"
  neuro.format @v = 40 10
}

// -----

// N9: formats are of states, and as long as what holds them.
neuro.neuron @N {
  neuro.state @v = 0.0 "mV"
  neuro.parameter @tau = 20.0 "ms"
  neuro.format @v = 6 10
  // expected-error @below {{a `format` of what is no state cannot be run yet}}
  neuro.format @tau = 6 10
  // expected-error @below {{a `format` of more than 48 bits cannot be run yet}}
  neuro.format @v = 39 10
}
neuro.circuit @C {
  neuro.population @P of @N size 1 {}
}

// -----

// G3: what is read where the synapse sees the spike, after an axonal delay.
neuro.neuron @N {
  neuro.state @v = 0.0 "mV"
}
neuro.synapse @S {
  neuro.parameter @weight "mV"
  neuro.on pre {
    // expected-error @below {{`pre.v` in `on pre` where the delay has no dendritic part cannot be run yet: the synapse sees the spike before the cells have made their step}}
    %v = neuro.get pre @v
    neuro.add post @v, %v
  }
}
neuro.circuit @C {
  neuro.population @P of @N size 1 {}
  // expected-note @below {{used by `p`; with a larger `dendritic_fraction` it sees the spike earlier}}
  neuro.projection @p from <@P> to <@P> through @S connect one_to_one set {weight = 1.0, delay = 2.0} dendritic_fraction 0.0 {}
  neuro.projection @q from <@P> to <@P> through @S connect one_to_one set {weight = 1.0, delay = 2.0} dendritic_fraction 0.5 {}
}

// -----

// A third factor that is not known either, and one that is; and what reads the target for itself.
neuro.neuron @N {
  neuro.state @v = 0.0 "mV"
}
neuro.synapse @S {
  neuro.parameter @weight "mV"
  neuro.input @now "1"
  neuro.input @past "1"
  neuro.state @x = 1.0 "1"
  neuro.on pre {
    %w = neuro.get @weight
    // expected-error @below {{`now` in `on pre` where the delay has no dendritic part cannot be run yet}}
    %a = neuro.get @now
    %b = neuro.get @past
    %c = arith.mulf %a, %b : f64
    %v = neuro.get post @v
    // expected-error @below {{`post.v` in `on pre` where the delay has no dendritic part cannot be run yet}}
    %u = neuro.get post @v
    neuro.add @x, %c
    neuro.add @x, %u
    %1 = arith.mulf %w, %v : f64
    neuro.add post @v, %1
  }
}
neuro.circuit @C {
  neuro.population @P of @N size 1 {}
  // expected-note @below {{used by `p`; with a larger `dendritic_fraction` it sees the spike earlier}}
  neuro.projection @p from <@P> to <@P> through @S connect one_to_one set {weight = 1.0} dendritic_fraction 0.0 {
    neuro.bind @now to <@P> @v
    neuro.bind @past to <@P> @v delay 2.0
  }
}

// -----

// Inputs are sums of contributions: a contribution reads none of them, nor a let that does.
neuro.neuron @N {
  neuro.input @I "pA"
  neuro.state @v = 0.0 "mV"
  neuro.let @twice "pA" {
    %i = neuro.get @I
    %0 = arith.addf %i, %i : f64
    neuro.yield %0 : f64
  }
  neuro.let @clock "ms" {
    %t = neuro.time
    neuro.yield %t : f64
  }
  neuro.let @rough "1" {
    %n = neuro.noise "n"
    neuro.yield %n : f64
  }
}
neuro.synapse @S {
  neuro.contribute @I {
    // expected-error @below {{a contribution cannot read `pre.I` here: inputs are sums of contributions; read a state}}
    %i = neuro.get pre @I
    // expected-error @below {{a contribution cannot read `pre.twice` here: it depends on the input `I`, and inputs are sums of contributions; make it a state}}
    %j = neuro.get pre @twice
    // expected-error @below {{a contribution cannot read `pre.clock` here: it depends on the time and comes with a delay; make it a state}}
    %k = neuro.get pre @clock
    // expected-error @below {{a contribution cannot read `pre.rough` here: it depends on noise; make it a state}}
    %l = neuro.get pre @rough
    %0 = arith.addf %i, %j : f64
    %1 = arith.addf %0, %k : f64
    %2 = arith.addf %1, %l : f64
    neuro.yield %2 : f64
  }
}
neuro.circuit @C {
  neuro.population @P of @N size 1 {}
  // expected-note @below {{used by `p`}}
  neuro.projection @p from <@P> to <@P> through @S connect one_to_one set {delay = 2.0} {}
}

// -----

// What a delayed stimulus would read is the frame before, or the parameter before it changed.
neuro.neuron @N {
  neuro.state @v = 0.0 "mV"
  neuro.parameter @gain = 1.0 "kHz"
  neuro.parameter @same = 1.0 "kHz"
}
neuro.synapse @S {
  neuro.parameter @weight "mV"
  neuro.on pre {
    %w = neuro.get @weight
    neuro.add post @v, %w
  }
}
neuro.circuit @C {
  neuro.frames @f "idx" images "x" every 10.0
  neuro.population @P of @N size 3 {}
  // expected-note @below {{stimulate a population of relays instead, and project it with `one_to_one`}}
  neuro.stimulus @s poisson to <@P> through @S set {weight = 1.0, delay = 2.0} {
    neuro.argument "rate" {
      // expected-error @below {{a delay of `s`, which follows frames, cannot be run: what it was then is not kept}}
      %x = neuro.frame_value @f "value"
      // expected-error @below {{a delay of `s`, which follows `gain`, that changes in the run, cannot be run: what it was then is not kept}}
      %gain = neuro.get @gain
      %same = neuro.get @same
      %0 = arith.mulf %x, %gain : f64
      %1 = arith.mulf %0, %same : f64
      neuro.yield %1 : f64
    }
  }
}
neuro.experiment {
  neuro.simulate @C for 10.0 step 0.1 seed 1 as "main" {
    neuro.at 1.0 {
      neuro.assign of <@P> @gain {
        %two = arith.constant 2.0 : f64
        neuro.yield %two : f64
      }
    }
  }
}
