// The order of the pipeline, and that what it leaves can be written.
// RUN: synfire-opt %s --rtl --dump-pass-pipeline 2>&1 | FileCheck %s --check-prefix=ORDER
// RUN: synfire-opt %s --rtl --emit-verilog -o /dev/null | FileCheck %s

// ORDER:      canonicalize
// ORDER:      cse,
// ORDER-NEXT: rtl-strength-reduce{digits=6},
// ORDER:      rtl-legalize,
// ORDER:      cse,
// ORDER-NEXT: rtl-verify

// CHECK: wire [15:0] _t0 = {x[11:0], 4'd0} - x;
// CHECK: assign y = _t0[15:8];
rtl.module @scale(in %x: i16, out y: i8) {
  %c15 = arith.constant 15 : i16
  %0 = arith.muli %x, %c15 : i16
  %1 = arith.constant 100 : i16
  %2 = arith.muli %1, %c15 : i16
  %high = rtl.extract %0 from 8 : i16 -> i8
  rtl.output %high : i8
}
