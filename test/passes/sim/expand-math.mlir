// Elementary functions become arithmetic; what is one instruction everywhere stays.
// RUN: synfire-opt %s --sim-expand-math --sim-verify | FileCheck %s --implicit-check-not=math.exp --implicit-check-not=math.log --implicit-check-not=math.sin --implicit-check-not=math.cos --implicit-check-not=math.tan --implicit-check-not=math.powf --implicit-check-not=math.fpowi --implicit-check-not="math.round "

// CHECK-LABEL: sim.kernel @functions
sim.program @p {
  sim.kernel @functions {
    sim.field @x element : f64
    sim.field @y element : f32
    %x = sim.get @x : f64
    %y = sim.get @y : f32
    // CHECK: math.fma
    %0 = math.exp %x : f64
    %1 = math.expm1 %0 : f64
    %2 = math.log %1 : f64
    %3 = math.log10 %2 : f64
    %4 = math.sin %3 : f64
    %5 = math.cos %4 : f64
    %6 = math.tan %5 : f64
    %7 = math.tanh %6 : f64
    %8 = math.powf %7, %x : f64
    %9 = math.round %8 : f64
    sim.set @x, %9 : f64
    %10 = math.exp %y : f32
    %11 = math.tanh %10 : f32
    sim.set @y, %11 : f32
  }

  // The lowest bit of the exponent first: x^5 = x (x^2)^2.
  // CHECK-LABEL: sim.kernel @power
  // CHECK: %[[X:.+]] = sim.get @x
  // CHECK: %[[X2:.+]] = arith.mulf %[[X]], %[[X]]
  // CHECK: %[[X4:.+]] = arith.mulf %[[X2]], %[[X2]]
  // CHECK: %[[X5:.+]] = arith.mulf %[[X]], %[[X4]]
  // CHECK: sim.set @x, %[[X5]]
  sim.kernel @power {
    sim.field @x element : f64
    %x = sim.get @x : f64
    %n = arith.constant 5 : i32
    %0 = math.fpowi %x, %n : f64, i32
    sim.set @x, %0 : f64
  }

  // A negative exponent is the reciprocal of the power.
  // CHECK-LABEL: sim.kernel @reciprocal
  // CHECK: %[[P:.+]] = arith.mulf
  // CHECK: arith.divf %{{.+}}, %[[P]]
  sim.kernel @reciprocal {
    sim.field @x element : f64
    %x = sim.get @x : f64
    %n = arith.constant -2 : i32
    %0 = math.fpowi %x, %n : f64, i32
    sim.set @x, %0 : f64
  }

  // CHECK-LABEL: sim.kernel @plain
  // CHECK: math.sqrt
  // CHECK: math.absf
  // CHECK: math.floor
  // CHECK: math.ceil
  sim.kernel @plain {
    sim.field @x element : f64
    %x = sim.get @x : f64
    %0 = math.sqrt %x : f64
    %1 = math.absf %0 : f64
    %2 = math.floor %1 : f64
    %3 = math.ceil %2 : f64
    sim.set @x, %3 : f64
  }
}

// The quotient that exponential integrators ask for is one function, whose polynomial is the usual case; its
// 0 / 0 needs no test any more.
sim.program @q {
  // CHECK-LABEL: sim.kernel @phi1
  // CHECK: %[[X:.+]] = sim.get @x
  // CHECK-NOT: arith.cmpf oeq
  // CHECK: %[[SMALL:.+]] = arith.cmpf ole
  // CHECK: arith.select %[[SMALL]], %{{.+}}, %{{.+}} {sim.usually = true}
  sim.kernel @phi1 {
    sim.field @x element : f64
    %x = sim.get @x : f64
    %zero = arith.constant 0.0 : f64
    %one = arith.constant 1.0 : f64
    %0 = math.expm1 %x : f64
    %1 = arith.divf %0, %x : f64
    %2 = arith.cmpf oeq, %x, %zero : f64
    %3 = arith.select %2, %one, %1 : f64
    sim.set @x, %3 : f64
  }
}

// A bound that is the same for all elements: NaN stays NaN. Of two values of an element either may be NaN.
sim.program @r {
  // CHECK-LABEL: sim.kernel @bounds
  // CHECK: %[[X:.+]] = sim.get @x
  // CHECK: %[[HIGH:.+]] = sim.get @high
  // CHECK: %[[BELOW:.+]] = arith.cmpf olt, %[[X]], %[[LOW:.+]] : f64
  // CHECK: %[[A:.+]] = arith.select %[[BELOW]], %[[LOW]], %[[X]] : f64
  // CHECK: %[[ABOVE:.+]] = arith.cmpf ogt, %[[A]], %[[HIGH]] : f64
  // CHECK: %[[B:.+]] = arith.select %[[ABOVE]], %[[HIGH]], %[[A]] : f64
  // CHECK: arith.maximumf %[[B]], %[[X]] : f64
  sim.kernel @bounds {
    sim.field @x element : f64
    sim.field @high uniform : f64
    %x = sim.get @x : f64
    %high = sim.get @high : f64
    %half = arith.constant 0.5 : f64
    %low = arith.subf %high, %half : f64
    %0 = arith.maximumf %x, %low : f64
    %1 = arith.minimumf %0, %high : f64
    %2 = arith.maximumf %1, %x : f64
    sim.set @x, %2 : f64
  }
}

// A power of a positive normal number needs no checks: a comparison of its bits tells it.
sim.program @powers_of_parameters {
  // CHECK-LABEL: sim.kernel @powers
  // CHECK: %[[ABOVE:.+]] = arith.subi
  // CHECK: %[[NORMAL:.+]] = arith.cmpi ult, %[[ABOVE]]
  // CHECK: %[[POWER:.+]] = arith.select %[[NORMAL]], %{{.+}}, %{{.+}} {sim.usually = true}
  // CHECK: sim.set @x, %[[POWER]]
  sim.kernel @powers {
    sim.field @x element : f64
    sim.field @y uniform : f64
    %x = sim.get @x : f64
    %y = sim.get @y : f64
    %0 = math.powf %x, %y : f64
    sim.set @x, %0 : f64
  }
}
