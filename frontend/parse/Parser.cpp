//===- Parser.cpp - Text to AST -------------------------------------------===//

#include "frontend/parse/Parser.h"
#include "frontend/parse/ASTBuilder.h"
#include "frontend/parse/ByteStream.h"
#include "frontend/parse/ErrorStrategy.h"
#include "frontend/parse/FilteredStream.h"
#include "frontend/source/SourceManager.h"

#include "llvm/ADT/STLExtras.h"

using namespace synfire;
using namespace synfire::parse;
using grammar::SynfireParser;

namespace {

/// One run of the parser. Messages of all stages are kept back, so that they
/// come out in the order of the text.
class Session {
public:
  Session(const SourceManager &sources, FileId file)
      : sources(sources), text(sources.getText(file)), stream(text) {
    collected.setErrorLimit(0);
    list = readTokens(sources, file, collected);
    tokens = std::make_unique<FilteredStream>(list, &stream);
    parser = std::make_unique<SynfireParser>(tokens.get());
    parser->removeErrorListeners();
  }

  const TokenList &getTokens() const { return list; }
  bool hasErrors() const { return collected.hasErrors(); }

  /// Parses with the entry rule and builds with `build`, unless the text is too
  /// deep for either.
  template <class Context, class Build>
  void parse(Context *(SynfireParser::*entry)(), Build build) {
    if (list.isTooDeep)
      return;
    ASTBuilder builder(text, list, collected);
    Context *tree = run(entry);
    if (tree && !tree->exception)
      build(builder, tree);
  }

  /// Passes the messages on, in the order of the text.
  void flush(DiagnosticEngine &diags) {
    const std::vector<Diagnostic> &messages = collected.getDiagnostics();
    std::vector<std::pair<uint32_t, size_t>> order;
    for (size_t i = 0; i < messages.size(); ++i)
      order.push_back({messages[i].range.begin, i});
    llvm::sort(order);
    for (auto [offset, i] : order)
      diags.emit(messages[i]);
  }

private:
  /// SLL prediction is enough for nearly every file, and fast; where it fails,
  /// LL decides whether the file is wrong.
  template <class Context> Context *run(Context *(SynfireParser::*entry)()) {
    auto *interpreter = parser->getInterpreter<antlr4::atn::ParserATNSimulator>();
    if (!collected.hasErrors()) {
      try {
        interpreter->setPredictionMode(antlr4::atn::PredictionMode::SLL);
        parser->setErrorHandler(std::make_shared<antlr4::BailErrorStrategy>());
        return (parser.get()->*entry)();
      } catch (const antlr4::ParseCancellationException &) {
        tokens->seek(0);
        parser->reset();
      }
    }
    SyntaxMessages messages(sources, list, collected);
    interpreter->setPredictionMode(antlr4::atn::PredictionMode::LL);
    parser->setErrorHandler(std::make_shared<StatementRecovery>(messages));
    try {
      return (parser.get()->*entry)();
    } catch (const antlr4::RecognitionException &) {
      // Outside of statements (a lone value); it was reported.
      return nullptr;
    }
  }

  const SourceManager &sources;
  llvm::StringRef text;
  ByteStream stream;
  DiagnosticEngine collected;
  TokenList list;
  std::unique_ptr<FilteredStream> tokens;
  std::unique_ptr<SynfireParser> parser;
};

} // namespace

std::unique_ptr<ast::File> synfire::parseFile(const SourceManager &sources, FileId file,
                                              DiagnosticEngine &diags) {
  auto result = std::make_unique<ast::File>();
  result->id = file;
  Session session(sources, file);
  result->doc = session.getTokens().fileDoc;
  session.parse(&SynfireParser::file, [&](ASTBuilder &builder, SynfireParser::FileContext *tree) {
    result->stmts = builder.file(tree, Place::File);
  });
  session.flush(diags);
  return result;
}

ast::ExprPtr synfire::parseExpression(const SourceManager &sources, FileId file,
                                      DiagnosticEngine &diags) {
  ast::ExprPtr result;
  Session session(sources, file);
  session.parse(&SynfireParser::loneValue,
                [&](ASTBuilder &builder, SynfireParser::LoneValueContext *tree) {
                  result = builder.value(tree->value());
                });
  bool failed = session.hasErrors();
  session.flush(diags);
  return failed ? nullptr : std::move(result);
}

Fragment synfire::parseFragment(const SourceManager &sources, FileId file,
                                DiagnosticEngine &diags) {
  Fragment result;
  Session session(sources, file);
  if (session.getTokens().isOpenEnded && !session.getTokens().isTooDeep) {
    result.status = FragmentStatus::Incomplete;
    return result;
  }
  session.parse(&SynfireParser::file, [&](ASTBuilder &builder, SynfireParser::FileContext *tree) {
    result.stmts = builder.file(tree, Place::Fragment);
  });
  if (!session.hasErrors())
    return result;
  result.stmts.clear();

  // No statements; an expression perhaps?
  DiagnosticEngine ignored;
  result.expression = parseExpression(sources, file, ignored);
  if (result.expression)
    return result;
  result.status = FragmentStatus::Wrong;
  session.flush(diags);
  return result;
}
