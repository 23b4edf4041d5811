//===- Editor.cpp - Lines of a terminal -----------------------------------===//
//
// Line editing, history and completion by libedit.
//
//===----------------------------------------------------------------------===//
#include "tools/synfire/repl/Completion.h"
#include "tools/synfire/repl/Input.h"
#include "tools/synfire/repl/Session.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <histedit.h>
#include <unistd.h>

using namespace synfire::repl;

namespace {

constexpr int historyLines = 2000;

/// The file that keeps what was typed; empty: none.
std::string historyFile() {
  if (const char *given = std::getenv("SYNFIRE_HISTORY"))
    return given;
  llvm::SmallString<128> path;
  if (const char *state = std::getenv("XDG_STATE_HOME"); state && *state)
    path = state;
  else if (const char *home = std::getenv("HOME"); home && *home)
    llvm::sys::path::append(path, home, ".local", "state");
  else
    return "";
  llvm::sys::path::append(path, "synfire");
  if (llvm::sys::fs::create_directories(path))
    return "";
  llvm::sys::path::append(path, "history");
  return path.str().str();
}

bool hasColours() {
  const char *terminal = std::getenv("TERM"), *without = std::getenv("NO_COLOR");
  return terminal && std::strcmp(terminal, "dumb") != 0 && !(without && *without);
}

class Editor final : public Input {
public:
  explicit Editor(Session &session) : session(session) {
    std::setlocale(LC_CTYPE, ""); // libedit counts columns by it
    path = historyFile();
    lines = history_init();
    HistEvent event;
    history(lines, &event, H_SETSIZE, historyLines);
    history(lines, &event, H_SETUNIQUE, 1);
    if (!path.empty())
      history(lines, &event, H_LOAD, path.c_str());
    editor = el_init("synfire", stdin, stdout, stderr);
    el_set(editor, EL_CLIENTDATA, this);
    el_set(editor, EL_PROMPT_ESC, &Editor::prompt, '\1');
    el_set(editor, EL_EDITOR, "emacs");
    el_set(editor, EL_HIST, history, lines);
    el_set(editor, EL_SIGNAL, 1); // a window that is resized
    el_set(editor, EL_ADDFN, "synfire-complete", "complete a name", &Editor::complete);
    el_set(editor, EL_BIND, "\t", "synfire-complete", nullptr);
    el_set(editor, EL_BIND, "^R", "em-inc-search-prev", nullptr);
    // While a line is edited, Ctrl-C is a key that gives it up; in a run it is a signal.
    el_set(editor, EL_ADDFN, "synfire-cancel", "give the line up", &Editor::cancel);
    el_set(editor, EL_SETTY, "-d", "-isig", nullptr);
    el_set(editor, EL_BIND, "^C", "synfire-cancel", nullptr);
    el_source(editor, nullptr); // the user's ~/.editrc
  }
  ~Editor() override {
    el_end(editor);
    history_end(lines);
  }

  std::optional<std::string> next(unsigned number, bool isContinued) override {
    std::string text = isContinued ? "...> " : "synfire:" + std::to_string(number) + "> ";
    if (isContinued) // under the first line
      text = std::string(std::to_string(number).size() + 5, ' ') + "...> ";
    promptText = hasColours() ? "\1\033[1;34m\1" + text + "\1\033[0m\1" : text;
    cancelled = false;
    int count = 0;
    // By itself the editor shows its prompt first; a Ctrl-C in between would be a signal.
    el_set(editor, EL_PREP_TERM, 1);
    const char *read = el_gets(editor, &count);
    if (cancelled) // perhaps an empty line, which looks like the end of the input
      return std::string();
    if (!read || count <= 0)
      return std::nullopt;
    std::string line(read, size_t(count));
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r'))
      line.pop_back();
    if (line.find_first_not_of(" \t") != std::string::npos) {
      HistEvent event;
      history(lines, &event, H_ENTER, line.c_str());
      if (!path.empty())
        history(lines, &event, H_SAVE, path.c_str());
    }
    return line;
  }
  bool wasCancelled() override { return cancelled; }

private:
  static Editor &of(EditLine *el) {
    void *self = nullptr;
    el_get(el, EL_CLIENTDATA, &self);
    return *static_cast<Editor *>(self);
  }
  static char *prompt(EditLine *el) { return of(el).promptText.data(); }

  static unsigned char cancel(EditLine *el, int) {
    of(el).cancelled = true;
    std::fputs("^C\n", stdout);
    std::fflush(stdout);
    const LineInfo *line = el_line(el);
    el_cursor(el, int(line->lastchar - line->cursor));
    return CC_NEWLINE;
  }

  static unsigned char complete(EditLine *el, int) {
    Editor &self = of(el);
    const LineInfo *info = el_line(el);
    llvm::StringRef before(info->buffer, size_t(info->cursor - info->buffer));
    Completion found = completionsOf(self.session, before);
    if (found.candidates.empty())
      return CC_ERROR;
    std::string common = found.commonStart();
    bool isOnly = found.candidates.size() == 1;
    if (common.size() > found.typed.size() || isOnly) {
      std::string rest = common.substr(found.typed.size()) + (isOnly ? found.behind : "");
      if (rest.empty() || el_insertstr(el, rest.c_str()) == -1)
        return isOnly ? CC_NORM : CC_ERROR;
      return CC_REFRESH;
    }
    std::fputc('\n', stdout);
    std::fputs(found.inColumns().c_str(), stdout);
    std::fflush(stdout);
    return CC_REDISPLAY;
  }

  Session &session;
  std::string path, promptText;
  EditLine *editor;
  History *lines;
  bool cancelled = false;
};

} // namespace

std::unique_ptr<Input> synfire::repl::makeEditor(Session &session) {
  return std::make_unique<Editor>(session);
}
