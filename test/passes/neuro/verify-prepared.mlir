// What neuro-prepare settles may not be open behind it.
// RUN: synfire-opt %s --neuro-verify-prepared --split-input-file --verify-diagnostics

neuro.neuron @N {
  // expected-error @below {{has no start value; `neuro-prepare` should have settled it}}
  neuro.state @x "1" steady
}

// -----

neuro.neuron @N {
  neuro.state @x = 0.0 "1"
  neuro.equation @x {
    %x = neuro.get @x
    neuro.yield %x : f64
  }
}
neuro.circuit @C {
  // expected-error @below {{has states without a solver}}
  neuro.population @P of @N size 1 {}
}

// -----

neuro.neuron @N {
  // expected-error @below {{is a compartment's}}
  neuro.compartment @soma {
  }
}
