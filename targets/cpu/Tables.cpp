//===- Tables.cpp - the data of a program as the tables of its model ---===//
//
// One function per struct of synfire.h, with the members in the order of that header; `add`
// compares the sizes, so that a changed header cannot go unnoticed.
//
//===----------------------------------------------------------------------===//
#include "targets/cpu/Tables.h"

#include "runtime/random/Hash.h"
#include "runtime/synfire.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/Support/FileSystem.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::cpu;

namespace {

uint32_t typeNumber(Type type) {
  if (type.isF64())
    return SYN_F64;
  if (type.isF32())
    return SYN_F32;
  if (type.isInteger(64))
    return SYN_I64;
  if (type.isInteger(32))
    return SYN_I32;
  return SYN_I16;
}

class TableEmitter {
public:
  TableEmitter(sim::ProgramOp program, const llvm::StringSet<> &functions, TableBlock &block)
      : program(program), functions(functions), c(block), symbols(program) {}
  /// Gives the place of the syn_model in the block.
  FailureOr<uint64_t> emit();

private:
  template <typename OpT> void number(llvm::StringMap<uint32_t> &names) {
    for (auto op : program.getBody().getOps<OpT>())
      names[op.getSymName()] = names.size();
  }
  uint32_t find(llvm::StringMap<uint32_t> &names, StringRef name) {
    auto found = names.find(name);
    return found == names.end() ? SYN_NONE : found->second;
  }
  uint32_t find(llvm::StringMap<uint32_t> &names, std::optional<StringRef> name) {
    return name ? find(names, *name) : SYN_NONE;
  }
  template <typename T> void add(Rows &rows, std::initializer_list<Scalar> members) {
    rows.add(members);
    mismatch |= rows.sizeInBytes() != rows.size() * sizeof(T);
  }
  Scalar ranges(std::optional<ArrayRef<int64_t>> list) {
    SmallVector<uint64_t> values;
    if (list)
      values.append(list->begin(), list->end());
    return c.numbers<uint64_t>(values);
  }
  static uint32_t rangeCount(std::optional<ArrayRef<int64_t>> list) {
    return list ? list->size() / 2 : 0;
  }
  Scalar doubles(ElementsAttr attr) {
    SmallVector<double> values;
    if (attr)
      for (double v : attr.getValues<double>())
        values.push_back(v);
    return c.numbers<double>(values);
  }

  void domain(sim::DomainOp op, Rows &rows);
  void array(sim::ArrayOp op, Rows &rows);
  void accumulator(sim::AccumulatorOp op, Rows &rows);
  void connectionsOf(sim::ConnectionsOp op, Rows &rows);
  void findLaunchesOverConnections();
  void send(sim::CapOp op, Rows &rows);
  void constraint(sim::ConstrainOp op, Rows &rows);
  void frames(sim::FramesOp op, Rows &rows);
  void launch(sim::LaunchInterface op, Rows &rows);
  /// A function of the program's code, or null.
  Scalar function(StringRef name) { return functions.contains(name) ? c.function(name) : c.null(); }
  void slot(sim::LaunchInterface launch, sim::FieldOp field, Attribute bound, Rows &rows);
  void action(Operation &op, Rows &rows);
  void run(sim::RunOp op, Rows &rows);

