//===- Stimuli.cpp - Drives from outside (C6) -----------------------------===//

#include "frontend/sema/CircuitScope.h"
#include "frontend/sema/Csv.h"
#include "frontend/sema/FunctionScope.h"
#include "frontend/sema/Program.h"
#include "frontend/sema/Units.h"
#include "frontend/sema/checks/ProjectionChecks.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Casting.h"

#include <cstdio>

using namespace synfire;
using namespace synfire::sema;
using llvm::dyn_cast;
using llvm::StringRef;

void Elaborator::runStimulate(const ast::StimulateStmt &stmt, Context &context) {
  if (!stmt.target)
    return;
  runLoop(stmt.loop, context, [&](Context &inner) {
    // Members of a set may name an input each.
    std::vector<const ast::PopRef *> items = {stmt.target.get()};
    if (stmt.target->kind == ast::PopRef::Kind::Set) {
      items.clear();
      for (const ast::PopRefPtr &item : stmt.target->items)
        if (item)
          items.push_back(item.get());
    }
    for (const ast::PopRef *item : items) {
      std::string input;
      auto targets = item->isPath() ? resolvePath(*item, inner, &input) : resolve(*item, inner);
      if (!targets)
        continue;
      for (const PopulationRef &target : *targets)
        addStimulus(stmt, target, input, inner);
    }
  });
}

/// The kinds that act on an input rather than through a synapse.
static bool isCurrent(const Stimulus &stimulus) {
  return stimulus.kind == "current" || stimulus.kind == "noise_current";
}

void Elaborator::addStimulus(const ast::StimulateStmt &stmt, const PopulationRef &target,
                             const std::string &input, Context &context) {
  const ast::StimulusSource &source = stmt.source;
  static const std::vector<std::string> kinds = {"poisson", "current", "noise_current", "spikes"};
  if (!llvm::is_contained(kinds, source.name.text)) {
    program.reportUnknown(diag::err_unknown_stimulus, source.name.text, source.name.range, kinds);
    return;
  }
  Stimulus stimulus;
  stimulus.kind = source.name.text;
  stimulus.target = target;
  stimulus.range = stmt.range;
  const Model &model = *target.getModel();
  if (target.compartment.empty() && !target.population->neuron->compartments.empty()) {
    diags.report(diag::err_compartment_missing, stmt.target->range)
        << target.population->name << target.population->neuron->compartments.front().name;
    return;
  }
  Dimension dimension;
  if (isCurrent(stimulus)) {
    if (stmt.synapse) {
      diags.report(diag::err_stimulus_not_event, stmt.synapse.range) << stimulus.kind;
      return;
    }
    const Variable *variable = nullptr;
    std::vector<std::string> inputs;
    for (const Variable &candidate : model.variables)
      if (candidate.kind == VariableKind::Input) {
        inputs.push_back(candidate.name);
        if (input.empty() || candidate.name == input)
          variable = &candidate;
      }
    if (!variable && !input.empty()) {
      program.reportUnknown(diag::err_no_input, input, stmt.target->range, inputs, model.name);
      return;
    }
    if (!variable || (input.empty() && inputs.size() != 1)) {
      diags.report(diag::err_which_input, stmt.target->range)
          << model.name << int64_t(inputs.size());
      return;
    }
    stimulus.input = variable->name;
    dimension = variable->dimension;
  } else {
    if (!stmt.synapse) {
      diags.report(diag::err_stimulus_needs_synapse, stmt.range) << stimulus.kind;
      return;
    }
    if (!input.empty()) {
      diags.report(diag::err_stimulus_input_and_synapse, stmt.target->range);
      return;
    }
    // A stimulus has no state that `pre.` could reach.
    static const Model outside = [] {
      Model model;
      model.name = "a stimulus";
      return model;
    }();
    Ends ends{&outside, &model, target.population->neuron.get(), {}, false};
    stimulus.synapse = models.getSynapse(*context.unit, stmt.synapse, ends, stmt.range,
                                         "the stimulus", target.str());
    if (!stimulus.synapse)
      return;
    if (!stimulus.synapse->hasHandler(Handler::Trigger::Pre)) {
      diags.report(diag::err_stimulus_without_handler, stmt.synapse.range)
          << stimulus.synapse->name;
      return;
    }
  }

  std::string base = target.population->name;
  if (!target.compartment.empty())
    base += "." + target.compartment;
  stimulus.name = context.prefix + stmt.name.text;
  if (!stmt.name) {
    unsigned number = 0;
    do
      stimulus.name = base + "." + stimulus.kind + std::to_string(number++);
    while (names.count(stimulus.name));
  }
  stimulus.name = uniqueName(stimulus.name);
  Table &table = network.tables.emplace_back();
  table.name = uniqueName(stimulus.name + ".table");
  table.range = stmt.range;
  stimulus.table = &table;

  OwnerScope arguments(*this, context, target.population->neuron.get());
  arguments.allowFrames = true;
  arguments.table = &table;
  arguments.numRows = target.population->size;
  arguments.permissions.time = true;
  arguments.permissions.index = true;
  arguments.permissions.draw = true;
  arguments.permissions.place = "an argument of a stimulus";
  buildSource(source, stimulus, dimension, arguments, context);
  if (stimulus.synapse) {
    OwnerScope scope(*this, context, stimulus.synapse.get());
    scope.permissions.draw = true;
    scope.permissions.index = true;
    scope.permissions.place = "a setting of a stimulus";
    scope.table = &table;
    if (stimulus.kind == "spikes") { // its own rows are spikes, not elements
      scope.table = &network.tables.emplace_back();
      scope.table->name = uniqueName(stimulus.name + ".settings");
      scope.table->range = stmt.range;
    }
    scope.numRows = target.population->size;
    buildSettings(stmt.settings, *stimulus.synapse, scope, false, stimulus.settings, stmt.range);
    completeSettings(*stimulus.synapse, stimulus.settings, stmt.range);
    checkConductance(*stimulus.synapse, stimulus.settings, stmt.range, diags);
    for (const Setting &setting : stimulus.settings)
      if (setting.variable == "delay" && setting.constant && *setting.constant < 0)
        diags.report(diag::err_delay_negative, setting.range);
  }
  buildDuring(stmt, arguments.readFrames, stimulus, context);
  if (auto active = interval(stmt.active, context)) {
    stimulus.start = (*active)[0];
    stimulus.stop = (*active)[1];
  }
  network.stimuli.push_back(std::move(stimulus));
}

