//===- Model.h - The declarations of a file ---------------------*- C++ -*-===//
//
// The four kinds of declaration, circuit, experiment, and imports.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_AST_MODEL_H
#define SYNFIRE_FRONTEND_AST_MODEL_H

#include "frontend/ast/Quantity.h"

namespace synfire::ast {

/// `neuron Lif { ... }`: parameters, states, inputs, lets, functions,
/// equations, one spike rule, compartments, couplings, solve, format.
class NeuronDecl : public StmtNode<Stmt::Kind::Neuron> {
public:
  using StmtNode::StmtNode;
  Name name;
  Block body;
};

/// `synapse Ampa excitatory { ... }`. Contributions to `post` outside a handler
/// are AssignStmt with `+=` directly in the body (S1).
class SynapseDecl : public StmtNode<Stmt::Kind::Synapse> {
public:
  using StmtNode::StmtNode;
  enum class Effect { Unstated, Excitatory, Inhibitory };
  Name name;
  Effect effect = Effect::Unstated;
  SourceRange effectRange;
  Block body;
};

/// `plasticity Stdp { ... }`.
class PlasticityDecl : public StmtNode<Stmt::Kind::Plasticity> {
public:
  using StmtNode::StmtNode;
  Name name;
  Block body;
};

/// `prior Cortical(exc, inh, strength = 1) { ... }`.
class PriorDecl : public StmtNode<Stmt::Kind::Prior> {
public:
  using StmtNode::StmtNode;
  Name name;
  std::vector<Param> params;
  Block body;
};

/// `circuit Brunel { ... }`.
class CircuitDecl : public StmtNode<Stmt::Kind::Circuit> {
public:
  using StmtNode::StmtNode;
  Name name;
  Block body;
};

/// `experiment { ... }`, `experiment Learning { ... }`.
class ExperimentDecl : public StmtNode<Stmt::Kind::Experiment> {
public:
  using StmtNode::StmtNode;
  /// Absent for the unnamed experiment.
  Name name;
  Block body;
};

/// `use "path.syn"`, `use std.neurons` (C1).
class UseDecl : public StmtNode<Stmt::Kind::Use> {
public:
  using StmtNode::StmtNode;
  /// Of `use "path.syn"`; empty for a module.
  std::string path;
  /// Of `use std.neurons`: {std, neurons}; empty for a path.
  std::vector<Name> module;
  /// The path string or the dotted name.
  SourceRange targetRange;
};

} // namespace synfire::ast

#endif // SYNFIRE_FRONTEND_AST_MODEL_H
