// What has no operator in Verilog.
// RUN: synfire-opt %s --rtl-legalize | FileCheck %s

// CHECK-LABEL: @limits
rtl.module @limits(in %x: i8, in %y: i8, out a: i8, out b: i8, out c: i8, out d: i8) {
  // CHECK: %[[SGT:.+]] = arith.cmpi sgt, %x, %y : i8
  // CHECK: %[[A:.+]] = arith.select %[[SGT]], %x, %y : i8
  %a = arith.maxsi %x, %y : i8
  // CHECK: %[[SLT:.+]] = arith.cmpi slt, %x, %y : i8
  // CHECK: %[[B:.+]] = arith.select %[[SLT]], %x, %y : i8
  %b = arith.minsi %x, %y : i8
  // CHECK: %[[UGT:.+]] = arith.cmpi ugt, %x, %y : i8
  // CHECK: %[[C:.+]] = arith.select %[[UGT]], %x, %y : i8
  %c = arith.maxui %x, %y : i8
  // CHECK: %[[ULT:.+]] = arith.cmpi ult, %x, %y : i8
  // CHECK: %[[D:.+]] = arith.select %[[ULT]], %x, %y : i8
  %d = arith.minui %x, %y : i8
  // CHECK: rtl.output %[[A]], %[[B]], %[[C]], %[[D]]
  rtl.output %a, %b, %c, %d : i8, i8, i8, i8
}

// CHECK-LABEL: @orders
rtl.module @orders(in %p: i1, in %q: i1, in %x: i8, out a: i1, out b: i1, out c: i1, out d: i1, out e: i1, out f: i1) {
  %most = arith.constant -1 : i8
  %least = arith.constant 0 : i8
  // CHECK: %[[NP:.+]] = arith.xori %p, %{{.+}} : i1
  // CHECK: %[[A:.+]] = arith.andi %[[NP]], %q : i1
  %a = arith.cmpi ult, %p, %q : i1
  // CHECK: %[[NQ:.+]] = arith.xori %q, %{{.+}} : i1
  // CHECK: %[[B:.+]] = arith.ori %p, %[[NQ]] : i1
  %b = arith.cmpi sle, %p, %q : i1
  // CHECK: %[[C:.+]] = arith.cmpi eq, %p, %q : i1
  %c = arith.cmpi eq, %p, %q : i1
  // CHECK: %[[D:.+]] = arith.cmpi ne, %x, %c-1_i8 : i8
  %d = arith.cmpi ult, %x, %most : i8
  // CHECK: %[[E:.+]] = arith.constant true
  %named = rtl.wire "named" %least : i8
  %e = arith.cmpi uge, %x, %named : i8
  // CHECK: %[[F:.+]] = arith.cmpi slt, %x, %c0_i8 : i8
  %f = arith.cmpi slt, %x, %least : i8
  // CHECK: rtl.output %[[A]], %[[B]], %[[C]], %[[D]], %[[E]], %[[F]]
  rtl.output %a, %b, %c, %d, %e, %f : i1, i1, i1, i1, i1, i1
}
