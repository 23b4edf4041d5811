// What has no text in Verilog.
// RUN: synfire-opt %s --split-input-file --emit-verilog --verify-diagnostics

rtl.module @quotient(in %a: i8, in %b: i8, out y: i8) {
  // expected-error @below {{has no text in Verilog; `rtl-legalize` may give it one}}
  %0 = arith.divui %a, %b : i8
  rtl.output %0 : i8
}

// -----

rtl.module @peek(in %a: i2, out y: i8) {
  %m = rtl.memory "words" : !rtl.memory<4xi8>
  // expected-error @below {{is for proofs, but hardware depends on it}}
  %0 = rtl.peek %m[%a] : !rtl.memory<4xi8>
  rtl.output %0 : i8
}

// -----

rtl.module @arbitrary(out y: i8) {
  // expected-error @below {{is for proofs, but hardware depends on it}}
  %0 = rtl.arbitrary "any" : i8
  rtl.output %0 : i8
}
