//===- RunReference.h - the interpreter as a pass, for tests and for study ---===//
#ifndef SYNFIRE_TOOLS_SYNFIRE_OPT_RUNREFERENCE_H
#define SYNFIRE_TOOLS_SYNFIRE_OPT_RUNREFERENCE_H

namespace synfire::tool {

/// Registers `run-reference`, which runs the experiment and prints spikes, traces and final states
/// to the standard output.
void registerRunReferencePass();

} // namespace synfire::tool

#endif // SYNFIRE_TOOLS_SYNFIRE_OPT_RUNREFERENCE_H
