// The rules of structured ops; labels are those of the verifiers.
// RUN: synfire-opt %s --split-input-file --verify-diagnostics

// launch_c1
sim.program @p {
  sim.domain @E size 2 emits 0
  sim.domain @N size 3
  // expected-error @below {{runs @E, which is no kernel of the program}}
  sim.update @E over @E bind []
}

// -----

// launch_c2
sim.program @p {
  sim.domain @E size 2 emits 0
  sim.domain @N size 3
  sim.kernel @k {
  }
  // expected-error @below {{runs over @k, which is no domain of the program}}
  sim.update @k over @k bind []
}

// -----

// launch_c2
sim.program @p {
  sim.domain @E size 2 emits 0
  sim.domain @N size 3
  sim.kernel @k {
  }
  // expected-error @below {{runs over @E, which is no connections of the program}}
  sim.deliver @k over @E bind []
}

// -----

// launch_c3
sim.program @p {
  sim.domain @E size 2 emits 0
  sim.domain @N size 3
  sim.array @E.v : f64 state over @E = 0.0
  sim.array @N.v : f64 state over @N = 0.0
  sim.array @u : f64 parameter uniform = 1.0
  // expected-note @below {{the kernel is here}}
  sim.kernel @k {
    sim.field @f0 element : f64
  }
  // expected-error @below {{binds 2 things; `k` has 1 fields}}
  sim.update @k over @E bind [@E.v, @E.v]
}

// -----

// launch_c4
sim.program @p {
  sim.domain @E size 2 emits 0
  sim.domain @N size 3
  sim.kernel @k {
    // expected-error @below {{has no meaning in a kernel that `sim.update` runs}}
    %u = sim.payload 0 : f64
  }
  // expected-note @below {{it is run here}}
  sim.update @k over @E bind []
}

// -----

// launch_c5
sim.program @p {
  sim.domain @E size 2 emits 0
  sim.domain @N size 3
  sim.array @E.v : f64 state over @E = 0.0
  sim.array @N.v : f64 state over @N = 0.0
  sim.array @u : f64 parameter uniform = 1.0
  sim.kernel @k {
    sim.field @f0 source : f64
  }
  // expected-error @below {{has nothing for `f0`, a field of the kind source}}
  sim.update @k over @E bind [@E.v]
}

// -----

// launch_c5
sim.program @p {
  sim.domain @E size 2 emits 0
  sim.domain @N size 3
  sim.connections @c from @E to @N rule one_to_one delay 1.0
  sim.kernel @k {
    sim.field @f0 emit : i32
  }
  // expected-error @below {{has nothing for `f0`, a field of the kind emit}}
  sim.deliver @k over @c bind [@E]
}

// -----

// launch_c6: an array
sim.program @p {
  sim.domain @E size 2 emits 0
  sim.domain @N size 3
  sim.kernel @k {
    sim.field @f0 element : f64
  }
  // expected-error @below {{binds @E to `f0`, a field of the kind element, which takes an array}}
  sim.update @k over @E bind [@E]
}

// -----

// launch_c6: a key
sim.program @p {
  sim.domain @E size 2 emits 0
  sim.domain @N size 3
  sim.kernel @k {
    sim.field @f0 key : i32
  }
  // expected-error @below {{binds @E to `f0`, a field of the kind key, which takes an i32 constant}}
  sim.update @k over @E bind [@E]
}

// -----

// launch_c6: a ring
sim.program @p {
  sim.domain @E size 2 emits 0
  sim.domain @N size 3
  sim.array @E.v : f64 state over @E = 0.0
  sim.array @N.v : f64 state over @N = 0.0
  sim.array @u : f64 parameter uniform = 1.0
  sim.kernel @k {
    sim.field @f0 ring : i64
  }
  // expected-error @below {{binds @E.v to `f0`, a field of the kind ring, which takes an accumulator}}
  sim.update @k over @E bind [@E.v]
}

// -----

// launch_c6: a table
sim.program @p {
  sim.domain @E size 2 emits 0
  sim.domain @N size 3
  sim.array @E.v : f64 state over @E = 0.0
  sim.array @N.v : f64 state over @N = 0.0
  sim.array @u : f64 parameter uniform = 1.0
  sim.kernel @k {
    sim.field @f0 poisson : i32
  }
  // expected-error @below {{binds @E.v to `f0`, a field of the kind poisson, which takes a drive}}
  sim.update @k over @E bind [@E.v]
}

// -----

