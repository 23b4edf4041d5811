//===- SimDialect.td - the dialect, its enums and op base classes ---===//
#ifndef SYNFIRE_SIM_DIALECT
#define SYNFIRE_SIM_DIALECT

include "mlir/IR/OpBase.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Sim_Dialect : Dialect {
  let name = "sim";
  let cppNamespace = "::synfire::sim";
  let summary = "How a circuit advances: arrays, sums, connections, and kernels over one element";
  let description = [{
    A `sim.program` declares data (domains, arrays, accumulators, connections), kernels that say what
    happens to one element or one connection, and a schedule of structured ops that run kernels over
    all elements or connections: `derive`, `init`, `values`, `deliver`, `gather`, `update`, `assign`.
    There are no loops over elements, lanes, threads or clocks: each target adds its own.

    A kernel names what it works on by *fields*; a structured op binds the fields to data. So one
    kernel serves every population or projection of the same structure.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect"];
}

class Sim_I32Enum<string name, string summary, list<I32EnumAttrCase> cases>
    : I32EnumAttr<name, summary, cases> {
  let cppNamespace = "::synfire::sim";
}

// The values equal syn_array_kind of synfire.h.
def Sim_ArrayKind : Sim_I32Enum<"ArrayKind", "why an array exists", [
  I32EnumAttrCase<"State", 0, "state">, I32EnumAttrCase<"Parameter", 1, "parameter">,
  I32EnumAttrCase<"Derived", 2, "derived">, I32EnumAttrCase<"Refractory", 3, "refractory">,
  I32EnumAttrCase<"Coupling", 4, "coupling">, I32EnumAttrCase<"History", 5, "history">]>;

def Sim_Placement : Sim_I32Enum<"Placement", "where a variable of a synapse is kept (X2)", [
  I32EnumAttrCase<"Element", 0, "element">, I32EnumAttrCase<"Target", 1, "target">,
  I32EnumAttrCase<"Source", 2, "source">, I32EnumAttrCase<"Connection", 3, "connection">]>;

def Sim_FieldKind : Sim_I32Enum<"FieldKind", "what a kernel's field is bound to", [
  I32EnumAttrCase<"Uniform", 0, "uniform">,     // one value for all elements of the row
  I32EnumAttrCase<"Element", 1, "element">,     // the element's value in an array
  I32EnumAttrCase<"Ring", 2, "ring">,           // an accumulator
  I32EnumAttrCase<"Poisson", 3, "poisson">,     // the table of a Poisson drive
  I32EnumAttrCase<"Emit", 4, "emit">,           // where spikes go
  I32EnumAttrCase<"Key", 5, "key">,             // hash of a qualified name: an i32 constant
  I32EnumAttrCase<"Source", 6, "source">,       // the connection's source's value in an array
  I32EnumAttrCase<"Target", 7, "target">,       // the connection's target's value in an array
  I32EnumAttrCase<"Connection", 8, "connection">, // the connection's own value
  I32EnumAttrCase<"Rows", 9, "rows">,           // the connections
  I32EnumAttrCase<"Past", 10, "past">,          // the source's value the connection's delay ago
  I32EnumAttrCase<"Pending", 13, "pending">,    // what waits for the connection's delay to pass
  I32EnumAttrCase<"Whole", 12, "whole">,        // all values of an array, of any domain
  I32EnumAttrCase<"History", 11, "history">]>;  // the last spikes of the target, with what they carried

def Sim_Distribution : Sim_I32Enum<"Distribution", "a distribution of C3", [
  I32EnumAttrCase<"Normal", 0, "normal">, I32EnumAttrCase<"Lognormal", 1, "lognormal">,
  I32EnumAttrCase<"Uniform", 2, "uniform">, I32EnumAttrCase<"Exponential", 3, "exponential">,
  I32EnumAttrCase<"Gamma", 4, "gamma">]>;
def Sim_Limit : Sim_I32Enum<"Limit", "what happens to a draw outside its interval (C3)", [
  I32EnumAttrCase<"None", 0, "none">, I32EnumAttrCase<"Redraw", 1, "redraw">,
  I32EnumAttrCase<"Clip", 2, "clip">]>;

// The values equal syn_rule of synfire.h.
def Sim_Rule : Sim_I32Enum<"Rule", "how pairs are chosen (R1)", [
  I32EnumAttrCase<"OneToOne", 0, "one_to_one">, I32EnumAttrCase<"AllToAll", 1, "all_to_all">,
  I32EnumAttrCase<"AllButOne", 2, "all_but_one">, I32EnumAttrCase<"Probability", 3, "probability">,
  I32EnumAttrCase<"FixedIndegree", 4, "fixed_indegree">,
  I32EnumAttrCase<"FixedOutdegree", 5, "fixed_outdegree">,
  I32EnumAttrCase<"FixedNumber", 6, "fixed_number">, I32EnumAttrCase<"SmallWorld", 7, "small_world">,
  I32EnumAttrCase<"Modular", 8, "modular">, I32EnumAttrCase<"Table", 10, "table">]>;

// The values equal syn_constraint_kind of synfire.h.
def Sim_ConstraintKind : Sim_I32Enum<"ConstraintKind", "what a prior states of connections (R2)", [
  I32EnumAttrCase<"Limits", 0, "limits">, I32EnumAttrCase<"Tied", 1, "tied">,
  I32EnumAttrCase<"Symmetric", 2, "symmetric">, I32EnumAttrCase<"Sum", 3, "sum">,
  I32EnumAttrCase<"Density", 4, "density">, I32EnumAttrCase<"NoAutapses", 5, "no_autapses">]>;

// The values equal syn_layout of synfire.h.
def Sim_Layout : Sim_I32Enum<"Layout", "how the connections of events are stored (X3)", [
  I32EnumAttrCase<"BySource", 0, "by_source">,
  I32EnumAttrCase<"BySourceAndDelay", 1, "by_source_and_delay">,
  I32EnumAttrCase<"Implicit", 2, "implicit">]>;

// The values equal syn_sight of synfire.h.
def Sim_Sight : Sim_I32Enum<"Sight", "when connections see the spikes of their sources (G3)", [
  I32EnumAttrCase<"AtSource", 0, "at_source">, // when they are fired
  I32EnumAttrCase<"Delayed", 1, "delayed">,    // after the axonal part of each connection's delay
  I32EnumAttrCase<"First", 2, "first">]>;      // the same, before the cells make the step

def Sim_RangesArrayAttr : TypedArrayAttrBase<DenseI64ArrayAttr, "array of lists of ranges">;

class Sim_Op<string mnemonic, list<Trait> traits = []> : Op<Sim_Dialect, mnemonic, traits>;
def Sim_Real : AnyTypeOf<[F64, F32]>;
def Sim_Sum : AnyTypeOf<[I64, I32]>;
def Sim_Number : AnyTypeOf<[F64, F32, I64, I32, I1]>;

#endif
