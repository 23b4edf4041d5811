// Kernels in integers: what is rounded where, in formats that are the shortest of all populations.
// RUN: synfire-opt %s --split-input-file --sim-quantize --sim-verify | FileCheck %s

// A leaky integrator with a threshold, a reset and a refractory period, for two populations.
// CHECK-LABEL: sim.program @lif
sim.program @lif {
  sim.domain @E size 2 emits 0
  sim.domain @I size 1 emits 0
  // Starts are multiples of the unit.
  // CHECK: sim.array @E.v : f64 state over @E = 0.000000e+00 values dense<[1.2998046875, 19.0029296875]> : tensor<2xf64> unit "mV" format [18, 11] error 0.0{{[0-9]+}}
  sim.array @E.v : f64 state over @E = 0.0 values dense<[1.3, 19.003]> : tensor<2xf64> unit "mV"
  // CHECK: sim.array @I.v : f64 state over @I = 0.000000e+00 unit "mV" format [18, 11] error 0.0{{[0-9]+}}
  sim.array @I.v : f64 state over @I = 0.0 unit "mV"
  // Whole numbers stay what they are; their format has the bits.
  // CHECK: sim.array @E.hold : i32 refractory over @E = 0.000000e+00 format [6, 0]
  sim.array @E.hold : i32 refractory over @E = 0.0
  sim.array @I.hold : i32 refractory over @I = 0.0
  sim.array @E.scale : f64 derived uniform = 1.0
  sim.array @E.inverse : f64 derived uniform = 1.0
  sim.array @I.scale : f64 derived uniform = 1.0
  sim.array @I.inverse : f64 derived uniform = 1.0
  // -0.25 to 0.5 mV are -512 to 1024 units, and the amounts are rounded one by one.
  // CHECK: sim.accumulator @E.sum {{.*}} format [12, 11]
  sim.accumulator @E.sum : i64 over @E scale @E.scale inverse @E.inverse range [-0.25, 0.5, 3.0]
  // CHECK: sim.accumulator @I.sum {{.*}} format [12, 11]
  sim.accumulator @I.sum : i64 over @I scale @I.scale inverse @I.inverse range [0.0, 0.25, 1.0]
  sim.connections @EE from @E to @E rule all_to_all delay 1.0
  sim.connections @EI from @E to @I rule all_to_all delay 1.0
  // CHECK: sim.kernel @send_fixed {
  // CHECK-NEXT: sim.field @rows rows : i32
  // CHECK-NEXT: sim.field @ring ring : i64
  // CHECK: %[[UNITS:.+]] = arith.constant 2.048000e+03 : f64
  // CHECK: arith.mulf %{{.+}}, %[[UNITS]] : f64
  // CHECK-NOT: sim.kernel @send
  sim.kernel @send {
    sim.field @rows rows : i32
    sim.field @ring ring : i64
    sim.field @scale uniform : f64
    %w = arith.constant 0.25 : f64
    %scale = sim.get @scale : f64
    %0 = arith.mulf %w, %scale : f64
    %1 = sim.round %0 : f64 to i64
    sim.send @ring, %1 : i64
  }
  // CHECK: sim.kernel @lif {
  sim.kernel @lif {
    sim.field @v element : f64
    sim.field @hold element : i32
    sim.field @ring ring : i64
    // CHECK-NOT: @inverse
    sim.field @inverse uniform : f64
    sim.field @spikes emit : i32
    %decay = arith.constant 0.995 : f64
    %theta = arith.constant 20.0005 : f64
    %reset = arith.constant 10.0 : f64
    %zero = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    %steps = arith.constant 20 : i32
    // CHECK: %[[X:.+]] = sim.get @v : f64
    // CHECK: %[[V:.+]] = sim.fixed %[[X]] fraction 11 : f64 to i64
    %v = sim.get @v : f64
    %hold = sim.get @hold : i32
    // CHECK: %[[FREE:.+]] = arith.cmpi sle, %{{.+}}, %{{.+}} : i32
    %free = arith.cmpi sle, %hold, %zero : i32
    // The nearest of 18 bits is 260833 = 2^18 - 2^10 - 2^8 - 2^5 + 1.
    // CHECK: %[[DECAY:.+]] = arith.constant 260833 : i64
    // CHECK: %[[P:.+]] = arith.muli %[[V]], %[[DECAY]] : i64
    // CHECK: %[[HALF:.+]] = arith.addi %[[P]], %{{.+}} : i64
    // CHECK: %[[DECAYED:.+]] = arith.shrsi %[[HALF]], %{{.+}} : i64
    %1 = arith.mulf %v, %decay : f64
    // A sum in units of the state needs no factor.
    // CHECK: %[[SUM:.+]] = sim.collect @ring : i64
    %2 = sim.collect @ring : i64
    %3 = arith.sitofp %2 : i64 to f64
    %inverse = sim.get @inverse : f64
    %4 = arith.mulf %3, %inverse : f64
    // CHECK: %[[NEXT:.+]] = arith.addi %[[DECAYED]], %[[SUM]] : i64
    %5 = arith.addf %1, %4 : f64
    // CHECK: %[[HELD:.+]] = arith.select %[[FREE]], %[[NEXT]], %[[V]] : i64
    %6 = arith.select %free, %5, %v : f64
    // 20.0005 * 2^11 = 40961.024: no multiple of the unit lies between it and the next one.
    // CHECK: %[[THETA:.+]] = arith.constant 40962 : i64
    // CHECK: %[[ABOVE:.+]] = arith.cmpi sge, %[[HELD]], %[[THETA]] : i64
    %7 = arith.cmpf oge, %6, %theta : f64
    %fires = arith.andi %7, %free : i1
    // CHECK: %[[RESET:.+]] = arith.constant 20480 : i64
    // CHECK: %[[AFTER:.+]] = arith.select %{{.+}}, %[[RESET]], %[[HELD]] : i64
    %8 = arith.select %fires, %reset, %6 : f64
    %9 = arith.subi %hold, %one : i32
    %10 = arith.maxsi %9, %zero : i32
    %11 = arith.select %fires, %steps, %10 : i32
    sim.emit @spikes, %fires
    // CHECK: %[[REAL:.+]] = sim.real %[[AFTER]] fraction 11 : i64 to f64
    // CHECK: sim.set @v, %[[REAL]] : f64
    sim.set @v, %8 : f64
    sim.set @hold, %11 : i32
    // Nothing is left in floating point.
    // CHECK-NOT: arith.mulf
    // CHECK-NOT: arith.addf
  }
  // CHECK: sim.deliver @send_fixed over @EE bind [@EE, @E.sum]
  sim.deliver @send over @EE bind [@EE, @E.sum, @E.scale]
  // CHECK: sim.deliver @send_fixed over @EI bind [@EI, @I.sum]
  sim.deliver @send over @EI bind [@EI, @I.sum, @I.scale]
  // CHECK: sim.update @lif over @E bind [@E.v, @E.hold, @E.sum, @E]
  sim.update @lif over @E bind [@E.v, @E.hold, @E.sum, @E.inverse, @E]
  // CHECK: sim.update @lif over @I bind [@I.v, @I.hold, @I.sum, @I]
  sim.update @lif over @I bind [@I.v, @I.hold, @I.sum, @I.inverse, @I]
}

