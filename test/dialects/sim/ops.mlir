// Every op of the dialect, round-tripped through its text and through bytecode's properties.
// RUN: synfire-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: sim.program @Net
sim.program @Net {
  // CHECK: sim.domain @E size 4 emits 1 names ["a", "b", "c", "d"]
  sim.domain @E size 4 emits 1 names ["a", "b", "c", "d"]
  // CHECK: sim.domain @N size 4{{$}}
  sim.domain @N size 4
  // CHECK: sim.domain @"#axon:E:1" size 4 hidden relays @E emits 0
  sim.domain @"#axon:E:1" size 4 hidden relays @E emits 0

  // CHECK: sim.array @dt : f64 parameter uniform = 1.000000e-01 unit "ms"
  sim.array @dt : f64 parameter uniform = 0.1 unit "ms"
  // CHECK: sim.array @E.v : f64 state over @E = 0.000000e+00 unit "mV"
  sim.array @E.v : f64 state over @E = 0.0 unit "mV"
  // CHECK: sim.array @N.r : f64 state over @N values dense<[1.0{{.*}}, 2.0{{.*}}, 3.0{{.*}}, 4.0{{.*}}]> : tensor<4xf64>
  sim.array @N.r : f64 state over @N values dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf64>
  // CHECK: sim.array @E.g : f64 state over @E = 0.000000e+00 placement target why "one sum per target"
  sim.array @E.g : f64 state over @E = 0.0 placement target why "one sum per target"
  sim.array @E.c0 : f64 coupling over @E = 0.0
  sim.array @E.hold : i32 refractory over @E = 0.0
  // CHECK: sim.array @"E.#index" : f64 parameter hidden over @E = 0.0
  sim.array @"E.#index" : f64 parameter hidden over @E = 0.0
  sim.array @P : f64 derived uniform = 0.0
  sim.array @F : f64 derived uniform = 0.0
  sim.array @mean : f64 derived uniform = 0.0
  sim.array @exp_mean : f64 derived uniform = 0.0
  sim.array @scale : f64 derived uniform = 1.0
  sim.array @inverse : f64 derived uniform = 1.0

  // CHECK: sim.accumulator @"E.v+" : i64 over @E scale @scale inverse @inverse
  sim.accumulator @"E.v+" : i64 over @E scale @scale inverse @inverse
  // CHECK: sim.accumulator @watched : i64 over @E scale @scale inverse @inverse limit @scale
  sim.accumulator @watched : i64 over @E scale @scale inverse @inverse limit @scale
  // CHECK: sim.drive @noise mean @mean exp_mean @exp_mean
  sim.drive @noise mean @mean exp_mean @exp_mean

  // CHECK: sim.connections @"E->E" from @E to @E rule fixed_indegree {k = 2 : i64} delay 1.500000e+00 source_ranges [0, 1] target_ranges [2, 3] dendritic_fraction 5.000000e-01 first_payload 0
  sim.connections @"E->E" from @E to @E rule fixed_indegree {k = 2 : i64} delay 1.5 source_ranges [0, 1] target_ranges [2, 3] dendritic_fraction 0.5 first_payload 0
  // CHECK: sim.connections @listed from @E to @E rule table pairs dense<{{.*}}> : tensor<2x2xi32>
  sim.connections @listed from @E to @E rule table pairs dense<[[0, 1], [2, 3]]> : tensor<2x2xi32>
  // CHECK: sim.connections @due from @E to @E rule one_to_one delay 1.000000e+00 layout by_source_and_delay why "amounts never change"
  sim.connections @due from @E to @E rule one_to_one delay 1.0 layout by_source_and_delay why "amounts never change"
  // CHECK: sim.connections @gap from @N to @E rule all_to_all undelayed continuous why "reads values"
  sim.connections @gap from @N to @E rule all_to_all undelayed continuous why "reads values"
  // CHECK: sim.connections @"#axon:E:1<-" hidden from @E to @"#axon:E:1" rule one_to_one delay 1.0
  sim.connections @"#axon:E:1<-" hidden from @E to @"#axon:E:1" rule one_to_one delay 1.0
  sim.array @"listed.weight" : f64 parameter over @listed = 0.0

  // CHECK: sim.spike_list @given through @"E->E" times dense<{{.*}}> : tensor<2xf64> elements dense<[0, 1]> : tensor<2xi32>
  sim.spike_list @given through @"E->E" times dense<[1.0, 2.0]> : tensor<2xf64> elements dense<[0, 1]> : tensor<2xi32>
  sim.array @"digits.index" : f64 history uniform = 0.0
  sim.array @"digits.label" : f64 derived uniform = 0.0
  sim.array @"N.digits" : f64 derived over @N = 0.0
  sim.array @"E.spikes" : f64 history over @E = 0.0
  sim.array @"E.label" : f64 history over @E = -1.0
  // CHECK: sim.frames @digits "idx" images "x.gz" labels "y.gz" every 5000 index @digits.index label @digits.label values [@N.digits]
  sim.frames @digits "idx" images "x.gz" labels "y.gz" every 5000 index @"digits.index" label @"digits.label" values [@"N.digits"]
  // CHECK: sim.answers @answers of @E to @digits counts @E.spikes labels @E.label
  sim.answers @answers of @E to @digits counts @"E.spikes" labels @"E.label"
  // CHECK: sim.total @mean of @answers ranges [0, 1]
  sim.total @mean of @answers ranges [0, 1]
  // CHECK: sim.cap @"E.v+" from @"E->E" array @P headroom 1.000000e+00
  sim.cap @"E.v+" from @"E->E" array @P headroom 1.0
  // CHECK: sim.constrain limits of [@"E->E"] limits [0.000000e+00, 2.000000e+00] text "E -> E : effect == 1" outcome "E->E: proven, no rule can break it"
  sim.constrain limits of [@"E->E"] limits [0.0, 2.0] text "E -> E : effect == 1" outcome "E->E: proven, no rule can break it"
  // CHECK: sim.constrain sum of [@"E->E"] limits [0.000000e+00, 2.000000e+00] "==" 2.000000e+01 by "post" every 10000 text "sum"
  sim.constrain sum of [@"E->E"] limits [0.0, 2.0] "==" 20.0 by "post" every 10000 text "sum"
  // CHECK: sim.constrain symmetric of [@"E->E"] parts [array<i64: 0, 1>, array<i64>] limits [0.000000e+00, 2.000000e+00] every 10 text "part"
  sim.constrain symmetric of [@"E->E"] parts [array<i64: 0, 1>, array<i64>] limits [0.0, 2.0] every 10 text "part"
  // CHECK: sim.cap @"E.v+" drive @noise headroom 2.000000e+00
  sim.cap @"E.v+" drive @noise headroom 2.0

  // CHECK: sim.kernel @derived {
  sim.kernel @derived {
    // CHECK: sim.field @dt uniform : f64
    sim.field @dt uniform : f64
    sim.field @P uniform : f64
    sim.field @F uniform : f64
    // CHECK: sim.get @dt : f64
    %dt = sim.get @dt : f64
    %a = arith.constant -0.5 : f64
    // CHECK: sim.propagator size 1 dt %{{.*}} entries [0, 0](%{{.*}}) wanted [0, 0, 0, 1, 0, 0] : f64, f64
    %P, %F = sim.propagator size 1 dt %dt entries [0, 0] (%a) wanted [0, 0, 0, 1, 0, 0] : f64, f64
    // CHECK: sim.set @P, %{{.*}} : f64
    sim.set @P, %P : f64
    sim.set @F, %F : f64
  }
  sim.kernel @start {
    sim.field @key key : i32
    sim.field @v element : f64
    %a = arith.constant 0.0 : f64
    %b = arith.constant 1.0 : f64
    // CHECK: sim.draw @key uniform(%{{.*}}, %{{.*}}){{$}}
    %0 = sim.draw @key uniform(%a, %b)
    // CHECK: sim.draw @key normal(%{{.*}}, %{{.*}}) redraw(%{{.*}}, %{{.*}})
    %1 = sim.draw @key normal(%0, %b) redraw(%a, %b)
    // CHECK: sim.draw @key exponential(%{{.*}}) clip(%{{.*}}, %{{.*}})
    %2 = sim.draw @key exponential(%1) clip(%a, %b)
    sim.set @v, %2 : f64
  }
  sim.kernel @advance {
    sim.field @v element : f64
    sim.field @hold element : i32
    sim.field @P uniform : f64
    sim.field @scale uniform : f64
    // CHECK: sim.field @ring ring : i64
    sim.field @ring ring : i64
    // CHECK: sim.field @table poisson : i32
    sim.field @table poisson : i32
    sim.field @key key : i32
    // CHECK: sim.field @spikes emit : i32
    sim.field @spikes emit : i32
    %v = sim.get @v : f64
    %P = sim.get @P : f64
    %scale = sim.get @scale : f64
    // CHECK: sim.step
    %k = sim.step
    // CHECK: sim.element
    %i = sim.element
    // CHECK: sim.normal @key, %{{.*}} : f64
    %n = sim.normal @key, %k : f64
    // CHECK: sim.count @key, %{{.*}} table @table
    %c = sim.count @key, %k table @table
    // CHECK: sim.count @key, %{{.*}} mean %{{.*}} : f64
    %d = sim.count @key, %k mean %P : f64
    // CHECK: sim.repeat %{{.*}} from(%{{.*}} : f64) -> (f64) {
    // CHECK-NEXT: ^bb0(%{{.*}}: f64):
    %y = sim.repeat %c from (%v : f64) -> (f64) {
    ^bb0(%x: f64):
      %z = arith.mulf %x, %P : f64
      // CHECK: sim.yield %{{.*}} : f64
      sim.yield %z : f64
    }
    // CHECK: sim.round %{{.*}} : f64 to i64
    %q = sim.round %n : f64 to i64
    // CHECK: sim.collect @ring : i64
    %s = sim.collect @ring : i64
    %fires = arith.cmpf oge, %v, %P : f64
    // CHECK: sim.emit @spikes, %{{.*}} payload(%{{.*}} : f64)
    sim.emit @spikes, %fires payload(%v : f64)
    sim.set @v, %n : f64
  }
  sim.kernel @send {
    // CHECK: sim.field @rows rows : i32
    sim.field @rows rows : i32
    sim.field @ring ring : i64
    // CHECK: sim.payload 0 : f64
    %u = sim.payload 0 : f64
    %q = sim.round %u : f64 to i64
    // CHECK: sim.send @ring, %{{.*}} : i64
    sim.send @ring, %q : i64
  }
  sim.kernel @couple {
    sim.field @rows rows : i32
    // CHECK: sim.field @pre source : f64
    sim.field @pre source : f64
    sim.field @c0 element : f64
    %x = sim.get @pre : f64
    // CHECK: sim.accumulate @c0, %{{.*}} : f64
    sim.accumulate @c0, %x : f64
  }
  sim.kernel @release {
    sim.field @rows rows : i32
    sim.field @x connection : f64
    sim.field @key key : i32
    sim.field @ring ring : i64
    sim.field @limit uniform : f64
    %x = sim.get @x : f64
    %n = arith.constant 3 : i64
    // CHECK: sim.chance @key, %{{.*}} : f64
    %u = sim.chance @key, %n : f64
    %y = arith.mulf %x, %u : f64
    // CHECK: sim.set @x, %{{.*}} : f64
    sim.set @x, %y : f64
    // CHECK: sim.round %{{.*}} within @limit : f64 to i64
    %q = sim.round %y within @limit : f64 to i64
    sim.send @ring, %q : i64
  }
  sim.kernel @weigh {
    // CHECK: sim.field @post target : f64
    sim.field @post target : f64
    sim.field @own connection : f64
    sim.field @out element : f64
    %0 = sim.get @post : f64
    %1 = sim.get @own : f64
    %2 = arith.mulf %0, %1 : f64
    sim.set @out, %2 : f64
  }
  sim.kernel @later {
    sim.field @out element : f64
    %0 = arith.constant 1.5 : f64
    sim.set @out, %0 : f64
  }

  // CHECK: sim.init @start over @E bind [7 : i32, @E.v]
  sim.init @start over @E bind [7 : i32, @E.v]
  // CHECK: sim.values @later over @listed role "delay" bind [unit]
  sim.values @later over @listed role "delay" bind [unit]
  // CHECK: sim.values @weigh over @listed role "listed.weight" bind [@E.v, @listed.weight, unit]
  sim.values @weigh over @listed role "listed.weight" bind [@E.v, @listed.weight, unit]
  // CHECK: sim.derive @derived over @E uniform bind [@dt, @P, @F]
  sim.derive @derived over @E uniform bind [@dt, @P, @F]
  // CHECK: sim.deliver @send over @"E->E" bind [@"E->E", @"E.v+"]
  sim.deliver @send over @"E->E" bind [@"E->E", @"E.v+"]
  // CHECK: sim.handle @release over @listed bind [@listed, @listed.weight, 9 : i32, @"E.v+", @P]
  sim.handle @release over @listed bind [@listed, @listed.weight, 9 : i32, @"E.v+", @P]
  // CHECK: sim.gather @couple over @gap bind [@gap, @N.r, @E.c0]
  sim.gather @couple over @gap bind [@gap, @N.r, @E.c0]
  // CHECK: sim.update @advance over @E bind
  sim.update @advance over @E bind [@E.v, @E.hold, @P, @scale, @"E.v+", @noise, 7 : i32, @E]

  // CHECK: sim.run "main" from "first" steps 100 step 1.000000e-01 seed 42 {
  sim.run "main" from "first" steps 100 step 0.1 seed 42 {
    // CHECK: sim.record spikes @E every 1
    sim.record spikes @E every 1
    // CHECK: sim.record @E.v of @E ranges [0, 2] every 10
    sim.record @E.v of @E ranges [0, 2] every 10
    // CHECK: sim.action at 50 every 10 {
    sim.action at 50 every 10 {
      // CHECK: sim.assign @start over @E ranges [0, 1] bind [7 : i32, @E.v]
      sim.assign @start over @E ranges [0, 1] bind [7 : i32, @E.v]
    }
    // CHECK: sim.each_frame @digits {
    sim.each_frame @digits {
      sim.assign @start over @E bind [7 : i32, @E.v]
    }
    // CHECK: sim.show_again @digits if @mean {
    sim.show_again @digits if @mean {
      sim.assign @start over @E bind [7 : i32, @E.v]
    // CHECK: } do {
    } do {
    }
    // CHECK: sim.label @answers
    sim.label @answers
    // CHECK: sim.report @answers
    sim.report @answers
  }
}

