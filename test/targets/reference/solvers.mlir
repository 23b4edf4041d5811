// Each solver against the closed form of its equation, at 10 ms with a step of 0.1 ms (X1).
// RUN: synfire-opt %s --neuro-prepare --run-reference | FileCheck %s

neuro.neuron @Exact {
  // h' = -h / 5, g' = (h - g) / 5: g(10) = 2 exp(-2).
  neuro.state @g = 0.0 "1"
  neuro.state @h = 1.0 "1"
  neuro.equation @g {
    %tau = arith.constant 5.0 : f64
    %g = neuro.get @g
    %h = neuro.get @h
    %0 = arith.subf %h, %g : f64
    %1 = arith.divf %0, %tau : f64
    neuro.yield %1 : f64
  }
  neuro.equation @h {
    %tau = arith.constant 5.0 : f64
    %h = neuro.get @h
    %0 = arith.divf %h, %tau : f64
    %1 = arith.negf %0 : f64
    neuro.yield %1 : f64
  }
}
neuro.neuron @Logistic {
  // x' = x (1 - x) / 2, x(0) = 0.1: x(10) = 1 / (1 + 9 exp(-5)) = 0.942825618574; one step in 100 of rk4
  // leaves an error below 1e-8.
  neuro.state @x = 0.1 "1"
  neuro.equation @x {
    %half = arith.constant 0.5 : f64
    %one = arith.constant 1.0 : f64
    %x = neuro.get @x
    %0 = arith.subf %one, %x : f64
    %1 = arith.mulf %x, %0 : f64
    %2 = arith.mulf %half, %1 : f64
    neuro.yield %2 : f64
  }
}
neuro.neuron @Gate {
  // w' = -w / 10 is exact; x' = -w x is linear in x with w at t: x = exp(-0.1 sum w(t)).
  neuro.state @w = 1.0 "1"
  neuro.state @x = 1.0 "1"
  neuro.equation @w {
    %tau = arith.constant 10.0 : f64
    %w = neuro.get @w
    %0 = arith.divf %w, %tau : f64
    %1 = arith.negf %0 : f64
    neuro.yield %1 : f64
  }
  neuro.equation @x {
    %w = neuro.get @w
    %x = neuro.get @x
    %0 = arith.mulf %w, %x : f64
    %1 = arith.negf %0 : f64
    neuro.yield %1 : f64
  }
}
neuro.neuron @Euler {
  // Two substeps of x' = -x: (1 - 0.05)^200. y follows x, at its new value.
  neuro.state @x = 1.0 "1"
  neuro.state @y = 0.0 "1"
  neuro.equation @x {
    %x = neuro.get @x
    %0 = arith.negf %x : f64
    neuro.yield %0 : f64
  }
  neuro.equation @y {
    %x = neuro.get @x
    neuro.yield %x : f64
  }
  neuro.solve [@x] by euler substeps 2
  neuro.solve [@y] by euler substeps 1 after [@x]
}
neuro.circuit @C {
  neuro.population @E of @Exact size 1 {}
  neuro.population @L of @Logistic size 1 {}
  neuro.population @G of @Gate size 1 {}
  neuro.population @U of @Euler size 1 {}
}
// CHECK-DAG: final E.g[0] 0.270670566473{{$}}
// CHECK-DAG: final E.h[0] 0.135335283237{{$}}
// CHECK-DAG: final L.x[0] 0.94282561{{[0-9]*$}}
// CHECK-DAG: final G.w[0] 0.367879441171{{$}}
// CHECK-DAG: final G.x[0] 0.001741751099{{[0-9]*$}}
// CHECK-DAG: final U.x[0] 3.5052666{{[0-9]*}}e-05
// CHECK-DAG: final U.y[0] 0.92560857{{[0-9]*$}}
neuro.experiment {
  neuro.simulate @C for 10.0 step 0.1 seed 1 as "main" {}
}
