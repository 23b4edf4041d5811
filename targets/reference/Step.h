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

  int64_t step = 0; ///< of t

private:
  struct Arrival {
    Group *group;
    int connection, handler;
    uint32_t spike;              ///< number of the spike, for random numbers
    std::vector<double> latched; ///< what the handler read at the synapse
  };
  struct Sight {
    Group *group;
    int connection;
  };

  void keepValues();
  void seeSource(Frame &frame, const Group &group, const Connection &connection,
                 bool stepDone) const;
  void advanceCell(Population &population, uint32_t number);
  void advanceConnection(Group &group, Connection &connection);
  void sumInputs(Population &population, uint32_t number, double time);
  double stimulusArgument(Group &group, const std::string &name, uint32_t element);
  void drive(Group &group);
  void see(Group &group, int connection);
  void seePost(Group &group, Connection &connection);
  void runPlastic(Group &group, Connection &connection, const Program &program);
  void setThirdFactors(bool stepDone);
  void arrive(const Arrival &arrival);
  void applySums();
  mlir::LogicalResult testSpikes(Population &population);
  void fire(Population &population, uint32_t number);
  bool isLate(const Group &group, const Access &access) const;
  Frame frameOf(const Group &group, const Connection &connection) const;
  /// What the programs of a cell see, `later` ms after the present step.
  Frame frameOf(const Population &population, uint32_t number, double later = 0) const;
  Frame frameOfSpike(const Group &group, const Connection &connection, uint32_t spike) const;
  double timeOf(int64_t gridStep) const { return double(gridStep) * network.dt; }

  Network &network;
  ReferenceResult &result;
  int gridExponent = 0; ///< k of D2, one for the whole network
  size_t historyLength = 1;
  std::map<int64_t, std::vector<Arrival>> arrivals;  ///< by grid time
  std::map<int64_t, std::vector<Sight>> sights;      ///< pre spikes that synapses see, by grid time
  std::map<int64_t, std::vector<Sight>> postSights;  ///< the same of post spikes
  std::map<double *, std::pair<int64_t, bool>> sums; ///< of a variable; true: it is held
  std::map<Group *, std::vector<double>> currents;   ///< of stimuli, by element
};

} // namespace synfire::reference

#endif // SYNFIRE_TARGETS_REFERENCE_STEP_H
