//===- Twin.cpp - a design simulated at the end of its line ---===//
#include "tools/synfire/host/Twin.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"

using namespace synfire;
using namespace synfire::host;
using runtime::Status;

/// The other end of the two wires. Bytes of the host wait until the line is free; a design that
/// neither hears nor says anything for long is let alone, so that it does not take a processor.
static const char *const program = R"(#include "Vtwin.h"
#include "verilated.h"
#include <cstdint>
#include <cstdlib>
#include <poll.h>
#include <unistd.h>
#include <vector>

int main(int, char **arguments) {
  const int clocks = std::atoi(arguments[1]);
  VerilatedContext context;
  Vtwin design{&context};
  auto tick = [&] {
    design.clk = 0;
    design.eval();
    design.clk = 1;
    design.eval();
  };
  design.rx = 1;
  design.rst = 1;
  for (int i = 0; i < 8; ++i)
    tick();
  design.rst = 0;
  std::vector<uint8_t> waiting, came;
  size_t next = 0;
  unsigned sent = 0x3FF, sending = 0; // what is on the line, lowest bit first; bits that are left
  unsigned got = 0, receiving = 0;
  int sendTimer = 0, receiveTimer = 0;
  long quiet = 0;
  for (unsigned long now = 0;; ++now) {
    if (!sending && next < waiting.size()) {
      sent = 1u << 9 | unsigned(waiting[next++]) << 1;
      sending = 10;
      sendTimer = clocks;
    }
    design.rx = sending ? sent & 1 : 1;
    if (sending && --sendTimer == 0) {
      sent >>= 1;
      --sending;
      sendTimer = clocks;
    }
    tick();
    if (!receiving && !design.tx) {
      receiving = 10;
      receiveTimer = clocks / 2;
    }
    if (receiving && --receiveTimer <= 0) {
      got = got >> 1 | unsigned(design.tx) << 9;
      receiveTimer = clocks;
      if (--receiving == 0 && design.tx)
        came.push_back(uint8_t(got >> 1));
    }
    quiet = sending || receiving || next < waiting.size() ? 0 : quiet + 1;
    if (now % 256)
      continue;
    for (size_t done = 0; done < came.size();) {
      ssize_t count = write(1, came.data() + done, came.size() - done);
      if (count <= 0)
        return 0;
      done += size_t(count);
    }
    came.clear();
    pollfd input{0, POLLIN, 0};
    if (next == waiting.size() && poll(&input, 1, quiet > 1000000 ? 1 : 0) > 0) {
      waiting.resize(4096);
      next = 0;
      ssize_t count = read(0, waiting.data(), waiting.size());
      if (count <= 0)
        return 0;
      waiting.resize(size_t(count));
    }
  }
}
)";

/// Writes a file unless it has this text, so that nothing is made again.
static Status writeIfNew(const std::string &path, llvm::StringRef text) {
  auto old = llvm::MemoryBuffer::getFile(path);
  if (old && (*old)->getBuffer() == text)
    return Status::success();
  std::error_code error;
  llvm::raw_fd_ostream stream(path, error);
  if (!error) {
    stream << text;
    stream.close();
    error = stream.error();
    stream.clear_error();
  }
  return error ? Status::machineError("cannot write `" + path + "`: " + error.message())
               : Status::success();
}

/// Files of Verilog in a folder, but for those of boards, which have parts of a chip.
static std::vector<std::string> sourcesIn(const std::string &folder, const std::string &name) {
  std::vector<std::string> sources;
  std::error_code error;
  for (llvm::sys::fs::directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error)) {
    llvm::StringRef file = llvm::sys::path::filename(it->path());
    if (file.ends_with(".v") && file != name + "_icebreaker.v")
      sources.push_back(file.str());
  }
  std::sort(sources.begin(), sources.end());
  return sources;
}

runtime::Result<std::vector<std::string>>
host::buildTwin(const std::string &folder, const std::string &name, unsigned clocksPerBit) {
  auto verilator = llvm::sys::findProgramByName("verilator");
  if (!verilator)
    return Status::machineError("`--simulate` needs Verilator, and there is no `verilator` here");
  llvm::SmallString<128> twin(folder);
  llvm::sys::path::append(twin, "twin");
  if (std::error_code error = llvm::sys::fs::create_directories(twin))
    return Status::machineError("cannot make the folder `" + twin.str().str() +
                                "`: " + error.message());
  if (Status status = writeIfNew((twin + "/twin.cpp").str(), program); !status.ok())
    return status;
  // Verilator writes into its folder; paths in what it writes are from there.
  llvm::SmallString<128> absolute(folder);
  if (llvm::sys::fs::make_absolute(absolute))
    return Status::machineError("there is no folder `" + folder + "`");
  std::vector<std::string> words = {*verilator, "--cc",          "--exe",        "--build",
                                    "-O3",      "-Wno-fatal",    "--prefix",     "Vtwin",
                                    "-CFLAGS",  "-O2",           "--top-module", name + "_uart",
                                    "--Mdir",   twin.str().str()};
  for (const std::string &source : sourcesIn(folder, name))
    words.push_back((absolute + "/" + source).str());
  words.push_back((absolute + "/twin/twin.cpp").str());
  std::vector<llvm::StringRef> views(words.begin(), words.end());
  std::string log = (twin + "/build.log").str(), message;
  std::optional<llvm::StringRef> redirects[] = {llvm::StringRef(""), llvm::StringRef(log),
                                                llvm::StringRef(log)};
  int code = llvm::sys::ExecuteAndWait(*verilator, views, std::nullopt, redirects, 0, 0, &message);
  if (code != 0)
    return Status::machineError("Verilator does not make a simulation of `" + folder + "`; `" +
                                log + "` says why");
  return std::vector<std::string>{(absolute + "/twin/Vtwin").str(), std::to_string(clocksPerBit)};
}
