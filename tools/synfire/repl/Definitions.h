//===- Definitions.h - What a session consists of ---------------*- C++ -*-===//
//
// The statements that were typed or loaded, in order: those of a file, those of
// the one circuit, and those of the block of `simulate`. A statement replaces
// the one that declares the same. Copying is cheap: statements are shared.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_TOOLS_SYNFIRE_REPL_DEFINITIONS_H
#define SYNFIRE_TOOLS_SYNFIRE_REPL_DEFINITIONS_H

#include "frontend/ast/AST.h"
#include "frontend/source/SourceManager.h"

#include <memory>
#include <string>
#include <vector>

namespace synfire::repl {

/// Where a statement belongs.
enum class Section { File, Circuit, Protocol, Nowhere };

/// Where a statement that is typed goes; `let` and `parameter` may go to the file as well.
Section sectionOf(ast::Stmt::Kind kind);

/// One statement.
struct Definition {
  Section section = Section::File;
  ast::Stmt::Kind kind = ast::Stmt::Kind::Let;
  /// What it declares; of other statements, what tells them apart.
  std::vector<std::string> keys;
  /// Lent to a model while it is checked.
  ast::StmtPtr tree;
  /// As it was written.
  std::string text, doc;
};

/// A change that was made to a running circuit and is no definition.
struct Action {
  double timeMs = 0;
  std::string text;
  /// Where its effect needs the compiler, it is part of the program; else null.
  std::shared_ptr<Definition> statement;
};

class Definitions {
public:
  std::string circuit = "Session";
  /// Values given to the circuit's parameters by `simulate C(...)`: `g = 4`.
  std::vector<std::pair<std::string, std::string>> arguments;
  /// How long `:run` runs, as the model says it.
  std::string duration;
  /// What was done to the running circuit, for `:export`.
  std::vector<Action> actions;

  /// Adds a statement in the place of those that declare the same.
  void add(std::shared_ptr<Definition> definition);
  /// Adds a statement behind all others.
  void append(std::shared_ptr<Definition> definition) { all.push_back(std::move(definition)); }
  /// Takes a parameter from `arguments`.
  void dropArgument(llvm::StringRef name);
  /// Removes what declares a name; how many statements that were.
  size_t remove(llvm::StringRef name);
  /// The section in which a name is declared; Nowhere: in none.
  Section find(llvm::StringRef name) const;
  const std::vector<std::shared_ptr<Definition>> &getAll() const { return all; }
  bool hasPopulations() const;
  /// Forgets the statements of a section.
  void clear(Section section);

  /// The model as one file. Its statements are lent until `giveBack`; only one model is out.
  std::unique_ptr<ast::File> assemble(SourceManager &sources) const;
  void giveBack(ast::File &file) const;

  /// The model as text, not yet laid out, for a run of `durationMs`.
  std::string print(double durationMs) const;

private:
  std::string printArguments() const;

  std::vector<std::shared_ptr<Definition>> all;
};

/// Makes definitions of a statement: one for each name that it declares.
std::vector<std::shared_ptr<Definition>> define(const SourceManager &sources, ast::StmtPtr stmt,
                                                Section section);

} // namespace synfire::repl

#endif // SYNFIRE_TOOLS_SYNFIRE_REPL_DEFINITIONS_H
