//===- Session.h - A circuit that is being made -----------------*- C++ -*-===//
//
// Definitions, the program that they are compiled to, and the circuit that runs
// it. A change is checked as a whole before anything of the session changes;
// then, where the circuit runs, its state goes over to the new program.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_TOOLS_SYNFIRE_REPL_SESSION_H
#define SYNFIRE_TOOLS_SYNFIRE_REPL_SESSION_H

#include "frontend/Interactive.h"
#include "runtime/engine/Migrate.h"
#include "targets/cpu/CodeCache.h"
#include "tools/synfire/repl/Definitions.h"
#include "tools/synfire/repl/Messages.h"
#include "tools/synfire/repl/Recording.h"

#include <atomic>
#include <deque>
#include <functional>
#include <set>

namespace synfire::repl {

struct SessionOptions {
  std::string precision = "f64", cpu = "native";
  unsigned threads = 0; ///< 0: one for small circuits, else all cores
  bool quiet = false;   ///< only what was asked for
  bool isTerminal = false;
};

/// A program as far as the `sim` dialect.
struct Code {
  std::unique_ptr<mlir::MLIRContext> context;
  mlir::OwningOpRef<mlir::ModuleOp> module;
};

/// Where the time of the last change went, in seconds.
struct ChangeTimes {
  double check = 0, passes = 0, code = 0, build = 0, state = 0;
  double total() const { return check + passes + code + build + state; }
};

/// Values that were read from the running circuit.
struct LiveValues {
  std::string name, unit;
  std::vector<uint32_t> elements; ///< of a population
  std::vector<double> values;
  bool ofConnections = false;
};

class Session {
public:
  explicit Session(const SessionOptions &options);
  ~Session();

  /// Takes statements, an expression, or a command (`:run 1 s`), which stands at a line of the
  /// input. False after an error, which was reported and has changed nothing.
  bool enter(llvm::StringRef text, unsigned line);
  /// Adds what stands in a file.
  bool load(llvm::StringRef path);
  bool isDone() const { return done; }
  /// Whether a text is not complete: a block is open, or the line ends in an operator.
  static bool isIncomplete(llvm::StringRef text);

  // What commands are made of (Commands.cpp).
  /// Checks and takes over other definitions; a running circuit goes on with them.
  bool change(Definitions next, const std::string &what);
  /// Compiles and starts the circuit, if it does not run yet.
  bool start();
  /// Runs so many steps, or until `isMet` says so, which is asked after each step.
  bool run(int64_t steps, const std::function<bool()> &isMet = nullptr);
  /// Makes a circuit that is declared the one of the session.
  bool adopt(llvm::StringRef circuit);
  bool reset();
  bool undo();
  bool save(llvm::StringRef path);
  bool open(llvm::StringRef path);
  bool exportModel(llvm::StringRef path);
  bool silence(llvm::StringRef population, bool on);
  void quit() { done = true; }

  /// Evaluates a text as a quantity, with the circuit's names and present values.
  std::optional<sema::Value> evaluate(llvm::StringRef text);
  std::optional<sema::Value> evaluate(ast::ExprPtr expr);
  /// A time in steps.
  std::optional<int64_t> steps(llvm::StringRef text);
  /// Reads `E.v[0..9]`, `weight of E -> E`; nothing, silently, where it is not such a value.
  std::optional<LiveValues> read(const ast::Expr &expr);
  /// The module at some level of the present definitions: `prepare`d neuro, or sim.
  std::unique_ptr<Code> compile(const Definitions &definitions, bool toSim = true,
                                ChangeTimes *times = nullptr);

