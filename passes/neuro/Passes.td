//===- Passes.td - the passes of the neuro level ---===//
//
// An exact pass keeps every rounding of the program; a numeric pass defines the arithmetic. Before
// `neuro-choose-solvers` a model has no arithmetic yet, so passes before it are called definitional:
// they say what a construct of the language means.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_PASSES_NEURO
#define SYNFIRE_PASSES_NEURO

include "mlir/Pass/PassBase.td"

def NeuroFlattenCompartments : Pass<"neuro-flatten-compartments", "::mlir::ModuleOp"> {
  let summary = "makes compartments prefixed variables of the neuron (N8)";
  let description = [{
    Definitional. The variables of `soma` become `@"soma.v"`. A read of a compartment's input in an
    equation or let becomes the input plus g * (other - self) for every coupling that flows into it,
    added from left to right in the order of the couplings; the input itself comes first. The cell's
    spike is that of its first compartment with a spike rule. Projections, stimuli, records and
    protocols that name a compartment name the prefixed variables afterwards; a synapse used between
    compartments is copied for them (`@"Ampa>dend"`).

    Before:
    ```mlir
    neuro.compartment @soma { neuro.state @v = 0.0 "mV" ... neuro.get @I ... }
    neuro.couple @soma::@v to @soma::@I, @dend::@v to @dend::@I { ... neuro.yield %g : f64 }
    ```
    After:
    ```mlir
    neuro.state @"soma.v" = 0.0 "mV"
    %i = neuro.get @"soma.I"
    %d = neuro.get @"dend.v"
    %s = neuro.get @"soma.v"
    %0 = arith.subf %d, %s : f64
    %1 = arith.mulf %g, %0 : f64
    %2 = arith.addf %i, %1 : f64
    ```
  }];
}

def NeuroAttachRules : Pass<"neuro-attach-rules", "::mlir::ModuleOp"> {
  let summary = "makes plasticity rules part of the synapses and neurons that they change (P1, P2, P3)";
  let description = [{
    Definitional. A projection with rules gets a synapse type of its own, `@"Delta+Stdp"`, shared by all
    projections with the same rules: the parameter that a rule is attached to becomes a state of it,
    the rule's variables become `@"Stdp.x"`, and its handlers stand before those of the synapse, so that
    rules come before transmission. A bound clips what a statement assigns, and the value after a
    continuous step. A rule of a population is merged into the neuron in the same way; its `on spike` runs
    after the reset.

    Before:
    ```mlir
    neuro.plasticity @Stdp { neuro.state @x = 0.0 "1" ... neuro.on post { %x = neuro.get @x neuro.add @weight, %x } }
    neuro.projection @ee from <@E> to <@E> through @Delta ... { neuro.attach @Stdp of @Stdp on @weight { } }
    ```
    After:
    ```mlir
    neuro.synapse @"Delta+Stdp" {
      neuro.state @weight = 0.1 "mV"
      neuro.state @"Stdp.x" = 0.0 "1"
      neuro.on post { %x = neuro.get @"Stdp.x" neuro.add @weight, %x }
      neuro.on pre { %w = neuro.get @weight neuro.add post @v, %w }
    }
    neuro.projection @ee from <@E> to <@E> through @"Delta+Stdp" ... {}
    ```
  }];
}

def NeuroCheckConstraints : Pass<"neuro-check-constraints", "::mlir::ModuleOp"> {
  let summary = "refuses priors that contradict each other, a rule or a weight (R3)";
  let description = [{
    Definitional. Errors name both places: two constraints that leave no weight, a constraint and the bound of
    an attached rule, a start value or a protocol's value outside. Then each `constrain` gets `limits`: the lower and the
    upper limit of the weight, from constraints and the bounds of rules, for each of its projections; periodic
    constraints move weights inside them only.

    ```mlir
    neuro.constrain effect of ["E->E"] "==" { neuro.yield %minus : f64 }   // error: the weight is 0.1
    ```
  }];
}

def NeuroEnforceLimits : Pass<"neuro-enforce-limits", "::mlir::ModuleOp"> {
  let summary = "keeps weights where `effect` and `bound` of priors let them be (R2)";
  let description = [{
    Definitional. A projection whose weight rules change gets a synapse type with the parameters `#lower` and
    `#upper`, at which every statement that changes the weight is clipped, after the rule's own bound, and walls at
    them if the weight has an equation. Start values that are drawn, and what protocols assign, are clipped, too; those read
    from a file stay, and are checked when the model is built.

    Before:
    ```mlir
    neuro.on post { %x = neuro.get @Stdp.x  neuro.add @weight, %x }
    neuro.projection @ee ... set {weight = 0.1}
    neuro.constrain effect of ["ee"] "==" { neuro.yield %one : f64 }
    ```
    After:
    ```mlir
    neuro.parameter @"#lower" = 0.0 "mV"
    neuro.on post {
      %x = neuro.get @Stdp.x  %w = neuro.get @weight  %0 = arith.addf %w, %x : f64
      %low = neuro.get @"#lower"  %1 = arith.maximumf %0, %low : f64
      neuro.set @weight, %1
    }
    ```
  }];
}

