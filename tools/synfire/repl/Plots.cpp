//===- Plots.cpp - Pictures of what was recorded --------------------------===//
#include "frontend/parse/Parser.h"
#include "runtime/plot/Picture.h"
#include "runtime/report/Format.h"
#include "tools/synfire/repl/Canvas.h"
#include "tools/synfire/repl/Quantities.h"
#include "tools/synfire/repl/Show.h"

#include "llvm/Support/Casting.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <cmath>

using namespace synfire;
using namespace synfire::repl;
using namespace synfire::runtime;
using llvm::StringRef;

namespace {

constexpr size_t traceRows = 8, rasterRows = 16, mostPanels = 6, mostBins = 15;
/// Room for labels on the left.
constexpr size_t labelColumns = 12;

/// What is to be drawn, written as the `record` of a protocol: `v of E[0] from 0 ms to 50 ms`.
struct Request {
  std::unique_ptr<ast::RecordStmt> record;
  int64_t from = 0, to = 0; ///< steps
};

std::optional<Request> parseRequest(Session &session, StringRef text) {
  SourceManager &sources = session.getSources();
  FileId file = sources.addBuffer("input", ("record " + text).str(), session.line);
  DiagnosticEngine diags = session.getMessages().makeEngine();
  Fragment fragment = parseFragment(sources, file, diags);
  if (fragment.status == FragmentStatus::Incomplete)
    return session.fail("`" + text + "` is not complete"), std::nullopt;
  if (fragment.stmts.size() != 1 || !llvm::isa<ast::RecordStmt>(*fragment.stmts[0]))
    return std::nullopt;
  Request request;
  request.record.reset(llvm::cast<ast::RecordStmt>(fragment.stmts[0].release()));
  request.to = session.getInstance()->step;
  if (const ast::Interval &active = request.record->active) {
    auto low = session.steps(sources.getText(active.low->range));
    auto high = session.steps(sources.getText(active.high->range));
    if (!low || !high)
      return std::nullopt;
    request.from = *low;
    request.to = std::min(*high, request.to);
  }
  if (request.to <= request.from)
    return session.fail("nothing has run in that time"), std::nullopt;
  return request;
}

/// `what of of` as one expression.
ast::ExprPtr join(const ast::Expr &what, const ast::ProjectionRef &of) {
  if (!of)
    return ast::clone(what);
  auto joined = std::make_unique<ast::OfExpr>(what.range);
  joined->what = ast::clone(what);
  joined->of.range = of.range;
  joined->of.source = ast::clone(*of.source);
  if (of.target)
    joined->of.target = ast::clone(*of.target);
  return joined;
}

void printAxis(double beginMs, double endMs, size_t columns) {
  std::string left = formatMilliseconds(beginMs), right = formatMilliseconds(endMs);
  llvm::outs() << std::string(labelColumns + 1, ' ') << left
               << padLeft(right, columns > left.size() ? columns - left.size() : 1) << '\n';
}

void printFrame(const std::vector<std::string> &lines, const std::vector<std::string> &labels) {
  for (size_t i = 0; i < lines.size(); ++i)
    llvm::outs() << padLeft(i < labels.size() ? labels[i] : "", labelColumns) << '|' << lines[i]
                 << '\n';
}

bool drawPicture(Session &session, const Picture &picture, StringRef path) {
  Status status = picture.draw(path.str());
  if (!status.ok())
    return session.fail(status.message());
  session.say("drawn to " + path);
  return true;
}

//===----------------------------------------------------------------------===//
// Traces
//===----------------------------------------------------------------------===//

/// The samples of one element within a window.
struct Line {
  std::string name;
  std::string unit;
  std::vector<TraceLog::Sample> samples;
};

void drawLine(const Line &line, const Request &request, double dt) {
  double low = INFINITY, high = -INFINITY;
  for (const TraceLog::Sample &sample : line.samples)
    if (std::isfinite(sample.value)) {
      low = std::min(low, sample.value);
      high = std::max(high, sample.value);
    }
  if (!(low <= high))
    low = high = 0;
  double span = high > low ? high - low : 1;
  Canvas canvas(terminalColumns() - labelColumns - 2, traceRows);
  auto x = [&](int64_t step) {
    return std::lround(double(step - request.from) / double(request.to - request.from) *
                       double(canvas.width() - 1));
  };
  auto y = [&](double value) {
    return std::lround((high - value) / span * double(canvas.height() - 1));
  };
  const TraceLog::Sample *last = nullptr;
  for (const TraceLog::Sample &sample : line.samples) {
    if (std::isfinite(sample.value)) {
      if (last)
        canvas.line(x(last->step), y(last->value), x(sample.step), y(sample.value));
      else
        canvas.dot(x(sample.step), y(sample.value));
      last = &sample;
    } else {
      last = nullptr;
    }
  }
  llvm::outs() << line.name << '\n';
  std::vector<std::string> labels(traceRows);
  labels.front() = formatQuantity(high, line.unit);
  labels.back() = formatQuantity(low, line.unit);
  printFrame(canvas.lines(), labels);
  printAxis(double(request.from) * dt, double(request.to) * dt,
            terminalColumns() - labelColumns - 2);
}

/// The lines of a request; nothing, after a message, where something was not recorded.
std::optional<std::vector<Line>> findLines(Session &session, const Request &request,
                                           Picture *picture) {
  std::vector<Line> lines;
  for (const ast::ExprPtr &what : request.record->values) {
    auto expr = join(*what, request.record->of);
    StringRef text = session.getSources().getText(what->range);
    auto values = session.read(*expr);
    if (!values || values->elements.empty())
      return session.fail("`" + text +
                          "` is no state of cells that could be drawn; expected "
                          "`v of E[0]`, or `E.v[0]`"),
             std::nullopt;
    auto [owner, variable] = StringRef(values->name).rsplit('.');
    TraceSpec spec;
    spec.population = owner.str();
    spec.variable = variable.str();
    spec.unit = values->unit;
    size_t first = lines.size();
    for (uint32_t element : values->elements) {
      const TraceLog *log = session.getRecording()->findTrace(values->name, element);
      std::string cell = owner.str() + "[" + std::to_string(element) + "]";
      if (!log || log->samples.empty()) {
        // Of a whole population those that there are.
        if (lines.size() > first)
          break;
        return session.fail("`" + variable + "` of `" + cell + "` was not recorded; type `record " +
                            variable + " of " + cell + "`, and run on"),
               std::nullopt;
      }
      Line line{variable.str() + " of " + cell, values->unit, {}};
      for (const TraceLog::Sample &sample : log->samples)
        if (sample.step >= request.from && sample.step <= request.to)
          line.samples.push_back(sample);
      lines.push_back(std::move(line));
      spec.elements.push_back(element);
    }
    if (!picture || lines[first].samples.size() < 2)
      continue;
    const auto &samples = lines[first].samples;
    spec.firstStep = uint64_t(samples[0].step);
    spec.everySteps = uint64_t(samples[1].step - samples[0].step);
    size_t rows = samples.size();
    for (size_t i = first; i < lines.size(); ++i)
      rows = std::min(rows, lines[i].samples.size());
    size_t number = picture->addTrace(spec);
    for (size_t row = 0; row < rows; ++row) {
      std::vector<double> values;
      for (size_t i = first; i < lines.size(); ++i)
        values.push_back(lines[i].samples[row].value);
      picture->trace(number, values.data());
    }
  }
  return lines;
}

} // namespace

