//===- RtlAssembly.cpp - the text of modules and registers ---===//
//
// Modules are written as their users think of them, with the ports in a list; a register's values
// after `to` and `initially` are of the type that stands at the end. Neither fits a declarative
// format.
//
//===----------------------------------------------------------------------===//
#include "dialects/rtl/Rtl.h"

using namespace mlir;
using namespace synfire;

void rtl::ModuleOp::build(OpBuilder &builder, OperationState &state, StringRef name) {
  state.addAttribute(getSymNameAttrName(state.name), builder.getStringAttr(name));
  for (StringAttr attribute :
       {getInputNamesAttrName(state.name), getOutputNamesAttrName(state.name),
        getOutputTypesAttrName(state.name)})
    state.addAttribute(attribute, builder.getArrayAttr({}));
  state.addRegion()->emplaceBlock();
}

//===----------------------------------------------------------------------===//
// Modules
//===----------------------------------------------------------------------===//

namespace {
/// The ports as they are read.
struct Ports {
  SmallVector<OpAsmParser::Argument> inputs;
  SmallVector<Attribute> inputNames, outputNames, outputTypes;
};
} // namespace

/// `in %name: type`, or `in %x "name": type` where the value is called otherwise.
static ParseResult parseInput(OpAsmParser &parser, Ports &ports) {
  OpAsmParser::Argument argument;
  if (parser.parseArgument(argument))
    return failure();
  std::string name = argument.ssaName.name.drop_front().str();
  if (failed(parser.parseOptionalString(&name)))
    name = argument.ssaName.name.drop_front().str();
  if (parser.parseColonType(argument.type))
    return failure();
  ports.inputNames.push_back(parser.getBuilder().getStringAttr(name));
  ports.inputs.push_back(argument);
  return success();
}

static ParseResult parsePort(OpAsmParser &parser, Ports &ports) {
  if (succeeded(parser.parseOptionalKeyword("in")))
    return parseInput(parser, ports);
  StringRef name;
  Type type;
  if (parser.parseKeyword("out", ", or `in`") || parser.parseKeyword(&name) ||
      parser.parseColonType(type))
    return failure();
  ports.outputNames.push_back(parser.getBuilder().getStringAttr(name));
  ports.outputTypes.push_back(TypeAttr::get(type));
  return success();
}

ParseResult rtl::ModuleOp::parse(OpAsmParser &parser, OperationState &result) {
  StringAttr name;
  Ports ports;
  if (parser.parseSymbolName(name, getSymNameAttrName(result.name), result.attributes) ||
      parser.parseCommaSeparatedList(AsmParser::Delimiter::Paren,
                                     [&] { return parsePort(parser, ports); }) ||
      parser.parseOptionalAttrDictWithKeyword(result.attributes))
    return failure();
  Builder &builder = parser.getBuilder();
  result.addAttribute(getInputNamesAttrName(result.name), builder.getArrayAttr(ports.inputNames));
  result.addAttribute(getOutputNamesAttrName(result.name), builder.getArrayAttr(ports.outputNames));
  result.addAttribute(getOutputTypesAttrName(result.name), builder.getArrayAttr(ports.outputTypes));
  return parser.parseRegion(*result.addRegion(), ports.inputs);
}

void rtl::ModuleOp::print(OpAsmPrinter &printer) {
  printer << ' ';
  printer.printSymbolName(getSymName());
  printer << '(';
  bool first = true;
  auto separate = [&] {
    if (!first)
      printer << ", ";
    first = false;
  };
  for (auto [i, argument] : llvm::enumerate(getBody().getArguments())) {
    separate();
    std::string text;
    llvm::raw_string_ostream stream(text);
    printer.printOperand(argument, stream);
    printer << "in " << text;
    if (text != ("%" + inputName(i)).str())
      printer << " \"" << inputName(i) << "\"";
    printer << ": " << argument.getType();
  }
  for (unsigned i = 0; i != getNumOutputs(); ++i) {
    separate();
    printer << "out " << outputName(i) << ": " << outputType(i);
  }
  printer << ')';
  printer.printOptionalAttrDictWithKeyword((*this)->getAttrs(),
                                           {getSymNameAttrName(), getInputNamesAttrName(),
                                            getOutputNamesAttrName(), getOutputTypesAttrName()});
  printer << ' ';
  printer.printRegion(getBody(), /*printEntryBlockArgs=*/false);
}

