//===- Status.h - What the runtime answers instead of throwing --*- C++ -*-===//
//
// Every public function of the runtime that can fail returns a Status or a
// Result. The kind of failure is the exit code of the command line: what the
// user can put right in the model or the arguments, or what the machine could
// not do.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_REPORT_STATUS_H
#define SYNFIRE_RUNTIME_REPORT_STATUS_H

#include <optional>
#include <string>
#include <utility>

namespace synfire::runtime {

/// Who has to act; the value is the exit code.
enum class Fault { None = 0, User = 1, Machine = 2 };

/// Success, or a failure with its message. The message is in the form of a
/// diagnostic: lower case, no final period, code in backticks.
class [[nodiscard]] Status {
public:
  static Status success() { return Status(); }
  /// The model, its data or the arguments are wrong.
  static Status userError(std::string message) { return Status(Fault::User, std::move(message)); }
  /// The machine failed: disk, memory, a missing program.
  static Status machineError(std::string message) {
    return Status(Fault::Machine, std::move(message));
  }

  bool ok() const { return kind == Fault::None; }
  Fault fault() const { return kind; }
  int exitCode() const { return static_cast<int>(kind); }
  /// Empty for success.
  const std::string &message() const { return text; }

private:
  Status() = default;
  Status(Fault kind, std::string message) : kind(kind), text(std::move(message)) {}

  Fault kind = Fault::None;
  std::string text;
};

/// A value, or why there is none.
template <typename T> class [[nodiscard]] Result {
public:
  Result(T value) : content(std::move(value)) {}
  /// \p status must be a failure.
  Result(Status status) : failure(std::move(status)) {}

  bool ok() const { return content.has_value(); }
  explicit operator bool() const { return ok(); }
  const Status &status() const { return failure; }

  T &operator*() { return *content; }
  const T &operator*() const { return *content; }
  T *operator->() { return &*content; }
  const T *operator->() const { return &*content; }

private:
  std::optional<T> content;
  Status failure = Status::success();
};

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_REPORT_STATUS_H
