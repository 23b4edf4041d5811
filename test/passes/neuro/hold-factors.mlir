// A weight that is a sum of products of numbers of both ends is computed where it is read (R1): a jump becomes one for
// each product, `low_rank` alone connects all to all, and other projections keep the synapse as it was.
// RUN: synfire-opt %s --neuro-hold-factors --split-input-file --verify-diagnostics | FileCheck %s

neuro.neuron @N {
  neuro.parameter @m = 1.0 "1"
  neuro.parameter @n = 1.0 "1"
  neuro.state @v = 0.0 "mV"
}
// CHECK-LABEL: neuro.synapse @Jump {
// CHECK-NEXT: neuro.parameter @weight
neuro.synapse @Jump {
  neuro.parameter @weight = 0.1 "mV"
  neuro.parameter @U = 0.5 "1"
  neuro.on pre {
    %w = neuro.get @weight
    %u = neuro.get @U
    %0 = arith.mulf %w, %u : f64
    neuro.add post @v, %0
  }
}
// CHECK-LABEL: neuro.synapse @"Jump#p" {
// CHECK-NOT: @weight
// CHECK: neuro.on pre
// CHECK: %[[N:.*]] = neuro.get pre @n
// CHECK: %[[M:.*]] = neuro.get post @m
// CHECK: %[[W:.*]] = arith.mulf %[[N]], %[[M]]
// CHECK: %[[A:.*]] = arith.mulf %[[W]], %{{.*}}
// CHECK: neuro.add post @v, %[[A]]
// CHECK: arith.negf
// CHECK: neuro.add post @v
// CHECK-NOT: neuro.add
// CHECK-LABEL: neuro.circuit @C
neuro.circuit @C {
  neuro.population @P of @N size 3 {}
  // CHECK: neuro.projection @p from <@P> to <@P> through @"Jump#p" connect all_to_all
  // CHECK-NOT: neuro.init
  neuro.projection @p from <@P> to <@P> through @Jump connect low_rank {rank = 2 : i64} {
    neuro.init @weight {
      %n = neuro.get pre @n
      %m = neuro.get post @m
      %0 = arith.mulf %n, %m : f64
      %1 = arith.subf %0, %m : f64
      neuro.yield %1 : f64
    }
  }
  // CHECK: neuro.projection @q from <@P> to <@P> through @Jump connect one_to_one
  neuro.projection @q from <@P> to <@P> through @Jump connect one_to_one {} {
    neuro.init @weight {
      %n = neuro.get pre @n
      neuro.yield %n : f64
    }
  }
}

// -----

neuro.neuron @N {
  neuro.parameter @m = 1.0 "1"
  neuro.state @v = 0.0 "mV"
}
neuro.synapse @Jump {
  neuro.parameter @weight = 0.1 "mV"
  neuro.on pre {
    %w = neuro.get @weight
    neuro.add post @v, %w
  }
}
neuro.circuit @C {
  neuro.population @P of @N size 3 {}
  neuro.projection @p from <@P> to <@P> through @Jump connect low_rank {rank = 1 : i64} {
    // expected-error @below {{`weight` is a sum of 2 products, and `low_rank(1)` holds 1}}
    neuro.init @weight {
      %n = neuro.get pre @m
      %m = neuro.get post @m
      %0 = arith.addf %n, %m : f64
      neuro.yield %0 : f64
    }
  }
}

// -----

neuro.neuron @N {
  neuro.parameter @m = 1.0 "1"
  neuro.state @v = 0.0 "mV"
}
neuro.synapse @Jump {
  neuro.parameter @weight = 0.1 "mV"
  neuro.on pre {
    %w = neuro.get @weight
    neuro.add post @v, %w
  }
}
neuro.circuit @C {
  neuro.population @P of @N size 3 {}
  neuro.projection @p from <@P> to <@P> through @Jump connect low_rank {rank = 1 : i64} {
    // expected-error @below {{`low_rank` holds `weight` as a sum of products of a number of the source and a number of the target, such as `pre.n * post.m` of two parameters of the cells, and it depends on the distance}}
    neuro.init @weight {
      %d = neuro.distance
      neuro.yield %d : f64
    }
  }
}

// -----

neuro.neuron @N {
  neuro.parameter @m = 1.0 "1"
  neuro.state @v = 0.0 "mV"
}
neuro.synapse @Jump {
  neuro.parameter @weight = 0.1 "mV"
  neuro.on pre {
    %w = neuro.get @weight
    %0 = math.tanh %w : f64
    // expected-error @below {{`low_rank` needs amounts that are proportional to `weight`}}
    neuro.add post @v, %0
  }
}
neuro.circuit @C {
  neuro.population @P of @N size 3 {}
  neuro.projection @p from <@P> to <@P> through @Jump connect low_rank {rank = 2 : i64} {
    neuro.init @weight {
      %n = neuro.get pre @m
      %m = neuro.get post @m
      %0 = arith.addf %n, %m : f64
      neuro.yield %0 : f64
    }
  }
}

// -----

neuro.synapse @Jump {
  neuro.state @weight = 0.1 "mV"
  neuro.on pre {
    %w = neuro.get @weight
    neuro.add post @v, %w
  }
}
neuro.neuron @N {
  neuro.state @v = 0.0 "mV"
}
neuro.circuit @C {
  neuro.population @P of @N size 3 {}
  // expected-error @below {{rules or constraints move each weight of `p`, and `low_rank` holds none of them}}
  // expected-note @below {{leave out `low_rank`, or change the parameters that are the factors}}
  neuro.projection @p from <@P> to <@P> through @Jump connect low_rank {rank = 2 : i64} {}
}
