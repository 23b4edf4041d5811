// Products with constants of few digits become sums.
// RUN: synfire-opt %s --rtl-strength-reduce | FileCheck %s
// RUN: synfire-opt %s --rtl-strength-reduce=digits=1 | FileCheck %s --check-prefix=ONE

// ONE-LABEL: @products
// ONE-COUNT-3: arith.muli
// ONE-NOT: arith.muli

// CHECK-LABEL: @products
rtl.module @products(in %x: i16, out a: i16, out b: i16, out c: i16, out d: i16, out e: i16, out f: i16) {
  %c8 = arith.constant 8 : i16
  %c15 = arith.constant 15 : i16
  %c1b = arith.constant 27 : i16
  %cm1 = arith.constant -1 : i16
  %c0 = arith.constant 0 : i16
  %c555 = arith.constant 1365 : i16
  // 8
  // CHECK: %[[C3:.+]] = arith.constant 3 : i16
  // CHECK: %[[A:.+]] = arith.shli %x, %[[C3]]
  %a = arith.muli %x, %c8 : i16
  // 16 - 1
  // CHECK: %[[C4:.+]] = arith.constant 4 : i16
  // CHECK: %[[X16:.+]] = arith.shli %x, %[[C4]]
  // CHECK: %[[B:.+]] = arith.subi %[[X16]], %x
  %b = arith.muli %c15, %x : i16
  // 32 - 4 - 1
  // CHECK: %[[C5:.+]] = arith.constant 5 : i16
  // CHECK: %[[X32:.+]] = arith.shli %x, %[[C5]]
  // CHECK: %[[C2:.+]] = arith.constant 2 : i16
  // CHECK: %[[X4:.+]] = arith.shli %x, %[[C2]]
  // CHECK: %[[X28:.+]] = arith.subi %[[X32]], %[[X4]]
  // CHECK: %[[C:.+]] = arith.subi %[[X28]], %x
  %c = arith.muli %x, %c1b : i16
  // CHECK: %[[ZERO:.+]] = arith.constant 0 : i16
  // CHECK: %[[D:.+]] = arith.subi %[[ZERO]], %x
  %d = arith.muli %x, %cm1 : i16
  // CHECK: %[[E:.+]] = arith.constant 0 : i16
  %e = arith.muli %x, %c0 : i16
  // Too many.
  // CHECK: %[[F:.+]] = arith.muli %x, %{{.+}} : i16
  %f = arith.muli %x, %c555 : i16
  // CHECK: rtl.output %[[A]], %[[B]], %[[C]], %[[D]], %[[E]], %[[F]]
  rtl.output %a, %b, %c, %d, %e, %f : i16, i16, i16, i16, i16, i16
}
