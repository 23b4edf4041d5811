// The rules of fixed point; labels are those of the verifiers.
// RUN: synfire-opt %s --split-input-file --verify-diagnostics

// array_c5
sim.program @p {
  sim.domain @E size 2
  // expected-error @below {{has a start that is no range: it is [least, largest]}}
  sim.array @x : f64 state over @E start [1.0, 0.0]
}

// -----

// array_c4
sim.program @p {
  sim.domain @E size 2
  // expected-error @below {{has a format of 3 numbers; it is [bits, fraction bits]}}
  sim.array @x : f64 state over @E format [16, 10, 1]
}

// -----

// array_c4
sim.program @p {
  sim.domain @E size 2
  // expected-error @below {{has a format of 49 bits; there are 1 to 48}}
  sim.array @x : f64 state over @E format [49, 10]
}

// -----

// array_c4
sim.program @p {
  sim.domain @E size 2
  // expected-error @below {{has a fraction of -63 bits; there are -62 to 62}}
  sim.array @x : f64 state over @E format [16, -63]
}

// -----

// accumulator_c2
sim.program @p {
  sim.domain @E size 2
  sim.array @s : f64 derived uniform = 1.0
  // expected-error @below {{has no range: it is [least, largest, amounts]}}
  sim.accumulator @a : i64 over @E scale @s inverse @s range [1.0, -1.0, 2.0]
}

// -----

// accumulator_c2
sim.program @p {
  sim.domain @E size 2
  sim.array @s : f64 derived uniform = 1.0
  // expected-error @below {{has no range: it is [least, largest, amounts]}}
  sim.accumulator @a : i64 over @E scale @s inverse @s range [-1.0, 1.0]
}

// -----

// accumulator_c3
sim.program @p {
  sim.domain @E size 2
  sim.array @s : f64 derived uniform = 1.0
  // expected-error @below {{has a format of 0 bits; there are 1 to 48}}
  sim.accumulator @a : i64 over @E scale @s inverse @s format [0, 10]
}

// -----

// fixed_c1
sim.program @p {
  sim.kernel @k {
    sim.field @v element : f64
    %v = sim.get @v : f64
    // expected-error @below {{has a fraction of 63 bits; there are -62 to 62}}
    %q = sim.fixed %v fraction 63 : f64 to i64
  }
}

// -----

// real_c1
sim.program @p {
  sim.kernel @k {
    %q = arith.constant 1 : i64
    // expected-error @below {{has a fraction of -63 bits; there are -62 to 62}}
    %r = sim.real %q fraction -63 : i64 to f64
  }
}

// -----

// saturate_c1
sim.program @p {
  sim.kernel @k {
    %q = arith.constant 1 : i32
    // expected-error @below {{keeps 33 bits; there are 1 to 32}}
    %s = sim.saturate %q to 33 : i32
  }
}
