//===- Device.cpp - a design and what one says to it ---===//
#include "tools/synfire/host/Device.h"

#include <algorithm>

using namespace synfire;
using namespace synfire::host;
using runtime::Status;

namespace {

enum Byte : uint8_t {
  Step = 0x81,
  Who = 0x82,
  Home = 0x84,
  Word = 0x88,
  Read = 0x90,
  StepEnd = 0x80
};

/// Bytes that may be on their way behind a step without an answer: those that its queue holds.
constexpr uint64_t window = 512;

/// Bytes of the number of one of so many events: seven bits in the first, eight in the others.
unsigned bytesOf(uint64_t events) {
  unsigned bytes = 1;
  for (uint64_t most = 128; most < events; most <<= 8)
    ++bytes;
  return bytes;
}

} // namespace

Status Device::push(double seconds) {
  auto done = line.exchange(out, in, seconds);
  if (!done)
    return done.status();
  return *done ? Status::success()
               : Status::machineError("the design does not answer; is it configured, and is the "
                                      "line as fast as it was built for?");
}

runtime::Result<Identity> Device::identify() {
  // Behind whatever was begun and not finished by someone else, the last question is understood.
  out.assign(4, Who);
  in.clear();
  while (in.size() < 16 || !out.empty())
    if (Status status = push(patience); !status.ok())
      return status;
  for (bool more = true; more;) {
    auto done = line.exchange(out, in, 0.1);
    if (!done)
      return done.status();
    more = *done;
  }
  if (in.size() >= 16) {
    std::vector<uint8_t> last(in.end() - 16, in.end());
    auto number = [&](unsigned from, unsigned count) {
      uint32_t value = 0;
      while (count--)
        value = value << 8 | last[from + count];
      return value;
    };
    if (last[0] == 0xC0 && last[1] == 'S' && last[2] == 'F') {
      in.clear();
      who = {last[3], number(4, 4), number(8, 3), number(11, 3), last[14], (last[15] & 1) != 0};
      return who;
    }
  }
  return Status::machineError("what answers is no design of Synfire");
}

Status Device::load(const std::vector<uint16_t> &words) {
  out.push_back(Home);
  for (uint16_t word : words)
    for (uint8_t byte : {uint8_t(Word), uint8_t(word & 255), uint8_t(word >> 8)})
      out.push_back(byte);
  while (!out.empty())
    if (Status status = push(patience); !status.ok())
      return status;
  return Status::success();
}

runtime::Result<std::vector<uint16_t>> Device::read(uint64_t count) {
  std::vector<uint16_t> words;
  words.reserve(count);
  out.push_back(Home);
  for (uint64_t asked = 0; words.size() < count;) {
    // What waits for its answer is no more than the queue holds.
    for (; asked < count && asked - words.size() < window; ++asked)
      out.push_back(Read);
    if (Status status = push(patience); !status.ok())
      return status;
    for (; in.size() >= 2; in.erase(in.begin(), in.begin() + 2))
      words.push_back(uint16_t(in[0] | in[1] << 8));
    if (words.size() > asked)
      return Status::machineError("the design answers more than it was asked");
  }
  return words;
}

void Device::sendEvent(uint32_t event) {
  for (unsigned i = bytesOf(who.inputs); i-- > 0;)
    out.push_back(uint8_t(event >> (8 * i)));
}

Status Device::run(uint64_t steps,
                   const std::function<const std::vector<uint32_t> &(uint64_t)> &given,
                   const std::function<Status(uint64_t, std::vector<uint32_t> &)> &took) {
  std::deque<uint64_t> unanswered; // bytes of all until the end of each step
  uint64_t written = 0, asked = 0, answered = 0;
  std::deque<uint8_t> waiting; // bytes of the step that comes next
  std::vector<uint32_t> spikes;
  unsigned bytes = bytesOf(who.cells);
  while (answered < steps) {
    // As much as can be on its way.
    while (asked < steps || !waiting.empty()) {
      if (waiting.empty()) {
        std::swap(out, waiting);
        for (uint32_t event : given(asked))
          sendEvent(event);
        std::swap(out, waiting);
        waiting.push_back(Step);
        ++asked;
      }
      uint64_t limit = unanswered.empty() ? written + waiting.size() : unanswered.front() + window;
      while (!waiting.empty() && written < limit) {
        out.push_back(waiting.front());
        waiting.pop_front();
        ++written;
      }
      if (!waiting.empty())
        break;
      unanswered.push_back(written);
    }
    if (Status status = push(patience); !status.ok())
      return status;
    while (!in.empty()) {
      if (in.front() == StepEnd) {
        in.pop_front();
        if (unanswered.empty())
          return Status::machineError("the design answers steps that nobody asked for");
        unanswered.pop_front();
        if (Status status = took(answered++, spikes); !status.ok())
          return status;
        spikes.clear();
        continue;
      }
      if (in.front() & 0x80)
        return Status::machineError("a byte of the answers got lost on the line");
      if (in.size() < bytes)
        break;
      uint32_t event = 0;
      for (unsigned i = 0; i < bytes; ++i, in.pop_front())
        event = event << 8 | in.front();
      if (event >= who.cells)
        return Status::machineError("a byte of the answers got lost on the line");
      spikes.push_back(event);
    }
  }
  return Status::success();
}
