//===- SimVerifiers.cpp - the rules every sim op keeps ---===//
#include "dialects/sim/Sim.h"
