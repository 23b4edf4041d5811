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
  return llvm::count_if(text,
                        [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
}

/// Writes the atoms; comments end the lines they stand on.
void Layout::writeLines(const std::vector<Atom> &atoms, unsigned indent) {
  unsigned first = 2 * indent, rest = 2 * indent + continuation;
  size_t begin = 0;
  for (size_t i = 0; i <= atoms.size(); ++i) {
    if (i != atoms.size() && !atoms[i].isComment)
      continue;
    if (i != begin) {
      writeRun(ArrayRef(atoms).slice(begin, i - begin), begin ? rest : first, rest);
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

/// Width of the atoms on one line.
static size_t widthOf(ArrayRef<Layout::Atom> atoms) {
  size_t total = 0;
  for (size_t i = 0; i < atoms.size(); ++i)
    total += width(atoms[i].text) + (i != 0 && atoms[i].spaceBefore);
  return total;
}

/// Where a line that is too long is broken best: the cheapest place that still
/// fits, of equal ones the last; if none fits, the first place there is; 0 if
/// there is none.
static size_t chooseBreak(ArrayRef<Layout::Atom> atoms, unsigned indent) {
  size_t best = 0, firstPlace = 0, column = indent;
  for (size_t i = 0; i < atoms.size(); ++i) {
    size_t end = column;
    column += width(atoms[i].text) + (i != 0 && atoms[i].spaceBefore);
    if (i == 0 || atoms[i].breakCost == Layout::noBreak)
      continue;
    if (!firstPlace)
      firstPlace = i;
    if (end <= formatWidth && (!best || atoms[i].breakCost <= atoms[best].breakCost))
      best = i;
  }
  return best ? best : firstPlace;
}

void Layout::writeAtoms(ArrayRef<Atom> atoms, unsigned indent) {
  out.append(indent, ' ');
  for (size_t i = 0; i < atoms.size(); ++i) {
    if (i != 0 && atoms[i].spaceBefore)
      out += ' ';
    out += atoms[i].text;
  }
}

/// Writes atoms without comments on as many lines as it takes; no newline at
/// the end. Where one line is not enough every clause gets its own.
void Layout::writeRun(ArrayRef<Atom> atoms, unsigned first, unsigned rest) {
  unsigned indent = first;
  bool fits = indent + widthOf(atoms) <= formatWidth;
  while (!atoms.empty()) {
    ArrayRef<Atom> clause = atoms;
    for (size_t i = 1; i < atoms.size() && !fits; ++i) {
      if (atoms[i].breakCost != 0)
        continue;
      clause = atoms.take_front(i);
      break;
    }
    atoms = atoms.drop_front(clause.size());
    while (!clause.empty()) {
      size_t at = indent + widthOf(clause) <= formatWidth ? 0 : chooseBreak(clause, indent);
      at = at ? at : clause.size();
      writeAtoms(clause.take_front(at), indent);
      clause = clause.drop_front(at);
      indent = rest;
      if (!clause.empty() || !atoms.empty())
        out += '\n';
    }
  }
}
