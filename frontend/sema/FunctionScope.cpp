//===- FunctionScope.cpp - Calls and their arguments ----------------------===//

#include "frontend/sema/FunctionScope.h"

#include "frontend/sema/Program.h"

#include "llvm/ADT/STLExtras.h"

using namespace synfire;
using namespace synfire::sema;
using llvm::ArrayRef;
using llvm::StringRef;

std::optional<Typed> FunctionScope::lookupName(StringRef name, SourceRange range) {
  for (auto &[known, value] : values)
    if (name == known)
      return value;
  if (outer)
    return outer->lookupName(name, range);
  return program.lookupFileValue(&unit, name, range);
}

const ast::FunctionDecl *FunctionScope::lookupFunction(StringRef name) {
  return outer ? outer->lookupFunction(name) : nullptr;
}

void FunctionScope::addNames(std::vector<std::string> &names) const {
  for (auto &value : values)
    names.push_back(value.first);
  if (outer)
    outer->addNames(names);
  else
    program.addValueNames(&unit, names);
}

bool sema::bindArguments(Program &program, StringRef callee, SourceRange range,
                         ArrayRef<ast::Argument> args, ArrayRef<std::string> names,
                         ArrayRef<bool> optional, std::vector<const ast::Expr *> &values) {
  DiagnosticEngine &diags = program.getDiags();
  bool good = true;
  size_t next = 0;
  values.assign(names.size(), nullptr);
  for (const ast::Argument &arg : args) {
    if (!arg.value) {
      good = false;
      continue;
    }
    size_t slot = next;
    if (arg.name) {
      slot = llvm::find(names, arg.name.text) - names.begin();
      if (slot == names.size()) {
        program.reportUnknown(diag::err_unknown_argument, arg.name.text, arg.name.range,
                              names.vec(), callee);
        good = false;
        continue;
      }
    } else if (next++ >= names.size()) {
      diags.report(diag::err_argument_count, arg.value->range)
          << callee << int64_t(names.size()) << int64_t(args.size());
      return false;
    }
    if (values[slot]) {
      diags.report(diag::err_argument_twice, arg.value->range) << names[slot];
      good = false;
    }
    values[slot] = arg.value.get();
  }
  for (size_t i = 0; i != names.size(); ++i)
    if (!values[i] && !(i < optional.size() && optional[i])) {
      diags.report(diag::err_argument_missing, range) << names[i] << callee;
      good = false;
    }
  return good;
}

bool sema::bindArguments(Program &program, const ast::CallExpr &call, ArrayRef<std::string> names,
                         std::vector<const ast::Expr *> &values) {
  return bindArguments(program, call.callee.text, call.range, call.args, names, {}, values);
}

bool sema::bindArguments(Program &program, const ast::CallExpr &call, ArrayRef<ast::Param> params,
                         std::vector<const ast::Expr *> &values) {
  std::vector<std::string> names;
  llvm::SmallVector<bool> optional;
  for (const ast::Param &param : params) {
    names.push_back(param.name.text);
    optional.push_back(param.value != nullptr);
  }
  return bindArguments(program, call.callee.text, call.range, call.args, names, optional, values);
}

void sema::checkDraw(const Node &draw, ArrayRef<std::string> names, DiagnosticEngine &diags) {
  auto value = [&](size_t i) -> std::optional<double> {
    return i < draw.args.size() ? evaluate(*draw.args[i]) : std::nullopt;
  };
  auto first = value(0), second = names.size() > 1 ? value(1) : std::nullopt;
  if (draw.name == "uniform") {
    if (first && second && *first > *second)
      diags.report(diag::err_empty_interval, draw.range);
  } else if (second && *second < 0) {
    diags.report(diag::err_negative_spread, draw.args[1]->range) << names[1];
  }
  if ((draw.name == "lognormal" || draw.name == "gamma" || draw.name == "exponential") && first &&
      *first <= 0)
    diags.report(diag::err_mean_not_positive, draw.args[0]->range) << draw.name;
  if (draw.limit != DrawLimit::None) {
    auto low = value(draw.args.size() - 2), high = value(draw.args.size() - 1);
    if (low && high && *low > *high)
      diags.report(diag::err_empty_interval, draw.range);
  }
}
