//===- Stiffness.cpp - whether an explicit step would be unstable (X1) ---===//
#include "passes/neuro/analysis/Stiffness.h"

#include "passes/neuro/analysis/Evaluate.h"
#include "passes/neuro/analysis/Expression.h"

#include <cmath>

using namespace mlir;
using namespace synfire::neuro;

namespace {

//===----------------------------------------------------------------------===//
// Small matrices, row by row
//===----------------------------------------------------------------------===//

struct Matrix {
  explicit Matrix(unsigned n, double diagonal = 0) : n(n), a(size_t(n) * n, 0.0) {
    for (unsigned i = 0; i < n; ++i)
      at(i, i) = diagonal;
  }
  double &at(unsigned i, unsigned j) { return a[size_t(i) * n + j]; }
  double at(unsigned i, unsigned j) const { return a[size_t(i) * n + j]; }
  double norm() const {
    double sum = 0;
    for (double x : a)
      sum += x * x;
    return std::sqrt(sum);
  }
  Matrix scaled(double factor) const {
    Matrix result = *this;
    for (double &x : result.a)
      x *= factor;
    return result;
  }
  Matrix operator*(const Matrix &other) const {
    Matrix result(n);
    for (unsigned i = 0; i < n; ++i)
      for (unsigned k = 0; k < n; ++k)
        for (unsigned j = 0; j < n; ++j)
          result.at(i, j) += at(i, k) * other.at(k, j);
    return result;
  }

  unsigned n;
  std::vector<double> a;
};

/// The Taylor series of e^z up to a term, by Horner's scheme.
Matrix taylor(const Matrix &z, int terms) {
  Matrix result(z.n, 1.0);
  for (int k = terms; k > 0; --k) {
    result = (z * result).scaled(1.0 / k);
    for (unsigned i = 0; i < z.n; ++i)
      result.at(i, i) += 1.0;
  }
  return result;
}

/// lim |M^k|^(1/k), by squaring (Gelfand); the estimate at k = 1024 is within a factor of
/// n^(1/1024).
double spectralRadius(Matrix m) {
  double logarithm = 0, weight = 1;
  for (int i = 0; i < 10; ++i) {
    double norm = m.norm();
    if (norm == 0)
      return 0;
    logarithm += weight * std::log(norm);
    m = m.scaled(1 / norm);
    m = m * m;
    weight /= 2;
  }
  return std::exp(logarithm + weight * std::log(m.norm()));
}

Matrix exponential(const Matrix &z) {
  int halvings = std::max(0, int(std::ceil(std::log2(std::fmax(z.norm(), 1e-300)))) + 1);
  Matrix result = taylor(z.scaled(std::ldexp(1.0, -halvings)), 16);
  for (int i = 0; i < halvings; ++i)
    result = result * result;
  return result;
}

//===----------------------------------------------------------------------===//
// Start values
//===----------------------------------------------------------------------===//

/// Values that a population or projection starts with, as far as they are known.
class StartValues {
public:
  StartValues(Operation *owner, Operation *type) : owner(owner), type(type) {}

  double of(StringRef name) {
    auto [place, isNew] = known.try_emplace(name, std::nan(""));
    if (isNew) { // a value that depends on itself stays unknown
      double value = compute(name);
      known[name] = value;
      return value;
    }
    return place->second;
  }

private:
  double compute(StringRef name) {
    if (InitOp init = findInit(owner, name))
      return evaluate(init.getBody().front());
    if (auto number = owner->getAttrOfType<DictionaryAttr>("set").getAs<FloatAttr>(name))
      return number.getValueAsDouble();
    Operation *declaration = findDeclaration(type, name);
    if (!declaration || isa<InputOp>(declaration))
      return declaration ? 0.0 : std::nan("");
    if (auto number = declaration->getAttrOfType<FloatAttr>("value"))
      return number.getValueAsDouble();
    return declaration->getNumRegions() && !declaration->getRegion(0).empty()
               ? evaluate(declaration->getRegion(0).front())
               : std::nan("");
  }

  double evaluate(Block &body) { return evaluateExpression(yieldedValues(body)[0], leaf()); }

