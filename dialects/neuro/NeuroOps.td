//===- NeuroOps.td - everything of the neuro dialect ---===//
include "dialects/neuro/NeuroModelOps.td"
include "dialects/neuro/NeuroCircuitOps.td"
