// A product that is added once is fused; one that is used twice is rounded once for both.
// RUN: synfire-opt %s --sim-form-fma | FileCheck %s

sim.program @p {
  // CHECK-LABEL: sim.kernel @sum
  // CHECK: %[[A:.+]] = sim.get @a
  // CHECK: %[[B:.+]] = sim.get @b
  // CHECK-NOT: arith
  // CHECK: math.fma %[[A]], %[[B]], %[[A]]
  sim.kernel @sum {
    sim.field @a element : f64
    sim.field @b uniform : f64
    %a = sim.get @a : f64
    %b = sim.get @b : f64
    %p = arith.mulf %a, %b : f64
    %s = arith.addf %p, %a : f64
    sim.set @a, %s : f64
  }

  // a b - a = fma(a, b, -a)
  // CHECK-LABEL: sim.kernel @minus
  // CHECK: %[[A:.+]] = sim.get @a
  // CHECK: %[[B:.+]] = sim.get @b
  // CHECK: %[[N:.+]] = arith.negf %[[A]]
  // CHECK: math.fma %[[A]], %[[B]], %[[N]]
  sim.kernel @minus {
    sim.field @a element : f64
    sim.field @b uniform : f64
    %a = sim.get @a : f64
    %b = sim.get @b : f64
    %p = arith.mulf %a, %b : f64
    %s = arith.subf %p, %a : f64
    sim.set @a, %s : f64
  }

  // b - a b = fma(-a, b, b)
  // CHECK-LABEL: sim.kernel @from
  // CHECK: %[[A:.+]] = sim.get @a
  // CHECK: %[[B:.+]] = sim.get @b
  // CHECK: %[[N:.+]] = arith.negf %[[A]]
  // CHECK: math.fma %[[N]], %[[B]], %[[B]]
  sim.kernel @from {
    sim.field @a element : f64
    sim.field @b uniform : f64
    %a = sim.get @a : f64
    %b = sim.get @b : f64
    %p = arith.mulf %a, %b : f64
    %s = arith.subf %b, %p : f64
    sim.set @a, %s : f64
  }

  // Of two products in one sum the left one is fused, the right one rounded.
  // CHECK-LABEL: sim.kernel @two
  // CHECK: %[[A:.+]] = sim.get @a
  // CHECK: %[[B:.+]] = sim.get @b
  // CHECK: %[[Q:.+]] = arith.mulf %[[B]], %[[B]]
  // CHECK: math.fma %[[A]], %[[A]], %[[Q]]
  sim.kernel @two {
    sim.field @a element : f64
    sim.field @b uniform : f64
    %a = sim.get @a : f64
    %b = sim.get @b : f64
    %p = arith.mulf %a, %a : f64
    %q = arith.mulf %b, %b : f64
    %s = arith.addf %p, %q : f64
    sim.set @a, %s : f64
  }

  // CHECK-LABEL: sim.kernel @twice
  // CHECK-NOT: math.fma
  // CHECK: %[[P:.+]] = arith.mulf
  // CHECK: arith.addf %[[P]], %[[P]]
  sim.kernel @twice {
    sim.field @a element : f64
    %a = sim.get @a : f64
    %p = arith.mulf %a, %a : f64
    %s = arith.addf %p, %p : f64
    sim.set @a, %s : f64
  }
}
