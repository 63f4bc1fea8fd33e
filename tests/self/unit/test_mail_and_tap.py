#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Texts of tools/run and tools/report for other readers, and the judgement on an emulator's end. Fails if a mail or a
TAP output, compared in full, is wrong, or if a bad end counts as good."""
from __future__ import annotations

from pathlib import Path

from prepared import PLACE, ROOT, at_once, finish, instead, log, printed, same
from zapwalk import mail, outcome, tap
from zapwalk.engine import Ending
from zapwalk.log import Log
from zapwalk.machines import MACHINES, Command
from zapwalk.verdict import Verdict

HEAD = '# ev=boot git=1234567\n# ev=lab seed=7\n# ev=cmdline text="run=x cpus=2 guard.g=off choice.zap=split safe mode=y unsafe"\n'
CELL = "# ev=cell n={n} scenario=a/one mode={mode} guard={guard} choices={choices} result=caught\n"
WITNESS = '# ev=witness n={n} scenario=a/one rule="{rule}" saw="both at once" see="a page"\n'
STEPS = """# ev=step cpu=1 role=walker at=read_low:10 do=read value=0x1 file=mm/a.c
# ev=step cpu=0 role=writer at=write_high:20 do=write buffer="2 stores" note="a long note, which does not fit into the columns that a mail has"
# ev=step cpu=0 at=- do=drain
# ev=step cpu=0 at=write_high:30 do=write
# ev=step
"""
MAP = """| ours | Linux |
| `read_low()`, `write_high(x)` | `ptep_get()`  and
| `read_low()`, `other(a, b)` | ptep_get_lockless() | why
| `write_high(x)` | set_pte() `x` |
| `none()` | none |
| `dash()` | - |
| `here()` | Linux |
| no name | pte |
"""


def commands() -> None:
    one = log(HEAD + CELL.format(n=1, mode="choreo", guard="h", choices="flush=nowait,zap=split") + CELL.format(n=2, mode="stress", guard="none", choices="-")
              + "".join(WITNESS.format(n=n, rule="r") for n in (1, 2, 3)))
    same("commands that show it again", [mail.repeated(one, witness) for witness in one.witnesses], """\
make run ARGS="run=a/one guard.h=off choice.flush=nowait choice.zap=split cpus=2 guard.g=off safe mode=choreo seed=7"
make run ARGS="run=a/one cpus=2 guard.g=off choice.zap=split safe mode=stress seed=7"
make run ARGS="run=a/one cpus=2 guard.g=off choice.zap=split safe seed=7\"""")
    one.name = "mips"
    same("on another machine", mail.repeated(one, one.witnesses[1])[:26], "make run MACHINE=mips ARGS")
    one.name = "mine"
    same("on one that we do not know", mail.repeated(one, one.witnesses[1])[:14], 'make run ARGS=')
    model = log("# ev=explorer machine=m git=7654321\n" + CELL.format(n=1, mode="tso", guard="h", choices="-") + WITNESS.format(n=1, rule="r"), "explored-m")
    same("by the explorer", mail.repeated(model, model.witnesses[0]), 'make explore ARGS="run=a/one guard.h=off model=tso"')
    bare = log(WITNESS.format(n=1, rule="r"))
    same("with nothing to go by", mail.repeated(bare, bare.witnesses[0]), 'make run ARGS="run=a/one"')
    same("git ids", [mail.git_id(each) for each in (one, model, bare)], ["1234567", "7654321", "unknown"])
    same("a command is broken at blanks, for a shell", mail.command_lines(" ".join(["x" * 21] * 3) + " yy " + "z" * 99 + " a-b"), """\
  xxxxxxxxxxxxxxxxxxxxx xxxxxxxxxxxxxxxxxxxxx xxxxxxxxxxxxxxxxxxxxx \\
yy \\
zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz \\
a-b""")
    same("and not at a hyphen", mail.command_lines("x" * 60 + " walk-limit"), "  " + "x" * 60 + " \\\nwalk-limit")
    same("one that just fits", mail.command_lines("x" * 33 + " " + "y" * 32), "  " + "x" * 33 + " " + "y" * 32)
    same("and one that does not", mail.command_lines("x" * 33 + " " + "y" * 33), "  " + "x" * 33 + " \\\n" + "y" * 33)
    same("text of 72 columns", [len(line) for line in mail.wrapped("x" * 35 + " " + "y" * 34, "ab", "c")], [72])
    same("and of one more", mail.wrapped("x" * 35 + " a-" + "y" * 33, "ab", "c"), "ab" + "x" * 35 + "\nca-" + "y" * 33)
    same("long words stay whole", mail.wrapped("x" * 80), "x" * 80)


