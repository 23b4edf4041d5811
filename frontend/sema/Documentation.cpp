//===- Documentation.cpp - Declarations as Markdown -----------------------===//

#include "frontend/sema/Documentation.h"

#include "llvm/Support/Casting.h"

using namespace synfire;
using namespace synfire::sema;
using llvm::dyn_cast;
using llvm::StringRef;

namespace {
/// Writes one file.
class Writer {
public:
  explicit Writer(SourceManager &sources) : sources(sources) {}

  std::string run(const SourceUnit &unit) {
    paragraph(unit.ast->doc);
    for (const ast::StmtPtr &stmt : unit.ast->stmts)
      if (stmt)
        declaration(*stmt);
    return std::move(out);
  }

private:
  void paragraph(StringRef doc) {
    if (!doc.empty())
      out += doc.str() + "\n\n";
  }

  void title(StringRef kind, const ast::Name &name, const ast::Stmt &stmt, StringRef rest = "") {
    out += "## " + kind.str() + (name ? " `" + name.text + rest.str() + "`" : "") + "\n\n";
    paragraph(stmt.doc);
  }

  void declaration(const ast::Stmt &stmt) {
    if (auto *neuron = dyn_cast<ast::NeuronDecl>(&stmt)) {
      title("neuron", neuron->name, stmt);
      quantities(neuron->body);
    } else if (auto *synapse = dyn_cast<ast::SynapseDecl>(&stmt)) {
      title("synapse", synapse->name, stmt);
      quantities(synapse->body);
    } else if (auto *rule = dyn_cast<ast::PlasticityDecl>(&stmt)) {
      title("plasticity", rule->name, stmt);
      quantities(rule->body);
    } else if (auto *prior = dyn_cast<ast::PriorDecl>(&stmt)) {
      std::string params;
      for (const ast::Param &param : prior->params)
        params += (params.empty() ? "" : ", ") + source(param.range);
      title("prior", prior->name, stmt, "(" + params + ")");
    } else if (auto *circuit = dyn_cast<ast::CircuitDecl>(&stmt)) {
      title("circuit", circuit->name, stmt);
      quantities(circuit->body);
    } else if (auto *experiment = dyn_cast<ast::ExperimentDecl>(&stmt)) {
      if (!stmt.doc.empty())
        title("experiment", experiment->name, stmt);
    } else if (auto *function = dyn_cast<ast::FunctionDecl>(&stmt)) {
      out +=
          "## function `" + function->name.text + "`\n\n```\n" + source(stmt.range) + "\n```\n\n";
      paragraph(stmt.doc);
    }
  }

  std::string source(SourceRange range) { return sources.getText(range).str(); }

  /// A cell of a table may hold neither a bar nor a newline.
  static std::string cell(StringRef text) {
    std::string result;
    for (char c : text.trim())
      result += c == '\n' ? std::string(" ") : c == '|' ? std::string("\\|") : std::string(1, c);
    return result;
  }

  template <typename Decl> void rows(StringRef kind, const Decl &decl) {
    for (const ast::Quantity &quantity : decl.quantities) {
      if (!hasTable)
        out += "| kind | name | value | unit | |\n|---|---|---|---|---|\n";
      hasTable = true;
      std::string unit;
      if (quantity.dimension)
        unit = quantity.dimension->text;
      else if (auto *number = llvm::dyn_cast_or_null<ast::NumberExpr>(quantity.value.get()))
        unit = number->unit ? number->unit->text : "1";
      std::string value = quantity.value ? "`" + cell(source(quantity.value->range)) + "`" : "";
      out += "| " + kind.str() + " | `" + quantity.name.text + std::string(quantity.order, '\'') +
             "` | " + value + " | " + cell(unit) + " | " + cell(quantity.doc) + " |\n";
    }
  }

  void quantities(const ast::Block &body) {
    hasTable = false;
    for (const ast::StmtPtr &stmt : body.stmts) {
      if (auto *decl = llvm::dyn_cast_or_null<ast::ParameterDecl>(stmt.get()))
        rows("parameter", *decl);
      else if (auto *decl = llvm::dyn_cast_or_null<ast::StateDecl>(stmt.get()))
        rows("state", *decl);
      else if (auto *decl = llvm::dyn_cast_or_null<ast::InputDecl>(stmt.get()))
        rows("input", *decl);
    }
    if (hasTable)
      out += "\n";
    for (const ast::StmtPtr &stmt : body.stmts)
      if (auto *inner = llvm::dyn_cast_or_null<ast::CompartmentDecl>(stmt.get())) {
        out += "### compartment `" + inner->name.text + "`\n\n";
        paragraph(stmt->doc);
        quantities(inner->body);
      }
  }

  SourceManager &sources;
  std::string out;
  bool hasTable = false;
};
} // namespace

std::string sema::document(Program &program, const SourceUnit &unit) {
  return Writer(program.getSources()).run(unit);
}
