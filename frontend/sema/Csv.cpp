//===- Csv.cpp - Tables in files ------------------------------------------===//

#include "frontend/sema/Csv.h"

#include "frontend/sema/ConstantScope.h"
#include "frontend/sema/Program.h"
#include "frontend/sema/Units.h"

#include <cmath>
#include <cstdlib>

using namespace synfire;
using namespace synfire::sema;
using llvm::StringRef;

int CsvFile::find(StringRef column) const {
  for (size_t i = 0; i != header.size(); ++i)
    if (column == header[i])
      return int(i);
  return -1;
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

namespace {
/// One pass over the text, cell by cell.
class CsvReader {
public:
  explicit CsvReader(StringRef text) : text(text) {
    text.consume_front("\xef\xbb\xbf");
    this->text = text;
  }

  bool atEnd() const { return position >= text.size(); }
  unsigned getLine() const { return line; }
  bool hasOpenQuote() const { return openQuote; }

  std::vector<std::string> readRow() {
    std::vector<std::string> cells;
    do
      cells.push_back(readCell());
    while (consume(','));
    consume('\r');
    if (consume('\n'))
      ++line;
    return cells;
  }

private:
  bool consume(char c) {
    if (atEnd() || text[position] != c)
      return false;
    ++position;
    return true;
  }

  std::string readCell() {
    std::string cell;
    if (!consume('"')) {
      while (!atEnd() && text[position] != ',' && text[position] != '\n' && text[position] != '\r')
        cell += text[position++];
      return StringRef(cell).trim().str();
    }
    while (true) {
      if (atEnd()) {
        openQuote = true;
        return cell;
      }
      char c = text[position++];
      if (c == '"' && !consume('"'))
        break;
      line += c == '\n';
      cell += c;
    }
    while (!atEnd() && (text[position] == ' ' || text[position] == '\t'))
      ++position;
    return cell;
  }

  StringRef text;
  size_t position = 0;
  unsigned line = 1;
  bool openQuote = false;
};
} // namespace

const CsvFile *sema::readCsv(Program &program, const std::string &path, SourceRange range) {
  DiagnosticEngine &diags = program.getDiags();
  auto [it, isNew] = program.getTables().try_emplace(path);
  if (!isNew)
    return it->second.get();
  llvm::ErrorOr<FileId> id = program.getSources().load(path);
  if (!id) {
    diags.report(diag::err_cannot_read_file, range) << path << id.getError().message();
    return nullptr;
  }
  CsvReader reader(program.getSources().getText(*id));
  auto file = std::make_unique<CsvFile>();
  file->path = path;
  while (!reader.atEnd()) {
    unsigned line = reader.getLine();
    std::vector<std::string> cells = reader.readRow();
    if (cells.size() == 1 && cells[0].empty())
      continue;
    if (file->header.empty()) {
      file->header = std::move(cells);
      continue;
    }
    if (cells.size() != file->header.size()) {
      diags.report(diag::err_csv_row_length, range)
          << path << int64_t(line) << int64_t(cells.size()) << int64_t(file->header.size());
      return nullptr;
    }
    file->rows.push_back(std::move(cells));
    file->lines.push_back(line);
  }
  if (reader.hasOpenQuote() || file->header.empty()) {
    diags.report(reader.hasOpenQuote() ? diag::err_csv_open_quote : diag::err_csv_empty, range)
        << path;
    return nullptr;
  }
  return (it->second = std::move(file)).get();
}

const CsvFile *sema::readCsv(Program &program, const ast::Expr &file, ConstantScope &scope) {
  auto path = evaluateString(program, file, scope, "the name of a file");
  if (!path)
    return nullptr;
  return readCsv(program, resolvePath(program, *path), file.range);
}

//===----------------------------------------------------------------------===//
// Columns and cells
//===----------------------------------------------------------------------===//

std::optional<int> sema::requireColumn(Program &program, const CsvFile &file, StringRef column,
                                       SourceRange range) {
  int number = file.find(column);
  if (number >= 0)
    return number;
  program.reportUnknown(diag::err_csv_no_column, column, range, file.header, file.path);
  return std::nullopt;
}

/// A cell as a number: everything in it, and finite.
static std::optional<double> parseCell(StringRef cell, const ResolvedUnit &unit) {
  std::string text = cell.trim().str();
  char *end = nullptr;
  double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end || !std::isfinite(value) ||
      text.find_first_of("xX") != std::string::npos)
    return std::nullopt;
  bool negative = text[0] == '-';
  double result = toBase(StringRef(text).drop_front(negative || text[0] == '+'), unit, negative);
  return std::isfinite(result) ? std::optional<double>(result) : std::nullopt;
}

