#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""make mutants with its rules, samples, and stop and continue. Fails if a rule makes wrong mutants, if a planted
survivor is missed, or if a mutant of tests/self/boot/mutants.txt is not killed by the killer written beside it."""
from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path

from made_up_source import make_source
from tap import PLACE, ROOT, Result, call, check, clean_environment, finish, skip

from zapwalk.mutants import argued, asm_rules, c_rules, pick, py_rules
from zapwalk.mutants.mutant import RULES, Mutant

C = """/* if (x < 1) in a comment */
#define LIMIT 0x10u
static const u32 table[] = {
	7,
};
_Static_assert(sizeof(table) == 4, "not 9");
static u32 f(u32 *p, bool wait)
{
	u32 n = 0;

	for_each_cpu (cpu, mask)
		g(cpu, &n);
	if (wait && n < *p) {
		smp_mb();
		n |= A | B->c;
	} else
		return n == 3;
	asm volatile("push %0\\n"
		     "pop %0" : "+r"(n) : : "memory");
	while (!done)
		;
	return ~n & true;
}
"""
C_MUTANTS = {
    ("LIMIT", "constant", "#define LIMIT 0x11u"), ("LIMIT", "constant", "#define LIMIT 0xfu"),
    ("table", "constant", "8,"), ("table", "constant", "6,"),
    ("f", "constant", "u32 n = 1;"), ("f", "drop", "g(cpu, &n);"), ("f", "drop", "smp_mb();"),
    ("f", "drop", "n |= A | B->c;"), ("f", "swap", "smp_mb(); <-> n |= A | B->c;"),
    ("f", "negate", "!(wait && n < *p)"), ("f", "logic", "if (wait || n < *p) {"), ("f", "bound", "if (wait && n <= *p) {"),
    ("f", "mask", "n &= A | B->c;"), ("f", "mask", "n |= A & B->c;"), ("f", "mask", "| B->c"),
    ("f", "save", '"push %0\\n"'), ("f", "drop", '"pop %0"'), ("f", "clobber", '"pop %0" : "+r"(n) : : "cc");'),
    ("f", "drop", 'asm volatile("push %0\\n" "pop %0" : "+r"(n) : : "memory");'),
    ("f", "negate", "return n != 3;"), ("f", "constant", "return n == 4;"), ("f", "constant", "return n == 2;"),
    ("f", "negate", "!(!done)"), ("f", "negate", "while (done)"), ("f", "mask", "return n & true;"),
    ("f", "mask", "return ~n | true;"), ("f", "flag", "return ~n & false;"),
}
ASM = """#define FOUR 4
/* movl $1, %eax */
entry:
	pushl	%ebx		/* saved */
	movl	$8, %eax
	cld
	.balign	16