static std::string shortNumber(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", value);
  return text;
}

/// `during` counts in the frames that the stimulus reads, or else in those of the circuit (C7).
void Elaborator::buildDuring(const ast::StimulateStmt &stmt, llvm::ArrayRef<std::string> read,
                             Stimulus &stimulus, Context &context) {
  auto during = interval(stmt.during, context);
  if (!during)
    return;
  stimulus.during = *during;
  std::set<std::string> candidates(read.begin(), read.end());
  size_t numRead = candidates.size();
  if (candidates.empty())
    for (const FrameSequence &frames : network.frames)
      candidates.insert(frames.name);
  if (candidates.size() > 1)
    diags.report(diag::err_during_which_frames, stmt.during.low->range)
        << int64_t(network.frames.size()) << int64_t(numRead);
  if (candidates.size() != 1)
    return;
  stimulus.frames = *candidates.begin();
  const FrameSequence *frames = network.findFrames(stimulus.frames);
  if (frames && stimulus.during[1] > frames->period)
    diags.report(diag::err_during_too_long, stmt.during.high->range)
        << stimulus.frames << shortNumber(frames->period) << shortNumber(stimulus.during[1]);
}

std::optional<std::vector<double>> Elaborator::interval(const ast::Interval &interval,
                                                        Context &context) {
  if (!interval || !interval.high)
    return std::nullopt;
  CircuitScope scope(*this, context);
  auto low = evaluateNumber(program, *interval.low, scope, Dimension::time(), "a time");
  auto high = evaluateNumber(program, *interval.high, scope, Dimension::time(), "a time");
  if (!low || !high)
    return std::nullopt;
  if (*low < 0 || *low >= *high) {
    diags.report(diag::err_empty_time_interval, interval.low->range);
    return std::nullopt;
  }
  return std::vector<double>{*low, *high};
}

void Elaborator::buildSource(const ast::StimulusSource &source, Stimulus &stimulus,
                             Dimension dimension, OwnerScope &scope, Context &context) {
  if (source.form == ast::StimulusSource::Form::SpikesFromFile)
    return buildSpikeFile(source, stimulus, context);
  if (source.form == ast::StimulusSource::Form::SpikesAt)
    return buildSpikeTimes(source, stimulus, context);
  std::vector<std::string> names;
  std::vector<Dimension> dimensions;
  if (stimulus.kind == "poisson") {
    names = {"rate"};
    dimensions = {Dimension::rate()};
  } else if (stimulus.kind == "current") {
    names = {"amplitude"};
    dimensions = {dimension};
  } else if (stimulus.kind == "noise_current") {
    names = {"mean", "sd", "every"};
    dimensions = {dimension, dimension, Dimension::time()};
  } else {
    diags.report(diag::err_spikes_form, source.range);
    return;
  }
  std::vector<const ast::Expr *> values;
  if (!bindArguments(program, stimulus.kind, source.range, source.args, names, {}, values))
    return;
  for (size_t i = 0; i != names.size(); ++i) {
    if (!values[i])
      continue;
    NetworkArgument argument = buildArgument(names[i], *values[i], dimensions[i], scope);
    if (!argument.number && !argument.node)
      continue;
    bool isRate = names[i] == "rate" || names[i] == "sd";
    if (argument.number && isRate && *argument.number < 0)
      diags.report(diag::err_negative_argument, values[i]->range) << names[i];
    if (names[i] == "every") {
      if (!argument.number)
        diags.report(diag::err_not_constant, values[i]->range);
      else if (*argument.number <= 0)
        diags.report(diag::err_not_positive, values[i]->range) << "`every`";
    }
    stimulus.arguments.push_back(std::move(argument));
  }
}

