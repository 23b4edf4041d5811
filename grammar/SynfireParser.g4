// The syntax of the Synfire language, and nothing else: which statement may stand
// in which block is checked by frontend/parse/Placement, meaning by frontend/sema.
//
// Statements are told apart by their first token, clauses by theirs. Each rule
// names the AST node that is built from it (frontend/ast).
parser grammar SynfireParser;

options {
  tokenVocab = SynfireLexer;
  superClass = ParserBase;
  contextSuperClass = RuleNode;
}

@parser::postinclude { #include "grammar/ParserBase.h" }

/** ast::File; also a fragment of statements. */
file : statement* EOF ;

/** ast::Expr: a lone value, as given on the command line. */
loneValue : value SEP EOF ;

/** ast::Block */
block : LBRACE statement* RBRACE ;

/** ast::Stmt. TokenFilter writes exactly one SEP after each statement. */
statement
  : ( quantities | function | neuron | synapse | plasticity | prior | circuit
    | experiment | use | spike | refractory | on | release | every | bound
    | prune | grow | solve | format | compartment | couple | population
    | project | stimulate | part | output | forStmt | apply | drawStmt
    | constrain | simulate | at | repeat | assignLabels | report | freeze
    | record | settings
    ) SEP
  ;

// ---- Declarations of a file ------------------------------------------------

/** ast::NeuronDecl */
neuron : NEURON NAME block ;

/** ast::SynapseDecl; the second name is `excitatory` or `inhibitory`. */
synapse : SYNAPSE NAME NAME? block ;

/** ast::PlasticityDecl */
plasticity : PLASTICITY NAME block ;

/** ast::PriorDecl */
prior : PRIOR NAME params? block ;

/** ast::CircuitDecl */
circuit : CIRCUIT NAME block ;

/** ast::ExperimentDecl */
experiment : EXPERIMENT NAME? block ;

/** ast::UseDecl */
use : USE (STRING | NAME (DOT NAME)*) ;

// ---- Quantities ------------------------------------------------------------

/** ast::ParameterDecl, ast::StateDecl, ast::InputDecl (in a circuit
    ast::PortDecl), ast::LetDecl */
quantities : (PARAMETER | STATE | INPUT | LET) quantity (COMMA quantity)* ;

/** ast::Quantity */
quantity : NAME PRIME* (COLON dimension)? (ASSIGN value | TILDE draw)? ;

/** ast::FunctionDecl */
function : FUNCTION NAME params (ARROW dimension)? ASSIGN value ;

/** list of ast::Param */
params : LPAREN (param (COMMA param)*)? RPAREN ;

/** ast::Param */
param : NAME (COLON dimension)? (ASSIGN value)? ;

// ---- Units -----------------------------------------------------------------

/** ast::Unit, after `:`, `in` and the `->` of a function. */
dimension : NAME | PERCENT | NUMBER | unitBrackets ;

/** ast::Unit */
unitBrackets : LUNIT unitProduct RBRACK ;

/** list of ast::UnitFactor */
unitProduct : unitPower ((STAR | SLASH) unitPower)* ;

/** ast::UnitFactor, or the factors in parentheses. */
unitPower : (NAME | PERCENT | NUMBER | LPAREN unitProduct RPAREN)
            (CARET unitExponent)? ;

/** numerator and denominator of ast::UnitFactor */
unitExponent
  : (PLUS | MINUS)? NUMBER
  | LPAREN (PLUS | MINUS)? NUMBER (SLASH NUMBER)? RPAREN
  ;

// ---- Expressions, from tight to loose (L5) ----------------------------------

/** ast::Expr: anything that can be an argument or the right side of `=`. */
value
  : expr (DOTDOT expr | WHERE expr | OF projectionRef | DELAYED expr
         | ARROW popRef)?
  | STAR (ARROW popRef)?
  ;

/** ast::UnaryExpr, BinaryExpr, CompareExpr, LogicalExpr, IfExpr */
expr
  : primary
  | <assoc=right> expr CARET expr
  | (MINUS | PLUS) expr
  | expr (STAR | SLASH) expr
  | expr (PLUS | MINUS) expr
  | expr (EQ | NE | LT | LE | GT | GE | CROSSES) expr
  | NOT expr
  | expr AND expr
  | expr OR expr
  | IF expr THEN expr ELSE expr
  ;

/** ast::NumberExpr, StringExpr, SteadyExpr, NameExpr, FieldExpr, IndexExpr,
    CallExpr, ListExpr, PopulationExpr, or what the parentheses hold. */
primary
  : NUMBER (UNIT | unitBrackets)?
  | STRING
  | STEADY
  | path (PRIME+ | args)?
  | LPAREN value RPAREN
  | LBRACK (value (COMMA value)*)? RBRACK
  | set
  | column
  | frames
  ;

/** ast::NameExpr, FieldExpr, IndexExpr; ast::PathSegment in a reference. */
path : (NAME | PRE | POST | T | DT | PI | INF) index? (DOT NAME index?)* ;

/** indices of ast::IndexExpr or ast::PathSegment */
index : LBRACK value (COMMA value)* RBRACK ;

/** list of ast::Argument */
args : LPAREN (arg (COMMA arg)*)? RPAREN ;

/** ast::Argument. A name before `=` is an ordinary NAME (L7). */
arg : (NAME ASSIGN)? value ;

/** A file, row or column: a string, a number or the name of a value. */
operand : STRING | NUMBER | path ;

/** ast::ColumnExpr */
column : (FROM operand)? (ROW operand)? COLUMN operand (IN dimension)? ;

/** ast::FramesExpr; the word before the second operand is `labels`. */
frames : FRAMES NAME operand (NAME operand)? (EVERY expr)? ;

/** ast::DrawExpr */
draw : NAME args ((IN | CLIPPED TO) interval)? ;

/** ast::Interval */
interval : expr DOTDOT expr ;

// ---- References to populations (L2) ------------------------------------------

/** ast::PopRef */
popRef : path | STAR | set | LPAREN popRef WHERE expr RPAREN ;

/** ast::PopRef of kind Set */
set : LSET popRef (COMMA popRef)* RBRACE ;

/** ast::ProjectionRef */
projectionRef : popRef (ARROW popRef)? ;

// ---- Equations and handlers --------------------------------------------------

/** One ast::AssignStmt or ast::EquationStmt each. */
settings : setting (COMMA setting)* ;

/** ast::AssignStmt, ast::EquationStmt */
setting
  : path ( PRIME* (ASSIGN | PLUSEQ | MINUSEQ | STAREQ | SLASHEQ) value
         | TILDE draw )
  ;

/** ast::SpikeStmt */
spike : SPIKE WHEN expr block? ;

/** ast::RefractoryStmt; the name may be `nothing`. */
refractory : REFRACTORY expr (HOLD NAME (COMMA NAME)*)? ;

/** ast::OnStmt */
on : ON (PRE | POST | SPIKE) (DOT NAME index?)* block ;

/** ast::ReleaseStmt */
release : RELEASE LPAREN value RPAREN block ;

/** ast::EveryStmt */
every : EVERY expr block ;

/** ast::EveryClause; the expression may be the word `frame`. */
everyClause : EVERY expr ;

/** ast::BoundStmt */
bound : BOUND NAME IN interval ;

/** ast::PruneStmt */
prune : PRUNE WHEN expr everyClause? ;

/** ast::GrowStmt; the name is `probability`. */
grow : GROW NAME expr (WHERE expr)? everyClause? ;

/** ast::SolveStmt */
solve : SOLVE solveItem (COMMA solveItem)* ;

/** ast::SolveStmt::Item; the names are `steps` and `after`. */
solveItem : NAME BY NAME (IN NUMBER NAME)? (NAME NAME)? ;

/** ast::FormatStmt */
format : FORMAT NAME ASSIGN QFORMAT ;

/** ast::CompartmentDecl */
compartment : COMPARTMENT NAME (LBRACK value RBRACK)? block ;

/** ast::CoupleStmt */
couple : COUPLE path COMMA path BY expr forClause? ;

/** ast::ForClause */
forClause : FOR NAME IN value ;

// ---- Circuits ----------------------------------------------------------------

/** ast::PopulationDecl */
population
  : POPULATION NAME (LBRACK value RBRACK)?
    COLON NAME (LBRACK value (COMMA value)* RBRACK)? populationClause* ;

/** position, file, rules, settings of ast::PopulationDecl */
populationClause
  : AT position
  | FROM operand (NAME operand)?
  | WITH ruleUse (COMMA ruleUse)*
  | block
  ;

/** ast::Position; the last word is `periodic`. */
position
  : ( NAME args
    | LPAREN value (COMMA value)* RPAREN (IN dimension)?
    ) NAME? ;

/** ast::RuleUse */
ruleUse : NAME (ON NAME)? block? ;

/** ast::ProjectStmt */
project : PROJECT popRef ARROW popRef projectClause* ;

/** name, synapse, rules, connection and loop of ast::ProjectStmt */
projectClause
  : AS NAME
  | COLON NAME block?
  | WITH ruleUse (COMMA ruleUse)*
  | CONNECT connectRule (COMMA connectRule)*
  | forClause
  ;

/** ast::ConnectRule */
connectRule : (NAME args? | FROM operand) args? ;

/** ast::StimulateStmt */
stimulate : STIMULATE popRef (AS NAME)? COLON stimulusSource stimulateClause* ;

/** ast::StimulusSource; the word before the last value is `times`. */
stimulusSource
  : NAME ( args
         | FROM operand args?
         | AT value (EVERY expr)? (NAME expr)? ) ;

/** synapse, times and loop of ast::StimulateStmt */
stimulateClause
  : THROUGH NAME block?
  | DURING interval
  | FROM expr TO expr
  | forClause
  ;

/** ast::PartDecl */
part : PART NAME (LBRACK value RBRACK)? COLON NAME block? ;

/** ast::PortDecl; inputs are read by `quantities`. */
output : OUTPUT port (COMMA port)* ;

/** ast::PortDecl::Port */
port : NAME ASSIGN popRef ;

/** ast::ForStmt */
forStmt : forClause block ;

// ---- Priors --------------------------------------------------------------------

/** ast::ApplyStmt */
apply : APPLY NAME args forClause? ;

/** ast::DrawStmt */
drawStmt : DRAW projectionRef COLON NAME TILDE draw ;

/** ast::ConstrainStmt */
constrain
  : CONSTRAIN ( projectionRef COLON predicate
              | predicate (OF projectionRef)? )
    constraintTail? everyClause? ;

/** predicate and arguments of ast::ConstrainStmt */
predicate : NAME args? | BOUND (NAME | args) ;

/** comparison or interval of ast::ConstrainStmt */
constraintTail
  : (EQ | NE | LT | LE | GT | GE) expr
  | IN interval
  ;

// ---- Experiments -----------------------------------------------------------------

/** ast::SimulateStmt */
simulate : (RUN NAME ASSIGN)? SIMULATE NAME args? simulateClause* block? ;

/** duration and origin of ast::SimulateStmt */
simulateClause : FOR expr | FROM NAME ;

/** ast::AtStmt */
at : AT expr block ;

/** ast::RepeatStmt; the name is `frame`. */
repeat : REPEAT NAME WHILE expr block ;

/** ast::AssignLabelsStmt; the first name is `labels`. */
assignLabels : ASSIGN_KW NAME OF popRef FROM NAME BY expr ;

/** ast::ReportStmt */
report : REPORT expr (COMMA expr)* (OF projectionRef)? ;

/** ast::FreezeStmt */
freeze : (FREEZE | THAW) popRef (COMMA popRef)* ;

/** ast::RecordStmt */
record : RECORD expr (COMMA expr)* (OF projectionRef)? recordClause* ;

/** times of ast::RecordStmt */
recordClause : everyClause | DURING interval | FROM expr TO expr ;