// -----

// A current that decays and drives a potential: each in units of its own. The current is coarser where
// its effect on the potential is small.
// CHECK-LABEL: sim.program @current
sim.program @current {
  sim.domain @E size 1
  // CHECK: sim.array @v {{.*}} unit "mV" format [{{[0-9]+}}, [[FV:[0-9]+]]] error 0.0
  sim.array @v : f64 state over @E = 0.0 unit "mV"
  // CHECK: sim.array @i {{.*}} unit "pA" format [{{[0-9]+}}, [[FI:-?[0-9]+]]] error
  sim.array @i : f64 state over @E = 0.0 unit "pA"
  sim.array @scale : f64 derived uniform = 1.0
  sim.array @inverse : f64 derived uniform = 1.0
  // CHECK: sim.accumulator @sum {{.*}} format [{{[0-9]+}}, [[FI]]]
  sim.accumulator @sum : i64 over @E scale @scale inverse @inverse range [-100.0, 300.0, 4.0]
  // CHECK: sim.kernel @k
  sim.kernel @k {
    sim.field @v element : f64
    sim.field @i element : f64
    sim.field @ring ring : i64
    sim.field @inverse uniform : f64
    %a = arith.constant 0.99 : f64
    %b = arith.constant 0.98 : f64
    %c = arith.constant 0.0004 : f64
    // CHECK: sim.fixed %{{.+}} fraction [[FV]]
    %v = sim.get @v : f64
    // CHECK: sim.fixed %{{.+}} fraction [[FI]]
    %i = sim.get @i : f64
    %0 = arith.mulf %i, %c : f64
    // CHECK: arith.shrsi
    // CHECK: arith.shrsi
    %1 = math.fma %a, %v, %0 : f64
    %2 = sim.collect @ring : i64
    %3 = arith.sitofp %2 : i64 to f64
    %inverse = sim.get @inverse : f64
    %4 = arith.mulf %3, %inverse : f64
    %5 = math.fma %b, %i, %4 : f64
    // CHECK: sim.real %{{.+}} fraction [[FV]]
    sim.set @v, %1 : f64
    // CHECK: sim.real %{{.+}} fraction [[FI]]
    sim.set @i, %5 : f64
  }
  sim.update @k over @E bind [@v, @i, @sum, @inverse]
}

// -----

