// RUN: synfire-opt %s --rtl-build-part=part=none --verify-diagnostics

// expected-error @below {{there is no part `none`}}
module {}
