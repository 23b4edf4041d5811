//===- Program.h - evaluating the regions of a model ---===//
#ifndef SYNFIRE_TARGETS_REFERENCE_PROGRAM_H
#define SYNFIRE_TARGETS_REFERENCE_PROGRAM_H

#include "dialects/neuro/Neuro.h"

#include <functional>
#include <string>
#include <vector>

namespace synfire::reference {

/// The name of a variable: `v`, or `soma.v` for `@soma::@v`.
std::string variableName(mlir::SymbolRefAttr variable);

/// The declaration of a name in a neuron, synapse or circuit, or null.
template <typename DeclT> DeclT find(mlir::Operation *owner, llvm::StringRef name) {
  auto symbol = mlir::StringAttr::get(owner->getContext(), name);
  return llvm::dyn_cast_or_null<DeclT>(mlir::SymbolTable::lookupSymbolIn(owner, symbol));
}

/// What the instructions of a program read and write.
struct Access {
  enum Kind {
    Variable, ///< number `index` of the owner on `side`
    Let,      ///< let number `index` of the neuron on `side`
    Noise,    ///< stream number `index`
    Time,
    Timestep,
    Index,
    Special, ///< whatever the caller says: draws, columns, distances
  } kind;
  neuro::Side side = neuro::Side::Self;
  int index = -1;
};

/// The values that a program sees.
struct Frame {
  const double *self = nullptr, *pre = nullptr, *post = nullptr;
  const double *noise = nullptr;
  double time = 0, timestep = 0, index = 0;
  double preIndex = 0, postIndex = 0, preAge = 0; ///< of both ends; how old the values of `pre` are
  /// The value of an op with its operands.
  std::function<double(mlir::Operation *, llvm::ArrayRef<double>)> special;
};

class Model;

/// One region as a list of instructions, in the order of its ops.
class Program {
public:
  Program() = default;
  /// `self`, `pre` and `post` resolve names; null where there is none.
  Program(mlir::Block &block, const Model *self, const Model *pre, const Model *post);

  bool empty() const { return code.empty(); }
  /// The values that the region yields.
  std::vector<double> evaluate(const Frame &frame) const;
  double evaluateOne(const Frame &frame) const { return evaluate(frame).front(); }

  /// Runs a handler: `statement` is called for `set`, `add` and `refractory`, in order, with the
  /// variable and the operand. `registers` keeps every value; where `latched` is given, reads that
  /// `isLate` is false for take their value from it.
  void run(const Frame &frame, std::vector<double> &registers,
           llvm::function_ref<void(mlir::Operation *, Access, double)> statement,
           llvm::function_ref<bool(const Access &)> isLate = nullptr,
           const std::vector<double> *latched = nullptr) const;

  /// An op that the interpreter has no meaning for, or null.
  mlir::Operation *unknown() const { return unknownOp; }

private:
  using Function = std::function<double(double, double, double)>;
  struct Instruction {
    enum Kind { Constant, Compute, Read, Statement, Release } kind;
    size_t end = 0; ///< of a release: what follows its body
    Function function;
    llvm::SmallVector<int, 4> operands;
    double constant = 0;
    Access access{};
    mlir::Operation *op = nullptr;
  };

  void append(mlir::Block &block, llvm::DenseMap<mlir::Value, int> &registers);
  double read(const Instruction &instruction, const Frame &frame,
              const std::vector<double> &registers) const;

  std::vector<Instruction> code; // instruction i writes register i
  std::vector<int> yielded;
  const Model *models[3] = {nullptr, nullptr, nullptr}; // by side
  mlir::Operation *unknownOp = nullptr;
};

/// The variables of a neuron or synapse type: states, then parameters, then inputs.
class Model {
public:
  explicit Model(mlir::Operation *type);

  mlir::Operation *type;
  std::vector<std::string> names;
  std::vector<neuro::StateOp> states;
  std::vector<std::string> streams; ///< of noise
  std::vector<std::string> letNames;
  std::vector<Program> lets;

  int find(llvm::StringRef name) const;
  int findLet(llvm::StringRef name) const;
  int findStream(llvm::StringRef name) const;
  neuro::EquationOp equation(llvm::StringRef state) const;
};

} // namespace synfire::reference

#endif // SYNFIRE_TARGETS_REFERENCE_PROGRAM_H
