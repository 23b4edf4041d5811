//===- ModuleText.cpp - the text of one module ---===//
#include "targets/verilog/ModuleText.h"

#include "mlir/IR/Matchers.h"

#include <fmt/format.h>

using namespace mlir;
using namespace synfire;
using namespace synfire::verilog;

/// Longer or deeper expressions are cut, so that people can read them.
static const unsigned longest = 64, deepest = 3;

ModuleText::ModuleText(rtl::ModuleOp module, const llvm::DenseSet<Operation *> &clocked,
                       SymbolTableCollection &symbols)
    : module(module), allClocked(clocked), symbols(symbols), live(module),
      fileStem(mangle(module.getSymName())) {}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

static std::optional<APInt> constantOf(Value value) {
  APInt constant;
  if (matchPattern(value, m_ConstantInt(&constant)))
    return constant;
  return std::nullopt;
}

Expression ModuleText::expression(Value value) {
  if (auto found = inlined.find(value); found != inlined.end())
    return found->second;
  if (auto found = nameOf.find(value); found != nameOf.end())
    return {found->second};
  if (auto constant = constantOf(value))
    return {literal(*constant)};
  llvm_unreachable("operands are written before their users");
}

/// A name even for a constant.
std::string ModuleText::name(Value value) {
  if (auto found = nameOf.find(value); found != nameOf.end())
    return found->second;
  std::string text = expression(value).text;
  std::string name = nameOf[value] = names.temporary();
  current->wires += fmt::format("  wire{}{} = {};\n", range(rtl::widthOf(value)), name, text);
  return name;
}

std::string ModuleText::declare(Value value, StringRef wanted) {
  declared.push_back(value);
  return nameOf[value] = names.unique(wanted);
}

void ModuleText::nameThings() {
  names.unique("clk");
  for (auto [i, argument] : llvm::enumerate(module.getBody().getArguments()))
    declare(argument, module.inputName(i));
  for (StringRef name : module.getOutputNames().getAsValueRange<StringAttr>())
    names.unique(name);
  names.unique(module.getSymName()); // linters tell of what hides it
  // What keeps a value is declared first; its name must not depend on what else there is.
  for (Operation &op : module.getBody().front())
    if (live.isWritten(&op))
      declareState(&op);
}

void ModuleText::declareState(Operation *op) {
  std::string &text = sectionOf(op).declarations;
  auto declareOne = [&](const char *kind, Value value, StringRef wanted) {
    std::string name = declare(value, wanted);
    text += fmt::format("  {}{}{};\n", kind, range(rtl::widthOf(value)), name);
    return name;
  };
  if (auto reg = dyn_cast<rtl::RegisterOp>(op)) {
    std::string name = declareOne("reg", reg, reg.getName());
    if (auto initial = reg.getInitialValue())
      text += fmt::format("  initial {} = {};\n", name, literal(*initial));
  } else if (auto memory = dyn_cast<rtl::MemoryOp>(op)) {
    declareMemory(memory);
  } else if (auto arbitrary = dyn_cast<rtl::ArbitraryOp>(op)) {
    declareOne("(* anyconst *) reg", arbitrary, arbitrary.getName());
  } else if (auto instance = dyn_cast<rtl::InstanceOp>(op)) {
    auto of = symbols.lookupNearestSymbolFrom<rtl::ModuleOp>(op, instance.getModuleNameAttr());
    instanceNames[op] = names.unique(instance.getName());
    for (auto [i, result] : llvm::enumerate(op->getResults()))
      declareOne("wire", result, (instance.getName() + "_" + of.outputName(i)).str());
  }
}

//===----------------------------------------------------------------------===//
// Combinational logic
//===----------------------------------------------------------------------===//

static bool isCombinational(Operation *op) {
  return isa<arith::ArithDialect>(op->getDialect()) ||
         isa<rtl::WireOp, rtl::ExtractOp, rtl::ConcatOp, rtl::PeekOp>(op);
}

/// Writes each wire after those that it depends on; the verifier has seen that there are no cycles.
LogicalResult ModuleText::writeWires() {
  llvm::DenseSet<Operation *> done;
  for (bool ofHardware : {true, false})
    for (Operation &root : module.getBody().front()) {
      if (ofHardware ? !live.isHardware(&root) : !live.isProof(&root))
        continue;
      SmallVector<std::pair<Operation *, unsigned>> open{{&root, 0}};
      while (!open.empty()) {
        auto [op, next] = open.back();
        if (done.contains(op) || !isCombinational(op)) {
          open.pop_back();
          continue;
        }
        if (next == op->getNumOperands()) {
          open.pop_back();
          done.insert(op);
          if (failed(writeWire(op)))
            return failure();
          continue;
        }
        ++open.back().second;
        if (Operation *source = op->getOperand(next).getDefiningOp())
          open.push_back({source, 0});
      }
    }
  return success();
}

