// What no target has to expect in a kernel.
// RUN: synfire-opt %s --split-input-file --sim-verify --verify-diagnostics

sim.program @p {
  sim.kernel @k {
    sim.field @x element : f64
    %x = sim.get @x : f64
    // expected-error @below {{is left for a math library; expected `sim-expand-math` to replace it}}
    %0 = math.exp %x : f64
    sim.set @x, %0 : f64
  }
}

// -----

sim.program @p {
  sim.kernel @k {
    sim.field @x element : f64
    %x = sim.get @x : f64
    // expected-error @below {{has fast-math flags; every rounding of a program is defined}}
    %0 = arith.addf %x, %x fastmath<contract> : f64
    sim.set @x, %0 : f64
  }
}

// -----

sim.program @p {
  sim.kernel @k {
    sim.field @x element : f64
    %x = sim.get @x : f64
    %c = arith.cmpf olt, %x, %x : f64
    // expected-error @below {{is a loop or branch; kernels are straight-line code over one element}}
    scf.if %c {
    }
  }
}

// -----

// What every target has as one instruction is allowed.
sim.program @p {
  sim.kernel @k {
    sim.field @x element : f64
    %x = sim.get @x : f64
    %0 = math.sqrt %x : f64
    %1 = math.fma %0, %x, %x : f64
    %2 = math.floor %1 : f64
    sim.set @x, %2 : f64
  }
}