def NeuroLowerStructure : Pass<"neuro-lower-structure", "::mlir::ModuleOp"> {
  let summary = "makes `prune` and `grow` timers of a flag that says whether a connection is there (P5)";
  let description = [{
    Definitional. The rule of a projection says which connections there may be. Each has the state `#present`; where it is 0
    the weight is 0 and no statement changes it. `prune` clears it; `grow` sets it with a probability, and gives the weight of
    the projection (`#start`). A density has it as well, where rules move the weights. `no_autapses` becomes an
    argument of the connect rule.

    Before:
    ```mlir
    neuro.prune every 100.0 { ... neuro.yield %weak : i1 }
    ```
    After:
    ```mlir
    neuro.every 100.0 {
      ... %w = arith.select %weak, %zero, %weight : f64  neuro.set @weight, %w
      %p = arith.select %weak, %zero, %present : f64  neuro.set @"#present", %p
    }
    ```
  }];
}

def NeuroProveLimits : Pass<"neuro-prove-limits", "::mlir::ModuleOp"> {
  let summary = "removes limits of weights that no rule can break (R3)";
  let description = [{
    Exact: what is removed never acts. The states of a synapse type are bounded by intervals that all
    handlers, timers and equations keep (`analysis/Invariants.h`); a clip whose value is proven to be inside goes, and a wall that
    the weight's equation cannot reach, so that the weight need not be stepped. Ends other than 0 must be missed by more
    than rounding, unless the value is one of two numbers that are inside. `outcome` tells what was found.

    Before, with x >= 0:
    ```mlir
    %0 = arith.addf %w, %x : f64  %1 = arith.maximumf %0, %low : f64  neuro.set @weight, %1
    ```
    After:
    ```mlir
    %0 = arith.addf %w, %x : f64  neuro.set @weight, %0
    ```
  }];
}

def NeuroInlineLets : Pass<"neuro-inline-lets", "::mlir::ModuleOp"> {
  let summary = "replaces reads of a let by its expression";
  let description = [{
    Exact. A `noise` in a let keeps its stream, so that equal streams remain equal numbers (N6).
    Reads of `pre` and `post` stay: which neuron they mean is known per projection only.

    Before:
    ```mlir
    neuro.let @half "mV" { %v = neuro.get @v %h = arith.mulf %v, %c : f64 neuro.yield %h : f64 }
    neuro.equation @u { %0 = neuro.get @half neuro.yield %0 : f64 }
    ```
    After:
    ```mlir
    neuro.let @half "mV" { %v = neuro.get @v %h = arith.mulf %v, %c : f64 neuro.yield %h : f64 }
    neuro.equation @u { %v = neuro.get @v %h = arith.mulf %v, %c : f64 neuro.yield %h : f64 }
    ```
  }];
}

def NeuroHoldFactors : Pass<"neuro-hold-factors", "::mlir::ModuleOp"> {
  let summary = "computes weights from numbers of both ends where `low_rank` says so (R1)";
  let description = [{
    Definitional. The weight that the projection gives is written as a sum of products of a number of the
    source and a number of the target. The projection gets a synapse type of its own, in which the sum
    stands where the weight was read; nothing is stored for a connection. A jump becomes one for each
    product, because each has a factor of the target of its own. `low_rank` alone connects all to all.

    Before:
    ```mlir
    neuro.synapse @Jump { neuro.parameter @weight = 0.1 "mV" neuro.on pre { %w = neuro.get @weight neuro.add post @v, %w } }
    neuro.projection @ee from <@E> to <@E> through @Jump connect all_to_all {rank = 1 : i64} {
      neuro.init @weight { %n = neuro.get pre @n %m = neuro.get post @m %w = arith.mulf %n, %m : f64 neuro.yield %w : f64 }
    }
    ```
    After:
    ```mlir
    neuro.synapse @"Jump#ee" {
      neuro.on pre { %n = neuro.get pre @n %m = neuro.get post @m %w = arith.mulf %n, %m : f64 neuro.add post @v, %w }
    }
    neuro.projection @ee from <@E> to <@E> through @"Jump#ee" connect all_to_all { }
    ```
  }];
}

