// The files of frames are looked at before anything runs (C7).
// RUN: rm -rf %t && mkdir %t && cd %t && %python -c "open('x', 'wb').write(bytes([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3] + 12 * [1]))"
// RUN: synfire-opt %s --neuro-read-frames --split-input-file --verify-diagnostics

neuro.neuron @N {
  neuro.parameter @gain = 1.0 "1"
  neuro.input @I "pA"
}
neuro.synapse @S { neuro.parameter @weight "mV" }
neuro.circuit @C {
  neuro.frames @f "idx" images "x" every 10.0
  neuro.population @Fits of @N size 6 {}
  neuro.population @Wide of @N size 7 {}
  neuro.stimulus @good current to <@Fits> input @I {
    neuro.argument "amplitude" {
      %x = neuro.frame_value @f "value"
      neuro.yield %x : f64
    }
  }
  neuro.stimulus @bad current to <@Wide> input @I {
    neuro.argument "amplitude" {
      // expected-error @below {{a frame of `f` has 6 values (2 x 3), and `Wide` has 7 elements}}
      %x = neuro.frame_value @f "value"
      %i = neuro.frame_value @f "index"
      neuro.yield %x : f64
    }
  }
}
neuro.experiment {
  neuro.simulate @C for 20.0 step 0.1 seed 1 as "main" {
    neuro.every frame @f {
      neuro.assign of <@Wide> @gain {
        // expected-error @below {{a frame of `f` has 6 values (2 x 3), and `Wide` has 7 elements}}
        %x = neuro.frame_value @f "value"
        neuro.yield %x : f64
      }
      neuro.assign projection @p @weight {
        // expected-error @below {{`f` has a value for each element, and a connection is none; `f.label` and `f.index` are one number}}
        %x = neuro.frame_value @f "value"
        neuro.yield %x : f64
      }
    }
    neuro.repeat frame @f while {
      %one = arith.constant 1.0 : f64
      // expected-error @below {{`f` has a value for each element, and a condition is none}}
      %x = neuro.frame_value @f "value"
      %c = arith.cmpf olt, %x, %one : f64
      neuro.yield %c : i1
    } do {
    }
  }
}

// -----

neuro.circuit @C {
  // expected-error @below {{cannot read `nowhere`: No such file or directory}}
  neuro.frames @f "idx" images "nowhere" every 10.0
}
