// What is simpler said otherwise; and that cleaning up knows graphs and clocks.
// RUN: synfire-opt %s --canonicalize --cse | FileCheck %s

// CHECK-LABEL: rtl.module @parts
rtl.module @parts(in %x: i16, in %y: i4, out a: i16, out b: i8, out c: i4, out d: i8, out e: i4, out f: i8, out g: i4) {
  // CHECK-DAG: %[[C:.+]] = arith.constant -6 : i4
  // CHECK-DAG: %[[LOW:.+]] = arith.trunci %x : i16 to i8
  // CHECK-DAG: %[[MIDDLE:.+]] = rtl.extract %x from 6 : i16 -> i4
  // CHECK-DAG: %[[WIDE:.+]] = arith.extui %y : i4 to i8
  %whole = rtl.extract %x from 0 : i16 -> i16
  %low = rtl.extract %x from 0 : i16 -> i8
  %upper = rtl.extract %x from 4 : i16 -> i8
  %middle = rtl.extract %upper from 2 : i8 -> i4
  // Neighbours are one part.
  %a = rtl.extract %x from 4 : i16 -> i4
  %b = rtl.extract %x from 0 : i16 -> i4
  %both = rtl.concat %a, %b : i4, i4 -> i8
  // A part of a concatenation is a part of a part.
  %three = rtl.concat %y, %x, %y : i4, i16, i4 -> i24
  %inside = rtl.extract %three from 10 : i24 -> i4
  %zero = arith.constant 0 : i4
  %wide = rtl.concat %zero, %y : i4, i4 -> i8
  %number = arith.constant 165 : i8
  %digit = rtl.extract %number from 4 : i8 -> i4
  // CHECK: rtl.output %x, %[[LOW]], %[[MIDDLE]], %[[LOW]], %[[MIDDLE]], %[[WIDE]], %[[C]]
  rtl.output %whole, %low, %middle, %both, %inside, %wide, %digit : i16, i8, i4, i8, i4, i8, i4
}

// CHECK-LABEL: rtl.module @registers
rtl.module @registers(in %rst: i1, in %d: i8, out a: i8, out b: i8, out c: i8, out d_: i8) {
  // CHECK-DAG: %[[FIVE:.+]] = arith.constant 5 : i8
  // CHECK-DAG: %[[SIX:.+]] = arith.constant 6 : i8
  %five = arith.constant 5 : i8
  %one = arith.constant true
  %never = arith.constant false
  // Never anything else.
  %a = rtl.register "a" %five reset %rst to 5 : i8
  // CHECK-NOT: register "a"
  // CHECK: rtl.register "b" %[[FIVE]] reset %rst to 6 : i8
  %b = rtl.register "b" %five reset %rst to 6 : i8
  // Keeps what it was.
  // CHECK-NOT: register "c"
  %c = rtl.register "c" %c reset %rst to 6 : i8
  // CHECK: rtl.register "d" %d : i8
  %e = rtl.register "d" %d enable %one reset %never to 0 : i8
  // CHECK: rtl.output %[[FIVE]], %b, %[[SIX]], %d_0
  rtl.output %a, %b, %c, %e : i8, i8, i8, i8
}

// What nobody sees goes, even if it sees itself.
// CHECK-LABEL: rtl.module @dead
rtl.module @dead(in %rst: i1) {
  // CHECK-NEXT: rtl.output
  %one = arith.constant 1 : i8
  %next = arith.addi %q, %one : i8
  %q = rtl.register "q" %next reset %rst to 0 : i8
  rtl.output
}

// Two memories of one name are two.
// CHECK-LABEL: rtl.module @memories
rtl.module @memories(in %a: i2, in %b: i2, in %d: i8, out p: i8, out q: i8) {
  // CHECK-COUNT-2: rtl.memory "m"
  %m = rtl.memory "m" : !rtl.memory<4xi8>
  %n = rtl.memory "m" : !rtl.memory<4xi8>
  // CHECK-COUNT-2: rtl.write
  rtl.write %m[%a], %d : !rtl.memory<4xi8>
  rtl.write %n[%b], %d : !rtl.memory<4xi8>
  %p = rtl.read %m[%b] : !rtl.memory<4xi8>
  %q = rtl.read %n[%a] : !rtl.memory<4xi8>
  rtl.output %p, %q : i8, i8
}