/// Whether the only user of a value can take any expression.
static bool takesExpressions(OpOperand &use) {
  Operation *user = use.getOwner();
  if (isa<rtl::OutputOp, rtl::WireOp, rtl::RegisterOp, rtl::AssertOp, rtl::AssumeOp>(user))
    return true;
  // Addresses and enables are said again where collisions are refused.
  if (auto write = dyn_cast<rtl::WriteOp>(user))
    return use.get() == write.getData() && !write.getMask();
  if (isSignTest(user) || isa<arith::ExtSIOp, arith::TruncIOp, rtl::ExtractOp>(user))
    return false;
  if (isa<arith::ShLIOp, arith::ShRUIOp, arith::ShRSIOp>(user))
    return false;
  return isCombinational(user) && mayBeInlined(user);
}

/// Whether a word is bits side by side that only say which lanes of a memory are written.
static bool isOnlyLanes(Operation *op) {
  auto lanes = dyn_cast<rtl::ConcatOp>(op);
  return lanes && lanes->getNumOperands() == rtl::widthOf(lanes.getResult()) &&
         llvm::all_of(lanes->getUses(), [](OpOperand &use) {
           auto write = dyn_cast<rtl::WriteOp>(use.getOwner());
           return write && write.getMask() == use.get() && write.getData() != use.get();
         });
}

LogicalResult ModuleText::writeWire(Operation *op) {
  if (isa<arith::ConstantOp>(op))
    return success();
  Value result = op->getResult(0);
  current = &sectionOf(op);
  FailureOr<Expression> text = expressionOf(op, *this);
  if (failed(text))
    return op->emitOpError("has no text in Verilog; `rtl-legalize` may give it one");
  if (isOnlyLanes(op)) { // each bit is a condition of its own
    inlined[result] = *text;
    return success();
  }
  bool isOperand = live.hasOneUse(result) && mayBeInlined(op);
  for (OpOperand &use : result.getUses())
    isOperand &= !live.isWritten(use.getOwner()) || takesExpressions(use);
  if (isOperand && text->text.size() <= longest && text->depth <= deepest) {
    inlined[result] = *text;
    return success();
  }
  auto wire = dyn_cast<rtl::WireOp>(op);
  if (wire)
    declare(result, wire.getName());
  else {
    nameOf[result] = names.temporary();
    declared.push_back(result);
  }
  current->wires +=
      fmt::format("  wire{}{} = {};\n", range(rtl::widthOf(result)), nameOf[result], text->text);
  return success();
}

//===----------------------------------------------------------------------===//
// Registers
//===----------------------------------------------------------------------===//

void ModuleText::writeRegisters(bool ofHardware) {
  llvm::MapVector<Group, SmallVector<rtl::RegisterOp>> groups;
  for (auto op : module.getBody().front().getOps<rtl::RegisterOp>())
    if (ofHardware ? live.isHardware(op) : live.isProof(op))
      groups[{op.getReset(), op.getEnable()}].push_back(op);
  std::string &text = (ofHardware ? hardware : proof).clocked;
  for (auto &entry : groups) {
    Value reset = entry.first.first, enable = entry.first.second;
    SmallVector<rtl::RegisterOp> &registers = entry.second;
    text += "  always @(posedge clk)";
    bool block = registers.size() > 1;
    if (!reset && !enable)
      text += block ? " begin\n" : "\n";
    auto assign = [&](llvm::function_ref<std::string(rtl::RegisterOp)> value) {
      for (rtl::RegisterOp op : registers)
        text += fmt::format("{}{} <= {};\n", reset || enable ? "      " : "    ", nameOf[op],
                            value(op));
    };
    std::string begin = block ? " begin\n" : "\n";
    if (reset) {
      text += "\n    if (" + expression(reset).text + ")" + begin;
      assign([](rtl::RegisterOp op) { return literal(*op.getResetValue()); });
      text += block ? "    end else" : "    else";
      text += enable ? " if (" + expression(enable).text + ")" + begin : begin;
    } else if (enable) {
      text += "\n    if (" + expression(enable).text + ")" + begin;
    }
    assign([&](rtl::RegisterOp op) { return expression(op.getNext()).text; });
    if (block)
      text += reset || enable ? "    end\n" : "  end\n";
  }
}

/// A text on one line, behind `//`.
static std::string comment(StringRef text) {
  std::string line = text.str();
  std::replace_if(line.begin(), line.end(), [](unsigned char c) { return c < ' '; }, ' ');
  return line;
}

//===----------------------------------------------------------------------===//
// The module
//===----------------------------------------------------------------------===//

