//===- ThreadChoice.h - How many threads a circuit gains from ---*- C++ -*-===//
//
// Threads meet in each block of steps. In a small circuit with short delays a meeting takes longer
// than the work that it shares out, and each thread's slice of the connections costs something of
// its own; then one thread with one slice is fastest.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_ENGINE_THREADCHOICE_H
#define SYNFIRE_RUNTIME_ENGINE_THREADCHOICE_H

#include "runtime/synfire.h"
#include "runtime/team/Team.h"

namespace synfire::runtime {

/// Seconds that one thread works on a block of a run at the most, as far as that can be told
/// before the circuit is built; infinity if it is certainly too much for one.
double foreseeBlock(const syn_model &model, const syn_run &run, uint64_t seed);

/// Seconds that threads lose in each block to each other: measured.
double measureMeeting(Team &team);

/// Whether one thread is expected to be faster than a team.
bool isBetterAlone(double blockSeconds, double meetingSeconds, unsigned threads);

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_ENGINE_THREADCHOICE_H
