//===- SimKernelOps.td - kernels, the structured ops that run them, and their values ---===//
#ifndef SYNFIRE_SIM_KERNEL_OPS
#define SYNFIRE_SIM_KERNEL_OPS

include "dialects/sim/SimDialect.td"
include "dialects/sim/SimInterfaces.td"

def Sim_KernelOp : Sim_Op<"kernel", [Symbol, SymbolTable, IsolatedFromAbove, SingleBlockImplicitTerminator<"EndOp">]> {
  let summary = "what happens to one element or one connection";
  let description = [{
    Begins with `field`s; then straight-line code of `arith`, `math` and the value ops of this dialect.
    When an update's body has become a function, `work` says how many operations that takes for an element and a step.

    Example:
    ```mlir
    sim.kernel @k {
      sim.field @v element : f64
      sim.field @P uniform : f64
      %v = sim.get @v : f64   %P = sim.get @P : f64
      %1 = arith.mulf %v, %P : f64
      sim.set @v, %1 : f64
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, OptionalAttr<I64Attr>:$work);
  let regions = (region SizedRegion<1>:$body);
  let builders = [OpBuilder<(ins "::llvm::StringRef":$sym_name),
                            [{ build($_builder, $_state, sym_name, ::mlir::IntegerAttr()); }]>];
  let hasRegionVerifier = 1;
  let assemblyFormat = "$sym_name (`work` $work^)? $body attr-dict";
  let extraClassDeclaration = [{
    /// Whether the kernel sends at most one amount, computed from nothing but uniform values and at most one
    /// value of the connection: then it is the same at every spike.
    bool sendsFixedAmount();
  }];
}

def Sim_EndOp : Sim_Op<"end", [Pure, Terminator]> {
  let summary = "the end of a kernel";
  let description = [{ Never printed. }];
  let assemblyFormat = "attr-dict";
}

def Sim_FieldOp : Sim_Op<"field", [Symbol]> {
  let summary = "something that a kernel works on, bound where the kernel is run";
  let description = [{ `type` is that of the value (of the sum, for a ring). Example: `sim.field @tau uniform : f64` }];
  let arguments = (ins SymbolNameAttr:$sym_name, Sim_FieldKind:$kind, TypeAttr:$type);
  let hasVerifier = 1;
  let assemblyFormat = "$sym_name $kind `:` $type attr-dict";
}

//===----------------------------------------------------------------------===//
// Structured ops
//===----------------------------------------------------------------------===//

class Sim_LaunchOp<string mnemonic> : Sim_Op<mnemonic, [DeclareOpInterfaceMethods<Sim_LaunchInterface>]>;

class Sim_DomainLaunchOp<string mnemonic> : Sim_LaunchOp<mnemonic> {
  let arguments = (ins FlatSymbolRefAttr:$kernel, FlatSymbolRefAttr:$over, ArrayAttr:$bind,
                       UnitAttr:$uniform, OptionalAttr<DenseI64ArrayAttr>:$ranges);
  let assemblyFormat = "$kernel `over` $over (`uniform` $uniform^)? (`ranges` $ranges^)? `bind` $bind attr-dict";
}
class Sim_ConnectionsLaunchOp<string mnemonic> : Sim_LaunchOp<mnemonic> {
  let arguments = (ins FlatSymbolRefAttr:$kernel, FlatSymbolRefAttr:$over, ArrayAttr:$bind);
  let assemblyFormat = "$kernel `over` $over `bind` $bind attr-dict";
}

def Sim_DeriveOp : Sim_DomainLaunchOp<"derive"> {
  let summary = "computes derived values from parameters, at the start and after a live change";
  let description = [{
    `uniform`: all fields are uniform, the kernel runs once.

    Example: `sim.derive @d0 over @E uniform bind [@"E.tau", @"E.P"]`
  }];
}
def Sim_InitOp : Sim_DomainLaunchOp<"init"> {
  let summary = "sets start values of elements, or parameters that differ between them";
  let description = [{ Runs before `derive`s that stand after it. Example: `sim.init @i0 over @E bind [@"E.v"]` }];
}
def Sim_AssignOp : Sim_DomainLaunchOp<"assign"> {
  let summary = "a protocol's change of elements' values";
  let description = [{ Example: `sim.assign @a0 over @E ranges [0, 9] bind [@"E.theta"]` }];
}
def Sim_UpdateOp : Sim_DomainLaunchOp<"update"> {
  let summary = "advances the elements of a domain by one step (phases 1 to 3 of the grid)";
  let description = [{ Example: `sim.update @lif over @E bind [@"E.v", ...]` }];
}
def Sim_ValuesOp : Sim_LaunchOp<"values"> {
  let summary = "computes one value per connection while the connections are made";
  let description = [{
    `role` is `delay` (ms), `probability`, or the name of the `sim.array` over the connections that receives it.

    Example: `sim.values @w0 over @"E->E" role "E->E.weight" bind [...]`
  }];
  let arguments = (ins FlatSymbolRefAttr:$kernel, FlatSymbolRefAttr:$over, StrAttr:$role, ArrayAttr:$bind);
  let assemblyFormat = "$kernel `over` $over `role` $role `bind` $bind attr-dict";
}
def Sim_DeliverOp : Sim_ConnectionsLaunchOp<"deliver"> {
  let summary = "sends the amounts of spikes along their connections (phase 2b)";
  let description = [{ Example: `sim.deliver @d over @"E->E" bind [...]` }];
}
def Sim_HandleOp : Sim_ConnectionsLaunchOp<"handle"> {
  let summary = "what each connection does with a spike, with values or chances of its own (phase 2a)";
  let description = [{
    Like `deliver`, connection by connection: the kernel may set values of the connection and draw its
    random numbers.

    Example: `sim.handle @h over @"E->E" bind [...]`
  }];
}
def Sim_SettleOp : Sim_ConnectionsLaunchOp<"settle"> {
  let summary = "brings each connection up to the present: it sees the spikes of its target so far";
  let description = [{
    Connections follow the spikes of their targets late, when a spike of the source comes (`sim.handle`).
    Where their values are looked at or changed, or the memory of the targets' spikes is full, they follow
    at once. That changes no answer: the same spikes are handled at the same times.

    Example: `sim.settle @s over @"E->E" bind [...]`
  }];
}
def Sim_AdvanceOp : Sim_LaunchOp<"advance"> {
  let summary = "the states of each connection go one step on (phase 1)";
  let description = [{
    For states whose value at an event does not follow from that at the event before: third factors or
    values of the cells move them at every moment. Everything else is read as it is at the step's begin.

    With `every`, the states follow from event to event, but not further than so many steps: in the steps that are
    multiples of it, each is brought up to the step's begin, after all that happens at that time.

    Example: `sim.advance @a over @"E->E" bind [...]`, `sim.advance @a over @"E->E" every 512 bind [...]`
  }];
  let arguments = (ins FlatSymbolRefAttr:$kernel, FlatSymbolRefAttr:$over,
                       OptionalAttr<ConfinedAttr<I64Attr, [IntPositive]>>:$period, ArrayAttr:$bind);
  let assemblyFormat = "$kernel `over` $over (`every` $period^)? `bind` $bind attr-dict";
}
def Sim_TimerOp : Sim_LaunchOp<"timer"> {
  let summary = "what each connection does every so many steps, after the handlers of that time (phase 4)";
  let description = [{
    `every 0`: whenever values of connections are recorded.

    Example: `sim.timer @t over @"E->E" every 10000 bind [...]`
  }];
  let arguments = (ins FlatSymbolRefAttr:$kernel, FlatSymbolRefAttr:$over, I64Attr:$period, ArrayAttr:$bind);
  let assemblyFormat = "$kernel `over` $over `every` $period `bind` $bind attr-dict";
}
def Sim_GatherOp : Sim_ConnectionsLaunchOp<"gather"> {
  let summary = "sums continuous couplings per target, in the order of the sources";
  let description = [{ `alike`: all targets have the same sum, which is made once. Example: `sim.gather @g over @gap bind [...]` }];
  let arguments = (ins FlatSymbolRefAttr:$kernel, FlatSymbolRefAttr:$over, ArrayAttr:$bind, UnitAttr:$alike);
  let assemblyFormat = "$kernel `over` $over `bind` $bind (`alike` $alike^)? attr-dict";
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

def Sim_GetOp : Sim_Op<"get", [MemoryEffects<[MemRead]>]> {
  let summary = "the value of a field, as it was when the kernel began";
  let description = [{ Example: `%v = sim.get @v : f64` }];
  let arguments = (ins FlatSymbolRefAttr:$field);
  let results = (outs Sim_Number:$result);
  let assemblyFormat = "$field attr-dict `:` type($result)";
}
def Sim_SetOp : Sim_Op<"set"> {
  let summary = "the new value of an element, a connection or a uniform field, or of the value per connection";
  let description = [{ Example: `sim.set @v, %0 : f64` }];
  let arguments = (ins FlatSymbolRefAttr:$field, Sim_Number:$value);
  let assemblyFormat = "$field `,` $value attr-dict `:` type($value)";
}
def Sim_StepOp : Sim_Op<"step", [Pure]> {
  let summary = "the grid step at which the update begins";
  let description = [{ Example: `%k = sim.step` }];
  let results = (outs I64:$result);
  let assemblyFormat = "attr-dict";
}
def Sim_ElementOp : Sim_Op<"element", [Pure]> {
  let summary = "the number of the element in its population";
  let description = [{ Example: `%i = sim.element` }];
  let results = (outs I64:$result);
  let assemblyFormat = "attr-dict";
}
def Sim_NormalOp : Sim_Op<"normal"> {
  let summary = "a standard normal deviate of this element and draw (random.md)";
  let description = [{ Example: `%n = sim.normal @key, %step : f64` }];
  let arguments = (ins FlatSymbolRefAttr:$key, I64:$draw);
  let results = (outs Sim_Real:$result);
  let assemblyFormat = "$key `,` $draw attr-dict `:` type($result)";
}
def Sim_CountOp : Sim_Op<"count"> {
  let summary = "the number of events of a Poisson drive in this step";
  let description = [{
    `table` is a field of kind `poisson`, or `mean` the expected number where it differs between
    elements or steps. `draw` is the number of the draw: the step, less a delay.

    Example: `%n = sim.count @key, %k table @t`, `%n = sim.count @key, %k mean %m : f64`
  }];
  let arguments = (ins FlatSymbolRefAttr:$key, I64:$draw, OptionalAttr<FlatSymbolRefAttr>:$table,
                       Optional<Sim_Real>:$mean);
  let results = (outs I32:$result);
  let hasVerifier = 1;
  let assemblyFormat = "$key `,` $draw (`table` $table^)? (`mean` $mean^ `:` type($mean))? attr-dict";
}
def Sim_DrawOp : Sim_Op<"draw", [AttrSizedOperandSegments]> {
  let summary = "a random value for a start value or a connection (C3)";
  let description = [{ Example: `%v = sim.draw @key uniform(%a, %b)`, `sim.draw @key normal(%m, %s) redraw(%lo, %hi)` }];
  let arguments = (ins FlatSymbolRefAttr:$key, Sim_Distribution:$distribution, Variadic<F64>:$arguments,
                       DefaultValuedAttr<Sim_Limit, "::synfire::sim::Limit::None">:$limit, Variadic<F64>:$interval);
  let results = (outs F64:$result);
  let hasVerifier = 1;
  let assemblyFormat = "$key $distribution `(` $arguments `)` ($limit^ `(` $interval `)`)? attr-dict";
}
def Sim_RepeatOp : Sim_Op<"repeat", [RecursiveMemoryEffects, SingleBlock]> {
  let summary = "what one event does, again for each of several that act on the element one after another";
  let description = [{
    The block has the running values as arguments and yields those after one more event.

    Example: `%x1, %s1 = sim.repeat %n from(%x, %zero : f64, i64) -> (f64, i64) { ... }`
  }];
  let arguments = (ins I32:$count, Variadic<Sim_Number>:$start);
  let results = (outs Variadic<Sim_Number>:$results);
  let regions = (region SizedRegion<1>:$body);
  let hasVerifier = 1;
  let assemblyFormat = "$count `from` `(` $start `:` type($start) `)` `->` `(` type($results) `)` $body attr-dict";
}
def Sim_YieldOp : Sim_Op<"yield", [Pure, Terminator, ParentOneOf<["RepeatOp", "RecallOp", "LookupOp"]>]> {
  let summary = "the running values after one event";
  let description = [{ Example: `sim.yield %x, %s : f64, i64` }];
  let arguments = (ins Variadic<Sim_Number>:$values);
  let assemblyFormat = "$values `:` type($values) attr-dict";
}
def Sim_RecallOp : Sim_Op<"recall", [RecursiveMemoryEffects, SingleBlock]> {
  let summary = "what a connection does at each spike of its target that it has not followed yet";
  let description = [{
    The connection sees a spike of the target when the delay has passed. Those that it saw since it was last
    up to date, the present step included, are handled in their order. The block has the running values
    as arguments, then the steps since the connection saw anything before, and those since it saw a spike of
    its source; it yields the running values after the spike. Beside them, the op gives the steps from the
    last of all to now. The time of the source's spike before this one is `since payload n`, that many
    steps ago, or `since @last`, a step number: of the source, or where each connection sees its spikes at
    a time of its own, of the connection.

    Example:
    ```mlir
    %w1, %age = sim.recall @posts since payload 1 from(%w : f64) -> (f64), f64 {
    ^bb0(%w0: f64, %steps: f64, %since: f64):
      %y = sim.remembered @posts 0 : f64
      ...
      sim.yield %w2 : f64
    }
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$history, OptionalAttr<I64Attr>:$payload,
                       OptionalAttr<FlatSymbolRefAttr>:$last, Variadic<Sim_Number>:$start);
  let results = (outs Variadic<Sim_Number>:$results, Sim_Real:$age);
  let regions = (region SizedRegion<1>:$body);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $history `since` (`payload` $payload^)? ($last^)? `from` `(` $start `:` type($start) `)` `->` `(` type($results) `)` `,` type($age) $body attr-dict
  }];
}
def Sim_RememberedOp : Sim_Op<"remembered", [MemoryEffects<[MemRead]>, HasParent<"RecallOp">]> {
  let summary = "a value that the target latched when it fired the spike that is followed";
  let description = [{ `number` counts within this projection. Example: `%y = sim.remembered @posts 0 : f64` }];
  let arguments = (ins FlatSymbolRefAttr:$history, I64Attr:$number);
  let results = (outs Sim_Real:$result);
  let assemblyFormat = "$history $number attr-dict `:` type($result)";
}
def Sim_LatestOp : Sim_Op<"latest", [MemoryEffects<[MemRead]>]> {
  let summary = "a latched value of the last spike of the target that the connection saw before now, and its age";
  let description = [{
    The age is in steps; before the first spike both are 0. With `now`, a spike seen now counts.

    Example: `%y, %age = sim.latest @posts 0 : f64, f64`
  }];
  let arguments = (ins FlatSymbolRefAttr:$history, I64Attr:$number, UnitAttr:$now);
  let results = (outs Sim_Real:$result, Sim_Real:$age);
  let assemblyFormat = "$history $number (`now` $now^)? attr-dict `:` type($result) `,` type($age)";
}
def Sim_LookupOp : Sim_Op<"lookup", [RecursiveMemoryEffects, SingleBlock]> {
  let summary = "what a table of the first `size` ages says, or the block for older ones";
  let description = [{ Example: `%e = sim.lookup @decay_0[4096] %age : f64 -> f64 else { ... sim.yield %e0 : f64 }` }];
  let arguments = (ins FlatSymbolRefAttr:$field, I64Attr:$size, Sim_Real:$age);
  let results = (outs Sim_Real:$result);
  let regions = (region SizedRegion<1>:$otherwise);
  let hasVerifier = 1;
  let assemblyFormat = "$field `[` $size `]` $age attr-dict `:` type($age) `->` type($result) `else` $otherwise";
}
def Sim_PeekOp : Sim_Op<"peek", [MemoryEffects<[MemRead]>]> {
  let summary = "one element of an array of any domain, as it is or was so many steps ago";
  let description = [{ Example: `%d = sim.peek @level at %i : f64`, `%d = sim.peek @level_past at %i ago %n : f64` }];
  let arguments = (ins FlatSymbolRefAttr:$field, I64:$element, Optional<I64>:$ago);
  let results = (outs Sim_Number:$result);
  let assemblyFormat = "$field `at` $element (`ago` $ago^)? attr-dict `:` type($result)";
}
def Sim_ChanceOp : Sim_Op<"chance"> {
  let summary = "a random number between 0 and 1 of this connection and draw (random.md)";
  let description = [{ Example: `%u = sim.chance @key, %n : f64` }];
  let arguments = (ins FlatSymbolRefAttr:$key, I64:$draw);
  let results = (outs Sim_Real:$result);
  let assemblyFormat = "$key `,` $draw attr-dict `:` type($result)";
}
def Sim_CollectOp : Sim_Op<"collect"> {
  let summary = "takes what arrives at the end of this step from a ring, and clears it";
  let description = [{ Example: `%s = sim.collect @ring : i64` }];
  let arguments = (ins FlatSymbolRefAttr:$ring);
  let results = (outs Sim_Sum:$result);
  let assemblyFormat = "$ring attr-dict `:` type($result)";
}
def Sim_RoundOp : Sim_Op<"round", [Pure]> {
  let summary = "the nearest integer, ties to even";
  let description = [{
    The value must fit. `within` names a uniform field with the limit of a sum (sim.accumulator): a magnitude beyond
    it, or NaN, is told, and ends the run.

    Example: `%q = sim.round %x : f64 to i64`, `%q = sim.round %x within @limit : f64 to i64`
  }];
  let arguments = (ins Sim_Real:$value, OptionalAttr<FlatSymbolRefAttr>:$within);
  let results = (outs Sim_Sum:$result);
  let assemblyFormat = "$value (`within` $within^)? attr-dict `:` type($value) `to` type($result)";
}
def Sim_SendOp : Sim_Op<"send"> {
  let summary = "adds an amount, in units of 2^-k, to a ring of the connection's target";
  let description = [{ It arrives when the delay has passed. Example: `sim.send @ring, %q : i64` }];
  let arguments = (ins FlatSymbolRefAttr:$ring, Sim_Sum:$amount);
  let assemblyFormat = "$ring `,` $amount attr-dict `:` type($amount)";
}
def Sim_DeferOp : Sim_Op<"defer"> {
  let summary = "keeps a value for the connection until its delay has passed";
  let description = [{ Example: `sim.defer @sent, %w : f64` }];
  let arguments = (ins FlatSymbolRefAttr:$pending, Sim_Real:$value);
  let assemblyFormat = "$pending `,` $value attr-dict `:` type($value)";
}
def Sim_DueOp : Sim_Op<"due"> {
  let summary = "takes what was deferred until the end of this step, 0 if nothing was, and clears it";
  let description = [{ Example: `%w = sim.due @sent : f64` }];
  let arguments = (ins FlatSymbolRefAttr:$pending);
  let results = (outs Sim_Real:$result);
  let assemblyFormat = "$pending attr-dict `:` type($result)";
}
def Sim_EmitOp : Sim_Op<"emit"> {
  let summary = "the element spikes where the flag is true; its spike carries the latched values";
  let description = [{ Example: `sim.emit @emit, %fires payload(%u : f64)` }];
  let arguments = (ins FlatSymbolRefAttr:$emit, I1:$fires, Variadic<Sim_Real>:$payload);
  let assemblyFormat = "$emit `,` $fires (`payload` `(` $payload^ `:` type($payload) `)`)? attr-dict";
}
def Sim_PayloadOp : Sim_Op<"payload", [MemoryEffects<[MemRead]>]> {
  let summary = "a value that the source latched when it fired";
  let description = [{ `number` counts within this projection. Example: `%u = sim.payload 0 : f64` }];
  let arguments = (ins I64Attr:$number);
  let results = (outs Sim_Real:$result);
  let hasVerifier = 1;
  let assemblyFormat = "$number attr-dict `:` type($result)";
}
def Sim_AccumulateOp : Sim_Op<"accumulate"> {
  let summary = "adds to the sum of a gather";
  let description = [{ The field is an element field of the target. Example: `sim.accumulate @c0, %x : f64` }];
  let arguments = (ins FlatSymbolRefAttr:$field, Sim_Real:$value);
  let assemblyFormat = "$field `,` $value attr-dict `:` type($value)";
}
def Sim_PropagatorOp : Sim_Op<"propagator"> {
  let summary = "the exact step of a linear system";
  let description = [{
    For x' = A x + b with b held over the step: P = exp(A dt) and F = the integral of exp(A s) for s from 0
    to dt, so that x(t + dt) = P x + F b. `entries` lists (row, column) of the given elements of A, all
    others are 0; `wanted` lists (matrix, row, column) of the results, matrix 0 is P, 1 is F.
    Computed by scaling and squaring of a Taylor series, which stays accurate when
    time constants coincide.

    Example: `%P, %F = sim.propagator size 1 dt %dt entries [0, 0] (%a) wanted [0, 0, 0, 1, 0, 0] : f64, f64`
  }];
  let arguments = (ins I64Attr:$size, F64:$dt, DenseI64ArrayAttr:$entries, Variadic<F64>:$values,
                       DenseI64ArrayAttr:$wanted);
  let results = (outs Variadic<F64>:$results);
  let hasVerifier = 1;
  let assemblyFormat = "`size` $size `dt` $dt `entries` $entries `(` $values `)` `wanted` $wanted attr-dict `:` type($results)";
}

#endif
