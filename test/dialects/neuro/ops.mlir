// Every op of the dialect, round-tripped through its text and through bytecode's properties.
// RUN: synfire-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: neuro.neuron @Lif
neuro.neuron @Lif {
  neuro.parameter @tau = 20.0 "ms"
  // CHECK: neuro.parameter @g "nS" default {
  neuro.parameter @g "nS" default {
    %t = neuro.get @tau
    neuro.yield %t : f64
  }
  neuro.input @I "pA"
  neuro.state @v = 0.0 "mV"
  // CHECK: neuro.state @m "1" steady
  neuro.state @m "1" steady
  // CHECK: neuro.state @w "1" init {
  neuro.state @w "1" init {
    %m = neuro.get @m
    neuro.yield %m : f64
  }
  neuro.let @half "mV" {
    %v = neuro.get @v
    %t = neuro.time
    %dt = neuro.timestep
    %n = neuro.noise "half.0"
    %0 = arith.addf %t, %dt : f64
    %1 = arith.addf %0, %n : f64
    %2 = arith.addf %1, %v : f64
    neuro.yield %2 : f64
  }
  // CHECK: neuro.equation @v {
  neuro.equation @v {
    %v = neuro.get @v
    %0 = arith.negf %v : f64
    neuro.yield %0 : f64
  }
  // CHECK: neuro.spike at_or_above {
  // CHECK: } do {
  // CHECK: neuro.refractory %{{.+}} hold [@v]
  neuro.spike at_or_above {
    %v = neuro.get @v
    neuro.yield %v, %v : f64, f64
  } do {
    %t = neuro.get @tau
    neuro.set @v, %t
    neuro.add @w, %t
    neuro.refractory %t hold [@v]
  }
  // CHECK: neuro.solve [@v] by euler substeps 2
  neuro.solve [@v] by euler substeps 2
  // CHECK: neuro.solve [@w] by euler substeps 1 after [@v]
  neuro.solve [@w] by euler substeps 1 after [@v]
  // CHECK: neuro.format @v = 6 10
  neuro.format @v = 6 10
}

// CHECK-LABEL: neuro.neuron @Two
neuro.neuron @Two {
  neuro.compartment @soma {
    neuro.input @I "pA"
    neuro.state @v = 0.0 "mV"
  }
  neuro.compartment @dend {
    neuro.input @I "pA"
    neuro.state @v = 0.0 "mV"
  }
  // CHECK: neuro.couple @soma::@v to @soma::@I, @dend::@v to @dend::@I {
  neuro.couple @soma::@v to @soma::@I, @dend::@v to @dend::@I {
    %g = arith.constant 4.0 : f64
    neuro.yield %g : f64
  }
}

// CHECK-LABEL: neuro.synapse @Ampa effect excitatory
neuro.synapse @Ampa effect excitatory {
  neuro.parameter @weight = 1.0 "nS"
  neuro.state @g = 0.0 "nS"
  // CHECK: neuro.on pre {
  neuro.on pre {
    %w = neuro.get @weight
    // CHECK: neuro.release %{{.+}} {
    neuro.release %w {
      neuro.add @g, %w
    }
    // CHECK: neuro.add post @v
    neuro.add post @v, %w
  }
  // CHECK: neuro.contribute @I {
  neuro.contribute @I {
    %g = neuro.get @g
    // CHECK: neuro.get post @v
    %v = neuro.get post @v
    // CHECK: neuro.get pre @v
    %u = neuro.get pre @v
    %0 = arith.subf %u, %v : f64
    %1 = arith.mulf %g, %0 : f64
    neuro.yield %1 : f64
  }
}

// CHECK-LABEL: neuro.synapse @"Delta+Stdp"
neuro.synapse @"Delta+Stdp" {
  neuro.input @dopamine "1"
  neuro.state @weight = 0.1 "mV"
  // CHECK: neuro.bound of @weight {
  neuro.bound of @weight {
    %z = arith.constant 0.0 : f64
    neuro.yield %z, %z : f64, f64
  }
  neuro.every 10.0 {
  }
}

// CHECK-LABEL: neuro.plasticity @Stdp
neuro.plasticity @Stdp {
  neuro.input @dopamine "1"
  neuro.state @x = 0.0 "1"
  neuro.on post "dend" {
    %w = neuro.get @weight
    neuro.set @weight, %w
  }
  // CHECK: neuro.every 1.0{{.*}} {
  neuro.every 1000.0 {
  }
  // CHECK: neuro.bound {
  neuro.bound {
    %w = neuro.get @weight
    neuro.yield %w, %w : f64, f64
  }
  neuro.prune {
    %c = arith.constant true
    neuro.yield %c : i1
  }
  neuro.grow {
    %c = arith.constant true
    %w = neuro.get @weight
    neuro.yield %w, %c : f64, i1
  }
}

