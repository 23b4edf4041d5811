// What hardware must keep to.
// RUN: synfire-opt %s --split-input-file --verify-diagnostics

// expected-error @below {{has the name `Big`; names are made of lower-case letters, digits and `_`, and begin with a letter}}
rtl.module @Big() {
  rtl.output
}

// -----

// expected-error @below {{has two ports `a`}}
rtl.module @m(in %a: i1, out a: i1) {
  rtl.output %a : i1
}

// -----

// expected-error @below {{has a port `clk`; the clock is implied}}
rtl.module @m(in %clk: i1) {
  rtl.output
}

// -----

// expected-error @below {{has a port of type 'f32'; ports are signless integers}}
rtl.module @m(in %a: f32) {
  rtl.output
}

// -----

// expected-error @below {{has 1 names for 0 inputs}}
"rtl.module"() <{sym_name = "m", inputNames = ["a"], outputNames = [], outputTypes = []}> ({
  "rtl.output"() : () -> ()
}) : () -> ()

// -----

// expected-error @below {{has 1 names for 0 outputs}}
"rtl.module"() <{sym_name = "m", inputNames = [], outputNames = ["a"], outputTypes = []}> ({
  "rtl.output"() : () -> ()
}) : () -> ()

// -----

rtl.module @m(in %a: i1, out b: i1) {
  // expected-error @below {{has 2 values for 1 outputs}}
  rtl.output %a, %a : i1, i1
}

// -----

rtl.module @m(in %a: i1, out b: i8) {
  // expected-error @below {{gives the output `b` of type 'i8' a value of type 'i1'}}
  rtl.output %a : i1
}

// -----

rtl.module @m(in %a: i8, out y: i8) {
  // expected-error @below {{'arith.addi' op depends on its own result with no register in between}}
  %0 = arith.addi %a, %1 : i8
  // expected-note @below {{through `rtl.wire` "loop"}}
  %1 = rtl.wire "loop" %0 : i8
  rtl.output %1 : i8
}

// -----

rtl.module @m() {
  // expected-error @below {{is of `none`, which is no module}}
  rtl.instance "x" @none() : () -> ()
  rtl.output
}

// -----

// expected-note @below {{the module is here}}
rtl.module @one(in %a: i1) {
  rtl.output
}
rtl.module @m() {
  // expected-error @below {{has 0 inputs and 0 outputs; `one` has 1 and 0}}
  rtl.instance "x" @one() : () -> ()
  rtl.output
}

// -----

// expected-note @below {{the module is here}}
rtl.module @one(in %a: i1) {
  rtl.output
}
rtl.module @m(in %b: i8) {
  // expected-error @below {{has a 'i8' at the input `a` of type 'i1'}}
  rtl.instance "x" @one(%b) : (i8) -> ()
  rtl.output
}

// -----

// expected-note @below {{the module is here}}
rtl.module @one(in %a: i1, out b: i1) {
  rtl.output %a : i1
}
rtl.module @m(in %a: i1) {
  // expected-error @below {{has a 'i8' at the output `b` of type 'i1'}}
  rtl.instance "x" @one(%a) : (i1) -> i8
  rtl.output
}

// -----

rtl.module @m(in %a: i1) {
  // expected-error @below {{has the name `1st`}}
  %0 = rtl.wire "1st" %a : i1
  rtl.output
}

// -----

rtl.module @m(in %a: i8, in %rst: i1) {
  // expected-error @below {{the number does not fit into 8 bits}}
  %0 = rtl.register "r" %a reset %rst to 256 : i8
  rtl.output
}

// -----

rtl.module @m(in %a: i8, in %rst: i1) {
  // expected-error @below {{expected a number}}
  %0 = rtl.register "r" %a reset %rst to x : i8
  rtl.output
}

// -----

rtl.module @m(in %a: i8, in %rst: i1) {
  // expected-error @below {{has a reset, but no value that it sets}}
  %0 = "rtl.register"(%a, %rst) <{name = "r", operandSegmentSizes = array<i32: 1, 0, 1>}> : (i8, i1) -> i8
  rtl.output
}

// -----

rtl.module @m(in %a: i8) {
  // expected-error @below {{has a value for a reset, but no reset}}
  %0 = "rtl.register"(%a) <{name = "r", resetValue = 0 : i8, operandSegmentSizes = array<i32: 1, 0, 0>}> : (i8) -> i8
  rtl.output
}

// -----

rtl.module @m(in %a: i8) {
  // expected-error @below {{of 8 bits starts with a value of 4}}
  %0 = "rtl.register"(%a) <{name = "r", initialValue = 0 : i4, operandSegmentSizes = array<i32: 1, 0, 0>}> : (i8) -> i8
  rtl.output
}

// -----

rtl.module @m(in %a: i8) {
  // expected-error @below {{takes bits 6 to 9 of a word of 8 bits}}
  %0 = rtl.extract %a from 6 : i8 -> i4
  rtl.output
}

// -----

rtl.module @m(in %a: i8) {
  // expected-error @below {{has parts of 16 bits in all, and a result of 8}}
  %0 = rtl.concat %a, %a : i8, i8 -> i8
  rtl.output
}
