//===- SimDataOps.td - programs and their data ---===//
#ifndef SYNFIRE_SIM_DATA_OPS
#define SYNFIRE_SIM_DATA_OPS

include "dialects/sim/SimDialect.td"

def Sim_ProgramOp : Sim_Op<"program", [Symbol, SymbolTable, IsolatedFromAbove, NoTerminator, SingleBlock]> {
  let summary = "a circuit that can be advanced";
  let description = [{
    The symbol is the circuit's name. Structured ops run in the order in which they stand.

    Example: `sim.program @Brunel { ... }`
  }];
  let arguments = (ins SymbolNameAttr:$sym_name);
  let regions = (region SizedRegion<1>:$body);
  let hasRegionVerifier = 1;
  let assemblyFormat = "$sym_name attr-dict-with-keyword $body";
}

def Sim_DomainOp : Sim_Op<"domain", [Symbol]> {
  let summary = "the elements of a population";
  let description = [{
    `emits`: its elements spike; each spike carries `payloads` latched values. `remembers`: the last
    spikes of each element are kept for the connections onto it that follow them (plasticity), with the
    last so many of the latched values. `hidden`: the model has no such population. Those of them that pass
    on the spikes of another one are its `relays`: for people, what comes from them comes from it.

    Example: `sim.domain @E size 10000 emits 0`, `sim.domain @"#axon:E:20" size 10000 hidden relays @E emits 0`
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, I64Attr:$size, OptionalAttr<I64Attr>:$payloads,
                       OptionalAttr<I64Attr>:$remembers, OptionalAttr<StrArrayAttr>:$names,
                       UnitAttr:$hidden, OptionalAttr<FlatSymbolRefAttr>:$relays);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $sym_name `size` $size (`hidden` $hidden^)? (`relays` $relays^)? (`emits` $payloads^)?
    (`remembers` $remembers^)? (`names` $names^)? attr-dict
  }];
  let extraClassDeclaration = [{ bool emits() { return getPayloads().has_value(); } }];
}

def Sim_ArrayOp : Sim_Op<"array", [Symbol]> {
  let summary = "one value per element, per connection, or for a whole row (`uniform`)";
  let description = [{
    `over` is a domain or a `sim.connections`; a uniform array has one value for all. `value` or
    `values` are start values where no kernel sets them. `of` is the name in the model; for a synapse
    variable `placement` and `why` tell where it went and the reason (X2). With `past_of` it keeps the
    values that another array had at the last steps, as many as the delays that read it need (S3), and at least `depth`.
    `hidden`: the model has no such variable. Of values of connections that rules change, `start` has the least and the largest at the
    start, once the connections are known. In a quantised program `format` has the bits of a value, sign included,
    and how many of them are its fraction: each value is a multiple of 2^-fraction that fits. `error` bounds how far it can be from
    the value in the program that was quantised, as long as both spike alike. A `wide` array stays in double precision
    whatever that of the program is. A `pending` one holds, for each connection, what waits for the end of its delay:
    a value for each step of the longest one.

    Example: `sim.array @"E.v" : f64 state over @E = 0.0 unit "mV"`, `sim.array @"E.v" : f64 state over @E = 0.0 format [16, 10] error 0.05`
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttr:$type, Sim_ArrayKind:$kind,
                       OptionalAttr<FlatSymbolRefAttr>:$over, UnitAttr:$uniform,
                       OptionalAttr<F64Attr>:$value, OptionalAttr<ElementsAttr>:$values,
                       OptionalAttr<StrAttr>:$unit, OptionalAttr<FlatSymbolRefAttr>:$past_of,
                       OptionalAttr<I64Attr>:$depth,
                       OptionalAttr<Sim_Placement>:$placement, OptionalAttr<StrAttr>:$why,
                       UnitAttr:$hidden, OptionalAttr<DenseF64ArrayAttr>:$start,
                       OptionalAttr<DenseI64ArrayAttr>:$format, OptionalAttr<F64Attr>:$error,
                       UnitAttr:$wide, UnitAttr:$pending);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $sym_name `:` $type $kind (`hidden` $hidden^)? (`over` $over^)? (`uniform` $uniform^)? (`=` $value^)? (`values` $values^)? (`start` $start^)?
    (`unit` $unit^)? (`past_of` $past_of^ (`depth` $depth^)?)? (`placement` $placement^)? (`why` $why^)?
    (`format` $format^)? (`error` $error^)? attr-dict
  }];
}

