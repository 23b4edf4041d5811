//===- MemoryText.cpp - the text of memories ---===//
//
// Synthesis tools make a block of RAM of what looks like one. These are the forms that cost nothing
// beside it on iCE40, ECP5 and 7-series: a read register that is not reset, one block per port, and
// `no_rw_check` where a port reads and another writes. Else the tools add logic that keeps what a
// simulator sees when both meet: the old word.
//
//===----------------------------------------------------------------------===//
#include "targets/verilog/ModuleText.h"

#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/Matchers.h"

#include <fmt/format.h>

using namespace mlir;
using namespace synfire;
using namespace synfire::verilog;

static void appendWord(std::string &text, const APInt &word) {
  SmallString<64> digits;
  word.toString(digits, 16, /*Signed=*/false, /*formatAsCLiteral=*/false, /*UpperCase=*/false);
  unsigned full = (word.getBitWidth() + 3) / 4;
  text.append(full - std::min<size_t>(full, digits.size()), '0');
  text += digits.str();
  text += '\n';
}

std::string verilog::hexText(ElementsAttr init, unsigned width) {
  std::string text;
  if (auto dense = dyn_cast<DenseElementsAttr>(init)) {
    for (const APInt &word : dense.getValues<APInt>())
      appendWord(text, word);
    return text;
  }
  // A resource is the words in whole bytes, lowest first.
  AsmResourceBlob *blob = cast<DenseResourceElementsAttr>(init).getRawHandle().getBlob();
  ArrayRef<char> bytes = blob ? blob->getData() : ArrayRef<char>();
  unsigned stride = (width + 7) / 8;
  for (; bytes.size() >= stride; bytes = bytes.drop_front(stride)) {
    APInt word(8 * stride, 0);
    for (unsigned i = 0; i != stride; ++i)
      word.insertBits(static_cast<uint8_t>(bytes[i]), 8 * i, 8);
    appendWord(text, word.trunc(width));
  }
  return text;
}

/// What other tools than yosys call it, yosys knows as well.
static const char *styleText(rtl::Style style) {
  switch (style) {
  case rtl::Style::Auto:
    return "";
  case rtl::Style::Block:
    return "(* ram_style = \"block\" *) ";
  case rtl::Style::Distributed:
    return "(* ram_style = \"distributed\" *) ";
  case rtl::Style::Huge:
    return "(* ram_style = \"huge\" *) ";
  }
  llvm_unreachable("all styles are handled");
}

/// What the port of a memory is.
template <typename Port> static SmallVector<Port> portsOf(rtl::MemoryOp memory, const Live &live) {
  SmallVector<Port> ports;
  for (Operation &op : *memory->getBlock())
    if (auto port = dyn_cast<Port>(op);
        port && port.getMemory() == memory.getMemory() && live.isWritten(port))
      ports.push_back(port);
  return ports;
}

void ModuleText::declareMemory(rtl::MemoryOp op) {
  std::string &text = sectionOf(op).declarations;
  rtl::MemoryType type = op.getMemory().getType();
  std::string name = nameOf[op.getMemory()] = names.unique(op.getName());
  auto reads = portsOf<rtl::ReadOp>(op, live);
  bool written = !portsOf<rtl::WriteOp>(op, live).empty();
  text +=
      fmt::format("  {}{}reg{}{} [0:{}];\n", styleText(op.getStyle().value_or(rtl::Style::Auto)),
                  written && !reads.empty() ? "(* no_rw_check *) " : "", range(type.getWordWidth()),
                  name, type.getDepth() - 1);
  if (auto init = op.getInit()) {
    std::string file = fileStem + "_" + name + ".hex";
    text += fmt::format("  initial $readmemh(\"{}\", {});\n", file, name);
    memoryFiles.push_back({file, hexText(*init, type.getWordWidth())});
  }
  SmallVector<Value> results;
  for (rtl::ReadOp read : reads)
    results.push_back(read.getData());
  for (rtl::AccessOp access : portsOf<rtl::AccessOp>(op, live))
    results.push_back(access.getResult());
  for (Value result : results) {
    std::string q = declare(result, (op.getName() + "_q").str());
    text += fmt::format("  reg{}{};\n", range(type.getWordWidth()), q);
  }
}

