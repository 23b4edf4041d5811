//===- NeuroVerifiers.cpp - the rules every neuro op keeps ---===//
#include "dialects/neuro/Neuro.h"

using namespace mlir;
using namespace synfire::neuro;

LogicalResult NeuronOp::verifyRegions() { return success(); }
LogicalResult SynapseOp::verifyRegions() { return success(); }
LogicalResult PlasticityOp::verifyRegions() { return success(); }
LogicalResult ParameterOp::verify() { return success(); }
LogicalResult StateOp::verify() { return success(); }
LogicalResult SpikeOp::verify() { return success(); }
LogicalResult DrawOp::verify() { return success(); }
LogicalResult CircuitOp::verifyRegions() { return success(); }
LogicalResult TableOp::verify() { return success(); }
LogicalResult ProjectionOp::verify() { return success(); }
LogicalResult StimulusOp::verify() { return success(); }
LogicalResult SimulateOp::verify() { return success(); }
LogicalResult RecordOp::verify() { return success(); }
