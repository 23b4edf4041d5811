// Quotients whose two sides vanish together are evaluated by their limit, in any arrangement (N3).
// RUN: synfire-opt %s --neuro-remove-singularities --canonicalize --cse | FileCheck %s
// RUN: synfire-opt %s --neuro-prepare --run-reference | FileCheck %s --check-prefix=VALUE

// v runs from -80 mV to 0 mV and is exactly -40 mV at step 40.
// CHECK-LABEL: neuro.neuron @N
neuro.neuron @N {
  neuro.parameter @shift = 40.0 "mV"
  neuro.parameter @scale = 10.0 "mV"
  neuro.state @v = -80.0 "mV"
  neuro.equation @v {
    %0 = arith.constant 1.0 : f64
    neuro.yield %0 : f64
  }

  // 0.1 (v + 40) / (1 - exp(-(v + 40) / 10)) is 1 at -40.
  // CHECK: neuro.let @am
  // CHECK: arith.select
  // CHECK: neuro.yield
  // VALUE: trace P.am[0] 0 0.0746294414551{{$}}
  // VALUE: trace P.am[0] 40 1{{$}}
  // VALUE: trace P.am[0] 80 4.07462944146{{$}}
  neuro.let @am "1/ms" {
    %v = neuro.get @v
    %shift = neuro.get @shift
    %scale = neuro.get @scale
    %c01 = arith.constant 0.1 : f64
    %c1 = arith.constant 1.0 : f64
    %x = arith.addf %v, %shift : f64
    %p = arith.mulf %c01, %x : f64
    %n = arith.negf %x : f64
    %u = arith.divf %n, %scale : f64
    %e = math.exp %u : f64
    %q = arith.subf %c1, %e : f64
    %r = arith.divf %p, %q : f64
    neuro.yield %r : f64
  }

  // (13 - u) / (exp((13 - u) / 4) - 1) with u = v + 53: 4 at -40.
  // CHECK: neuro.let @an
  // CHECK: arith.select
  // CHECK: neuro.yield
  // VALUE: trace P.an[0] 40 4{{$}}
  neuro.let @an "1/ms" {
    %v = neuro.get @v
    %c53 = arith.constant 53.0 : f64
    %c13 = arith.constant 13.0 : f64
    %c4 = arith.constant 4.0 : f64
    %m1 = arith.constant -1.0 : f64
    %u = arith.addf %v, %c53 : f64
    %p = arith.subf %c13, %u : f64
    %p2 = arith.subf %c13, %u : f64
    %x = arith.divf %p2, %c4 : f64
    %e = math.exp %x : f64
    %q = arith.addf %m1, %e : f64
    %r = arith.divf %p, %q : f64
    neuro.yield %r : f64
  }

  // Vanishes elsewhere: a pole, which stays.
  // CHECK: neuro.let @pole
  // CHECK-NOT: arith.select
  // CHECK: arith.divf
  // CHECK: neuro.yield
  neuro.let @pole "1/ms" {
    %v = neuro.get @v
    %c41 = arith.constant 41.0 : f64
    %shift = neuro.get @shift
    %c1 = arith.constant 1.0 : f64
    %p = arith.addf %v, %c41 : f64
    %u = arith.addf %v, %shift : f64
    %e = math.exp %u : f64
    %q = arith.subf %e, %c1 : f64
    %r = arith.divf %p, %q : f64
    neuro.yield %r : f64
  }
}
neuro.circuit @C {
  neuro.population @P of @N size 1 {}
}
neuro.experiment {
  neuro.simulate @C for 80.0 step 1.0 seed 1 as "main" {
    neuro.record value @am of [#neuro.ref<@P>]
    neuro.record value @an of [#neuro.ref<@P>]
  }
}
