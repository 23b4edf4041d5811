//===- Gnuplot.cpp --------------------------------------------------------===//

#include "runtime/plot/Gnuplot.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace synfire::runtime;

extern char **environ;

namespace {

/// A file with a name of its own, removed at the end.
class TemporaryFile {
public:
  TemporaryFile() {
    const char *directory = std::getenv("TMPDIR");
    path = std::string(directory && *directory ? directory : "/tmp") + "/synfire-plot-XXXXXX";
    descriptor = mkstemp(path.data());
  }
  ~TemporaryFile() {
    if (descriptor < 0)
      return;
    close(descriptor);
    unlink(path.c_str());
  }

  bool write(const std::string &text) const {
    size_t done = 0;
    while (done < text.size()) {
      ssize_t n = ::write(descriptor, text.data() + done, text.size() - done);
      if (n < 0)
        return false;
      done += size_t(n);
    }
    return true;
  }
  std::string read() const {
    char text[2000];
    ssize_t n = pread(descriptor, text, sizeof(text), 0);
    return std::string(text, n > 0 ? size_t(n) : 0);
  }

  std::string path;
  int descriptor;
};

} // namespace

std::string synfire::runtime::gnuplotString(const std::string &text) {
  std::string quoted = "'";
  for (char c : text)
    if (c == '\'')
      quoted += "''";
    else if (c != '\n')
      quoted += c;
  return quoted + "'";
}

/// The last line that is not blank: gnuplot's message comes after the
/// offending command.
static std::string lastLine(const std::string &text) {
  size_t end = text.find_last_not_of(" \n");
  if (end == std::string::npos)
    return "no reason given";
  size_t begin = text.rfind('\n', end);
  begin = text.find_first_not_of(" \t", begin == std::string::npos ? 0 : begin + 1);
  return text.substr(begin, end - begin + 1);
}

/// Whether a picture has its end: gnuplot does not tell when the disk is full.
static bool isWhole(const std::string &path) {
  std::FILE *file = std::fopen(path.c_str(), "rb");
  if (!file)
    return false;
  char tail[32] = {};
  std::fseek(file, 0, SEEK_END);
  long size = std::ftell(file);
  std::fseek(file, -std::min<long>(size, sizeof tail), SEEK_END);
  size_t n = std::fread(tail, 1, sizeof tail, file);
  std::string end(tail, n);
  std::fclose(file);
  return end.find("IEND") != std::string::npos || end.find("</svg>") != std::string::npos;
}

/// Draws to \p file; an empty text, or what went wrong.
static std::string draw(const std::string &script, const std::string &file) {
  TemporaryFile input, errors;
  if (input.descriptor < 0 || errors.descriptor < 0 || !input.write(script))
    return std::string("no temporary file: ") + std::strerror(errno);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", 0, 0);
  posix_spawn_file_actions_adddup2(&actions, errors.descriptor, 1);
  posix_spawn_file_actions_adddup2(&actions, errors.descriptor, 2);
  char name[] = "gnuplot";
  char *arguments[] = {name, input.path.data(), nullptr};
  pid_t child;
  int error = posix_spawnp(&child, name, &actions, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  int state = 0;
  if (error == 0)
    while (waitpid(child, &state, 0) < 0 && errno == EINTR)
      ;
  // Some C libraries report a missing program as exit code 127.
  if (error == ENOENT || (error == 0 && WIFEXITED(state) && WEXITSTATUS(state) == 127))
    return "gnuplot is not installed (or not in PATH)";
  if (error != 0)
    return std::string("gnuplot does not start: ") + std::strerror(error);
  if (state != 0)
    return "gnuplot: " + lastLine(errors.read());
  return isWhole(file) ? "" : "it was not written to its end; the disk may be full";
}

/// Copies a file to a device or a pipe; an empty text, or what went wrong.
static std::string copyTo(const std::string &from, const std::string &to) {
  std::FILE *in = std::fopen(from.c_str(), "rb"), *out = std::fopen(to.c_str(), "wb");
  bool done = in && out;
  char block[65536];
  while (done) {
    size_t n = std::fread(block, 1, sizeof block, in);
    if (n == 0)
      break;
    done = std::fwrite(block, 1, n, out) == n;
  }
  done = done && !std::ferror(in);
  int reason = errno;
  if (in)
    std::fclose(in);
  if (out && std::fclose(out) != 0 && done) {
    reason = errno;
    done = false;
  }
  return done ? "" : std::strerror(reason);
}

Status
synfire::runtime::runGnuplot(const std::function<std::string(const std::string &)> &scriptFor,
                             const std::string &output) {
  auto result = [&](const std::string &reason) {
    return reason.empty() ? Status::success()
                          : Status::machineError("cannot draw `" + output + "`: " + reason);
  };
  struct stat info;
  bool isThere = stat(output.c_str(), &info) == 0;
  if (isThere && !S_ISREG(info.st_mode)) { // nothing may take its place
    TemporaryFile picture;
    if (picture.descriptor < 0)
      return result(std::string("no temporary file: ") + std::strerror(errno));
    std::string reason = draw(scriptFor(picture.path), picture.path);
    return result(reason.empty() ? copyTo(picture.path, output) : reason);
  }
  // gnuplot's own message for a file that it cannot write is cryptic.
  std::string partial = output + ".partial";
  std::FILE *probe = std::fopen(partial.c_str(), "wb");
  if (!probe)
    return result(std::strerror(errno));
  std::fclose(probe);
  std::string reason = draw(scriptFor(partial), partial);
  if (reason.empty() && std::rename(partial.c_str(), output.c_str()) != 0)
    reason = std::strerror(errno);
  if (!reason.empty())
    unlink(partial.c_str());
  return result(reason);
}
