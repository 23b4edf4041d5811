//===- Lines.cpp - Lines from tokens: breaking ----------------------------===//

#include "frontend/format/Format.h"
#include "frontend/format/Layout.h"

using namespace synfire;
using namespace synfire::format;
using llvm::ArrayRef;

/// What goes on a line of its own below the first.
static constexpr unsigned continuation = 4;

/// Characters, not bytes.
static size_t width(llvm::StringRef text) {
  return llvm::count_if(text, [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  });
}

/// Writes the atoms; comments end the lines they stand on.
void Layout::writeLines(const std::vector<Atom> &atoms, unsigned indent) {
  unsigned first = 2 * indent, rest = 2 * indent + continuation;
  size_t begin = 0;
  for (size_t i = 0; i <= atoms.size(); ++i) {
    if (i != atoms.size() && !atoms[i].isComment)
      continue;
    if (i != begin) {
      writeRun(ArrayRef(atoms).slice(begin, i - begin), begin ? rest : first,
               rest);
      if (i != atoms.size() && atoms[i].ownLine)
        out += '\n';
    }
    if (i == atoms.size())
      break;
    if (atoms[i].ownLine || i == begin)
      out.append(rest, ' ');
    else
      out += "  ";
    out += atoms[i].text;
    out += '\n';
    begin = i + 1;
  }
}

/// Writes atoms without comments, on as many lines as it takes; no newline at
/// the end.
void Layout::writeRun(ArrayRef<Atom> atoms, unsigned first, unsigned rest) {
  auto flat = [&](size_t from, size_t to) {
    size_t total = 0;
    for (size_t i = from; i < to; ++i)
      total += width(atoms[i].text) + (i != from && atoms[i].spaceBefore);
    return total;
  };
  auto write = [&](size_t from, size_t to, unsigned indent) {
    out.append(indent, ' ');
    for (size_t i = from; i < to; ++i) {
      if (i != from && atoms[i].spaceBefore)
        out += ' ';
      out += atoms[i].text;
    }
  };

  size_t begin = 0;
  unsigned indent = first;
  while (begin < atoms.size()) {
    if (indent + flat(begin, atoms.size()) <= formatWidth)
      return write(begin, atoms.size(), indent);
    // Before a clause if there is one, else at the best place that still fits;
    // if nothing fits, at the first place there is.
    size_t best = 0, firstPlace = 0, clause = 0;
    size_t column = indent;
    for (size_t i = begin; i < atoms.size(); ++i) {
      column += width(atoms[i].text) + (i != begin && atoms[i].spaceBefore);
      if (i == begin || atoms[i].breakCost == noBreak)
        continue;
      if (atoms[i].breakCost == 0 && !clause)
        clause = i;
      if (!firstPlace)
        firstPlace = i;
      size_t end = column - width(atoms[i].text) - atoms[i].spaceBefore;
      if (end <= formatWidth &&
          (!best || atoms[i].breakCost <= atoms[best].breakCost))
        best = i;
    }
    size_t at = clause && indent + flat(begin, clause) <= formatWidth ? clause
                : best                                                ? best
                                                                      : firstPlace;
    if (!at)
      return write(begin, atoms.size(), indent);
    write(begin, at, indent);
    out += '\n';
    begin = at;
    indent = rest;
  }
}
