//===- DesignFiles.cpp - what stands beside the Verilog of a design ---===//
#include "tools/synfire/hardware/DesignFiles.h"

#include "passes/sim-to-rtl/Description.h"
#include "targets/verilog/Boards.h"

#include "llvm/Support/FormatVariadic.h"

#include <fmt/format.h>

using namespace mlir;
using namespace synfire;
using namespace synfire::tool;
namespace json = llvm::json;

static json::Value jsonOf(Attribute attribute) {
  if (auto dictionary = dyn_cast<DictionaryAttr>(attribute)) {
    json::Object object;
    for (NamedAttribute entry : dictionary)
      object[entry.getName().getValue()] = jsonOf(entry.getValue());
    return object;
  }
  if (auto list = dyn_cast<ArrayAttr>(attribute)) {
    json::Array array;
    for (Attribute entry : list)
      array.push_back(jsonOf(entry));
    return array;
  }
  if (auto flag = dyn_cast<BoolAttr>(attribute))
    return flag.getValue();
  if (auto number = dyn_cast<IntegerAttr>(attribute))
    return number.getInt();
  if (auto real = dyn_cast<FloatAttr>(attribute))
    return real.getValueAsDouble();
  return cast<StringAttr>(attribute).getValue();
}

json::Object tool::describedDesign(mlir::ModuleOp design, const BuildCommand &command) {
  rtl::ModuleOp top = describedModule(design);
  json::Object object = *jsonOf(top.getDesignAttr()).getAsObject();
  object["hash"] = int64_t(*top.getHash());
  object["wrap"] = command.wrapper();
  if (auto load = top.getLoad())
    object["load_words"] = load->getNumElements();
  if (command.wrapper() == "uart") {
    object["baud"] = int64_t(command.baud);
    object["clocks_per_bit"] = int64_t(command.clocksPerBit());
  }
  for (json::Value &entry : *object.getArray("engines")) {
    json::Object &engine = *entry.getAsObject();
    auto module = design.lookupSymbol<rtl::ModuleOp>(engine.getString("name")->str() + "_neurons");
    if (auto stages = module ? module.getStages() : std::nullopt)
      engine["stages"] = int64_t(*stages);
  }
  return object;
}

/// The population and cell of an event that comes in.
static std::pair<std::string, int64_t> inputOf(const json::Object &design, int64_t number) {
  for (const json::Value &entry : *design.getArray("sources")) {
    const json::Object &source = *entry.getAsObject();
    int64_t first = *source.getInteger("first");
    if (*source.getBoolean("input") && number >= first &&
        number < first + *source.getInteger("size"))
      return {source.getString("name")->str(), number - first};
  }
  return {"", number};
}

std::vector<verilog::File> tool::designFiles(mlir::ModuleOp design, const BuildCommand &command) {
  rtl::ModuleOp top = describedModule(design);
  json::Object described = describedDesign(design, command);
  std::string name = described.getString("name")->str();
  std::vector<verilog::File> files;
  if (auto load = top.getLoad()) {
    std::string text;
    for (const APInt &word : load->getValues<APInt>())
      text += fmt::format("{:04x}\n", word.getZExtValue());
    files.push_back({name + "_load.hex", std::move(text)});
  }
  if (auto given = top.getGiven()) {
    std::string text = "population,element,time [ms]\n";
    auto numbers = llvm::to_vector(given->getValues<int32_t>());
    double step = described.getNumber("step_ms").value_or(1);
    for (size_t i = 0; i + 1 < numbers.size(); i += 2) {
      auto [population, element] = inputOf(described, numbers[i + 1]);
      text += fmt::format("{},{},{:.10g}\n", population, element, (numbers[i] + 1) * step);
    }
    files.push_back({name + "_given.csv", std::move(text)});
  }
  if (!command.board.empty())
    for (verilog::File &file : verilog::icebreakerFiles(name))
      files.push_back(std::move(file));
  std::string text = llvm::formatv("{0:2}\n", json::Value(std::move(described)));
  files.push_back({name + ".json", std::move(text)});
  return files;
}
