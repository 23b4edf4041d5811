//===- RtlVerifiers.cpp - what hardware must keep to ---===//
#include "dialects/rtl/CombinationalPaths.h"
#include "dialects/rtl/Rtl.h"

#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::rtl;

static LogicalResult verifyName(Operation *op, StringRef name) {
  if (isName(name))
    return success();
  return op->emitOpError()
         << "has the name `" << name
         << "`; names are made of lower-case letters, digits and `_`, and begin with a letter";
}

//===----------------------------------------------------------------------===//
// Modules
//===----------------------------------------------------------------------===//

LogicalResult rtl::ModuleOp::verify() {
  if (failed(verifyName(*this, getSymName())))
    return failure();
  if (getBody().getNumArguments() != getNumInputs())
    return emitOpError() << "has " << getNumInputs() << " names for " << getBody().getNumArguments()
                         << " inputs";
  if (getOutputTypes().size() != getNumOutputs())
    return emitOpError() << "has " << getNumOutputs() << " names for " << getOutputTypes().size()
                         << " outputs";
  llvm::StringSet<> names;
  for (ArrayAttr list : {getInputNames(), getOutputNames()})
    for (StringRef name : list.getAsValueRange<StringAttr>()) {
      if (failed(verifyName(*this, name)))
        return failure();
      if (name == "clk")
        return emitOpError("has a port `clk`; the clock is implied");
      if (!names.insert(name).second)
        return emitOpError() << "has two ports `" << name << "`";
    }
  SmallVector<Type> types(getBody().getArgumentTypes());
  llvm::append_range(types, getOutputTypes().getAsValueRange<TypeAttr>());
  for (Type type : types)
    if (!type.isSignlessInteger() || type.getIntOrFloatBitWidth() == 0)
      return emitOpError() << "has a port of type " << type << "; ports are signless integers";
  return success();
}

LogicalResult rtl::ModuleOp::verifyRegions() {
  // What goes through instances is not known here; `rtl-verify` looks at whole designs.
  return refuseCombinationalCycle(*this, [](InstanceOp instance, unsigned) {
    return llvm::BitVector(instance.getInputs().size());
  });
}

LogicalResult rtl::OutputOp::verify() {
  auto module = cast<ModuleOp>((*this)->getParentOp());
  if (getValues().size() != module.getNumOutputs())
    return emitOpError() << "has " << getValues().size() << " values for " << module.getNumOutputs()
                         << " outputs";
  for (auto [i, value] : llvm::enumerate(getValues()))
    if (value.getType() != module.outputType(i))
      return emitOpError() << "gives the output `" << module.outputName(i) << "` of type "
                           << module.outputType(i) << " a value of type " << value.getType();
  return success();
}

LogicalResult rtl::InstanceOp::verify() { return verifyName(*this, getName()); }

LogicalResult rtl::InstanceOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto module = symbols.lookupNearestSymbolFrom<ModuleOp>(*this, getModuleNameAttr());
  if (!module)
    return emitOpError() << "is of `" << getModuleName() << "`, which is no module";
  auto refuse = [&](const char *what, StringRef port, Type type, Type found) {
    InFlightDiagnostic error = emitOpError() << "has a " << found << " at the " << what << " `"
                                             << port << "` of type " << type;
    error.attachNote(module.getLoc()) << "the module is here";
    return failure();
  };
  if (getInputs().size() != module.getNumInputs() || getNumResults() != module.getNumOutputs()) {
    InFlightDiagnostic error = emitOpError()
                               << "has " << getInputs().size() << " inputs and " << getNumResults()
                               << " outputs; `" << getModuleName() << "` has "
                               << module.getNumInputs() << " and " << module.getNumOutputs();
    error.attachNote(module.getLoc()) << "the module is here";
    return failure();
  }
  for (auto [i, input] : llvm::enumerate(getInputs()))
    if (Type type = module.getBody().getArgument(i).getType(); type != input.getType())
      return refuse("input", module.inputName(i), type, input.getType());
  for (auto [i, output] : llvm::enumerate(getResults()))
    if (Type type = module.outputType(i); type != output.getType())
      return refuse("output", module.outputName(i), type, output.getType());
  return success();
}

