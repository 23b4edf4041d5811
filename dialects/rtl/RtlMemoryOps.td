//===- RtlMemoryOps.td - memories and their ports ---===//
#ifndef SYNFIRE_RTL_MEMORY_OPS
#define SYNFIRE_RTL_MEMORY_OPS

include "dialects/rtl/RtlDialect.td"

def Rtl_MemoryOp : Rtl_Op<"memory", [
    DeclareOpInterfaceMethods<OpAsmOpInterface, ["getAsmResultNames"]>]> {
  let summary = "a memory of words";
  let description = [{
    Its ports are the ops that use the handle: either at most one `rtl.write` and any number of `rtl.read`s,
    or one `rtl.access`. `init` are the words after configuration; without it, they are unknown. `style` is
    what the memory should be made of; `huge` ones have one port, words of 16 bits, and no start values.

    An address that is no word's must not be used. A word that is written and read at the same edge reads as anything. To prove that this does not happen is part of
    the text, except where `collisions` says that such a value is not used.

    Example: `%m = rtl.memory "weights" init dense<[1, 2, 3, 4]> : tensor<4xi8> style block : !rtl.memory<4xi8>`
  }];
  let arguments = (ins StrAttr:$name, OptionalAttr<ElementsAttr>:$init, OptionalAttr<Rtl_Style>:$style,
                       UnitAttr:$collisions);
  let results = (outs Res<Rtl_MemoryType, "", [MemAlloc]>:$memory);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $name (`init` $init^)? (`style` $style^)? (`collisions` $collisions^)? attr-dict `:` qualified(type($memory))
  }];
}

def Rtl_AddressOf : TypesMatchWith<"the address tells the words apart", "memory", "address",
                                     "::mlir::cast<MemoryType>($_self).getAddressType()">;
class Rtl_WordOf<string value> : TypesMatchWith<"the type is that of the words", "memory", value,
                                                "::mlir::cast<MemoryType>($_self).getWord()">;

def Rtl_ReadOp : Rtl_Op<"read", [Rtl_AddressOf, Rtl_WordOf<"data">,
    DeclareOpInterfaceMethods<OpAsmOpInterface, ["getAsmResultNames"]>]> {
  let summary = "a port that reads, one clock late";
  let description = [{
    At the rising edge the result becomes the word at the address; with `enable` low it stays.

    Example: `%d = rtl.read %m[%address] enable %en : !rtl.memory<256xi16>`
  }];
  let arguments = (ins Arg<Rtl_MemoryType, "", [MemRead]>:$memory, Rtl_Word:$address, Optional<Rtl_Bit>:$enable);
  let results = (outs Rtl_Word:$data);
  let assemblyFormat = [{
    $memory `[` $address `]` (`enable` $enable^)? attr-dict `:` qualified(type($memory))
  }];
}

def Rtl_WriteOp : Rtl_Op<"write", [Rtl_AddressOf, Rtl_WordOf<"data">, AttrSizedOperandSegments]> {
  let summary = "the port that writes";
  let description = [{
    At the rising edge with `enable` high the word at the address becomes the data. `mask` has a bit for each
    lane, of equal width, lowest first; lanes whose bit is low stay.

    Example: `rtl.write %m[%address], %data enable %en mask %lanes : i4 : !rtl.memory<256xi16>`
  }];
  let arguments = (ins Arg<Rtl_MemoryType, "", [MemWrite]>:$memory, Rtl_Word:$address, Rtl_Word:$data,
                       Optional<Rtl_Bit>:$enable, Optional<Rtl_Word>:$mask);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $memory `[` $address `]` `,` $data (`enable` $enable^)? (`mask` $mask^ `:` type($mask))?
    attr-dict `:` qualified(type($memory))
  }];
}

def Rtl_AccessOp : Rtl_Op<"access", [Rtl_AddressOf, Rtl_WordOf<"data">, Rtl_WordOf<"result">, AttrSizedOperandSegments,
    DeclareOpInterfaceMethods<OpAsmOpInterface, ["getAsmResultNames"]>]> {
  let summary = "the only port of a memory, which reads or writes";
  let description = [{
    At the rising edge with `enable` high it writes the data if `write` is high, in the lanes of `mask`; else
    the result becomes the word at the address.

    Example: `%q = rtl.access %m[%address], %data write %we enable %en : !rtl.memory<16384xi16>`
  }];
  let arguments = (ins Arg<Rtl_MemoryType, "", [MemRead, MemWrite]>:$memory, Rtl_Word:$address, Rtl_Word:$data,
                       Rtl_Bit:$write, Optional<Rtl_Bit>:$enable, Optional<Rtl_Word>:$mask);
  let results = (outs Rtl_Word:$result);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $memory `[` $address `]` `,` $data `write` $write (`enable` $enable^)? (`mask` $mask^ `:` type($mask))?
    attr-dict `:` qualified(type($memory))
  }];
}

def Rtl_PeekOp : Rtl_Op<"peek", [Rtl_AddressOf, Rtl_WordOf<"data">]> {
  let summary = "the word at an address now, for proofs";
  let description = [{
    No memory of a device reads so; only properties may depend on it.

    Example: `%d = rtl.peek %m[%address] : !rtl.memory<256xi16>`
  }];
  let arguments = (ins Arg<Rtl_MemoryType, "", [MemRead]>:$memory, Rtl_Word:$address);
  let results = (outs Rtl_Word:$data);
  let assemblyFormat = "$memory `[` $address `]` attr-dict `:` qualified(type($memory))";
}

#endif
