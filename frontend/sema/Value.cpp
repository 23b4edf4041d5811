//===- Value.cpp - Values known at compile time ---------------------------===//

#include "frontend/sema/Value.h"

#include "frontend/diagnostics/DiagnosticEngine.h"

#include <cmath>

using namespace synfire;
using namespace synfire::sema;

Value Value::makeNumber(double number, Dimension dimension, SourceRange range) {
  Value value;
  value.kind = Kind::Number;
  value.number = number;
  value.dimension = dimension;
  value.range = range;
  return value;
}

Value Value::makeString(std::string text, SourceRange range) {
  Value value;
  value.kind = Kind::String;
  value.text = std::move(text);
  value.range = range;
  return value;
}

std::string Value::str() const {
  if (kind == Kind::Number) {
    if (number == std::floor(number) && std::fabs(number) < 1e15)
      return std::to_string(int64_t(number));
    char buffer[32];
    snprintf(buffer, sizeof buffer, "%g", number);
    return buffer;
  }
  return text;
}

const char *sema::describe(Value::Kind kind) {
  switch (kind) {
  case Value::Kind::Error:
    return "an error";
  case Value::Kind::Number:
    return "a number";
  case Value::Kind::Bool:
    return "a condition";
  case Value::Kind::String:
    return "a string";
  case Value::Kind::List:
    return "a list";
  case Value::Kind::Populations:
    return "a population";
  case Value::Kind::Family:
    return "a family of populations";
  case Value::Kind::Part:
    return "a part";
  case Value::Kind::Frames:
    return "frames";
  case Value::Kind::Projection:
    return "a projection";
  }
  return "a value";
}

const Value *Environment::find(llvm::StringRef name, DiagnosticEngine &diags) {
  for (Environment *env = this; env; env = env->outer.get()) {
    std::string key = name.str();
    if (auto it = env->values.find(key); it != env->values.end())
      return &it->second;
    if (env->evaluating.count(key)) {
      diags.report(diag::err_value_cycle, env->places[key]) << name;
      return &(env->values[key] = Value());
    }
    auto waiting = env->pending.find(key);
    if (waiting == env->pending.end())
      continue;
    std::function<void()> run = std::move(waiting->second);
    env->pending.erase(waiting);
    env->evaluating.insert(key);
    run();
    env->evaluating.erase(key);
    return &env->values[key];
  }
  return nullptr;
}
