//===- Solve.cpp - one step of a small system of equations (X1) ---===//
#include "targets/reference/Solve.h"

#include <cmath>

using namespace synfire::neuro;
using namespace synfire::reference;

namespace {

using Vector = std::vector<double>;

class Step {
public:
  Step(System &system, double dt)
      : system(system), dt(dt), n(system.states.size()), start(n), next(n) {
    for (size_t i = 0; i < n; ++i)
      start[i] = next[i] = *system.states[i];
  }

  void take() {
    exact();
    rk4();
    for (size_t i = 0; i < n; ++i)
      if (is(i, Method::ExponentialEuler))
        exponentialEuler(i);
      else if (is(i, Method::Implicit))
        implicit(i);
    for (bool second : {false, true}) // states without `after` first
      for (size_t i = 0; i < n; ++i)
        if (is(i, Method::Euler) && system.solvers[i].after.empty() != second)
          euler(i);
    addNoise();
    write(next);
  }

private:
  bool is(size_t i, Method method) const {
    return system.solvers[i].method == method && !system.held[i];
  }
  void write(const Vector &values) {
    for (size_t i = 0; i < n; ++i)
      *system.states[i] = values[i];
  }
  Vector derivative(const Vector &at, double time = 0) {
    write(at);
    Vector result(n);
    system.derivative(result, time);
    return result;
  }

  // x(t + dt) = sum of dt^k / k! x^(k); the derivative of a linear system's derivative is its
  // linear part applied to it.
  void exact() {
    std::vector<size_t> members;
    for (size_t i = 0; i < n; ++i)
      if (is(i, Method::Exact))
        members.push_back(i);
    if (members.empty())
      return;
    Vector at = start, first = derivative(start);
    for (size_t i : members)
      at[i] = 0;
    Vector zero = derivative(at), term(n, 0.0);
    for (size_t i : members)
      term[i] = dt * first[i];
    for (int k = 2; k < 200; ++k) {
      bool counts = false;
      for (size_t i : members) {
        next[i] += term[i];
        at[i] = term[i];
        counts |= std::fabs(term[i]) > 1e-18 * (std::fabs(next[i]) + std::fabs(dt * first[i]));
      }
      if (!counts)
        break;
      Vector applied = derivative(at);
      for (size_t i : members)
        term[i] = dt / k * (applied[i] - zero[i]);
    }
  }

  void rk4() {
    std::vector<size_t> members;
    int substeps = 1;
    for (size_t i = 0; i < n; ++i)
      if (is(i, Method::Rk4)) {
        members.push_back(i);
        substeps = std::max(substeps, system.solvers[i].substeps);
      }
    if (members.empty())
      return;
    double h = dt / substeps;
    Vector at = start;
    for (int s = 0; s < substeps; ++s) {
      Vector base = at;
      auto stage = [&](const Vector *slope, double part) {
        Vector x = base;
        for (size_t i : members) {
          if (slope)
            x[i] += part * h * (*slope)[i];
          if (slope && int(i) == system.walledState && x[i] > system.wall)
            x[i] = system.wall;
        }
        return derivative(x, (s + part) * h);
      };
      Vector k1 = stage(nullptr, 0), k2 = stage(&k1, 0.5), k3 = stage(&k2, 0.5), k4 = stage(&k3, 1);
      for (size_t i : members)
        at[i] = base[i] + h / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
    }
    for (size_t i : members)
      next[i] = at[i];
  }

  // The equation of one state as a x + b, others as in `at`.
  std::pair<double, double> affine(size_t i, Vector at) {
    at[i] = 0;
    double b = derivative(at)[i];
    at[i] = 1;
    return {derivative(at)[i] - b, b};
  }

  void exponentialEuler(size_t i) {
    double h = dt / system.solvers[i].substeps;
    auto [a, b] = affine(i, start);
    for (int s = 0; s < system.solvers[i].substeps; ++s)
      next[i] = next[i] * std::exp(a * h) + (a == 0 ? b * h : b * std::expm1(a * h) / a);
  }

  // Backward Euler of the affine equation with its coefficients at t.
  void implicit(size_t i) {
    double h = dt / system.solvers[i].substeps;
    auto [a, b] = affine(i, start);
    for (int s = 0; s < system.solvers[i].substeps; ++s)
      next[i] = (next[i] + b * h) / (1 - a * h);
  }

  void euler(size_t i) {
    Vector at = start;
    for (int j : system.solvers[i].after)
      at[j] = next[j];
    double h = dt / system.solvers[i].substeps;
    for (int s = 0; s < system.solvers[i].substeps; ++s)
      at[i] += h * derivative(at, s * h)[i];
    next[i] = at[i];
  }

  void addNoise() {
    if (!system.noise || system.noise->empty())
      return;
    Vector quiet = derivative(start);
    for (size_t stream = 0; stream < system.noise->size(); ++stream) {
      (*system.noise)[stream] = 1;
      Vector loud = derivative(start);
      (*system.noise)[stream] = 0;
      for (size_t i = 0; i < n; ++i) {
        double sigma = loud[i] - quiet[i];
        if (sigma == 0 || system.held[i])
          continue;
        double variance = dt;
        if (is(i, Method::Exact))
          if (double a = affine(i, start).first; a != 0)
            variance = std::expm1(2 * a * dt) / (2 * a);
        next[i] += sigma * system.normals[stream] * std::sqrt(variance);
      }
    }
  }

  System &system;
  double dt;
  size_t n;
  Vector start, next;
};

} // namespace

void synfire::reference::advance(System &system, double dt) { Step(system, dt).take(); }
