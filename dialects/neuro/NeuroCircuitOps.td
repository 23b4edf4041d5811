//===- NeuroCircuitOps.td - circuits, stimuli, experiments ---===//
#ifndef SYNFIRE_NEURO_CIRCUIT_OPS
#define SYNFIRE_NEURO_CIRCUIT_OPS

include "dialects/neuro/NeuroDialect.td"

//===----------------------------------------------------------------------===//
// Circuit
//===----------------------------------------------------------------------===//

def Neuro_CircuitOp : Neuro_DeclOp<"circuit", [Symbol, SymbolTable]> {
  let summary = "populations, projections and stimuli, elaborated";
  let description = [{
    Holds `parameter` (with its value; for people), `population`, `projection`, `stimulus`, `frames`,
    `prior`, `constrain`. The names of its elements are qualified: `seg[2].E`.

    Example: `neuro.circuit @Brunel { ... }`
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, OptionalAttr<StrAttr>:$doc);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name attr-dict-with-keyword $body";
  let hasRegionVerifier = 1;
}

def Neuro_TableOp : Neuro_Op<"table", [Symbol]> {
  let summary = "columns of numbers from a file (C4)";
  let description = [{
    All columns have the same number of rows; `columns` maps a name to a `dense<...> : tensor<Nxf64>`
    in base units. Connection tables have the columns `pre` and `post`: element numbers.

    Example: `neuro.table @edges {columns = {pre = dense<[0.0]> : tensor<1xf64>, ...}} from "edges.csv"`
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, DictionaryAttr:$columns, StrAttr:$path);
  let assemblyFormat = "$sym_name $columns `from` $path attr-dict";
  let hasVerifier = 1;
}

def Neuro_PopulationOp : Neuro_DeclOp<"population", [Symbol]> {
  let summary = "elements of one neuron type";
  let description = [{
    `set` gives parameters and start values that are equal for all elements; the body holds `init` for
    those that differ from element to element, `position`, and `attach` (intrinsic plasticity).
    `solve` is written by `neuro-choose-solvers`. `names` are the elements' names where a file gave them.

    Example: `neuro.population @E of @Lif size 10000 set {theta = 2.0e+01} { ... }`
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$neuron,
                       ConfinedAttr<I64Attr, [IntNonNegative]>:$size,
                       DefaultValuedAttr<DictionaryAttr, "{}">:$set,
                       OptionalAttr<Neuro_SolutionArrayAttr>:$solve,
                       OptionalAttr<StrArrayAttr>:$names);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name `of` $neuron `size` $size (`set` $set^)? (`solve` $solve^)? (`names` $names^)? $body attr-dict";
}

def Neuro_InitOp : Neuro_ExprOp<"init"> {
  let summary = "a parameter's or state's value, per element or per connection";
  let description = [{
    In a population (parameters, states), a projection or an attachment (parameters, `weight`,
    `delay`). May draw, and read `index`, `distance`, columns and parameters of the same owner.

    Example: `neuro.init @v { %u = neuro.draw uniform(%lo, %hi)  neuro.yield %u : f64 }`
  }];
  let arguments = (ins FlatSymbolRefAttr:$variable);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$variable $body attr-dict";
}

def Neuro_PositionOp : Neuro_ExprOp<"position"> {
  let summary = "where an element is: two or three coordinates in um (C5)";
  let description = [{
    With `period`, distances are taken on a torus of that size (`periodic`).

    Example: `neuro.position { neuro.yield %x, %y : f64, f64 }`
  }];
  let arguments = (ins OptionalAttr<DenseF64ArrayAttr>:$period);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "(`period` $period^)? $body attr-dict";
}

def Neuro_ProjectionOp : Neuro_DeclOp<"projection", [Symbol]> {
  let summary = "the connections from one population to another through one synapse type";
  let description = [{
    `set` and the `init`s of the body give `weight`, `delay` and the other parameters; a `delay` is
    in ms, absent means one step for events and none for an eventless synapse (S3, S5). `connect`
    names the rule, `arguments` its numbers: `k`, `n`, `p`, `beta`, `groups`, `p_in`, `p_out`, `rank`
    and the booleans `autapses`, `multapses` (R1); a `p` that depends on the pair is an `argument`
    in the body. `table` is the connection table of the rule `table`. `products`: the weight is held as a sum of so many
    products of a number of the source and one of the target (`low_rank`). Where the body follows at once,
    empty arguments are written `{}`.

    Example:
    ```mlir
    neuro.projection @"E->E" from <@E> to <@E> through @Delta
        connect fixed_indegree {k = 1000 : i64} set {weight = 1.0e-01, delay = 1.5} {}
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, Neuro_RefAttr:$source, Neuro_RefAttr:$target,
                       FlatSymbolRefAttr:$synapse, Neuro_ConnectRule:$rule,
                       DefaultValuedAttr<DictionaryAttr, "{}">:$arguments,
                       OptionalAttr<FlatSymbolRefAttr>:$table,
                       DefaultValuedAttr<DictionaryAttr, "{}">:$set,
                       OptionalAttr<F64Attr>:$dendritic_fraction,
                       OptionalAttr<StrAttr>:$prior, OptionalAttr<I64Attr>:$products);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $sym_name `from` $source `to` $target `through` $synapse `connect` $rule (`(` $table^ `)`)?
    custom<RuleArguments>($arguments) (`set` $set^)? (`dendritic_fraction` $dendritic_fraction^)? (`prior` $prior^)?
    (`products` $products^)? $body attr-dict
  }];
  let hasVerifier = 1;
}

def Neuro_ArgumentOp : Neuro_ExprOp<"argument"> {
  let summary = "an argument of a stimulus or connect rule that is not one number";
  let description = [{
    Of a stimulus it may depend on `time`, `index`, draws (once, at the start) and frames; of
    `connect probability` on `distance`.

    Example: `neuro.argument "rate" { ... neuro.yield %r : f64 }`
  }];
  let arguments = (ins StrAttr:$name);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$name $body attr-dict";
}

def Neuro_AttachOp : Neuro_DeclOp<"attach"> {
  let summary = "a plasticity rule on a parameter of a projection or population";
  let description = [{
    Rules run in the order of their attachment (P2). The body holds `init` and `bind`.

    Example: `neuro.attach @Stdp of @Stdp on @weight set {w_max = 2.0} { ... }`
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$rule, FlatSymbolRefAttr:$parameter,
                       DefaultValuedAttr<DictionaryAttr, "{}">:$set);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name `of` $rule `on` $parameter (`set` $set^)? $body attr-dict";
}

def Neuro_BindOp : Neuro_Op<"bind"> {
  let summary = "binds a third factor to a value of a population";
  let description = [{
    The value is that of one cell, or, with `pre` or `post`, that of this end of each connection (P4).

    Example: `neuro.bind @dopamine to <@DA> @level delay 5.0`, `neuro.bind @calcium to post <@E> @ca`
  }];
  let arguments = (ins FlatSymbolRefAttr:$input,
                       DefaultValuedAttr<Neuro_Side, "::synfire::neuro::Side::Self">:$side,
                       Neuro_RefAttr:$source, SymbolRefAttr:$variable, OptionalAttr<F64Attr>:$delay);
  let assemblyFormat = "$input `to` ($side^)? $source $variable (`delay` $delay^)? attr-dict";
}

def Neuro_StimulusOp : Neuro_DeclOp<"stimulus", [Symbol]> {
  let summary = "a drive from outside (C6)";
  let description = [{
    Events (`poisson`, `spikes`) act `through` a synapse, whose parameters `set` and `init` give;
    currents act on an `input`. `arguments`: `rate` in 1/ms (poisson), `amplitude` (current), `mean`,
    `sd`, `every` (noise_current), `times` in ms for all elements (spikes); those that are no
    number are `argument`s in the body. The `table` of `spikes` has the columns `element` and `time`.
    Active from `start` to `stop` ms, and during the interval `during`, which counts from the start of each
    frame of `of`, or of the run.

    Example:
    ```mlir
    neuro.stimulus @stim0 poisson to <@E> through @Delta arguments {rate = 2.0e+01} set {weight = 1.0e-01} {}
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, Neuro_StimulusKind:$kind, Neuro_RefAttr:$target,
                       OptionalAttr<SymbolRefAttr>:$input, OptionalAttr<FlatSymbolRefAttr>:$synapse,
                       DefaultValuedAttr<DictionaryAttr, "{}">:$arguments,
                       OptionalAttr<FlatSymbolRefAttr>:$table,
                       DefaultValuedAttr<DictionaryAttr, "{}">:$set,
                       OptionalAttr<F64Attr>:$start, OptionalAttr<F64Attr>:$stop,
                       OptionalAttr<DenseF64ArrayAttr>:$during,
                       OptionalAttr<FlatSymbolRefAttr>:$frames);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $sym_name $kind `to` $target (`input` $input^)? (`through` $synapse^)? (`arguments` $arguments^)?
    (`table` $table^)? (`set` $set^)? (`start` $start^)? (`stop` $stop^)? (`during` $during^ (`of` $frames^)?)? $body attr-dict
  }];
  let hasVerifier = 1;
}

def Neuro_FramesOp : Neuro_Op<"frames", [Symbol]> {
  let summary = "a sequence of stimuli from files, one every period (C7)";
  let description = [{
    Frame n begins at n * `period` ms and is the next one of the file; after the last comes the first.

    Example: `neuro.frames @digits "idx" images "x.gz" labels "y.gz" every 500.0`
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrAttr:$format, StrAttr:$images,
                       OptionalAttr<StrAttr>:$labels, F64Attr:$period);
  let assemblyFormat = "$sym_name $format `images` $images (`labels` $labels^)? `every` $period attr-dict";
}

def Neuro_ConstrainOp : Neuro_ExprOp<"constrain"> {
  let summary = "a predicate that a circuit keeps (R2)";
  let description = [{
    `comparison` is `==`, `<=` or `>=`; the region yields the right side, or lower and upper bound.
    `by` is `pre` or `post` for sums; `text` is how the model says it. `neuro-check-constraints` writes
    `limits`, the lower and the upper limit of the weight for each projection, with the bounds of rules;
    `outcome` says what became of it, for people (R3). Where it is about some of the connections of a
    projection, `parts` has two lists of ranges for each of them, of sources and of targets, as in
    `neuro.within`.

    Example: `neuro.constrain sum of ["E->E"] "==" by "post" every 1000.0 { ... }`
  }];
  let arguments = (ins Neuro_Predicate:$predicate, StrArrayAttr:$projections,
                       OptionalAttr<StrAttr>:$comparison, OptionalAttr<StrAttr>:$by,
                       OptionalAttr<F64Attr>:$period, UnitAttr:$every_frame,
                       OptionalAttr<StrAttr>:$prior, OptionalAttr<DenseF64ArrayAttr>:$limits, OptionalAttr<StrAttr>:$text,
                       OptionalAttr<StrAttr>:$outcome, OptionalAttr<Neuro_RangesArrayAttr>:$parts);
  let regions = (region MaxSizedRegion<1>:$body);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $predicate `of` $projections (`parts` $parts^)? ($comparison^)? (`by` $by^)? (`every` $period^)? (`every_frame` $every_frame^)?
    (`prior` $prior^)? (`limits` $limits^)? ($body^)? attr-dict
  }];
}

//===----------------------------------------------------------------------===//
// Experiment
//===----------------------------------------------------------------------===//

def Neuro_ExperimentOp : Neuro_DeclOp<"experiment"> {
  let summary = "the runs of a model, in order";
  let description = [{ Example: `neuro.experiment { neuro.simulate @Brunel ... }` }];
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "attr-dict-with-keyword $body";
}

def Neuro_SimulateOp : Neuro_DeclOp<"simulate"> {
  let summary = "one run of a circuit";
  let description = [{
    Duration and step are in ms. With `from`, it goes on from the end of the run of that name. The body
    holds `record`, and protocols: `at`, `every`, `repeat`, `label`, `report`, `freeze`, `thaw`, `assign`.

    Example: `neuro.simulate @Brunel for 1000.0 step 0.1 seed 42 as "main" { ... }`
  }];
  let arguments = (ins FlatSymbolRefAttr:$circuit, F64Attr:$duration, F64Attr:$step, I64Attr:$seed,
                       StrAttr:$run, OptionalAttr<StrAttr>:$origin);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$circuit `for` $duration `step` $step `seed` $seed `as` $run (`from` $origin^)? $body attr-dict";
  let hasVerifier = 1;
}

def Neuro_AtOp : Neuro_DeclOp<"at"> {
  let summary = "a protocol action at a time, in ms (C8)";
  let description = [{ Example: `neuro.at 500.0 { neuro.assign of <@E> @theta { ... } }` }];
  let arguments = (ins F64Attr:$time);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$time $body attr-dict";
}

def Neuro_RepeatOp : Neuro_Op<"repeat", [SingleBlockImplicitTerminator<"YieldOp">]> {
  let summary = "repeats the present frame while a condition holds (C7)";
  let description = [{ Example: `neuro.repeat frame @digits while { ... neuro.yield %c : i1 } do { ... }` }];
  let arguments = (ins FlatSymbolRefAttr:$frames);
  let regions = (region SizedRegion<1>:$condition, SizedRegion<1>:$body);
  let assemblyFormat = "`frame` $frames `while` $condition `do` $body attr-dict";
}

def Neuro_CountOp : Neuro_Op<"count"> {
  let summary = "the number of spikes since the start of the frame (or run)";
  let description = [{ Example: `%n = neuro.count <@E>` }];
  let arguments = (ins Neuro_RefAttr:$source);
  let results = (outs F64:$result);
  let assemblyFormat = "$source attr-dict";
}

def Neuro_AssignOp : Neuro_ExprOp<"assign"> {
  let summary = "a protocol's change of a parameter or state of some elements, or of a projection";
  let description = [{
    The region is evaluated for each element; it may read the element's own variables and draw.
    `owner` is a population (`target`) or a projection or attachment (`projection`, e.g. `ee.Stdp`).

    Example: `neuro.assign of <@E> @theta { ... neuro.yield %x : f64 }`
  }];
  let arguments = (ins OptionalAttr<Neuro_RefAttr>:$target, OptionalAttr<SymbolRefAttr>:$projection,
                       SymbolRefAttr:$variable);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "(`of` $target^)? (`projection` $projection^)? $variable $body attr-dict";
}

def Neuro_FreezeOp : Neuro_Op<"freeze"> {
  let summary = "stops weight writes of a projection (P6)";
  let description = [{ Example: `neuro.freeze @ee` }];
  let arguments = (ins FlatSymbolRefAttr:$projection);
  let assemblyFormat = "$projection attr-dict";
}

def Neuro_ThawOp : Neuro_Op<"thaw"> {
  let summary = "lets weight writes of a projection go on (P6)";
  let description = [{ Example: `neuro.thaw @ee` }];
  let arguments = (ins FlatSymbolRefAttr:$projection);
  let assemblyFormat = "$projection attr-dict";
}

def Neuro_RecordOp : Neuro_Op<"record"> {
  let summary = "what a run writes down";
  let description = [{
    `spikes` of populations, or a `value`: a state, parameter or let of elements, or a parameter of a
    projection's connections, every `period` ms (default: each step).

    Example: `neuro.record spikes of [<@E>, <@I>]`, `neuro.record value @v of [<@E[0, 4]>] every 1.0`
  }];
  let arguments = (ins Neuro_RecordKind:$kind, OptionalAttr<SymbolRefAttr>:$variable,
                       DefaultValuedAttr<Neuro_RefArrayAttr, "{}">:$sources,
                       OptionalAttr<FlatSymbolRefAttr>:$projection, OptionalAttr<F64Attr>:$period,
                       OptionalAttr<StrAttr>:$unit);
  let assemblyFormat = "$kind ($variable^)? (`of` $sources^)? (`projection` $projection^)? (`every` $period^)? (`unit` $unit^)? attr-dict";
  let hasVerifier = 1;
}

def Neuro_LabelOp : Neuro_Op<"label"> {
  let summary = "assigns each element the label it answers to most (C7)";
  let description = [{ Example: `neuro.label <@E> by @digits` }];
  let arguments = (ins Neuro_RefAttr:$target, FlatSymbolRefAttr:$frames);
  let assemblyFormat = "$target `by` $frames attr-dict";
}

def Neuro_ReportOp : Neuro_Op<"report"> {
  let summary = "a figure printed at the end of the run, such as `accuracy` (C7)";
  let description = [{ Example: `neuro.report "accuracy"` }];
  let arguments = (ins StrAttr:$figure);
  let assemblyFormat = "$figure attr-dict";
}

#endif
