//===- RtlDialect.td - the dialect, its types, enums and op base class ---===//
#ifndef SYNFIRE_RTL_DIALECT
#define SYNFIRE_RTL_DIALECT

include "mlir/IR/OpBase.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpAsmInterface.td"
include "mlir/IR/RegionKindInterface.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Rtl_Dialect : Dialect {
  let name = "rtl";
  let cppNamespace = "::synfire::rtl";
  let summary = "Registers and wires: modules, instances, registers, memories";
  let description = [{
    An `rtl.module` is a piece of synchronous hardware in one clock domain. What is combinational in it is
    `arith` on signless integers of any width; this dialect adds what `arith` does not give: modules,
    instances, registers, memories, names, the parts of a word, and properties to prove.

    The clock is not a value: every register and memory of a design works on the rising edge of the same
    clock, which the emitted text calls `clk`. Reset is an ordinary input. The body of a module is a graph:
    a register may be used before it is defined.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
  let useDefaultTypePrinterParser = 1;
  let hasConstantMaterializer = 1;
}

def Rtl_MemoryType : TypeDef<Rtl_Dialect, "Memory"> {
  let mnemonic = "memory";
  let summary = "a handle to a memory of words";
  let description = [{
    Example: `!rtl.memory<256xi16>` has 256 words of 16 bits; its addresses are of type `i8`.
  }];
  let parameters = (ins "int64_t":$depth, "::mlir::IntegerType":$word);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// The width of an address: the least that tells all words apart.
    unsigned getAddressWidth();
    mlir::IntegerType getAddressType();
    unsigned getWordWidth() { return getWord().getWidth(); }
  }];
}

def Rtl_Style : I32EnumAttr<"Style", "what a memory is made of", [
  I32EnumAttrCase<"Auto", 0, "auto">,               // as the synthesis tool likes
  I32EnumAttrCase<"Block", 1, "block">,             // block RAM
  I32EnumAttrCase<"Distributed", 2, "distributed">, // lookup tables
  I32EnumAttrCase<"Huge", 3, "huge">]> {            // the largest: one port, no start values
  let cppNamespace = "::synfire::rtl";
}

class Rtl_Op<string mnemonic, list<Trait> traits = []> : Op<Rtl_Dialect, mnemonic, traits>;

def Rtl_Word : Type<CPred<"$_self.isSignlessInteger()">, "word", "::mlir::IntegerType">;
def Rtl_Bit : Type<CPred<"$_self.isSignlessInteger(1)">, "bit", "::mlir::IntegerType">, BuildableType<"$_builder.getI1Type()">;

#endif
