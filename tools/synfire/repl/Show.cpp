//===- Show.cpp - Populations, values, definitions ------------------------===//
#include "tools/synfire/repl/Show.h"

#include "runtime/report/Format.h"
#include "tools/synfire/repl/Quantities.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Casting.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <cmath>
#include <cstring>

using namespace synfire;
using namespace synfire::repl;
using namespace synfire::runtime;
using llvm::StringRef;

/// So many values are shown one by one.
static constexpr size_t mostValues = 12;

Moments::Moments(const std::vector<double> &values) {
  if (values.empty())
    return;
  low = high = values[0];
  for (double value : values) {
    mean += value / double(values.size());
    low = std::min(low, value);
    high = std::max(high, value);
  }
  for (double value : values)
    sd += (value - mean) * (value - mean) / double(values.size());
  sd = std::sqrt(sd);
}

static std::string summary(const std::vector<double> &values, const std::string &unit) {
  Moments moments(values);
  if (moments.low == moments.high)
    return formatQuantity(moments.mean, unit);
  return "mean " + formatQuantity(moments.mean, unit) + ", sd " + formatQuantity(moments.sd, unit) +
         ", from " + formatQuantity(moments.low, unit) + " to " +
         formatQuantity(moments.high, unit);
}

void repl::showValues(const LiveValues &values) {
  llvm::raw_ostream &os = llvm::outs();
  if (values.values.size() == 1) {
    os << formatQuantity(values.values[0], values.unit) << '\n';
    return;
  }
  Moments moments(values.values);
  bool areEqual = moments.low == moments.high;
  if (values.values.size() > mostValues || areEqual || values.ofConnections) {
    os << formatCounted(values.values.size(), values.ofConnections ? "connection" : "cell") << ": "
       << summary(values.values, values.unit) << '\n';
    return;
  }
  for (size_t i = 0; i < values.values.size(); ++i)
    os << padLeft("[" + std::to_string(values.elements[i]) + "]", 6) << "  "
       << formatQuantity(values.values[i], values.unit) << '\n';
}

//===----------------------------------------------------------------------===//
// Populations and projections
//===----------------------------------------------------------------------===//

namespace {

bool isShown(const syn_domain &domain) { return !domain.hidden; }

std::string spikesText(Session &session, const syn_domain &domain) {
  if (!domain.emits)
    return "no spikes";
  Recording &recording = *session.getRecording();
  const SpikeLog *log = recording.findSpikes(domain.name);
  int64_t from = recording.firstStep(log), to = session.getInstance()->step;
  double cv = cvOf(log, domain.size, from, to);
  uint64_t count = log ? log->count : 0;
  // A single one is padded, so that columns stay below each other.
  return padLeft(formatCount(count), 8) + (count == 1 ? " spike   " : " spikes  ") +
         padLeft(formatNumber(rateOf(log, domain.size, from, to, recording.dt()), 3), 6) + " Hz" +
         (cv > 0 ? "  CV " + formatNumber(cv, 2) : "");
}

void showPopulation(Session &session, uint32_t d) {
  Instance &instance = *session.getInstance();
  const syn_domain &domain = instance.model.domains[d];
  llvm::raw_ostream &os = llvm::outs();
  os << domain.name << ": " << formatCounted(domain.size, "cell") << " at "
     << formatMilliseconds(session.nowMs())
     << (session.getSilenced().count(domain.name) ? ", silenced" : "") << '\n';
  std::string prefix = std::string(domain.name) + ".";
  for (uint32_t kind : {SYN_STATE, SYN_PARAMETER})
    for (uint32_t a = 0; a < instance.model.n_arrays; ++a) {
      const syn_array &array = instance.model.arrays[a];
      StringRef name = array.name;
      if (array.kind != kind || !name.consume_front(prefix) || array.hidden || name.contains('.') ||
          array.connections != SYN_NONE || array.past_of != SYN_NONE)
        continue;
      std::vector<double> values;
      for (uint64_t i = 0; i < (array.uniform ? 1 : domain.size); ++i)
        values.push_back(instance.value(a, i));
      os << (kind == SYN_STATE ? "  state      " : "  parameter  ") << padRight(name.str(), 10)
         << ' ' << summary(values, array.unit ? array.unit : "") << '\n';
    }
  os << "  " << StringRef(spikesText(session, domain)).ltrim() << '\n';
  if (domain.emits)
    if (const SpikeLog *log = session.getRecording()->findSpikes(domain.name))
      os << "  hash of all spikes " << formatted("%016llx", (unsigned long long)log->hash) << '\n';
}

} // namespace

