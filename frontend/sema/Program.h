//===- Program.h - The files of a model and their declarations --*- C++ -*-===//
//
// Loads a file and what it uses (C1), and finds declarations by name. A name is
// looked up in its own file and in the files that this one uses.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_SEMA_PROGRAM_H
#define SYNFIRE_FRONTEND_SEMA_PROGRAM_H

#include "frontend/diagnostics/DiagnosticEngine.h"
#include "frontend/sema/Csv.h"
#include "frontend/sema/Scope.h"
#include "frontend/sema/Value.h"
#include "frontend/source/SourceManager.h"

#include "llvm/ADT/ArrayRef.h"

#include <deque>
#include <functional>
#include <map>
#include <set>

namespace synfire::sema {

/// A declaration of a file: where it is, and the node.
struct Declaration {
  const ast::Stmt *stmt = nullptr;
  SourceRange nameRange;
};

/// A loaded file.
struct SourceUnit {
  FileId file;
  std::unique_ptr<ast::File> ast;
  std::vector<SourceUnit *> imports;
  /// Models, circuits, priors, functions.
  std::map<std::string, Declaration> declarations;
  /// Parameters and `let`s of the file.
  std::map<std::string, const ast::Quantity *> quantities;
  std::vector<const ast::ExperimentDecl *> experiments;
  std::map<std::string, Value> values;
  std::set<std::string> evaluating;
};

/// An override given on the command line.
struct Override {
  std::string owner, name, text;
  /// Null until something asks for it.
  ast::ExprPtr value;
  SourceRange range;
  bool used = false;
};

/// Where a name is declared; an invalid range if that is not known.
using PlaceOf = std::function<SourceRange(llvm::StringRef)>;

/// Everything that one model consists of.
class Program {
public:
  Program(SourceManager &sources, DiagnosticEngine &diags, std::string libraryDir);
  ~Program();

  /// Loads a file and, first, those it uses. Null if it cannot be read.
  SourceUnit *load(llvm::StringRef path);
  /// The same for a file that was put together by its caller.
  SourceUnit *adopt(std::unique_ptr<ast::File> file);
  /// Trees of files that were parsed before; those that are loaded are taken from there.
  std::map<uint32_t, std::unique_ptr<ast::File>> *parsed = nullptr;
  /// `Circuit.parameter` or `parameter`, and the text of a value.
  void addOverride(llvm::StringRef key, llvm::StringRef value);
  /// The value given for a parameter on the command line, or null.
  /// What replaces the value of a quantity. In place of a string, such as a path, the text need not
  /// be quoted.
  const ast::Expr *findOverride(llvm::StringRef owner, llvm::StringRef name,
                                const ast::Quantity *replaced = nullptr);
  void reportUnusedOverrides();

  /// The declaration that a name means in a file; null if there is none.
  const Declaration *find(const SourceUnit *unit, llvm::StringRef name,
                          SourceUnit **owner = nullptr);
  /// The same, which must be of kind T; reports otherwise.
  template <typename T>
  const T *require(SourceUnit *unit, const ast::Name &name, SourceUnit **owner) {
    return static_cast<const T *>(requireKind(unit, name, T::kindOf, owner));
  }
  std::optional<std::pair<const ast::FunctionDecl *, SourceUnit *>>
  findFunction(SourceUnit *unit, llvm::StringRef name);
  void addFunctionNames(SourceUnit *unit, std::vector<std::string> &names);

  /// A parameter or `let` at file level; null if there is none.
  const Value *findFileValue(SourceUnit *unit, llvm::StringRef name);
  std::optional<Typed> lookupFileValue(SourceUnit *unit, llvm::StringRef name, SourceRange range);
  void addValueNames(const SourceUnit *unit, std::vector<std::string> &names);

  /// Reports a name that is not known, with the closest of the candidates.
  /// `{0}` is the name, `{1}` the extra argument. `placeOf` says where a candidate is declared, for
  /// a note.
  void reportUnknown(diag::Id id, llvm::StringRef name, SourceRange range,
                     llvm::ArrayRef<std::string> candidates, llvm::StringRef extra = "",
                     const PlaceOf &placeOf = {});

  DiagnosticEngine &getDiags() { return *diags; }
  SourceManager &getSources() { return sources; }
  std::deque<SourceUnit> &getUnits() { return units; }
  /// Files of numbers by path; null where a file could not be read.
  std::map<std::string, std::unique_ptr<CsvFile>> &getTables() { return tables; }

  /// Sends messages elsewhere for a while; used where a synapse is checked
  /// against the two ends of a projection.
  DiagnosticEngine *redirect(DiagnosticEngine *to) { return std::exchange(diags, to); }

private:
  const ast::Stmt *requireKind(SourceUnit *unit, const ast::Name &name, ast::Stmt::Kind kind,
                               SourceUnit **owner);
  SourceUnit *loadFile(llvm::StringRef path, SourceRange use);
  void resolveUses(SourceUnit &unit);
  void declare(SourceUnit &unit);
  void declareStmt(SourceUnit &unit, const ast::Name &name, const ast::Stmt &stmt);
  void declareQuantities(SourceUnit &unit, const ast::Stmt &stmt);

  SourceManager &sources;
  DiagnosticEngine *diags;
  std::string libraryDir;
  std::deque<SourceUnit> units;
  /// Files on the way from the first to the present one, to find cycles.
  std::vector<FileId> loading;
  std::deque<Override> overrides;
  std::map<std::string, std::unique_ptr<CsvFile>> tables;
};

/// A Typed for a value that stands in an expression; reports what has no place
/// in one.
Typed toTyped(const Value &value, SourceRange range, DimensionSolver *solver,
              DiagnosticEngine &diags);

} // namespace synfire::sema

#endif // SYNFIRE_FRONTEND_SEMA_PROGRAM_H
