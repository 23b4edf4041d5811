//===- Lumping.h - where every variable of a synapse lives (X2) ---===//
//
// A synapse is written as if every connection had a copy of its own. This analysis finds the states
// of which one copy per target, or one per source, gives the same answer.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_PASSES_NEURO_ANALYSIS_LUMPING_H
#define SYNFIRE_PASSES_NEURO_ANALYSIS_LUMPING_H

#include "passes/neuro/analysis/Sharing.h"

#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringMap.h"

#include <memory>

namespace synfire::neuro {

/// Where a synapse state lives.
enum class Placement {
  Target,     ///< lumped: one sum per target element
  Source,     ///< one per source element (for a stimulus: per element of the stimulus)
  Post,       ///< one per target element, moved by its spikes and seen when the delay has passed
  Connection, ///< one per connection
};

/// The place of one synapse state, and why.
struct StatePlacement {
  StateOp state;
  Placement place;
  std::string why;
};

/// The states of a synapse that live at the target (S2): those that contributions read, and those
/// that equations of such states read. Statements of `on pre` that change them run at the arrival.
llvm::SetVector<llvm::StringRef> targetSideStates(SynapseOp synapse);

/// One statement of `on pre` that acts when the event arrives: `add post @x` or a change of a state
/// that lives at the target.
struct Arrival {
  mlir::Operation *statement; ///< an `add` or `set`
  /// The amount separates into what the connection sends times what the target multiplies it by, so
  /// that the sent parts can be summed as integers (D2). `splitFactors` emits the two.
  bool factors;
};

/// What projections and stimuli have in common that are alike in all that places are chosen by.
struct LumpingFacts {
  llvm::SetVector<llvm::StringRef> targetSide, lumped; ///< names of states
  llvm::SmallVector<StatePlacement> placements;
  std::optional<llvm::SmallVector<Arrival>> arrivals; ///< once they were asked for
  std::optional<bool> stepped;
};

/// The facts that are known, by what they follow from: a circuit has thousands of projections of a
/// few kinds.
using LumpingCache = llvm::StringMap<std::shared_ptr<LumpingFacts>>;

/// The places of all states of one projection or stimulus.
class Lumping {
public:
  /// `op` is a projection, or a stimulus that acts through a synapse. With `known`, what was found
  /// for one that is alike is taken from there.
  explicit Lumping(mlir::Operation *op, LumpingCache *known = nullptr);

  llvm::ArrayRef<StatePlacement> states() const { return facts->placements; }
  Placement placeOf(llvm::StringRef state) const;

  /// The lumped states, in order of declaration.
  llvm::SmallVector<StateOp> lumped() const;

  /// True for a contribution that reads lumped states: it is substituted into the target's
  /// equations. Others are gathered over the connections and held over the step.
  bool isSubstituted(ContributeOp contribution) const;

  /// Why a state of a connection does not follow, at a spike, from its value at the spike before:
  /// it must be moved by spikes alone and decay towards a constant, with coefficients that do not
  /// change, and read nothing that moves in between. Empty where it does.
  std::string whyNotLazy(StateOp state) const;

  /// Whether the states of connections advance step by step: some are not lazy.
  bool isStepped() const;
  /// Why a state of a connection cannot be advanced step by step either; empty where it can.
  std::string whyNotStepped(StateOp state) const;

  /// Whether connections follow the spikes of their targets.
  bool hasPostHandlers() const;

  /// The states that live at the target, of which each connection has its own.
  llvm::SetVector<llvm::StringRef> ownAtTarget() const;
  /// Whether what changes them waits at the connection, from when the synapse sees a spike to its
  /// arrival (Deferred.h): the synapse cannot see spikes as late as that.
  bool defersArrivals() const;

  /// The statements of `on pre` that act at the arrival, in order.
  llvm::ArrayRef<Arrival> arrivals() const;

  /// To whom a read in the amount of an arrival belongs; for `splitFactors`.
  bool belongsToTarget(GetOp read) const;

  const Sharing &sharing() const { return shared; }
  SynapseOp synapse() const { return type; }
  mlir::Operation *owner() const { return op; }
  /// Whether the owner is no more than a synapse type and numbers, which no protocol changes.
  bool isPlain() const;
  /// The same for all that are alike, if they were made with one cache.
  const LumpingFacts *kind() const { return facts.get(); }

private:
  std::string structure() const;
  std::string plainStructure() const;
  llvm::SmallVector<Arrival> findArrivals() const;
  void placeTargetSide();
  void placeSynapseSide();
  std::string whyNotLumped(llvm::StringRef state) const;
  std::string whyNotLinear(mlir::Block &body, llvm::StringRef what) const;
  /// Why one copy of a state per source (trigger pre) or per target (post) would not do.
  std::string whyNotAt(Trigger side, llvm::StringRef state,
                       const llvm::SetVector<llvm::StringRef> &candidates) const;
  std::string whyNotOrdered(StateOp state) const;
  bool changesAt(Trigger side, llvm::StringRef state) const;
  bool isReadAt(Trigger side, llvm::StringRef state) const;
  std::string whyNotDecaying(llvm::StringRef state, bool toZero) const;

  mlir::Operation *op;
  mutable SynapseOp type; // the accessors of ops are not const
  Sharing shared;
  std::shared_ptr<LumpingFacts> facts;
};

/// True where two projections or stimuli onto one population may add to one set of lumped states:
/// the same synapse type, and fixed equal values of all parameters that its equations and
/// contributions read.
bool mayShareReceptor(const Lumping &first, const Lumping &second);

} // namespace synfire::neuro

#endif // SYNFIRE_PASSES_NEURO_ANALYSIS_LUMPING_H