std::string ModuleText::writeStatement(rtl::MemoryOp memory, Value address, Value data, Value mask,
                                       StringRef indent) {
  std::string word = fmt::format("{}[{}]", nameOf[memory.getMemory()], expression(address).text);
  if (!mask)
    return fmt::format("{}{} <= {};\n", indent.str(), word, expression(data).text);
  unsigned lanes = rtl::widthOf(mask), width = rtl::widthOf(data), lane = width / lanes;
  std::string text, word_ = name(data);
  // Neighbours under one condition are one slice.
  auto parts = mask.getDefiningOp<rtl::ConcatOp>();
  bool single = parts && parts->getNumOperands() == lanes;
  std::string bits = single ? "" : name(mask);
  auto conditionOf = [&](unsigned i) {
    return single ? parts->getOperand(lanes - 1 - i) : Value();
  };
  for (unsigned i = 0, n = 1; i != lanes; i += n, n = 1) {
    while (single && i + n != lanes && conditionOf(i + n) == conditionOf(i))
      ++n;
    bool always = single && matchPattern(conditionOf(i), m_One());
    std::string condition =
        always ? ""
               : fmt::format("if ({}) ", single ? name(conditionOf(i)) : slice(bits, lanes, i, 1));
    text += fmt::format("{}{}{} <= {};\n", indent.str(), condition,
                        slice(word, width, i * lane, n * lane),
                        slice(word_, width, i * lane, n * lane));
  }
  return text;
}

std::string ModuleText::readStatement(rtl::MemoryOp memory, Value address, Value data) {
  return fmt::format("{} <= {}[{}];\n", nameOf[data], nameOf[memory.getMemory()],
                     expression(address).text);
}

void ModuleText::proveNoCollision(rtl::MemoryOp memory, rtl::ReadOp read, rtl::WriteOp write) {
  std::string both;
  for (Value enable : {write.getEnable(), read.getEnable()})
    if (enable)
      both += expression(enable).text + " && ";
  proof.clocked += fmt::format(
      "  always @(posedge clk) assert(!({}{} == {})); // no word of {} is read and written "
      "at once\n",
      both, expression(write.getAddress()).text, expression(read.getAddress()).text,
      nameOf[memory.getMemory()]);
}

void ModuleText::writeMemoryPorts(rtl::MemoryOp memory) {
  std::string &text = current->clocked;
  auto condition = [&](Value enable) {
    return enable ? "    if (" + expression(enable).text + ")" : std::string();
  };
  auto writes = portsOf<rtl::WriteOp>(memory, live);
  for (rtl::WriteOp write : writes) {
    std::string statement =
        writeStatement(memory, write.getAddress(), write.getData(), write.getMask(), "      ");
    text += "  always @(posedge clk)";
    text += write.getMask() ? " begin\n" : "\n";
    if (write.getEnable())
      text += condition(write.getEnable()) + (write.getMask() ? " begin\n" : "\n");
    text += statement;
    if (write.getMask())
      text += write.getEnable() ? "    end\n  end\n" : "  end\n";
  }
  for (rtl::ReadOp read : portsOf<rtl::ReadOp>(memory, live)) {
    text += "  always @(posedge clk)\n";
    if (read.getEnable())
      text += condition(read.getEnable()) + "\n  ";
    text += "    " + readStatement(memory, read.getAddress(), read.getData());
    if (!writes.empty() && !memory.getCollisions())
      proveNoCollision(memory, read, writes.front());
  }
  for (rtl::AccessOp access : portsOf<rtl::AccessOp>(memory, live)) {
    std::string statement =
        writeStatement(memory, access.getAddress(), access.getData(), access.getMask(), "        ");
    text += "  always @(posedge clk)\n";
    if (access.getEnable())
      text += condition(access.getEnable()) + " begin\n";
    text += "      if (" + expression(access.getWrite()).text + ") begin\n" + statement +
            "      end else\n        " +
            readStatement(memory, access.getAddress(), access.getResult());
    if (access.getEnable())
      text += "    end\n";
  }
}