// CHECK-LABEL: neuro.circuit @C
neuro.circuit @C {
  neuro.parameter @J = 0.1 "mV"
  // CHECK: neuro.table @edges
  neuro.table @edges {pre = dense<[0.0, 1.0]> : tensor<2xf64>, post = dense<[1.0, 0.0]> : tensor<2xf64>} from "edges.csv"
  // CHECK: population @E of @Lif size 10 set {tau = 3.0{{.*}} : f64} solve [#neuro.solution<"v" exact 1 "why">]
  neuro.population @E of @Lif size 10 set {tau = 3.0} solve [#neuro.solution<"v" exact 1 "why">] {
    // CHECK: neuro.draw uniform(%{{.+}}, %{{.+}}) redraw(%{{.+}}, %{{.+}})
    neuro.init @v {
      %a = arith.constant 1.0 : f64
      %u = neuro.draw uniform(%a, %a) redraw(%a, %a)
      neuro.yield %u : f64
    }
    neuro.position period [1.0, 1.0] {
      %i = neuro.index
      neuro.yield %i, %i : f64, f64
    }
    neuro.attach @Homeostasis of @Stdp on @tau {
    }
  }
  neuro.population @Named of @Two size 2 names ["a", "b"] {
  }
  // CHECK: projection @p from <@E[0, 4, 8, 8]> to <@Named : "dend"> through @Ampa connect fixed_indegree {k = 3 : i64}
  neuro.projection @p from <@E[0, 4, 8, 8]> to <@Named : "dend"> through @Ampa connect fixed_indegree {k = 3 : i64} set {weight = 0.1, delay = 1.5} dendritic_fraction 0.5 prior "Dale_0" {
    neuro.attach @Stdp of @Stdp on @weight set {eta = 0.1} {
      // CHECK: neuro.bind @dopamine to <@E> @v delay 5.0
      neuro.bind @dopamine to <@E> @v delay 5.0
      // CHECK: neuro.bind @calcium to post <@Named> @v
      neuro.bind @calcium to post <@Named> @v
    }
  }
  // CHECK: connect table(@edges)
  neuro.projection @q from <@E> to <@E> through @Ampa connect table (@edges) {} {
    neuro.init @weight {
      %c = neuro.column @edges "pre"
      neuro.yield %c : f64
    }
  }
  // CHECK: neuro.argument "p"
  neuro.projection @r from <@E> to <@E> through @Ampa connect probability {} {
    neuro.argument "p" {
      %d = neuro.distance
      %zero = arith.constant 0.0 : f64
      // CHECK: neuro.within sources [0, 4, 8, 8] targets []
      %in = neuro.within sources [0, 4, 8, 8] targets []
      %p = arith.select %in, %d, %zero : f64
      neuro.yield %p : f64
    }
  }
  // CHECK: stimulus @s poisson to <@E> through @Ampa arguments {rate = 2.0{{.*}}} start 1.0{{.*}} stop 2.0{{.*}} during [0.0{{.*}}, 1.0{{.*}}]
  neuro.stimulus @s poisson to <@E> through @Ampa arguments {rate = 20.0} start 1.0 stop 2.0 during [0.0, 1.0] {
  }
  neuro.stimulus @c current to <@E> input @I arguments {amplitude = 1.0} {
  }
  // CHECK: neuro.frames @digits "idx" images "x.gz" labels "y.gz" every 5.0
  neuro.frames @digits "idx" images "x.gz" labels "y.gz" every 500.0
  neuro.stimulus @f poisson to <@E> through @Ampa {
    neuro.argument "rate" {
      %p = neuro.frame_value @digits "value"
      neuro.yield %p : f64
    }
  }
  // CHECK: neuro.prior @Dale_0 of "Dale" arguments "E, +1"
  neuro.prior @Dale_0 of "Dale" arguments "E, +1"
  // CHECK: neuro.constrain sum of ["p"] "==" by "post" every 1.0
  neuro.constrain sum of ["p"] "==" by "post" every 1000.0 prior "Dale_0" {
    %c = arith.constant 1.0 : f64
    neuro.yield %c : f64
  }
  // CHECK: neuro.constrain tied of ["p", "q"] parts [array<i64: 0, 4>, array<i64>, array<i64: 5, 9>, array<i64>] every 1.0
  neuro.constrain tied of ["p", "q"] parts [array<i64: 0, 4>, array<i64>, array<i64: 5, 9>, array<i64>] every 1000.0
}

// CHECK: neuro.experiment
neuro.experiment {
  // CHECK: neuro.simulate @C for 1.0{{.*}} step 1.0{{.*}} seed 42 as "train"
  neuro.simulate @C for 10.0 step 0.1 seed 42 as "train" {
    neuro.record spikes of [#neuro.ref<@E>]
    // CHECK: neuro.record value @v of [#neuro.ref<@E[0, 4]>] every 1.0
    neuro.record value @v of [#neuro.ref<@E[0, 4]>] every 1.0 unit "mV"
    neuro.record value @weight projection @p
    neuro.at 5.0 {
      // CHECK: neuro.assign of <@E> @tau {
      neuro.assign of <@E> @tau {
        %a = arith.constant 1.0 : f64
        neuro.yield %a : f64
      }
      // CHECK: neuro.assign projection @p::@Stdp @eta {
      neuro.assign projection @p::@Stdp @eta {
        %a = arith.constant 1.0 : f64
        neuro.yield %a : f64
      }
      neuro.freeze @p
      neuro.thaw @p
    }
    // CHECK: neuro.repeat frame @digits while {
    neuro.repeat frame @digits while {
      %n = neuro.count <@E>
      %five = arith.constant 5.0 : f64
      %c = arith.cmpf olt, %n, %five : f64
      neuro.yield %c : i1
    } do {
    }
    neuro.label <@E> by @digits
    neuro.report "accuracy"
  }
  // CHECK: as "test" from "train"
  neuro.simulate @C for 10.0 step 0.1 seed 42 as "test" from "train" {
  }
}
