//===- Program.cpp - Looking up declarations ------------------------------===//

#include "frontend/sema/Program.h"

#include "frontend/diagnostics/Spelling.h"
#include "frontend/parse/Parser.h"
#include "frontend/sema/ConstantScope.h"

#include "llvm/Support/Casting.h"

using namespace synfire;
using namespace synfire::sema;
using llvm::StringRef;

Program::Program(SourceManager &sources, DiagnosticEngine &diags, std::string libraryDir)
    : sources(sources), diags(&diags), libraryDir(std::move(libraryDir)) {}
Program::~Program() = default;

/// Names that a message lists.
static constexpr size_t mostListed = 8;

void Program::reportUnknown(diag::Id id, StringRef name, SourceRange range,
                            llvm::ArrayRef<std::string> candidates, StringRef extra,
                            const PlaceOf &placeOf) {
  auto report = diags->report(id, range);
  report << name << extra;
  std::vector<StringRef> names(candidates.begin(), candidates.end());
  if (auto close = suggestSpelling(name, names)) {
    report.hint("did you mean `" + close->str() + "`?");
    SourceRange place = placeOf ? placeOf(*close) : SourceRange();
    if (place.isValid())
      report.note(diag::note_candidate_here, place) << *close;
    return;
  }
  // Nothing is close; a short list may still remind of the right name.
  llvm::sort(names);
  names.erase(llvm::unique(names), names.end());
  if (names.empty() || names.size() > mostListed)
    return;
  std::string list;
  for (size_t i = 0; i < names.size(); ++i)
    list += (i == 0 ? "`" : i + 1 == names.size() ? "` and `" : "`, `") + names[i].str();
  report.hint((names.size() == 1 ? "there is " : "there are ") + list + "`");
}

//===----------------------------------------------------------------------===//
// Declarations
//===----------------------------------------------------------------------===//

const Declaration *Program::find(const SourceUnit *unit, StringRef name, SourceUnit **owner) {
  auto in = [&](SourceUnit *place) -> const Declaration * {
    auto it = place->declarations.find(name.str());
    if (it == place->declarations.end())
      return nullptr;
    if (owner)
      *owner = place;
    return &it->second;
  };
  if (const Declaration *own = in(const_cast<SourceUnit *>(unit)))
    return own;
  for (SourceUnit *import : unit->imports)
    if (const Declaration *found = in(import))
      return found;
  return nullptr;
}

const ast::Stmt *Program::requireKind(SourceUnit *unit, const ast::Name &name, ast::Stmt::Kind kind,
                                      SourceUnit **owner) {
  if (!name)
    return nullptr;
  if (const Declaration *found = find(unit, name.text, owner)) {
    if (found->stmt->getKind() == kind)
      return found->stmt;
    (diags->report(diag::err_wrong_declaration, name.range)
     << name.text << ast::describe(found->stmt->getKind()) << ast::describe(kind))
        .note(diag::note_declared_here, found->nameRange);
    return nullptr;
  }
  std::vector<std::string> names;
  auto add = [&](const SourceUnit &place) {
    for (auto &[other, declaration] : place.declarations)
      if (declaration.stmt->getKind() == kind)
        names.push_back(other);
  };
  add(*unit);
  for (SourceUnit *import : unit->imports)
    add(*import);
  reportUnknown(diag::err_unknown_declaration, name.text, name.range, names, ast::describe(kind),
                [&](StringRef other) {
                  const Declaration *found = find(unit, other);
                  return found ? found->nameRange : SourceRange();
                });
  return nullptr;
}

std::optional<std::pair<const ast::FunctionDecl *, SourceUnit *>>
Program::findFunction(SourceUnit *unit, StringRef name) {
  SourceUnit *owner = nullptr;
  const Declaration *found = unit ? find(unit, name, &owner) : nullptr;
  if (!found)
    return std::nullopt;
  if (auto *function = llvm::dyn_cast<ast::FunctionDecl>(found->stmt))
    return std::make_pair(function, owner);
  return std::nullopt;
}

void Program::addFunctionNames(SourceUnit *unit, std::vector<std::string> &names) {
  auto add = [&](const SourceUnit &place) {
    for (auto &[name, declaration] : place.declarations)
      if (llvm::isa<ast::FunctionDecl>(declaration.stmt))
        names.push_back(name);
  };
  if (!unit)
    return;
  add(*unit);
  for (SourceUnit *import : unit->imports)
    add(*import);
}