//===----------------------------------------------------------------------===//
// Registers
//===----------------------------------------------------------------------===//

namespace {
/// A number whose type is read later.
struct Number {
  SMLoc where;
  APInt value;
  bool given = false;

  ParseResult parse(OpAsmParser &parser) {
    where = parser.getCurrentLocation();
    given = true;
    OptionalParseResult parsed = parser.parseOptionalInteger(value);
    if (!parsed.has_value())
      return parser.emitError(where, "expected a number");
    return *parsed;
  }

  ParseResult addTo(OperationState &result, OpAsmParser &parser, StringAttr name,
                    IntegerType type) {
    if (!given)
      return success();
    unsigned width = type.getWidth();
    bool fits =
        value.isNegative() ? value.getSignificantBits() <= width : value.getActiveBits() <= width;
    if (!fits)
      return parser.emitError(where) << "the number does not fit into " << width << " bits";
    result.addAttribute(name, IntegerAttr::get(type, value.sextOrTrunc(width)));
    return success();
  }
};
} // namespace

ParseResult rtl::RegisterOp::parse(OpAsmParser &parser, OperationState &result) {
  std::string name;
  OpAsmParser::UnresolvedOperand next, enable, reset;
  bool hasEnable = false, hasReset = false;
  Number resetValue, initialValue;
  IntegerType type;
  if (parser.parseString(&name) || parser.parseOperand(next))
    return failure();
  if ((hasEnable = succeeded(parser.parseOptionalKeyword("enable"))) && parser.parseOperand(enable))
    return failure();
  if ((hasReset = succeeded(parser.parseOptionalKeyword("reset"))) &&
      (parser.parseOperand(reset) || parser.parseKeyword("to") || resetValue.parse(parser)))
    return failure();
  if (succeeded(parser.parseOptionalKeyword("initially")) && initialValue.parse(parser))
    return failure();
  if (parser.parseOptionalAttrDict(result.attributes) || parser.parseColonType(type))
    return failure();
  Builder &builder = parser.getBuilder();
  result.addAttribute(getNameAttrName(result.name), builder.getStringAttr(name));
  if (resetValue.addTo(result, parser, getResetValueAttrName(result.name), type) ||
      initialValue.addTo(result, parser, getInitialValueAttrName(result.name), type))
    return failure();
  result.addTypes(type);
  Type bit = builder.getI1Type();
  if (parser.resolveOperand(next, type, result.operands) ||
      (hasEnable && parser.resolveOperand(enable, bit, result.operands)) ||
      (hasReset && parser.resolveOperand(reset, bit, result.operands)))
    return failure();
  result.addAttribute(getOperandSegmentSizesAttrName(result.name),
                      builder.getDenseI32ArrayAttr({1, hasEnable, hasReset}));
  return success();
}

void rtl::RegisterOp::print(OpAsmPrinter &printer) {
  printer << " \"" << getName() << "\" " << getNext();
  if (getEnable())
    printer << " enable " << getEnable();
  auto printNumber = [&](const APInt &value) {
    SmallString<32> text;
    value.toStringUnsigned(text);
    printer << text;
  };
  if (getReset()) {
    printer << " reset " << getReset() << " to ";
    printNumber(*getResetValue());
  }
  if (getInitialValue()) {
    printer << " initially ";
    printNumber(*getInitialValue());
  }
  printer.printOptionalAttrDict((*this)->getAttrs(),
                                {getNameAttrName(), getResetValueAttrName(),
                                 getInitialValueAttrName(), getOperandSegmentSizesAttrName()});
  printer << " : " << getType();
}