void ModuleText::writeInstance(rtl::InstanceOp op) {
  auto of = symbols.lookupNearestSymbolFrom<rtl::ModuleOp>(op, op.getModuleNameAttr());
  SmallVector<std::string> ports;
  if (allClocked.contains(of))
    ports.push_back(".clk(clk)");
  for (auto [i, input] : llvm::enumerate(op.getInputs()))
    ports.push_back(fmt::format(".{}({})", mangle(of.inputName(i)), expression(input).text));
  for (auto [i, output] : llvm::enumerate(op.getResults()))
    ports.push_back(fmt::format(".{}({})", mangle(of.outputName(i)), nameOf[output]));
  instances += fmt::format("  {} {} (\n    {}\n  );\n", mangle(of.getSymName()), instanceNames[op],
                           llvm::join(ports, ",\n    "));
}

void ModuleText::writeProperty(Operation *op) {
  auto write = [&](auto property, const char *word) {
    std::string enable =
        property.getEnable() ? "if (" + expression(property.getEnable()).text + ") " : "";
    proof.clocked +=
        fmt::format("  always @(posedge clk) {}{}({}); // {}\n", enable, word,
                    expression(property.getCondition()).text, comment(property.getText()));
  };
  if (auto property = dyn_cast<rtl::AssertOp>(op))
    write(property, "assert");
  else if (auto property = dyn_cast<rtl::AssumeOp>(op))
    write(property, "assume");
}

void ModuleText::writeOutputs() {
  rtl::OutputOp output = module.getOutputOp();
  for (auto [i, value] : llvm::enumerate(output.getValues()))
    outputs +=
        fmt::format("  assign {} = {};\n", mangle(module.outputName(i)), expression(value).text);
}

/// Linters ask of every bit that someone uses it, or that it is called unused.
void ModuleText::sinkUnused() {
  SmallVector<std::string> parts;
  if (allClocked.contains(module) && hardware.clocked.empty() &&
      instances.find(".clk(") == std::string::npos)
    parts.push_back("clk");
  for (Value value : declared) {
    if (Operation *op = value.getDefiningOp(); op && !live.isHardware(op))
      continue;
    APInt unused = ~live.usedBits(value);
    unsigned width = unused.getBitWidth();
    while (!unused.isZero()) {
      unsigned from = unused.countr_zero(), count = unused.lshr(from).countr_one();
      parts.push_back(slice(nameOf[value], width, from, count));
      unused.clearBits(from, from + count);
    }
  }
  if (!parts.empty())
    sinks = fmt::format("  wire _unused = &{{1'b0, {}}};\n", llvm::join(parts, ", "));
}

std::string ModuleText::header() {
  std::string text = "// " + fileStem;
  if (auto summary = module.getSummary())
    text += ": " + comment(*summary);
  text += "\n`default_nettype none\nmodule " + fileStem;
  SmallVector<std::string> ports;
  if (allClocked.contains(module))
    ports.push_back("input  wire clk");
  for (auto [i, argument] : llvm::enumerate(module.getBody().getArguments()))
    ports.push_back(
        fmt::format("input  wire{}{}", range(rtl::widthOf(argument)), nameOf[argument]));
  for (unsigned i = 0; i != module.getNumOutputs(); ++i)
    ports.push_back(fmt::format("output wire{}{}",
                                range(module.outputType(i).getIntOrFloatBitWidth()),
                                mangle(module.outputName(i))));
  return text + (ports.empty() ? ";\n" : " (\n  " + llvm::join(ports, ",\n  ") + "\n);\n");
}

/// Hardware cannot be made of what stands for any value, nor of what devices cannot do.
LogicalResult ModuleText::checkUses(Operation *op) {
  if (isa<rtl::ArbitraryOp, rtl::PeekOp>(op) && live.isHardware(op))
    return op->emitOpError("is for proofs, but hardware depends on it");
  return success();
}

LogicalResult ModuleText::write(std::vector<File> &files) {
  Block &body = module.getBody().front();
  for (Operation &op : body)
    if (failed(checkUses(&op)))
      return failure();
  nameThings();
  if (failed(writeWires()))
    return failure();
  // From here on only constants may still need names, in the section that is being written.
  for (bool ofHardware : {true, false}) {
    current = ofHardware ? &hardware : &proof;
    writeRegisters(ofHardware);
    for (auto memory : body.getOps<rtl::MemoryOp>())
      if (ofHardware ? live.isHardware(memory) : live.isProof(memory))
        writeMemoryPorts(memory);
  }
  for (Operation &op : body)
    writeProperty(&op);
  current = &hardware;
  for (auto instance : body.getOps<rtl::InstanceOp>())
    writeInstance(instance);
  writeOutputs();
  sinkUnused();

  std::string text = header() + hardware.declarations + hardware.wires + instances +
                     hardware.clocked + outputs + sinks;
  if (std::string proofs = proof.declarations + proof.wires + proof.clocked; !proofs.empty())
    text += "`ifdef FORMAL\n" + proofs + "`endif\n";
  files.push_back({fileStem + ".v", text + "endmodule\n`default_nettype wire\n"});
  files.insert(files.end(), memoryFiles.begin(), memoryFiles.end());
  return success();
}