def mails() -> None:
    same("the document", mail.MAP == ROOT / "docs/linux-map.md", True)
    place = PLACE / "map.md"
    place.write_text(MAP, encoding="utf-8")
    with instead(mail, MAP=place):
        same("Linux's names", mail.linux_names(), {"read_low": "ptep_get_lockless()", "other": "ptep_get_lockless()", "write_high": "set_pte() `x`"})
        one = log(HEAD + CELL.format(n=1, mode="choreo", guard="h", choices="-") + WITNESS.format(n=1, rule="never both " * 9) + STEPS + "# ev=step_lost count=3\n"
                  + CELL.format(n=2, mode="stress", guard="none", choices="-") + "# ev=witness n=2 scenario=a/two\n# ev=step cpu=0 at=none:1 do=x\nok 1 - a\nok 2 - b\n")
        same("a mail", mail.mail(one, one.witnesses[0]), """\
a/one with guard.h=off
Rule: never both never both never both never both never both never both
      never both never both never both
Saw: both at once
See: a page

Zapwalk, git 1234567. To see it again:

  make run ARGS="run=a/one guard.h=off cpus=2 guard.g=off \\
choice.zap=split safe mode=choreo seed=7"

CPU 0: writer, CPU 1: walker

  1 CPU 1  read = 0x1
             read_low, mm/a.c:10
  2 CPU 0  write
             buffer: 2 stores
             note: a long note, which does not fit into the columns that
               a mail has
             write_high:20
  3 CPU 0  drain
  4 CPU 0  write
             write_high:30
  5 CPU ?  ?
             ?
    ... and 3 more steps that were not recorded

In Linux:
  read_low(): ptep_get_lockless()
  write_high(): set_pte() `x`""")
        same("a bare one", mail.mail(one, one.witnesses[1]), """\
a/two with guard.g=off

Zapwalk, git 1234567. To see it again:

  make run ARGS="run=a/two cpus=2 guard.g=off choice.zap=split safe \\
mode=stress seed=7"

  1 CPU 0  x
             none:1""")
        path = PLACE / "a.mail"
        same("of a boot that passed all are saved", printed(mail.save, [one], False, path), f"{path}: 2 witness(es)\n-> ")
        same("one behind the other", path.read_text(), "\n".join([*mail.mail(one, one.witnesses[0]), "", "-- ", "", *mail.mail(one, one.witnesses[1]), ""]))
        one.points[1].ok = False
        same("else those of failures", printed(mail.save, [one], False, path), f"{path}: 1 witness(es)\n-> ")
        same("and all if all are wanted", printed(mail.save, [one], True, path), f"{path}: 2 witness(es)\n-> ")
        same("there is none", printed(mail.save, [log("ok 1 - a\n")], True, path),
             "-> mail: there is no witness in the log (the option `verbose` prints one for every caught cell)")
        same("there is no folder", printed(mail.save, [one], True, Path("/nosuch/a")), "-> mail: /nosuch/a: No such file or directory")
        place.unlink()
        same("without the document", mail.linux_names(), {})


class Symbols:
    """Stands in for the symbols of an image and marks every line."""

    @staticmethod
    def annotate(line: str) -> str:
        return f"{line} at=f"


def tapped(*lines: str, verdict: Verdict = Verdict("pass", []), more: tuple[str, ...] = ()) -> str:
    one = tap.Tap(Log("x86-pc"), Symbols())

    def run() -> None:
        for line in lines:
            one.line(line + "\r\n")
        print("(its end)")
        one.tell("of ours")
        one.wipe()
        one.conclude(verdict, list(more))
    return printed(run)