// A format of the model is kept, and saturates; one that differs makes a kernel of its own. Without
// a contraction there is no bound of the error.
// CHECK-LABEL: sim.program @given
sim.program @given {
  sim.domain @A size 1
  sim.domain @B size 1
  // CHECK: sim.array @A.v : f64 state over @A = 1.000000e+00 unit "mV" format [10, 4]{{$}}
  sim.array @A.v : f64 state over @A = 1.03 unit "mV" format [10, 4]
  // CHECK: sim.array @B.v : f64 state over @B = 1.031250e+00 unit "mV" format [12, 6]{{$}}
  sim.array @B.v : f64 state over @B = 1.03 unit "mV" format [12, 6]
  // CHECK: sim.kernel @grow_0 {
  // CHECK: sim.saturate %{{.+}} to 12 : i64
  // CHECK: sim.kernel @grow {
  // CHECK: sim.fixed %{{.+}} fraction 4
  // CHECK: %[[S:.+]] = sim.saturate %{{.+}} to 10 : i64
  // CHECK: sim.real %[[S]] fraction 4
  sim.kernel @grow {
    sim.field @v element : f64
    %c = arith.constant 1.125 : f64
    %v = sim.get @v : f64
    %0 = arith.mulf %v, %c : f64
    sim.set @v, %0 : f64
  }
  // CHECK: sim.update @grow over @A
  sim.update @grow over @A bind [@A.v]
  // CHECK: sim.update @grow_0 over @B
  sim.update @grow over @B bind [@B.v]
}

// -----

// Poisson events, a quotient by a number, and a product that is only compared.
// CHECK-LABEL: sim.program @driven
sim.program @driven {
  sim.domain @E size 1 emits 0
  // CHECK: sim.array @v {{.*}} format [{{[0-9]+}}, [[F:[0-9]+]]] error
  sim.array @v : f64 state over @E = 0.0 unit "mV"
  sim.array @mean : f64 derived uniform = 0.1
  sim.array @exp_mean : f64 derived uniform = 0.9
  sim.drive @drive mean @mean exp_mean @exp_mean thresholds dense<[-5, -1]> : tensor<2xi32>
  // CHECK: sim.kernel @k
  sim.kernel @k {
    sim.field @v element : f64
    sim.field @key key : i32
    sim.field @table poisson : i32
    sim.field @spikes emit : i32
    %two = arith.constant 2.0 : f64
    %c = arith.constant 0.3 : f64
    %theta = arith.constant 0.2 : f64
    // CHECK: %[[X:.+]] = sim.get @v
    // CHECK: %[[V:.+]] = sim.fixed %[[X]] fraction [[F]]
    %v = sim.get @v : f64
    // A half is one digit: nothing is multiplied.
    // CHECK-NOT: arith.muli %[[V]]
    // CHECK: arith.shrsi
    %0 = arith.divf %v, %two : f64
    %step = sim.step
    // CHECK: sim.count
    %n = sim.count @key, %step table @table
    %1 = arith.extui %n : i32 to i64
    %2 = arith.sitofp %1 : i64 to f64
    // CHECK: arith.shli
    %3 = arith.addf %0, %2 : f64
    // CHECK: %[[NUMBER:.+]] = arith.constant {{[1-9][0-9]*}} : i64
    // CHECK: arith.muli %{{.+}}, %[[NUMBER]] : i64
    // CHECK: arith.cmpi sgt
    %4 = arith.mulf %v, %c : f64
    %5 = arith.cmpf ogt, %4, %theta : f64
    sim.emit @spikes, %5
    sim.set @v, %3 : f64
  }
  sim.update @k over @E bind [@v, 7 : i32, @drive, @E]
}

// -----

// Whoever compares runs sees spikes. Choices that equal spikes do not make equal leave no bound; one
// between the compared values does.
// CHECK-LABEL: sim.program @choices
sim.program @choices {
  sim.domain @E size 1
  // CHECK: sim.array @v {{.*}} format [{{[0-9]+}}, {{[0-9]+}}]{{$}}
  sim.array @v : f64 state over @E = 1.0 unit "mV"
  // CHECK: sim.array @w {{.*}} format [{{[0-9]+}}, {{[0-9]+}}] error
  sim.array @w : f64 state over @E = 1.0 unit "mV"
  sim.kernel @jumps {
    sim.field @v element : f64
    %a = arith.constant 0.5 : f64
    %b = arith.constant 0.25 : f64
    %c = arith.constant 0.7 : f64
    %v = sim.get @v : f64
    %0 = arith.cmpf ogt, %v, %c : f64
    %1 = arith.select %0, %a, %b : f64
    %2 = arith.mulf %v, %1 : f64
    sim.set @v, %2 : f64
  }
  sim.kernel @limits {
    sim.field @w element : f64
    %a = arith.constant 0.5 : f64
    %c = arith.constant 0.7 : f64
    %w = sim.get @w : f64
    %0 = arith.mulf %w, %a : f64
    %1 = arith.cmpf ogt, %0, %c : f64
    %2 = arith.select %1, %c, %0 : f64
    sim.set @w, %2 : f64
  }
  sim.update @jumps over @E bind [@v]
  sim.update @limits over @E bind [@w]
}
