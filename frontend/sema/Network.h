//===- Network.h - Circuits and experiments after elaboration ---*- C++ -*-===//
//
// Parts are flattened, loops unrolled, families and sets expanded: every
// population, projection and stimulus has a name and its values.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_SEMA_NETWORK_H
#define SYNFIRE_FRONTEND_SEMA_NETWORK_H

#include "frontend/sema/Model.h"

#include <deque>
#include <map>

namespace synfire::sema {

struct Population;

/// A population or some of its elements.
struct PopulationRef {
  Population *population = nullptr;
  /// Inclusive ranges, flattened; empty: all.
  std::vector<int64_t> elements;
  /// Of the elements; empty for a point neuron.
  std::string compartment;
  SourceRange range;

  /// The model whose variables `pre.` or `post.` reach.
  const Model *getModel() const;
  int64_t size() const;
  /// `E`, `E[0..4]`, `N.dend[3]`: for names and messages.
  std::string str() const;
};

/// Some connections of a projection: those from and onto these elements of its populations, in
/// inclusive ranges, flattened. Empty: from or onto all.
struct ConnectionPart {
  std::vector<int64_t> sources, targets;

  bool isWhole() const { return sources.empty() && targets.empty(); }
};

/// (R4) The value that a prior draws for some connections.
struct PartialDraw {
  ConnectionPart part;
  NodePtr value;
  SourceRange range;
};

/// A value given to a parameter or state: a number for all, or an expression
/// per element.
struct Setting {
  std::string variable;
  std::optional<double> constant;
  NodePtr node;
  SourceRange range;
  /// What `draw`s of priors give it on parts of a projection, before it is put together.
  std::vector<PartialDraw> drawn = {};
};

/// An argument of a rule or stimulus.
struct NetworkArgument {
  std::string name;
  std::optional<double> number;
  std::optional<bool> flag;
  NodePtr node;
  SourceRange range;
};

/// Columns of numbers of a file, in base units.
struct Table {
  std::string name;
  std::string path;
  std::vector<std::pair<std::string, std::vector<double>>> columns;
  SourceRange range;
  /// Other files that columns come from.
  std::vector<std::string> files;

  /// A name for one of these files: without its folder, and different from those of the others.
  std::string nameOfFile(const std::string &path);
};

/// A third factor bound where a rule is attached (P4).
struct Binding {
  std::string input;
  PopulationRef source;
  /// Pre or Post: a value of that end of each connection; `source` is its population.
  Side side = Side::Self;
  std::string variable;
  std::optional<double> delay;
  SourceRange range;
};

/// A plasticity rule on a parameter.
struct Attachment {
  std::string name;
  std::shared_ptr<const Model> rule;
  std::string parameter;
  std::vector<Setting> settings;
  std::vector<Binding> bindings;
  SourceRange range;
};

struct PositionInfo {
  std::vector<NodePtr> coordinates;
  /// Empty unless periodic.
  std::vector<double> period;
  SourceRange range;
};

struct Population {
  std::string name;
  std::shared_ptr<const Model> neuron;
  int64_t size = 0;
  /// Extents of a grid; one entry for a plain population.
  std::vector<int64_t> shape;
  std::vector<Setting> settings;
  std::vector<std::string> elementNames;
  std::optional<PositionInfo> position;
  std::vector<Attachment> rules;
  std::vector<SolveOverride> solves;
  /// Of `from "file.csv"`; null without.
  Table *table = nullptr;
  SourceRange range;

  const Setting *findSetting(llvm::StringRef variable) const;
};

struct Projection {
  std::string name;
  PopulationRef source, target;
  std::shared_ptr<const Model> synapse;
  /// As the language spells it; `table` for a file.
  std::string rule;
  std::vector<NetworkArgument> arguments;
  Table *table = nullptr;
  std::vector<Setting> settings;
  std::optional<double> dendriticFraction;
  std::vector<Attachment> rules;
  /// Name of the prior's application that it comes from; else empty.
  std::string prior;
  SourceRange range;

  const Setting *findSetting(llvm::StringRef variable) const;
};

struct Stimulus {
  std::string name;
  /// `poisson`, `current`, `noise_current`, `spikes`.
  std::string kind;
  PopulationRef target;
  std::string input;
  std::shared_ptr<const Model> synapse;
  std::vector<NetworkArgument> arguments;
  std::vector<double> times;
  Table *table = nullptr;
  std::vector<Setting> settings;
  std::optional<double> start, stop;
  std::vector<double> during;
  /// Whose frames `during` counts in; empty: it counts in the run.
  std::string frames;
  SourceRange range;
};

struct FrameSequence {
  std::string name, format, images, labels;
  double period = 0;
  SourceRange range;
};

struct PriorApplication {
  std::string name, declaration, application;
  SourceRange range;
};

struct Constraint {
  std::string predicate;
  std::vector<std::string> projections;
  /// Of each projection.
  std::vector<ConnectionPart> parts;
  std::string comparison, by, prior;
  /// As the model says it, without `constrain`.
  std::string text;
  std::optional<double> period;
  bool everyFrame = false;
  /// Right side, or lower and upper bound.
  std::vector<NodePtr> values;
  SourceRange range;
};

/// A circuit with everything in it. Deques, because references point into it.
struct Network {
  std::string name, doc;
  std::deque<Population> populations;
  std::deque<Projection> projections;
  std::deque<Stimulus> stimuli;
  std::deque<Table> tables;
  std::deque<FrameSequence> frames;
  std::vector<PriorApplication> priors;
  std::vector<Constraint> constraints;
  /// Parameters of the circuit, as evaluated: for people.
  std::vector<Setting> parameters;
  std::vector<std::string> parameterUnits;
  SourceRange range;

  Projection *findProjection(llvm::StringRef name);
  const FrameSequence *findFrames(llvm::StringRef name) const;
};

/// What stands in a `simulate` block.
struct ProtocolItem {
  enum class Kind {
    /// At `time`: `body`.
    At,
    /// Every `time` ms, or each frame of `frames`: `body`.
    Every,
    /// While `value`: `body`.
    Repeat,
    /// `variable` of `refs`, of a projection or attachment becomes `value`.
    Assign,
    Freeze,
    Thaw,
    /// Spikes, or `variable`, of `refs` or a projection.
    Record,
    Label,
    Report,
  };
  Kind kind = Kind::At;
  double time = 0;
  std::string frames;
  NodePtr value;
  std::string variable;
  std::vector<PopulationRef> refs;
  /// `ee`, or `ee` and the rule attached to it.
  std::string projection, attachment;
  bool isSpikes = false;
  std::optional<double> period;
  std::string unit;
  /// Report.
  std::string figure;
  std::vector<ProtocolItem> body;
  SourceRange range;
};

struct Run {
  std::string name, origin;
  const Network *network = nullptr;
  double duration = 0, step = 0;
  int64_t seed = 0;
  std::vector<ProtocolItem> items;
  SourceRange range;
};

struct Experiment {
  std::string name;
  std::vector<Run> runs;
  SourceRange range;
};

} // namespace synfire::sema

#endif // SYNFIRE_FRONTEND_SEMA_NETWORK_H
