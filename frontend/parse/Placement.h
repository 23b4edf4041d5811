//===- Placement.h - Which statement may stand where ------------*- C++ -*-===//
//
// The grammar reads any statement in any block, so that a misplaced one gets a
// message that says where it belongs.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_PARSE_PLACEMENT_H
#define SYNFIRE_FRONTEND_PARSE_PLACEMENT_H

#include "frontend/ast/Stmt.h"

namespace synfire {
class DiagnosticEngine;

namespace parse {

/// The kinds of block.
enum class Place : unsigned {
  File,
  Neuron,
  Compartment,
  Synapse,
  Plasticity,
  Prior,
  Circuit,
  Experiment,
  /// The block of `simulate`.
  Protocol,
  /// `at`, `every`, `repeat` in a protocol.
  Action,
  /// The reset of a spike rule.
  Reset,
  /// `on`, `every`, `release` of a synapse or a rule.
  Handler,
  /// Parameters of a use: `{ weight = J, delay = d }`.
  Settings,
  /// The block of a population.
  Initial,
  /// What is typed into the REPL: anything.
  Fragment,
};

/// Reports a statement that may not stand in a block of this kind.
bool checkPlacement(const ast::Stmt &stmt, Place place, DiagnosticEngine &diags);

/// How messages call a block: "a neuron", "the block of `simulate`".
const char *describe(Place place);

} // namespace parse
} // namespace synfire

#endif // SYNFIRE_FRONTEND_PARSE_PLACEMENT_H
