//===- KernelBody.h - a kernel's straight-line code for some lanes ---===//
#ifndef SYNFIRE_PASSES_SIM_TO_LOOPS_KERNELBODY_H
#define SYNFIRE_PASSES_SIM_TO_LOOPS_KERNELBODY_H

#include "passes/sim-to-loops/Emitter.h"

#include "mlir/IR/IRMapping.h"

namespace synfire::sim {

/// A kernel being lowered: its fields' slots, in order, and the function they are loaded in.
struct LoweredKernel {
  KernelOp kernel;
  mlir::func::FuncOp function;
  Value slots, range;             ///< the two arguments
  llvm::StringMap<Value> pointer; ///< field name to its slot's pointer
  llvm::StringMap<FieldOp> field;

  FieldKind kindOf(llvm::StringRef name) { return field[name].getKind(); }
  Type typeOf(llvm::StringRef name) { return field[name].getType(); }
};

/// Starts `func.func @name(ptr, ptr)` beside the program, with all slot pointers loaded; the
/// emitter stands at the end of its entry block.
LoweredKernel beginFunction(Emitter &e, KernelOp kernel);
/// Closes the function.
void endFunction(Emitter &e);

/// Members of syn_range (synfire.h), by position.
enum RangeMember {
  First,
  Count,
  Step,
  Steps,
  Seed,
  Pre,
  Post,
  Position,
  Out,
  Spikes,
  SpikeCounts,
  Payload,
  PayloadBase,
  Fault,
  RememberedBase,
  Segments
};
Value rangeMember(Emitter &e, LoweredKernel &k, RangeMember which);
/// Low and high word of the seed.
std::pair<Value, Value> seedWords(Emitter &e, LoweredKernel &k);

/// Clones arith and math ops of the kernel for `lanes` lanes; ops of the sim dialect go to `lower`,
/// which maps their results in `map` itself. Ops for which `select` is false are passed over.
void emitBody(Emitter &e, LoweredKernel &k, int64_t lanes, mlir::IRMapping &map,
              llvm::function_ref<void(mlir::Operation *)> lower,
              llvm::function_ref<bool(mlir::Operation *)> select);
/// The same for one block of a kernel, without its terminator.
void emitBlock(Emitter &e, mlir::Block &block, int64_t lanes, mlir::IRMapping &map,
               llvm::function_ref<void(mlir::Operation *)> lower,
               llvm::function_ref<bool(mlir::Operation *)> select);

/// The alignment of a vector of `lanes` elements in a padded array.
unsigned vectorAlignment(Type element, int64_t lanes);

/// What loops over elements and connections depend on, beside the kernel.
struct VectorOptions {
  int64_t lanes;     ///< elements per vector
  bool convertsWide; ///< the machine converts between vectors of i64 and f64
  bool compresses;   ///< it moves chosen lanes of a vector together
};
void lowerUpdate(Emitter &e, KernelOp kernel, const VectorOptions &options);
void lowerElementwise(Emitter &e, KernelOp kernel);
void lowerValues(Emitter &e, KernelOp kernel);
void lowerDeliver(Emitter &e, KernelOp kernel, bool delaysVary);
/// How the connections that a kernel runs over are stored.
struct RowForm {
  bool delaysVary; ///< each connection has a delay of its own
  bool byTarget;   ///< a row holds the connections of one target, else those of one source
  Sight sight = Sight::AtSource;
};
void lowerHandle(Emitter &e, KernelOp kernel, const VectorOptions &options, RowForm rows);
/// Kernels that run for all connections: settle, advance, timer.
void lowerEachConnection(Emitter &e, KernelOp kernel, const VectorOptions &options, RowForm rows);
/// `alike`: all targets have the same sum.
void lowerGather(Emitter &e, KernelOp kernel, RowForm rows, bool alike);
/// The deliver kernel of connections by source and delay: what each of them sends.
void lowerAmounts(Emitter &e, KernelOp kernel);
/// The functions that handle what is due, for sums of a type; those of syn_model (synfire.h).
void emitDueFunctions(Emitter &e, mlir::ModuleOp module, Type sum);

/// Values of `lanes` connections from c on, of a value per connection that is kept as `stored`.
Value connectionValue(Emitter &e, GetOp get, Type stored, Value base, Value scale, Value c,
                      int64_t lanes);

/// Draws of init kernels, one at a time, and of value kernels, for some lanes. `block`, and for
/// elements the word, select the numbers.
struct DrawSite {
  Value keyLow, keyHigh, hash;
  Value element;          ///< i64, its number; null for connections
  Value block;            ///< i64, elements
  Value word;             ///< i64 0..3, elements; null for connections
  Value position, target; ///< i32, connections
  int64_t lanes = 1;      ///< of position and target
};
Value emitDraw(Emitter &e, DrawOp draw, const DrawSite &site, mlir::IRMapping &map);

/// Entries of P and F for a sim.propagator, through a function shared by the module.
void emitPropagator(Emitter &e, PropagatorOp op, mlir::IRMapping &map);

} // namespace synfire::sim

#endif // SYNFIRE_PASSES_SIM_TO_LOOPS_KERNELBODY_H
