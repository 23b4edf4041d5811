//===- ModelLibrary.h - Each declaration is checked once --------*- C++ -*-===//
//
// Keeps the checked neurons, and synapses and rules for every pair of ends that
// they are used between.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_SEMA_MODELLIBRARY_H
#define SYNFIRE_FRONTEND_SEMA_MODELLIBRARY_H

#include "frontend/sema/ModelBuilder.h"

#include <map>
#include <tuple>

namespace synfire::sema {

/// The checked declarations of a program.
class ModelLibrary {
public:
  explicit ModelLibrary(Program &program) : program(program) {}

  /// A neuron by name; null after a report.
  std::shared_ptr<const Model> getNeuron(SourceUnit &unit, const ast::Name &name);
  /// A synapse between two ends; messages say which use they are about.
  std::shared_ptr<const Model> getSynapse(SourceUnit &unit, const ast::Name &name, const Ends &ends,
                                          SourceRange use, llvm::StringRef source,
                                          llvm::StringRef target);
  /// A plasticity rule on a parameter of the given dimension.
  std::shared_ptr<const Model> getRule(SourceUnit &unit, const ast::Name &name, const Ends &ends,
                                       SourceRange use, llvm::StringRef owner);

  /// Checks every declaration of a file by itself, used or not.
  void checkUnit(SourceUnit &unit);

private:
  using Key = std::tuple<const ast::Stmt *, const Model *, const Model *, std::string, bool>;
  std::shared_ptr<const Model> check(const ast::Stmt &decl, SourceUnit &unit, const Ends &ends);
  void checkFunction(const ast::FunctionDecl &function, SourceUnit &unit);

  Program &program;
  std::map<Key, std::shared_ptr<const Model>> models;
};

} // namespace synfire::sema

#endif // SYNFIRE_FRONTEND_SEMA_MODELLIBRARY_H
