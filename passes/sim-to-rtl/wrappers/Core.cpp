//===- Core.cpp - a design inside a wrapper ---===//
#include "passes/sim-to-rtl/wrappers/Core.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::rtl;

unsigned Core::inputWidth(StringRef port) const {
  rtl::ModuleOp of = module;
  for (unsigned i = 0; i != of.getNumInputs(); ++i)
    if (of.inputName(i) == port)
      return widthOf(of.getBody().getArgument(i));
  return 0;
}

unsigned Core::outputWidth(StringRef port) const {
  rtl::ModuleOp of = module;
  for (unsigned i = 0; i != of.getNumOutputs(); ++i)
    if (of.outputName(i) == port)
      return of.outputType(i).getIntOrFloatBitWidth();
  return 0;
}

std::map<std::string, Wire> Core::place(ModuleBuilder &m,
                                        const std::map<std::string, Wire> &inputs) const {
  rtl::ModuleOp of = module;
  std::vector<Wire> in;
  for (unsigned i = 0; i != of.getNumInputs(); ++i)
    in.push_back(inputs.at(of.inputName(i).str()));
  std::vector<Wire> out = m.instance("core", of, in);
  std::map<std::string, Wire> outputs;
  for (unsigned i = 0; i != of.getNumOutputs(); ++i)
    outputs[of.outputName(i).str()] = out[i];
  return outputs;
}

Wire rtl::lookup(ModuleBuilder &m, ArrayRef<Wire> words, Wire index) {
  if (words.size() == 1)
    return words.front();
  size_t half = size_t(1) << (index.width() - 1);
  if (words.size() <= half)
    return lookup(m, words, index.low(index.width() - 1));
  if (half == 1)
    return index.select(words[1], words[0]);
  Wire rest = index.low(index.width() - 1);
  return index.msb().select(lookup(m, words.drop_front(half), rest),
                            lookup(m, words.take_front(half), rest));
}