  const Definitions &getDefinitions() const { return definitions; }
  const SessionOptions &getOptions() const { return options; }
  runtime::Instance *getInstance() { return live ? live->instance.get() : nullptr; }
  Recording *getRecording() { return recording.get(); }
  SourceManager &getSources() { return sources; }
  Messages &getMessages() { return messages; }
  cpu::CodeCache::Counts getCounts() const { return cache.counts(); }
  const ChangeTimes &getTimes() const { return times; }
  const std::set<std::string> &getSilenced() const { return silenced; }
  const InteractiveFrontend &getFrontend() const { return frontend; }
  double nowMs() const;
  /// The number of a population; SYN_NONE, after a message, if there is none of that name.
  uint32_t findPopulation(llvm::StringRef name);
  /// The population and the elements of a reference such as `E` or `E[0..9]`, which may be a set.
  struct Cells {
    uint32_t domain;
    std::vector<uint32_t> elements; ///< all, if none was named
    bool isAll = true;
  };
  std::optional<std::vector<Cells>> resolve(const ast::PopRef &ref);
  bool fail(const llvm::Twine &message);
  void say(const llvm::Twine &text);
  /// The line of the input that is being dealt with.
  unsigned line = 0;

private:
  struct Live {
    std::unique_ptr<cpu::CachedProgram> program;
    std::unique_ptr<runtime::Team> team;
    std::unique_ptr<runtime::Instance> instance;
    syn_run run = {};
    std::vector<syn_record> records;
    std::deque<std::vector<uint64_t>> ranges; // of the records
    bool isBroken = false;                    ///< it has stopped at a NaN
  };
  /// What `:undo` goes back to.
  struct Moment {
    std::string what;
    Definitions definitions;
    std::shared_ptr<runtime::Snapshot> state;
    std::shared_ptr<Recording> recording;
    std::set<std::string> silenced;
    uint64_t bytes = 0;
  };

  bool enterStatements(std::vector<ast::StmtPtr> stmts, llvm::StringRef text);
  bool enterExpression(ast::ExprPtr expr);
  bool addStatement(Definitions &next, ast::StmtPtr stmt, std::string &what);
  bool addQuantities(Definitions &next, ast::StmtPtr stmt, std::string &what);
  bool adoptRun(Definitions &next, ast::SimulateStmt &run);
  bool takeCircuit(Definitions &next, llvm::StringRef name);
  bool adoptExperiment(Definitions &next, ast::ExperimentDecl &experiment);
  std::optional<Definitions> readModel(Definitions next, llvm::StringRef path,
                                       const std::string &text);
  bool assign(const ast::AssignStmt &stmt, const std::string &text);
  bool act(ast::StmtPtr stmt, llvm::StringRef text);
  /// Some elements of an array of the circuit that runs.
  struct ArrayPlace {
    uint32_t array;
    std::vector<uint32_t> elements;
  };
  std::optional<ArrayPlace> locate(const ast::Expr &target);
  /// The array `E.v` and the elements that a path names; of connections no elements.
  std::optional<ArrayPlace> locatePath(const ast::PopRef &path);
  std::optional<std::vector<uint32_t>> elementsOf(const std::vector<ast::ExprPtr> &index,
                                                  uint32_t domain);
  bool performAction(size_t number);
  std::optional<sema::Value> evaluateWith(ast::ExprPtr expr, DiagnosticEngine &diags);
  bool checkOnly(const Definitions &next, DiagnosticEngine &diags);
  std::unique_ptr<Live> build(Code &code, std::optional<uint64_t> seed, ChangeTimes &times);
  bool goOn(std::unique_ptr<Live> next);
  void addRecords(Live &live);
  void applySilence();
  void remember(const std::string &what);
  void forget();
  ast::ExprPtr withPresentValues(ast::ExprPtr expr);
  std::optional<LiveValues> readArray(const ArrayPlace &place);
  std::optional<LiveValues> readStatic(uint32_t array, LiveValues result);
  static void readConnections(runtime::Instance &instance, uint32_t array, LiveValues &result);
  /// `rate(E)`, `cv(E)`, `count(E)`, `mean(E.v)`, `sd(E.v)`: the value and its unit.
  std::optional<std::pair<double, std::string>> measure(const ast::CallExpr &call);

  SessionOptions options;
  SourceManager sources;
  Messages messages;
  InteractiveFrontend frontend;
  Definitions definitions;
  cpu::CodeCache cache;       ///< before what was compiled with it
  std::unique_ptr<Code> code; ///< of `definitions`, until it runs
  std::shared_ptr<Recording> recording;
  std::unique_ptr<Live> live;
  std::deque<Moment> moments;
  std::set<std::string> silenced;
  ChangeTimes times;
  bool done = false;
};

/// The flag that Ctrl-C sets; a run looks at it at the border of steps.
std::atomic<bool> &interruptFlag();
/// Makes Ctrl-C set the flag instead of ending the program.
void catchInterrupts();

/// Carries out a command, `run 1 s`; in Commands.cpp.
bool runCommand(Session &session, llvm::StringRef text);

} // namespace synfire::repl

#endif // SYNFIRE_TOOLS_SYNFIRE_REPL_SESSION_H