def Sim_AccumulatorOp : Sim_Op<"accumulator", [Symbol]> {
  let summary = "integer sums of the events that act on one variable (D2)";
  let description = [{
    One sum per element and step of delay. Amounts are rounded to multiples of 2^-k; `scale` and
    `inverse` are uniform arrays that receive 2^k and 2^-k once the connections are known. `limit`, for
    sums that get amounts whose bound is an estimate, receives the largest amount, in units of 2^-k, with
    which no sum can wrap. Once the connections are known, `range` has the least and the
    largest sum of one step that their weights make, and of how many amounts at most. In a quantised program `format` (sim.array) has the bits of such sums, and k.

    Example: `sim.accumulator @"E.v+" : i64 over @E scale @"E.v+.scale" inverse @"E.v+.inverse"`
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttr:$type, FlatSymbolRefAttr:$over,
                       FlatSymbolRefAttr:$scale, FlatSymbolRefAttr:$inverse,
                       OptionalAttr<FlatSymbolRefAttr>:$limit, OptionalAttr<DenseF64ArrayAttr>:$range,
                       OptionalAttr<DenseI64ArrayAttr>:$format);
  let hasVerifier = 1;
  let assemblyFormat = "$sym_name `:` $type `over` $over `scale` $scale `inverse` $inverse (`limit` $limit^)? (`range` $range^)? (`format` $format^)? attr-dict";
}

def Sim_PoissonOp : Sim_Op<"drive", [Symbol]> {
  let summary = "a Poisson drive with one rate for all elements";
  let description = [{
    `mean` (events per step) and `exp_mean` = exp(-mean) are uniform arrays; the runtime makes the
    table of the cumulative distribution from them: a word of random bits below n of these `thresholds` means n events
    (random.md). Once the network is built, they are known.

    Example: `sim.drive @"E.poisson0" mean @"E.poisson0.mean" exp_mean @"E.poisson0.exp_mean"`
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$mean, FlatSymbolRefAttr:$exp_mean,
                       OptionalAttr<ElementsAttr>:$thresholds);
  let assemblyFormat = "$sym_name `mean` $mean `exp_mean` $exp_mean (`thresholds` $thresholds^)? attr-dict";
}

def Sim_ConnectionsOp : Sim_Op<"connections", [Symbol]> {
  let summary = "the connections of a projection";
  let description = [{
    `rule` with `arguments` (`k`, `n`, `p`, `beta`, `groups`, `p_in`, `p_out`, booleans `autapses`,
    `multapses`) chooses the pairs; rule `table` takes them from `pairs`, a tensor<2xNxi32> of sources and
    targets. `source_ranges` and `target_ranges` select elements (inclusive, flattened). The delay
    is one number in ms, or the kernel of a `sim.values` op with the role `delay`; `undelayed` connections have none.
    Event connections are stored in each partition of the target, `continuous` ones by target. With the
    layout `by_source` a spike adds to the sums of all steps to come as soon as it is known. With
    `by_source_and_delay` the connections of one source and one delay, onto all target populations, are a
    segment that is handled in the step in which it is due; the amounts are computed once. `implicit`
    connections of a regular rule are not stored at all: one amount and one delay serve them all (X3).
    With the sight `delayed` or `first` a spike waits until the axonal part of a connection's delay has passed: what the
    `dendritic_fraction` leaves. Handlers run then, `first` before the cells make that step. `each_step`: handlers read values of
    cells, which are those of one step.
    `hidden`: the model has no such projection. Where the connections of an instance were written down, whatever made them, the rule
    is `table`, `steps` are their delays in steps, and arrays over them have `values` in the order of the pairs.
    `products`: the weight is a sum of so many products of a number of the source and one of the target (`low_rank`), and not stored.

    Example: `sim.connections @"E->E" from @E to @E rule fixed_indegree {k = 1000 : i64} delay 1.5`
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$source, FlatSymbolRefAttr:$target,
                       Sim_Rule:$rule, DefaultValuedAttr<DictionaryAttr, "{}">:$arguments,
                       OptionalAttr<ElementsAttr>:$pairs, OptionalAttr<F64Attr>:$delay,
                       UnitAttr:$undelayed, UnitAttr:$continuous,
                       OptionalAttr<DenseI64ArrayAttr>:$source_ranges,
                       OptionalAttr<DenseI64ArrayAttr>:$target_ranges,
                       OptionalAttr<F64Attr>:$dendritic_fraction, OptionalAttr<I64Attr>:$first_payload,
                       OptionalAttr<I64Attr>:$first_remembered, OptionalAttr<StrAttr>:$why,
                       DefaultValuedAttr<Sim_Layout, "::synfire::sim::Layout::BySource">:$layout,
                       UnitAttr:$hidden, OptionalAttr<ElementsAttr>:$steps,
                       OptionalAttr<I64Attr>:$products,
                       DefaultValuedAttr<Sim_Sight, "::synfire::sim::Sight::AtSource">:$sight,
                       UnitAttr:$each_step);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $sym_name (`hidden` $hidden^)? `from` $source `to` $target `rule` $rule ($arguments^)? (`pairs` $pairs^)?
    (`steps` $steps^)? (`delay` $delay^)? (`undelayed` $undelayed^)? (`continuous` $continuous^)?
    (`source_ranges` $source_ranges^)? (`target_ranges` $target_ranges^)?
    (`dendritic_fraction` $dendritic_fraction^)? (`first_payload` $first_payload^)?
    (`first_remembered` $first_remembered^)? (`sight` $sight^)? (`each_step` $each_step^)?
    (`products` $products^)? (`layout` $layout^)? (`why` $why^)? attr-dict
  }];
}

def Sim_SpikeListOp : Sim_Op<"spike_list", [Symbol]> {
  let summary = "spikes given by their times, delivered through connections of a hidden domain";
  let description = [{
    `delays` is an array of the steps by which the spikes of each element come later.

    Example: `sim.spike_list @"E.spikes0" through @"E.spikes0->E" times dense<...> elements dense<...>`
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$connections, ElementsAttr:$times,
                       ElementsAttr:$elements, OptionalAttr<FlatSymbolRefAttr>:$delays);
  let hasVerifier = 1;
  let assemblyFormat = "$sym_name `through` $connections `times` $times `elements` $elements attr-dict";
}

def Sim_FramesOp : Sim_Op<"frames", [Symbol]> {
  let summary = "a sequence of frames from files, one every `period` steps (C7)";
  let description = [{
    Frame n begins at step n * `period`. The uniform array `index` has the number of the present frame in
    its file, `label` its label, and each of `values`, over the elements of a domain, its values. The
    runtime reads the files, and sets these when a frame begins.

    Example: `sim.frames @digits "idx" images "x.gz" labels "y.gz" every 5000 index @"digits.index" label @"digits.label" values [@"X.digits"]`
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrAttr:$format, StrAttr:$images,
                       OptionalAttr<StrAttr>:$labels, I64Attr:$period, FlatSymbolRefAttr:$index,
                       OptionalAttr<FlatSymbolRefAttr>:$label, FlatSymbolRefArrayAttr:$values);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $sym_name $format `images` $images (`labels` $labels^)? `every` $period `index` $index (`label` $label^)?
    `values` $values attr-dict
  }];
}

def Sim_AnswersOp : Sim_Op<"answers", [Symbol]> {
  let summary = "how the elements of a domain answer to frames (C7)";
  let description = [{
    The array `counts`, over the domain, has the spikes of each element since the present frame began. `labels`
    receives the label that an element is assigned, -1 before.

    Example: `sim.answers @"E.digits#answers" of @E to @digits counts @"E.digits#spikes" labels @"E.digits#label"`
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$domain, FlatSymbolRefAttr:$frames,
                       FlatSymbolRefAttr:$counts, OptionalAttr<FlatSymbolRefAttr>:$labels);
  let assemblyFormat = "$sym_name `of` $domain `to` $frames `counts` $counts (`labels` $labels^)? attr-dict";
}

def Sim_TotalOp : Sim_Op<"total"> {
  let summary = "the spikes of some elements since the frame began, known when it ends";
  let description = [{ The uniform array `into` receives them. Example: `sim.total @"digits#spikes0" of @"E.digits#answers" ranges [0, 9]` }];
  let arguments = (ins FlatSymbolRefAttr:$into, FlatSymbolRefAttr:$answers,
                       OptionalAttr<DenseI64ArrayAttr>:$ranges);
  let assemblyFormat = "$into `of` $answers (`ranges` $ranges^)? attr-dict";
}

def Sim_CapOp : Sim_Op<"cap"> {
  let summary = "how large an amount sent to an accumulator may be (D2)";
  let description = [{
    The largest magnitude in `array` times `headroom` bounds one amount of `connections` or of the Poisson `drive`; with
    neither, of Poisson events whose mean differs between elements.
    The runtime derives k from all caps of an accumulator and the largest number of events in a step.

    Example: `sim.cap @"E.v+" from @"E->E" array @"E->E.weight" headroom 1.0`
  }];
  let arguments = (ins FlatSymbolRefAttr:$accumulator, OptionalAttr<FlatSymbolRefAttr>:$connections,
                       OptionalAttr<FlatSymbolRefAttr>:$drive, OptionalAttr<FlatSymbolRefAttr>:$array,
                       F64Attr:$headroom);
  let hasVerifier = 1;
  let assemblyFormat = "$accumulator (`from` $connections^)? (`drive` $drive^)? (`array` $array^)? `headroom` $headroom attr-dict";
}

def Sim_ConstrainOp : Sim_Op<"constrain"> {
  let summary = "what a prior states of connections: checked or brought about by the runtime (R2)";
  let description = [{
    `limits` holds the lower and the upper limit of the weight for each of the connections. `limits` and `no_autapses` are
    checked when the model is built; `density` is where connections cannot go. The others hold at the start and every
    `period` steps, after timers: `tied` and `symmetric` by means, `sum` by scaling inside the limits, `density` by
    taking the weakest connections away. `comparison` and `value` are those of `sum` and `density`, `by` says whose weights a
    sum is of: those of each target (`post`), each source (`pre`), or all of them. `parts`, where it is about some connections
    only, has inclusive, flattened ranges of sources and of targets for each of `connections`; empty ones mean all. `text` is how
    the model says it, `outcome` what the compiler found, for people.

    Example: `sim.constrain sum of [@"E->E"] limits [0.0, 2.0] "==" 20.0 by "post" every 10000 text "sum(weight) of E -> E == 20 nS"`
  }];
  let arguments = (ins Sim_ConstraintKind:$kind, ArrayAttr:$connections, DenseF64ArrayAttr:$limits,
                       OptionalAttr<StrAttr>:$comparison, OptionalAttr<F64Attr>:$value,
                       OptionalAttr<StrAttr>:$by, OptionalAttr<I64Attr>:$period, StrAttr:$text,
                       OptionalAttr<StrAttr>:$outcome, OptionalAttr<Sim_RangesArrayAttr>:$parts);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $kind `of` $connections (`parts` $parts^)? `limits` $limits ($comparison^ $value)? (`by` $by^)? (`every` $period^)?
    `text` $text (`outcome` $outcome^)? attr-dict
  }];
}

