//===- Projections.cpp - (N7, S3, S4, G1, R1) rules of connections --------===//

#include "frontend/diagnostics/DiagnosticEngine.h"
#include "frontend/sema/checks/ProjectionChecks.h"

#include "llvm/ADT/STLExtras.h"

using namespace synfire;
using namespace synfire::sema;

void sema::checkTriggers(const Projection &projection, DiagnosticEngine &diags) {
  auto check = [&](const Model &model, SourceRange use) {
    for (const Handler &handler : model.handlers) {
      bool isPre = handler.trigger == Handler::Trigger::Pre;
      if (!isPre && handler.trigger != Handler::Trigger::Post)
        continue;
      const PopulationRef &end = isPre ? projection.source : projection.target;
      if (!end.population->neuron->spikes())
        (diags.report(diag::err_never_spikes, use)
         << end.population->name << end.population->neuron->name << model.name)
            .note(diag::note_declared_here, handler.range);
    }
  };
  check(*projection.synapse, projection.range);
  for (const Attachment &attachment : projection.rules)
    check(*attachment.rule, attachment.range);
}

void sema::checkDelay(const Projection &projection, DiagnosticEngine &diags) {
  const Setting *delay = projection.findSetting("delay");
  if (!delay || !delay->constant)
    return;
  bool hasEvents = !projection.synapse->handlers.empty();
  if (hasEvents ? *delay->constant <= 0 : *delay->constant < 0)
    diags.report(hasEvents ? diag::err_delay_not_positive : diag::err_delay_negative, delay->range);
}

void sema::checkConductance(const Model &synapse, const std::vector<Setting> &settings,
                            SourceRange use, DiagnosticEngine &diags) {
  const Variable *weight = synapse.find("weight");
  if (!weight || weight->dimension != Dimension::conductance())
    return;
  auto given = llvm::find_if(settings, [](const Setting &s) { return s.variable == "weight"; });
  bool isGiven = given != settings.end();
  std::optional<double> value = isGiven ? given->constant : weight->constant();
  if (value && *value < 0)
    diags.report(diag::err_negative_conductance, isGiven ? given->range : use);
}

void sema::checkConnectSizes(const Projection &projection, DiagnosticEngine &diags) {
  int64_t sources = projection.source.size();
  int64_t targets = projection.target.size();
  bool pairs = projection.rule == "one_to_one" || projection.rule == "all_but_one";
  if (pairs && sources != targets)
    diags.report(diag::err_sizes_differ, projection.range)
        << projection.rule << projection.source.str() << sources << projection.target.str()
        << targets;
  auto find = [&](const char *name) -> const NetworkArgument * {
    for (const NetworkArgument &argument : projection.arguments)
      if (argument.name == name)
        return &argument;
    return nullptr;
  };
  const NetworkArgument *k = find("k"), *multapses = find("multapses");
  bool fixedIn = projection.rule == "fixed_indegree";
  bool fixedOut = projection.rule == "fixed_outdegree";
  if (!k || !k->number || (!fixedIn && !fixedOut))
    return;
  int64_t choices = fixedIn ? sources : targets;
  bool noRepetition = multapses && multapses->flag && !*multapses->flag;
  if ((choices == 0 && *k->number > 0) || (noRepetition && *k->number > double(choices)))
    diags.report(diag::err_too_few_partners, k->range) << int64_t(*k->number) << choices;
}

void sema::checkProjection(const Projection &projection, DiagnosticEngine &diags) {
  checkTriggers(projection, diags);
  checkDelay(projection, diags);
  checkConductance(*projection.synapse, projection.settings, projection.range, diags);
  checkConnectSizes(projection, diags);
}
