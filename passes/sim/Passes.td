//===- Passes.td - passes on sim programs ---===//
include "mlir/Pass/PassBase.td"

def SimShareExponentialsPass : Pass<"sim-share-exponentials"> {
  let summary = "one exponential where others are its powers (numeric)";
  let description = [{
    In updates, exp(k u + c) becomes exp(u)^k exp(c) where exp(u) is computed for the same element, k is a
    whole number up to 16 and c a number of magnitude 8 at most. The rates of a channel are exponentials
    of one potential over a few round numbers of millivolts: of the six of Hodgkin and Huxley's squid axon
    two are left. exp(c) is computed once for all elements. The relative error is k times that of an
    exponential, and one unit in the last place for each product.

    ```mlir
    %a = arith.mulf %v, %fortieth : f64    %e = math.exp %a : f64
    %b = arith.mulf %v, %fifth : f64       %f = math.exp %b : f64
    ->
    %a = arith.mulf %v, %fortieth : f64    %e = math.exp %a : f64
    %f = math.fpowi %e, %c8 : f64, i32
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect"];
}

def SimExpandMathPass : Pass<"sim-expand-math"> {
  let summary = "replace elementary functions by arithmetic (numeric)";
  let description = [{
    exp, expm1, log, log10, sin, cos, tan, tanh, pow, round become `arith` and `math.fma`, with the
    bounds stated in MathExpansion.h, so that no target calls a math library and all agree. The maximum or
    minimum of a value and of what is the same for all elements becomes a comparison and a choice: NaN
    stays NaN, and a bound of 0 leaves -0 as it is.

    ```mlir
    %1 = math.tanh %0 : f64
    ->
    %c = arith.constant ... %1 = math.fma ...
    ```
  }];
  let options = [
    Option<"exponentials", "exponentials", "bool", "true", "also exp in kernels of updates, of which fixed point has its own">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect"];
}

def SimInvertDivisorsPass : Pass<"sim-invert-divisors"> {
  let summary = "multiply by the reciprocal of what is the same for all elements (numeric)";
  let description = [{
    In steps of cells and connections, a quotient by a constant, a parameter or an expression of them becomes a product
    with its reciprocal, which is computed once for all: a division costs as much as ten products. The
    relative error grows from a half to at most one and a half units in the last place. Where the divisor is
    0 or infinite, 0 / 0 and inf / inf stay NaN; below 2^-1022 in magnitude its reciprocal is infinite.

    ```mlir
    %q = arith.divf %x, %C : f64
    ->
    %r = arith.divf %one, %C : f64   %q = arith.mulf %x, %r : f64
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def SimFormFmaPass : Pass<"sim-form-fma"> {
  let summary = "contract products that are added once (numeric)";
  let description = [{
    The only place where multiplications and additions are fused; later levels keep them as they are.

    ```mlir
    %p = arith.mulf %a, %b : f64   %s = arith.addf %p, %c : f64
    ->
    %s = math.fma %a, %b, %c : f64
    ```
  }];
  let dependentDialects = ["::mlir::math::MathDialect"];
}

def SimLowerPrecisionPass : Pass<"sim-lower-precision"> {
  let summary = "keep states, derived values and update kernels in f32, sums in i32 (numeric)";
  let description = [{
    Parameters and the kernels that derive, draw or assign stay in f64; they convert where they store.
    Values per connection that the amounts of spikes follow from, drawn weights, become 16-bit
    multiples of a power of two (random.md). Numbers of steps, of which a run may have more than single precision
    can count, stay in f64, their differences are rounded.

    ```mlir
    sim.array @"E.v" : f64 state over @E
    ->
    sim.array @"E.v" : f32 state over @E
    ```
  }];
}

def SimChooseLayoutsPass : Pass<"sim-choose-layouts", "::mlir::ModuleOp"> {
  let summary = "store connections by source and delay, or not at all, where their amounts never change (exact)";
  let description = [{
    An event that always brings the same amount needs no kernel when it acts: the amount is computed
    once, and what a step has to add is known ahead. Kernels that read the target, a latched value or
    something that a protocol changes stay with rows by source. Regular connections of one amount and one
    delay are not stored.

    ```mlir
    sim.connections @"E->E" from @E to @E rule fixed_indegree {k = 1000 : i64} delay 1.5
    sim.deliver @deliver_Ampa over @"E->E" bind [...]
    ->
    sim.connections @"E->E" from @E to @E rule fixed_indegree {k = 1000 : i64} delay 1.5 layout by_source_and_delay why "..."
    sim.deliver @deliver_Ampa_amount over @"E->E" bind [...]
    ```
  }];
}

def SimRemoveDeadStatePass : Pass<"sim-remove-dead-state", "::mlir::ModuleOp"> {
  let summary = "drop states that influence nothing that a run shows (exact)";
  let description = [{
    Spikes, weights, what is recorded, what a protocol, a constraint or a frame refers to, and all that these are computed
    from stay. Other states go, with the statements that move them, their start values, and what only they read; a
    value that spikes carry for them becomes 0. A kernel that serves several populations keeps what one of them
    needs. `sim.removed` on the program says what went, and why. Only where nobody looks at all states: a
    checkpoint has them, and so has a program that is built to be run later.

    ```mlir
    sim.set @v, %0 : f64   sim.set @unread, %1 : f64
    ->
    sim.set @v, %0 : f64
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def SimFreezePass : Pass<"sim-freeze", "::mlir::ModuleOp"> {
  let summary = "put the numbers of one instance into the code (exact)";
  let description = [{
    `sim.instance` on the program gives the values of uniform arrays, as the program that was built computed them. Reads of
    those become constants, and what follows is folded, with each rounding as it was. Kernels are shared by the launches that
    have the same numbers, derived values need no `derive`, and uniform arrays that nothing reads go. Arrays over domains
    get their start values as `values`, and need no `init`. What a protocol or frames change, and what
    follows from it, stays data.
    Targets without memory for parameters need it.

    ```mlir
    sim.kernel @k { sim.field @v element : f64  sim.field @P uniform : f64  ... %P = sim.get @P : f64 }
    ->
    sim.kernel @k_frozen { sim.field @v element : f64  ... %P = arith.constant 0.99 : f64 }
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def SimQuantizePass : Pass<"sim-quantize", "::mlir::ModuleOp"> {
  let summary = "values as integers in units of a power of two, as hardware holds them (numeric)";
  let description = [{
    Of a frozen program. A range analysis follows the update of each population along every outcome of its comparisons, until
    the ranges of the states hold from step to step; with saturation where the model gives a format. Each state gets the
    shortest format whose proven distance from the unquantised program is within the tolerance; sums of events are exact, and as
    wide as the weights of one target together. Kernels of the step compute in `arith` on integers with explicit rounding;
    `format` and `error` of an array say what came out. The error counts every rounding but those of weights to the units of
    sums, and holds until a spike differs or a state saturates; where choices do not follow from spikes alone, or a step makes
    differences larger, there is none. What cannot be represented, such as a weight that becomes zero, a
    range without a bound or a division by a state, is an error.

    ```mlir
    %v = sim.get @v : f64   %1 = arith.mulf %v, %cst : f64   sim.set @v, %1 : f64
    ->
    %v = sim.get @v : f64   %q = sim.fixed %v fraction 10 : f64 to i64   %1 = arith.muli %q, %c32604_i64 : i64
    %2 = arith.addi %1, %c16384_i64 : i64   %3 = arith.shrsi %2, %c15_i64 : i64
    %4 = sim.real %3 fraction 10 : i64 to f64   sim.set @v, %4 : f64
    ```
  }];
  let options = [
    Option<"tolerance", "tolerance", "double", "0.1", "how far a state may be from the unquantised program, in units of the model (ms, mV, pA)">,
    Option<"bits", "bits", "int64_t", "0", "bits of a state, instead of the fewest that keep the tolerance">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def SimExpandFixedPass : Pass<"sim-expand-fixed", "::mlir::ModuleOp"> {
  let summary = "conversions to and from fixed point as products, for targets that keep values as floats (exact)";
  let description = [{
    ```mlir
    %q = sim.fixed %x fraction 10 : f64 to i64
    ->
    %1 = arith.mulf %x, %cst : f64   %q = sim.round %1 : f64 to i64
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def SimUnnestSelectsPass : Pass<"sim-unnest-selects", "::mlir::ModuleOp"> {
  let summary = "behind a select, no other one by the same condition (exact)";
  let description = [{
    What only one side of a select reads may take that side of every select by the same condition, and what a
    spike carries that of every select by whether the cell fires.

    ```mlir
    %1 = arith.select %c, %a, %b   %2 = arith.addf %1, %in   %3 = arith.select %c, %2, %b
    ->
    %2 = arith.addf %a, %in   %3 = arith.select %c, %2, %b
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def SimTabulateAgesPass : Pass<"sim-tabulate-ages", "::mlir::ModuleOp"> {
  let summary = "look up how far traces have decayed (exact)";
  let description = [{
    In kernels of plastic connections, a value that follows from an age (steps since a spike) and from uniform
    fields alone is read from a table of the first 4,096 ages, which a `derive` fills by the same operations; for
    older ages it is computed as before.

    ```mlir
    %z = arith.mulf %age, %rate : f64   ... %e = arith.mulf %q, %s : f64    // exp(z)
    ->
    %e = sim.lookup @decay_0[4096] %age : f64 -> f64 else { ... sim.yield %e0 : f64 }
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def SimVerifyPass : Pass<"sim-verify"> {
  let summary = "what no target has to expect: transcendental functions, fast-math flags, loops";
  let description = [{ Stands at the end of `neuro-to-sim` and `sim-optimize`. Changes nothing. }];
}