void repl::showPopulations(Session &session) {
  const syn_model &model = session.getInstance()->model;
  size_t width = 4;
  for (uint32_t d = 0; d < model.n_domains; ++d)
    if (isShown(model.domains[d]))
      width = std::max(width, displayWidth(model.domains[d].name));
  for (uint32_t d = 0; d < model.n_domains; ++d)
    if (const syn_domain &domain = model.domains[d]; isShown(domain))
      llvm::outs() << "  " << padRight(domain.name, width) << "  "
                   << padLeft(formatCount(domain.size), 7)
                   << (domain.size == 1 ? " cell   " : " cells  ") << spikesText(session, domain)
                   << '\n';
}

static void showProjections(Session &session) {
  Instance &instance = *session.getInstance();
  for (uint32_t c = 0; c < instance.model.n_connections; ++c) {
    const syn_connections &connections = instance.model.connections[c];
    if (!isShown(instance.model.domains[connections.source]))
      continue;
    llvm::outs() << "  " << connections.name << "  "
                 << formatCounted(instance.connections[c].rows.connections, "connection") << '\n';
  }
}

static bool showAll(Session &session) {
  if (!session.getDefinitions().hasPopulations()) {
    for (const auto &definition : session.getDefinitions().getAll())
      llvm::outs() << definition->text << '\n';
    return true;
  }
  if (!session.start())
    return false;
  llvm::outs() << session.getDefinitions().circuit << " at " << formatMilliseconds(session.nowMs())
               << '\n';
  showPopulations(session);
  showProjections(session);
  return true;
}

//===----------------------------------------------------------------------===//
// By name
//===----------------------------------------------------------------------===//

static const syn_domain *findDomain(Session &session, StringRef name, uint32_t *number) {
  if (!session.getInstance())
    return nullptr;
  const syn_model &model = session.getInstance()->model;
  for (uint32_t d = 0; d < model.n_domains; ++d)
    if (name == model.domains[d].name) {
      *number = d;
      return &model.domains[d];
    }
  return nullptr;
}

bool repl::showDefinition(Session &session, StringRef name) {
  bool isPopulation = false, isFound = false;
  for (const auto &definition : session.getDefinitions().getAll()) {
    if (!llvm::is_contained(definition->keys, name))
      continue;
    if (definition->kind == ast::Stmt::Kind::Population) {
      isPopulation = true;
      continue;
    }
    if (definition->kind == ast::Stmt::Kind::Parameter || definition->kind == ast::Stmt::Kind::Let)
      return false; // its value says more
    llvm::outs() << definition->text << '\n';
    isFound = true;
  }
  uint32_t number = 0;
  if (isPopulation && session.start() && findDomain(session, name, &number)) {
    showPopulation(session, number);
    return true;
  }
  return isFound;
}

bool repl::show(Session &session, StringRef what) {
  what = what.trim();
  if (what.empty())
    return showAll(session);
  if (session.getDefinitions().hasPopulations() && !session.start())
    return false;
  uint32_t number = 0;
  if (findDomain(session, what, &number)) {
    showPopulation(session, number);
    return true;
  }
  if (showDefinition(session, what))
    return true;
  return session.enter(what, session.line);
}

bool repl::namesWhatRuns(Session &session, const ast::Expr &expr) {
  switch (expr.getKind()) {
  case ast::Expr::Kind::Field:
  case ast::Expr::Kind::Index:
  case ast::Expr::Kind::Of:
    return true;
  case ast::Expr::Kind::Call: {
    auto &call = llvm::cast<ast::CallExpr>(expr);
    return llvm::is_contained({"rate", "cv", "count", "mean", "sd"}, call.callee.text) ||
           llvm::any_of(call.args, [&](const ast::Argument &argument) {
             return argument.value && namesWhatRuns(session, *argument.value);
           });
  }
  case ast::Expr::Kind::Unary:
    return namesWhatRuns(session, *llvm::cast<ast::UnaryExpr>(expr).operand);
  case ast::Expr::Kind::Binary: {
    auto &binary = llvm::cast<ast::BinaryExpr>(expr);
    return namesWhatRuns(session, *binary.lhs) || namesWhatRuns(session, *binary.rhs);
  }
  case ast::Expr::Kind::Compare: {
    auto &compare = llvm::cast<ast::CompareExpr>(expr);
    return namesWhatRuns(session, *compare.lhs) || namesWhatRuns(session, *compare.rhs);
  }
  default:
    return false;
  }
}
