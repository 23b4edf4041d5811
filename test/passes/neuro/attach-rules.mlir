// Rules become part of the synapse or neuron that they change (P1 to P3, P6).
// RUN: synfire-opt %s --neuro-attach-rules --verify-diagnostics --split-input-file | FileCheck %s

// On a population the parameter becomes a state of a neuron of its own.
// CHECK-LABEL: neuro.neuron @"Cell+Adapt@theta" {
// CHECK: neuro.state @theta = 2.000000e+01 "mV" {plastic}
// CHECK: } do {
// CHECK: neuro.set @v
// CHECK: %[[STEP:.*]] = neuro.get @Adapt.step
// CHECK: arith.addf %{{.*}}, %[[STEP]] : f64
// CHECK: neuro.set @theta
// CHECK: neuro.bound of @theta
neuro.neuron @Cell {
  neuro.parameter @theta = 20.0 "mV"
  neuro.state @v = 0.0 "mV"
  neuro.spike at_or_above {
    %v = neuro.get @v
    %t = neuro.get @theta
    neuro.yield %v, %t : f64, f64
  } do {
    %z = arith.constant 0.0 : f64
    neuro.set @v, %z
  }
}

// The synapse itself stays for whoever has no rule.
// CHECK-LABEL: neuro.synapse @Delta {
// CHECK-NEXT: neuro.parameter @weight = 1.000000e-01 "mV"
neuro.synapse @Delta {
  neuro.parameter @weight = 0.1 "mV"
  neuro.on pre {
    %w = neuro.get @weight
    neuro.add post @v, %w
  }
}

// CHECK-LABEL: neuro.synapse @"Delta+Stdp#frozen" {
// CHECK: neuro.parameter @"#frozen" = 0.000000e+00 "1"
// CHECK: neuro.state @weight = 1.000000e-01 "mV" {plastic}
// A weight that is not frozen is clipped to the bound, before transmission.
// CHECK: neuro.on post {
// CHECK: %[[X:.*]] = neuro.get @Stdp.x
// CHECK: %[[W:.*]] = neuro.get @weight
// CHECK: %[[SUM:.*]] = arith.addf %[[W]], %[[X]] : f64
// CHECK: %[[HI:.*]] = neuro.get @Stdp.w_max
// CHECK: %[[LOW:.*]] = arith.maximumf %[[SUM]], %{{.*}} : f64
// CHECK: %[[NEW:.*]] = arith.minimumf %[[LOW]], %[[HI]] : f64
// CHECK: neuro.get @"#frozen"
// CHECK: %[[OLD:.*]] = neuro.get @weight
// CHECK: %[[KEPT:.*]] = arith.select %{{.*}}, %[[OLD]], %[[NEW]] : f64
// CHECK: neuro.set @weight, %[[KEPT]]
// CHECK: neuro.on pre {
// CHECK-NEXT: neuro.get @weight
// CHECK-NEXT: neuro.add post @v
// CHECK: neuro.parameter @Stdp.w_max "mV"
// CHECK: neuro.state @Stdp.x = 0.000000e+00 "1"
// CHECK: neuro.equation @Stdp.x
neuro.plasticity @Stdp {
  neuro.parameter @w_max "mV"
  neuro.state @x = 0.0 "1"
  neuro.equation @x {
    %x = neuro.get @x
    neuro.yield %x : f64
  }
  neuro.on post {
    %x = neuro.get @x
    neuro.add @weight, %x
  }
  neuro.bound {
    %z = arith.constant 0.0 : f64
    %m = neuro.get @w_max
    neuro.yield %z, %m : f64, f64
  }
}

neuro.plasticity @Adapt {
  neuro.parameter @step = 0.5 "mV"
  neuro.equation @weight {
    %w = neuro.get @weight
    neuro.yield %w : f64
  }
  neuro.on spike {
    %s = neuro.get @step
    neuro.add @weight, %s
  }
  neuro.bound {
    %z = arith.constant 0.0 : f64
    %m = arith.constant 9.0 : f64
    neuro.yield %z, %m : f64, f64
  }
}