def taps() -> None:
    point = ("# ev=cell n=1 guard=g choices=- reason=torn", "# ev=witness n=1 scenario=a", "# ev=witness n=2 scenario=a", "# ev=step cpu=0")
    same("a run that fails", tapped("SeaBIOS", "\x1b[0mTAP version 13", "# before", "#", "", "1..3", "1..4", *point, "not ok 1 - a # TODO x", "# between",
                                     "ok 2 - b", "# last", "ok 3 - c", "# after", "# ev=done status=fail", "TAP version 13",
                                     verdict=Verdict("fail", ["why"]), more=("raw log: x", " ")), """\
TAP version 13
1..3
# SeaBIOS at=f
# before at=f
not ok 1 - a # TODO x
# torn
# <bold>Witness</> of point 1: a with guard.g=off
#   (the log has no steps for it)
# 1..4 at=f
# ev=cell n=1 guard=g choices=- reason=torn at=f
# ev=witness n=1 scenario=a at=f
# ev=witness n=2 scenario=a at=f
# ev=step cpu=0 at=f
ok 2 - b
# between at=f
ok 3 - c
# last at=f
(its end)
# after at=f
# ev=done status=fail at=f
# of ours
# <red>FAIL</> (? s)
#   why
# raw log: x
-> None""")
    same("the evidence, or the point's own reason", tapped("TAP version 13", "1..2", "# ev=cell n=1 evidence=seen", "not ok 1 - a", "not ok 2 - b # TODO own"), """\
TAP version 13
1..2
not ok 1 - a
# seen
# ev=cell n=1 evidence=seen at=f
not ok 2 - b # TODO own
# own
(its end)
Bail out! PASS: 
# of ours
# <green>PASS</>
-> None""")
    same("without a plan", tapped("TAP version 13", "ok 1 - early", "# ev=done status=pass", verdict=Verdict("fail", ["no\nplan", "x"])), """\
TAP version 13
(its end)
Bail out! FAIL: no plan; x
# ok 1 - early at=f
# ev=done status=pass at=f
# of ours
# <red>FAIL</> (? s)
#   no
# plan
#   x
-> None""")
    same("without anything", tapped(verdict=Verdict("died", ["why"])), """\
(its end)
TAP version 13
Bail out! DIED: why
# of ours
# <red>DIED</>
#   why
-> None""")
    same("a plan, and no end", tapped("TAP version 13", "1..1", "ok 1 - a", verdict=Verdict("died", ["why"])), """\
TAP version 13
1..1
ok 1 - a
(its end)
Bail out! DIED: why
# of ours
# <red>DIED</>
#   why
-> None""")
    same("an option that is wrong", tapped("# said", "Bail out! no such option", "# more", verdict=Verdict("not_run", ["w"])), """\
TAP version 13
# said at=f
Bail out! no such option
(its end)
# more at=f
# of ours
# <yellow>NOT RUN</>
#   w
-> None""")
    same("behind the last point nothing waits", tapped("TAP version 13", "1..1", "ok 1 - a", "# after", "# ev=done status=pass"), """\
TAP version 13
1..1
ok 1 - a
# after at=f
# ev=done status=pass at=f
(its end)
# of ours
# <green>PASS</> (? s)
-> None""")
    same("readers see it at once", [at_once(tap.Tap.say, "x"), at_once(tap.refusal, "NOT RUN", "x")], ["x\n", "TAP version 13\nBail out! NOT RUN: x\n"])
    same("refused", printed(tap.refusal, "NOT RUN", "bad\n  option"), "TAP version 13\nBail out! NOT RUN: bad option\n-> None")


def command(machine: str = "x86-pc", options: str = "exit=x", argv: tuple[str, ...] = ("/usr/bin/qemu", "-x")) -> Command:
    return Command(list(argv), options, MACHINES[machine], 2, "6G", "", False)


KVM = ("/usr/bin/qemu", "-accel", "kvm")


def ended(text: str, status: int = 1, killed: str = "", stderr: str = "", what: Command | None = None) -> str:
    found = outcome.outcome(log(text), what or command(), Ending(status, killed, stderr))
    return f"{found.status}: {'; '.join(found.reasons)}"