//===----------------------------------------------------------------------===//
// Registers and wires
//===----------------------------------------------------------------------===//

LogicalResult rtl::RegisterOp::verify() {
  if (getReset() && !getResetValue())
    return emitOpError("has a reset, but no value that it sets");
  if (!getReset() && getResetValue())
    return emitOpError("has a value for a reset, but no reset");
  for (std::optional<APInt> value : {getResetValue(), getInitialValue()})
    if (value && value->getBitWidth() != widthOf(getResult()))
      return emitOpError() << "of " << widthOf(getResult()) << " bits starts with a value of "
                           << value->getBitWidth();
  return verifyName(*this, getName());
}

LogicalResult rtl::WireOp::verify() { return verifyName(*this, getName()); }
LogicalResult rtl::ArbitraryOp::verify() { return verifyName(*this, getName()); }

LogicalResult rtl::ExtractOp::verify() {
  if (getFrom() + widthOf(getResult()) > widthOf(getValue()))
    return emitOpError() << "takes bits " << getFrom() << " to "
                         << getFrom() + widthOf(getResult()) - 1 << " of a word of "
                         << widthOf(getValue()) << " bits";
  return success();
}

LogicalResult rtl::ConcatOp::verify() {
  unsigned width = 0;
  for (Value part : getParts())
    width += widthOf(part);
  if (width != widthOf(getResult()))
    return emitOpError() << "has parts of " << width << " bits in all, and a result of "
                         << widthOf(getResult());
  return success();
}

//===----------------------------------------------------------------------===//
// Memories
//===----------------------------------------------------------------------===//

/// The ports of a memory agree: one writer at most, and nothing beside an `access`.
static LogicalResult verifyPorts(MemoryOp memory) {
  Operation *writer = nullptr, *reader = nullptr, *single = nullptr;
  auto refuse = [&](Operation *op, const char *message, Operation *other) {
    InFlightDiagnostic error = op->emitOpError(message);
    error.attachNote(other->getLoc()) << "the other port is here";
    return failure();
  };
  // Users are listed backwards.
  for (Operation *user : llvm::reverse(SmallVector<Operation *>(memory->getUsers()))) {
    if (isa<WriteOp>(user)) {
      if (writer)
        return refuse(user, "is a second port that writes the memory", writer);
      writer = user;
    } else if (isa<AccessOp>(user)) {
      if (single)
        return refuse(user, "is a second port of a memory that has one", single);
      single = user;
    } else if (isa<ReadOp>(user)) {
      reader = user;
    }
  }
  if (single && (writer || reader))
    return refuse(single, "is not the only port of its memory", writer ? writer : reader);
  if (memory.getStyle() == Style::Huge && !single && (writer || reader))
    return memory.emitOpError("is `huge`, which has one port, `rtl.access`");
  return success();
}

LogicalResult rtl::MemoryOp::verify() {
  if (failed(verifyName(*this, getName())))
    return failure();
  MemoryType type = getMemory().getType();
  if (std::optional<ElementsAttr> init = getInit()) {
    if (getStyle() == Style::Huge)
      return emitOpError("is `huge`, which has no start values");
    ShapedType shape = init->getShapedType();
    if (shape.getRank() != 1 || shape.getDimSize(0) != type.getDepth() ||
        shape.getElementType() != type.getWord())
      return emitOpError() << "has start values of type " << shape << " for " << type.getDepth()
                           << " words of type " << type.getWord();
    if (!isa<DenseElementsAttr, DenseResourceElementsAttr>(*init))
      return emitOpError("has start values that are neither `dense` nor a `dense_resource`");
  }
  return verifyPorts(*this);
}

static LogicalResult verifyMask(Operation *op, Value mask, MemoryType memory) {
  if (!mask || memory.getWordWidth() % widthOf(mask) == 0)
    return success();
  return op->emitOpError() << "has a mask for " << widthOf(mask)
                           << " lanes, which do not divide words of " << memory.getWordWidth()
                           << " bits";
}

LogicalResult rtl::WriteOp::verify() { return verifyMask(*this, getMask(), getMemory().getType()); }
LogicalResult rtl::AccessOp::verify() {
  return verifyMask(*this, getMask(), getMemory().getType());
}
