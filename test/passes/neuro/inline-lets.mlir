// A read of a let is its expression; lets of lets too. Noise keeps its stream (N6).
// RUN: synfire-opt %s --neuro-inline-lets --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: neuro.neuron @N
neuro.neuron @N {
  neuro.state @v = 0.0 "mV"
  neuro.state @w = 0.0 "mV"
  neuro.let @outer "mV" {
    %0 = neuro.get @inner
    %1 = arith.negf %0 : f64
    neuro.yield %1 : f64
  }
  neuro.let @inner "mV" {
    %v = neuro.get @v
    %n = neuro.noise "inner.0"
    %0 = arith.addf %v, %n : f64
    neuro.yield %0 : f64
  }
  // CHECK: neuro.equation @v
  // CHECK-NOT: neuro.get @outer
  // CHECK: neuro.noise "inner.0"
  // CHECK: arith.negf
  neuro.equation @v {
    %0 = neuro.get @outer
    neuro.yield %0 : f64
  }
  // CHECK: neuro.equation @w
  // CHECK-NOT: neuro.get @inner
  // CHECK: neuro.noise "inner.0"
  neuro.equation @w {
    %0 = neuro.get @inner
    neuro.yield %0 : f64
  }
}

// -----

neuro.neuron @Cycle {
  // expected-error @below {{`a` is defined by itself; a let may not depend on itself}}
  neuro.let @a "1" {
    %0 = neuro.get @b
    neuro.yield %0 : f64
  }
  neuro.let @b "1" {
    %0 = neuro.get @a
    neuro.yield %0 : f64
  }
}
