// The order of neuro-prepare; a verify pass ends it.
// RUN: synfire-opt %s --neuro-prepare --dump-pass-pipeline 2>&1 | FileCheck %s
// RUN: synfire-opt %s --neuro-prepare="check-supported=false prove-limits=false" --dump-pass-pipeline 2>&1 | FileCheck %s --check-prefix=ANY

// CHECK:      neuro-flatten-compartments,
// CHECK-NEXT: neuro-check-constraints,
// CHECK-NEXT: neuro-attach-rules,
// CHECK-NEXT: neuro-enforce-limits,
// CHECK-NEXT: neuro-lower-structure,
// CHECK-NEXT: neuro-inline-lets,
// CHECK-NEXT: neuro-hold-factors,
// CHECK-NEXT: neuro-prove-limits,
// CHECK-NEXT: neuro-remove-singularities,
// CHECK-NEXT: neuro-resolve-steady,
// CHECK-NEXT: neuro-round-times,
// CHECK-NEXT: neuro-read-frames,
// CHECK-NEXT: neuro-check-supported,
// CHECK-NEXT: neuro-choose-solvers,
// CHECK-NEXT: neuro-verify-prepared
// ANY-NOT: neuro-prove-limits
// ANY-NOT: neuro-check-supported
// ANY:     neuro-verify-prepared
module {}
