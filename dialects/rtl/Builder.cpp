//===- Builder.cpp - hardware written in C++ ---===//
#include "dialects/rtl/Builder.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::rtl;

//===----------------------------------------------------------------------===//
// Wires
//===----------------------------------------------------------------------===//

/// An op of `arith` on words of one width, or the constant it is.
template <typename Op, typename... Arguments>
static Wire make(ModuleBuilder *module, Arguments... arguments) {
  return {*module, module->getBuilder().createOrFold<Op>(module->getLoc(), arguments...)};
}

Wire Wire::operator+(Wire other) const { return make<arith::AddIOp>(module, value, other.value); }
Wire Wire::operator-(Wire other) const { return make<arith::SubIOp>(module, value, other.value); }
Wire Wire::operator*(Wire other) const { return make<arith::MulIOp>(module, value, other.value); }
Wire Wire::operator&(Wire other) const { return make<arith::AndIOp>(module, value, other.value); }
Wire Wire::operator|(Wire other) const { return make<arith::OrIOp>(module, value, other.value); }
Wire Wire::operator^(Wire other) const { return make<arith::XOrIOp>(module, value, other.value); }
Wire Wire::operator~() const { return *this ^ same(-1); }
Wire Wire::operator==(Wire other) const { return compare(arith::CmpIPredicate::eq, other); }
Wire Wire::operator!=(Wire other) const { return compare(arith::CmpIPredicate::ne, other); }

Wire Wire::compare(arith::CmpIPredicate predicate, Wire other) const {
  return make<arith::CmpIOp>(module, predicate, value, other.value);
}

Wire Wire::shl(Wire amount) const { return make<arith::ShLIOp>(module, value, amount.value); }
Wire Wire::shru(Wire amount) const { return make<arith::ShRUIOp>(module, value, amount.value); }
Wire Wire::shrs(Wire amount) const { return make<arith::ShRSIOp>(module, value, amount.value); }
Wire Wire::shl(unsigned amount) const { return amount ? shl(same(amount)) : *this; }
Wire Wire::shru(unsigned amount) const { return amount ? shru(same(amount)) : *this; }
Wire Wire::shrs(unsigned amount) const { return amount ? shrs(same(amount)) : *this; }

Wire Wire::bits(unsigned from, unsigned width) const {
  Type type = module->getBuilder().getIntegerType(width);
  return make<ExtractOp>(module, type, value, from);
}

Wire Wire::zext(unsigned width) const {
  if (width == this->width())
    return *this;
  return make<arith::ExtUIOp>(module, Type(module->getBuilder().getIntegerType(width)), value);
}

Wire Wire::sext(unsigned width) const {
  if (width == this->width())
    return *this;
  return make<arith::ExtSIOp>(module, Type(module->getBuilder().getIntegerType(width)), value);
}

Wire Wire::select(Wire high, Wire low) const {
  return make<arith::SelectOp>(module, value, high.value, low.value);
}

Wire Wire::same(int64_t number) const { return module->constant(width(), number); }

//===----------------------------------------------------------------------===//
// Memories
//===----------------------------------------------------------------------===//

Wire Memory::read(Wire address, Wire enable) {
  auto type = op.getMemory().getType();
  return {*module, ReadOp::create(module->getBuilder(), module->getLoc(), type.getWord(),
                                  op.getMemory(), address.get(), enable.get())};
}

Wire Memory::peek(Wire address) {
  Type word = op.getMemory().getType().getWord();
  return {*module, PeekOp::create(module->getBuilder(), module->getLoc(), word, op.getMemory(),
                                  address.get())};
}

void Memory::write(Wire address, Wire data, Wire enable, Wire mask) {
  WriteOp::create(module->getBuilder(), module->getLoc(), op.getMemory(), address.get(), data.get(),
                  enable.get(), mask.get());
}

Wire Memory::access(Wire address, Wire data, Wire write, Wire enable, Wire mask) {
  auto type = op.getMemory().getType();
  return {*module,
          AccessOp::create(module->getBuilder(), module->getLoc(), type.getWord(), op.getMemory(),
                           address.get(), data.get(), write.get(), enable.get(), mask.get())};
}

//===----------------------------------------------------------------------===//
// Modules
//===----------------------------------------------------------------------===//

