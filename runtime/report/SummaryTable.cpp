//===- SummaryTable.cpp ---------------------------------------------------===//

#include "runtime/report/Format.h"
#include "runtime/report/Summary.h"

#include <algorithm>
#include <cmath>

#include <sys/resource.h>

using namespace synfire::runtime;

namespace {

/// Rows of cells; the first column is text, the others are numbers.
class Table {
public:
  explicit Table(std::vector<std::string> header) { add(std::move(header)); }
  void add(std::vector<std::string> cells) { rows.push_back(std::move(cells)); }
  std::string text() const;

private:
  std::vector<std::vector<std::string>> rows;
};

} // namespace

std::string Table::text() const {
  std::vector<size_t> widths(rows[0].size(), 0);
  for (const std::vector<std::string> &row : rows)
    for (size_t c = 0; c < row.size(); ++c)
      widths[c] = std::max(widths[c], displayWidth(row[c]));
  std::string result;
  for (const std::vector<std::string> &row : rows) {
    result += "  " + padRight(row[0], widths[0]);
    for (size_t c = 1; c < row.size(); ++c)
      result += "  " + padLeft(row[c], widths[c]);
    result += '\n';
  }
  return result;
}

static std::string populationTable(const RunSummary &run) {
  Table table({"population", "neurons", "spikes", "mean rate", "CV of ISI"});
  for (const PopulationSummary &p : run.populations)
    if (p.isGraded)
      table.add({p.name, formatCount(p.size), "-", "-", "-"});
    else
      table.add({p.name, formatCount(p.size), formatCount(p.spikes), formatted("%.2f Hz", p.rateHz),
                 std::isnan(p.cvIsi) ? "-" : formatted("%.2f", p.cvIsi)});
  return table.text();
}

static std::string projectionTable(const RunSummary &run, size_t most) {
  Table table({"projection", "synapses", "memory"});
  std::vector<const ProjectionSummary *> shown, hidden;
  for (const ProjectionSummary &p : run.projections)
    shown.push_back(&p);
  if (shown.size() > most) {
    // The largest, still in the order of the model.
    std::vector<const ProjectionSummary *> bySize = shown;
    std::sort(bySize.begin(), bySize.end(),
              [](const ProjectionSummary *a, const ProjectionSummary *b) {
                return a->synapses != b->synapses ? a->synapses > b->synapses : a < b;
              });
    hidden.assign(bySize.begin() + most, bySize.end());
    shown.erase(std::remove_if(shown.begin(), shown.end(),
                               [&](const ProjectionSummary *p) {
                                 return std::find(hidden.begin(), hidden.end(), p) != hidden.end();
                               }),
                shown.end());
  }
  for (const ProjectionSummary *p : shown)
    table.add({p->name, formatCount(p->synapses), formatBytes(p->bytes)});
  if (!hidden.empty()) {
    uint64_t synapses = 0, bytes = 0;
    for (const ProjectionSummary *p : hidden) {
      synapses += p->synapses;
      bytes += p->bytes;
    }
    table.add({formatCount(hidden.size()) + " more", formatCount(synapses), formatBytes(bytes)});
  }
  return table.text();
}

/// Values of connections, two rows each: as they were first, and at the last record.
static std::string recordedTable(const RunSummary &run) {
  Table table({"recorded", "synapses", "at", "mean", "least", "5 %", "median", "95 %", "most"});
  for (const RecordedValues &values : run.recorded) {
    auto add = [&](const std::string &name, const std::string &count, const Spread &s) {
      std::vector<std::string> cells = {name, count, formatMilliseconds(s.atMs)};
      for (double value : {s.mean, s.least, s.low, s.median, s.high, s.most})
        cells.push_back(formatNumber(value, 3));
      table.add(cells);
    };
    bool pure = values.unit.empty() || values.unit == "1";
    add(values.name + (pure ? "" : " (" + values.unit + ")"), formatCount(values.count),
        values.first);
    if (values.last.atMs > values.first.atMs)
      add("", "", values.last);
  }
  return table.text();
}

/// How often each label was taken for which; `-` is for frames without an answer.
static std::string confusionTable(const Accuracy &a) {
  size_t classes = a.confusion.size();
  std::vector<std::string> header = {"label"};
  for (size_t c = 0; c < classes; ++c)
    header.push_back("as " + std::to_string(c));
  header.push_back("-");
  Table table(header);
  for (size_t label = 0; label < classes; ++label) {
    std::vector<std::string> cells = {std::to_string(label)};
    for (uint64_t frames : a.confusion[label])
      cells.push_back(frames ? formatCount(frames) : ".");
    table.add(cells);
  }
  return table.text();
}

static std::string accuracyText(const Accuracy &a) {
  constexpr size_t most = 20; // more classes do not fit on a line
  std::string text = "\n  accuracy of " + a.population + " in run " + a.run + ": " +
                     formatted("%.1f +- %.1f %%", 100 * a.share(), 100 * a.error()) + " (" +
                     formatCount(a.right) + " of " + formatCounted(a.shown, "frame") + " of " +
                     a.frames + "; " + formatCount(a.labelled) + " of " +
                     formatCounted(a.size, "cell") + (a.labelled == 1 ? " has" : " have") +
                     " a label)\n";
  return a.confusion.size() <= most ? text + confusionTable(a) : text;
}

std::string synfire::runtime::summaryTable(const RunSummary &run, size_t maxProjections) {
  std::string text = run.model + ": " + formatMilliseconds(run.durationSeconds * 1e3) +
                     " in steps of " + formatMilliseconds(run.stepSeconds * 1e3) + ", seed " +
                     std::to_string(run.seed) + ", " + run.target + ", " +
                     formatCounted(run.threads, "thread") + "\n";
  if (!run.populations.empty())
    text += "\n" + populationTable(run);
  if (!run.projections.empty())
    text += "\n" + projectionTable(run, maxProjections);

  if (!run.recorded.empty())
    text += "\n" + recordedTable(run);

  for (const Accuracy &accuracy : run.accuracies)
    text += accuracyText(accuracy);

  text += "\n  compiled in " + formatSeconds(run.compileSeconds) + ", built in " +
          formatSeconds(run.buildSeconds) + ", simulated in " + formatSeconds(run.simulateSeconds) +
          "\n";
  text += "  real-time factor " + formatNumber(run.realTimeFactor(), 3) + ", " +
          formatCounted(run.synapticEvents, "synaptic event");
  if (run.synapticEvents && run.simulateSeconds > 0)
    text += formatted(" (%.3g per second)", double(run.synapticEvents) / run.simulateSeconds);
  text += ", peak memory " + formatBytes(run.peakRssBytes) + "\n";
  return text;
}

uint64_t synfire::runtime::peakRss() {
  rusage usage;
  if (getrusage(RUSAGE_SELF, &usage) != 0)
    return 0;
  return uint64_t(usage.ru_maxrss) * 1024; // Linux counts KiB
}
