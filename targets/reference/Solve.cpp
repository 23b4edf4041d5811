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
    implicit();
    for (size_t i = 0; i < n; ++i)
      if (is(i, Method::ExponentialEuler))
        exponentialEuler(i);
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
  // The states of a method that advances them together, in the most substeps that one asks for.
  std::pair<std::vector<size_t>, int> of(Method method) const {
    std::pair<std::vector<size_t>, int> result{{}, 1};
    for (size_t i = 0; i < n; ++i)
      if (is(i, method)) {
        result.first.push_back(i);
        result.second = std::max(result.second, system.solvers[i].substeps);
      }
    return result;
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
    std::vector<size_t> members = of(Method::Exact).first;
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
    auto [members, substeps] = of(Method::Rk4);
    if (members.empty())
      return;
    double h = dt / substeps;
    Vector at = start;
    for (int s = 0; s < substeps; ++s) {
      Vector base = at;
      auto stage = [&, &members = members](const Vector *slope, double part) {
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

  // By central differences of fourth order, a state moved by 1e-6 of its value and of its change.
  std::vector<Vector> jacobian(const std::vector<size_t> &members, const Vector &at, double time,
                               double h) {
    std::vector<Vector> result(members.size(), Vector(members.size()));
    Vector f = derivative(at, time);
    for (size_t c = 0; c < members.size(); ++c) {
      size_t j = members[c];
      double d = 1e-6 * (std::fabs(at[j]) + std::fabs(h * f[j]));
      d = d > 0 ? d : 1e-8;
      for (auto [k, weight] : {std::pair(1, 8.0), {-1, -8.0}, {2, -1.0}, {-2, 1.0}}) {
        Vector moved = at;
        moved[j] += k * d;
        Vector slopes = derivative(moved, time);
        for (size_t r = 0; r < members.size(); ++r)
          result[r][c] += weight * slopes[members[r]] / (12 * d);
      }
    }
    return result;
  }

  // M x = b, by elimination without a search for pivots.
  static Vector solve(std::vector<Vector> m, Vector b) {
    size_t size = b.size();
    for (size_t k = 0; k < size; ++k)
      for (size_t i = k + 1; i < size; ++i) {
        double factor = m[i][k] / m[k][k];
        for (size_t j = k; j < size; ++j)
          m[i][j] -= factor * m[k][j];
        b[i] -= factor * b[k];
      }
    for (size_t i = size; i-- > 0;) {
      for (size_t j = i + 1; j < size; ++j)
        b[i] -= m[i][j] * b[j];
      b[i] /= m[i][i];
    }
    return b;
  }

  // ROS2, a Rosenbrock method of order 2, L-stable with g = 1 - 1 / sqrt(2).
  void implicit() {
    auto [members, substeps] = of(Method::Implicit);
    double h = dt / substeps, g = 1 - std::sqrt(0.5);
    Vector at = start;
    for (int s = 0; s < substeps && !members.empty(); ++s) {
      auto m = jacobian(members, at, s * h, h);
      Vector f = derivative(at, s * h), b(members.size()), ahead = at;
      Vector later = derivative(at, (s + 1e-3) * h), sooner = derivative(at, (s - 1e-3) * h);
      auto byTime = [&](size_t i) { return g * (later[i] - sooner[i]) / 2e-3; };
      for (size_t r = 0; r < members.size(); ++r) {
        for (size_t c = 0; c < members.size(); ++c)
          m[r][c] = (r == c) - g * h * m[r][c];
        b[r] = f[members[r]] + byTime(members[r]);
      }
      Vector k1 = solve(m, b);
      for (size_t r = 0; r < members.size(); ++r)
        ahead[members[r]] += h * k1[r];
      f = derivative(ahead, (s + 1) * h);
      for (size_t r = 0; r < members.size(); ++r)
        b[r] = f[members[r]] - 2 * k1[r] - byTime(members[r]);
      Vector k2 = solve(m, b);
      for (size_t r = 0; r < members.size(); ++r)
        at[members[r]] += h * (1.5 * k1[r] + 0.5 * k2[r]);
    }
    for (size_t i : members)
      next[i] = at[i];
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
    if (system.noise.empty())
      return;
    Vector quiet = derivative(start);
    for (size_t stream = 0; stream < system.noise.size(); ++stream) {
      system.noise[stream] = 1;
      Vector loud = derivative(start);
      system.noise[stream] = 0;
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
