//===- Golden.cpp - what a design must do, step by step ---===//
#include "targets/verilog/Golden.h"

#include "targets/verilog/Template.h"

#include <fmt/format.h>

using namespace synfire;
using namespace synfire::verilog;

/// Seven bits a byte, the lowest first; the highest bit says that there are more.
static void addNumber(std::string &bytes, uint64_t number) {
  for (; number >= 128; number >>= 7)
    bytes += char(number | 128);
  bytes += char(number);
}

/// Numbers that ascend, each as its distance from the one before.
static void addList(std::string &bytes, llvm::ArrayRef<uint32_t> list) {
  addNumber(bytes, list.size());
  uint32_t before = 0;
  for (uint32_t number : list) {
    addNumber(bytes, number - before);
    before = number;
  }
}

void Golden::add(const Step &step) {
  addList(records, step.given);
  addList(records, step.fired);
  for (int i = 0; i < 8; ++i)
    records += char(step.hash >> (8 * i));
  ++allSteps;
}

std::string verilog::fillIn(llvm::StringRef text,
                            llvm::ArrayRef<std::pair<llvm::StringRef, std::string>> values) {
  std::string result = text.str();
  for (const auto &[name, value] : values) {
    std::string place = "@" + name.str() + "@";
    for (size_t at = 0; (at = result.find(place, at)) != std::string::npos; at += value.size())
      result.replace(at, place.size(), value);
  }
  return result;
}

std::string verilog::portComment(const Golden &golden) {
  std::string lines;
  auto add = [&](llvm::StringRef port, const Golden::Named &of) {
    lines += fmt::format("// {} {}..{}: {}[0..{}]\n", port.str(), of.first, of.first + of.size - 1,
                         of.name, of.size - 1);
  };
  for (const Golden::Named &of : golden.populations)
    add("out_event", of);
  for (const Golden::Named &of : golden.inputGroups)
    add("in_event", of);
  return lines;
}
