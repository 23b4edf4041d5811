//===- ExprCalls.cpp - Functions, noise and draws in expressions ----------===//

#include "frontend/sema/ExprBuilder.h"
#include "frontend/sema/FunctionScope.h"
#include "frontend/sema/Program.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace synfire;
using namespace synfire::sema;
using llvm::StringRef;

static std::optional<Function> getBuiltin(StringRef name) {
  return llvm::StringSwitch<std::optional<Function>>(name)
      .Case("exp", Function::Exp)
      .Case("log", Function::Log)
      .Case("log10", Function::Log10)
      .Case("sqrt", Function::Sqrt)
      .Case("abs", Function::Abs)
      .Case("min", Function::Min)
      .Case("max", Function::Max)
      .Case("floor", Function::Floor)
      .Case("ceil", Function::Ceil)
      .Case("round", Function::Round)
      .Case("sin", Function::Sin)
      .Case("cos", Function::Cos)
      .Case("tan", Function::Tan)
      .Case("tanh", Function::Tanh)
      .Default(std::nullopt);
}

static const char *const builtinNames[] = {"exp", "log",   "log10", "sqrt",  "abs", "min",
                                           "max", "floor", "ceil",  "round", "sin", "cos",
                                           "tan", "tanh",  "noise", "size"};

Typed ExprBuilder::buildCall(const ast::CallExpr &expr) {
  StringRef name = expr.callee.text;
  if (const ast::FunctionDecl *local = scope.lookupFunction(name))
    return inlineFunction(expr, *local, *scope.getUnit());
  if (auto found = program.findFunction(scope.getUnit(), name))
    return inlineFunction(expr, *found->first, *found->second);
  if (auto builtin = getBuiltin(name))
    return buildBuiltin(expr, *builtin);
  if (name == "noise")
    return buildNoise(expr);
  if (auto result = scope.lookupCall(expr, *this))
    return *result;
  if (isDistribution(name)) {
    diags.report(diag::err_distribution_in_expression, expr.range) << name;
    return Typed::error(expr.range);
  }
  std::vector<std::string> names(std::begin(builtinNames), std::end(builtinNames));
  program.addFunctionNames(scope.getUnit(), names);
  program.reportUnknown(diag::err_unknown_function, name, expr.callee.range, names);
  return Typed::error(expr.range);
}

Typed ExprBuilder::buildBuiltin(const ast::CallExpr &expr, Function function) {
  bool two = function == Function::Min || function == Function::Max;
  if (expr.args.size() != (two ? 2 : 1)) {
    diags.report(diag::err_argument_count, expr.range)
        << expr.callee.text << int64_t(two ? 2 : 1) << int64_t(expr.args.size());
    return Typed::error(expr.range);
  }
  std::vector<Typed> args;
  std::vector<NodePtr> nodes;
  for (const ast::Argument &arg : expr.args) {
    args.push_back(buildNumber(*arg.value));
    if (args.back().isError())
      return Typed::error(expr.range);
    nodes.push_back(args.back().node);
  }
  DimExpr dim;
  switch (function) {
  case Function::Min:
  case Function::Max:
    if (!unify(args[0], args[1], "compare", args[1].range))
      return Typed::error(expr.range);
    dim = args[0].dim;
    break;
  case Function::Abs:
    dim = args[0].dim;
    break;
  case Function::Sqrt:
    dim = args[0].dim.pow(Rational(1, 2));
    break;
  default:
    if (!require(args[0], Dimension(), "the argument of `" + expr.callee.text + "`"))
      return Typed::error(expr.range);
  }
  auto node = std::make_shared<Node>();
  node->op = NodeOp::Call;
  node->function = function;
  node->args = std::move(nodes);
  node->range = expr.range;
  return Typed::number(node, dim, expr.range);
}

Typed ExprBuilder::buildNoise(const ast::CallExpr &expr) {
  if (!permissions.noise)
    return notAllowed("`noise()`", expr.range);
  if (!expr.args.empty()) {
    diags.report(diag::err_argument_count, expr.range)
        << "noise" << int64_t(0) << int64_t(expr.args.size());
    return Typed::error(expr.range);
  }
  auto node = std::make_shared<Node>();
  node->op = NodeOp::Noise;
  node->name = streamPrefix + "." + std::to_string(numStreams++);
  node->range = expr.range;
  // White noise of unit intensity: 1/sqrt(time) (N6).
  return Typed::number(node, Dimension::time().pow(Rational(-1, 2)), expr.range);
}

