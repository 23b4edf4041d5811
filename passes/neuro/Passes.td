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

#endif
