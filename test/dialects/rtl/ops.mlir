// Every op in its text, there and back.
// RUN: synfire-opt %s --verify-roundtrip | synfire-opt | FileCheck %s

// CHECK-LABEL: rtl.module @counter(in %rst: i1, in %step: i1, out count: i8) attributes {summary = "counts steps"} {
rtl.module @counter(in %rst: i1, in %step: i1, out count: i8) attributes {summary = "counts steps"} {
  %one = arith.constant 1 : i8
  // A register may be used before it is defined.
  // CHECK: %[[NEXT:.+]] = arith.addi %count
  %next = arith.addi %count, %one : i8
  // CHECK: %count = rtl.register "count" %[[NEXT]] enable %step reset %rst to 0 : i8
  %count = rtl.register "count" %next enable %step reset %rst to 0 : i8
  // CHECK: rtl.output %count : i8
  rtl.output %count : i8
}

// CHECK-LABEL: rtl.module @registers(in %d: i8, in %rst: i1, out q: i8)
rtl.module @registers(in %d: i8, in %rst: i1, out q: i8) {
  // CHECK: rtl.register "plain" %d : i8
  %plain = rtl.register "plain" %d : i8
  // CHECK: rtl.register "negative" %plain reset %rst to 255 initially 7 {note} : i8
  %negative = rtl.register "negative" %plain reset %rst to -1 initially 7 {note} : i8
  rtl.output %negative : i8
}

// A port keeps its name whatever the value is called.
// CHECK-LABEL: rtl.module @renamed(in %data: i8, out q: i8)
rtl.module @renamed(in %x "data": i8, out q: i8) {
  // CHECK: rtl.output %data
  rtl.output %x : i8
}

// CHECK-LABEL: rtl.module @nothing() {
rtl.module @nothing() {
  // CHECK-NEXT: rtl.output{{$}}
  rtl.output
}

// CHECK-LABEL: rtl.module @parts
rtl.module @parts(in %x: i16, in %rst: i1, in %step: i1, out y: i8, out count: i8) {
  // CHECK: %[[PART:.+]] = rtl.extract %x from 3 : i16 -> i4
  %part = rtl.extract %x from 3 : i16 -> i4
  // CHECK: %[[BOTH:.+]] = rtl.concat %[[PART]], %[[PART]] : i4, i4 -> i8
  %both = rtl.concat %part, %part : i4, i4 -> i8
  // CHECK: %named = rtl.wire "named" %[[BOTH]] : i8
  %0 = rtl.wire "named" %both : i8
  // CHECK: %steps_count = rtl.instance "steps" @counter(%rst, %step) : (i1, i1) -> i8
  %1 = rtl.instance "steps" @counter(%rst, %step) : (i1, i1) -> i8
  rtl.output %0, %1 : i8, i8
}

// CHECK-LABEL: rtl.module @memories
rtl.module @memories(in %a: i2, in %b: i2, in %d: i8, in %en: i1, in %lanes: i4, out p: i8, out q: i8, out r: i8) {
  // CHECK: %table = rtl.memory "table" init dense<[1, 2, 3, 4]> : tensor<4xi8> style distributed : !rtl.memory<4xi8>
  %table = rtl.memory "table" init dense<[1, 2, 3, 4]> : tensor<4xi8> style distributed : !rtl.memory<4xi8>
  // CHECK: %table_q = rtl.read %table[%a] : !rtl.memory<4xi8>
  %p = rtl.read %table[%a] : !rtl.memory<4xi8>
  // CHECK: %words = rtl.memory "words" style block collisions : !rtl.memory<4xi8>
  %words = rtl.memory "words" style block collisions : !rtl.memory<4xi8>
  // CHECK: rtl.read %words[%a] enable %en : !rtl.memory<4xi8>
  %q = rtl.read %words[%a] enable %en : !rtl.memory<4xi8>
  // CHECK: rtl.peek %words[%a] : !rtl.memory<4xi8>
  %now = rtl.peek %words[%a] : !rtl.memory<4xi8>
  // CHECK: rtl.write %words[%b], %d enable %en mask %lanes : i4 : !rtl.memory<4xi8>
  rtl.write %words[%b], %d enable %en mask %lanes : i4 : !rtl.memory<4xi8>
  // CHECK: %big = rtl.memory "big" style huge : !rtl.memory<4xi8>
  %big = rtl.memory "big" style huge : !rtl.memory<4xi8>
  // CHECK: rtl.access %big[%a], %d write %en enable %en mask %lanes : i4 : !rtl.memory<4xi8>
  %r = rtl.access %big[%a], %d write %en enable %en mask %lanes : i4 : !rtl.memory<4xi8>
  rtl.output %p, %q, %r : i8, i8, i8
}

// CHECK-LABEL: rtl.module @properties
rtl.module @properties(in %a: i1, in %b: i1) {
  // CHECK: %any = rtl.arbitrary "any" : i1
  %any = rtl.arbitrary "any" : i1
  %same = arith.cmpi eq, %any, %a : i1
  // CHECK: rtl.assume %{{.+}} enable %b "what comes is known"
  rtl.assume %same enable %b "what comes is known"
  // CHECK: rtl.assert %a "it is always on"
  rtl.assert %a "it is always on"
  rtl.output
}