// launch_c6: rows
sim.program @p {
  sim.domain @E size 2 emits 0
  sim.domain @N size 3
  sim.connections @c from @E to @N rule one_to_one delay 1.0
  sim.kernel @k {
    sim.field @f0 rows : i32
  }
  // expected-error @below {{binds @E to `f0`, a field of the kind rows, which takes the connections it runs over}}
  sim.deliver @k over @c bind [@E]
}

// -----

// launch_c6: spikes
sim.program @p {
  sim.domain @E size 2 emits 0
  sim.domain @N size 3
  sim.kernel @k {
    sim.field @f0 emit : i32
  }
  // expected-error @below {{binds @N to `f0`, a field of the kind emit, which takes the domain it runs over}}
  sim.update @k over @E bind [@N]
}

// -----

// launch_c7: an array
sim.program @p {
  sim.domain @E size 2 emits 0
  sim.domain @N size 3
  sim.array @E.v : f64 state over @E = 0.0
  sim.array @N.v : f64 state over @N = 0.0
  sim.array @u : f64 parameter uniform = 1.0
  sim.kernel @k {
    sim.field @f0 element : f32
  }
  // expected-error @below {{binds @E.v of 'f64' to `f0`, which is 'f32'}}
  sim.update @k over @E bind [@E.v]
}

// -----

// launch_c7: a number
sim.program @p {
  sim.domain @E size 2 emits 0
  sim.domain @N size 3
  sim.kernel @k {
    sim.field @f0 uniform : i64
  }
  // expected-error @below {{binds 'i32' to `f0`, which is 'i64'}}
  sim.update @k over @E bind [1 : i32]
}

// -----

// launch_c7: a ring
sim.program @p {
  sim.domain @E size 2 emits 0
  sim.domain @N size 3
  sim.array @E.v : f64 state over @E = 0.0
  sim.array @N.v : f64 state over @N = 0.0
  sim.array @u : f64 parameter uniform = 1.0
  sim.accumulator @sum : i64 over @E scale @u inverse @u
  sim.kernel @k {
    sim.field @f0 ring : i32
  }
  // expected-error @below {{binds @sum of 'i64' to `f0`, which is 'i32'}}
  sim.update @k over @E bind [@sum]
}

// -----

// launch_c8
sim.program @p {
  sim.domain @E size 2 emits 0
  sim.domain @N size 3
  sim.array @E.v : f64 state over @E = 0.0
  sim.array @N.v : f64 state over @N = 0.0
  sim.array @u : f64 parameter uniform = 1.0
  sim.kernel @k {
    sim.field @f0 uniform : f64
  }
  // expected-error @below {{binds @E.v to the uniform field `f0`, but the array has a value for each element}}
  sim.update @k over @E bind [@E.v]
}

// -----

// launch_c9
sim.program @p {
  sim.domain @E size 2 emits 0
  sim.domain @N size 3
  sim.array @E.v : f64 state over @E = 0.0
  sim.array @N.v : f64 state over @N = 0.0
  sim.array @u : f64 parameter uniform = 1.0
  sim.kernel @k {
    sim.field @f0 element : f64
  }
  // expected-error @below {{binds the uniform array @u to `f0`, which differs between elements}}
  sim.update @k over @E bind [@u]
}

// -----

// launch_c10
sim.program @p {
  sim.domain @E size 2 emits 0
  sim.domain @N size 3
  sim.array @E.v : f64 state over @E = 0.0
  sim.array @N.v : f64 state over @N = 0.0
  sim.array @u : f64 parameter uniform = 1.0
  sim.kernel @k {
    sim.field @f0 element : f64
  }
  // expected-error @below {{binds @N.v, an array over @N, to `f0`, which needs one over @E}}
  sim.update @k over @E bind [@N.v]
}

// -----

// launch_c10: the source of connections
sim.program @p {
  sim.domain @E size 2 emits 0
  sim.domain @N size 3
  sim.array @E.v : f64 state over @E = 0.0
  sim.array @N.v : f64 state over @N = 0.0
  sim.array @u : f64 parameter uniform = 1.0
  sim.connections @c from @E to @N rule one_to_one delay 1.0
  sim.kernel @k {
    sim.field @f0 source : f64
  }
  // expected-error @below {{binds @N.v, an array over @N, to `f0`, which needs one over @E}}
  sim.gather @k over @c bind [@N.v]
}

// -----

// launch_c10: the target of connections
sim.program @p {
  sim.domain @E size 2 emits 0
  sim.domain @N size 3
  sim.array @E.v : f64 state over @E = 0.0
  sim.array @N.v : f64 state over @N = 0.0
  sim.array @u : f64 parameter uniform = 1.0
  sim.connections @c from @E to @N rule one_to_one delay 1.0
  sim.kernel @k {
    sim.field @f0 target : f64
  }
  // expected-error @below {{binds @E.v, an array over @E, to `f0`, which needs one over @N}}
  sim.gather @k over @c bind [@E.v]
}

