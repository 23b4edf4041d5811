//===- Node.cpp - Resolved expressions ------------------------------------===//

#include "frontend/sema/Node.h"

#include <cmath>

using namespace synfire;
using namespace synfire::sema;

NodePtr sema::makeConstant(double value, SourceRange range) {
  auto node = std::make_shared<Node>();
  node->number = value;
  node->range = range;
  return node;
}

NodePtr sema::makeBool(bool value, SourceRange range) {
  return makeNode(value ? NodeOp::True : NodeOp::False, range);
}

NodePtr sema::makeNode(NodeOp op, SourceRange range, std::vector<NodePtr> args) {
  auto node = std::make_shared<Node>();
  node->op = op;
  node->range = range;
  node->args = std::move(args);
  return node;
}

NodePtr sema::makeGet(Side side, std::string name, SourceRange range, std::string scope) {
  auto node = std::make_shared<Node>();
  node->op = NodeOp::Get;
  node->side = side;
  node->name = std::move(name);
  node->scope = std::move(scope);
  node->range = range;
  return node;
}

static double call(Function function, const std::vector<double> &a) {
  switch (function) {
  case Function::Exp:
    return std::exp(a[0]);
  case Function::Log:
    return std::log(a[0]);
  case Function::Log10:
    return std::log10(a[0]);
  case Function::Sqrt:
    return std::sqrt(a[0]);
  case Function::Abs:
    return std::fabs(a[0]);
  case Function::Min:
    return std::fmin(a[0], a[1]);
  case Function::Max:
    return std::fmax(a[0], a[1]);
  case Function::Floor:
    return std::floor(a[0]);
  case Function::Ceil:
    return std::ceil(a[0]);
  case Function::Round:
    return std::round(a[0]);
  case Function::Sin:
    return std::sin(a[0]);
  case Function::Cos:
    return std::cos(a[0]);
  case Function::Tan:
    return std::tan(a[0]);
  case Function::Tanh:
    return std::tanh(a[0]);
  }
  return 0;
}

/// A power; integer exponents by multiplication, as the compiled model does.
static double power(double base, double exponent) {
  if (exponent != std::floor(exponent) || std::fabs(exponent) > 64)
    return std::pow(base, exponent);
  double result = 1;
  for (int i = 0, e = int(std::fabs(exponent)); i != e; ++i)
    result *= base;
  return exponent < 0 ? 1 / result : result;
}

std::optional<double> sema::evaluate(const Node &node, LeafValues leaves) {
  switch (node.op) {
  case NodeOp::Constant:
    return node.number;
  case NodeOp::True:
    return 1;
  case NodeOp::False:
    return 0;
  case NodeOp::Get:
  case NodeOp::Time:
  case NodeOp::Step:
  case NodeOp::Index:
  case NodeOp::Distance:
  case NodeOp::Column:
  case NodeOp::Frame:
  case NodeOp::Noise:
  case NodeOp::Draw:
  case NodeOp::Count:
  case NodeOp::Within:
    return leaves(node);
  default:
    break;
  }
  std::vector<double> a;
  for (const NodePtr &arg : node.args) {
    std::optional<double> value = evaluate(*arg, leaves);
    if (!value)
      return std::nullopt;
    a.push_back(*value);
  }
  switch (node.op) {
  case NodeOp::Negate:
    return -a[0];
  case NodeOp::Not:
    return !a[0];
  case NodeOp::Add:
    return a[0] + a[1];
  case NodeOp::Subtract:
    return a[0] - a[1];
  case NodeOp::Multiply:
    return a[0] * a[1];
  case NodeOp::Divide:
    return a[0] / a[1];
  case NodeOp::Power:
    return power(a[0], a[1]);
  case NodeOp::Equal:
    return a[0] == a[1];
  case NodeOp::NotEqual:
    return a[0] != a[1];
  case NodeOp::Less:
    return a[0] < a[1];
  case NodeOp::LessEqual:
    return a[0] <= a[1];
  case NodeOp::Greater:
    return a[0] > a[1];
  case NodeOp::GreaterEqual:
    return a[0] >= a[1];
  case NodeOp::And:
    return a[0] && a[1];
  case NodeOp::Or:
    return a[0] || a[1];
  case NodeOp::Select:
    return a[0] ? a[1] : a[2];
  case NodeOp::Call:
    return call(node.function, a);
  default:
    return std::nullopt;
  }
}

std::optional<double> sema::evaluate(const Node &node) {
  return evaluate(node, [](const Node &) -> std::optional<double> { return {}; });
}

const Node *sema::findNode(const Node &root, llvm::function_ref<bool(const Node &)> predicate) {
  if (predicate(root))
    return &root;
  for (const NodePtr &arg : root.args)
    if (const Node *found = findNode(*arg, predicate))
      return found;
  return nullptr;
}
