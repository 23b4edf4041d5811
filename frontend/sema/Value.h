//===- Value.h - Values known at compile time -------------------*- C++ -*-===//
//
// What circuit parameters, `let`s, loop variables and prior arguments hold:
// numbers with a dimension, names, lists, and parts of the circuit.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_SEMA_VALUE_H
#define SYNFIRE_FRONTEND_SEMA_VALUE_H

#include "frontend/sema/Dimension.h"
#include "frontend/sema/Network.h"

#include "llvm/ADT/StringRef.h"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace synfire {
class DiagnosticEngine;
}

namespace synfire::sema {

struct Environment;

/// A value of the compile-time language.
struct Value {
  enum class Kind {
    /// Already reported.
    Error,
    Number,
    Bool,
    String,
    /// A list or a range, items in order.
    List,
    /// One or several populations: `refs`.
    Populations,
    /// Populations by index (C2): `family`.
    Family,
    /// Parts of a circuit; `parts` has one entry without a size.
    Part,
    /// Frames declared with `let` (C7): `text` is the name.
    Frames,
    /// A named projection: `text`; several if it names a set: `items`.
    Projection,
  };

  Kind kind = Kind::Error;
  double number = 0;
  Dimension dimension;
  std::string text;
  std::vector<Value> items;
  std::vector<PopulationRef> refs;
  /// Index text to value, in order of declaration.
  std::vector<std::pair<std::string, Value>> family;
  std::vector<std::shared_ptr<Environment>> parts;
  /// Whether parts were declared with a size, so that they need an index.
  bool isArray = false;
  /// Where the value was written; a path is relative to that file (L6).
  SourceRange range;
  /// A bare `0`, which fits any dimension.
  bool fitsAny = false;

  static Value makeNumber(double number, Dimension dimension, SourceRange range = {});
  static Value makeString(std::string text, SourceRange range = {});
  bool isError() const { return kind == Kind::Error; }
  /// As it appears in a qualified name: `E23`, `3`.
  std::string str() const;
};

/// "a number", "a list": for messages.
const char *describe(Value::Kind kind);

/// The names of one circuit, prior or loop body.
struct Environment {
  /// Of a loop body: the names around it.
  std::shared_ptr<Environment> outer;
  /// Declarations in a loop body belong to the environment around it.
  bool isLoop = false;
  std::map<std::string, Value> values;
  /// Where names were declared, to report a second declaration.
  std::map<std::string, SourceRange> places;
  /// Declarations that were not needed yet; they may stand in any order.
  std::map<std::string, std::function<void()>> pending;
  std::set<std::string> evaluating;
  /// Names in the order of their declaration.
  std::vector<std::string> order;

  /// The value of a name here or around; runs its declaration first if need be.
  const Value *find(llvm::StringRef name, DiagnosticEngine &diags);
};

} // namespace synfire::sema

#endif // SYNFIRE_FRONTEND_SEMA_VALUE_H
