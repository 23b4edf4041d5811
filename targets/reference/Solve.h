//===- Solve.h - one step of a small system of equations (X1) ---===//
#ifndef SYNFIRE_TARGETS_REFERENCE_SOLVE_H
#define SYNFIRE_TARGETS_REFERENCE_SOLVE_H

#include "dialects/neuro/Neuro.h"

#include <functional>
#include <vector>

namespace synfire::reference {

/// The solver of one state.
struct StateSolver {
  neuro::Method method = neuro::Method::Exact;
  int substeps = 1;
  std::vector<int> after; ///< states whose new values are read
};

/// A system that lives where its variables live: derivatives are evaluated in place.
struct System {
  std::vector<double *> states;
  std::vector<StateSolver> solvers;
  std::vector<char> held; ///< no integration, no noise (N5)
  /// Derivatives of all states from the present contents of `states`; `time` counts from t, in ms.
  std::function<void(std::vector<double> &derivatives, double time)> derivative;
  /// By stream: its standard normal number, and the noise that the derivative reads.
  std::vector<double> normals, noise;
  /// The upper wall of a state in stages of rk4, by its number; -1 for none.
  int walledState = -1;
  double wall = 0;
};

/// Advances all states from t to t + dt. States of another solver are held at their value at t.
///
/// - exact: the Taylor series of the flow, which ends where its terms no longer count. For a linear
///   system it is the propagator up to rounding (relative error about 1e-15 for rates |a| dt < 5).
/// - exponential Euler: x e^(a dt) + b (e^(a dt) - 1) / a, a and b from the equation at x = 0
/// and 1.
/// - implicit: all its states together, by the Rosenbrock method ROS2 with the Jacobian at t.
/// - rk4: all its states together; stages of the walled state do not pass the wall.
/// - euler: in substeps, the states of `after` at their new values.
/// - noise: sigma z sqrt(dt) at t; of exact states sigma z sqrt((e^(2 a dt) - 1) / (2 a)), a the
///   state's own coefficient (N6).
void advance(System &system, double dt);

} // namespace synfire::reference

#endif // SYNFIRE_TARGETS_REFERENCE_SOLVE_H
