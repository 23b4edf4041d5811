//===- HoldFactors.cpp - neuro-hold-factors: weights as sums of products (R1) ---===//
//
// What `low_rank` says: the weight of a connection is never stored; it is a sum of products of a
// number of the source and a number of the target, which are computed where the weight is read.
//
//===----------------------------------------------------------------------===//
#include "passes/neuro/Passes.h"
#include "passes/neuro/analysis/Expression.h"
#include "passes/neuro/analysis/Sharing.h"
#include "passes/neuro/analysis/WeightLimits.h"

#include <fmt/format.h>

namespace synfire::neuro {
#define GEN_PASS_DEF_NEUROHOLDFACTORS
#include "passes/neuro/Passes.h.inc"
} // namespace synfire::neuro

using namespace mlir;
using namespace synfire::neuro;

namespace {

/// A product of a number of the source and a number of the target; null: 1.
struct Product {
  Value pre, post;
};

/// Writes a weight as a sum of products.
class ProductFinder {
public:
  ProductFinder(OpBuilder &builder, ProjectionOp projection)
      : builder(builder), sharing(projection, synapseOf(projection)) {}

  std::optional<SmallVector<Product>> find(Value value) {
    if (!whyNot.empty())
      return std::nullopt;
    auto [pre, post] = ends(value);
    if (!pre || !post)
      return SmallVector<Product>{post ? Product{Value(), value} : Product{value, Value()}};
    Operation *op = value.getDefiningOp();
    Location loc = op->getLoc();
    if (isa<arith::NegFOp>(op))
      return negated(loc, find(op->getOperand(0)));
    if (!isa<arith::AddFOp, arith::SubFOp, arith::MulFOp, arith::DivFOp>(op))
      return std::nullopt;
    auto left = find(op->getOperand(0)), right = find(op->getOperand(1));
    if (!left || !right)
      return std::nullopt;
    if (isa<arith::SubFOp>(op))
      right = negated(loc, right);
    if (isa<arith::AddFOp, arith::SubFOp>(op)) {
      left->append(*right);
      return left;
    }
    bool divide = isa<arith::DivFOp>(op);
    if (divide && right->size() != 1)
      return std::nullopt;
    SmallVector<Product> result;
    for (Product a : *left)
      for (Product b : *right)
        result.push_back(
            {combine(loc, divide, a.pre, b.pre), combine(loc, divide, a.post, b.post)});
    return result;
  }

  std::string whyNot; ///< what belongs to neither end

private:
  /// Whether a value depends on the source, and on the target.
  std::pair<bool, bool> ends(Value value) {
    std::pair<bool, bool> result{false, false};
    Operation *op = value.getDefiningOp();
    if (!op)
      return result;
    if (auto get = dyn_cast<GetOp>(op)) {
      std::string name = variableName(get.getVariable());
      if (get.getSide() == Side::Self && !sharing.isShared(name))
        whyNot = fmt::format("`{}` differs from connection to connection", name);
      return {get.getSide() == Side::Pre, get.getSide() == Side::Post};
    }
    if (isa<DrawOp>(op))
      whyNot = "it is drawn for each connection";
    else if (isa<ColumnOp>(op))
      whyNot = "a file gives it for each connection";
    else if (isa<DistanceOp>(op))
      whyNot = "it depends on the distance";
    for (Value operand : op->getOperands()) {
      auto [pre, post] = ends(operand);
      result.first |= pre;
      result.second |= post;
    }
    return result;
  }

  Value negate(Location loc, Value value) { return arith::NegFOp::create(builder, loc, value); }

  std::optional<SmallVector<Product>> negated(Location loc,
                                              std::optional<SmallVector<Product>> products) {
    if (products)
      for (Product &product : *products)
        (product.pre ? product.pre : product.post) =
            negate(loc, product.pre ? product.pre : product.post);
    return products;
  }

  Value combine(Location loc, bool divide, Value left, Value right) {
    if (!right)
      return left;
    if (!left && !divide)
      return right;
    if (!left)
      left = arith::ConstantOp::create(builder, loc, builder.getF64FloatAttr(1.0));
    return divide ? Value(arith::DivFOp::create(builder, loc, left, right))
                  : Value(arith::MulFOp::create(builder, loc, left, right));
  }

