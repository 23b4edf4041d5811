//===- Csv.cpp ------------------------------------------------------------===//

#include "runtime/record/Csv.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

using namespace synfire::runtime;

size_t CsvTable::column(const std::string &name) const {
  for (size_t i = 0; i < names.size(); ++i)
    if (names[i] == name)
      return i;
  return noColumn;
}

Status CsvTable::errorAt(size_t row, const std::string &text) const {
  return Status::userError(path + ":" + std::to_string(lines[row]) + ": " + text);
}

/// Whether all of \p text is one number.
static bool parseNumber(const std::string &text, double &value) {
  const char *begin = text.c_str();
  char *end;
  value = std::strtod(begin, &end);
  return end != begin && *end == '\0';
}

Result<double> CsvTable::number(size_t row, size_t column) const {
  double value;
  if (parseNumber(rows[row][column], value))
    return value;
  return errorAt(row, "`" + rows[row][column] + "` is not a number");
}

static std::string trimmed(const std::string &text) {
  size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string::npos)
    return "";
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

/// The fields of one line.
static std::vector<std::string> splitLine(const std::string &line) {
  std::vector<std::string> fields;
  std::string field;
  bool quoted = false, wasQuoted = false;
  auto finish = [&] {
    fields.push_back(wasQuoted ? field : trimmed(field));
    field.clear();
    wasQuoted = false;
  };
  for (size_t i = 0; i < line.size(); ++i) {
    char c = line[i];
    if (quoted && c == '"' && i + 1 < line.size() && line[i + 1] == '"') {
      field += '"';
      ++i;
    } else if (c == '"' && (quoted || trimmed(field).empty())) {
      quoted = !quoted;
      if (quoted)
        field.clear();
      wasQuoted = true;
    } else if (c == ',' && !quoted) {
      finish();
    } else if (!wasQuoted || quoted) {
      field += c;
    }
  }
  finish();
  return fields;
}

static bool allNumbers(const std::vector<std::string> &fields) {
  double value;
  for (const std::string &field : fields)
    if (!parseNumber(field, value))
      return false;
  return true;
}

static Result<std::string> readFile(const std::string &path) {
  std::FILE *file = std::fopen(path.c_str(), "rb");
  if (!file)
    return Status::userError("cannot read `" + path + "`: " + std::strerror(errno));
  std::string text;
  char block[65536];
  while (size_t n = std::fread(block, 1, sizeof(block), file))
    text.append(block, n);
  bool failed = std::ferror(file);
  int error = errno;
  std::fclose(file);
  if (failed)
    return Status::machineError("cannot read `" + path + "`: " + std::strerror(error));
  return text;
}

Result<CsvTable> synfire::runtime::readCsv(const std::string &path) {
  Result<std::string> text = readFile(path);
  if (!text)
    return text.status();
  CsvTable table;
  table.path = path;
  size_t begin = text->compare(0, 3, "\xef\xbb\xbf") == 0 ? 3 : 0; // a BOM
  size_t width = 0;
  for (size_t line = 1; begin < text->size(); ++line) {
    size_t end = text->find('\n', begin);
    if (end == std::string::npos)
      end = text->size();
    std::string content = trimmed(text->substr(begin, end - begin));
    begin = end + 1;
    if (content.empty() || content[0] == '#')
      continue;
    std::vector<std::string> fields = splitLine(content);
    if (width == 0) {
      width = fields.size();
      if (!allNumbers(fields)) {
        table.names = std::move(fields);
        continue;
      }
    }
    table.rows.push_back(std::move(fields));
    table.lines.push_back(line);
    if (table.rows.back().size() != width)
      return table.errorAt(table.rows.size() - 1, std::to_string(table.rows.back().size()) +
                                                      " fields, the rows before have " +
                                                      std::to_string(width));
  }
  return table;
}
