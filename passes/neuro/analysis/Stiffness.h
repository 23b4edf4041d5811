//===- Stiffness.h - whether an explicit step would be unstable (X1) ---===//
#ifndef SYNFIRE_PASSES_NEURO_ANALYSIS_STIFFNESS_H
#define SYNFIRE_PASSES_NEURO_ANALYSIS_STIFFNESS_H

#include "passes/neuro/analysis/PopulationSystem.h"

namespace synfire::neuro {

/// The fastest rate of `states` together, in 1/ms, where a step of rk4 of `dt` ms would make small
/// deviations grow although the equations themselves let them decay: the system is stiff. None
/// where it is not, or where that is not known.
///
/// The equations are linearised at the start values, with inputs at 0, and what is drawn at the
/// mean of its distribution; other states are held. With Z the Jacobian times dt, the criterion is
/// rho(1 + Z + Z^2/2 + Z^3/6 + Z^4/24) > 1 >= rho(e^Z), rho the spectral radius.
std::optional<double> stiffRate(const PopulationSystem &system, llvm::ArrayRef<unsigned> states,
                                double dt);

} // namespace synfire::neuro

#endif // SYNFIRE_PASSES_NEURO_ANALYSIS_STIFFNESS_H
