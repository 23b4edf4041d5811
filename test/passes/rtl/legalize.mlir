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