def outcomes() -> None:
    good = 'TAP version 13\n# ev=cmdline text="exit=x"\n1..1\nok 1 - a\n# ev=done status=pass passed=1 failed=0 skipped=0 known=0\n'
    bad = 'TAP version 13\n# ev=cmdline text="exit=x"\n1..1\nnot ok 1 - a\n# ev=done status=fail passed=0 failed=1 skipped=0 known=0\n'
    odd = good.replace("status=pass", "status=odd")
    cut = "TAP version 13\n1..1\n"
    same("ends", [ended(good), ended(bad, 3), ended(good, 0), ended(bad, 1), ended(good, 1, "it hung"), ended(odd, 3), ended(odd, 1),
                  ended(good, what=command(options="exit=x run=y")), ended(good, what=command(options=" exit=x ")),
                  ended(good.replace("# ev=cmdline", "# ev=x"), what=command(options="")), ended(good.replace("# ev=cmdline", "# ev=x"))], """\
pass: 
fail: 1 of 1 failed: a
fail: qemu ended with status 0; the kernel's status=pass should have made it 1
fail: qemu ended with status 1; the kernel's status=fail should have made it 3; 1 of 1 failed: a
fail: qemu was killed: it hung; last line: # ev=done status=pass passed=1 failed=0 skipped=0 known=0
fail: the kernel says status=odd, which is no end
fail: qemu ended with status 1; the kernel's status=odd should have made it 3; the kernel says status=odd, which is no end
fail: the kernel got other options than were sent: exit=x
pass: 
pass: 
fail: the kernel got other options than were sent: None""")
    refused = "Bail out! too old\n# ev=done status=cannot_start\n"
    status = 1 + 2 * 7
    same("a kernel that gave up before it read its options, and one that did later",
         [ended(refused, status), ended('# ev=cmdline text="other"\n' + refused, status)], """\
cannot_start: Bail out! too old
fail: the kernel got other options than were sent: other; Bail out! too old""")
    same("a machine without statuses of its own", ended(good, 77, what=Command(["x"], "exit=x", type(MACHINES["x86-pc"])(
        name="m", what="", port="", engine="", arguments=(), options=(), option_limit=1, passed=None, failed=None), 1, "1M", "", False)), "pass: ")
    same("no last line", [ended(cut, 0), ended(cut, -11), ended(cut, 1, "it hung"), ended("", 0), ended("", -6), ended("", 1, "it hung"), ended("x\n", 2),
                          ended("Bail out! x\nmore\n", 2)], """\
died: qemu ended with status 0 before the kernel's last line (# ev=done); last line: 1..1
died: qemu ended with signal 11 before the kernel's last line (# ev=done); last line: 1..1
died: qemu was killed: it hung; last line: 1..1
died: qemu ended with status 0 before the kernel's last line (# ev=done); it printed nothing
died: qemu ended with signal 6 before the kernel's last line (# ev=done); it printed nothing
died: qemu was killed: it hung; it printed nothing
died: qemu ended with status 2 before the kernel's last line (# ev=done); last line: x
died: Bail out! x; qemu ended with status 2 before the kernel's last line (# ev=done); last line: more""")
    same("an emulator that refuses", [ended("", 1), ended("", 2, stderr="warning: x\nno such option"), ended("", 2, stderr="warning: x")], """\
cannot_start: qemu ended with status 1, and printed nothing
cannot_start: qemu ended with status 2: no such option
cannot_start: qemu ended with status 2: warning: x""")
    kvm = command(argv=KVM)
    same("one that has no KVM", [ended("", 1, stderr="warning: x\nkvm: no\nwarning: y", what=kvm), ended("x\n", -6, what=kvm), ended("", 0, stderr="warning: x", what=kvm),
                                 ended("x\n", 0, "it hung", stderr="k" * 300, what=kvm), ended(cut, 1, what=kvm)], """\
cannot_start: KVM cannot run this machine here (qemu ended with status 1: kvm: no). Without it: ACCEL=tcg
cannot_start: KVM cannot run this machine here (qemu ended with signal 6). Without it: ACCEL=tcg
cannot_start: KVM cannot run this machine here (qemu ended with status 0). Without it: ACCEL=tcg
cannot_start: KVM cannot run this machine here (qemu was killed: it hung: kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk). Without it: ACCEL=tcg
died: qemu ended with status 1 before the kernel's last line (# ev=done); last line: 1..1""")
    same("one line of a log", outcome.one_line('a\n b  "c"'), "a b 'c'")
    path = PLACE / "recorded.log"
    path.write_text(good)
    outcome.record(log(good), Verdict("pass", []), path)
    same("what a log says by itself is not written into it", path.read_text(), good)
    outcome.record(log(good), Verdict("fail", ['it "hung"', "and\nmore"]), path)
    same("what it does not is", path.read_text(), good + '\n# ev=run end=fail why="it \'hung\'"\n# ev=run end=fail why="and more"\n')


commands()
mails()
taps()
outcomes()
finish()
