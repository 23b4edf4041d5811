//===- Layout.cpp - Lines from tokens: walking ----------------------------===//

#include "frontend/format/Layout.h"
#include "frontend/format/Format.h"

using namespace synfire;
using namespace synfire::format;
using llvm::StringRef;
using parse::Token;

std::string Layout::run() {
  statements(0);
  return std::move(out);
}

bool Layout::hasBlankLine(uint32_t begin, uint32_t end) const {
  return text.slice(begin, end).count('\n') > 1;
}

/// Writes the comments before an offset, each on a line of its own.
void Layout::ownLineComments(uint32_t before, unsigned indent, bool &first) {
  while (commentBefore(before)) {
    const parse::Comment &next = list.comments[comment++];
    if (!first && hasBlankLine(lastEnd, next.begin))
      out += '\n';
    out.append(2 * indent, ' ');
    out += text.slice(next.begin, next.end).rtrim();
    out += '\n';
    lastEnd = next.end;
    first = false;
  }
}

/// Appends the comment that stands on the same line as what ended at `after`.
void Layout::trailingComment(uint32_t after) {
  if (comment == list.comments.size())
    return;
  const parse::Comment &next = list.comments[comment];
  // Anything but blanks and separators in between belongs to the next line.
  StringRef between = text.slice(after, next.begin);
  if (next.begin < after || between.find_first_not_of(" \t\r\f;") != StringRef::npos)
    return;
  ++comment;
  out += "  ";
  out += text.slice(next.begin, next.end).rtrim();
  lastEnd = next.end;
}

/// Writes statements up to the end of the block or file.
void Layout::statements(unsigned indent) {
  bool first = true;
  while (true) {
    const Token &next = list.tokens[token];
    ownLineComments(next.begin, indent, first);
    if (next.kind == Kind::EndOfFile || next.kind == Kind::CloseBlock)
      return;
    if (!first && hasBlankLine(lastEnd, next.begin))
      out += '\n';
    first = false;
    statement(indent);
  }
}

/// Index of the separator that ends the statement at `token`.
size_t Layout::statementEnd() const {
  unsigned depth = 0;
  for (size_t i = token;; ++i) {
    switch (list.tokens[i].kind) {
    case Kind::OpenBlock:
      ++depth;
      break;
    case Kind::CloseBlock:
      --depth;
      break;
    case Kind::EndOfFile:
      return i;
    case Kind::Separator:
      if (depth == 0)
        return i;
      break;
    default:
      break;
    }
  }
}

size_t Layout::matchingBrace(size_t open) const {
  unsigned depth = 0;
  for (size_t i = open;; ++i) {
    if (list.tokens[i].kind == Kind::OpenBlock)
      ++depth;
    else if (list.tokens[i].kind == Kind::CloseBlock && --depth == 0)
      return i;
  }
}

/// Whether a block was written on one line.
bool Layout::staysInline(size_t open) const {
  return !hasNewline(list.tokens[open].begin, list.tokens[matchingBrace(open)].begin);
}

/// Width of the tokens [begin, end) on one line.
size_t Layout::flatWidth(size_t begin, size_t end) const {
  size_t width = 0;
  for (size_t i = begin; i < end; ++i) {
    if (list.tokens[i].kind == Kind::Separator) {
      width += list.tokens[i + 1].kind != Kind::CloseBlock;
      continue;
    }
    width += spelling(list.tokens[i]).size();
    width += i != begin && needsSpace(i);
  }
  return width;
}

/// The blocks of the statement that get lines of their own: those that had, and
/// those whose clause does not fit.
std::set<size_t> Layout::chooseExpanded(size_t end, unsigned indent) const {
  std::set<size_t> result;
  std::vector<std::pair<size_t, size_t>> inlined;
  std::vector<size_t> clauses = {token};
  for (size_t i = token; i < end; ++i) {
    if (costOfBreak(i, 0) == 0)
      clauses.push_back(i);
    if (list.tokens[i].kind != Kind::OpenBlock)
      continue;
    size_t close = matchingBrace(i);
    if (staysInline(i))
      inlined.push_back({i, close});
    else
      result.insert(i);
    i = close;
  }
  if (result.empty() && 2 * indent + flatWidth(token, end) <= formatWidth)
    return result;
  clauses.push_back(end);
  for (auto [open, close] : inlined) {
    auto next = std::upper_bound(clauses.begin(), clauses.end(), open);
    size_t begin = *std::prev(next);
    unsigned room = formatWidth - 2 * indent - (begin == token ? 0 : 4);
    if (flatWidth(begin, close + 1) > room)
      result.insert(open);
  }
  return result;
}

/// The pieces of the tokens up to `end`, with the comments between them.
std::vector<Layout::Atom> Layout::takeAtoms(size_t end) {
  std::vector<Atom> atoms;
  unsigned depth = 0, blocks = 0;
  for (; token < end; ++token) {
    const Token &next = list.tokens[token];
    while (!atoms.empty() && commentBefore(next.begin)) {
      const parse::Comment &item = list.comments[comment++];
      Atom atom;
      atom.text = text.slice(item.begin, item.end).rtrim().str();
      atom.isComment = true;
      atom.ownLine = hasNewline(lastEnd, item.begin);
      lastEnd = item.end;
      atoms.push_back(std::move(atom));
    }
    lastEnd = next.end;
    if (next.kind == Kind::Separator) {
      // Only in blocks that stay on one line.
      if (list.tokens[token + 1].kind != Kind::CloseBlock)
        atoms.back().text += ';';
      continue;
    }
    if (next.kind == Kind::CloseBlock && blocks != 0)
      --blocks;
    if ((next.kind == Kind::Close || next.kind == Kind::CloseSet) && depth != 0)
      --depth;
    Atom atom;
    atom.text = spelling(next).str();
    atom.spaceBefore = !atoms.empty() && needsSpace(token);
    if (blocks == 0 && !atoms.empty())
      atom.breakCost = costOfBreak(token, depth);
    atoms.push_back(std::move(atom));
    if (next.kind == Kind::OpenBlock)
      ++blocks;
    if (next.kind == Kind::Open || next.kind == Kind::OpenSet || next.kind == Kind::OpenUnit)
      ++depth;
  }
  return atoms;
}

void Layout::statement(unsigned indent) {
  size_t end = statementEnd();
  std::set<size_t> expanded = chooseExpanded(end, indent);
  for (size_t open : expanded) {
    writeLines(takeAtoms(open + 1), indent);
    trailingComment(list.tokens[open].end);
    out += '\n';
    lastEnd = std::max(lastEnd, list.tokens[open].end);
    statements(indent + 1);
  }
  writeLines(takeAtoms(end), indent);
  // The separator, and what stands behind it on the line.
  const Token &separator = list.tokens[token];
  lastEnd = list.tokens[end - 1].end;
  if (separator.kind == Kind::Separator)
    ++token;
  trailingComment(lastEnd);
  out += '\n';
}
