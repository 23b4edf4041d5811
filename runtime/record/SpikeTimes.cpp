//===- SpikeTimes.cpp -----------------------------------------------------===//

#include "runtime/record/SpikeTimes.h"

#include "runtime/record/Csv.h"

#include <algorithm>
#include <cmath>

using namespace synfire::runtime;

namespace {

/// A column and what one of its numbers is in ms.
struct TimeColumn {
  size_t number = CsvTable::noColumn;
  double unitMs = 1;
};

} // namespace

/// Splits a unit off a header: `time [s]`, `time (s)`, `time_s`. Leaves the
/// name alone; 1 (ms) where there is no unit, 0 where it is not known.
static double takeUnit(std::string &name) {
  std::string unit;
  size_t open = name.find_first_of("[(");
  size_t underscore = name.rfind('_');
  if (open != std::string::npos) {
    unit = name.substr(open + 1, name.find_first_of("])") - open - 1);
    name.resize(name.find_last_not_of(' ', open - 1) + 1);
  } else if (underscore != std::string::npos) {
    unit = name.substr(underscore + 1);
    name.resize(underscore);
  } else {
    return 1;
  }
  const std::pair<const char *, double> units[] = {
      {"s", 1e3}, {"ms", 1}, {"us", 1e-3}, {"min", 6e4}, {"h", 3.6e6}};
  for (auto [text, ms] : units)
    if (unit == text)
      return ms;
  return 0;
}

static std::string lower(std::string text) {
  for (char &c : text)
    c = char(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

static TimeColumn findTimes(const CsvTable &table, const std::string &wanted) {
  for (size_t i = 0; i < table.names.size(); ++i) {
    std::string name = table.names[i];
    double unit = takeUnit(name);
    if (!wanted.empty()) {
      if (table.names[i] == wanted)
        return {i, name == wanted ? 1 : unit ? unit : 1};
      continue;
    }
    name = lower(name);
    if (unit != 0 && (name == "time" || name == "times" || name == "t" || name == "timestamps"))
      return {i, unit};
  }
  return {};
}

static size_t findElements(const CsvTable &table, const std::string &wanted) {
  if (!wanted.empty())
    return table.column(wanted);
  for (size_t i = 0; i < table.names.size(); ++i) {
    std::string name = lower(table.names[i]);
    if (!name.empty() && name.back() == 's')
      name.pop_back();
    for (const char *known : {"element", "neuron", "node_id", "sender", "id", "index"})
      if (name == known)
        return i;
  }
  return CsvTable::noColumn;
}

static Status missingColumn(const CsvTable &table, const char *what, const std::string &wanted) {
  std::string names;
  for (const std::string &name : table.names)
    names += (names.empty() ? "`" : ", `") + name + "`";
  std::string column =
      wanted.empty() ? std::string("column of ") + what : "column `" + wanted + "`";
  return Status::userError(table.path + ": there is no " + column + " among " + names);
}

Result<std::vector<SpikeTime>> synfire::runtime::readSpikeTimes(const std::string &path,
                                                                uint32_t size,
                                                                const SpikeTimesFormat &format) {
  Result<CsvTable> table = readCsv(path);
  if (!table)
    return table.status();
  TimeColumn times{1, 1};
  size_t elements = 0, populations = CsvTable::noColumn;
  if (!table->names.empty()) {
    times = findTimes(*table, format.timeColumn);
    elements = findElements(*table, format.elementColumn);
    populations = table->column("population");
    if (times.number == CsvTable::noColumn)
      return missingColumn(*table, "times", format.timeColumn);
    if (elements == CsvTable::noColumn)
      return missingColumn(*table, "elements", format.elementColumn);
  } else if (!table->rows.empty() && table->rows[0].size() < 2) {
    return table->errorAt(0, "a spike needs two columns: element and time");
  }

  std::vector<SpikeTime> spikes;
  spikes.reserve(table->rows.size());
  for (size_t row = 0; row < table->rows.size(); ++row) {
    if (!format.population.empty() && populations != CsvTable::noColumn &&
        table->rows[row][populations] != format.population)
      continue;
    Result<double> time = table->number(row, times.number);
    if (!time)
      return time.status();
    Result<double> element = table->number(row, elements);
    if (!element)
      return element.status();
    if (!(*element >= 0 && *element < size) || *element != std::floor(*element))
      return table->errorAt(row, "there is no element " + table->rows[row][elements] +
                                     " in a population of " + std::to_string(size));
    if (!std::isfinite(*time) || *time < 0)
      return table->errorAt(row, "`" + table->rows[row][times.number] +
                                     "` is not a time of a spike, which must "
                                     "be 0 or later");
    spikes.push_back({*time * times.unitMs, uint32_t(*element)});
  }
  std::sort(spikes.begin(), spikes.end(), [](const SpikeTime &a, const SpikeTime &b) {
    return a.ms != b.ms ? a.ms < b.ms : a.element < b.element;
  });
  return spikes;
}
