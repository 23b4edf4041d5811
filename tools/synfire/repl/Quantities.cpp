//===- Quantities.cpp - Values as people read them ------------------------===//
#include "tools/synfire/repl/Quantities.h"

#include "runtime/report/Format.h"

#include <cmath>
#include <map>

using namespace synfire;
using namespace synfire::repl;

namespace {

/// A unit and how many units of the base system it is.
struct Scale {
  const char *name;
  double factor;
};

/// What people use instead of a unit of the base system; the first one where it is readable.
const std::map<std::string, std::vector<Scale>> &scalesOf() {
  static const std::map<std::string, std::vector<Scale>> scales = {
      {"ms", {{"ms", 1}, {"us", 1e-3}, {"s", 1e3}, {"min", 6e4}, {"h", 3.6e6}}},
      {"1/ms", {{"Hz", 1e-3}, {"kHz", 1}, {"MHz", 1e3}}},
      {"mV", {{"mV", 1}, {"uV", 1e-3}, {"V", 1e3}}},
      {"pA", {{"pA", 1}, {"fA", 1e-3}, {"nA", 1e3}, {"uA", 1e6}, {"mA", 1e9}}},
      {"nS", {{"nS", 1}, {"pS", 1e-3}, {"uS", 1e3}, {"mS", 1e6}, {"S", 1e9}}},
      {"pF", {{"pF", 1}, {"fF", 1e-3}, {"nF", 1e3}, {"uF", 1e6}}},
      {"Gohm", {{"Mohm", 1e-3}, {"Gohm", 1}, {"kohm", 1e-6}, {"ohm", 1e-9}}},
      {"um", {{"um", 1}, {"nm", 1e-3}, {"mm", 1e3}, {"cm", 1e4}, {"m", 1e6}}},
  };
  return scales;
}

bool isReadable(double number) {
  double size = std::fabs(number);
  return size == 0 || !std::isfinite(number) || (size >= 0.01 && size < 1e4);
}

std::string withUnit(const std::string &number, const std::string &unit) {
  if (unit.empty() || unit == "1")
    return number;
  bool isName = unit.find_first_of("*/^") == std::string::npos;
  return number + (isName ? " " + unit : " [" + unit + "]");
}

std::string shortNumber(double number) { return runtime::formatted("%.6g", number); }

} // namespace

std::string repl::formatQuantity(double number, const std::string &unit) {
  auto known = scalesOf().find(unit);
  if (known == scalesOf().end())
    return withUnit(shortNumber(number), unit);
  for (const Scale &scale : known->second)
    if (isReadable(number / scale.factor))
      return withUnit(shortNumber(number / scale.factor), scale.name);
  const Scale &first = known->second.front();
  return withUnit(shortNumber(number / first.factor), first.name);
}

std::string repl::exactQuantity(double number, const std::string &unit) {
  std::string size = runtime::formatted("%.17g", std::fabs(number));
  if (std::isinf(number))
    size = "inf";
  bool isNumber = unit.empty() || unit == "1";
  std::string text = isNumber             ? size
                     : std::isinf(number) ? "inf * 1 [" + unit + "]"
                                          : size + " [" + unit + "]";
  return std::signbit(number) ? "-(" + text + ")" : text;
}

std::string repl::formatValue(const sema::Value &value) {
  using Kind = sema::Value::Kind;
  switch (value.kind) {
  case Kind::Number:
    return formatQuantity(value.number, value.dimension.str());
  case Kind::Bool:
    return value.number != 0 ? "true" : "false";
  case Kind::String:
    return "\"" + value.text + "\"";
  case Kind::List: {
    std::string text = "[";
    for (size_t i = 0; i < value.items.size() && i < 20; ++i)
      text += (i ? ", " : "") + formatValue(value.items[i]);
    return text + (value.items.size() > 20 ? ", ...]" : "]");
  }
  default:
    return sema::describe(value.kind);
  }
}
