//===- ConnectionKernel.h - what one connection does, as a kernel ---===//
#ifndef SYNFIRE_PASSES_NEURO_TO_SIM_CONNECTIONKERNEL_H
#define SYNFIRE_PASSES_NEURO_TO_SIM_CONNECTIONKERNEL_H

#include "passes/neuro-to-sim/KernelBuilder.h"
#include "passes/neuro-to-sim/PostReads.h"
#include "passes/neuro/analysis/Deferred.h"
#include "passes/neuro/analysis/TraceIntegral.h"

#include "llvm/ADT/MapVector.h"

namespace synfire {

/// Emits the handlers and equations of the states that each connection of a projection has for
/// itself. Lazy states hold their value after the last event of the connection; stepped ones the
/// present one.
class ConnectionKernel {
public:
  /// How values that are not the connection's own are read: its parameters, and what belongs to
  /// the cells at the present moment.
  struct Reads {
    std::function<mlir::Value(llvm::StringRef)> parameter;
    std::function<mlir::Value(neuro::GetOp)> present;
    std::function<mlir::Value()> time; ///< the step's begin, in ms
    mlir::Value dt;
    /// The integral that moves a state between events (TraceIntegral.h), or none.
    std::function<std::optional<neuro::TraceIntegral>(neuro::StateOp)> integral;
    /// Its running value in a step.
    std::function<mlir::Value(neuro::StateOp, const neuro::TraceIntegral &, mlir::Value)>
        integralAt;
  };

  ConnectionKernel(KernelBuilder &b, const neuro::Lumping &lumping,
                   llvm::ArrayRef<neuro::GetOp> carried, Reads from);

  llvm::MapVector<llvm::StringRef, mlir::Value> now; ///< values of the connection's states
  /// What is sent: statement and amount.
  llvm::SmallVector<std::pair<neuro::Arrival, mlir::Value>> sent;
  llvm::StringRef history; ///< field of the target's spikes, where they are followed
  /// Field of the step at which the connection saw a spike of its source, where each has its own.
  llvm::StringRef arrived;
  /// States of the connection as they were before that spike: what spikes of the target that come
  /// at the same time read, if they come after it (G4).
  llvm::MapVector<llvm::StringRef, mlir::Value> beforePre;

  /// What waits for the delay to pass, and the fields of the numbers of each.
  llvm::SmallVector<neuro::Deferred> deferred;
  std::function<llvm::StringRef(size_t statement, size_t number)> pending;

  /// A spike of the source: what it carries is the payload.
  void handle();
  /// No spike of the source: its last one is the step in the field `last`, and `afterPre` gives
  /// what its states were after it.
  void settle(llvm::StringRef last, llvm::function_ref<mlir::Value(llvm::StringRef)> afterPre);
  /// The same; `now` are the present values from then on, and the result those to be kept.
  llvm::MapVector<llvm::StringRef, mlir::Value>
  observe(llvm::StringRef last, llvm::function_ref<mlir::Value(llvm::StringRef)> afterPre);
  /// The same; the present values are those to be kept, from which all goes on.
  void rebase(llvm::StringRef last, llvm::function_ref<mlir::Value(llvm::StringRef)> afterPre);
  /// The steps of an epoch (TraceIntegral.h) after which connections are brought up to date; 0
  /// where they need not be.
  int64_t epoch() const { return epochSteps; }
  /// The same, then the statements of a timer.
  void timer(neuro::EveryOp every, llvm::StringRef last,
             llvm::function_ref<mlir::Value(llvm::StringRef)> afterPre,
             llvm::function_ref<mlir::Value(llvm::StringRef)> atSource);
  /// Stepped states go from t to t + dt; `methods` gives the solver of each.
  void advance(const llvm::StringMap<neuro::Method> &methods,
               llvm::function_ref<mlir::Value(llvm::StringRef)> atSource);

private:
  using Values = llvm::MapVector<llvm::StringRef, mlir::Value>;
  mlir::Value payload(size_t number);
  mlir::Value since(llvm::StringRef last,
                    llvm::function_ref<mlir::Value(llvm::StringRef)> afterPre);
  /// The spikes of the target that the connection has seen; gives the steps since the last event.
  mlir::Value follow(std::optional<size_t> sincePayload, llvm::StringRef last,
                     llvm::function_ref<mlir::Value(llvm::StringRef)> afterPre);
  /// The connection's states, which went without an event for so many steps until step `at` (i64).
  void elapse(mlir::Value steps, mlir::Value at);
  mlir::Value integrated(neuro::StateOp state, const Values &before, mlir::Value steps,
                         mlir::Value at);
  mlir::Value presentStep();
  /// A state after so many steps without an event.
  mlir::Value decayed(llvm::StringRef name, mlir::Value value, mlir::Value steps);
  mlir::Value latest(llvm::StringRef state, bool now);
  mlir::Value affineStep(mlir::Value slope, mlir::Value self, mlir::Value value, mlir::Value time);
  mlir::Value slopeAt(llvm::StringRef name, Values &at, mlir::Value replaced,
                      llvm::function_ref<mlir::Value(llvm::StringRef)> atSource);
  mlir::Value insideBounds(llvm::StringRef state, mlir::Value value);
  void keepBounds();
  void runHandlers(neuro::Trigger side);
  /// The statements of a block, in order; where `released` is given, only if it holds.
  void run(mlir::Block &block, mlir::Value released);
  mlir::Value readOf(neuro::GetOp get);
  mlir::Value chance(neuro::ReleaseOp release);
  void statement(mlir::Operation *op, mlir::Value released,
                 llvm::function_ref<mlir::Value(mlir::Operation *)> leaf);
  void defer(size_t number, mlir::Value released,
             llvm::function_ref<mlir::Value(mlir::Operation *)> leaf);
  void arrive();
  bool isOwn(llvm::StringRef state) const;

  KernelBuilder &b;
  const neuro::Lumping &lumping;
  neuro::SynapseOp synapse;
  PostReads posts;
  llvm::ArrayRef<neuro::GetOp> carried;
  Reads from;
  bool stepped;
  llvm::DenseMap<mlir::Operation *, neuro::TraceIntegral> integrals; ///< by state
  int64_t epochSteps = 0;
  std::function<mlir::Value(neuro::GetOp)> readEnd; // states at the ends, as this event knows them
  llvm::DenseMap<mlir::Operation *, mlir::Value> reads; // as they were where they stand
};

} // namespace synfire

#endif // SYNFIRE_PASSES_NEURO_TO_SIM_CONNECTIONKERNEL_H
