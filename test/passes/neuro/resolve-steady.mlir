// The start value of x' = a x + b is -b / a, other states at their start values, inputs 0 (N2).
// RUN: synfire-opt %s --neuro-resolve-steady --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: neuro.neuron @Gates
neuro.neuron @Gates {
  neuro.parameter @tau = 5.0 "ms"
  neuro.input @I "pA"
  neuro.state @v = -65.0 "mV"
  // CHECK: neuro.state @m "1" init {
  // CHECK-NOT: neuro.get @m
  // CHECK-NOT: neuro.get @I
  // CHECK: %[[V:.+]] = neuro.get @v
  // CHECK: %[[B:.+]] = arith.addf
  // CHECK: %[[N:.+]] = arith.negf %[[B]]
  // CHECK: %[[R:.+]] = arith.divf %[[N]]
  // CHECK: neuro.yield %[[R]]
  neuro.state @m "1" steady
  neuro.equation @m {
    %m = neuro.get @m
    %v = neuro.get @v
    %I = neuro.get @I
    %tau = neuro.get @tau
    %0 = arith.subf %v, %m : f64
    %1 = arith.divf %0, %tau : f64
    %2 = arith.addf %1, %I : f64
    neuro.yield %2 : f64
  }
  // A steady state that reads another one.
  // CHECK: neuro.state @n "1" init {
  // CHECK: neuro.get @m
  neuro.state @n "1" steady
  neuro.equation @n {
    %n = neuro.get @n
    %m = neuro.get @m
    %0 = arith.subf %m, %n : f64
    neuro.yield %0 : f64
  }
}

// -----

neuro.neuron @Nonlinear {
  // expected-error @below {{the steady value of `x` is not unique, or not known: its equation is not linear in `x`; give it a start value}}
  neuro.state @x "1" steady
  neuro.equation @x {
    %x = neuro.get @x
    %0 = arith.mulf %x, %x : f64
    neuro.yield %0 : f64
  }
}

// -----

neuro.neuron @NoRoot {
  // expected-error @below {{`x` has no steady value: its equation does not depend on it}}
  neuro.state @x "1" steady
  neuro.equation @x {
    %0 = arith.constant 1.0 : f64
    neuro.yield %0 : f64
  }
}

// -----

neuro.neuron @Cycle {
  // expected-error @below {{the steady values of `x` and of the states it depends on need each other}}
  neuro.state @x "1" steady
  neuro.state @y "1" steady
  neuro.equation @x {
    %x = neuro.get @x
    %y = neuro.get @y
    %0 = arith.subf %y, %x : f64
    neuro.yield %0 : f64
  }
  neuro.equation @y {
    %x = neuro.get @x
    %y = neuro.get @y
    %0 = arith.subf %x, %y : f64
    neuro.yield %0 : f64
  }
}