  sim::ProgramOp program;
  const llvm::StringSet<> &functions;
  TableBlock &c;
  SymbolTable symbols;
  llvm::StringMap<uint32_t> domains, arrays, accumulators, connections, poissons, framesNumbers,
      answers;
  DenseMap<Operation *, uint32_t> launches;
  /// Of connections: the launches that make their probabilities and delays.
  llvm::StringMap<uint32_t> probabilities, delays;
  llvm::StringSet<> drawing; ///< connections whose events draw random numbers
  SmallVector<sim::LaunchInterface> launchOrder;
  llvm::StringMap<SmallVector<sim::FieldOp>> fieldsOf;
  bool mismatch = false;
};

void TableEmitter::domain(sim::DomainOp op, Rows &rows) {
  Scalar names = c.null();
  if (auto list = op.getNames()) {
    Rows texts;
    for (Attribute name : *list)
      texts.add({c.text(cast<StringAttr>(name).getValue())});
    names = c.array(texts);
  }
  add<syn_domain>(rows, {c.text(op.getSymName()), c.u64(op.getSize()), names, c.u32(op.emits()),
                         c.u32(op.getPayloads().value_or(0)), c.u32(op.getRemembers().has_value()),
                         c.u32(op.getRemembers().value_or(0)), c.u32(op.getHidden()),
                         c.u32(find(domains, op.getRelays()))});
}

void TableEmitter::array(sim::ArrayOp op, Rows &rows) {
  uint32_t domain = find(domains, op.getOver());
  uint32_t over = find(connections, op.getOver());
  double value = op.getValue() ? op.getValue()->convertToDouble() : 0.0;
  add<syn_array>(rows,
                 {c.text(op.getSymName()), c.text(op.getUnit().value_or("")), c.u32(domain),
                  c.u32(over), c.u32(typeNumber(op.getType())),
                  c.u32(static_cast<uint32_t>(op.getKind())), c.u32(op.getUniform()),
                  c.u32(find(arrays, op.getPastOf())), c.f64(value), doubles(op.getValuesAttr()),
                  c.u64(op.getValues() ? op.getValues()->getNumElements() : 0),
                  c.u64(op.getDepth().value_or(0)), c.u32(op.getHidden()), c.u32(op.getPending())});
}

void TableEmitter::accumulator(sim::AccumulatorOp op, Rows &rows) {
  add<syn_accumulator>(rows, {c.text(op.getSymName()), c.u32(find(domains, op.getOver())),
                              c.u32(typeNumber(op.getType())), c.u32(find(arrays, op.getScale())),
                              c.u32(find(arrays, op.getInverse())),
                              c.u32(find(arrays, op.getLimit())), c.u32(0)});
}

/// Collects what a row about connections says of the launches over them.
void TableEmitter::findLaunchesOverConnections() {
  for (Operation &op : program.getBody().front())
    if (isa<sim::HandleOp, sim::TimerOp>(op)) {
      auto launch = cast<sim::LaunchInterface>(op);
      for (sim::FieldOp field : fieldsOf[launch.kernelName()])
        if (field.getKind() == sim::FieldKind::Key)
          drawing.insert(launch.overName());
    }
  for (auto values : program.getBody().getOps<sim::ValuesOp>())
    if (values.getRole() == "probability")
      probabilities[values.getOver()] = launches[values];
    else if (values.getRole() == "delay")
      delays[values.getOver()] = launches[values];
}

void TableEmitter::connectionsOf(sim::ConnectionsOp op, Rows &rows) {
  auto arguments = op.getArguments();
  auto integer = [&](StringRef name) -> uint64_t {
    auto attr = dyn_cast_or_null<IntegerAttr>(arguments.get(name));
    return attr ? attr.getInt() : 0;
  };
  auto real = [&](StringRef name) {
    auto attr = dyn_cast_or_null<FloatAttr>(arguments.get(name));
    return attr ? attr.getValueAsDouble() : 0.0;
  };
  auto flag = [&](StringRef name) -> uint32_t {
    auto attr = dyn_cast_or_null<BoolAttr>(arguments.get(name));
    return attr ? attr.getValue() : 2;
  };
  sim::Rule rule = op.getRule();
  uint64_t k = rule == sim::Rule::FixedNumber ? integer("n") : integer("k");
  double p = rule == sim::Rule::SmallWorld ? real("beta")
             : rule == sim::Rule::Modular  ? real("p_in")
                                           : real("p");
  SmallVector<uint32_t> pre, post;
  if (auto pairs = op.getPairsAttr()) {
    size_t n = pairs.getNumElements() / 2, i = 0;
    for (int32_t v : pairs.getValues<int32_t>())
      (i++ < n ? pre : post).push_back(v);
  }
  std::string name = op.getSymName().str();
  add<syn_connections>(
      rows, {c.text(name),
             c.u32(find(domains, op.getSource())),
             c.u32(find(domains, op.getTarget())),
             c.u32(static_cast<uint32_t>(rule)),
             c.u32(op.getContinuous()),
             c.u32(flag("autapses")),
             c.u32(flag("multapses")),
             c.u64(k),
             c.f64(p),
             c.f64(real("p_out")),
             c.u64(integer("groups")),
             ranges(op.getSourceRanges()),
             ranges(op.getTargetRanges()),
             c.u32(rangeCount(op.getSourceRanges())),
             c.u32(rangeCount(op.getTargetRanges())),
             c.u64(pre.size()),
             c.numbers<uint32_t>(pre),
             c.numbers<uint32_t>(post),
             c.u32(find(probabilities, op.getSymName())),
             c.u32(find(delays, op.getSymName())),
             c.u32(op.getUndelayed()),
             c.u32(runtime::streamHash(name, "connect")),
             c.f64(op.getDelay() ? op.getDelay()->convertToDouble() : 0.0),
             c.f64(op.getDendriticFraction() ? op.getDendriticFraction()->convertToDouble() : 1.0),
             c.u32(op.getFirstPayload().value_or(0)),
             c.u32(static_cast<uint32_t>(op.getLayout())),
             c.u32(drawing.contains(op.getSymName())),
             c.u32(op.getFirstRemembered().value_or(0)),
             c.u32(op.getHidden()),
             c.u32(static_cast<uint32_t>(op.getSight())),
             c.u32(op.getEachStep()),
             c.u32(0)});
}

void TableEmitter::send(sim::CapOp op, Rows &rows) {
  add<syn_send>(rows, {c.u32(find(accumulators, op.getAccumulator())),
                       c.u32(find(connections, op.getConnections())),
                       c.u32(find(poissons, op.getDrive())), c.u32(find(arrays, op.getArray())),
                       c.f64(op.getHeadroom().convertToDouble())});
}

void TableEmitter::constraint(sim::ConstrainOp op, Rows &rows) {
  SmallVector<uint32_t> over, weights, present, frozen;
  for (auto symbol : op.getConnections().getAsRange<FlatSymbolRefAttr>()) {
    std::string name = symbol.getValue().str();
    over.push_back(find(connections, StringRef(name)));
    weights.push_back(find(arrays, StringRef(name + ".weight")));
    present.push_back(find(arrays, StringRef(name + ".#present")));
    frozen.push_back(find(arrays, StringRef(name + ".#frozen")));
  }
  SmallVector<uint64_t> parts;
  SmallVector<uint32_t> partCounts;
  if (auto lists = op.getParts())
    for (auto list : lists->getAsRange<DenseI64ArrayAttr>()) {
      parts.append(list.asArrayRef().begin(), list.asArrayRef().end());
      partCounts.push_back(list.size() / 2);
    }
  StringRef comparison = op.getComparison().value_or(""), by = op.getBy().value_or("");
  add<syn_constraint>(rows, {c.text(op.getText()), c.u32(static_cast<uint32_t>(op.getKind())),
                             c.u32(over.size()), c.numbers<uint32_t>(over),
                             c.numbers<uint32_t>(weights), c.numbers<uint32_t>(present),
                             c.numbers<uint32_t>(frozen), c.numbers<double>(op.getLimits()),
                             c.f64(op.getValue() ? op.getValue()->convertToDouble() : 0.0),
                             c.u32(comparison == "<="   ? SYN_AT_MOST
                                   : comparison == ">=" ? SYN_AT_LEAST
                                                        : SYN_EQUAL),
                             c.u32(by == "post"  ? SYN_OF_TARGET
                                   : by == "pre" ? SYN_OF_SOURCE
                                                 : SYN_OF_ALL),
                             c.u64(op.getPeriod().value_or(0)), c.numbers<uint64_t>(parts),
                             c.numbers<uint32_t>(partCounts)});
}

/// Paths are those of the machine that compiles: a program may run in another folder.
void TableEmitter::frames(sim::FramesOp op, Rows &rows) {
  auto path = [&](std::optional<StringRef> given) {
    if (!given)
      return c.null();
    llvm::SmallString<256> text(*given);
    llvm::sys::fs::make_absolute(text);
    return c.text(text);
  };
  SmallVector<uint32_t> values;
  for (auto name : op.getValues().getAsRange<FlatSymbolRefAttr>())
    values.push_back(find(arrays, name.getValue()));
  add<syn_frames>(rows, {c.text(op.getSymName()), c.text(op.getFormat()), path(op.getImages()),
                         path(op.getLabels()), c.u64(op.getPeriod()),
                         c.u32(find(arrays, op.getIndex())), c.u32(find(arrays, op.getLabel())),
                         c.numbers<uint32_t>(values), c.u32(values.size()), c.u32(0)});
}

void TableEmitter::slot(sim::LaunchInterface launch, sim::FieldOp field, Attribute bound,
                        Rows &rows) {
  auto entry = [&](uint32_t kind, uint32_t index, uint64_t constant = 0) {
    add<syn_slot>(rows, {c.u32(kind), c.u32(index), c.u64(constant)});
  };
  if (auto integer = dyn_cast<IntegerAttr>(bound))
    return entry(SYN_SLOT_CONSTANT, 0, integer.getValue().getSExtValue());
  auto symbol = dyn_cast<FlatSymbolRefAttr>(bound);
  if (!symbol) // the output of a value function
    return entry(SYN_SLOT_CONSTANT, 0);
  StringRef name = symbol.getValue();
  switch (field.getKind()) {
  case sim::FieldKind::Ring:
    return entry(SYN_SLOT_RING, find(accumulators, name));
  case sim::FieldKind::Poisson:
    return entry(SYN_SLOT_POISSON, find(poissons, name));
  case sim::FieldKind::Emit:
    return entry(SYN_SLOT_EMIT, find(domains, name));
  case sim::FieldKind::Rows:
    return entry(SYN_SLOT_ROWS, find(connections, name));
  case sim::FieldKind::History:
    return entry(SYN_SLOT_HISTORY, find(domains, name));
  case sim::FieldKind::Pending:
    return entry(SYN_SLOT_PENDING, find(arrays, name));
  case sim::FieldKind::Past:
    return entry(SYN_SLOT_PAST, find(arrays, name));
  case sim::FieldKind::Source:
  case sim::FieldKind::Whole:
    return entry(SYN_SLOT_WHOLE_ARRAY, find(arrays, name));
  case sim::FieldKind::Target:
  case sim::FieldKind::Connection: {
    // While values are made there are no rows yet: targets and table rows are counted from the
    // start.
    bool making = isa<sim::ValuesOp>(launch.getOperation());
    if (making)
      return entry(SYN_SLOT_WHOLE_ARRAY, find(arrays, name));
    bool target = field.getKind() == sim::FieldKind::Target;
    return entry(target ? SYN_SLOT_ARRAY : SYN_SLOT_VALUES, find(arrays, name));
  }
  default:
    return entry(SYN_SLOT_ARRAY, find(arrays, name));
  }
}

void TableEmitter::launch(sim::LaunchInterface op, Rows &rows) {
  Operation *raw = op.getOperation();
  Rows slots;
  for (auto [field, bound] : llvm::zip(fieldsOf[op.kernelName()], op.bindings()))
    slot(op, field, bound, slots);
  uint32_t kind = isa<sim::DeriveOp>(raw)                   ? SYN_LAUNCH_DERIVE
                  : isa<sim::InitOp>(raw)                   ? SYN_LAUNCH_INIT
                  : isa<sim::ValuesOp>(raw)                 ? SYN_LAUNCH_VALUES
                  : isa<sim::DeliverOp, sim::HandleOp>(raw) ? SYN_LAUNCH_DELIVER
                  : isa<sim::SettleOp>(raw)                 ? SYN_LAUNCH_SETTLE
                  : isa<sim::AdvanceOp>(raw)                ? SYN_LAUNCH_ADVANCE
                  : isa<sim::TimerOp>(raw)                  ? SYN_LAUNCH_TIMER
                  : isa<sim::GatherOp>(raw)                 ? SYN_LAUNCH_GATHER
                  : isa<sim::UpdateOp>(raw)                 ? SYN_LAUNCH_UPDATE
                                                            : SYN_LAUNCH_ASSIGN;
  uint32_t over = find(connections, op.overName()), domain = find(domains, op.overName());
  if (over != SYN_NONE && kind != SYN_LAUNCH_ASSIGN) {
    auto connection = symbols.lookup<sim::ConnectionsOp>(op.overName());
    if (connection && domain == SYN_NONE)
      domain = find(domains, connection.getTarget());
    if (connection.getLayout() != sim::Layout::BySource && kind == SYN_LAUNCH_DELIVER)
      kind = SYN_LAUNCH_AMOUNTS;
  }
  std::optional<ArrayRef<int64_t>> elements;
  if (auto attr = raw->getAttrOfType<DenseI64ArrayAttr>("ranges"))
    elements = attr.asArrayRef();
  bool uniform = raw->hasAttr("uniform");
  std::optional<int64_t> work = symbols.lookup<sim::KernelOp>(op.kernelName()).getWork();
  int64_t period = 0;
  if (auto timer = dyn_cast<sim::TimerOp>(raw))
    period = timer.getPeriod();
  else if (auto advance = dyn_cast<sim::AdvanceOp>(raw))
    period = advance.getPeriod().value_or(1);
  std::string name = op.kernelName().str();
  if (auto values = dyn_cast<sim::ValuesOp>(raw))
    name = values.getRole().str();
  add<syn_launch>(rows, {c.u32(kind), c.u32(domain), c.u32(over), c.u32(slots.size()),
                         function(op.kernelName()), c.array(slots), c.text(name), ranges(elements),
                         c.u32(rangeCount(elements)), c.u32(uniform), c.u64(period),
                         c.u64(work.value_or(0))});
}

/// Timed assignments, or those of frames.
void TableEmitter::action(Operation &op, Rows &rows) {
  uint32_t sequence = SYN_NONE, again = SYN_NONE, test = SYN_NONE;
  int64_t step = 0, period = 0;
  SmallVector<uint32_t> numbers;
  Region *body = &op.getRegions().back();
  if (auto timed = dyn_cast<sim::ActionOp>(op)) {
    step = timed.getStep();
    period = timed.getPeriod().value_or(0);
  } else if (auto each = dyn_cast<sim::EachFrameOp>(op)) {
    sequence = find(framesNumbers, each.getFrames());
  } else {
    auto repeat = cast<sim::ShowAgainOp>(op);
    sequence = find(framesNumbers, repeat.getFrames());
    again = find(arrays, repeat.getFlag());
    test = launches[&repeat.getTest().front().front()];
  }
  for (auto assign : body->getOps<sim::AssignOp>())
    numbers.push_back(launches[assign]);
  add<syn_action>(rows, {c.u64(step), c.u64(period), c.numbers<uint32_t>(numbers),
                         c.u32(numbers.size()), c.u32(sequence), c.u32(again), c.u32(test)});
}

void TableEmitter::run(sim::RunOp op, Rows &rows) {
  Rows records, actions;
  SmallVector<uint32_t> labels, reports;
  for (Operation &statement : op.getBody().front()) {
    if (auto record = dyn_cast<sim::RecordOp>(statement)) {
      add<syn_record>(records, {c.u32(find(arrays, record.getArray())),
                                c.u32(find(domains, record.getDomain())), c.u64(record.getPeriod()),
                                ranges(record.getRanges()), c.u32(rangeCount(record.getRanges())),
                                c.u32(0)});
    } else if (auto label = dyn_cast<sim::LabelOp>(statement)) {
      labels.push_back(find(answers, label.getAnswers()));
    } else if (auto report = dyn_cast<sim::ReportOp>(statement)) {
      reports.push_back(find(answers, report.getAnswers()));
    } else {
      action(statement, actions);
    }
  }
  Scalar origin = op.getOrigin() ? c.text(*op.getOrigin()) : c.null();
  add<syn_run>(rows, {c.text(op.getName()), origin, c.u64(op.getSteps()),
                      c.f64(op.getStep().convertToDouble()), c.u64(op.getSeed()), c.array(records),
                      c.array(actions), c.numbers<uint32_t>(labels), c.numbers<uint32_t>(reports),
                      c.u32(records.size()), c.u32(actions.size()), c.u32(labels.size()),
                      c.u32(reports.size())});
}

FailureOr<uint64_t> TableEmitter::emit() {
  number<sim::DomainOp>(domains);
  number<sim::ArrayOp>(arrays);
  number<sim::AccumulatorOp>(accumulators);
  number<sim::ConnectionsOp>(connections);
  number<sim::PoissonOp>(poissons);
  number<sim::FramesOp>(framesNumbers);
  number<sim::AnswersOp>(answers);
  program.walk([&](sim::LaunchInterface op) {
    launches[op.getOperation()] = launchOrder.size();
    launchOrder.push_back(op);
  });
  for (auto kernel : program.getBody().getOps<sim::KernelOp>())
    for (auto field : kernel.getBody().getOps<sim::FieldOp>())
      fieldsOf[kernel.getSymName()].push_back(field);
  findLaunchesOverConnections();
  bool narrow = false;
  Rows domainTable, arrayTable, accumulatorTable, connectionTable, sendTable, poissonTable,
      listTable, frameTable, answersTable, totalTable, launchTable, runTable, constraintTable;
  // Arrays and launches are most of a model. A name takes some 30 bytes, a launch some 10 slots.
  arrayTable.expect<syn_array>(arrays.size(), 2);
  launchTable.expect<syn_launch>(launchOrder.size(), 3);
  c.expect(arrays.size() * (sizeof(syn_array) + 32) +
               launchOrder.size() * (sizeof(syn_launch) + 10 * sizeof(syn_slot)) +
               connections.size() * sizeof(syn_connections),
           arrays.size() * 2 + launchOrder.size() * 3 + connections.size() * 4);
  for (Operation &op : program.getBody().front()) {
    if (auto data = dyn_cast<sim::DomainOp>(op))
      domain(data, domainTable);
    else if (auto data = dyn_cast<sim::ArrayOp>(op))
      array(data, arrayTable);
    else if (auto data = dyn_cast<sim::AccumulatorOp>(op)) {
      narrow |= data.getType().isInteger(32);
      accumulator(data, accumulatorTable);
    } else if (auto data = dyn_cast<sim::ConnectionsOp>(op))
      connectionsOf(data, connectionTable);
    else if (auto data = dyn_cast<sim::CapOp>(op))
      send(data, sendTable);
    else if (auto data = dyn_cast<sim::PoissonOp>(op))
      add<syn_poisson>(poissonTable,
                       {c.text(data.getSymName()), c.u32(find(arrays, data.getMean())),
                        c.u32(find(arrays, data.getExpMean()))});
    else if (auto data = dyn_cast<sim::SpikeListOp>(op)) {
      SmallVector<uint32_t> elements;
      for (int32_t v : data.getElements().getValues<int32_t>())
        elements.push_back(v);
      add<syn_spike_list>(listTable, {c.text(data.getSymName()),
                                      c.u32(find(connections, data.getConnections())),
                                      c.u32(find(arrays, data.getDelays())), c.u64(elements.size()),
                                      doubles(data.getTimesAttr()), c.numbers<uint32_t>(elements)});
    } else if (auto data = dyn_cast<sim::ConstrainOp>(op))
      constraint(data, constraintTable);
    else if (auto data = dyn_cast<sim::FramesOp>(op))
      this->frames(data, frameTable);
    else if (auto data = dyn_cast<sim::AnswersOp>(op))
      add<syn_answers>(answersTable, {c.u32(find(domains, data.getDomain())),
                                      c.u32(find(framesNumbers, data.getFrames())),
                                      c.u32(find(arrays, data.getCounts())),
                                      c.u32(find(arrays, data.getLabels()))});
    else if (auto data = dyn_cast<sim::TotalOp>(op))
      add<syn_total>(totalTable,
                     {c.u32(find(answers, data.getAnswers())), c.u32(find(arrays, data.getInto())),
                      ranges(data.getRanges()), c.u32(rangeCount(data.getRanges())), c.u32(0)});
    else if (auto data = dyn_cast<sim::RunOp>(op))
      run(data, runTable);
  }
  for (sim::LaunchInterface op : launchOrder)
    launch(op, launchTable);
  Rows model;
  add<syn_model>(model, {c.u32(SYN_ABI_VERSION),
                         c.u32(narrow ? SYN_F32 : SYN_F64),
                         c.text(program.getSymName()),
                         c.array(domainTable),
                         c.array(arrayTable),
                         c.array(accumulatorTable),
                         c.array(connectionTable),
                         c.array(sendTable),
                         c.array(poissonTable),
                         c.array(listTable),
                         c.array(frameTable),
                         c.array(answersTable),
                         c.array(totalTable),
                         c.array(launchTable),
                         c.array(runTable),
                         c.array(constraintTable),
                         c.u32(domainTable.size()),
                         c.u32(arrayTable.size()),
                         c.u32(accumulatorTable.size()),
                         c.u32(connectionTable.size()),
                         c.u32(sendTable.size()),
                         c.u32(poissonTable.size()),
                         c.u32(listTable.size()),
                         c.u32(frameTable.size()),
                         c.u32(answersTable.size()),
                         c.u32(totalTable.size()),
                         c.u32(launchTable.size()),
                         c.u32(runTable.size()),
                         c.u32(find(arrays, StringRef("dt"))),
                         c.u32(constraintTable.size()),
                         function(SYN_DUE_PACKED),
                         function(SYN_DUE_WIDE),
                         function(SYN_DUE_UNIFORM)});
  if (mismatch)
    return program.emitError("the tables of this program do not have the layout of synfire.h");
  return c.array(model).bits;
}

} // namespace

FailureOr<Tables> synfire::cpu::makeTables(sim::ProgramOp program,
                                           const llvm::StringSet<> &functions) {
  Tables tables;
  FailureOr<uint64_t> model = TableEmitter(program, functions, tables.block).emit();
  if (failed(model))
    return failure();
  tables.model = *model;
  return tables;
}

void synfire::cpu::addTables(const Tables &tables, llvm::Module &module) {
  llvm::LLVMContext &context = module.getContext();
  auto *type = llvm::FunctionType::get(llvm::PointerType::get(context, 0), false);
  auto *function =
      llvm::Function::Create(type, llvm::GlobalValue::ExternalLinkage, "synfire_model", module);
  llvm::IRBuilder<> builder(llvm::BasicBlock::Create(context, "", function));
  builder.CreateRet(
      builder.CreateConstGEP1_64(builder.getInt8Ty(), tables.block.addTo(module), tables.model));
}
