#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The fuzzers and their corpus. Fails if the corpus is not exactly the output of its script, if it misses a parser
broken on purpose, or if tools/fuzz reports a finding wrongly."""
from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "tests/self/boot"), str(ROOT / "tests/self/fuzz")]

from tap import PLACE, call, check, finish, script, skip  # noqa: E402  (its directory must be on the path first)

from changed import Wrong, changed  # noqa: E402
from corpus import CORPUS, made  # noqa: E402

LARGEST = 1 << 16  # bytes of an input, because every checkout holds all inputs and the parsers read them whole

# Mistakes the corpus must notice, as parser, file, a text in the file, and its replacement.
BROKEN = (
    ("multiboot", "boot/x86/multiboot.c", "return view_has(view, at, 1) ? ", "return at >= view->start ? "),
    ("multiboot", "boot/x86/multiboot.c", "(get8(view, tag + 29) == FRAMEBUFFER_RGB ? 38 : 32)", "8"),
    ("multiboot", "boot/x86/multiboot.c", "&& get32(view, tag + 4) >= 16", ""),
    ("multiboot", "boot/x86/multiboot.c", "&& n + 1 < size)", ")"),
    ("multiboot", "boot/x86/multiboot.c", "size < sizeof(rsdp->bytes) ? size : sizeof(rsdp->bytes)", "size"),
    ("multiboot", "boot/x86/multiboot.c", "screen->at + (u64)screen->pitch * screen->height < screen->at", "false"),
    ("multiboot", "boot/x86/multiboot.c", "colour.bits > COLOUR_BITS_MAX)", "colour.bits > 32)"),
    ("multiboot", "boot/x86/multiboot.c", "if (screen->problem[0])", "if (!screen->width)"),
    ("yamon", "boot/mips/yamon.c", "if (!reaches(address) || address", "if (address"),
    ("yamon", "boot/mips/yamon.c", "if (!reaches(address))\n\t\t\treturn false;", ""),
    ("yamon", "boot/mips/yamon.c", " || address % sizeof(*word)", ""),
    ("yamon", "boot/mips/yamon.c", "if (n < size)\n", ""),
    ("yamon", "boot/mips/yamon.c", "n >= size;", "n > size;"),
    ("yamon", "boot/mips/yamon.c", "to[size - 1] = 0;", ""),
    ("yamon", "boot/mips/yamon.c", " || n > ~0u)", ")"),
    ("yamon", "boot/mips/yamon.c", "if (n <= ~0u)\n", ""),
    ("ranges", "boot/ranges.c", "new.start < start || ", ""),
    ("ranges", "boot/ranges.c", "if (boot->nr_ram == BOOT_RANGES)", "if (boot->nr_ram > BOOT_RANGES)"),
    ("ranges", "boot/ranges.c", "(end % BOOT_PAGE ? BOOT_PAGE : 0)", "0"),
    ("bootmem", "boot/bootmem.c", " ||\n\t\t    start + size > bootmem_limit", ""),
    ("bootmem", "boot/bootmem.c", "for (unsigned i = bootmem->nr_ram; i--;)",
     "for (unsigned i = 0; i < bootmem->nr_ram; i++)"),
    ("bootmem", "boot/bootmem.c", "ranges_remove(bootmem, end - size, end);\n\t\treturn end - size;",
     "ranges_remove(bootmem, ram->start, ram->start + size);\n\t\treturn ram->start;"),
    ("bootmem", "boot/bootmem.c", "boot->ram_total < BOOT_RAM_MIN", "!boot->ram_total"),
    ("acpi", "drivers/acpi.c", "length >= 2 && length <= n - at", "length >= 2"),
    ("acpi", "drivers/acpi.c", "entry[1] >= 16", "entry[1] >= 1"),
    ("acpi", "drivers/acpi.c", "if (!at)\n\t\t\tcontinue;", ""),
    ("acpi", "drivers/cpu_list.c", "else if (list->count == CPU_LIST_MAX)", "else if (list->count > CPU_LIST_MAX)"),
    ("acpi", "drivers/cpu_list.c", "else if (place_of(list, id) < list->count)",
     "else if (list->count && list->id[0] == id)"),
    ("acpi", "drivers/ioapic_list.c", "length >= MADT_IOAPIC_SIZE", "length >= 1"),
    ("acpi", "drivers/ioapic_list.c", "length < 2 || length > n - at", "length < 2"),
    ("acpi", "drivers/ioapic_list.c", " || list->count == IOAPIC_LIST_MAX", ""),
    ("acpi", "drivers/ioapic_list.c", "if (is_listed(list, at))", "if (list->count && list->at[0] == at + 1)"),
    ("mptable", "drivers/ioapic_list.c", "at < n && table[at]", "table[at]"),
    ("mptable", "drivers/ioapic_list.c", "if (size > n - at)", "if (size > n)"),
    ("acpi_timers", "drivers/acpi_timers.c", "n < FADT_SIZE || ", "n < 92 || "),
    ("acpi_timers", "drivers/acpi_timers.c", "n >= FADT_X_SIZE && ", "n > FADT_SIZE && "),
    ("acpi_timers", "drivers/acpi_timers.c", " || port > PORT_MAX", ""),
    ("acpi_timers", "drivers/acpi_timers.c", "n < HPET_TABLE || ", "n < 41 || "),
    ("mptable", "drivers/mptable.c", "if (size > n - at)", "if (size > n)"),
    ("mptable", "drivers/mptable.c", "if (at >= n)", "if (at > n + count)"),
    ("smbios", "drivers/smbios.c", " || p[1] > end - p", ""),
    ("smbios", "drivers/smbios.c", "end - next >= 2 && ", ""),
    ("smbios", "drivers/smbios.c", "while (p < end && *p)\n", "while (*p)\n"),
    ("smbios", "drivers/smbios.c", "while (p < end && *p == ' ')", "while (*p == ' ')"),
    ("smbios", "drivers/smbios.c", "p + i < end && p[i]", "p[i]"),
    ("smbios", "drivers/smbios.c", "whole < size ? whole : size - sizeof(CUT_MARK)", "whole"),
    ("smbios", "drivers/smbios.c", "\t\tif (p[i] != ' ')\n", ""),
    ("smbios", "drivers/smbios.c", " || p[i] == '\"'", ""),
    ("smbios", "drivers/smbios.c", " && p[6] <= n", ""),
    ("smbios", "drivers/smbios.c", " && p[5] <= n", ""),
    ("efi", "drivers/smbios.c", "tables * size) : NULL", "size) : NULL"),
    ("efi", "drivers/smbios.c", "24 + 12 * pointer", "24 + 11 * pointer"),
    ("efi", "drivers/smbios.c", "!p || !signature_is(p, \"IBI SYST\", 8)", "!signature_is(p, \"IBI SYST\", 8)"),
    ("efi", "drivers/smbios.c", "p + i * size + EFI_CONFIG_SIZE, bits", "p + i * size, bits"),
    ("spcr", "drivers/spcr.c", "if (n < SIZE)", "if (n < TYPE)"),
    ("spcr", "drivers/spcr.c", "n >= PRECISE_SPEED + 4 && ", ""),
    ("spcr", "drivers/spcr.c", "place->at <= 0xfff8 ?", "place->at ?"),
    ("spcr", "drivers/spcr.c", "place->at % 4 || ", ""),
    ("spcr", "drivers/spcr.c", " || place->at > ~(paddr_t)0 - UART8250_BYTES", ""),
    ("spcr", "drivers/spcr.c", "wide && (!spcr[ACCESS] || spcr[ACCESS] == ACCESS_DWORD) ? 4", "spcr[ACCESS] ? 4"),
    ("cmdline", "kernel/cmdline.c", "snprintk(whole, sizeof(whole)", "snprintk(whole, 1000"),
    ("cmdline", "kernel/cmdline.c", "next = at + strlen(line + at);", "next = at + 1 + strlen(line + at);"),
    ("cmdline", "kernel/cmdline.c", "option->early == early &&", "option->early == early && value &&"),
    ("cmdline", "tests/lab/run_options.c", "parse_u32(value, &options.iters) && options.iters",
     "parse_u32(value, &options.iters)"),
    ("cmdline", "kernel/string.c", "star && *resume", "star"),
)


def corpus_is_made() -> None:
    for parser, rows in made().items():
        files = {path.name: path.read_bytes() for path in (CORPUS / parser).iterdir()}
        own = {name: data for name, data in files.items() if not name.startswith(("real-", "found-"))}
        wrong = sorted(name for name in own.keys() | rows.keys() if own.get(name) != rows.get(name))
        check(not wrong, f"{parser}: {len(rows)} of {len(files)} inputs are what corpus.py makes",
              "run tests/self/fuzz/corpus.py, and delete what it no longer makes:", *wrong)
        large = sorted(name for name, data in files.items() if len(data) > LARGEST)
        check(not large, f"{parser}: no input is larger than a checkout should carry", *large)


def build(parser: str, name: str, source: Path, program: Path) -> str:
    """Builds build/unit/replay_<parser> as make would after a change of `name`, but from `source`. Returns the output
    if the build fails."""
    made = f"build/unit/split/asan/{name}.o"
    said = call(["make", "--no-print-directory", "-n", "V=1", "-W", name, f"build/unit/replay_{parser}"],
                ZAPWALK_LOCKED="1").text
    lines = [line for line in said.splitlines()
             if f"-o {made} {name}" in line or f"-o build/unit/replay_{parser} " in line]
    if len(lines) != 2:
        return said
    text = "\n".join(lines).replace(f"-o {made} {name}", f"-o {source}.o {source}").replace(f" {made}", f" {source}.o")
    text = text.replace(f"-o build/unit/replay_{parser} ", f"-o {program} ").replace(" -Werror", "")
    built = call(["sh", "-ec", text])
    return built.text if built.status else ""


def replay(parser: str, name: str, old: str, new: str) -> tuple[bool, str]:
    """Whether the corpus finds the mistake in this parser, and the output."""
    try:
        text = changed(name, (ROOT / name).read_text(encoding="utf-8"), old, new)
    except Wrong as wrong:
        return False, str(wrong)
    source, program = (PLACE / f"broken-{Path(name).stem}.c").relative_to(ROOT), (PLACE / "broken").relative_to(ROOT)
    (ROOT / source).write_text(text, encoding="utf-8")
    failed = build(parser, name, source, program)
    if failed:
        return False, failed
    result = call([str(program)], seconds=60)
    seen = ("must hold, and does not", "ERROR: AddressSanitizer", "runtime error")
    return result.status not in (0, -1) and any(text in result.text for text in seen), result.text


def corpus_catches() -> None:
    PLACE.mkdir(parents=True, exist_ok=True)
    for parser, name, old, new in BROKEN:
        caught, said = replay(parser, name, old, new)
        check(caught, f"{parser}: {name} broken, `{' '.join(old.split())}`: caught", said)
    for parser, name, old, _ in {row[0]: row for row in BROKEN}.values():
        caught, said = replay(parser, name, old, old)
        check(not caught and "\n1.." in said, f"{parser}: {name} as it is: nothing caught", said)


def tells() -> None:
    """tools/fuzz must report each kind of end of a fuzzer correctly, and exit with its status."""
    good = script("sound", "echo stat::number_of_executed_units: 123456\n")
    found = script("bad", "echo 'x.c:7: must hold, and does not: a < b' >&2\n"
                   "echo \"artifact_prefix='p'; Test unit written to build/fuzz/found/bad-crash-1\"\n"
                   "echo stat::number_of_executed_units: 7\nexit 77\n")
    idle = script("idle", "echo stat::number_of_executed_units: 0\n")
    result = call(["tools/fuzz", str(good)], FUZZ_SECONDS="1")
    check(result.status == 0 and result.says("1 parsers, 1 s each", "123456 inputs on 1 parsers", ": found nothing"),
          "nothing found: how many inputs were tried", result.text)
    result = call(["tools/fuzz", str(good), str(found)], FUZZ_SECONDS="1")
    check(result.status == 1 and result.says("must hold, and does not: a < b",
                                             "again: build/fuzz/bad build/fuzz/found/bad-crash-1", "123463 inputs",
                                             "something wrong in bad"),
          "something found: the input and how to replay it", result.text)
    for program, what in ((idle, "tried no input"), (script("dies", "exit 1\n"), "ended with status 1"),
                          (PLACE / "nosuch", "cannot be run")):
        result = call(["tools/fuzz", str(program)], FUZZ_SECONDS="1")
        check(result.status == 1 and result.says(what, "something wrong"), f"{what}: is no success", result.text)
    again = script("again", "echo stat::number_of_executed_units: 3000\necho \"$@\" >&2\n")
    result = call(["tools/fuzz", str(again)], N="3000", SEED="7")
    options = (ROOT / "build/fuzz/again.log").read_text(encoding="utf-8")
    check(result.status == 0 and result.says("1 parsers, 3000 inputs each", "SEED=7") and "-runs=3000 -seed=7 " in options,
          "N and SEED: so many inputs, by this seed", result.text + options)
    check("corpus/again tests" not in options and options.rstrip().endswith("tests/self/fuzz/corpus/again"),
          "and none of an earlier run", options)
    for bad in ("0", "x", "-1"):
        result = call(["tools/fuzz", str(good)], N=bad)
        check(result.status == 2 and result.says(f"N={bad}"), f"N={bad}: refused", result.text)
        result = call(["tools/fuzz", str(good)], FUZZ_SECONDS=bad)
        check(result.status == 2 and result.says(f"FUZZ_SECONDS={bad}"), f"FUZZ_SECONDS={bad}: refused", result.text)


def fuzzes() -> None:
    make = ["make", "--no-print-directory"]
    if call([*make, "build/fuzz/works"]).status != 0:
        skip("make fuzz", "no clang with libFuzzer: tools/setup test")
        return
    result = call([*make, "fuzz", "N=3000"], seconds=700)  # the same inputs each time
    check(result.status == 0 and result.says(": found nothing", *(f"  {parser} " for parser in made())),
          "make fuzz tries every parser", result.text)


corpus_is_made()
corpus_catches()
tells()
fuzzes()
finish()
