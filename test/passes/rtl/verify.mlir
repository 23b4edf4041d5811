// What cannot be hardware.
// RUN: synfire-opt %s --split-input-file --rtl-verify --verify-diagnostics

// A register, or an output that does not depend on the input, ends a way round.
rtl.module @inner(in %a: i8, out now: i8, out later: i8) {
  %q = rtl.register "q" %a : i8
  rtl.output %a, %q : i8, i8
}
rtl.module @fine(in %a: i8, out y: i8) {
  %now, %later = rtl.instance "inner" @inner(%later) : (i8) -> (i8, i8)
  rtl.output %now : i8
}

// -----

rtl.module @inner(in %a: i8, out now: i8, out later: i8) {
  %q = rtl.register "q" %a : i8
  rtl.output %a, %q : i8, i8
}
rtl.module @cycle(in %a: i8, out y: i8) {
  // expected-error @below {{depends on its own result with no register in between}}
  %now, %later = rtl.instance "inner" @inner(%0) : (i8) -> (i8, i8)
  // expected-note @below {{through `arith.addi`}}
  %0 = arith.addi %a, %now : i8
  rtl.output %0 : i8
}

// -----

rtl.module @a() {
  rtl.instance "b" @b() : () -> ()
  rtl.output
}
rtl.module @b() {
  // expected-error @below {{puts `a` into itself}}
  rtl.instance "a" @a() : () -> ()
  rtl.output
}

// -----

rtl.module @quotient(in %a: i8, in %b: i8, out y: i8) {
  // expected-error @below {{is no hardware; modules hold `rtl` and `arith` on integers that always has a value}}
  %0 = arith.divui %a, %b : i8
  rtl.output %0 : i8
}

// -----

rtl.module @index(out y: i8) {
  // expected-error @below {{has a result of type 'index'; wires are signless integers}}
  %0 = arith.constant 0 : index
  %1 = arith.constant 0 : i8
  rtl.output %1 : i8
}

// -----

rtl.module @shift(in %a: i8, out y: i8) {
  %c8 = arith.constant 8 : i8
  // expected-error @below {{shifts a word of 8 bits by all of them or more}}
  %0 = arith.shli %a, %c8 : i8
  rtl.output %0 : i8
}
