"""Ways to damage a text, always the same for the same `random.Random`."""

import re

TOKEN = re.compile(r'"[^"\n]*"|#[^\n]*|\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|\w+|\s+|->|\.\.|[^\w\s]')
NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
NAME = re.compile(r"[A-Za-z_]\w*")

WORDS = ["{", "}", "(", ")", "[", "]", ",", ";", "->", "'", "=", "~", "..", "^", "-", "+=", ">=", ":", "*", ".",
         "neuron", "synapse", "plasticity", "prior", "circuit", "experiment", "state", "parameter", "input", "inf",
         "steady", "pre", "post", "weight", "index", "noise()", "every", "connect", "if", "then", "else", "with",
         "through", "delayed", "#", '"', "\n", "release(0.5)", "uniform(0, 1)", "distance", "crosses", "t", "dt"]
NUMBERS = ["0", "-1", "1", "1e308", "1e-308", "1e400", "99999999999999999999", "4294967296", "1e12", "0.5", "-0.0",
           "2147483647", "65536", "1e-30", "(0/0)", "inf"]
UNITS = ["ms", "s", "mV", "V", "pA", "nS", "Hz", "kHz", "Mohm", "um", "mm", "[1/ms]", "[mS/cm^2]", "%", "degC", "mM",
         "us", "ks", "h", "[ms^2]", "[1]", "parsec"]
GARBAGE = ["\x00", "\udcff", "\udcc3", "\udced\udca0\udc80", "\ufeff", "\u202e", "µ", "é", "\U0001f9e0", "\r", "\x1b[31m",
           "\u00a0", "\u2028", "\t\x0b\x0c"]


def _tokens(text, source, wanted=None):
    """The tokens, and the place of one that matches."""
    tokens = TOKEN.findall(text)
    places = [i for i, token in enumerate(tokens)
              if not token.isspace() and token[0] != "#" and (wanted is None or wanted.fullmatch(token))]
    return tokens, source.choice(places) if places else None


def _at_token(deed, wanted=None):
    def act(text, source):
        tokens, at = _tokens(text, source, wanted)
        if at is not None:
            deed(tokens, at, source)
        return "".join(tokens)
    return act


def _drop(tokens, at, source):
    del tokens[at]


def _repeat(tokens, at, source):
    tokens.insert(at, tokens[at] + " ")


def _swap(tokens, at, source):
    other = source.randrange(len(tokens))
    tokens[at], tokens[other] = tokens[other], tokens[at]


def _replace(tokens, at, source):
    tokens[at] = source.choice(tokens)


def _word(tokens, at, source):
    tokens[at] = source.choice(WORDS)


def _number(tokens, at, source):
    tokens[at] = source.choice(NUMBERS)


def _unit(tokens, at, source):
    tokens[at] += " " + source.choice(UNITS)


def _other_name(tokens, at, source):
    names = sorted({token for token in tokens if NAME.fullmatch(token)})
    tokens[at] = source.choice(names)


def _misspell(tokens, at, source):
    name = tokens[at]
    place = source.randrange(len(name))
    tokens[at] = source.choice([name[:place] + name[place + 1:] or "q", name[:place] + name[place] + name[place:],
                                name[:place] + "é" + name[place:], name.swapcase(), name * 300])


def _nest(tokens, at, source):
    depth = source.choice([3, 60, 400, 20000])
    opening, closing = source.choice([("(", ")"), ("[", "]"), ("-", ""), ("{", "}"), ("if 1 > 0 then ", " else 1"),
                                      ("not ", ""), ("exp(", ")"), ("1 + ", ""), ("2^", "")])
    tokens[at] = opening * depth + tokens[at] + (closing * depth if source.random() < 0.8 else "")


def _bytes(text, source):
    data = bytearray(text, "utf-8", "surrogateescape")
    at = source.randrange(len(data))
    data[at:at + source.choice([0, 1, 1, 8])] = bytes(source.randrange(256) for _ in range(source.choice([1, 1, 4, 40])))
    return data.decode("utf-8", "surrogateescape")


def _garbage(text, source):
    at = source.randrange(len(text) + 1)
    return text[:at] + source.choice(GARBAGE) * source.choice([1, 1, 3]) + text[at:]


def _line(text, source):
    lines = text.split("\n")
    line = lines.pop(source.randrange(len(lines)))
    if source.random() < 0.6:
        lines.insert(source.randrange(len(lines) + 1), line)
    return "\n".join(lines)


def _repeat_lines(text, source):
    lines = text.split("\n")
    at = source.randrange(len(lines))
    part = lines[at:at + source.randint(1, 8)]
    lines[at:at] = part * source.choice([1, 2, 30])
    return "\n".join(lines)


def _cut(text, source):
    return text[: source.randrange(len(text))]


OPERATORS = [
    (2, _bytes), (2, _garbage), (2, _line), (1, _repeat_lines), (2, _cut),
    (3, _at_token(_drop)), (2, _at_token(_repeat)), (3, _at_token(_swap)), (3, _at_token(_replace)),
    (3, _at_token(_word)), (8, _at_token(_number, NUMBER)), (4, _at_token(_unit, NUMBER)),
    (5, _at_token(_other_name, NAME)), (3, _at_token(_misspell, NAME)), (2, _at_token(_nest)),
]


def mutate(text, source, operators=None):
    """One to three damages."""
    operators = operators or OPERATORS
    weights = [weight for weight, _ in operators]
    for _ in range(source.choice([1, 1, 1, 2, 3])):
        _, operator = source.choices(operators, weights)[0]
        text = operator(text, source) or "\n"
    return text


def write(path, text):
    with open(path, "wb") as file:
        file.write(text.encode("utf-8", "surrogateescape"))
