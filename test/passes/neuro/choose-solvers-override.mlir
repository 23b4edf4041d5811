// `neuro.solve` overrides the choice where the equation allows it.
// RUN: synfire-opt %s --neuro-choose-solvers --split-input-file --verify-diagnostics | FileCheck %s

neuro.neuron @N {
  neuro.state @x = 0.0 "1"
  neuro.equation @x {
    %x = neuro.get @x
    neuro.yield %x : f64
  }
  neuro.solve [@x] by euler substeps 2
}
neuro.circuit @C {
  // CHECK: solve [#neuro.solution<"x" euler 2 "asked for by the model">]
  neuro.population @P of @N size 1 {}
}

// -----

neuro.neuron @N {
  neuro.state @x = 0.0 "1"
  neuro.equation @x {
    %x = neuro.get @x
    %0 = arith.mulf %x, %x : f64
    neuro.yield %0 : f64
  }
  // expected-error @below {{`x` cannot be advanced exactly: its equation is not linear in `x`}}
  neuro.solve [@x] by exact substeps 1
}
neuro.circuit @C {
  neuro.population @P of @N size 1 {}
}

// -----

neuro.neuron @N {
  neuro.state @x = 0.0 "1"
  neuro.equation @x {
    %x = neuro.get @x
    %0 = arith.mulf %x, %x : f64
    neuro.yield %0 : f64
  }
  // expected-error @below {{`x` cannot be advanced by `exponential_euler`: its equation is not linear in it; use `rk4`}}
  neuro.solve [@x] by exponential_euler substeps 1
}
neuro.circuit @C {
  neuro.population @P of @N size 1 {}
}
