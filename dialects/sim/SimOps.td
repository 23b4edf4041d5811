//===- SimOps.td - everything of the sim dialect ---===//
include "dialects/sim/SimDataOps.td"
include "dialects/sim/SimKernelOps.td"
include "dialects/sim/SimFixedOps.td"