  std::function<double(Value)> leaf() {
    return [this](Value value) {
      Operation *op = value.getDefiningOp();
      if (auto get = dyn_cast_or_null<GetOp>(op))
        return of(variableName(get.getVariable()));
      if (auto draw = dyn_cast_or_null<DrawOp>(op)) {
        double first = evaluateExpression(draw.getArguments()[0], leaf());
        return draw.getDistribution() == Distribution::Uniform
                   ? (first + evaluateExpression(draw.getArguments()[1], leaf())) / 2
                   : first;
      }
      return isa_and_nonnull<IndexOp>(op) ? 0.0 : std::nan("");
    };
  }

  Operation *owner, *type;
  llvm::StringMap<double> known;
};

/// The derivatives of some states as functions of them.
class Linearisation {
public:
  Linearisation(const PopulationSystem &system, ArrayRef<unsigned> states, double dt)
      : system(system), states(states), dt(dt), neuron(system.population, system.neuron) {
    for (const Receptor &receptor : system.receptors)
      receptors.emplace_back(receptor.members.front()->owner(), receptor.synapse);
    for (const SystemState &state : system.states) {
      StringRef name = StateOp(state.declaration).getSymName();
      start.push_back(state.receptor < 0 ? neuron.of(name) : 0.0);
    }
  }

  Matrix jacobian() {
    Matrix result(states.size());
    for (auto [i, row] : llvm::enumerate(states)) {
      Block scratch;
      OpBuilder builder(system.neuron.getContext());
      builder.setInsertionPointToStart(&scratch);
      leaves.clear();
      Value root = system.emitDerivative(builder, system.neuron.getLoc(), row,
                                         [&](const Read &read) { return leaf(scratch, read); });
      for (auto [j, column] : llvm::enumerate(states)) {
        double h = 1e-5 * (std::fabs(start[column]) + 1e-2);
        double above = at(root, column, h), below = at(root, column, -h);
        result.at(i, j) = (above - below) / (2 * h);
      }
    }
    return result;
  }

private:
  double at(Value root, unsigned moved, double by) {
    return evaluateExpression(root, [&](Value value) {
      auto [state, number] = leaves.lookup(value);
      return state < 0 ? number : start[state] + (unsigned(state) == moved ? by : 0.0);
    });
  }

  Value leaf(Block &scratch, const Read &read) {
    Value value =
        scratch.addArgument(Float64Type::get(system.neuron.getContext()), system.neuron.getLoc());
    leaves[value] = {-1, 0.0}; // inputs, noise and the time are 0
    if (read.kind == Read::Kind::Parameter)
      leaves[value].second = neuron.of(read.name);
    else if (read.kind == Read::Kind::ReceptorParameter)
      leaves[value].second = receptors[read.index].of(read.name);
    else if (read.kind == Read::Kind::Timestep)
      leaves[value].second = dt;
    else if (read.kind == Read::Kind::State || read.kind == Read::Kind::ReceptorState) {
      int receptor = read.kind == Read::Kind::State ? -1 : read.index;
      for (auto [j, state] : llvm::enumerate(system.states))
        if (state.receptor == receptor && StateOp(state.declaration).getSymName() == read.name)
          leaves[value].first = int(j);
    }
    return value;
  }

  const PopulationSystem &system;
  ArrayRef<unsigned> states;
  double dt;
  StartValues neuron;
  std::vector<StartValues> receptors;
  std::vector<double> start;
  llvm::DenseMap<Value, std::pair<int, double>> leaves; ///< number of a state, or a value
};

} // namespace

std::optional<double> synfire::neuro::stiffRate(const PopulationSystem &system,
                                                ArrayRef<unsigned> states, double dt) {
  if (states.empty())
    return std::nullopt;
  Matrix jacobian = Linearisation(system, states, dt).jacobian();
  Matrix z = jacobian.scaled(dt);
  if (!std::isfinite(z.norm()))
    return std::nullopt;
  // The margin is that of the estimates: an eigenvalue 0 has the radius 1 on both sides.
  constexpr double margin = 1e-2;
  bool grows = spectralRadius(taylor(z, 4)) > 1 + margin;
  if (!grows || spectralRadius(exponential(z)) > 1 + margin)
    return std::nullopt;
  return spectralRadius(jacobian);
}
