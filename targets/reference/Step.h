//===- Step.h - the order of one step (section 5 of the language) ---===//
#ifndef SYNFIRE_TARGETS_REFERENCE_STEP_H
#define SYNFIRE_TARGETS_REFERENCE_STEP_H

#include "targets/reference/Network.h"
#include "targets/reference/Reference.h"

namespace synfire::reference {

/// A network in time.
class Simulation {
public:
  Simulation(Network &network, ReferenceResult &result);

  /// From t to t + dt, without protocol actions and records.
  mlir::LogicalResult takeStep();
  /// Brings about what priors state of connections: what is due at `step`, or `all` (R2).
  mlir::LogicalResult keepConstraints(bool all = false);

  double time() const { return double(step) * network.dt; } ///< t, in ms

  int64_t step = 0; ///< of t

private:
  struct Arrival {
    Instance *connection;
    neuro::OnOp handler;
    uint32_t spike; ///< its number, for random numbers
    Values latched; ///< what the handler read at the synapse
  };
  struct Sum {
    __int128 amount = 0; ///< in units of 2^-k
    bool held = false;
  };
  using Sights = std::map<int64_t, std::vector<Instance *>>; ///< by grid time

  void readThirdFactors(bool stepDone);
  void drive(Group &stimulus);
  void seeSource(View &view, const Instance &connection, bool stepDone) const;
  void advance(Instance &instance);
  void sumInputs(Instance &cell, double later);
  void see(Instance &connection, neuro::Trigger side);
  void runTimers();
  mlir::LogicalResult arrive(Arrival &arrival);
  mlir::LogicalResult addToSum(Instance &owner, int variable, double amount,
                               mlir::Operation *statement);
  mlir::LogicalResult testSpikes(Group &population);
  void fire(Instance &cell);

  Network &network;
  ReferenceResult &result;
  int gridExponent = 0; ///< k of D2, one for the whole network
  std::map<int64_t, std::vector<Arrival>> arrivals;
  Sights sights, postSights;                      ///< spikes of both ends that synapses see
  std::map<std::pair<Instance *, int>, Sum> sums; ///< of a variable of an instance
};

} // namespace synfire::reference

#endif // SYNFIRE_TARGETS_REFERENCE_STEP_H