// Plasticity: connections follow the spikes of both ends.
// CHECK-LABEL: sim.program @learning
sim.program @learning {
  // CHECK: sim.domain @E size 4 emits 3 remembers 1
  sim.domain @E size 4 emits 3 remembers 1
  sim.array @dt : f64 parameter uniform = 0.1
  sim.array @E.last : f64 history over @E = 0.0
  sim.array @E.level : f64 state over @E = 0.0
  // CHECK: sim.array @E.past : f64 history over @E = 0.000000e+00 past_of @E.level depth 50
  sim.array @E.past : f64 history over @E = 0.0 past_of @E.level depth 50
  // CHECK: first_payload 0 first_remembered 0
  sim.connections @ee from @E to @E rule all_to_all delay 1.5 first_payload 0 first_remembered 0
  sim.array @ee.weight : f64 state over @ee = 0.1
  sim.kernel @learn {
    sim.field @rows rows : i32
    // CHECK: sim.field @posts history : i32
    sim.field @posts history : i32
    sim.field @weight connection : f64
    %w = sim.get @weight : f64
    // CHECK: %{{.*}}, %{{.*}} = sim.recall @posts since payload 1 from(%{{.*}} : f64) -> (f64), f64 {
    %w1, %age = sim.recall @posts since payload 1 from(%w : f64) -> (f64), f64 {
    // CHECK-NEXT: ^bb0(%{{.*}}: f64, %{{.*}}: f64, %{{.*}}: f64):
    ^bb0(%v: f64, %elapsed: f64, %since: f64):
      // CHECK: sim.remembered @posts 0 : f64
      %y = sim.remembered @posts 0 : f64
      %v1 = arith.mulf %v, %y : f64
      // CHECK: sim.yield %{{.*}} : f64
      sim.yield %v1 : f64
    }
    // CHECK: sim.latest @posts 0 : f64, f64
    %y, %ago = sim.latest @posts 0 : f64, f64
    %w2 = arith.addf %w1, %y : f64
    sim.set @weight, %w2 : f64
  }
  sim.kernel @catch_up {
    sim.field @rows rows : i32
    sim.field @posts history : i32
    sim.field @weight connection : f64
    sim.field @last source : f64
    sim.field @table whole : f64
    %w = sim.get @weight : f64
    // CHECK: sim.recall @posts since @last from
    %w1, %age = sim.recall @posts since @last from(%w : f64) -> (f64), f64 {
    ^bb0(%v: f64, %elapsed: f64, %since: f64):
      sim.yield %v : f64
    }
    // CHECK: sim.latest @posts 0 now : f64, f64
    %y, %ago = sim.latest @posts 0 now : f64, f64
    // CHECK: sim.lookup @table[2] %{{.*}} : f64 -> f64 else {
    %e = sim.lookup @table[2] %ago : f64 -> f64 else {
      sim.yield %y : f64
    }
    sim.set @weight, %w1 : f64
  }
  sim.kernel @drift {
    sim.field @rows rows : i32
    sim.field @weight connection : f64
    sim.field @level whole : f64
    sim.field @past past : f64
    %i = arith.constant 2 : i64
    // CHECK: sim.peek @level at %{{.*}} : f64
    %a = sim.peek @level at %i : f64
    // CHECK: sim.peek @past at %{{.*}} ago %{{.*}} : f64
    %b = sim.peek @past at %i ago %i : f64
    %c = arith.addf %a, %b : f64
    sim.set @weight, %c : f64
  }
  // CHECK: sim.array @ee.sent : f64 state over @ee = 0.000000e+00 {pending}
  sim.array @ee.sent : f64 state over @ee = 0.0 {pending}
  sim.kernel @keep {
    sim.field @rows rows : i32
    // CHECK: sim.field @sent pending : f64
    sim.field @sent pending : f64
    %one = arith.constant 1.0 : f64
    // CHECK: sim.defer @sent, %{{.*}} : f64
    sim.defer @sent, %one : f64
  }
  sim.kernel @take {
    sim.field @rows rows : i32
    sim.field @sent pending : f64
    sim.field @weight connection : f64
    // CHECK: sim.due @sent : f64
    %w = sim.due @sent : f64
    sim.set @weight, %w : f64
  }
  sim.handle @keep over @ee bind [@ee, @ee.sent]
  sim.advance @take over @ee bind [@ee, @ee.sent, @ee.weight]
  // CHECK: sim.handle @learn over @ee bind [@ee, @E, @ee.weight]
  sim.handle @learn over @ee bind [@ee, @E, @ee.weight]
  // CHECK: sim.timer @catch_up over @ee every 10 bind [@ee, @E, @ee.weight, @E.last, @E.level]
  sim.timer @catch_up over @ee every 10 bind [@ee, @E, @ee.weight, @E.last, @E.level]
  // CHECK: sim.advance @drift over @ee bind [@ee, @ee.weight, @E.level, @E.past]
  sim.advance @drift over @ee bind [@ee, @ee.weight, @E.level, @E.past]
  // CHECK: sim.advance @drift over @ee every 512 bind [@ee, @ee.weight, @E.level, @E.past]
  sim.advance @drift over @ee every 512 bind [@ee, @ee.weight, @E.level, @E.past]
  sim.run "main" steps 100 step 0.1 seed 42 {
    // CHECK: sim.record @ee.weight of @ee every 10
    sim.record @ee.weight of @ee every 10
  }
}

// CHECK-LABEL: sim.program @settling
sim.program @settling {
  sim.domain @E size 4 emits 2 remembers 0
  sim.array @E.last : f64 history over @E = 0.0
  sim.connections @ee from @E to @E rule all_to_all delay 1.5
  sim.array @ee.weight : f64 state over @ee = 0.1
  sim.kernel @catch_up {
    sim.field @rows rows : i32
    sim.field @posts history : i32
    sim.field @weight connection : f64
    sim.field @last source : f64
    %w = sim.get @weight : f64
    %w1, %age = sim.recall @posts since @last from(%w : f64) -> (f64), f64 {
    ^bb0(%v: f64, %elapsed: f64, %since: f64):
      sim.yield %v : f64
    }
    sim.set @weight, %w1 : f64
  }
  // CHECK: sim.settle @catch_up over @ee bind [@ee, @E, @ee.weight, @E.last]
  sim.settle @catch_up over @ee bind [@ee, @E, @ee.weight, @E.last]
}