1:	jmp	1b
"""
ASM_MUTANTS = {
    ("entry", "save", "pushl %ebx"), ("entry", "drop", "movl $8, %eax"), ("entry", "drop", "cld"), ("entry", "drop", "jmp 1b"),
    ("entry", "constant", "movl $9, %eax"), ("entry", "constant", "movl $7, %eax"), ("entry", "swap", "movl $8, %eax <-> cld"),
    ("entry", "swap", "pushl %ebx <-> movl $8, %eax"),
}
PYTHON = '''"""Text."""
X = 1


def f(a: int | None, b):
    """Text."""
    if a < 3 and b in (1, True):
        print("é", a)
        a |= 4
    return [c for c in b if c] if not a == b else f"{a + 1}"
'''
PYTHON_MUTANTS = {
    ("(file)", "constant", "X = 2"), ("(file)", "constant", "X = 0"), ("f", "negate", "not (a < 3 and b in (1, True))"),
    ("f", "logic", "if a < 3 or b in (1, True):"), ("f", "bound", "if a <= 3 and b in (1, True):"),
    ("f", "negate", "if a < 3 and b not in (1, True):"), ("f", "flag", "if a < 3 and b in (1, False):"),
    ("f", "drop", 'print("é", a)'), ("f", "drop", "a |= 4"), ("f", "swap", 'print("é", a) <-> a |= 4'),
    ("f", "negate", "not (c)"), ("f", "negate", "not (not a == b)"),
    ("f", "negate", 'return [c for c in b if c] if not a != b else f"{a + 1}"'),
    *(("f", "constant", text) for text in (
        "if a < 4 and b in (1, True):", "if a < 2 and b in (1, True):", "if a < 3 and b in (2, True):",
        "if a < 3 and b in (0, True):", "a |= 5", "a |= 3")),
}


def rules() -> None:
    for module, name, text, wanted in ((c_rules, "a.c", C, C_MUTANTS), (asm_rules, "a.S", ASM, ASM_MUTANTS),
                                       (py_rules, "a.py", PYTHON, PYTHON_MUTANTS)):
        made = module.mutants(name, text)
        found = {(m.function, m.rule, m.text) for m in made}
        check(found == wanted, f"{name}: {len(wanted)} mutants, as the rules say", "missing:", *sorted(wanted - found),
              "too many:", *sorted(found - wanted))
        lines = {m.apply(text).count("\n") for m in made}
        check(name == "a.py" or lines == {text.count("\n")}, f"{name}: every line keeps its number")
        same = [m for m in made if m.apply(text) == text]
        check(not same and len({m.name for m in made}) == len(made), f"{name}: no two are alike, none is the source", *same)
    unused = set(RULES) - {m[1] for m in C_MUTANTS | ASM_MUTANTS | PYTHON_MUTANTS}
    check(not unused, "each rule makes some", *unused)
    tidy = compile(PYTHON.replace("a |= 4", "a  |=  4  # same"), "x", "exec")
    check(py_rules.same_code(compile(PYTHON, "x", "exec"), tidy), "Python that only looks different is the same")
    check(not py_rules.same_code(compile(PYTHON, "x", "exec"), compile(PYTHON.replace("4", "5"), "x", "exec")),
          "and what is different is not")
    orders()


def orders() -> None:
    """Two neighbouring statements of Python must not be swapped if their order makes no difference."""
    for one, other, swapped in (
            ("a = 1", "b = 2", False), ("a = 1", "a = 2", True), ("a = 1", "b = a", True), ("a = b", "b = 1", True), ("a, b = c", "d = e", False),
            ("a, b = c", "d = b.x", True), ("self.a = a", "self.b = b", False), ("self.a = a", "b = self.a", True), ("self.a = a", "b = self", True),
            ("self.a = a", "b = self.a.c", True), ("a = len(b)", "c = b.get(1)", False), ("a = f(b)", "c = 1", True), ("a = b.pop()", "c = 1", True),
            ("a[1] = b", "c = 1", True), ("f().a = b", "c = 1", True), ("a += 1", "b = 1", True), ("a = 1", "del b", True),
            ("a = [c for c in b]", "c = 1", True), ("a = (b := 1)", "c = 1", True), ("a = yield", "c = 1", True), ("a = b[1:c]", "d = lambda: e", False)):
        made = [mutant.text for mutant in py_rules.mutants("a.py", f"def f():\n    {one}\n    {other}\n") if mutant.rule == "swap"]
        check(made == [f"{one} <-> {other}"] * swapped, f"{one}; {other}: swapped or not", made)
    orders_of_c()
    extrema()
    frozen = py_rules.mutants("a.py", "@dataclass(frozen=True)\nclass A:\n    b = f(c=True)\n")
    check([mutant.text for mutant in frozen] == ["b = f(c=True)", "b = f(c=False)"], "a frozen class has none, what it holds has",
          *[(mutant.rule, mutant.text) for mutant in frozen])


def extrema() -> None:
    """A minimum or maximum must have no mutant of its bound, because the bound decides nothing there. Similar
    expressions must keep theirs."""
    for value, bounds in (("a < b ? a : b", 0), ("a > b ? b : a", 0), ("a && p[0] < f(b) ? p[0] : f(b)", 0), ("(a < b ? b : a) + 1", 0),
                          ("a < b ? a : b + 1", 1), ("a < b ? b : a - 1", 1), ("a < b ? a : a", 1), ("a < b ? 1 : 2", 1), ("a < b", 1)):
        made = [mutant for mutant in c_rules.mutants("a.c", f"int f(void)\n{{\n\treturn {value};\n}}\n") if mutant.rule == "bound"]
        check(len(made) == bounds, f"{value}: {bounds} bounds", *made)


def orders_of_c() -> None:
    """Nor in C, if the compiler itself may exchange the two assignments."""
    for one, other, swapped in (
            ("a = 1;", "b = 2;", False), ("a = 1;", "a = 2;", True), ("a = 1;", "b = a;", True), ("a = b;", "b = 1;", True), ("a |= 1;", "b += 2;", False),
            ("p->a = 1;", "p->b = q->c;", False), ("p->a = 1;", "p->b = q->a;", True), ("p->a = 1;", "q->a = 2;", True), ("p->a = 1;", "p = q;", True),
            ("p->s.a = 1;", "p->s.b = 2;", False), ("p->s.a = 1;", "q = p->s;", True), ("s.a = 1;", "t = s;", True), ("a[i] = 1;", "b[i] = c[i];", False),
            ("a[i] = 1;", "i = 2;", True), ("a[i] = 1;", "b = a[j];", True), ("a = f(b);", "c = 1;", True), ("a = min(b, c);", "d = sizeof(e);", False),
            ("*a = 1;", "b = 2;", True), ("a = *b;", "c = 1;", True), ("a = b * 2;", "c = (u32)d;", False), ("a = b++;", "c = 1;", True),
            ("a = b = 1;", "c = 1;", True), ("a = (struct s){1};", "c = 1;", False), ("a = (*f)(b);", "c = 1;", True), ("f(a);", "c = 1;", True),
            ("p->a[i] = (struct s){.x = b, .y = 2};", "p->c++;", False), ("a = (struct s){.x = b};", "b++;", True),
            ("a = (struct s){.x = f()};", "b = 1;", True), ("a = (struct s){.x = b = 1};", "c = 1;", True),
            ("p.a[0] = 1;", "p.a[1] |= 2;", False), ("p.a[0] = 1;", "p.a[0] = 2;", True), ("p.a[0] = 1;", "p.a[i] = 2;", True),
            ("p.a[0] = 1;", "b = p;", True), ("p.a[0] = 1;", "b = p.a[1];", False), ("p.a[0] = 1;", "b = p.a;", True),
            ("a = b[i](c);", "d = 1;", True), ("a++;", "c = 1;", False), ("a++;", "c = a;", True), ("a++;", "--a;", True), ("a = READ_ONCE(b);", "c = 1;", True), ("a = (volatile u32)b;", "c = 1;", True),
            ("(void)a;", "f(b);", False), ("(void)f(a);", "f(b);", True)):
        made = [mutant.text for mutant in c_rules.mutants("a.c", f"void f(void)\n{{\n\t{one}\n\t{other}\n}}\n") if mutant.rule == "swap"]
        check(made == [f"{one} <-> {other}"] * swapped, f"C: {one} {other} swapped or not", made)


def samples() -> None:
    def made(path: str, text: str) -> list[Mutant]:
        return c_rules.mutants(path, text)

    paths = [path for path in pick.source_files(ROOT) if pick.folder_of(path)]
    everything = pick.mutants_below(ROOT, paths)
    one, again, other = (pick.sample(seed, 90, everything) for seed in (1, 1, 2))
    check(len(one) == 90 and [m.name for m in one] == [m.name for m in again], "the same seed, the same sample")
    check(len({m.name for m in one} & {m.name for m in other}) < 30, "another seed, another sample")
    folders = {pick.folder_of(m.path) for m in one}
    check(folders == set(pick.FOLDERS), "every folder has its share", folders ^ set(pick.FOLDERS))
    few = [m.rule for m in one]
    check(all(few.count(rule) < 30 for rule in RULES), "no rule is most of a sample", few)
    longer = pick.sample(1, 180, everything)
    check({m.name for m in one} <= {m.name for m in longer}, "a longer sample has the shorter one in it")
    texts = {f"mm/{n}.c": C.replace("static u32 f", f"static u32 f{n}") for n in range(4)}
    before = pick.sample(1, 40, [m for path, text in texts.items() for m in made(path, text)])
    texts["mm/0.c"] = "\n" + C.replace("u32 n = 0", "u32 n = 5")
    after = pick.sample(1, 40, [m for path, text in texts.items() for m in made(path, text)])
    kept = {m.name for m in before} & {m.name for m in after}
    check(len(kept) > 24, f"a change to one file leaves {len(kept)} of 40 as they were")


def arguments() -> None:
    text = (ROOT / argued.DOCUMENT).read_text(encoding="utf-8")
    entries, bad = argued.read(text)
    check(not bad, "docs/mutants.md: every entry can be read", *bad)
    paths = {entry.path for entry in entries}
    there = {path for path in paths if (ROOT / path).is_file()}
    keys = {m.key for m in pick.mutants_below(ROOT, sorted(there))}
    gone = [f"{argued.DOCUMENT}:{entry.line}: {entry.rule} `{entry.text}`" for entry in entries if entry.key not in keys]
    check(entries and not gone, f"docs/mutants.md: its {len(entries)} entries each name a mutant that there is", *gone)
    short = [entry.text for entry in entries if len(entry.reason) < 40]
    check(not short, "docs/mutants.md: each with the fact that hides it", *short)
    made = "### a.c, f\n\n- drop `x | y;`: because\n  of this\n- drop `z;`\n- dorp `z;`: so\n### a.c\n- drop `z;`: so\n"
    entries, bad = argued.read(made)
    check([(e.text, e.reason) for e in entries] == [("x | y;", "because of this")] and len(bad) == 3,
          "an entry without a reason, rule or function is none", *entries, *bad)


def mutants(source: Path, *options: str, seconds: float = 300) -> Result:
    return call(["tools/mutants", "--root", str(source), *options], seconds=seconds)


def outcomes(source: Path) -> dict[tuple[str, str], str]:
    lines = [line for path in (source / "build/mutants/state").glob("*.jsonl") for line in path.read_text().splitlines()]
    return {(said["rule"], said["text"]): said["what"] for said in map(json.loads, lines)}


def planted() -> None:
    """A small source with a test of only a part of it. Each mutant must get its own outcome, killed, survived or
    equivalent."""
    source = make_source(PLACE / "planted")
    result = mutants(source, "--files", "mm/sum.c")
    found = outcomes(source)
    wanted = {
        ("drop", "total += *p;"): "killed",  # the test sees the sum
        ("bound", "while (n >= 0) {"): "killed",  # ASan sees this access
        ("drop", "bits >>= 1;"): "killed",  # never ends
        ("constant", "return total > 1001 ? 1000 : total;"): "survived",  # no test adds up so much
        ("swap", "total += *p; <-> n--;"): "equivalent",
    }
    wrong = [f"{key}: {found.get(key)}, not {what}" for key, what in wanted.items() if found.get(key) != what]
    check(not wrong, "killed, survived, the same code: each is told", *wrong, result.text)
    check(result.status == 1 and result.says("SURVIVED mm/sum.c:15 sum_up, constant", "-\treturn total > 1000 ? 1000 : total;",
                                             "+\treturn total > 1001 ? 1000 : total;"),
          "a survivor is shown with its place and the change", result.text)
    check(result.says("argued: mm/sum.c:15 sum_up, constant `return total > 999 ? 1000 : total;`")
          and ("constant", "return total > 999 ? 1000 : total;") not in found, "what is argued is listed and not tried",
          result.text)
    check(result.says("length, drop: killed by unit test_sum_split (time limit)"), "what does not end is ended", result.text)
    check("ev=warning" not in result.text, "everybody could judge", result.text)
    again = mutants(source, "--files", "mm/sum.c")
    check(again.status == 1 and f"{len(found)} known already" in again.text, "the same source is not tried twice", again.text)
    path = source / "tests/self/unit/test_sum.c"
    path.write_text(path.read_text().replace("return 0;", "if (sum_up(many, 2) != 1000)\n\t\treturn 1;\n\treturn 0;"))
    last = mutants(source, "--again")
    check(last.status == 0 and "0 argued" not in last.text and "survived," not in last.text,
          "AGAIN=1: with a better test the survivors are killed", last.text)


def since() -> None:
    """SINCE= must list exactly the mutants of lines missing in a git revision."""
    source = make_source(PLACE / "since")
    git = ["git", "-C", str(source), "-c", "user.name=a", "-c", "user.email=a@b"]
    done = [call([*git, *arguments]).status for arguments in (["init", "-q"], ["add", "mm"], ["commit", "-qm", "a"])]
    path = source / "mm/sum.c"
    path.write_text(path.read_text().replace("bits >>= 1;", "bits >>= 1u;"))
    listed = mutants(source, "--since", "HEAD", "--list").text.splitlines()
    check(done == [0, 0, 0] and len(listed) == 3 and all("mm/sum.c:23 " in line for line in listed),
          "SINCE=HEAD: the mutants of the line that changed", done, *listed)


def cannot_judge() -> None:
    source = make_source(PLACE / "unfit")
    (source / "tools/run").write_text("#!/bin/sh\necho the emulator is broken\nexit 3\n")
    result = mutants(source, "--files", "mm/sum.c")
    check(result.status == 1 and result.says("ev=warning", "ends with 3 without a mutant", "the emulator is broken"),
          "who fails without a mutant is told", result.text)
    check("survived" in result.text and "by x86-pc" not in result.text and "x86-pc" not in "".join(
        line for line in result.text.splitlines() if line.startswith("SURVIVED")), "and not asked", result.text)
    (source / "mm/sum.c").write_text("int x = 1 +;\nint f(void) { return 1 > 2 }\n")
    result = mutants(source, "--files", "mm/sum.c")
    check(result.status == 2 and result.says("make", "without a mutant", "error"), "a source that does not build", result.text)


def stopped() -> None:
    source = make_source(PLACE / "stopped")
    (source / "tools/run").write_text((source / "tools/run").read_text() + "setsid sleep 300 &\nsleep 1\n")
    command = ["tools/mutants", "--root", str(source), "--files", "mm/sum.c", "--jobs", "1"]
    running = subprocess.Popen(command, cwd=ROOT, env=clean_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               text=True, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))
    for line in running.stdout:
        if line.startswith("  2/"):
            break
    time.sleep(0.3)
    running.send_signal(signal.SIGINT)
    text = running.communicate(timeout=60)[0]
    some = outcomes(source)
    check(running.returncode == 130 and "interrupted" in text and "Traceback" not in text, "Ctrl-C ends it", text)
    left = [path for path in Path("/proc").glob("[0-9]*/cwd") if link(path).startswith(str(source))]
    check(not left, "and all that it started", *left)
    result = call(command, seconds=300)
    check(2 <= len(some) and f"{len(some)} known already" in result.text and "not tried" in result.text,
          "the same command goes on where it was", text, result.text)
    whole = outcomes(source)
    tried = sum(len(path.read_text().splitlines()) for path in (source / "build/mutants/state").glob("*.jsonl"))
    check(len(whole) > len(some) and tried == len(whole) and all(whole[key] == what for key, what in some.items()), "to the end", result.text)


def link(path: Path) -> str:
    try:
        return str(path.readlink())
    except OSError:
        return ""


def refused() -> None:
    source = make_source(PLACE / "refused")
    cases = ((("--n", "0"), "N=0"), (("--n", "x"), "N=x"), (("--seed", "-1"), "SEED=-1"),
             (("--files", "mm/sum.c nosuch"), "FILES=nosuch"), (("--since", "nosuch"), "SINCE=nosuch"),
             (("--again",), "AGAIN=1"))
    for options, part in cases:
        result = mutants(source, *options)
        check(result.status == 2 and part in result.text and "Traceback" not in result.text, f"{part}: refused", result.text)
    result = call(["make", "--no-print-directory", "mutants", "N=many"])
    check(result.status == 2 and "N=many" in result.text, "make mutants N=many: refused", result.text)


def sample_of_a_minute() -> None:
    """Tries mutants of this source, one for each kind of killer. Each must be noticed by the killer written beside
    it."""
    names = ROOT / "tests/self/boot/mutants.txt"
    entries, bad = argued.read(names.read_text(encoding="utf-8"))
    place = PLACE / "sample"
    for old in (place / "state").glob("*"):
        old.unlink()
    result = call(["tools/mutants", "--these", str(names), "--place", str(place), "--builds", "x86 unit explore"], seconds=900)
    check(not bad and result.status == 0, f"{len(entries)} mutants of this source: none survives", *bad, result.text)
    lines = [json.loads(line) for path in (place / "state").glob("*.jsonl") for line in path.read_text().splitlines()]
    by = {(said["place"].rpartition(":")[0], said["function"], said["rule"], said["text"]): said["by"] for said in lines}
    for entry in entries:
        expected = entry.reason
        if expected == "unit" and entry.path.startswith("arch/x86/") and call(["tests/self/executes", "build/unit/test_asm_x86"]).status:
            skip(f"{entry.path} {entry.function}, {entry.rule}: {expected}", "this kernel runs no 32-bit programs")
            continue
        check(by.get(entry.key, "nobody").startswith(expected), f"{entry.path} {entry.function}, {entry.rule}: {expected}",
              by.get(entry.key))


rules()
samples()
arguments()
planted()
since()
cannot_judge()
stopped()
refused()
sample_of_a_minute()
finish()
