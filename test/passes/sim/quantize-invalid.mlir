// What has no fixed-point form is said where it stands.
// RUN: synfire-opt %s --split-input-file --verify-diagnostics --sim-quantize

// Nothing bounds a sum that never decays.
sim.program @unbounded {
  sim.domain @E size 1
  // expected-error @below {{`E.v` has no bound that holds from step to step; say how large it can be by a format, such as `format v = Q8.8`, at which it saturates}}
  sim.array @E.v : f64 state over @E = 0.0
  sim.kernel @k {
    sim.field @v element : f64
    %c = arith.constant 1.5 : f64
    %v = sim.get @v : f64
    %0 = arith.addf %v, %c : f64
    sim.set @v, %0 : f64
  }
  sim.update @k over @E bind [@E.v]
}

// -----

// Nor a counter that is never reset.
sim.program @counter {
  sim.domain @E size 1
  // expected-error @below {{`E.n` has no bound that holds from step to step}}
  sim.array @E.n : i32 refractory over @E = 0.0
  sim.kernel @k {
    sim.field @n element : i32
    %c = arith.constant 100000000 : i32
    %n = sim.get @n : i32
    %0 = arith.addi %n, %c : i32
    sim.set @n, %0 : i32
  }
  sim.update @k over @E bind [@E.n]
}

// -----

sim.program @start {
  sim.domain @E size 1
  // expected-error @below {{`E.v` starts at 9, which its format cannot hold: it goes from -8 to 7.5}}
  sim.array @E.v : f64 state over @E = 9.0 format [5, 1]
  sim.kernel @k {
    sim.field @v element : f64
    %v = sim.get @v : f64
    sim.set @v, %v : f64
  }
  sim.update @k over @E bind [@E.v]
}

// -----

// A contraction that 32 bits do not resolve: each step may round upwards.
sim.program @tolerance {
  sim.domain @E size 2
  // expected-error @below {{`E.v` has a bound, but none that holds when each step is rounded; give it a format, such as `format v = Q8.8`, at which it saturates}}
  sim.array @E.v : f64 state over @E = 0.0 values dense<[0.0, 1000.0]> : tensor<2xf64> unit "mV"
  sim.kernel @k {
    sim.field @v element : f64
    %a = arith.constant 0.3 : f64
    %b = arith.constant 0.6999999999 : f64
    %v = sim.get @v : f64
    %0 = arith.mulf %v, %a : f64
    %1 = math.fma %v, %b, %0 : f64
    sim.set @v, %1 : f64
  }
  sim.update @k over @E bind [@E.v]
}

// -----

// A tolerance that 32 bits do not keep.
sim.program @bits {
  sim.domain @E size 1
  // expected-error @below {{`E.v` needs more than 32 bits for a tolerance of 0.1 mV; allow more with --tolerance}}
  sim.array @E.v : f64 state over @E = 1.0e9 unit "mV"
  sim.kernel @k {
    sim.field @v element : f64
    %a = arith.constant 0.9 : f64
    %v = sim.get @v : f64
    %0 = arith.mulf %v, %a : f64
    sim.set @v, %0 : f64
  }
  sim.update @k over @E bind [@E.v]
}

// -----

// The factor of a weight is one of its unit.
sim.program @lost_event {
  sim.domain @E size 1 emits 0
  sim.array @E.v : f64 state over @E = 0.0 unit "mV"
  sim.array @scale : f64 derived uniform = 1.0
  sim.array @inverse : f64 derived uniform = 1.0
  sim.accumulator @sum : i64 over @E scale @scale inverse @inverse range [0.0, 30.0, 3.0]
  sim.connections @c from @E to @E rule all_to_all delay 1.0
  sim.kernel @send {
    sim.field @rows rows : i32
    sim.field @ring ring : i64
    sim.field @scale uniform : f64
    %w = arith.constant 0.00001 : f64
    %scale = sim.get @scale : f64
    %0 = arith.mulf %w, %scale : f64
    %1 = sim.round %0 : f64 to i64
    sim.send @ring, %1 : i64
  }
  sim.kernel @k {
    sim.field @v element : f64
    sim.field @ring ring : i64
    sim.field @inverse uniform : f64
    %a = arith.constant 0.9 : f64
    %v = sim.get @v : f64
    %0 = arith.mulf %v, %a : f64
    %1 = sim.collect @ring : i64
    %2 = arith.sitofp %1 : i64 to f64
    %inverse = sim.get @inverse : f64
    %3 = math.fma %2, %inverse, %0 : f64
    sim.set @v, %3 : f64
  }
  // expected-error @below {{a weight is less than half a unit of the sum that it is added to, and would become zero; allow states more bits (--tolerance, or a format)}}
  sim.deliver @send over @c bind [@c, @sum, @scale]
  sim.update @k over @E bind [@E.v, @sum, @inverse]
}