std::optional<std::vector<double>> sema::numericColumn(Program &program, const CsvFile &file,
                                                       int column, const ResolvedUnit &unit,
                                                       SourceRange range) {
  std::vector<double> values;
  for (size_t row = 0; row != file.rows.size(); ++row) {
    const std::string &cell = file.rows[row][column];
    auto value = parseCell(cell, unit);
    if (!value) {
      program.getDiags().report(diag::err_csv_not_a_number, range)
          << file.path << int64_t(file.lines[row]) << file.header[column] << cell;
      return std::nullopt;
    }
    values.push_back(*value);
  }
  return values;
}

static std::optional<ResolvedUnit> getUnit(Program &program, const ast::ColumnExpr &expr) {
  if (!expr.unit)
    return ResolvedUnit();
  return resolveUnit(*expr.unit, program.getDiags());
}

static Value errorAt(SourceRange range) {
  Value value;
  value.range = range;
  return value;
}

Value sema::readColumn(Program &program, const ast::ColumnExpr &expr, ConstantScope &scope) {
  const CsvFile *file = readCsv(program, *expr.file, scope);
  auto unit = getUnit(program, expr);
  if (!file || !unit || !expr.column)
    return errorAt(expr.range);
  auto name = evaluateString(program, *expr.column, scope, "a column's name");
  auto column = name ? requireColumn(program, *file, name->text, expr.column->range) : std::nullopt;
  if (!column)
    return errorAt(expr.range);
  Value result = errorAt(expr.range);
  result.kind = Value::Kind::List;
  bool isText = !expr.unit;
  for (auto &row : file->rows)
    isText &= !parseCell(row[*column], *unit);
  if (isText) {
    for (auto &row : file->rows)
      result.items.push_back(Value::makeString(row[*column], expr.range));
    return result;
  }
  auto values = numericColumn(program, *file, *column, *unit, expr.range);
  if (!values)
    return errorAt(expr.range);
  for (double value : *values)
    result.items.push_back(Value::makeNumber(value, unit->dimension, expr.range));
  return result;
}

Value sema::readCell(Program &program, const ast::ColumnExpr &expr, ConstantScope &scope) {
  const CsvFile *file = readCsv(program, *expr.file, scope);
  auto unit = getUnit(program, expr);
  if (!file || !unit || !expr.row || !expr.column)
    return errorAt(expr.range);
  Value row = evaluateValue(program, *expr.row, scope);
  Value name = evaluateValue(program, *expr.column, scope);
  if (row.isError() || name.isError())
    return errorAt(expr.range);
  auto column = requireColumn(program, *file, name.str(), expr.column->range);
  if (!column)
    return errorAt(expr.range);
  std::vector<std::string> keys;
  for (auto &cells : file->rows) {
    keys.push_back(cells[0]);
    if (cells[0] != row.str())
      continue;
    if (auto value = parseCell(cells[*column], *unit))
      return Value::makeNumber(*value, unit->dimension, expr.range);
    if (!expr.unit && !cells[*column].empty() &&
        !std::isnan(std::strtod(cells[*column].c_str(), nullptr)))
      return Value::makeString(cells[*column], expr.range);
    program.getDiags().report(diag::err_csv_not_a_number, expr.range)
        << file->path << int64_t(file->lines[&cells - file->rows.data()]) << file->header[*column]
        << cells[*column];
    return errorAt(expr.range);
  }
  program.reportUnknown(diag::err_csv_no_row, row.str(), expr.row->range, keys, file->path);
  return errorAt(expr.range);
}
