//===- NeuroDialect.td - the dialect, its attributes and op base classes ---===//
#ifndef SYNFIRE_NEURO_DIALECT
#define SYNFIRE_NEURO_DIALECT

include "mlir/IR/OpBase.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"

def Neuro_Dialect : Dialect {
  let name = "neuro";
  let cppNamespace = "::synfire::neuro";
  let summary = "What a model of a neural circuit says, without a word on how it is advanced";
  let description = [{
    One op per concept of the Synfire language. Equations and handlers are regions of `arith` and
    `math` ops over `f64`. Every quantity is a number in one coherent base system:

    | time | potential | current | conductance | capacitance | resistance | length | amount | temperature |
    |------|-----------|---------|-------------|-------------|------------|--------|--------|-------------|
    | ms   | mV        | pA      | nS          | pF          | GOhm       | um     | mol    | K           |

    The unit that stands beside a parameter or a state is text for people; dimensions were checked
    before this level. A circuit is elaborated: parts are flattened to names such as `seg[2].E`,
    `for` is unrolled, circuit parameters have their values. There are no arrays, storage or loops.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect"];
  let useDefaultAttributePrinterParser = 1;
}

class Neuro_I32Enum<string name, string summary, list<I32EnumAttrCase> cases>
    : I32EnumAttr<name, summary, cases> {
  let cppNamespace = "::synfire::neuro";
}

def Neuro_Side : Neuro_I32Enum<"Side", "whose variable a handler or equation means", [
  I32EnumAttrCase<"Self", 0, "self">, I32EnumAttrCase<"Pre", 1, "pre">,
  I32EnumAttrCase<"Post", 2, "post">]>;

def Neuro_Trigger : Neuro_I32Enum<"Trigger", "what runs a handler", [
  I32EnumAttrCase<"Pre", 0, "pre">, I32EnumAttrCase<"Post", 1, "post">,
  I32EnumAttrCase<"Spike", 2, "spike">]>;

def Neuro_SpikeTest : Neuro_I32Enum<"SpikeTest", "how a spike rule compares (N4)", [
  I32EnumAttrCase<"AtOrAbove", 0, "at_or_above">, I32EnumAttrCase<"Crosses", 1, "crosses">]>;

def Neuro_Effect : Neuro_I32Enum<"Effect", "stated effect of a synapse (S4)", [
  I32EnumAttrCase<"Unstated", 0, "unstated">, I32EnumAttrCase<"Excitatory", 1, "excitatory">,
  I32EnumAttrCase<"Inhibitory", 2, "inhibitory">]>;

def Neuro_Method : Neuro_I32Enum<"Method", "a solver of one state (X1)", [
  I32EnumAttrCase<"Exact", 0, "exact">, I32EnumAttrCase<"ExponentialEuler", 1, "exponential_euler">,
  I32EnumAttrCase<"Rk4", 2, "rk4">, I32EnumAttrCase<"Euler", 3, "euler">,
  I32EnumAttrCase<"Implicit", 4, "implicit">]>;

def Neuro_Distribution : Neuro_I32Enum<"Distribution", "a distribution of C3", [
  I32EnumAttrCase<"Normal", 0, "normal">, I32EnumAttrCase<"Lognormal", 1, "lognormal">,
  I32EnumAttrCase<"Uniform", 2, "uniform">, I32EnumAttrCase<"Exponential", 3, "exponential">,
  I32EnumAttrCase<"Gamma", 4, "gamma">]>;

def Neuro_Limit : Neuro_I32Enum<"Limit", "what happens to a draw outside its interval (C3)", [
  I32EnumAttrCase<"None", 0, "none">, I32EnumAttrCase<"Redraw", 1, "redraw">,
  I32EnumAttrCase<"Clip", 2, "clip">]>;

def Neuro_ConnectRule : Neuro_I32Enum<"ConnectRule", "how pairs are chosen (R1)", [
  I32EnumAttrCase<"OneToOne", 0, "one_to_one">, I32EnumAttrCase<"AllToAll", 1, "all_to_all">,
  I32EnumAttrCase<"AllButOne", 2, "all_but_one">, I32EnumAttrCase<"Probability", 3, "probability">,
  I32EnumAttrCase<"FixedIndegree", 4, "fixed_indegree">,
  I32EnumAttrCase<"FixedOutdegree", 5, "fixed_outdegree">,
  I32EnumAttrCase<"FixedNumber", 6, "fixed_number">, I32EnumAttrCase<"SmallWorld", 7, "small_world">,
  I32EnumAttrCase<"Modular", 8, "modular">, I32EnumAttrCase<"LowRank", 9, "low_rank">,
  I32EnumAttrCase<"Table", 10, "table">]>;

def Neuro_StimulusKind : Neuro_I32Enum<"StimulusKind", "what drives a population from outside (C6)", [
  I32EnumAttrCase<"Poisson", 0, "poisson">, I32EnumAttrCase<"Current", 1, "current">,
  I32EnumAttrCase<"NoiseCurrent", 2, "noise_current">, I32EnumAttrCase<"Spikes", 3, "spikes">]>;

def Neuro_RecordKind : Neuro_I32Enum<"RecordKind", "what is recorded", [
  I32EnumAttrCase<"Spikes", 0, "spikes">, I32EnumAttrCase<"Value", 1, "value">]>;

def Neuro_Predicate : Neuro_I32Enum<"Predicate", "what `constrain` states (R2)", [
  I32EnumAttrCase<"Effect", 0, "effect">, I32EnumAttrCase<"Bound", 1, "bound">,
  I32EnumAttrCase<"Tied", 2, "tied">, I32EnumAttrCase<"Symmetric", 3, "symmetric">,
  I32EnumAttrCase<"Sum", 4, "sum">, I32EnumAttrCase<"Density", 5, "density">,
  I32EnumAttrCase<"NoAutapses", 6, "no_autapses">]>;

class Neuro_Attr<string name, string attrMnemonic, list<Trait> traits = []>
    : AttrDef<Neuro_Dialect, name, traits> {
  let mnemonic = attrMnemonic;
}

def Neuro_RefAttr : Neuro_Attr<"Ref", "ref"> {
  let summary = "a population, or some of its elements";
  let description = [{
    `elements` lists inclusive ranges, flattened: `[0, 4, 8, 8]` is elements 0 to 4 and 8; empty
    means all. `compartment` names a compartment of the elements, empty for a point neuron.

    Example: `#neuro.ref<@E>`, `#neuro.ref<@E[0, 4]>`, `#neuro.ref<@N : "dend[3]">`
  }];
  let parameters = (ins "::mlir::FlatSymbolRefAttr":$population,
                        OptionalArrayRefParameter<"int64_t">:$elements,
                        OptionalParameter<"::mlir::StringAttr">:$compartment);
  let assemblyFormat = "`<` $population (`[` $elements^ `]`)? (`:` $compartment^)? `>`";
}
def Neuro_RefArrayAttr : TypedArrayAttrBase<Neuro_RefAttr, "array of population references">;

def Neuro_SolutionAttr : Neuro_Attr<"Solution", "solution"> {
  let summary = "the solver of one state of a population's system, and why it was chosen";
  let description = [{
    `state` is a state of the neuron (`v`), or, where a synapse state is lumped into the target,
    `projection.state` (`E->E.g`). Written by `neuro-choose-solvers`.

    Example: `#neuro.solution<"v" exact 1 "linear, constant coefficients">`
  }];
  let parameters = (ins "::mlir::StringAttr":$state,
                        EnumParameter<Neuro_Method>:$method,
                        "int64_t":$substeps,
                        "::mlir::StringAttr":$why);
  let assemblyFormat = "`<` $state $method $substeps $why `>`";
}
def Neuro_SolutionArrayAttr : TypedArrayAttrBase<Neuro_SolutionAttr, "array of solutions">;

def Neuro_RangesArrayAttr : TypedArrayAttrBase<DenseI64ArrayAttr, "array of lists of ranges">;

class Neuro_Op<string mnemonic, list<Trait> traits = []> : Op<Neuro_Dialect, mnemonic, traits>;

// A region whose one block ends in `neuro.yield`, and which computes values.
class Neuro_ExprOp<string mnemonic, list<Trait> traits = []>
    : Neuro_Op<mnemonic, !listconcat(traits, [SingleBlockImplicitTerminator<"YieldOp">, RecursiveMemoryEffects])>;

// A container of declarations: one block, no terminator.
class Neuro_DeclOp<string mnemonic, list<Trait> traits = []>
    : Neuro_Op<mnemonic, !listconcat(traits, [NoTerminator, SingleBlock])>;

#endif
