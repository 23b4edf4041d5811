//===- Settings.cpp - no value from itself --------------------------------===//

#include "frontend/sema/checks/SettingChecks.h"

#include "frontend/diagnostics/DiagnosticEngine.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace synfire;
using namespace synfire::sema;

namespace {

/// Looks for a variable among all that an expression leads to.
class Search {
public:
  Search(const Model &model, const std::vector<Setting> &settings, llvm::StringRef wanted)
      : model(model), settings(settings), wanted(wanted) {}

  bool finds(const Node *node) {
    if (!node)
      return false;
    if (node->op == NodeOp::Get && node->side == Side::Self) {
      if (node->name == wanted)
        return true;
      if (seen.insert(node->name).second && finds(valueOf(node->name)))
        return true;
    }
    return llvm::any_of(node->args, [&](const NodePtr &arg) { return finds(arg.get()); });
  }

private:
  const Node *valueOf(const std::string &name) const {
    auto set = llvm::find_if(settings, [&](const Setting &s) { return s.variable == name; });
    if (set != settings.end())
      return set->node.get();
    const Variable *variable = model.find(name);
    bool fixed = variable && variable->kind == VariableKind::Parameter;
    return fixed ? variable->value.get() : nullptr;
  }

  const Model &model;
  const std::vector<Setting> &settings;
  llvm::StringRef wanted;
  llvm::StringSet<> seen;
};

} // namespace

void sema::checkSettingCycles(const Model &model, std::vector<Setting> &settings,
                              DiagnosticEngine &diags) {
  for (Setting &setting : settings)
    if (Search(model, settings, setting.variable).finds(setting.node.get())) {
      diags.report(diag::err_value_cycle, setting.range) << setting.variable;
      setting.node = nullptr;
    }
}