// -----

// The same of Poisson events, whose amounts stand in the update.
sim.program @lost_drive {
  sim.domain @E size 1
  sim.array @E.v : f64 state over @E = 0.0 unit "mV" format [8, 2]
  sim.array @scale : f64 derived uniform = 1.0
  sim.array @inverse : f64 derived uniform = 1.0
  sim.array @mean : f64 derived uniform = 1.0
  sim.array @exp_mean : f64 derived uniform = 1.0
  sim.drive @drive mean @mean exp_mean @exp_mean thresholds dense<[-5, -1]> : tensor<2xi32>
  sim.accumulator @sum : i64 over @E scale @scale inverse @inverse range [0.0, 30.0, 3.0]
  sim.kernel @k {
    sim.field @v element : f64
    sim.field @ring ring : i64
    sim.field @scale uniform : f64
    sim.field @inverse uniform : f64
    sim.field @key key : i32
    sim.field @table poisson : i32
    %w = arith.constant 0.1 : f64
    %a = arith.constant 0.9 : f64
    %scale = sim.get @scale : f64
    %4 = arith.mulf %w, %scale : f64
    // expected-error @below {{a weight is less than half a unit of the sum that it is added to, and would become zero}}
    %5 = sim.round %4 : f64 to i64
    %step = sim.step
    %n = sim.count @key, %step table @table
    %6 = arith.extui %n : i32 to i64
    %7 = arith.muli %6, %5 : i64
    %v = sim.get @v : f64
    %0 = arith.mulf %v, %a : f64
    %1 = sim.collect @ring : i64
    %8 = arith.addi %1, %7 : i64
    %2 = arith.sitofp %8 : i64 to f64
    %inverse = sim.get @inverse : f64
    %3 = math.fma %2, %inverse, %0 : f64
    sim.set @v, %3 : f64
  }
  sim.update @k over @E bind [@E.v, @sum, @scale, @inverse, 7 : i32, @drive]
}

// -----

// A division by a state, as conductances have.
sim.program @division {
  sim.domain @E size 1
  sim.array @E.v : f64 state over @E = 1.0
  // expected-note @below {{in the cells of this population}}
  sim.kernel @k {
    sim.field @v element : f64
    %c = arith.constant 1.5 : f64
    %v = sim.get @v : f64
    // expected-error @below {{a division by a value of the cell has no fixed-point form yet; fixed point takes sums, products, exponentials, comparisons and choices}}
    %0 = arith.divf %c, %v : f64
    sim.set @v, %0 : f64
  }
  sim.update @k over @E bind [@E.v]
}

// -----

sim.program @logarithm {
  sim.domain @E size 1
  sim.array @E.v : f64 state over @E = 1.0
  // expected-note @below {{in the cells of this population}}
  sim.kernel @k {
    sim.field @v element : f64
    %v = sim.get @v : f64
    // expected-error @below {{`log` of a value of the cell has no fixed-point form yet}}
    %0 = math.log %v : f64
    sim.set @v, %0 : f64
  }
  sim.update @k over @E bind [@E.v]
}

// -----

// A comparison for NaN.
sim.program @ordered {
  sim.domain @E size 1 emits 0
  sim.array @E.v : f64 state over @E = 1.0
  // expected-note @below {{in the cells of this population}}
  sim.kernel @k {
    sim.field @v element : f64
    sim.field @spikes emit : i32
    %v = sim.get @v : f64
    // expected-error @below {{what is computed here has no fixed-point form yet}}
    %0 = arith.cmpf ord, %v, %v : f64
    sim.emit @spikes, %0
  }
  sim.update @k over @E bind [@E.v, @E]
}

// -----

// A number of events that is computed from a state.
sim.program @amount {
  sim.domain @E size 1
  sim.array @E.v : f64 state over @E = 1.0 format [8, 4]
  // expected-note @below {{in the cells of this population}}
  sim.kernel @k {
    sim.field @v element : f64
    %v = sim.get @v : f64
    // expected-error @below {{a time or an amount that follows from values of the cell and is rounded has no fixed-point form yet}}
    %0 = sim.round %v : f64 to i64
    %1 = arith.sitofp %0 : i64 to f64
    sim.set @v, %1 : f64
  }
  sim.update @k over @E bind [@E.v]
}

// -----

// Products of long states.
sim.program @between {
  sim.domain @E size 1
  sim.array @E.v : f64 state over @E = 1.0 format [40, 38]
  sim.kernel @k {
    sim.field @v element : f64
    %v = sim.get @v : f64
    // expected-error @below {{what is computed here needs an integer of 81 bits, and there are 62; allow more with --tolerance, or give states shorter formats}}
    %0 = arith.mulf %v, %v : f64
    sim.set @v, %0 : f64
  }
  sim.update @k over @E bind [@E.v]
}