def Sim_RunOp : Sim_Op<"run", [NoTerminator, SingleBlock]> {
  let summary = "one run of the experiment: its records and actions";
  let description = [{ Example: `sim.run "run" steps 10000 step 0.1 seed 42 { ... }` }];
  let arguments = (ins StrAttr:$name, OptionalAttr<StrAttr>:$origin, I64Attr:$steps, F64Attr:$step, I64Attr:$seed);
  let regions = (region SizedRegion<1>:$body);
  let hasVerifier = 1;
  let assemblyFormat = "$name (`from` $origin^)? `steps` $steps `step` $step `seed` $seed $body attr-dict";
}

def Sim_RecordOp : Sim_Op<"record"> {
  let summary = "spikes of a domain, or an array, written down every `period` steps";
  let description = [{
    An array over connections is one of the connections that stand in place of the domain.

    Example: `sim.record spikes @E`, `sim.record @"E.v" of @E ranges [0, 4] every 10`, `sim.record @"ee.weight" of @ee every 10000`
  }];
  let arguments = (ins OptionalAttr<FlatSymbolRefAttr>:$array, FlatSymbolRefAttr:$domain,
                       OptionalAttr<DenseI64ArrayAttr>:$ranges, I64Attr:$period);
  let hasVerifier = 1;
  let assemblyFormat = "($array^ `of`):(`spikes`)? $domain (`ranges` $ranges^)? `every` $period attr-dict";
}