//===----------------------------------------------------------------------===//
// Values of a file
//===----------------------------------------------------------------------===//

const Value *Program::findFileValue(SourceUnit *unit, StringRef name) {
  auto in = [&](SourceUnit &place) -> const Value * {
    auto quantity = place.quantities.find(name.str());
    if (quantity == place.quantities.end())
      return nullptr;
    auto known = place.values.find(name.str());
    if (known != place.values.end())
      return &known->second;
    if (!place.evaluating.insert(name.str()).second) {
      diags->report(diag::err_value_cycle, quantity->second->name.range) << name;
      return &(place.values[name.str()] = Value());
    }
    FileScope scope(*this, place);
    Value value =
        evaluateQuantity(*this, *quantity->second, scope, findOverride("", name, quantity->second));
    place.evaluating.erase(name.str());
    return &(place.values[name.str()] = std::move(value));
  };
  if (const Value *own = in(*unit))
    return own;
  for (SourceUnit *import : unit->imports)
    if (const Value *found = in(*import))
      return found;
  return nullptr;
}

std::optional<Typed> Program::lookupFileValue(SourceUnit *unit, StringRef name, SourceRange range) {
  const Value *value = unit ? findFileValue(unit, name) : nullptr;
  if (!value)
    return std::nullopt;
  return toTyped(*value, range, nullptr, *diags);
}

void Program::addValueNames(const SourceUnit *unit, std::vector<std::string> &names) {
  auto add = [&](const SourceUnit &place) {
    for (auto &quantity : place.quantities)
      names.push_back(quantity.first);
  };
  if (!unit)
    return;
  add(*unit);
  for (SourceUnit *import : unit->imports)
    add(*import);
}

Typed sema::toTyped(const Value &value, SourceRange range, DimensionSolver *solver,
                    DiagnosticEngine &diags) {
  switch (value.kind) {
  case Value::Kind::Error:
    return Typed::error(range);
  case Value::Kind::Number: {
    DimExpr dim(value.dimension);
    if (value.fitsAny && solver)
      dim = solver->fresh();
    return Typed::number(makeConstant(value.number, range), dim, range);
  }
  case Value::Kind::Bool:
    return Typed::boolean(makeBool(value.number != 0, range), range);
  case Value::Kind::String:
    return Typed::string(value.text, range);
  default:
    diags.report(diag::err_not_a_number, range) << describe(value.kind);
    return Typed::error(range);
  }
}

//===----------------------------------------------------------------------===//
// Overrides
//===----------------------------------------------------------------------===//

void Program::addOverride(StringRef key, StringRef text) {
  Override entry;
  auto [owner, name] = key.rsplit('.');
  if (name.empty())
    std::swap(owner, name);
  entry.owner = owner.str();
  entry.name = name.str();
  FileId file =
      sources.addBuffer(owner == "--duration" ? "--duration" : "--set " + key.str(), text.str());
  entry.range = SourceRange(file, 0, text.size());
  entry.text = text.str();
  overrides.push_back(std::move(entry));
}

const ast::Expr *Program::findOverride(StringRef owner, StringRef name,
                                       const ast::Quantity *replaced) {
  Override *found = nullptr;
  for (Override &entry : overrides)
    if (entry.owner == owner && entry.name == name) {
      entry.used = true;
      found = &entry; // the last one wins
    }
  if (!found)
    return nullptr;
  bool wantsText = replaced && llvm::isa_and_nonnull<ast::StringExpr>(replaced->value.get());
  if (!found->value && wantsText && !StringRef(found->text).ltrim().starts_with("\"")) {
    auto string = std::make_unique<ast::StringExpr>(found->range);
    string->value = found->text;
    found->value = std::move(string);
  } else if (!found->value) {
    found->value = parseExpression(sources, found->range.file, *diags);
  }
  return found->value.get();
}

void Program::reportUnusedOverrides() {
  for (Override &entry : overrides)
    if (!entry.used) {
      std::vector<std::string> names;
      for (SourceUnit &unit : units) {
        addValueNames(&unit, names);
        for (auto &[name, declaration] : unit.declarations)
          addParameterNames(*declaration.stmt, name, names);
      }
      std::string key = entry.owner.empty() ? entry.name : entry.owner + "." + entry.name;
      reportUnknown(diag::err_unknown_override, key, entry.range, names);
    }
}