// -----

sim.program @sum_bits {
  sim.domain @E size 1
  sim.array @E.v : f64 state over @E = 0.0 format [30, 10]
  sim.array @scale : f64 derived uniform = 1.0
  sim.array @inverse : f64 derived uniform = 1.0
  // expected-error @below {{the events of one step to a cell (sum) need 33 bits together, and a sum has 32; allow more with --tolerance}}
  sim.accumulator @sum : i32 over @E scale @scale inverse @inverse range [0.0, 2000.0, 8.0e9]
  sim.kernel @k {
    sim.field @v element : f64
    sim.field @ring ring : i32
    sim.field @inverse uniform : f64
    %1 = sim.collect @ring : i32
    %2 = arith.sitofp %1 : i32 to f64
    %inverse = sim.get @inverse : f64
    %3 = arith.mulf %2, %inverse : f64
    sim.set @v, %3 : f64
  }
  sim.update @k over @E bind [@E.v, @sum, @inverse]
}

// -----

sim.program @uniform {
  sim.domain @E size 1
  sim.array @E.v : f64 state over @E = 0.0
  // expected-error @below {{`E.a` changes in the run; hardware keeps parameters as constants, so give it one value, or make it a state}}
  sim.array @E.a : f64 parameter uniform = 0.5
  sim.kernel @k {
    sim.field @v element : f64
    sim.field @a uniform : f64
    %v = sim.get @v : f64
    %a = sim.get @a : f64
    %0 = arith.mulf %v, %a : f64
    sim.set @v, %0 : f64
  }
  sim.update @k over @E bind [@E.v, @E.a]
}

// -----

sim.program @counts {
  sim.domain @E size 1
  sim.array @E.v : f64 state over @E = 0.0
  sim.kernel @k {
    sim.field @v element : f64
    sim.field @key key : i32
    %m = arith.constant 0.5 : f64
    %step = sim.step
    // expected-error @below {{a `poisson` rate that differs between cells, or changes, has no fixed-point form yet}}
    %n = sim.count @key, %step mean %m : f64
    %0 = arith.sitofp %n : i32 to f64
    sim.set @v, %0 : f64
  }
  sim.update @k over @E bind [@E.v, 7 : i32]
}

// -----

sim.program @thresholds {
  sim.domain @E size 1
  sim.array @E.v : f64 state over @E = 0.0
  sim.array @mean : f64 derived uniform = 1.0
  sim.array @exp_mean : f64 derived uniform = 1.0
  // expected-error @below {{has no `thresholds`; fixed point takes programs whose network was built (sim-freeze)}}
  sim.drive @drive mean @mean exp_mean @exp_mean
  sim.kernel @k {
    sim.field @v element : f64
    sim.field @key key : i32
    sim.field @table poisson : i32
    %step = sim.step
    %n = sim.count @key, %step table @table
    %0 = arith.sitofp %n : i32 to f64
    sim.set @v, %0 : f64
  }
  sim.update @k over @E bind [@E.v, 7 : i32, @drive]
}

// -----

sim.program @range {
  sim.domain @E size 1
  sim.array @E.v : f64 state over @E = 0.0
  sim.array @scale : f64 derived uniform = 1.0
  sim.array @inverse : f64 derived uniform = 1.0
  // expected-error @below {{has no `range`; fixed point takes programs whose network was built (sim-freeze)}}
  sim.accumulator @sum : i64 over @E scale @scale inverse @inverse
  sim.kernel @k {
    sim.field @v element : f64
    sim.field @ring ring : i64
    sim.field @inverse uniform : f64
    %1 = sim.collect @ring : i64
    %2 = arith.sitofp %1 : i64 to f64
    %inverse = sim.get @inverse : f64
    %3 = arith.mulf %2, %inverse : f64
    sim.set @v, %3 : f64
  }
  sim.update @k over @E bind [@E.v, @sum, @inverse]
}

// -----

// Coupling at every moment.
sim.program @gather {
  sim.domain @E size 1
  sim.array @E.v : f64 state over @E = 0.0
  sim.array @E.c : f64 coupling over @E = 0.0
  sim.connections @gap from @E to @E rule all_to_all undelayed continuous
  sim.kernel @g {
    sim.field @rows rows : i32
    sim.field @pre source : f64
    sim.field @c element : f64
    %x = sim.get @pre : f64
    sim.accumulate @c, %x : f64
  }
  // expected-error @below {{`gap` couples cells at every moment, which has no fixed-point form yet; fixed point takes cells that meet by spikes, and rules that change weights at spikes}}
  sim.gather @g over @gap bind [@gap, @E.v, @E.c]
}

// -----