Typed ExprBuilder::inlineFunction(const ast::CallExpr &expr, const ast::FunctionDecl &function,
                                  SourceUnit &unit) {
  if (llvm::is_contained(inlining, &function)) {
    diags.report(diag::err_recursive_function, expr.range) << function.name.text;
    return Typed::error(expr.range);
  }
  bool isLocal = scope.lookupFunction(function.name.text) == &function;
  FunctionScope inner(program, unit, isLocal ? &scope : nullptr);
  ExprBuilder body(program, inner, solver, permissions);
  body.streamPrefix = streamPrefix;
  body.numStreams = numStreams;
  body.inlining = inlining;
  body.inlining.push_back(&function);

  std::vector<const ast::Expr *> values(function.params.size());
  bool good = bindArguments(program, expr, function.params, values);
  for (size_t i = 0; i != values.size(); ++i) {
    const ast::Param &param = function.params[i];
    if (!values[i] && !param.value)
      continue; // Reported by bindArguments.
    Typed value = values[i] ? buildNumber(*values[i]) : body.buildNumber(*param.value);
    if (param.dimension && !value.isError())
      if (auto dim = body.annotation(*param.dimension))
        if (!require(value, *dim,
                     "parameter `" + param.name.text + "` of `" + function.name.text + "`"))
          good = false;
    inner.bind(param.name.text, value);
  }
  if (!good || !function.body)
    return Typed::error(expr.range);
  Typed result = body.buildNumber(*function.body);
  numStreams = body.numStreams;
  if (function.result && !result.isError())
    if (auto dim = body.annotation(*function.result))
      if (!body.require(result, *dim, "the result of `" + function.name.text + "`"))
        return Typed::error(expr.range);
  result.range = expr.range;
  return result;
}

//===----------------------------------------------------------------------===//
// Draws
//===----------------------------------------------------------------------===//

namespace {
struct DistributionInfo {
  const char *name;
  const char *first;
  /// Null for one argument.
  const char *second;
  /// Whether the second argument is a pure number.
  bool relative;
};
} // namespace

static const DistributionInfo distributions[] = {{"normal", "mean", "sd", false},
                                                 {"lognormal", "mean", "cv", true},
                                                 {"uniform", "low", "high", false},
                                                 {"exponential", "mean", nullptr, false},
                                                 {"gamma", "mean", "cv", true}};

bool sema::isDistribution(StringRef name) {
  return llvm::any_of(distributions, [&](auto &d) { return name == d.name; });
}

Typed ExprBuilder::buildDraw(const ast::DrawExpr &expr, const DimExpr &dim) {
  if (!expr.distribution)
    return Typed::error(expr.range);
  const ast::CallExpr &call = *expr.distribution;
  if (!permissions.draw)
    return notAllowed("a draw", expr.range);
  const DistributionInfo *info = llvm::find_if(
      distributions, [&](const DistributionInfo &d) { return call.callee.text == d.name; });
  if (info == std::end(distributions)) {
    std::vector<std::string> names;
    for (const DistributionInfo &d : distributions)
      names.push_back(d.name);
    program.reportUnknown(diag::err_unknown_distribution, call.callee.text, call.callee.range,
                          names);
    return Typed::error(expr.range);
  }
  std::vector<std::string> names = {info->first};
  if (info->second)
    names.push_back(info->second);
  std::vector<const ast::Expr *> values(names.size());
  if (!bindArguments(program, call, names, values))
    return Typed::error(expr.range);

  auto node = std::make_shared<Node>();
  node->op = NodeOp::Draw;
  node->name = info->name;
  node->range = expr.range;
  bool good = true;
  auto add = [&](const ast::Expr &value, DimExpr wanted, const std::string &what) {
    Typed arg = buildNumber(value, wanted, what);
    good &= !arg.isError();
    node->args.push_back(arg.node);
  };
  for (size_t i = 0; i != values.size(); ++i)
    add(*values[i], i == 1 && info->relative ? DimExpr() : dim,
        "`" + names[i] + "` of `" + info->name + "`");
  if (expr.limit != ast::DrawExpr::Limit::None && expr.low && expr.high) {
    node->limit = expr.limit == ast::DrawExpr::Limit::Redraw ? DrawLimit::Redraw : DrawLimit::Clip;
    add(*expr.low, dim, "the lower limit");
    add(*expr.high, dim, "the upper limit");
  }
  if (!good)
    return Typed::error(expr.range);
  checkDraw(*node, names, diags);
  return Typed::number(node, dim, expr.range);
}