/// `spikes at 10 ms every 50 ms times 60`, `spikes at [1 ms, 7 ms]`.
void Elaborator::buildSpikeTimes(const ast::StimulusSource &source, Stimulus &stimulus,
                                 Context &context) {
  if (!source.time)
    return;
  CircuitScope scope(*this, context);
  Value first = evaluateValue(program, *source.time, scope);
  if (first.isError())
    return;
  std::vector<Value> items = {first};
  if (first.kind == Value::Kind::List)
    items = first.items;
  std::vector<double> starts;
  for (const Value &item : items) {
    if (item.isError())
      return;
    if (item.kind != Value::Kind::Number ||
        (!item.fitsAny && item.dimension != Dimension::time())) {
      diags.report(diag::err_wrong_dimension, source.time->range)
          << "a time" << inUnit("ms")
          << (item.kind == Value::Kind::Number ? inUnit(item.dimension.str())
                                               : describe(item.kind));
      return;
    }
    starts.push_back(item.number);
  }
  double period = 0;
  int64_t count = 1;
  if (source.period) {
    auto value = evaluateNumber(program, *source.period, scope, Dimension::time(), "a period");
    if (!value)
      return;
    period = *value;
    if (period <= 0) {
      diags.report(diag::err_not_positive, source.period->range) << "a period";
      return;
    }
    if (!source.count) {
      diags.report(diag::err_times_missing, source.range);
      return;
    }
  }
  if (source.count) {
    auto value = evaluateInteger(program, *source.count, scope, "a number of times");
    if (!value)
      return;
    if (*value < 1 || *value > 10'000'000) {
      diags.report(diag::err_size_range, source.count->range)
          << "the number of times" << 1 << 10000000;
      return;
    }
    count = *value;
  }
  for (int64_t i = 0; i != count; ++i)
    for (double start : starts)
      stimulus.times.push_back(start + double(i) * period);
  llvm::sort(stimulus.times);
  if (!stimulus.times.empty() && stimulus.times.front() < 0)
    diags.report(diag::err_time_negative, source.time->range);
}

/// Columns `element` and `time`, or those that the options name; times in ms.
void Elaborator::buildSpikeFile(const ast::StimulusSource &source, Stimulus &stimulus,
                                Context &context) {
  CircuitScope scope(*this, context);
  const CsvFile *csv = source.file ? readCsv(program, *source.file, scope) : nullptr;
  std::vector<const ast::Expr *> values;
  if (!csv || !bindArguments(program, "spikes from", source.range, source.args, {"element", "time"},
                             {true, true}, values))
    return;
  stimulus.table->path = csv->path;
  std::string columns[] = {"element", "time"};
  for (int i = 0; i != 2; ++i) {
    SourceRange range = source.file->range;
    std::string column = columns[i];
    if (values[i]) {
      auto name = evaluateString(program, *values[i], scope, "a column's name");
      if (!name)
        return;
      column = name->text;
      range = values[i]->range;
    }
    auto number = requireColumn(program, *csv, column, range);
    auto numbers = number ? numericColumn(program, *csv, *number,
                                          i ? *lookupUnit("ms") : ResolvedUnit(), range)
                          : std::nullopt;
    if (!numbers)
      return;
    for (size_t row = 0; row != numbers->size(); ++row) {
      double value = (*numbers)[row];
      bool bad = i ? value < 0
                   : value < 0 || value >= double(stimulus.target.population->size) ||
                         value != double(int64_t(value));
      if (bad && i) {
        diags.report(diag::err_csv_negative_time, range)
            << csv->path << int64_t(csv->lines[row]) << csv->rows[row][*number];
        return;
      }
      if (bad) {
        diags.report(diag::err_csv_bad_element, range)
            << csv->path << int64_t(csv->lines[row]) << csv->rows[row][*number]
            << stimulus.target.population->name << stimulus.target.population->size;
        return;
      }
    }
    stimulus.table->columns.emplace_back(columns[i], std::move(*numbers));
  }
}
