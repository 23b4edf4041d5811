//===- SettingChecks.h - Rules that settings keep ---------------*- C++ -*-===//

#ifndef SYNFIRE_FRONTEND_SEMA_CHECKS_SETTINGCHECKS_H
#define SYNFIRE_FRONTEND_SEMA_CHECKS_SETTINGCHECKS_H

#include "frontend/sema/Network.h"

namespace synfire {
class DiagnosticEngine;

namespace sema {

/// A value may follow from others of its model, set or by default, but not from itself. Forgets the
/// value of a setting that does.
void checkSettingCycles(const Model &model, std::vector<Setting> &settings,
                        DiagnosticEngine &diags);

} // namespace sema
} // namespace synfire

#endif // SYNFIRE_FRONTEND_SEMA_CHECKS_SETTINGCHECKS_H
