//===- Network.cpp - Circuits and experiments after elaboration -----------===//

#include "frontend/sema/Network.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"

using namespace synfire;
using namespace synfire::sema;
using llvm::StringRef;

std::string Table::nameOfFile(const std::string &path) {
  auto fileName = [](StringRef each) { return llvm::sys::path::filename(each); };
  unsigned namesakes = 0;
  for (const std::string &known : files) {
    if (known == path)
      break;
    namesakes += fileName(known) == fileName(path);
  }
  if (!llvm::is_contained(files, path))
    files.push_back(path);
  std::string name = fileName(path).str();
  return namesakes ? name + " (" + std::to_string(namesakes + 1) + ")" : name;
}

const Model *PopulationRef::getModel() const {
  const Model *neuron = population->neuron.get();
  if (compartment.empty())
    return neuron;
  const Model *inner = neuron->findCompartment(compartment);
  return inner ? inner : neuron;
}

int64_t PopulationRef::size() const {
  if (elements.empty())
    return population->size;
  int64_t sum = 0;
  for (size_t i = 0; i + 1 < elements.size(); i += 2)
    sum += elements[i + 1] - elements[i] + 1;
  return sum;
}

std::string PopulationRef::str() const {
  std::string text = population->name;
  for (size_t i = 0; i + 1 < elements.size(); i += 2) {
    text += i ? "," : "[";
    text += std::to_string(elements[i]);
    if (elements[i] != elements[i + 1])
      text += ".." + std::to_string(elements[i + 1]);
  }
  if (!elements.empty())
    text += "]";
  return compartment.empty() ? text : text + "." + compartment;
}

static const Setting *findIn(llvm::ArrayRef<Setting> settings, llvm::StringRef variable) {
  auto it = llvm::find_if(settings, [&](const Setting &s) { return variable == s.variable; });
  return it == settings.end() ? nullptr : &*it;
}

const Setting *Population::findSetting(llvm::StringRef variable) const {
  return findIn(settings, variable);
}

const Setting *Projection::findSetting(llvm::StringRef variable) const {
  return findIn(settings, variable);
}

Projection *Network::findProjection(llvm::StringRef name) {
  auto it = llvm::find_if(projections, [&](const Projection &p) { return name == p.name; });
  return it == projections.end() ? nullptr : &*it;
}

const FrameSequence *Network::findFrames(llvm::StringRef name) const {
  auto it = llvm::find_if(frames, [&](const FrameSequence &f) { return name == f.name; });
  return it == frames.end() ? nullptr : &*it;
}
