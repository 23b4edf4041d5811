//===- NeuroModelOps.td - neurons, synapses, plasticity: declarations and equations ---===//
#ifndef SYNFIRE_NEURO_MODEL_OPS
#define SYNFIRE_NEURO_MODEL_OPS

include "dialects/neuro/NeuroDialect.td"

//===----------------------------------------------------------------------===//
// The four kinds of declaration
//===----------------------------------------------------------------------===//

def Neuro_NeuronOp : Neuro_DeclOp<"neuron", [Symbol, SymbolTable, IsolatedFromAbove]> {
  let summary = "a neuron (or graded unit) type: states, equations, at most one spike rule";
  let description = [{
    The body holds `parameter`, `input`, `state`, `let`, `equation`, `spike`, `solve`, `format`,
    `compartment` and `couple`, in any order; names are unique. Without a `spike` it is a graded
    unit (N7).

    Example:
    ```mlir
    neuro.neuron @Lif {
      neuro.parameter @tau = 2.000000e+01 "ms"
      neuro.input @I "pA"
      neuro.state @v = 0.000000e+00 "mV"
      neuro.equation @v { ... }
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, OptionalAttr<StrAttr>:$doc);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name attr-dict-with-keyword $body";
  let hasRegionVerifier = 1;
}

def Neuro_SynapseOp : Neuro_DeclOp<"synapse", [Symbol, SymbolTable, IsolatedFromAbove]> {
  let summary = "a synapse type: what one connection does";
  let description = [{
    Written as if every connection had a copy of its own. The body holds `parameter`, `state`, `let`,
    `equation`, `on` and `contribute`. `pre` and `post` variables are reached by `neuro.get pre @x`.

    Example: `neuro.synapse @Ampa effect excitatory { ... }`
  }];
  let arguments = (ins SymbolNameAttr:$sym_name,
                       DefaultValuedAttr<Neuro_Effect, "::synfire::neuro::Effect::Unstated">:$effect,
                       OptionalAttr<StrAttr>:$doc);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name (`effect` $effect^)? attr-dict-with-keyword $body";
  let hasRegionVerifier = 1;
}

def Neuro_PlasticityOp : Neuro_DeclOp<"plasticity", [Symbol, SymbolTable, IsolatedFromAbove]> {
  let summary = "a rule that changes the parameter it is attached to";
  let description = [{
    The parameter that it is attached to is called `@weight` inside; it is declared implicitly. The
    body holds `parameter`, `input` (third factors), `state`, `let`, `equation`, `on`, `every`,
    `bound`, `prune` and `grow`.

    Example: `neuro.plasticity @Stdp { neuro.state @x = 0.000000e+00 "1" ... }`
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, OptionalAttr<StrAttr>:$doc);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name attr-dict-with-keyword $body";
  let hasRegionVerifier = 1;
}

def Neuro_PriorOp : Neuro_Op<"prior", [Symbol]> {
  let summary = "one application of a prior in a circuit";
  let description = [{
    Projections and constraints that it contributed name it in their `prior` attribute. `of` is the
    declaration, `arguments` how it was applied, both as text for people.

    Example: `neuro.prior @Dale_0 of "Dale" arguments "E, +1"`
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrAttr:$declaration, StrAttr:$application);
  let assemblyFormat = "$sym_name `of` $declaration `arguments` $application attr-dict";
}

//===----------------------------------------------------------------------===//
// Variables
//===----------------------------------------------------------------------===//

def Neuro_ParameterOp : Neuro_ExprOp<"parameter", [Symbol]> {
  let summary = "a constant of the equations (N1)";
  let description = [{
    A default is either a number or, where it depends on other parameters, a region. Neither: every
    population or projection must give a value (S5).

    Example: `neuro.parameter @tau = 2.000000e+01 "ms"`, `neuro.parameter @g "nS" default { ... }`
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, OptionalAttr<F64Attr>:$value, StrAttr:$unit,
                       OptionalAttr<StrAttr>:$doc);
  let regions = (region MaxSizedRegion<1>:$body);
  let assemblyFormat = "$sym_name (`=` $value^)? $unit (`default` $body^)? attr-dict";
  let hasVerifier = 1;
}

def Neuro_StateOp : Neuro_ExprOp<"state", [Symbol]> {
  let summary = "a variable that evolves";
  let description = [{
    Its start value is a number, a region over parameters and other states' start values, or
    `steady`: the root of its equation with the other start values and inputs 0 (N2). The
    derivative of a second order equation is a state of its own, named `x'`.

    Example: `neuro.state @v = -6.500000e+01 "mV"`, `neuro.state @m "1" steady`
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, OptionalAttr<F64Attr>:$value, StrAttr:$unit,
                       UnitAttr:$steady, OptionalAttr<StrAttr>:$doc);
  let regions = (region MaxSizedRegion<1>:$body);
  let assemblyFormat = "$sym_name (`=` $value^)? $unit (`steady` $steady^)? (`init` $body^)? attr-dict";
  let hasVerifier = 1;
}

def Neuro_InputOp : Neuro_Op<"input", [Symbol]> {
  let summary = "the sum of all contributions that reach a neuron, or the third factor of a rule";
  let description = [{ Example: `neuro.input @I "pA"` }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrAttr:$unit, OptionalAttr<StrAttr>:$doc);
  let assemblyFormat = "$sym_name $unit attr-dict";
}

def Neuro_LetOp : Neuro_ExprOp<"let", [Symbol]> {
  let summary = "a named expression";
  let description = [{
    `neuro.get` of its name means the expression. A `noise` in it is shared by all readers (N6).

    Example: `neuro.let @am "1/ms" { ... neuro.yield %0 : f64 }`
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrAttr:$unit);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name $unit $body attr-dict";
}

def Neuro_EquationOp : Neuro_ExprOp<"equation"> {
  let summary = "the time derivative of a state, per ms";
  let description = [{
    Example:
    ```mlir
    neuro.equation @v {
      %v = neuro.get @v  %tau = neuro.get @tau
      %0 = arith.divf %v, %tau : f64  %1 = arith.negf %0 : f64
      neuro.yield %1 : f64
    }
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$state);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$state $body attr-dict";
}

def Neuro_SolveOp : Neuro_Op<"solve"> {
  let summary = "an override of the automatic solver (X1)";
  let description = [{
    `after` lists states that are advanced first, so that their new values are read.

    Example: `neuro.solve [@v] by euler substeps 2`, `neuro.solve [@u] by euler substeps 1 after [@v]`
  }];
  let arguments = (ins SymbolRefArrayAttr:$states, Neuro_Method:$method,
                       ConfinedAttr<I64Attr, [IntPositive]>:$substeps,
                       OptionalAttr<SymbolRefArrayAttr>:$after);
  let assemblyFormat = "$states `by` $method `substeps` $substeps (`after` $after^)? attr-dict";
}

def Neuro_FormatOp : Neuro_Op<"format"> {
  let summary = "the fixed-point format of a state where the program is quantised (N9)";
  let description = [{ Example: `neuro.format @v = 6 10` is Q6.10. }];
  let arguments = (ins FlatSymbolRefAttr:$state, I64Attr:$integer_bits, I64Attr:$fraction_bits);
  let assemblyFormat = "$state `=` $integer_bits $fraction_bits attr-dict";
}

def Neuro_CompartmentOp : Neuro_DeclOp<"compartment", [Symbol, SymbolTable]> {
  let summary = "one compartment of a neuron (N8)";
  let description = [{
    Element `i` of `compartment dend[10]` is a compartment named `dend[i]`. It reads parameters of the
    neuron around it. `neuro-flatten-compartments` turns its variables into `dend[i].v`.

    Example: `neuro.compartment @soma { ... }`
  }];
  let arguments = (ins SymbolNameAttr:$sym_name);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name $body attr-dict";
}

def Neuro_CoupleOp : Neuro_ExprOp<"couple"> {
  let summary = "an axial coupling of two compartments (N8)";
  let description = [{
    The region yields the conductance g in nS; g * (second - first) flows into the first
    compartment's input of dimension current, the negative into the second's.

    Example: `neuro.couple @soma::@v to @soma::@I, @dend::@v to @dend::@I { ... }`
  }];
  let arguments = (ins SymbolRefAttr:$first, SymbolRefAttr:$firstInput,
                       SymbolRefAttr:$second, SymbolRefAttr:$secondInput);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$first `to` $firstInput `,` $second `to` $secondInput $body attr-dict";
}

//===----------------------------------------------------------------------===//
// Events
//===----------------------------------------------------------------------===//

def Neuro_SpikeOp : Neuro_Op<"spike", [SingleBlockImplicitTerminator<"YieldOp">, RecursiveMemoryEffects]> {
  let summary = "when a neuron fires, and what firing does to it (N4, N5)";
  let description = [{
    The condition yields the two sides of the comparison; their difference is the margin. The reset
    runs in statement order at the grid time of the spike; `refractory` lists the states that it holds.

    Example: `neuro.spike at_or_above { neuro.yield %v, %theta : f64, f64 } do { neuro.set @v, %r }`
  }];
  let arguments = (ins Neuro_SpikeTest:$test);
  let regions = (region SizedRegion<1>:$condition, SizedRegion<1>:$reset);
  let assemblyFormat = "$test $condition `do` $reset attr-dict";
  let hasVerifier = 1;
}

def Neuro_OnOp : Neuro_ExprOp<"on"> {
  let summary = "a handler of a spike (S2, P1, S6)";
  let description = [{
    `pre` and `post` in synapses and rules; `spike` in a rule attached to a population. `compartment`
    names the compartment whose spike is meant.

    Example: `neuro.on pre { %w = neuro.get @weight  neuro.add post @v, %w }`
  }];
  let arguments = (ins Neuro_Trigger:$trigger, OptionalAttr<StrAttr>:$compartment);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$trigger ($compartment^)? $body attr-dict";
}

def Neuro_EveryOp : Neuro_ExprOp<"every"> {
  let summary = "something that runs on a timer: a handler of a rule, or a protocol";
  let description = [{
    The period is in ms; without a period it is each frame (C7).

    Example: `neuro.every 1.000000e+03 { ... }`
  }];
  let arguments = (ins OptionalAttr<F64Attr>:$period, OptionalAttr<SymbolRefAttr>:$frames);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "($period^)? (`frame` $frames^)? $body attr-dict";
}

def Neuro_ReleaseOp : Neuro_ExprOp<"release"> {
  let summary = "runs its body with a probability (S6)";
  let description = [{ Example: `neuro.release %p { ... }` }];
  let arguments = (ins F64:$probability);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$probability $body attr-dict";
}

def Neuro_ContributeOp : Neuro_ExprOp<"contribute"> {
  let summary = "a contribution to an input of the post cell, at every moment (S1)";
  let description = [{ Example: `neuro.contribute @I { ... neuro.yield %i : f64 }` }];
  let arguments = (ins SymbolRefAttr:$input);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$input $body attr-dict";
}

def Neuro_BoundOp : Neuro_ExprOp<"bound"> {
  let summary = "a wall of a weight (P3)";
  let description = [{
    Yields the lower and the upper bound. In a rule it is that of the weight; where a rule has become part of a
    synapse or neuron (`neuro-attach-rules`), it is that of the state `variable`, kept after every continuous step.

    Example: `neuro.bound { neuro.yield %lo, %hi : f64, f64 }`, `neuro.bound of @theta { ... }`
  }];
  let arguments = (ins OptionalAttr<FlatSymbolRefAttr>:$variable);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "(`of` $variable^)? $body attr-dict";
}

def Neuro_PruneOp : Neuro_ExprOp<"prune"> {
  let summary = "removes a connection where its region yields true (P5)";
  let description = [{
    Tested for every connection each `period` ms (default: 1000). A removed connection transmits nothing and its
    weight is 0; the states of its rules go on.

    Example: `neuro.prune every 100.0 { ... neuro.yield %weak : i1 }`
  }];
  let arguments = (ins OptionalAttr<F64Attr>:$period);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "(`every` $period^)? $body attr-dict";
}

def Neuro_GrowOp : Neuro_ExprOp<"grow"> {
  let summary = "adds connections with a probability where a condition holds (P5)";
  let description = [{
    Yields probability and condition, tested each `period` ms (default: 1000) for the connections that the
    projection's rule allows and that are not there. They start with the weight of the projection.

    Example: `neuro.grow every 100.0 { ... neuro.yield %p, %c : f64, i1 }`
  }];
  let arguments = (ins OptionalAttr<F64Attr>:$period);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "(`every` $period^)? $body attr-dict";
}

//===----------------------------------------------------------------------===//
// Statements of handlers
//===----------------------------------------------------------------------===//

def Neuro_SetOp : Neuro_Op<"set"> {
  let summary = "assigns a state (or `@weight`) in a handler";
  let description = [{ Example: `neuro.set @v, %reset` }];
  let arguments = (ins SymbolRefAttr:$variable, F64:$value);
  let assemblyFormat = "$variable `,` $value attr-dict";
}

def Neuro_AddOp : Neuro_Op<"add"> {
  let summary = "adds to a state in a handler; the only statement that acts on `post` (S1)";
  let description = [{ Example: `neuro.add @x, %one`, `neuro.add post @v, %w` }];
  let arguments = (ins DefaultValuedAttr<Neuro_Side, "::synfire::neuro::Side::Self">:$side,
                       SymbolRefAttr:$variable, F64:$value);
  let assemblyFormat = "($side^)? $variable `,` $value attr-dict";
}

def Neuro_RefractoryOp : Neuro_Op<"refractory"> {
  let summary = "holds states for a time after a spike (N5)";
  let description = [{ Example: `neuro.refractory %t_ref hold [@v]` }];
  let arguments = (ins F64:$duration, SymbolRefArrayAttr:$hold);
  let assemblyFormat = "$duration `hold` $hold attr-dict";
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

def Neuro_GetOp : Neuro_Op<"get"> {
  let summary = "reads a parameter, state, input or let";
  let description = [{
    `pre` and `post` reach the variables of both ends of a connection. Inside a handler a read sees
    what the statements before it wrote.

    Example: `%v = neuro.get @v`, `%u = neuro.get post @v`
  }];
  let arguments = (ins DefaultValuedAttr<Neuro_Side, "::synfire::neuro::Side::Self">:$side,
                       SymbolRefAttr:$variable);
  let results = (outs F64:$result);
  let assemblyFormat = "($side^)? $variable attr-dict";
}

def Neuro_TimeOp : Neuro_Op<"time", [Pure]> {
  let summary = "the time `t`, in ms";
  let description = [{ Example: `%t = neuro.time` }];
  let results = (outs F64:$result);
  let assemblyFormat = "attr-dict";
}

def Neuro_TimestepOp : Neuro_Op<"timestep", [Pure]> {
  let summary = "the step `dt`, in ms";
  let description = [{ Example: `%dt = neuro.timestep` }];
  let results = (outs F64:$result);
  let assemblyFormat = "attr-dict";
}

def Neuro_IndexOp : Neuro_Op<"index", [Pure]> {
  let summary = "the number of the element in its population, as f64";
  let description = [{ Example: `%i = neuro.index` }];
  let results = (outs F64:$result);
  let assemblyFormat = "attr-dict";
}

def Neuro_DistanceOp : Neuro_Op<"distance", [Pure]> {
  let summary = "the distance of the two ends of a connection, in um (C5)";
  let description = [{ Example: `%d = neuro.distance` }];
  let results = (outs F64:$result);
  let assemblyFormat = "attr-dict";
}

def Neuro_WithinOp : Neuro_Op<"within", [Pure]> {
  let summary = "whether a connection is one of a part of its projection (R2)";
  let description = [{
    Both ends lie in the inclusive ranges, which are flattened; empty ranges mean all.

    Example: `%in = neuro.within sources [0, 9] targets []`
  }];
  let arguments = (ins DenseI64ArrayAttr:$sources, DenseI64ArrayAttr:$targets);
  let results = (outs I1:$result);
  let hasVerifier = 1;
  let assemblyFormat = "`sources` $sources `targets` $targets attr-dict";
}

def Neuro_ColumnOp : Neuro_Op<"column", [Pure]> {
  let summary = "the value of a table's column in this element's or connection's row (C4)";
  let description = [{ Example: `%c = neuro.column @edges "count"` }];
  let arguments = (ins FlatSymbolRefAttr:$table, StrAttr:$column);
  let results = (outs F64:$result);
  let assemblyFormat = "$table $column attr-dict";
}

def Neuro_FrameValueOp : Neuro_Op<"frame_value"> {
  let summary = "this element's value in the present frame, or the frame's label or index (C7)";
  let description = [{ Example: `%p = neuro.frame_value @digits "value"` }];
  let arguments = (ins FlatSymbolRefAttr:$frames, StrAttr:$field);
  let results = (outs F64:$result);
  let assemblyFormat = "$frames $field attr-dict";
}

def Neuro_NoiseOp : Neuro_Op<"noise"> {
  let summary = "Gaussian white noise, in 1/sqrt(ms) (N6)";
  let description = [{
    Each op is a stream of its own, named by `stream`, unique in its declaration.

    Example: `%n = neuro.noise "v.0"`
  }];
  let arguments = (ins StrAttr:$stream);
  let results = (outs F64:$result);
  let assemblyFormat = "$stream attr-dict";
}

def Neuro_DrawOp : Neuro_Op<"draw"> {
  let summary = "a random value per element (C3)";
  let description = [{
    `first` and `second` are mean and sd (normal), mean and cv (lognormal, gamma), lower and upper
    bound (uniform), or the mean alone (exponential). With a limit, draws outside `lo .. hi` are
    repeated or moved to the border.

    Example: `%v = neuro.draw uniform(%a, %b)`, `%w = neuro.draw normal(%m, %s) redraw(%lo, %hi)`
  }];
  let arguments = (ins Neuro_Distribution:$distribution, Variadic<F64>:$arguments,
                       DefaultValuedAttr<Neuro_Limit, "::synfire::neuro::Limit::None">:$limit,
                       Variadic<F64>:$interval);
  let results = (outs F64:$result);
  let traits = [AttrSizedOperandSegments];
  let assemblyFormat = "$distribution `(` $arguments `)` ($limit^ `(` $interval `)`)? attr-dict";
  let hasVerifier = 1;
}

def Neuro_YieldOp : Neuro_Op<"yield", [Pure, Terminator]> {
  let summary = "the value or values of a region; none where it is a handler";
  let description = [{ Example: `neuro.yield %0 : f64` }];
  let arguments = (ins Variadic<AnyType>:$values);
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
  let builders = [OpBuilder<(ins), [{ build($_builder, $_state, ::mlir::ValueRange()); }]>];
}

#endif
