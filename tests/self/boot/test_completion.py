#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Presses Tab in bash and zsh with the completion of tools/run loaded. Fails if an option of the image is not
completed, or if an option is offered but refused by the image. bash is asked as readline asks it. zsh, if it is
installed, gets keys typed at a terminal."""
from __future__ import annotations

import re
import shlex
import shutil

from tap import NOT_RUN, PLACE, boot, call, check, finish, skip
from zapwalk import completion

# A typed line, and bash's replacements for its last word. For bash this word begins after the `=`.
BASH = {
    "tools/run run=pte/torn-r": ["pte/torn-read", "pte/torn-read-high"],
    "tools/run seed=1 guard.present_r": ["guard.present_recheck=off"],
    "tools/run run=pte/36bit,tlb/zap": ["pte/36bit,tlb/zap-refault"],
    "tools/run run=gup/*": ["gup/*"],
    "tools/run run=gup/ze": ["gup/zero-ref"],
    "tools/run mode=": ["all", "choreo", "stress", "probe"],
    "tools/run mode=probe,c": ["probe,choreo"],
    "tools/run choice.zap=": ["atomic", "split"],
    "tools/run lab.idle=w": ["writer", "walker"],
    "tools/run lab.gu": ["lab.guards=stuck"],
    "tools/run sec": ["seconds="],
    "tools/run --qemu-a": ["--qemu-args"],
    "tools/run --machine s390x-h": ["s390x-hercules"],
    "tools/run --machine mips run=walk/l": ["walk/limit"],
    "./tools/run verb": ["verbose"],
    "tools/run nosuch": [],
}
# A typed line, and zsh's line after the Tab. The only possible option is completed to its end.
ZSH = {
    "tools/run run=pte/torn-read-h": "tools/run run=pte/torn-read-high ",
    "tools/run guard.present_r": "tools/run guard.present_recheck=off ",
    "tools/run run=pte/36bit,tlb/zap": "tools/run run=pte/36bit,tlb/zap-refault ",
    "tools/run mode=probe,c": "tools/run mode=probe,choreo ",
    "tools/run sec": "tools/run seconds=",
    "tools/run --machine s390x-h": "tools/run --machine s390x-hercules ",
    "tools/run nosuch": "tools/run nosuch",
}
TYPED = r"""
zmodload zsh/zpty
zpty z 'TERM=dumb PS1="> " zsh -f -i'
zpty -w z 'autoload -U compinit; compinit -D -u; source %s; show() { print -r -- "GO""T<$BUFFER>"; BUFFER= }; zle -N show;'\
' bindkey "^X" show; print REA""DY'
zpty -r z seen '*READY*'
for line in %s; do
	zpty -w -n z $line$'\t\x18'
	zpty -r z seen '*GOT<*>*'
	print -r -- "$seen"
done
zpty -d z
"""


def made(shell: str) -> str:
    PLACE.mkdir(parents=True, exist_ok=True)
    result = call(["tools/run", "--completion", shell])
    check(result.status == 0 and "_zapwalk" in result.text, f"{shell}: there is something to source", result.text)
    path = PLACE / f"completion.{shell}"
    path.write_text(result.text, encoding="utf-8")
    return str(path)


def in_bash(path: str) -> None:
    for line, expected in BASH.items():
        script = (f"source {path}; complete -p {line.split()[0]} >/dev/null || exit 9; COMP_LINE={shlex.quote(line)}; "
                  "COMP_POINT=${#COMP_LINE}; _zapwalk; printf '%s\\n' \"${COMPREPLY[@]}\"")
        got = call(["bash", "-c", script])
        check(got.status == 0 and got.text.split() == expected, f"bash: {line}", f"expected {expected}", got.text)


def in_zsh(path: str) -> None:
    got = call(["zsh", "-f", "-c", TYPED % (path, " ".join(map(shlex.quote, ZSH)))], seconds=60)
    shown = re.findall(r"GOT<(.*?)>", got.text)
    check(len(shown) == len(ZSH), f"zsh: {len(ZSH)} lines were typed", got.text)
    for (line, expected), found in zip(ZSH.items(), shown):
        check(found == expected, f"zsh: {line}", f"expected {expected!r}", found)


def every_option() -> None:
    """Everything in the image's list must be offered, and the image must take every complete option."""
    booted = boot("list", name="list")
    check(booted.log, "the image's list", booted.text)
    if not booted.log:
        return
    log = booted.log
    options = completion.options(log)
    for event, form in (("scenario", "run={name}"), ("guard", "guard.{name}=off"), ("choice", "choice.{name}={value}")):
        listed = [form.format(name=one.get("name"), value=one.get("value")) for one in log.all(event)]
        check(listed and set(listed) <= set(options), f"each of {len(listed)}: {form}", set(listed) - set(options))
    names = {one.get("name") for one in log.all("option")}
    offered = {name for name in names for option in options if option == name or option.startswith((name, f"{name}="))}
    check(names and names == offered, f"{len(names)} options have something to offer", names ^ offered)
    whole = [option for option in options if not option.endswith(("=", ":")) and not option.startswith(("run=", "fault.", "lab.",
                                                                                            "exit=", "console="))]
    taken = boot(" ".join([option for option in whole if not option.startswith(("guard.", "choice."))]), name="taken")
    check(taken.status == 0 and "Bail out!" not in taken.text, "the image takes them", taken.text)


in_bash(made("bash"))
every_option()
zsh = made("zsh")
if shutil.which("zsh"):
    in_zsh(zsh)
else:
    skip("zsh", "zsh is not installed: what is made for it was not tried")
wrong = call(["tools/run", "--completion", "fish"])
check(wrong.status == NOT_RUN and "zsh" in wrong.text and "Traceback" not in wrong.text, "another shell: refused", wrong.text)
finish()
