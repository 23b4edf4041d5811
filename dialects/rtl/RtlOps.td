//===- RtlOps.td - everything of the rtl dialect: modules, wires, registers, properties ---===//
#ifndef SYNFIRE_RTL_OPS
#define SYNFIRE_RTL_OPS

include "dialects/rtl/RtlDialect.td"
include "dialects/rtl/RtlMemoryOps.td"

//===----------------------------------------------------------------------===//
// Modules
//===----------------------------------------------------------------------===//

def Rtl_ModuleOp : Rtl_Op<"module", [Symbol, IsolatedFromAbove, SingleBlock,
    DeclareOpInterfaceMethods<RegionKindInterface>,
    DeclareOpInterfaceMethods<OpAsmOpInterface, ["getAsmBlockArgumentNames"]>]> {
  let summary = "a piece of hardware with ports";
  let description = [{
    Inputs are arguments of the block, named like the port; outputs are the operands of `rtl.output`, in
    the order of the `out` ports. Names are lower case: `[a-z][a-z0-9_]*`. No port is called `clk`: the
    clock is implied and becomes the first port of what needs it.

    No value may depend on itself without a register or a memory in between.

    The top of a design says in `design` whose events have which numbers, the formats, the layout of sums and
    weights, and the run that the model asks for; `load` are the words that a host loads, `given` the steps and
    numbers of the events that the model gives, and `hash` tells this design from others. An engine says in how
    many `stages` it advances a cell.

    Example:
    ```mlir
    rtl.module @counter(in %rst: i1, in %step: i1, out count: i8) {
      %one = arith.constant 1 : i8
      %next = arith.addi %count, %one : i8
      %count = rtl.register "count" %next enable %step reset %rst to 0 : i8
      rtl.output %count : i8
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrArrayAttr:$inputNames, StrArrayAttr:$outputNames,
                       TypeArrayAttr:$outputTypes, OptionalAttr<StrAttr>:$summary,
                       OptionalAttr<DictionaryAttr>:$design, OptionalAttr<ElementsAttr>:$load,
                       OptionalAttr<ElementsAttr>:$given, OptionalAttr<I64Attr>:$hash,
                       OptionalAttr<I64Attr>:$stages);
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
  let skipDefaultBuilders = 1;
  let builders = [OpBuilder<(ins "llvm::StringRef":$name)>];
  let extraClassDeclaration = [{
    llvm::StringRef inputName(unsigned i) {
      return mlir::cast<mlir::StringAttr>(getInputNames()[i]).getValue();
    }
    llvm::StringRef outputName(unsigned i) {
      return mlir::cast<mlir::StringAttr>(getOutputNames()[i]).getValue();
    }
    mlir::Type outputType(unsigned i) {
      return mlir::cast<mlir::TypeAttr>(getOutputTypes()[i]).getValue();
    }
    unsigned getNumInputs() { return getInputNames().size(); }
    unsigned getNumOutputs() { return getOutputNames().size(); }
    OutputOp getOutputOp();
  }];
}

def Rtl_OutputOp : Rtl_Op<"output", [Pure, Terminator, HasParent<"ModuleOp">]> {
  let summary = "gives the outputs of a module their values";
  let description = [{
    Example: `rtl.output %full, %q : i1, i8`
  }];
  let arguments = (ins Variadic<Rtl_Word>:$values);
  let hasVerifier = 1;
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
}

def Rtl_InstanceOp : Rtl_Op<"instance", [DeclareOpInterfaceMethods<SymbolUserOpInterface>,
    DeclareOpInterfaceMethods<OpAsmOpInterface, ["getAsmResultNames"]>]> {
  let summary = "a module inside another one";
  let description = [{
    Operands and results are the ports of the module, in their order.

    Example: `%full, %q = rtl.instance "events" @fifo(%push, %data) : (i1, i8) -> (i1, i8)`
  }];
  let arguments = (ins StrAttr:$name, FlatSymbolRefAttr:$moduleName, Variadic<Rtl_Word>:$inputs);
  let results = (outs Variadic<Rtl_Word>:$outputs);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $name $moduleName `(` $inputs `)` attr-dict `:` functional-type($inputs, $outputs)
  }];
}

//===----------------------------------------------------------------------===//
// Registers and wires
//===----------------------------------------------------------------------===//

def Rtl_RegisterOp : Rtl_Op<"register", [Pure, AttrSizedOperandSegments, AllTypesMatch<["next", "result"]>,
    DeclareOpInterfaceMethods<OpAsmOpInterface, ["getAsmResultNames"]>]> {
  let summary = "a value that is kept from one rising edge of the clock to the next";
  let description = [{
    The result becomes `next` at the edge; with `reset` high it becomes the value after `to` instead,
    whatever `enable` is; with `enable` low it stays. `initially` is the value after configuration, for
    what nobody can reset; without it, that value is unknown.

    Example: `%count = rtl.register "count" %next enable %step reset %rst to 0 : i8`
  }];
  let arguments = (ins StrAttr:$name, Rtl_Word:$next, Optional<Rtl_Bit>:$enable, Optional<Rtl_Bit>:$reset,
                       OptionalAttr<APIntAttr>:$resetValue,
                       OptionalAttr<APIntAttr>:$initialValue);
  let results = (outs Rtl_Word:$result);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let hasFolder = 1;
  let hasCanonicalizer = 1;
}

def Rtl_WireOp : Rtl_Op<"wire", [Pure, AllTypesMatch<["value", "result"]>,
    DeclareOpInterfaceMethods<OpAsmOpInterface, ["getAsmResultNames"]>]> {
  let summary = "a value with a name in the text";
  let description = [{
    Example: `%sum = rtl.wire "sum" %0 : i8`
  }];
  let arguments = (ins StrAttr:$name, Rtl_Word:$value);
  let results = (outs Rtl_Word:$result);
  let hasVerifier = 1;
  let assemblyFormat = "$name $value attr-dict `:` type($result)";
}

def Rtl_ExtractOp : Rtl_Op<"extract", [Pure]> {
  let summary = "some neighbouring bits of a word";
  let description = [{
    The lowest bit of the result is bit `from` of the word.

    Example: `%y = rtl.extract %x from 3 : i16 -> i4`
  }];
  let arguments = (ins Rtl_Word:$value, ConfinedAttr<I32Attr, [IntNonNegative]>:$from);
  let results = (outs Rtl_Word:$result);
  let hasVerifier = 1;
  let hasFolder = 1;
  let hasCanonicalizer = 1;
  let assemblyFormat = "$value `from` $from attr-dict `:` type($value) `->` type($result)";
}

def Rtl_ConcatOp : Rtl_Op<"concat", [Pure]> {
  let summary = "words side by side";
  let description = [{
    The first operand is the highest bits.

    Example: `%y = rtl.concat %high, %low : i4, i4 -> i8`
  }];
  let arguments = (ins Variadic<Rtl_Word>:$parts);
  let results = (outs Rtl_Word:$result);
  let hasVerifier = 1;
  let hasFolder = 1;
  let hasCanonicalizer = 1;
  let assemblyFormat = "$parts attr-dict `:` type($parts) `->` type($result)";
}

//===----------------------------------------------------------------------===//
// Properties
//===----------------------------------------------------------------------===//

class Rtl_PropertyOp<string mnemonic> : Rtl_Op<mnemonic> {
  let arguments = (ins Rtl_Bit:$condition, Optional<Rtl_Bit>:$enable, StrAttr:$text);
  let assemblyFormat = "$condition (`enable` $enable^)? $text attr-dict";
}

def Rtl_AssertOp : Rtl_PropertyOp<"assert"> {
  let summary = "states what holds at every rising edge of the clock";
  let description = [{
    Becomes code for tools that prove; hardware has nothing of it.

    Example: `rtl.assert %fits enable %running "no more words than there is room for"`
  }];
}
def Rtl_AssumeOp : Rtl_PropertyOp<"assume"> {
  let summary = "states what the inputs keep to at every rising edge of the clock";
  let description = [{
    Example: `rtl.assume %quiet "nobody pushes during reset"`
  }];
}
def Rtl_ArbitraryOp : Rtl_Op<"arbitrary", [MemoryEffects<[MemAlloc]>,
    DeclareOpInterfaceMethods<OpAsmOpInterface, ["getAsmResultNames"]>]> {
  let summary = "a constant that nothing is known of, for proofs";
  let description = [{
    What is proved with it holds for each value. Only properties may depend on it.

    Example: `%word = rtl.arbitrary "word" : i8`
  }];
  let arguments = (ins StrAttr:$name);
  let results = (outs Rtl_Word:$result);
  let hasVerifier = 1;
  let assemblyFormat = "$name attr-dict `:` type($result)";
}

#endif
