# SPDX-License-Identifier: MIT
"""Makes a shell's completion for the options of tools/run, from the image's own list of them (its option `list`)."""
from __future__ import annotations

import re
import shlex
import tempfile
from pathlib import Path
from typing import Iterable

from zapwalk import engine
from zapwalk.log import Event, Log, clean
from zapwalk.machines import MACHINES, Command, Missing

SHELLS = ("bash", "zsh")

BASH = """\
# Options of tools/run, for bash; made by: tools/run --completion bash
_zapwalk()
{
	local line=${COMP_LINE:0:COMP_POINT} typed head= list found
	typed=${line##* }
	case ${line%% *} in
	*" --machine") list=%(machines)s ;;
	*) list=%(options)s ;;
	esac
	case $typed in
	*=*,*) # of a list, what stands behind the last comma
		head=${typed%%,*},
		typed=${typed%%%%=*}=${typed##*,}
		;;
	esac
	mapfile -t found < <(compgen -W "$list" -- "$typed")
	[ -z "$head" ] || found=("${found[@]/#*=/$head}")
	# The shell takes what it breaks words at, such as the =, for the end of the word before.
	line=${line##* }
	local kept=${line%%"${line##*[$COMP_WORDBREAKS]}"}
	COMPREPLY=("${found[@]#"$kept"}")
	[ ${#found[@]} = 1 ] && [[ ${found[0]} == *[=/] ]] && compopt -o nospace 2>/dev/null
	return 0
}
complete -F _zapwalk tools/run ./tools/run
"""

ZSH = """\
# Options of tools/run, for zsh; made by: tools/run --completion zsh
_zapwalk()
{
	local -a zapwalk_options zapwalk_machines
	zapwalk_options=(%(options)s)
	zapwalk_machines=(%(machines)s)
	if [[ ${words[CURRENT-1]} == --machine ]]; then
		compadd -a zapwalk_machines
	elif [[ $PREFIX == *=*,* ]]; then # of a list, what stands behind the last comma
		local zapwalk_name=${PREFIX%%%%=*}
		compset -P '*,'
		compadd -- ${${(M)zapwalk_options:#$zapwalk_name=*}#*=}
	else
		compadd -- ${zapwalk_options:#*=}
		compadd -S '' -- ${(M)zapwalk_options:#*=}
	fi
}
compdef _zapwalk tools/run ./tools/run run
"""


def alternatives(form: str) -> list[str]:
    """Returns the fixed values of an option, without numbers and names chosen by the reader. "split" of "atomic|split" is
    one, but "off" of "<name>=off" is not."""
    first = form.lstrip("=").split(", ")[0]
    parts = [part.partition("<")[0] for part in re.split(r"[|,]", first) if part != "..."]
    return list(dict.fromkeys(parts))


def of_option(option: Event) -> list[str]:
    name, form = option.get("name"), option.get("form")
    if name.endswith("."):
        return [f"{name}{rest}" for rest in alternatives(form) if rest]
    return [f"{name}={value}" for value in alternatives(form)] if form else [name]


def options(log: Log) -> list[str]:
    """Returns whole options, or their beginnings up to the `=`."""
    names = [event.get("name") for event in log.all("scenario")]
    groups = sorted({f"{name.partition('/')[0]}/*" for name in names})
    found = [f"run={name}" for name in groups + names]
    found += [f"guard.{event.get('name')}=off" for event in log.all("guard")]
    found += [f"choice.{event.get('name')}={event.get('value')}" for event in log.all("choice")]
    found += [text for option in log.all("option") if option.get("name") != "run" for text in of_option(option)]
    return list(dict.fromkeys(found))


def quoted(texts: Iterable[str]) -> str:
    return shlex.quote(" ".join(texts))


def script(shell: str, all_options: list[str], own_options: list[str]) -> str:
    offered = [*all_options, *own_options]
    if shell == "bash":
        return BASH % {"options": quoted(offered), "machines": quoted(MACHINES)}
    return ZSH % {"options": " ".join(map(shlex.quote, offered)), "machines": " ".join(MACHINES)}


def asked(what: Command, seconds: float) -> list[str]:
    """Boots the image with the option `list`, and returns its options."""
    log = Log("list")
    with tempfile.TemporaryDirectory() as place:
        engine.run(what.argv, Path(place) / "list.log", lambda line: log.add(clean(line)), lambda: log.done is not None, seconds)
    if not log.all("scenario"):
        raise Missing("the image does not list its options")
    return options(log)