ModuleBuilder::ModuleBuilder(OpBuilder &builder, Location loc, StringRef name, StringRef summary)
    : module(rtl::ModuleOp::create(builder, loc, name)), body(builder.getContext()), loc(loc) {
  body.setInsertionPointToEnd(&module.getBody().front());
  if (!summary.empty())
    module.setSummary(summary);
}

Wire ModuleBuilder::input(StringRef name, unsigned width) {
  inputNames.push_back(body.getStringAttr(name));
  return {*this, module.getBody().addArgument(body.getIntegerType(width), loc)};
}

void ModuleBuilder::output(StringRef name, Wire value) {
  outputNames.push_back(body.getStringAttr(name));
  outputTypes.push_back(TypeAttr::get(value.get().getType()));
  outputs.push_back(value.get());
}

Wire ModuleBuilder::constant(const APInt &value) {
  auto attribute = body.getIntegerAttr(body.getIntegerType(value.getBitWidth()), value);
  return {*this, arith::ConstantOp::create(body, loc, attribute)};
}

Wire ModuleBuilder::constant(unsigned width, int64_t value) {
  return constant(APInt(64, value, /*isSigned=*/true).sextOrTrunc(width));
}

Wire ModuleBuilder::wire(StringRef name, Wire value) {
  return {*this,
          WireOp::create(body, loc, value.get().getType(), body.getStringAttr(name), value.get())};
}

Register ModuleBuilder::reg(StringRef name, unsigned width, const RegisterOptions &options) {
  Type type = body.getIntegerType(width);
  auto number = [&](int64_t value) {
    return body.getIntegerAttr(type, APInt(64, value, /*isSigned=*/true).sextOrTrunc(width));
  };
  IntegerAttr resetValue = options.reset ? number(options.resetValue) : IntegerAttr();
  IntegerAttr initially = options.initially ? number(*options.initially) : IntegerAttr();
  Value next = constant(width, 0).get();
  auto op = RegisterOp::create(body, loc, type, body.getStringAttr(name), next,
                               options.enable.get(), options.reset.get(), resetValue, initially);
  // Until it is told what comes next, it keeps its value.
  op.getNextMutable().assign(op.getResult());
  next.getDefiningOp()->erase();
  return {*this, op};
}

Memory ModuleBuilder::memory(StringRef name, int64_t depth, unsigned width,
                             const MemoryOptions &options) {
  auto type = MemoryType::get(body.getContext(), depth, body.getIntegerType(width));
  StyleAttr style =
      options.style == Style::Auto ? StyleAttr() : StyleAttr::get(body.getContext(), options.style);
  return {*this, MemoryOp::create(body, loc, type, body.getStringAttr(name), options.init, style,
                                  options.collisions ? body.getUnitAttr() : UnitAttr())};
}

Wire ModuleBuilder::concat(ArrayRef<Wire> parts) {
  SmallVector<Value> values;
  unsigned width = 0;
  for (const Wire &part : parts) {
    values.push_back(part.get());
    width += part.width();
  }
  Type type = body.getIntegerType(width);
  return {*this, body.createOrFold<ConcatOp>(loc, type, values)};
}

std::vector<Wire> ModuleBuilder::instance(StringRef name, rtl::ModuleOp other,
                                          ArrayRef<Wire> inputs) {
  SmallVector<Value> values;
  for (const Wire &input : inputs)
    values.push_back(input.get());
  SmallVector<Type> types(other.getOutputTypes().getAsValueRange<TypeAttr>());
  auto op = InstanceOp::create(body, loc, types, name, other.getSymName(), values);
  std::vector<Wire> results;
  for (Value result : op.getResults())
    results.emplace_back(*this, result);
  return results;
}

void ModuleBuilder::assertThat(Wire condition, StringRef text, Wire enable) {
  AssertOp::create(body, loc, condition.get(), enable.get(), text);
}

void ModuleBuilder::assumeThat(Wire condition, StringRef text, Wire enable) {
  AssumeOp::create(body, loc, condition.get(), enable.get(), text);
}

Wire ModuleBuilder::arbitrary(StringRef name, unsigned width) {
  return {*this, ArbitraryOp::create(body, loc, body.getIntegerType(width), name)};
}

rtl::ModuleOp ModuleBuilder::finish() {
  module.setInputNamesAttr(body.getArrayAttr(inputNames));
  module.setOutputNamesAttr(body.getArrayAttr(outputNames));
  module.setOutputTypesAttr(body.getArrayAttr(outputTypes));
  OutputOp::create(body, loc, outputs);
  return module;
}
