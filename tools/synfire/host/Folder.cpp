//===- Folder.cpp - a design as it was written to a folder ---===//
#include "tools/synfire/host/Folder.h"

#include "runtime/record/Csv.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <cmath>

using namespace synfire;
using namespace synfire::host;
using runtime::Status;

const Population *Folder::find(const std::string &population) const {
  for (const Population &one : populations)
    if (one.name == population)
      return &one;
  return nullptr;
}

const Population *Folder::of(uint32_t event, bool isInput) const {
  for (const Population &one : populations)
    if (one.isInput == isInput && event >= one.first && event - one.first < one.size)
      return &one;
  return nullptr;
}

/// The description is the one file of JSON that has the populations of a design.
static std::optional<llvm::json::Object> describedIn(const std::string &path) {
  std::error_code error;
  for (llvm::sys::fs::directory_iterator it(path, error), end; !error && it != end;
       it.increment(error)) {
    if (!llvm::StringRef(it->path()).ends_with(".json"))
      continue;
    auto text = llvm::MemoryBuffer::getFile(it->path());
    if (!text)
      continue;
    auto value = llvm::json::parse((*text)->getBuffer());
    if (!value) {
      llvm::consumeError(value.takeError());
      continue;
    }
    llvm::json::Object *object = value->getAsObject();
    if (object && object->getArray("sources") && object->getString("name"))
      return std::move(*object);
  }
  return std::nullopt;
}

runtime::Result<Folder> host::readFolder(const std::string &path) {
  auto described = describedIn(path);
  if (!described)
    return Status::userError("`" + path +
                             "` has no design; `synfire build --emit verilog -o` makes one");
  auto number = [&](llvm::StringRef name) { return described->getInteger(name).value_or(0); };
  Folder folder;
  folder.path = path;
  folder.name = described->getString("name")->str();
  folder.model = described->getString("model").value_or("").str();
  folder.hash = uint32_t(number("hash"));
  folder.inputs = uint32_t(number("inputs"));
  folder.cells = uint32_t(number("cells"));
  folder.steps = uint64_t(number("steps"));
  folder.seed = uint64_t(number("seed"));
  folder.loadWords = uint64_t(number("load_words"));
  folder.baud = unsigned(number("baud"));
  folder.clocksPerBit = unsigned(number("clocks_per_bit"));
  folder.stepMs = described->getNumber("step_ms").value_or(0);
  for (const llvm::json::Value &entry : *described->getArray("sources")) {
    const llvm::json::Object *source = entry.getAsObject();
    if (source)
      folder.populations.push_back({source->getString("name").value_or("").str(),
                                    uint32_t(source->getInteger("first").value_or(0)),
                                    uint32_t(source->getInteger("size").value_or(0)),
                                    source->getBoolean("input").value_or(false)});
  }
  if (const llvm::json::Array *read = described->getArray("read"))
    for (const llvm::json::Value &entry : *read)
      if (const llvm::json::Object *one = entry.getAsObject()) {
        auto of = [&](llvm::StringRef name) { return one->getInteger(name).value_or(0); };
        folder.learned.push_back({one->getString("projection").value_or("").str(),
                                  int(of("fraction")), one->getBoolean("signed").value_or(false),
                                  unsigned(of("bits")), unsigned(of("absent_bits")),
                                  unsigned(of("lanes")), unsigned(of("parts")),
                                  uint32_t(of("row_words")), uint32_t(of("sources")),
                                  uint32_t(of("targets")), uint64_t(of("first"))});
      }
  if (!folder.clocksPerBit || folder.stepMs <= 0)
    return Status::userError("the design in `" + path +
                             "` has no serial line; build it with `--wrap uart`");
  return folder;
}

runtime::Result<std::vector<uint16_t>> host::readWords(const Folder &folder) {
  std::vector<uint16_t> words;
  if (!folder.loadWords)
    return words;
  auto text = llvm::MemoryBuffer::getFile(folder.file("_load.hex"));
  if (!text)
    return Status::userError("cannot read `" + folder.file("_load.hex") +
                             "`: " + text.getError().message());
  llvm::SmallVector<llvm::StringRef> lines;
  (*text)->getBuffer().split(lines, '\n', -1, /*KeepEmpty=*/false);
  for (llvm::StringRef line : lines) {
    uint16_t word;
    if (line.trim().getAsInteger(16, word))
      return Status::userError("`" + folder.file("_load.hex") + "` has a word `" + line.str() +
                               "`, which is none of 16 bits");
    words.push_back(word);
  }
  if (words.size() != folder.loadWords)
    return Status::userError("`" + folder.file("_load.hex") + "` has " +
                             std::to_string(words.size()) + " words, not " +
                             std::to_string(folder.loadWords));
  return words;
}

runtime::Result<Spikes> host::readSpikes(const Folder &folder, const std::string &path) {
  auto table = runtime::readCsv(path);
  if (!table)
    return table.status();
  auto columnOf = [&](std::initializer_list<const char *> names, size_t otherwise) {
    for (const char *name : names)
      if (size_t found = table->column(name); found != runtime::CsvTable::noColumn)
        return found;
    return otherwise;
  };
  bool named = !table->names.empty();
  size_t none = runtime::CsvTable::noColumn;
  size_t population = columnOf({"population"}, none);
  size_t element = columnOf({"element", "neuron"}, named ? none : 0);
  size_t time = columnOf({"time [ms]", "time"}, named ? none : 1);
  if (element == none || time == none)
    return Status::userError("`" + path +
                             "` lacks the columns `element` and `time [ms]` of a run's spikes");
  const Population *only = nullptr;
  for (const Population &one : folder.populations)
    if (one.isInput)
      only = only ? nullptr : &one;
  Spikes spikes;
  for (size_t row = 0; row < table->rows.size(); ++row) {
    const Population *of = population == none ? only : folder.find(table->rows[row][population]);
    if (population == none && !only)
      return Status::userError("`" + path + "` lacks a column `population`");
    if (!of)
      continue;
    auto cell = table->number(row, element), at = table->number(row, time);
    if (!cell)
      return cell.status();
    if (!at)
      return at.status();
    double step = std::nearbyint(*at / folder.stepMs) - 1;
    if (*cell < 0 || *cell >= of->size || *cell != std::floor(*cell))
      return table->errorAt(row, "`" + of->name + "` has no such element");
    if (step >= 0)
      spikes[uint64_t(step)].push_back({of, uint32_t(*cell)});
  }
  return spikes;
}
