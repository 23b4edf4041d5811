// The words and signs of the Synfire language (language reference, section 1).
//
// The lexer knows no context. Where a sign means two things (`{` of a block or a
// set, `[` of a unit or an index, a name that is a unit, a newline that ends a
// statement or not) TokenFilter decides afterwards and gives the token one of the
// types in `tokens { ... }` below.
lexer grammar SynfireLexer;

tokens {
  SEP,      // end of a statement: a newline or `;` that ends one, or nothing before `}`
  UNIT,     // name or `%` directly after a number
  LUNIT,    // `[` that opens a unit
  LSET,     // `{` that opens a set
  FRAMES    // `frames` before a format
}

// Declarations and statements.
NEURON      : 'neuron';
SYNAPSE     : 'synapse';
PLASTICITY  : 'plasticity';
PRIOR       : 'prior';
CIRCUIT     : 'circuit';
EXPERIMENT  : 'experiment';
USE         : 'use';
PARAMETER   : 'parameter';
STATE       : 'state';
INPUT       : 'input';
OUTPUT      : 'output';
LET         : 'let';
FUNCTION    : 'function';
SPIKE       : 'spike';
REFRACTORY  : 'refractory';
RELEASE     : 'release';
BOUND       : 'bound';
PRUNE       : 'prune';
GROW        : 'grow';
SOLVE       : 'solve';
FORMAT      : 'format';
COMPARTMENT : 'compartment';
COUPLE      : 'couple';
POPULATION  : 'population';
PROJECT     : 'project';
STIMULATE   : 'stimulate';
PART        : 'part';
APPLY       : 'apply';
DRAW        : 'draw';
CONSTRAIN   : 'constrain';
SIMULATE    : 'simulate';
RUN         : 'run';
RECORD      : 'record';
REPEAT      : 'repeat';
ASSIGN_KW   : 'assign';
REPORT      : 'report';
FREEZE      : 'freeze';
THAW        : 'thaw';

// Words inside statements.
AND     : 'and';
OR      : 'or';
NOT     : 'not';
IF      : 'if';
THEN    : 'then';
ELSE    : 'else';
IN      : 'in';
AT      : 'at';
FROM    : 'from';
TO      : 'to';
FOR     : 'for';
BY      : 'by';
OF      : 'of';
ON      : 'on';
AS      : 'as';
WITH    : 'with';
THROUGH : 'through';
DURING  : 'during';
CONNECT : 'connect';
EVERY   : 'every';
WHERE   : 'where';
WHEN    : 'when';
WHILE   : 'while';
CROSSES : 'crosses';
CLIPPED : 'clipped';
HOLD    : 'hold';
DELAYED : 'delayed';
COLUMN  : 'column';
ROW     : 'row';
PRE     : 'pre';
POST    : 'post';
STEADY  : 'steady';
INF     : 'inf';
PI      : 'pi';
T       : 't';
DT      : 'dt';

// Signs.
LPAREN   : '(';
RPAREN   : ')';
LBRACK   : '[';
RBRACK   : ']';
LBRACE   : '{';
RBRACE   : '}';
COMMA    : ',';
SEMI     : ';';
COLON    : ':';
ARROW    : '->';
DOTDOT   : '..';
DOT      : '.';
PRIME    : '\'';
TILDE    : '~';
PLUSEQ   : '+=';
MINUSEQ  : '-=';
STAREQ   : '*=';
SLASHEQ  : '/=';
EQ       : '==';
NE       : '!=';
LE       : '<=';
GE       : '>=';
LT       : '<';
GT       : '>';
ASSIGN   : '=';
PLUS     : '+';
MINUS    : '-';
STAR     : '*';
SLASH    : '/';
CARET    : '^';
PERCENT  : '%';

// Fixed-point format, `Q6.10`.
QFORMAT  : 'Q' DIGIT+ '.' DIGIT+;
NAME     : LETTER (LETTER | DIGIT)*;
// A digit on both sides of the dot (L3); the sign is an operator.
NUMBER   : DIGIT+ ('.' DIGIT+)? ([eE] [+-]? DIGIT+)?;
STRING   : '"' (~["\\\r\n] | '\\' ~[\r\n])* '"';

// Exactly two signs make a doc comment (L1).
DOC_COMMENT : '##' (~[#\r\n] ~[\r\n]*)?;
COMMENT     : '#' ~[\r\n]*;
NEWLINE     : '\r'? '\n';
BLANK       : [ \t\r\f]+ -> skip;

// Reported by TokenFilter.
OPEN_STRING : '"' (~["\\\r\n] | '\\' ~[\r\n])* '\\'?;
UNKNOWN     : [\u0080-\u00FF]+ | .;

fragment DIGIT  : [0-9];
fragment LETTER : [A-Za-z_];
