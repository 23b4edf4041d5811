//===- ModuleText.h - the text of one module ---===//
#ifndef SYNFIRE_TARGETS_VERILOG_MODULETEXT_H
#define SYNFIRE_TARGETS_VERILOG_MODULETEXT_H

#include "targets/verilog/Emit.h"
#include "targets/verilog/Expressions.h"
#include "targets/verilog/Live.h"
#include "targets/verilog/Names.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/MapVector.h"

namespace synfire::verilog {

/// Writes one module. Each section of the text is collected for itself: declarations of what keeps
/// a value, wires in an order in which each is declared before it is used, what happens at the edge
/// of the clock, and the same for what only proofs need.
class ModuleText : Operands {
public:
  /// `clocked` has the modules with a clock.
  ModuleText(rtl::ModuleOp module, const llvm::DenseSet<mlir::Operation *> &clocked,
             mlir::SymbolTableCollection &symbols);

  /// Appends the module's files.
  mlir::LogicalResult write(std::vector<File> &files);

private:
  struct Section {
    std::string declarations, wires, clocked;
  };
  /// Registers with the same reset and enable, which stand in one block.
  using Group = std::pair<mlir::Value, mlir::Value>;

  Expression expression(mlir::Value value) override;
  std::string name(mlir::Value value) override;

  Section &sectionOf(mlir::Operation *op) { return live.isHardware(op) ? hardware : proof; }
  std::string declare(mlir::Value value, llvm::StringRef wanted);
  mlir::LogicalResult checkUses(mlir::Operation *op);

  void nameThings();
  void declareState(mlir::Operation *op);
  void declareMemory(rtl::MemoryOp op);
  mlir::LogicalResult writeWires();
  mlir::LogicalResult writeWire(mlir::Operation *op);
  void writeRegisters(bool ofHardware);
  void writeMemoryPorts(rtl::MemoryOp op);
  std::string writeStatement(rtl::MemoryOp memory, mlir::Value address, mlir::Value data,
                             mlir::Value mask, llvm::StringRef indent);
  std::string readStatement(rtl::MemoryOp memory, mlir::Value address, mlir::Value data);
  void proveNoCollision(rtl::MemoryOp memory, rtl::ReadOp read, rtl::WriteOp write);
  void writeInstance(rtl::InstanceOp op);
  void writeProperty(mlir::Operation *op);
  void writeOutputs();
  void sinkUnused();
  std::string header();

  rtl::ModuleOp module;
  const llvm::DenseSet<mlir::Operation *> &allClocked;
  mlir::SymbolTableCollection &symbols;
  Live live;
  NameTable names;
  std::string fileStem;
  llvm::DenseMap<mlir::Value, std::string> nameOf;
  llvm::DenseMap<mlir::Value, Expression> inlined;
  llvm::DenseMap<mlir::Operation *, std::string> instanceNames;
  Section hardware, proof;
  Section *current = &hardware; ///< where constants that need a name are declared
  std::string instances, outputs, sinks;
  std::vector<File> memoryFiles;
  std::vector<mlir::Value> declared; ///< values with names, in the order of the text
};

/// The words of a memory's start, one per line, in hexadecimal digits.
std::string hexText(mlir::ElementsAttr init, unsigned width);

} // namespace synfire::verilog

#endif // SYNFIRE_TARGETS_VERILOG_MODULETEXT_H
