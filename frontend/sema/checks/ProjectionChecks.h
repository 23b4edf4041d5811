//===- ProjectionChecks.h - Rules that connections keep ---------*- C++ -*-===//

#ifndef SYNFIRE_FRONTEND_SEMA_CHECKS_PROJECTIONCHECKS_H
#define SYNFIRE_FRONTEND_SEMA_CHECKS_PROJECTIONCHECKS_H

#include "frontend/sema/Network.h"

namespace synfire {
class DiagnosticEngine;

namespace sema {

/// (N7) Handlers of spikes need ends that spike.
void checkTriggers(const Projection &projection, DiagnosticEngine &diags);
/// (S3, G1) Delays of events are greater than 0.
void checkDelay(const Projection &projection, DiagnosticEngine &diags);
/// (S4) A conductance is not negative.
void checkConductance(const Model &synapse, const std::vector<Setting> &settings, SourceRange use,
                      DiagnosticEngine &diags);
/// (R1) Sizes fit the connect rule.
void checkConnectSizes(const Projection &projection, DiagnosticEngine &diags);

/// All of them.
void checkProjection(const Projection &projection, DiagnosticEngine &diags);

} // namespace sema
} // namespace synfire

#endif // SYNFIRE_FRONTEND_SEMA_CHECKS_PROJECTIONCHECKS_H
