//===- Csv.h - Tables in files ----------------------------------*- C++ -*-===//
//
// Reads comma separated files as RFC 4180 has them (quotes, CRLF, a header row)
// and takes columns and cells from them (C4).
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_SEMA_CSV_H
#define SYNFIRE_FRONTEND_SEMA_CSV_H

#include "frontend/ast/AST.h"
#include "frontend/sema/Value.h"

namespace synfire::sema {
class ConstantScope;
class Program;
struct ResolvedUnit;

/// The text of a file, cell by cell.
struct CsvFile {
  std::string path;
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
  /// Line of the file on which each row begins.
  std::vector<unsigned> lines;
  /// Edges of a run (Edges.h): ends are numbers, also of elements with names.
  bool isEdges = false;

  /// Number of a column; -1 if there is none.
  int find(llvm::StringRef column) const;
};

/// Reads a file, once for each program; null after a report at `range`.
const CsvFile *readCsv(Program &program, const std::string &path, SourceRange range);
/// The file that an expression names.
const CsvFile *readCsv(Program &program, const ast::Expr &file, ConstantScope &scope);

/// Number of a column that must exist.
std::optional<int> requireColumn(Program &program, const CsvFile &file, llvm::StringRef column,
                                 SourceRange range);
/// A column as numbers in base units; nothing after a report.
std::optional<std::vector<double>> numericColumn(Program &program, const CsvFile &file, int column,
                                                 const ResolvedUnit &unit, SourceRange range);

/// `from "t.csv" column "tau" in [ms]`: numbers, or strings where no cell is a
/// number and no unit is given.
Value readColumn(Program &program, const ast::ColumnExpr &expr, ConstantScope &scope);
/// `from "t.csv" row p column q in [ms]`.
Value readCell(Program &program, const ast::ColumnExpr &expr, ConstantScope &scope);

} // namespace synfire::sema

#endif // SYNFIRE_FRONTEND_SEMA_CSV_H
