// What memories must keep to.
// RUN: synfire-opt %s --split-input-file --verify-diagnostics

rtl.module @m() {
  // expected-error @below {{a memory has at least two words; found 1}}
  %0 = rtl.memory "m" : !rtl.memory<1xi8>
  rtl.output
}

// -----

rtl.module @m() {
  // expected-error @below {{a memory has words of signless integers; found 'si8'}}
  %0 = rtl.memory "m" : !rtl.memory<4xsi8>
  rtl.output
}

// -----

rtl.module @m() {
  // expected-error @below {{expected the number of words and their type, as in `<256xi16>`}}
  %0 = rtl.memory "m" : !rtl.memory<4x4xi8>
  rtl.output
}

// -----

rtl.module @m() {
  // expected-error @below {{has start values of type 'tensor<2xi8>' for 4 words of type 'i8'}}
  %0 = rtl.memory "m" init dense<0> : tensor<2xi8> : !rtl.memory<4xi8>
  rtl.output
}

// -----

rtl.module @m() {
  // expected-error @below {{is `huge`, which has no start values}}
  %0 = rtl.memory "m" init dense<0> : tensor<4xi8> style huge : !rtl.memory<4xi8>
  rtl.output
}

// -----

rtl.module @m() {
  // expected-error @below {{has start values that are neither `dense` nor a `dense_resource`}}
  %0 = rtl.memory "m" init sparse<[[0]], [1]> : tensor<4xi8> : !rtl.memory<4xi8>
  rtl.output
}

// -----

rtl.module @m(in %a: i2) {
  // expected-error @below {{is `huge`, which has one port, `rtl.access`}}
  %0 = rtl.memory "m" style huge : !rtl.memory<4xi8>
  %1 = rtl.read %0[%a] : !rtl.memory<4xi8>
  rtl.output
}

// -----

rtl.module @m(in %a: i2, in %d: i8) {
  %0 = rtl.memory "m" : !rtl.memory<4xi8>
  // expected-note @below {{the other port is here}}
  rtl.write %0[%a], %d : !rtl.memory<4xi8>
  // expected-error @below {{is a second port that writes the memory}}
  rtl.write %0[%a], %d : !rtl.memory<4xi8>
  rtl.output
}

// -----

rtl.module @m(in %a: i2, in %d: i8, in %w: i1) {
  %0 = rtl.memory "m" : !rtl.memory<4xi8>
  // expected-note @below {{the other port is here}}
  rtl.access %0[%a], %d write %w : !rtl.memory<4xi8>
  // expected-error @below {{is a second port of a memory that has one}}
  rtl.access %0[%a], %d write %w : !rtl.memory<4xi8>
  rtl.output
}

// -----

rtl.module @m(in %a: i2, in %d: i8, in %w: i1) {
  %0 = rtl.memory "m" : !rtl.memory<4xi8>
  // expected-error @below {{is not the only port of its memory}}
  rtl.access %0[%a], %d write %w : !rtl.memory<4xi8>
  // expected-note @below {{the other port is here}}
  rtl.read %0[%a] : !rtl.memory<4xi8>
  rtl.output
}

// -----

rtl.module @m(in %a: i2, in %d: i8, in %lanes: i3) {
  %0 = rtl.memory "m" : !rtl.memory<4xi8>
  // expected-error @below {{has a mask for 3 lanes, which do not divide words of 8 bits}}
  rtl.write %0[%a], %d mask %lanes : i3 : !rtl.memory<4xi8>
  rtl.output
}

// -----

rtl.module @m(in %a: i3) {
  // expected-note @above {{prior use here}}
  %0 = rtl.memory "m" : !rtl.memory<4xi8>
  // expected-error @below {{use of value '%a' expects different type than prior uses: 'i2' vs 'i3'}}
  rtl.read %0[%a] : !rtl.memory<4xi8>
  rtl.output
}