// -----

// launch_c10: the sums of the target
sim.program @p {
  sim.domain @E size 2 emits 0
  sim.domain @N size 3
  sim.array @E.v : f64 state over @E = 0.0
  sim.array @N.v : f64 state over @N = 0.0
  sim.array @u : f64 parameter uniform = 1.0
  sim.accumulator @sum : i64 over @E scale @u inverse @u
  sim.connections @c from @E to @N rule one_to_one delay 1.0
  sim.kernel @k {
    sim.field @f0 ring : i64
  }
  // expected-error @below {{binds @sum, sums over @E, to `f0`, which needs sums over @N}}
  sim.deliver @k over @c bind [@sum]
}

// -----

// launch_c11
sim.program @p {
  sim.domain @E size 2 emits 0
  sim.domain @N size 3
  sim.kernel @k {
    sim.field @f0 emit : i32
  }
  // expected-error @below {{binds @N to `f0`, but its elements do not spike}}
  sim.update @k over @N bind [@N]
}

// -----

// launch_c12
sim.program @p {
  sim.domain @E size 2 emits 0
  sim.domain @N size 3
  sim.array @E.v : f64 state over @E = 0.0
  sim.array @N.v : f64 state over @N = 0.0
  sim.array @u : f64 parameter uniform = 1.0
  sim.kernel @k {
    sim.field @f0 element : f64
  }
  // expected-error @below {{is uniform, but `f0` has a value for each element; a uniform kernel runs once}}
  sim.derive @k over @E uniform bind [@E.v]
}

// -----

// values_c1
sim.program @p {
  sim.domain @E size 2 emits 0
  sim.domain @N size 3
  sim.connections @c from @E to @N rule one_to_one delay 1.0
  sim.kernel @k {
    sim.field @f0 element : f64
  }
  // expected-error @below {{has the role "weight"; it is `delay`, `probability`, or an array over @c}}
  sim.values @k over @c role "weight" bind [unit]
}

// -----

// launch_c14
sim.program @p {
  sim.domain @E size 2 emits 0
  sim.connections @C from @E to @E rule all_to_all delay 1.0
  sim.array @C.g : f64 state over @C = 0.0
  sim.kernel @k {
    sim.field @rows rows : i32
    sim.field @f0 pending : f64
    sim.field @f1 connection : f64
    %0 = sim.due @f0 : f64
    sim.set @f1, %0 : f64
  }
  // expected-error @below {{binds @C.g to `f0`; a field of the kind pending, and no other, is one of a pending array}}
  sim.advance @k over @C bind [@C, @C.g, @C.g]
}

// -----

// launch_c13
sim.program @p {
  sim.domain @E size 2
  sim.array @E.v : f64 state over @E = 0.0
  sim.array @E.i : f64 coupling over @E = 0.0
  sim.connections @C from @E to @E rule all_to_all delay 1.0 continuous
  sim.kernel @k {
    sim.field @rows rows : i32
    sim.field @f0 past : f64
    sim.field @f1 element : f64
    %0 = sim.get @f0 : f64
    sim.accumulate @f1, %0 : f64
  }
  // expected-error @below {{binds @E.v to `f0`; a field of the kind past, and no other, reads an array that keeps the past of another}}
  sim.gather @k over @C bind [@C, @E.v, @E.i]
}

// -----

// launch_c14
sim.program @p {
  sim.domain @E size 2 emits 0
  sim.array @E.v : f64 state over @E = 0.0
  sim.array @scale : f64 derived uniform = 1.0
  sim.accumulator @sum : i64 over @E scale @scale inverse @scale
  sim.connections @c from @E to @E rule one_to_one delay 1.0 layout by_source_and_delay
  sim.kernel @k {
    sim.field @v target : f64
    sim.field @ring ring : i64
    %v = sim.get @v : f64
    %q = sim.round %v : f64 to i64
    sim.send @ring, %q : i64
  }
  // expected-error @below {{does not send one amount that is the same at every spike}}
  sim.deliver @k over @c bind [@E.v, @sum]
}

// -----

// launch_c6: only what remembers its spikes has them
sim.program @p {
  sim.domain @E size 4 emits 2
  sim.connections @ee from @E to @E rule all_to_all delay 1.5
  sim.kernel @k {
    sim.field @posts history : i32
    %y, %age = sim.latest @posts 0 : f64, f64
  }
  // expected-error @below {{binds @E to `posts`, a field of the kind history, which takes the domain of the targets, which remembers its spikes}}
  sim.handle @k over @ee bind [@E]
}