def NeuroRemoveSingularities : Pass<"neuro-remove-singularities", "::mlir::ModuleOp"> {
  let summary = "evaluates removable singularities by their limit (N3)";
  let description = [{
    Numeric. A quotient p / (s * (exp(u) - 1)), in any order of signs and factors, where p = c * u for
    all values of the parameters and c is free of states, becomes (c / s) * g(u) with
    g(u) = u / (exp(u) - 1), by its series where |u| < 0.1. The relative error of g is below 2e-14
    everywhere, for an exp with an error of at most 4 units in the last place. That p vanishes with u
    is proven on their affine forms in the one state they read, as polynomials in the parameters.
    Other quotients stay.

    Before:
    ```mlir
    %p = arith.addf %v, %c40 : f64          %u = arith.divf %p, %cm10 : f64
    %e = math.exp %u : f64                  %q = arith.subf %c1, %e : f64
    %a = arith.divf %p, %q : f64
    ```
    After, with c = -10:
    ```mlir
    %a = arith.mulf %c, %g : f64            // g = |u| < 0.1 ? series : u / (exp(u) - 1)
    ```
  }];
}

def NeuroResolveSteady : Pass<"neuro-resolve-steady", "::mlir::ModuleOp"> {
  let summary = "gives `steady` states their start value (N2)";
  let description = [{
    Definitional. For x' = a x + b the start value is -b / a, with the other states at their start
    values, inputs, noise and the time 0. An equation that is not linear in its state, and steady
    values that need each other, are errors.

    Before:
    ```mlir
    neuro.state @m "1" steady
    neuro.equation @m { ... neuro.yield %0 : f64 }   // r(v) - s(v) * m
    ```
    After:
    ```mlir
    neuro.state @m "1" init { ... neuro.yield %1 : f64 }   // -r(v) / -s(v)
    ```
  }];
}

def NeuroRoundTimes : Pass<"neuro-round-times", "::mlir::ModuleOp"> {
  let summary = "warns where the grid changes a duration, delay or period";
  let description = [{
    Exact: changes nothing. A time is rounded to steps once, halves away from zero; the rule itself is
    in `runtime/random/Grid.h`. Delays that are drawn are counted by the runtime.

    ```mlir
    neuro.simulate @B for 10.05 step 0.1 ...   // warning: a duration of 10.05 ms is 100.5 steps
    ```
  }];
}

def NeuroCheckSupported : Pass<"neuro-check-supported", "::mlir::ModuleOp"> {
  let summary = "refuses what no target can lower yet";
  let description = [{
    Exact: changes nothing. Every construct of the language has its ops; this pass is the one place that
    says which of them cannot be run. Types that nothing uses may say anything.

    ```mlir
    neuro.attach @Stdp of @Stdp on @weight {}  // error: `with`, a plasticity rule ..., cannot be run yet
    ```
  }];
}

def NeuroReadFrames : Pass<"neuro-read-frames", "::mlir::ModuleOp"> {
  let summary = "checks the files of frames, and that what reads a frame has its size (C7)";
  let description = [{
    Definitional. Reads the files that `neuro.frames` names, as the runtime does again when the program runs:
    a file that is missing, damaged or cut off, and labels that are no whole numbers or not as many as
    the frames, are told here with their place. The values of a frame belong to the elements of a
    population, which must be as many. Changes nothing.

    ```mlir
    neuro.frames @digits "idx" images "x.gz" every 500.0       // 28 x 28 numbers each
    neuro.stimulus @s poisson to <@X> ... { ... neuro.frame_value @digits "value" ... } // X: 784 elements
    ```
  }];
}

def NeuroChooseSolvers : Pass<"neuro-choose-solvers", "::mlir::ModuleOp"> {
  let summary = "chooses a solver for every state, with its reason (X1)";
  let description = [{
    Numeric. For each population, its neuron's states and the lumped states of the synapses onto it
    are one system, contributions substituted:

    - `exact`: the largest set of states whose equations are affine in the set, with constant
      coefficients, and read no state outside of it nor the time; noise enters additively.
    - `rk4`: a state whose equation is nonlinear in itself; a state in a cycle with such a one (or
      with one that does not occur in its own equation) whose own coefficient is constant; one that
      reads the time. All `rk4` states of a population take one step together.
    - `implicit`: instead of `rk4`, where the population is stiff: linearised at the start values, with
      inputs at 0, its equations let deviations decay, and a step of rk4 would make them grow.
    - `exponential_euler`: every other state: linear in itself.

    A state advanced by one solver is held at its value at t for the others. `neuro.solve` overrides
    the choice. A solution is named `v` for a state of the neuron, `projection.g` for a lumped state,
    and `projection[*].x` for a state that is not lumped; of a receptor that several projections
    share, each is named. A `solve` that stands already is left alone.

    Before:
    ```mlir
    neuro.population @E of @Lif size 10 {}
    ```
    After:
    ```mlir
    neuro.population @E of @Lif size 10 solve [#neuro.solution<"v" exact 1 "linear, constant coefficients">] {}
    ```
  }];
}

def NeuroVerifyPrepared : Pass<"neuro-verify-prepared", "::mlir::ModuleOp"> {
  let summary = "verifies that everything that shows in the answers is settled";
  let description = [{
    The border between `neuro` and what lowers or interprets it: no compartments, no references to
    them, no reads of a let of the declaration's own, no `steady` state, and on every population a
    `solve` with a solution for each state that has an equation.
  }];
}

#endif
