// The rules of kernels; labels are those of the verifiers.
// RUN: synfire-opt %s --split-input-file --verify-diagnostics

// field_c1
sim.program @p {
  sim.kernel @k {
    // expected-error @below {{is a ring of type 'f64'}}
    sim.field @r ring : f64
  }
}

// -----

// round_c1
sim.program @p {
  sim.kernel @k {
    // expected-note @below {{the field is here}}
    sim.field @x element : f64
    %x = sim.get @x : f64
    // expected-error @below {{takes a field of the kind uniform; @x is of the kind element}}
    %q = sim.round %x within @x : f64 to i64
  }
}

// -----

// count_c1
sim.program @p {
  sim.kernel @k {
    sim.field @key key : i32
    %k = sim.step
    // expected-error @below {{counts with either a `table` or a `mean`}}
    %n = sim.count @key, %k
  }
}

// -----

// draw_c1
sim.program @p {
  sim.kernel @k {
    sim.field @key key : i32
    %x = arith.constant 1.0 : f64
    // expected-error @below {{has 1 arguments; `normal` takes 2}}
    %d = sim.draw @key normal(%x)
  }
}

// -----

// draw_c2
sim.program @p {
  sim.kernel @k {
    sim.field @key key : i32
    %x = arith.constant 1.0 : f64
    // expected-error @below {{has 1 ends of an interval; `clip` takes 2}}
    %d = sim.draw @key normal(%x, %x) clip(%x)
  }
}

// -----

// payload_c1
sim.program @p {
  sim.kernel @k {
    // expected-error @below {{has a negative number; the values of a spike count from 0}}
    %u = sim.payload -1 : f64
  }
}

// -----

// propagator_c1
sim.program @p {
  sim.kernel @k {
    %x = arith.constant 1.0 : f64
    // expected-error @below {{has 0 states; a system has at least one}}
    %0 = sim.propagator size 0 dt %x entries [0, 0] (%x) wanted [0, 0, 0] : f64
  }
}

// -----

// propagator_c2
sim.program @p {
  sim.kernel @k {
    %x = arith.constant 1.0 : f64
    // expected-error @below {{has 1 values and 4 numbers in `entries`; each value has a row and a column}}
    %0 = sim.propagator size 1 dt %x entries [0, 0, 0, 0] (%x) wanted [0, 0, 0] : f64
  }
}

// -----

// propagator_c3
sim.program @p {
  sim.kernel @k {
    %x = arith.constant 1.0 : f64
    // expected-error @below {{has an entry outside the matrix; rows and columns count from 0 to 0}}
    %0 = sim.propagator size 1 dt %x entries [0, 1] (%x) wanted [0, 0, 0] : f64
  }
}

// -----

// propagator_c4
sim.program @p {
  sim.kernel @k {
    %x = arith.constant 1.0 : f64
    // expected-error @below {{has 1 results and 6 numbers in `wanted`; each result has a matrix, a row and a column}}
    %0 = sim.propagator size 1 dt %x entries [0, 0] (%x) wanted [0, 0, 0, 1, 0, 0] : f64
  }
}

// -----

// propagator_c5
sim.program @p {
  sim.kernel @k {
    %x = arith.constant 1.0 : f64
    // expected-error @below {{wants (2, 0, 0); the matrix is 0 for P or 1 for F}}
    %0 = sim.propagator size 1 dt %x entries [0, 0] (%x) wanted [2, 0, 0] : f64
  }
}

// -----

// propagator_c5
sim.program @p {
  sim.kernel @k {
    %x = arith.constant 1.0 : f64
    // expected-error @below {{wants (0, 0, 3)}}
    %0 = sim.propagator size 1 dt %x entries [0, 0] (%x) wanted [0, 0, 3] : f64
  }
}

// -----

// kernel_c1
sim.program @p {
  sim.kernel @k {
    %x = arith.constant 1.0 : f64
    // expected-error @below {{stands after the code of `k`; a kernel begins with its fields}}
    sim.field @v element : f64
  }
}

// -----

// kernel_c2
sim.program @p {
  sim.kernel @k {
    // expected-error @below {{has no place in the kernel `k`, which computes the values of one element}}
    sim.domain @E size 1
  }
}

// -----

// kernel_c3
sim.program @p {
  sim.kernel @k {
    // expected-error @below {{names @v, which is no field of `k`}}
    %v = sim.get @v : f64
  }
}

// -----

// kernel_c4: a read
sim.program @p {
  sim.kernel @k {
    // expected-note @below {{the field is here}}
    sim.field @r ring : i64
    // expected-error @below {{takes a field of the kind uniform or element or source or target or connection or past; @r is of the kind ring}}
    %v = sim.get @r : i64
  }
}

// -----

// kernel_c4: a write
sim.program @p {
  sim.kernel @k {
    // expected-note @below {{the field is here}}
    sim.field @s source : f64
    %x = arith.constant 1.0 : f64
    // expected-error @below {{takes a field of the kind uniform or element or connection; @s is of the kind source}}
    sim.set @s, %x : f64
  }
}

// -----

// kernel_c4: a sum that is taken
sim.program @p {
  sim.kernel @k {
    // expected-note @below {{the field is here}}
    sim.field @v element : i64
    // expected-error @below {{takes a field of the kind ring; @v is of the kind element}}
    %s = sim.collect @v : i64
  }
}

