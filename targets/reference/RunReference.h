//===- RunReference.h - the interpreter as a pass, for tests and for study ---===//
#ifndef SYNFIRE_TARGETS_REFERENCE_RUNREFERENCE_H
#define SYNFIRE_TARGETS_REFERENCE_RUNREFERENCE_H

namespace synfire::reference {

/// Registers `run-reference`, which runs the experiment and prints spikes, traces and final states
/// to the standard output.
void registerRunReferencePass();

} // namespace synfire::reference

#endif // SYNFIRE_TARGETS_REFERENCE_RUNREFERENCE_H
