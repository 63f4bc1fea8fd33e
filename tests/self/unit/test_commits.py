#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The rules of tools/commit-msg for commit messages. Fails if a bad message is accepted, if a good one is refused, or
if a commit missing on the remote's main breaks a rule."""
from __future__ import annotations

import os
import shutil
import subprocess

from host import PLACE, ROOT, check, finish, program, same
from tap import call, skip

commit_msg = program("tools/commit-msg")
NO_BODY = "it has no body. Say what was wrong or missing, how it shows, why this way, and how it was tested"


def rules() -> None:
    for name, message, wanted in (
            ("subject and body", "Name it\n\nIt had no name.\n", []),
            ("72 characters", "x" * 72 + "\n\nbody", []),
            ("73 characters", "x" * 73 + "\n\nbody", ["its subject has 73 characters; 72 are the most"]),
            ("no body", "Name it\n", [NO_BODY]),
            ("only blank lines", "Name it\n\n \n", [NO_BODY]),
            ("no blank line", "Name it\nbody", ["no empty line stands behind its subject"]),
            ("a full stop", "Name it.\n\nbody", ["its subject ends with a full stop"]),
            ("nothing", "", ["it is empty"]),
            ("only comments", "# a\n\n#b\n", ["it is empty"]),
            ("a comment is no body", "Name it\n\n# body\n", [NO_BODY]),
            ("blank lines and comments before", "\n# a\nName it\n\nbody\n", []),
            ("what git shows below the scissors is none", f"Name it\n\n{commit_msg.SCISSORS}\ndiff\n", [NO_BODY]),
            ("all at once", "x" * 73 + ".\n", ["its subject has 74 characters; 72 are the most", "its subject ends with a full stop",
                                               NO_BODY])):
        same(name, commit_msg.faults(message), wanted)


def git(*words: str, at=ROOT) -> subprocess.CompletedProcess:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return subprocess.run(["git", "-C", str(at), *words], capture_output=True, text=True, check=False, env=environment)


def hook() -> None:
    """A repository with the hook must take a good commit and refuse a bad one."""
    if not shutil.which("git"):
        skip("the hook", "git is not installed")
        return
    place = PLACE / "hooked"
    shutil.rmtree(place, ignore_errors=True)
    (place / "tools").mkdir(parents=True)
    for name in ("setup", "commit-msg"):
        shutil.copy(ROOT / "tools" / name, place / "tools" / name)
    refused = call([str(place / "tools/setup"), "hooks"], GIT_CEILING_DIRECTORIES=str(place.parent))
    check(refused.status == 1 and refused.says("no git repository"), "tools/setup hooks outside a repository: refused", refused.text)
    git("init", "-q", at=place)
    made = call([str(place / "tools/setup"), "hooks"])
    check(made.status == 0 and made.says("commit-msg"), "tools/setup hooks", made.text)
    again = call([str(place / "tools/setup"), "hooks"])
    check(again.status == 0, "and again", again.text)
    who = ("-c", "user.name=A", "-c", "user.email=a@b")
    good = git(*who, "commit", "-q", "--allow-empty", "-m", "Name it", "-m", "It had none.", at=place)
    check(good.returncode == 0, "a good commit is taken", good.stderr)
    bad = git(*who, "commit", "-q", "--allow-empty", "-m", "Name it", at=place)
    check(bad.returncode != 0 and NO_BODY in bad.stderr, "one without a body is refused", bad.stderr)
    own = place / ".git/hooks/commit-msg"
    own.unlink()
    own.write_text("#!/bin/sh\n")
    kept = call([str(place / "tools/setup"), "hooks"])
    check(kept.status == 1 and kept.says("commit-msg") and own.read_text() == "#!/bin/sh\n", "a hook of another's stays", kept.text)


def new_commits() -> None:
    if not shutil.which("git") or git("rev-parse", "--verify", "-q", "refs/remotes/origin/main").returncode:
        skip("the commits that the remote's main does not have", "there is no git, or no remote's main, to compare with")
        return
    names = git("rev-list", "refs/remotes/origin/main..HEAD").stdout.split()
    wrong = [f"{name[:12]}: {fault}" for name in names for fault in commit_msg.faults(git("log", "-1", "--format=%B", name).stdout)]
    check(not wrong, f"{len(names)} commits that the remote's main does not have", *wrong)


rules()
hook()
new_commits()
finish()
