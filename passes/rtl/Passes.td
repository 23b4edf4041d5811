//===- Passes.td - passes on modules of registers and wires ---===//
include "mlir/Pass/PassBase.td"

def RtlStrengthReducePass : Pass<"rtl-strength-reduce"> {
  let summary = "a product with a constant of few digits becomes sums of shifted words (exact)";
  let description = [{
    The constant is written with the digits 1, 0 and -1, no two of its neighbours different from 0: so it
    has the fewest digits there can be. A digit costs an adder, which small devices have many of; a
    multiplier is one of few, and one of 18 bits needs several of those. A product with the attribute
    `rtl.multiplier` stays one: whoever built it counted those that there are.

    ```mlir
    %c = arith.constant 15 : i16   %1 = arith.muli %0, %c : i16
    ->
    %k = arith.constant 4 : i16    %2 = arith.shli %0, %k : i16   %1 = arith.subi %2, %0 : i16
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
  let options = [Option<"digits", "digits", "unsigned", /*default=*/"3",
                        "digits that a product may have to become a sum">];
}

def RtlLegalizePass : Pass<"rtl-legalize"> {
  let summary = "what has no operator in Verilog, or none without warnings, is said by what has (exact)";
  let description = [{
    The larger or smaller of two words becomes a comparison and a choice. The order of bits becomes
    logic, and the order against the lowest or highest number an equality: linters take a comparison that
    could be one for a mistake.

    ```mlir
    %1 = arith.maxsi %0, %c : i8
    ->
    %2 = arith.cmpi sgt, %0, %c : i8   %1 = arith.select %2, %0, %c : i8
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def RtlVerifyPass : Pass<"rtl-verify", "::mlir::ModuleOp"> {
  let summary = "checks that a design can be hardware";
  let description = [{
    Modules hold ops of this dialect and of `arith` on signless integers, except those that can have no
    value, such as quotients; no shift is by the width or more. No module is inside itself, and no value
    depends on itself without a register in between, through instances neither.
  }];
}
