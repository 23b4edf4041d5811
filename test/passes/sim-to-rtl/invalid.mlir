// What has no hardware form is refused where it stands.
// RUN: synfire-opt %s --sim-to-rtl --split-input-file --verify-diagnostics -o /dev/null

// Start values and widths come from formats.
sim.program @unformatted {
  sim.domain @E size 1 emits 0
  // expected-error @below {{has no format; hardware is made of quantised programs}}
  sim.array @E.v : f64 state over @E = 0.0
  sim.kernel @k {
    sim.field @v element : f64
    sim.field @spikes emit : i32
    %v = sim.get @v : f64
    %one = arith.constant 1.0 : f64
    %fires = arith.cmpf oge, %v, %one : f64
    sim.emit @spikes, %fires
    sim.set @v, %v : f64
  }
  sim.update @k over @E bind [@E.v, @E]
}

// -----

sim.program @silent {
  // expected-error @below {{`E` has cells that do not spike, so that nobody could see them in hardware}}
  sim.domain @E size 1
  sim.array @E.v : f64 state over @E = 0.0 format [8, 4]
  sim.kernel @k {
    sim.field @v element : f64
    %v = sim.get @v : f64
    sim.set @v, %v : f64
  }
  sim.update @k over @E bind [@E.v]
}

// -----

sim.program @numbers {
  sim.domain @E size 1 emits 0
  sim.array @E.v : f64 state over @E = 0.0 format [8, 4]
  sim.array @E.p : f64 parameter uniform = 0.0
  sim.kernel @k {
    sim.field @v element : f64
    sim.field @p uniform : f64
    sim.field @spikes emit : i32
    %p = sim.get @p : f64
    %v = sim.get @v : f64
    %fires = arith.cmpf oge, %v, %p : f64
    sim.emit @spikes, %fires
    sim.set @v, %v : f64
  }
  // expected-error @below {{reads a number that changes in the run; hardware keeps numbers as constants}}
  sim.update @k over @E bind [@E.v, @E.p, @E]
}

// -----

sim.program @drawn {
  sim.domain @E size 2 emits 0
  sim.array @E.v : f64 state over @E = 0.0 format [8, 4]
  // expected-error @below {{is not written down connection by connection}}
  sim.connections @"E->E" from @E to @E rule all_to_all delay 1.0 first_payload 0
  sim.array @scale : f64 derived uniform = 1.0 {wide}
  sim.array @inverse : f64 derived uniform = 1.0 {wide}
  sim.accumulator @sum : i64 over @E scale @scale inverse @inverse range [0.0, 1.0, 1.0] format [6, 4]
  sim.kernel @send {
    sim.field @rows rows : i32
    sim.field @ring ring : i64
    %w = arith.constant 7.0 : f64
    %0 = sim.round %w : f64 to i64
    sim.send @ring, %0 : i64
  }
  sim.kernel @k {
    sim.field @v element : f64
    sim.field @ring ring : i64
    sim.field @spikes emit : i32
    %v = sim.get @v : f64
    %q = sim.fixed %v fraction 4 : f64 to i64
    %s = sim.collect @ring : i64
    %fires = arith.cmpi sge, %s, %q : i64
    sim.emit @spikes, %fires
    sim.set @v, %v : f64
  }
  sim.deliver @send over @"E->E" bind [@"E->E", @sum]
  sim.update @k over @E bind [@E.v, @sum, @E]
}

// -----

// Two events of 7 make 14, for which 4 bits are too few.
sim.program @narrow {
  sim.domain @E size 2 emits 0
  sim.array @E.v : f64 state over @E = 0.0 format [8, 4]
  sim.connections @"E->E" from @E to @E rule table pairs dense<[[0, 1], [0, 0]]> : tensor<2x2xi32> steps dense<[1, 1]> : tensor<2xi32> first_payload 0
  sim.array @scale : f64 derived uniform = 1.0 {wide}
  sim.array @inverse : f64 derived uniform = 1.0 {wide}
  sim.accumulator @sum : i64 over @E scale @scale inverse @inverse range [0.0, 1.0, 1.0] format [4, 4]
  sim.kernel @send {
    sim.field @rows rows : i32
    sim.field @ring ring : i64
    %w = arith.constant 7.0 : f64
    %0 = sim.round %w : f64 to i64
    sim.send @ring, %0 : i64
  }
  sim.kernel @k {
    sim.field @v element : f64
    sim.field @ring ring : i64
    sim.field @spikes emit : i32
    %v = sim.get @v : f64
    %q = sim.fixed %v fraction 4 : f64 to i64
    %s = sim.collect @ring : i64
    %fires = arith.cmpi sge, %s, %q : i64
    sim.emit @spikes, %fires
    sim.set @v, %v : f64
  }
  sim.deliver @send over @"E->E" bind [@"E->E", @sum]
  // expected-error @below {{gets events whose sum needs 5 bits, where 4 were found to be enough}}
  sim.update @k over @E bind [@E.v, @sum, @E]
}

// -----

sim.program @learning {
  sim.domain @E size 1 emits 0
  sim.connections @c from @E to @E rule all_to_all delay 1.0
  sim.array @c.x : f64 state over @c = 0.0
  sim.kernel @a {
    sim.field @rows rows : i32
    sim.field @x connection : f64
    %x = sim.get @x : f64
    sim.set @x, %x : f64
  }
  // expected-error @below {{what is done here has no hardware form yet}}
  sim.advance @a over @c bind [@c, @c.x]
}

// -----

// expected-error @below {{`empty` has no cells that hardware would advance}}
sim.program @empty {
}
