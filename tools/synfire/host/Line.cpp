//===- Line.cpp - bytes to and from a design ---===//
#include "tools/synfire/host/Line.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <map>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

using namespace synfire;
using namespace synfire::host;
using runtime::Status;

static Status failed(const std::string &what) {
  return Status::machineError(what + ": " + std::strerror(errno));
}

runtime::Result<std::unique_ptr<Line>> Line::openPort(const std::string &path, unsigned baud) {
  static const std::map<unsigned, speed_t> speeds = {
      {9600, B9600},       {19200, B19200},     {38400, B38400},     {57600, B57600},
      {115200, B115200},   {230400, B230400},   {460800, B460800},   {500000, B500000},
      {921600, B921600},   {1000000, B1000000}, {1500000, B1500000}, {2000000, B2000000},
      {3000000, B3000000}, {4000000, B4000000}};
  auto speed = speeds.find(baud);
  if (speed == speeds.end())
    return Status::userError("no serial port has " + std::to_string(baud) +
                             " bits a second; build the design with another `--baud`");
  int descriptor = ::open(path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0)
    return failed("cannot open `" + path + "`");
  std::unique_ptr<Line> line(new Line(descriptor, 0, path));
  termios settings;
  if (tcgetattr(descriptor, &settings) != 0)
    return failed("`" + path + "` is no serial port");
  cfmakeraw(&settings);
  settings.c_cflag |= CLOCAL | CREAD;
  settings.c_cflag &= ~tcflag_t(CSTOPB | CRTSCTS);
  cfsetispeed(&settings, speed->second);
  cfsetospeed(&settings, speed->second);
  if (tcsetattr(descriptor, TCSANOW, &settings) != 0)
    return failed("cannot set up `" + path + "`");
  tcflush(descriptor, TCIOFLUSH);
  return line;
}

runtime::Result<std::unique_ptr<Line>> Line::start(const std::vector<std::string> &command,
                                                   const std::string &folder) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return failed("cannot make a line");
  std::vector<char *> words;
  for (const std::string &word : command)
    words.push_back(const_cast<char *>(word.c_str()));
  words.push_back(nullptr);
  pid_t process = fork();
  if (process == 0) {
    dup2(ends[1], 0);
    dup2(ends[1], 1);
    if (chdir(folder.c_str()) == 0)
      execv(words[0], words.data());
    _exit(127);
  }
  close(ends[1]);
  if (process < 0) {
    close(ends[0]);
    return failed("cannot start `" + command.front() + "`");
  }
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return std::unique_ptr<Line>(new Line(ends[0], process, command.front()));
}

Line::~Line() {
  close(descriptor);
  if (process)
    waitpid(process, nullptr, 0);
}

runtime::Result<bool> Line::exchange(std::deque<uint8_t> &out, std::deque<uint8_t> &in,
                                     double seconds) {
  pollfd events{descriptor, short(POLLIN | (out.empty() ? 0 : POLLOUT)), 0};
  int ready = poll(&events, 1, int(seconds * 1000));
  if (ready < 0 && errno != EINTR)
    return failed("cannot wait for `" + name + "`");
  if (ready <= 0)
    return false;
  uint8_t buffer[4096];
  if (events.revents & POLLOUT) {
    size_t count = std::min(out.size(), sizeof(buffer));
    std::copy_n(out.begin(), count, buffer);
    ssize_t done =
        process ? send(descriptor, buffer, count, MSG_NOSIGNAL) : write(descriptor, buffer, count);
    if (done < 0 && errno != EAGAIN && errno != EINTR)
      return failed("cannot write to `" + name + "`");
    out.erase(out.begin(), out.begin() + std::max<ssize_t>(done, 0));
  }
  if (events.revents & (POLLIN | POLLHUP | POLLERR)) {
    ssize_t count = read(descriptor, buffer, sizeof(buffer));
    if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR))
      return Status::machineError("`" + name + "` has gone");
    in.insert(in.end(), buffer, buffer + std::max<ssize_t>(count, 0));
  }
  return true;
}
