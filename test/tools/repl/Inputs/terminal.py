"""Uses a session at a pseudo-terminal as a person does, key by key: `terminal.py FOLDER`.

It never waits for a time, only for what appears; a minute without it is a failure.
"""

import os
import re
import signal
import sys

import pexpect

folder = sys.argv[1]
environment = dict(os.environ, TERM="xterm", SYNFIRE_HISTORY=os.path.join(folder, "history"))
environment.pop("NO_COLOR", None)
MODEL = "neuron Cell { parameter tau = 20 ms; state v = 0 mV; v' = (30 mV - v) / tau; spike when v >= 20 mV { v = 0 mV } }"


def start(*arguments):
    session = pexpect.spawn("synfire", ["repl", *arguments], env=environment, cwd=folder, timeout=60,
                            dimensions=(24, 100), encoding="utf-8")
    session.expect("Synfire: ")
    prompt(session)
    return session


def prompt(session, number=r"\d+"):
    """Waits for the prompt. libedit writes it whole; colours stand around it."""
    session.expect(rf"synfire:{number}> ")


def send(session, line, expected=None):
    session.sendline(line)
    if expected:
        session.expect(expected)
    prompt(session)


def leave(session):
    session.sendcontrol("d")
    session.expect(pexpect.EOF)
    session.close()
    assert session.exitstatus == 0, session.exitstatus


# Colours on a terminal.
session = pexpect.spawn("synfire", ["repl"], env=environment, cwd=folder, timeout=60, encoding="utf-8")
session.expect("\x1b\\[1;34m.*synfire:1> ")
# A wrong line is reported, in colour, and the session goes on.
session.sendline("1 mV + 1 ms")
session.expect("\x1b\\[.*error: ")
session.expect("cannot add")
prompt(session, 2)
# A block that is open goes on in the next line; the prompt says so.
session.sendline("neuron Two {")
session.expect(r"\.\.\.> ")
session.sendline("state v = 0 mV")
session.expect(r"\.\.\.> ")
session.sendline("}")
prompt(session, 5)
# Ctrl-C gives a line up, also within a block.
session.send("population nothing")
session.expect("nothing")
session.sendcontrol("c")
session.expect(r"\^C")
prompt(session)
session.sendline("neuron Three {")
session.expect(r"\.\.\.> ")
session.sendcontrol("c")
prompt(session)
send(session, "Three", "nothing is called")
leave(session)

# Completion: of commands, keywords, names, units and fields.
session = start()
send(session, MODEL)
session.send("popu\t")
session.expect("lation ")
session.send("E : Ce\t")
session.expect("ll ")
session.send("\x7f[20]\r")
prompt(session)
session.send("E.t\t")
session.expect("au")
session.send(" = 15 m")
session.send("\t\t")
session.expect("mS +mV +mm +ms|mS.*mV.*mm.*ms")
session.send("s\r")
prompt(session)
session.send(":und\t")
session.expect("o ")
session.send("\r")
session.expect(r"undone: E\.tau = 15 ms")
prompt(session)
session.send("use std.pl\t")
session.expect("asticity")
session.send("\r")
prompt(session)

# History: the line before, within a session and in the next one.
send(session, "1 mV + 2 mV", "3 mV")
session.send("\x1b[A")
session.expect(re.escape("1 mV + 2 mV"))
session.send(" + 4 mV\r")
session.expect("7 mV")
prompt(session)

# Ctrl-C in a run stops it at the border of a step; everything is there, and it goes on.
session.sendline(":run 100000 s")
session.expect("real-time factor")
session.sendintr()
session.expect(r"stopped at [\d.]+ (ms|s|min|h)")
prompt(session)
send(session, "E.tau", "20 cells: 20 ms")
send(session, ":run 1 ms", "spikes")
# A window that gets another size: plots follow it.
session.setwinsize(24, 60)
session.sendline(":raster")
session.expect(r"E\|")
session.expect("synfire:")
assert all(len(line) <= 60 for line in re.sub("\x1b\\[[^a-zA-Z]*[a-zA-Z]", "", session.before).split("\r\n")), session.before
session.sendline("E.tau")
session.expect("20 cells")
prompt(session)
leave(session)

session = start()
session.send("\x1b[A\x1b[A\x1b[A")
session.expect("run 1 ms|raster")
session.sendcontrol("c")
prompt(session)
# It gives up a line, a block that is open, and does nothing where nothing is typed.
session.sendcontrol("c")
prompt(session)
session.sendline("neuron Half {")
session.expect(re.escape("...>"))
session.sendcontrol("c")
prompt(session)
assert "error" not in session.before, session.before
session.sendline(":quit")
session.expect(pexpect.EOF)
session.close()
assert session.exitstatus == 0
assert session.signalstatus != signal.SIGINT
print("done")
