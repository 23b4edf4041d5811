//===- Heap.h - Memory for a compiler, in few pages ---===//
#ifndef SYNFIRE_TOOLS_SYNFIRE_HEAP_H
#define SYNFIRE_TOOLS_SYNFIRE_HEAP_H

namespace synfire::tool {

/// Lets the heap grow in large steps, into huge pages where the system has them. A compiler asks
/// for some hundred megabytes in small pieces; with pages of 4 KiB, a seventh of the time from text
/// to code is the system handing them out one by one. Does nothing where it cannot.
void growHeapInLargeSteps();

} // namespace synfire::tool

#endif // SYNFIRE_TOOLS_SYNFIRE_HEAP_H