def Sim_ActionOp : Sim_Op<"action", [NoTerminator, SingleBlock]> {
  let summary = "assignments of a protocol at a step, once or again every `period` steps";
  let description = [{ Example: `sim.action at 5000 { sim.assign ... }` }];
  let arguments = (ins I64Attr:$step, OptionalAttr<I64Attr>:$period);
  let regions = (region SizedRegion<1>:$body);
  let hasVerifier = 1;
  let assemblyFormat = "`at` $step (`every` $period^)? $body attr-dict";
}

def Sim_EachFrameOp : Sim_Op<"each_frame", [NoTerminator, SingleBlock]> {
  let summary = "assignments of a protocol when a new frame begins";
  let description = [{ Example: `sim.each_frame @digits { sim.assign ... }` }];
  let arguments = (ins FlatSymbolRefAttr:$frames);
  let regions = (region SizedRegion<1>:$body);
  let hasVerifier = 1;
  let assemblyFormat = "$frames $body attr-dict";
}

def Sim_ShowAgainOp : Sim_Op<"show_again", [NoTerminator, SingleBlock]> {
  let summary = "assignments of a protocol when a frame is shown again";
  let description = [{
    When a frame ends, the assignment `test` sets the uniform array `flag`: where that is not 0, the same frame is
    shown once more, and the assignments of the body are made.

    Example: `sim.show_again @digits if @"digits#again0" { sim.assign ... } do { sim.assign ... }`
  }];
  let arguments = (ins FlatSymbolRefAttr:$frames, FlatSymbolRefAttr:$flag);
  let regions = (region SizedRegion<1>:$test, SizedRegion<1>:$body);
  let hasVerifier = 1;
  let assemblyFormat = "$frames `if` $flag $test `do` $body attr-dict";
}

def Sim_LabelOp : Sim_Op<"label"> {
  let summary = "at the end of the run each element is assigned the label that it answers to most (C7)";
  let description = [{ Example: `sim.label @"E.digits#answers"` }];
  let arguments = (ins FlatSymbolRefAttr:$answers);
  let assemblyFormat = "$answers attr-dict";
}

def Sim_ReportOp : Sim_Op<"report"> {
  let summary = "at the end of the run it is told how many frames the labels of the elements name rightly (C7)";
  let description = [{ Example: `sim.report @"E.digits#answers"` }];
  let arguments = (ins FlatSymbolRefAttr:$answers);
  let assemblyFormat = "$answers attr-dict";
}

#endif