// CHECK-LABEL: neuro.circuit @C
neuro.circuit @C {
  // CHECK: neuro.population @E of @"Cell+Adapt@theta" size 2 set {Adapt.step = 1.000000e+00 : f64}
  neuro.population @E of @Cell size 2 {
    neuro.attach @Adapt of @Adapt on @theta set {step = 1.0 : f64} { }
  }
  // CHECK: neuro.projection @ee from <@E> to <@E> through @"Delta+Stdp#frozen" connect all_to_all set {Stdp.w_max = 3.000000e-01 : f64, delay = 1.500000e+00 : f64}
  // CHECK-NOT: neuro.attach
  neuro.projection @ee from <@E> to <@E> through @Delta connect all_to_all {} set {delay = 1.5 : f64} {
    neuro.attach @Stdp of @Stdp on @weight set {w_max = 0.3 : f64} { }
  }
}
neuro.experiment {
  neuro.simulate @C for 10.0 step 0.1 seed 1 as "main" {
    neuro.at 1.0 {
      // CHECK: neuro.assign projection @ee @"#frozen"
      neuro.freeze @ee
      // CHECK: neuro.assign projection @ee @Stdp.w_max
      neuro.assign projection @ee::@Stdp @w_max {
        %m = arith.constant 2.0 : f64
        neuro.yield %m : f64
      }
    }
    // CHECK: neuro.record value @Stdp.x projection @ee
    neuro.record value @Stdp::@x projection @ee
  }
}

// -----

// A third factor of an end of the connection is read there (P4).
// CHECK-LABEL: neuro.synapse @"S+Gated[m=post.ca]" {
// CHECK-NOT: neuro.input
// CHECK: %[[CA:.*]] = neuro.get post @ca
// CHECK: neuro.add @weight, %[[CA]]
// CHECK-LABEL: neuro.circuit @Ends
// CHECK-NOT: neuro.bind
neuro.neuron @Cell { neuro.state @ca = 0.0 "1" }
neuro.synapse @S { neuro.parameter @weight = 0.1 "1"  neuro.on pre { } }
neuro.plasticity @Gated {
  neuro.input @m "1"
  neuro.on pre {
    %m = neuro.get @m
    neuro.add @weight, %m
  }
}
neuro.circuit @Ends {
  neuro.population @P of @Cell size 2 { }
  neuro.projection @pp from <@P> to <@P> through @S connect all_to_all {} {
    neuro.attach @Gated of @Gated on @weight {
      neuro.bind @m to post <@P> @ca
    }
  }
}

// -----

neuro.neuron @Graded { neuro.state @v = 0.0 "mV" }
neuro.plasticity @Grow {
  // expected-error @below {{`grow` is about connections with a weight; attach the rule to `weight`}}
  neuro.grow {
    %p = arith.constant 0.1 : f64
    %t = arith.constant true
    neuro.yield %p, %t : f64, i1
  }
}
neuro.synapse @S { neuro.parameter @U = 0.1 "1"  neuro.on pre { } }
neuro.circuit @C {
  neuro.population @G of @Graded size 2 { }
  neuro.projection @gg from <@G> to <@G> through @S connect all_to_all {} {
    neuro.attach @Grow of @Grow on @U { }
  }
}

// -----

neuro.neuron @Graded { neuro.parameter @g = 1.0 "nS"  neuro.state @v = 0.0 "mV" }
neuro.plasticity @Own {
  // expected-error @below {{`on spike` needs a neuron with a spike rule}}
  neuro.on spike {
    %s = arith.constant 0.1 : f64
    neuro.add @weight, %s
  }
}
neuro.circuit @C {
  neuro.population @G of @Graded size 2 {
    neuro.attach @Own of @Own on @g { }
  }
}