  OpBuilder &builder;
  Sharing sharing;
};

struct NeuroHoldFactorsPass : synfire::neuro::impl::NeuroHoldFactorsBase<NeuroHoldFactorsPass> {
  void runOnOperation() override {
    for (auto circuit : getOperation().getOps<CircuitOp>())
      for (auto projection : circuit.getBody().getOps<ProjectionOp>())
        if (auto rank = projection.getArguments().getAs<IntegerAttr>("rank"))
          if (failed(hold(projection, rank.getInt())))
            return signalPassFailure();
  }

private:
  LogicalResult hold(ProjectionOp projection, int64_t rank) {
    NamedAttrList arguments(projection.getArguments());
    arguments.erase("rank");
    projection.setArgumentsAttr(arguments.getDictionary(projection.getContext()));
    if (projection.getRule() == ConnectRule::LowRank)
      projection.setRule(ConnectRule::AllToAll);
    if (failed(refuseChanges(projection)))
      return failure();
    InitOp init = findInit(projection, "weight");
    if (!init)
      return success(); // one number for all: it is not stored anyway
    Block &body = init.getBody().front();
    OpBuilder builder(body.getTerminator());
    ProductFinder finder(builder, projection);
    auto products = finder.find(yieldedValues(body)[0]);
    if (!products || !finder.whyNot.empty())
      return init.emitError()
             << "`low_rank` holds `weight` as a sum of products of a number of the source and a "
                "number of the target, such as `pre.n * post.m` of two parameters of the cells"
             << (finder.whyNot.empty() ? "" : ", and ") << finder.whyNot;
    if (int64_t(products->size()) > rank)
      return init.emitError() << "`weight` is a sum of " << products->size()
                              << " products, and `low_rank(" << rank << ")` holds " << rank;
    if (failed(replaceWeight(projection, *products)))
      return failure();
    projection.setProducts(products->size());
    init.erase();
    return success();
  }

  /// Whatever moves weights one by one takes their factors apart.
  LogicalResult refuseChanges(ProjectionOp projection) {
    SynapseOp synapse = synapseOf(projection);
    auto advise = [&](InFlightDiagnostic error) {
      error.attachNote(projection.getLoc())
          << "leave out `low_rank`, or change the parameters that are the factors";
      return error;
    };
    if (!find<ParameterOp>(synapse, "weight"))
      return find<StateOp>(synapse, "weight")
                 ? advise(projection.emitError()
                          << "rules or constraints move each weight of `" << projection.getSymName()
                          << "`, and `low_rank` holds none of them")
                 : projection.emitError() << "`low_rank` is about the parameter `weight`, and `"
                                          << synapse.getSymName() << "` has none";
    for (ConstrainOp constraint :
         Constraints(projection->getParentOfType<CircuitOp>()).on(projection))
      if (constraint.getPredicate() != Predicate::Density &&
          constraint.getPredicate() != Predicate::NoAutapses)
        return advise(constraint.emitError() << "a constraint of weights that are held as factors");
    WalkResult changes = getOperation().walk([&](Operation *op) {
      auto assign = dyn_cast<AssignOp>(op);
      auto record = dyn_cast<RecordOp>(op);
      auto changed = assign ? assign.getProjection() : std::nullopt;
      if (changed && changed->getRootReference() == projection.getSymName() &&
          variableName(assign.getVariable()) == "weight") {
        advise(assign.emitError() << "an assignment to weights that are held as factors");
        return WalkResult::interrupt();
      }
      if (record && record.getProjection() == projection.getSymName() && record.getVariable() &&
          variableName(*record.getVariable()) == "weight") {
        advise(record.emitError() << "a record of weights that are held as factors");
        return WalkResult::interrupt();
      }
      return WalkResult::advance();
    });
    return failure(changes.wasInterrupted());
  }

