// The order of the pipelines; each level ends in its verify pass. Types are narrowed before elementary
// functions become arithmetic, since that depends on the format.
// RUN: not synfire-opt %s --to-sim --dump-pass-pipeline 2>&1 | FileCheck %s --check-prefix=SIM --implicit-check-not=sim-lower-precision
// RUN: not synfire-opt %s --to-sim=precision=f32 --dump-pass-pipeline 2>&1 | FileCheck %s --check-prefix=NARROW
// RUN: synfire-opt %s --sim-optimize --dump-pass-pipeline 2>&1 | FileCheck %s --check-prefix=OPT
// RUN: synfire-opt %s --quantize=tolerance=0.5 --dump-pass-pipeline 2>&1 | FileCheck %s --check-prefix=FIXED
// RUN: synfire-opt %s --cpu=lanes=4 --dump-pass-pipeline 2>&1 | FileCheck %s --check-prefix=CPU

// SIM:      neuro-to-sim{share=true},
// SIM-NEXT: sim-share-exponentials,
// SIM-NEXT: sim-expand-math{exponentials=true},
// SIM-NEXT: sim-invert-divisors,
// SIM-NEXT: sim.program(
// SIM-NEXT: sim.kernel(
// SIM-NEXT: cse
// SIM-NEXT: )
// SIM-NEXT: ),
// SIM-NEXT: sim-form-fma,
// SIM-NEXT: sim-verify
// A module without a model has nothing to make a program of.
// SIM: error: the model has no experiment

// NARROW:      neuro-to-sim{share=true},
// NARROW-NEXT: sim-lower-precision,
// NARROW-NEXT: sim-share-exponentials,
// NARROW-NEXT: sim-expand-math{exponentials=true},
// NARROW-NEXT: sim-invert-divisors,
// NARROW-NEXT: sim.program(
// NARROW-NEXT: sim.kernel(
// NARROW-NEXT: cse
// NARROW-NEXT: )
// NARROW-NEXT: ),
// NARROW-NEXT: sim-form-fma,
// NARROW-NEXT: sim-verify

// OPT:      sim.program(
// OPT-NEXT: sim.kernel(
// OPT-NEXT: cse
// OPT-NEXT: )
// OPT-NEXT: ),
// OPT-NEXT: sim-verify

// FIXED:      sim-freeze,
// FIXED-NEXT: sim.program(
// FIXED-NEXT: sim.kernel(
// FIXED-NEXT: cse
// FIXED-NEXT: )
// FIXED-NEXT: ),
// FIXED-NEXT: sim-quantize{bits=0 tolerance=5.0{{0*}}e-01},
// FIXED-NEXT: sim-expand-math{exponentials=true},
// FIXED-NEXT: sim.program(
// FIXED-NEXT: sim.kernel(
// FIXED-NEXT: cse
// FIXED-NEXT: )
// FIXED-NEXT: ),
// FIXED-NEXT: sim-verify

// CPU:      sim-expand-fixed,
// CPU-NEXT: sim-to-loops{compresses=false converts-wide=false lanes=4 vector-bits=256},
// CPU-NEXT: func.func(
// CPU-NEXT: cse
// CPU-NEXT: ),
// CPU-NEXT: convert-scf-to-cf
// CPU-NEXT: convert-vector-to-llvm
// CPU-NEXT: convert-arith-to-llvm
// CPU-NEXT: convert-math-to-llvm
// CPU-NEXT: convert-func-to-llvm
// CPU-NEXT: convert-cf-to-llvm
// CPU-NEXT: reconcile-unrealized-casts
module {}