sim.program @assign {
  sim.domain @E size 1
  sim.array @E.v : f64 state over @E = 0.0
  sim.kernel @a {
    sim.field @v element : f64
    %c = arith.constant 1.0 : f64
    sim.set @v, %c : f64
  }
  sim.run "main" steps 10 step 0.1 seed 1 {
    sim.action at 5 {
      // expected-error @below {{what is assigned in the run has no fixed-point form: hardware keeps parameters as constants, and the ranges of states are those that rules of the cells bring about}}
      sim.assign @a over @E bind [@E.v]
    }
  }
}

// -----

sim.program @init {
  sim.domain @E size 1
  sim.array @E.v : f64 state over @E = 0.0
  sim.kernel @a {
    sim.field @v element : f64
    %c = arith.constant 1.0 : f64
    sim.set @v, %c : f64
  }
  // expected-error @below {{computes numbers when the network is built; fixed point takes programs whose network was built (sim-freeze)}}
  sim.init @a over @E bind [@E.v]
}

// -----

sim.program @noise {
  sim.domain @E size 1
  sim.array @E.v : f64 state over @E = 0.0
  sim.kernel @k {
    sim.field @v element : f64
    sim.field @key key : i32
    %step = sim.step
    // expected-error @below {{`noise()` has no fixed-point form yet: it is made of floating-point numbers}}
    %n = sim.normal @key, %step : f64
    sim.set @v, %n : f64
  }
  sim.update @k over @E bind [@E.v, 7 : i32]
}

// -----

// Connections that go on in every step.
sim.program @advance {
  sim.domain @E size 1 emits 0
  sim.connections @c from @E to @E rule all_to_all delay 1.0
  sim.array @c.x : f64 state over @c = 0.0
  sim.kernel @a {
    sim.field @rows rows : i32
    sim.field @x connection : f64
    %x = sim.get @x : f64
    sim.set @x, %x : f64
  }
  // expected-error @below {{`c` has states of each connection that change in every step, which has no fixed-point form yet; fixed point takes cells that meet by spikes, and rules that change weights at spikes}}
  sim.advance @a over @c bind [@c, @c.x]
}

// -----

sim.program @timer {
  sim.domain @E size 1 emits 0
  sim.connections @c from @E to @E rule all_to_all delay 1.0
  sim.array @c.x : f64 state over @c = 0.0
  sim.kernel @a {
    sim.field @rows rows : i32
    sim.field @x connection : f64
    %x = sim.get @x : f64
    sim.set @x, %x : f64
  }
  // expected-error @below {{`c` changes its connections every so many steps, which has no fixed-point form yet}}
  sim.timer @a over @c every 10 bind [@c, @c.x]
}

// -----

// Of populations that others act on; others are outside.
sim.program @frames {
  sim.domain @E size 1 emits 0
  sim.array @i : f64 parameter uniform = 0.0
  sim.array @E.x : f64 derived over @E = 0.0
  sim.connections @c from @E to @E rule all_to_all delay 1.0
  // expected-error @below {{frames have no fixed-point form yet}}
  sim.frames @f "idx" images "x" every 1 index @i values [@E.x]
  sim.kernel @k {
    sim.field @x element : f64
    %x = sim.get @x : f64
    sim.set @x, %x : f64
  }
  sim.update @k over @E bind [@E.x]
}

// -----

sim.program @prior {
  sim.domain @E size 1 emits 0
  sim.connections @c from @E to @E rule all_to_all delay 1.0
  // expected-error @below {{a prior that connections keep in the run has no fixed-point form yet}}
  sim.constrain no_autapses of [@c] limits [0.0, 1.0] text "c"
}

// -----

// What follows from a parameter that a protocol assigns is derived in the run.
sim.program @derived {
  sim.domain @E size 1
  sim.array @E.p : f64 parameter uniform = 0.0
  sim.array @E.q : f64 derived uniform = 0.0
  sim.kernel @d {
    sim.field @p uniform : f64
    sim.field @q uniform : f64
    %p = sim.get @p : f64
    sim.set @q, %p : f64
  }
  sim.kernel @a {
    sim.field @p uniform : f64
    %c = arith.constant 1.0 : f64
    sim.set @p, %c : f64
  }
  sim.derive @d over @E uniform bind [@E.p, @E.q]
  sim.run "main" steps 10 step 0.1 seed 1 {
    sim.action at 5 {
      // expected-error @below {{what is assigned in the run has no fixed-point form}}
      sim.assign @a over @E uniform bind [@E.p]
    }
  }
}

// -----

sim.program @derive {
  sim.domain @E size 1
  sim.array @E.q : f64 derived uniform = 0.0
  sim.kernel @d {
    sim.field @q uniform : f64
    %c = arith.constant 1.0 : f64
    sim.set @q, %c : f64
  }
  // expected-error @below {{computes numbers when the network is built; fixed point takes programs whose network was built (sim-freeze)}}
  sim.derive @d over @E uniform bind [@E.q]
}