  /// Gives the projection a synapse type of its own, in which reads of the weight are the sum.
  LogicalResult replaceWeight(ProjectionOp projection, ArrayRef<Product> products) {
    SynapseOp synapse = synapseOf(projection);
    OpBuilder builder(synapse);
    builder.setInsertionPointAfter(synapse);
    auto own = cast<SynapseOp>(builder.clone(*synapse));
    own.setSymName((synapse.getSymName() + "#" + projection.getSymName()).str());
    projection.setSynapse(own.getSymName());
    SmallVector<Operation *> statements;
    own.walk([&](Operation *op) {
      if (isa<AddOp>(op) && products.size() > 1 && readsWeight(op->getOperand(0)))
        statements.push_back(op);
    });
    // Each product arrives by itself, since a sum of several has no one factor of the target.
    for (Operation *op : statements)
      if (!isProportional(op->getOperand(0)))
        return op->emitError() << "`low_rank` needs amounts that are proportional to `weight`";
    for (Operation *op : statements) {
      builder.setInsertionPoint(op);
      for (const Product &product : products) {
        IRMapping map;
        map.map(op->getOperand(0), copyWith(builder, op->getOperand(0), [&](Location loc) {
                  return sumOf(builder, loc, product);
                }));
        builder.clone(*op, map);
      }
      op->erase();
    }
    splitContributions(builder, own, products);
    SmallVector<GetOp> reads;
    own.walk([&](GetOp get) {
      if (isWeight(get))
        reads.push_back(get);
    });
    for (GetOp get : reads) {
      builder.setInsertionPoint(get);
      if (!get.use_empty())
        get.replaceAllUsesWith(sumOf(builder, get.getLoc(), products));
      get.erase();
    }
    find<ParameterOp>(own, "weight").erase();
    eraseUnused(own);
    return success();
  }

  /// Each product contributes by itself where its number of the target can multiply the sum over
  /// all sources.
  static void splitContributions(OpBuilder &builder, SynapseOp own, ArrayRef<Product> products) {
    for (auto contribution : llvm::make_early_inc_range(own.getBody().getOps<ContributeOp>())) {
      bool readsTarget = false;
      contribution.walk([&](GetOp get) { readsTarget |= get.getSide() == Side::Post; });
      Value value = yieldedValues(contribution.getBody().front())[0];
      if (products.size() < 2 || readsTarget || !isProportional(value))
        continue;
      for (const Product &product : products) {
        builder.setInsertionPoint(contribution);
        auto part = cast<ContributeOp>(builder.clone(*contribution));
        Operation *end = part.getBody().front().getTerminator();
        builder.setInsertionPoint(end);
        end->setOperand(0, copyWith(builder, end->getOperand(0),
                                    [&](Location loc) { return sumOf(builder, loc, product); }));
      }
      contribution.erase();
    }
  }

  /// What only the replaced statements read must not be read any more.
  static void eraseUnused(SynapseOp own) {
    SmallVector<Operation *> values;
    own.walk<WalkOrder::PreOrder>([&](Operation *op) {
      if (op->getNumResults() == 1 && op->getNumRegions() == 0)
        values.push_back(op);
    });
    for (Operation *op : llvm::reverse(values))
      if (op->use_empty())
        op->erase();
  }

  static bool isWeight(GetOp get) {
    return get && get.getSide() == Side::Self && variableName(get.getVariable()) == "weight";
  }

  static bool readsWeight(Value value) {
    Operation *op = value.getDefiningOp();
    return op && (isWeight(dyn_cast<GetOp>(op)) || llvm::any_of(op->getOperands(), readsWeight));
  }

  /// Whether the value is the weight times something.
  static bool isProportional(Value value) {
    Operation *op = value.getDefiningOp();
    if (isWeight(dyn_cast<GetOp>(op)) || !readsWeight(value))
      return isWeight(dyn_cast<GetOp>(op));
    if (isa<arith::NegFOp>(op))
      return isProportional(op->getOperand(0));
    if (!isa<arith::MulFOp, arith::DivFOp>(op))
      return false;
    bool left = isProportional(op->getOperand(0)), right = isProportional(op->getOperand(1));
    return left != right && !readsWeight(op->getOperand(left ? 1 : 0)) &&
           (left || isa<arith::MulFOp>(op));
  }

  /// Copies what a value needs; the weight becomes what `weight` makes.
  static Value copyWith(OpBuilder &builder, Value value,
                        llvm::function_ref<Value(Location)> weight) {
    return copyValues(builder, value,
                      [&](Operation *op) {
                        return isWeight(dyn_cast<GetOp>(op)) ? weight(op->getLoc()) : Value();
                      })
        .front();
  }

  static Value sumOf(OpBuilder &builder, Location loc, ArrayRef<Product> products) {
    Value sum;
    for (const Product &product : products) {
      Value value;
      for (Value factor : {product.pre, product.post}) {
        if (!factor)
          continue;
        Value copy = copyValues(builder, factor, [](Operation *) { return Value(); }).front();
        value = value ? arith::MulFOp::create(builder, loc, value, copy).getResult() : copy;
      }
      sum = sum ? arith::AddFOp::create(builder, loc, sum, value).getResult() : value;
    }
    return sum;
  }
};

} // namespace