// -----

// kernel_c4: an amount
sim.program @p {
  sim.kernel @k {
    // expected-note @below {{the field is here}}
    sim.field @v element : i64
    %q = arith.constant 1 : i64
    // expected-error @below {{takes a field of the kind ring; @v is of the kind element}}
    sim.send @v, %q : i64
  }
}

// -----

// kernel_c4: a coupling
sim.program @p {
  sim.kernel @k {
    // expected-note @below {{the field is here}}
    sim.field @P uniform : f64
    %x = arith.constant 1.0 : f64
    // expected-error @below {{takes a field of the kind element; @P is of the kind uniform}}
    sim.accumulate @P, %x : f64
  }
}

// -----

// kernel_c4: a spike
sim.program @p {
  sim.kernel @k {
    // expected-note @below {{the field is here}}
    sim.field @v element : i32
    %t = arith.constant true
    // expected-error @below {{takes a field of the kind emit; @v is of the kind element}}
    sim.emit @v, %t
  }
}

// -----

// kernel_c4: the numbers of a deviate
sim.program @p {
  sim.kernel @k {
    // expected-note @below {{the field is here}}
    sim.field @v element : i32
    %q = arith.constant 1 : i64
    // expected-error @below {{takes a field of the kind key; @v is of the kind element}}
    %n = sim.normal @v, %q : f64
  }
}

// -----

// kernel_c4: the numbers of a draw
sim.program @p {
  sim.kernel @k {
    // expected-note @below {{the field is here}}
    sim.field @v element : i32
    %x = arith.constant 1.0 : f64
    // expected-error @below {{takes a field of the kind key; @v is of the kind element}}
    %n = sim.draw @v uniform(%x, %x)
  }
}

// -----

// kernel_c4: the table of a count
sim.program @p {
  sim.kernel @k {
    // expected-note @below {{the field is here}}
    sim.field @t ring : i32
    sim.field @key key : i32
    %k = sim.step
    // expected-error @below {{takes a field of the kind poisson; @t is of the kind ring}}
    %n = sim.count @key, %k table @t
  }
}

// -----

// kernel_c5: a read
sim.program @p {
  sim.kernel @k {
    // expected-note @below {{the field is here}}
    sim.field @v element : f64
    // expected-error @below {{has 'i32' for @v, which is 'f64'; only floats convert}}
    %v = sim.get @v : i32
  }
}

// -----

// kernel_c5: a sum
sim.program @p {
  sim.kernel @k {
    // expected-note @below {{the field is here}}
    sim.field @r ring : i64
    // expected-error @below {{has 'i32' for @r, which is 'i64'; only floats convert}}
    %v = sim.collect @r : i32
  }
}

// -----

// kernel_c5: stored weights are read as floats and never written
sim.program @p {
  sim.kernel @k {
    // expected-note @below {{the field is here}}
    sim.field @w element : i16
    %x = arith.constant 1.0 : f64
    // expected-error @below {{has 'f64' for @w, which is 'i16'; only floats convert}}
    sim.set @w, %x : f64
  }
}

// -----

// repeat_c1
sim.program @p {
  sim.kernel @k {
    sim.field @x element : f64
    %n = arith.constant 2 : i32
    %x = sim.get @x : f64
    // expected-error @below {{starts from, passes on and yields values of other types than its results}}
    %y = sim.repeat %n from (%x : f64) -> (f32) {
    ^bb0(%z: f64):
      sim.yield %z : f64
    }
  }
}

// -----

// recall_c1
sim.program @p {
  sim.kernel @k {
    sim.field @posts history : i32
    sim.field @w connection : f64
    %w = sim.get @w : f64
    // expected-error @below {{starts from and yields values of other types than its results, or passes on other things than these and two ages}}
    %w1, %age = sim.recall @posts since payload 0 from(%w : f64) -> (f64), f64 {
    ^bb0(%v: f64, %elapsed: f64):
      sim.yield %v : f64
    }
  }
}

// -----

// recall_c2
sim.program @p {
  sim.kernel @k {
    sim.field @posts history : i32
    sim.field @w connection : f64
    %w = sim.get @w : f64
    // expected-error @below {{knows when the source fired before from either a `payload` or a field}}
    %w1, %age = sim.recall @posts since from(%w : f64) -> (f64), f64 {
    ^bb0(%v: f64, %elapsed: f64, %since: f64):
      sim.yield %v : f64
    }
  }
}

// -----

// kernel_c4: spikes of targets are no values
sim.program @p {
  sim.kernel @k {
    // expected-note @below {{the field is here}}
    sim.field @w connection : f64
    // expected-error @below {{takes a field of the kind history; @w is of the kind connection}}
    %y, %age = sim.latest @w 0 : f64, f64
  }
}

// -----

// lookup_c1
sim.program @p {
  sim.kernel @k {
    sim.field @t whole : f64
    %a = arith.constant 1.0 : f64
    %b = arith.constant 1.0 : f32
    // expected-error @below {{yields another thing than its result for ages beyond the table}}
    %y = sim.lookup @t[2] %a : f64 -> f64 else {
      sim.yield %b : f32
    }
  }
}