bool repl::plotTraces(Session &session, StringRef what, StringRef path) {
  auto request = parseRequest(session, what.empty() ? "v of *" : what);
  if (!request)
    return false;
  double dt = session.getRecording()->dt();
  Picture picture(session.getDefinitions().circuit, double(request->from) * dt,
                  double(request->to - request->from) * dt, dt);
  auto lines = findLines(session, *request, path.empty() ? nullptr : &picture);
  if (!lines)
    return false;
  if (!path.empty())
    return drawPicture(session, picture, path);
  for (size_t i = 0; i < std::min(lines->size(), mostPanels); ++i)
    drawLine((*lines)[i], *request, dt);
  if (lines->size() > mostPanels)
    session.say(std::to_string(lines->size() - mostPanels) + " more cells are not shown");
  return true;
}

//===----------------------------------------------------------------------===//
// Rasters
//===----------------------------------------------------------------------===//

/// `E, I from 0 ms to 50 ms` as what a protocol would record.
static std::string spikesOf(StringRef what) {
  size_t at = what.starts_with("from ") ? 0 : what.find(" from ");
  std::string cells = what.take_front(at).trim().str();
  std::string time = at == StringRef::npos ? "" : " " + what.drop_front(at).trim().str();
  if (cells.empty())
    cells = "*";
  else if (cells.find(',') != std::string::npos && cells[0] != '{')
    cells = "{" + cells + "}";
  return "spikes of " + cells + time;
}

