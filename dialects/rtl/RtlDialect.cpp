//===- RtlDialect.cpp - registration of the rtl dialect, and what its names are ---===//
#include "dialects/rtl/Rtl.h"

#include "mlir/IR/DialectImplementation.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace synfire;

#include "dialects/rtl/RtlDialect.cpp.inc"
#include "dialects/rtl/RtlEnums.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "dialects/rtl/RtlTypes.cpp.inc"
#define GET_OP_CLASSES
#include "dialects/rtl/RtlOps.cpp.inc"

void rtl::RtlDialect::initialize() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "dialects/rtl/RtlTypes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialects/rtl/RtlOps.cpp.inc"
      >();
}

bool rtl::isName(StringRef name) {
  auto inside = [](char c) { return llvm::isLower(c) || llvm::isDigit(c) || c == '_'; };
  return !name.empty() && llvm::isLower(name.front()) && llvm::all_of(name, inside);
}

bool rtl::isSequential(Operation *op) { return isa<RegisterOp, ReadOp, AccessOp, ArbitraryOp>(op); }

//===----------------------------------------------------------------------===//
// The type of memories
//===----------------------------------------------------------------------===//

unsigned rtl::MemoryType::getAddressWidth() { return llvm::Log2_64_Ceil(getDepth()); }

IntegerType rtl::MemoryType::getAddressType() {
  return IntegerType::get(getContext(), getAddressWidth());
}

LogicalResult rtl::MemoryType::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                                      int64_t depth, IntegerType word) {
  if (depth < 2)
    return emitError() << "a memory has at least two words; found " << depth;
  if (!word.isSignless() || word.getWidth() == 0)
    return emitError() << "a memory has words of signless integers; found " << word;
  return success();
}

Type rtl::MemoryType::parse(AsmParser &parser) {
  SmallVector<int64_t, 1> dimensions;
  IntegerType word;
  SMLoc where = parser.getCurrentLocation();
  if (parser.parseLess() || parser.parseDimensionList(dimensions, /*allowDynamic=*/false) ||
      parser.parseType(word) || parser.parseGreater())
    return {};
  if (dimensions.size() != 1) {
    parser.emitError(where, "expected the number of words and their type, as in `<256xi16>`");
    return {};
  }
  return parser.getChecked<MemoryType>(where, parser.getContext(), dimensions[0], word);
}

void rtl::MemoryType::print(AsmPrinter &printer) const {
  printer << "<" << getDepth() << "x" << getWord() << ">";
}

//===----------------------------------------------------------------------===//
// Names of values in the text of the IR
//===----------------------------------------------------------------------===//

void rtl::ModuleOp::getAsmBlockArgumentNames(Region &region, OpAsmSetValueNameFn setName) {
  for (auto [argument, name] : llvm::zip(region.getArguments(), getInputNames()))
    setName(argument, cast<StringAttr>(name).getValue());
}

RegionKind rtl::ModuleOp::getRegionKind(unsigned) { return RegionKind::Graph; }

rtl::OutputOp rtl::ModuleOp::getOutputOp() {
  return cast<OutputOp>(getBody().front().getTerminator());
}

void rtl::InstanceOp::getAsmResultNames(OpAsmSetValueNameFn setName) {
  auto module = SymbolTable::lookupNearestSymbolFrom<ModuleOp>(*this, getModuleNameAttr());
  if (!module || module.getNumOutputs() != getNumResults())
    return;
  for (auto [i, result] : llvm::enumerate(getResults()))
    setName(result, (getName() + "_" + module.outputName(i)).str());
}

void rtl::RegisterOp::getAsmResultNames(OpAsmSetValueNameFn setName) {
  setName(getResult(), getName());
}
void rtl::WireOp::getAsmResultNames(OpAsmSetValueNameFn setName) {
  setName(getResult(), getName());
}
void rtl::ArbitraryOp::getAsmResultNames(OpAsmSetValueNameFn setName) {
  setName(getResult(), getName());
}
void rtl::MemoryOp::getAsmResultNames(OpAsmSetValueNameFn setName) {
  setName(getMemory(), getName());
}

/// What a port reads is called like its memory.
static std::string readName(Value memory) {
  auto op = memory.getDefiningOp<rtl::MemoryOp>();
  return op ? (op.getName() + "_q").str() : "q";
}
void rtl::ReadOp::getAsmResultNames(OpAsmSetValueNameFn setName) {
  setName(getData(), readName(getMemory()));
}
void rtl::AccessOp::getAsmResultNames(OpAsmSetValueNameFn setName) {
  setName(getResult(), readName(getMemory()));
}