bool repl::plotRaster(Session &session, StringRef what, StringRef path) {
  auto request = parseRequest(session, spikesOf(what));
  if (!request)
    return false;
  auto cells = session.resolve(*request->record->of.source);
  if (!cells)
    return false;
  const syn_model &model = session.getInstance()->model;
  Recording &recording = *session.getRecording();
  llvm::erase_if(*cells,
                 [&](const Session::Cells &some) { return !model.domains[some.domain].emits; });
  if (cells->empty())
    return session.fail("none of these cells spike");
  double dt = recording.dt();
  double begin = double(request->from) * dt, end = double(request->to) * dt;
  if (!path.empty()) {
    Picture picture(session.getDefinitions().circuit, begin, end - begin, dt);
    std::vector<std::pair<int64_t, std::pair<size_t, uint32_t>>> spikes;
    for (const Session::Cells &some : *cells) {
      const syn_domain &domain = model.domains[some.domain];
      size_t number = picture.addPopulation(domain.name, uint32_t(domain.size));
      if (const SpikeLog *log = recording.findSpikes(domain.name))
        for (const SpikeLog::Spike &spike : log->spikes)
          if (spike.step > request->from && spike.step <= request->to)
            spikes.push_back({spike.step, {number, spike.element}});
    }
    std::sort(spikes.begin(), spikes.end());
    for (auto &[step, spike] : spikes)
      picture.spikes(spike.first, uint64_t(step), &spike.second, 1);
    return drawPicture(session, picture, path);
  }
  size_t columns = terminalColumns() - labelColumns - 2, total = 0;
  for (const Session::Cells &some : *cells)
    total += some.elements.size();
  for (const Session::Cells &some : *cells) {
    const syn_domain &domain = model.domains[some.domain];
    size_t rows = std::max<size_t>(
        2,
        std::min((some.elements.size() + 3) / 4,
                 size_t(std::lround(double(rasterRows * some.elements.size()) / double(total)))));
    Canvas canvas(columns, rows);
    double first = some.elements.front(), count = double(some.elements.size());
    if (const SpikeLog *log = recording.findSpikes(domain.name))
      for (const SpikeLog::Spike &spike : log->spikes) {
        if (spike.step <= request->from || spike.step > request->to)
          continue;
        double share = (double(spike.element) - first + 0.5) / count;
        if (share < 0 || share >= 1)
          continue;
        double at = (double(spike.step) * dt - begin) / (end - begin);
        canvas.dot(std::lround(at * double(canvas.width() - 1)),
                   long((1 - share) * double(canvas.height())));
      }
    std::vector<std::string> labels(rows);
    labels[0] = domain.name;
    printFrame(canvas.lines(), labels);
  }
  printAxis(begin, end, columns);
  return true;
}

//===----------------------------------------------------------------------===//
// Histograms
//===----------------------------------------------------------------------===//

bool repl::plotHistogram(Session &session, StringRef what, StringRef path) {
  SourceManager &sources = session.getSources();
  FileId file = sources.addBuffer("input", what.str(), session.line);
  DiagnosticEngine diags = session.getMessages().makeEngine();
  auto expr = parseExpression(sources, file, diags);
  if (!expr)
    return false;
  auto values = session.read(*expr);
  if (!values || values->values.empty())
    return session.fail("`" + what +
                        "` has no values; expected `v of E`, `E.v`, or "
                        "`weight of E -> I`");
  if (!path.empty()) {
    Picture picture(session.getDefinitions().circuit, 0, session.nowMs(),
                    session.getRecording()->dt());
    auto [owner, variable] = StringRef(values->name).rsplit('.');
    TraceSpec spec;
    spec.population = owner.str();
    spec.variable = variable.str();
    spec.unit = values->unit;
    for (size_t i = 0; i < values->values.size(); ++i)
      spec.elements.push_back(uint32_t(i));
    picture.distribution(picture.addDistribution(spec), values->values);
    return drawPicture(session, picture, path);
  }
  Moments moments(values->values);
  size_t bins = moments.high > moments.low ? std::min(mostBins, values->values.size()) : 1;
  double width = bins > 1 ? (moments.high - moments.low) / double(bins) : 1;
  std::vector<size_t> counts(bins, 0);
  for (double value : values->values)
    if (std::isfinite(value))
      ++counts[std::min(bins - 1, size_t((value - moments.low) / width))];
  size_t most = *std::max_element(counts.begin(), counts.end());
  llvm::outs() << values->name << ": " << formatCounted(values->values.size(), "value") << ", mean "
               << formatQuantity(moments.mean, values->unit) << ", sd "
               << formatQuantity(moments.sd, values->unit) << '\n';
  for (size_t i = 0; i < bins; ++i)
    llvm::outs() << padLeft(formatQuantity(moments.low + double(i) * width, values->unit),
                            labelColumns)
                 << '|'
                 << bar(double(counts[i]) / double(std::max<size_t>(1, most)),
                        terminalColumns() - labelColumns - 14)
                 << ' ' << formatCount(counts[i]) << '\n';
  return true;
}
