#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""tools/mkimage and tools/mkdist without GRUB and xorriso. Fails if a file made by them or a command given by them is
wrong. tests/self/boot/test_usb.py checks real images."""
from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import time
import zipfile
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

from host import PLACE, ROOT, check, finish, printed, program, raised, same

mkimage, mkdist = program("tools/mkimage"), program("tools/mkdist")
EPOCH = 1700000000


def fresh(name: str) -> Path:
    place = PLACE / name
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    return place


def put(place: Path, **files: str) -> Path:
    for name, text in files.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return place


# --- tools/mkimage -----------------------------------------------------------------------------


def tools() -> None:
    programs = ["grub-mkimage", "xorriso", "mformat", "mmd", "mcopy"]
    grub = fresh("grub")
    for name in ("i386-pc", "x86_64-efi", "i386-efi"):
        (grub / name).mkdir()
    with mock.patch.object(mkimage, "GRUB", grub):
        with mock.patch.object(mkimage.shutil, "which", lambda name: f"/bin/{name}"):
            same("all is there", raised(mkimage.Problem, mkimage.check_tools), "")
            shutil.rmtree(grub / "i386-efi")
            same("a part of GRUB is missing", raised(mkimage.Problem, mkimage.check_tools),
                 f"missing: {grub / 'i386-efi'}. Install: {mkimage.PACKAGES}")
            shutil.rmtree(grub / "i386-pc")
        with mock.patch.object(mkimage.shutil, "which", lambda name: None):
            same("all is missing", raised(mkimage.Problem, mkimage.check_tools),
                 f"missing: {' '.join(programs)} {grub / 'i386-pc'} {grub / 'i386-efi'}. Install: {mkimage.PACKAGES}")


def commands() -> None:
    same("a command that fails", raised(mkimage.Problem, mkimage.run, "sh", "-c", "echo out; echo err >&2; exit 3"),
         "sh: status 3\nout\nerr\n")
    same("words may be paths and numbers", raised(mkimage.Problem, mkimage.run, "test", Path("a"), "=", "a"), "")
    with mock.patch.object(subprocess, "run") as run:
        run.return_value.returncode = 0
        mkimage.run("a", 1)
    wanted = {**os.environ, "LC_ALL": "C", "TZ": "UTC", "MTOOLS_SKIP_CHECK": "1"}
    same("how one is run", run.call_args, mock.call(["a", "1"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                                    stderr=subprocess.STDOUT,
                                                     text=True, env=wanted, check=False))
    for text, wanted in (("0", ""), ("17x", "bad SOURCE_DATE_EPOCH=17x. Valid: seconds since 1970; make iso takes the commit's"),
                         ("", "bad SOURCE_DATE_EPOCH=. Valid: seconds since 1970; make iso takes the commit's")):
        with mock.patch.dict(os.environ, {"SOURCE_DATE_EPOCH": text}):
            same(f"SOURCE_DATE_EPOCH={text}", raised(mkimage.Problem, mkimage.epoch), wanted)


def image() -> None:
    """mkimage must give the right commands, and each must find the right tree."""
    place = fresh("image")
    kernel = place / "k.elf"
    kernel.write_bytes(b"kernel")
    given: list[list[str]] = []
    seen: dict[str, bytes] = {}
    times: set[float] = set()

    def run(*argv: object) -> None:
        words = [str(part) for part in argv]
        root = str(trees[0].parent) if trees else ""
        given.append([word.replace(root, "@") if root else word for word in words])
        if words[0] == "grub-mkimage":
            tree = next(path for path in Path(words[words.index("-o") + 1]).parents if path.name == "tree")
            trees[:1] = [tree]
            given[-1] = [word.replace(str(tree.parent), "@") for word in words]
            Path(words[words.index("-o") + 1]).write_bytes(b"grub")
        if words[0] == "mformat":
            fats.append(Path(words[2]).read_bytes())
            seen.update({str(path.relative_to(trees[0])): path.read_bytes() if path.is_file() else b"/" for path in trees[0].rglob("*")})
        if words[0] in ("mformat", "xorriso"):
            times.update(path.stat().st_mtime for path in [trees[0], *trees[0].rglob("*")])
        if words[0] == "xorriso":
            Path(words[words.index("-o") + 1]).write_bytes(b"iso")

    trees: list[Path] = []
    fats: list[bytes] = []
    with mock.patch.object(mkimage, "run", run), mock.patch.dict(os.environ, {"SOURCE_DATE_EPOCH": str(EPOCH)}):
        mkimage.make(kernel, place / "z.iso", "zapwalk-7")
    same("the image is moved to its place, the rest is gone", ((place / "z.iso").read_bytes(), trees[0].exists()), (b"iso", False))
    menu = (ROOT / "boot/grub/grub.cfg").read_text()
    check("@NAME@" in menu and b"@NAME@" not in seen["boot/grub/grub.cfg"], "the menu has its name")
    wanted = {"boot": b"/", "boot/grub": b"/", "EFI": b"/", "EFI/BOOT": b"/", "boot/zapwalk.elf": b"kernel",
              "boot/grub/grub.cfg": menu.replace("@NAME@", "zapwalk-7").encode(), "LICENSE": (ROOT / "LICENSE").read_bytes(),
              "GRUB.txt": (ROOT / "boot/grub/GRUB.txt").read_bytes(), "EFI/BOOT/BOOTX64.EFI": b"grub",
              "EFI/BOOT/BOOTIA32.EFI": b"grub"}
    same("the tree", seen, wanted)
    same("its dates", times, {float(EPOCH)})
    size = sum(4096 + (4096 if text == b"/" else len(text)) for text in wanted.values())
    sectors = (size * 5 // 4 // 512 // 64 + 1) * 64
    modules = ("normal configfile test true regexp smbios multiboot2 serial terminal terminfo iso9660 fat part_msdos part_gpt echo reboot halt"
               " minicmd").split()
    uefi, bios = [*modules, *"efi_gop efi_uga video video_fb gfxterm font".split()], [*modules,
            *"biosdisk vbe vga video video_fb".split()]
    files = [["mmd", name] if text == b"/" else ["mcopy", name] for name,
             text in sorted(wanted.items(), key=lambda item: Path(item[0]))]
    copied = [[kind, "-i", "@/fat", f"::{name}"] if kind == "mmd" else [kind, "-m", "-i", "@/fat", f"@/tree/{name}",
                                                                        f"::{name}"] for kind, name in files]
    same("the commands", given, [
        ["grub-mkimage", "-O", "x86_64-efi", "-p", "/boot/grub", "-o", "@/tree/EFI/BOOT/BOOTX64.EFI", *uefi],
        ["grub-mkimage", "-O", "i386-efi", "-p", "/boot/grub", "-o", "@/tree/EFI/BOOT/BOOTIA32.EFI", *uefi],
        ["mformat", "-i", "@/fat", "-T", str(sectors), "-h", "64", "-s", "32", "-N", "5a415057", "-v", "ZAPWALK", "::"], *copied,
        ["grub-mkimage", "-O", "i386-pc-eltorito", "-p", "/boot/grub", "-o", "@/tree/boot/grub/bios.img", *bios],
        ["xorriso", "-as", "mkisofs", "-quiet", "-o", "@/iso", "-V", "ZAPWALK", "-R", "-J", "--grub2-mbr",
         "/usr/lib/grub/i386-pc/boot_hybrid.img",
         "-b", "boot/grub/bios.img", "-no-emul-boot", "-boot-load-size", "4", "-boot-info-table", "--grub2-boot-info",
         "-append_partition", "2", "0xef",
         "@/fat", "-eltorito-alt-boot", "-e", "--interval:appended_partition_2:all::", "-no-emul-boot", "@/tree"]])
    same("the FAT file system's room", fats, [bytes(sectors * 512)])


def fat_sizes() -> None:
    """The FAT file system must have a quarter more space than the files need at 4 KiB for each, in whole tracks of 64
    sectors."""
    for size, sectors in ((0, 64), (22117, 64), (22118, 64), (22119, 128), (1 << 20, 2624)):
        tree = fresh("fat/tree")
        (tree / "file").write_bytes(bytes(size))
        with mock.patch.object(mkimage, "run") as run:
            mkimage.make_fat(tree, PLACE / "fat/fat")
        same(f"a file of {size}", (run.call_args_list[0].args[4], (PLACE / "fat/fat").stat().st_size), (sectors, sectors * 512))


def mkimage_main() -> None:
    def called(*words: str, make=lambda *args: made.append(args), tools_=lambda: None) -> tuple[object, str, str]:
        with mock.patch.object(mkimage.sys, "argv", ["tools/mkimage", *words]), mock.patch.object(mkimage, "make", make), \
                mock.patch.object(mkimage, "check_tools", tools_), mock.patch.dict(os.environ, {"SOURCE_DATE_EPOCH": "1"}):
            return printed(mkimage.main)

    def fails(text: str):
        return mock.Mock(side_effect=mkimage.Problem(text))

    made: list[tuple] = []
    same("mkimage: made", (called("k", "a/i", "n"), made), ((0, "", ""), [(Path("k"), Path("a/i"), "n")]))
    for words in ([], ["k", "i"], ["k", "i", "n", "x"]):
        same(f"mkimage: {len(words)} words", called(*words), (2, "", "usage: tools/mkimage KERNEL IMAGE NAME\n"))
    same("mkimage: a problem", called("k", "a/i", "n", make=fails("why")), (1, "", "a/i: why\n"))
    same("mkimage: nothing is made without the tools", (called("k", "i", "n", tools_=fails("gone")), len(made)),
         ((1, "", "i: gone\n"), 1))
    with mock.patch.object(mkimage, "epoch", fails("date")):
        same("mkimage: nor without a date, which is told first", (called("k", "i", "n", tools_=fails("gone")), len(made)),
             ((1, "", "i: date\n"), 1))


# --- tools/mkdist ------------------------------------------------------------------------------

README = "# Top\n\n[a](docs/a.md#x)\n"


def tree() -> Path:
    place = fresh("tree")
    put(place, **{"README.md": README, "docs/b.md": "no heading", "docs/a.md": "# A\n", "docs/report.txt": "form",
                  "docs/images/p.svg": "<svg>",
                  "LICENSE": "MIT", "boot/grub/GRUB.txt": "GPL", "mm/table/zap.c": "code", "out/z.iso": "iso", "out/z.debug.elf": "elf"})
    return place


def in_tree(place: Path):
    return mock.patch.multiple(mkdist, ROOT=place, PLACE=place / "dist")


def places(place: Path) -> None:
    same("places in the zip", [mkdist.place_of(place / name) for name in ("README.md", "docs/README.md", "docs/a.md", "docs/images/p.svg", "LICENSE",
                                                                          "mm/table/zap.c")],
         ["README.html", "docs.html", "a.html", "images/p.svg", "LICENSE", "zap.c"])
    same("documents", mkdist.documents(), [place / name for name in ("README.md", "docs/a.md", "docs/b.md")])
    same("copied as they are", [mkdist.is_copied(place / name) for name in ("LICENSE", "boot/grub/GRUB.txt", "docs/report.txt",
                                                                            "docs/images/p.svg", "mm/table/zap.c", "docs/a.md")],
         [True, True, True, True, False, False])
    same("all that is copied", mkdist.contents(place / "out/z.iso", place / "out/z.debug.elf"), {
        "LICENSE": place / "LICENSE", "GRUB.txt": place / "boot/grub/GRUB.txt", "report.txt": place / "docs/report.txt",
        "images/p.svg": place / "docs/images/p.svg", "z.iso": place / "out/z.iso", "z.debug.elf": place / "out/z.debug.elf"})


def links(place: Path) -> None:
    for target, wanted in (("https://x/y#z", "https://x/y#z"), ("http://x", "http://x"), ("mailto:a@b", "mailto:a@b"),
                           ("#here", "#here"), ("", ""),
                           ("docs/a.md#x", "a.html#x"), ("docs/a.md", "a.html"), ("docs/images/p.svg", "images/p.svg"),
                           ("LICENSE", "LICENSE"),
                           ("mm/table/zap.c", ""), ("mm/table/zap.c#L1", ""), ("docs/nosuch.md", "nosuch.html")):
        same(f"a link to {target}", mkdist.linked(target, place / "README.md"), wanted)
    same("a link from below docs/", mkdist.linked("../README.md#top", place / "docs/a.md"), "README.html#top")
    body = ('<a class="x" href="docs/a.md">A</a> <a href="mm/table/zap.c"><b>zap</b></a> <img src="docs/images/p.svg"> <a id="y" href="#z">z</a>')
    with mock.patch.object(mkdist, "rendered", lambda text: body):
        page = mkdist.html("x\n## The title\n# Other", place / "README.md")
        same("a page's links", page.partition("<body>\n")[2],
             '<a class="x" href="a.html">A</a> <b>zap</b> <img src="images/p.svg"> '
             '<a id="y" href="#z">z</a>\n</body>\n</html>\n')
        same("its title", page.partition("<title>")[2].partition("</title>")[0], "The title")
        same("a page without one", mkdist.html("x", place / "docs/b.md").partition("<title>")[2].partition("</title>")[0], "b")


def renderers() -> None:
    def answers(status: int, out: str, err: str = ""):
        return mock.patch.object(subprocess, "run", mock.Mock(return_value=SimpleNamespace(returncode=status, stdout=out.encode(),
                stderr=err.encode() + b"\xff")))

    with answers(0, "<p>a\\|b</p>") as run:
        same("Markdown becomes HTML", mkdist.rendered("\u00e9"), "<p>a|b</p>")
    same("by that program", run.call_args, mock.call(
        ["markdown_py", "-q", "-o", "html", "-e", "utf-8", "-x", "tables", "-x", "fenced_code", "-x", "sane_lists", "-x", "toc"],
        input="\u00e9".encode(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False))
    with answers(3, "", "why"):
        same("it fails", raised(mkdist.Problem, mkdist.rendered, "x"), "markdown_py: status 3\nwhy\N{REPLACEMENT CHARACTER}")
    with mock.patch.object(subprocess, "run", mock.Mock(side_effect=FileNotFoundError)):
        same("it is missing", raised(mkdist.Problem, mkdist.rendered, "x"),
             "missing: markdown_py. Install: python3-markdown (tools/setup test does)")


def dead_links() -> None:
    place = put(fresh("dead"), **{"b.html": '<h1 id="top"></h1><a href="#top">x</a><a href="#nosuch">x</a>', "file": "x",
                                  "a.html": '<a href="b.html#top">x</a><a href="b.html#bottom">x</a><img src="file"><img src="gone.svg">'
                                  '<a href="https://x/y#z">x</a><a href="mailto:x">x</a><a href="http://x">x</a>'})
    same("links that lead nowhere", list(mkdist.dead_links(place)), [
        "a.html: b.html#bottom: b.html has no such heading", "a.html: gone.svg: there is no gone.svg in it",
        "b.html: #nosuch: b.html has no such heading"])


def packs() -> None:
    place = put(fresh("pack"), **{"b": "B", "a/c": "C" * 1000, "SHA256SUMS": "old"})
    same("files", mkdist.files(place), [place / "a/c", place / "b"])
    mkdist.write_sums(place)
    same("their sums", (place / "SHA256SUMS").read_text(), "".join(
        f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in (("a/c", b"C" * 1000), ("b", b"B"))))
    for epoch, date in ((str(EPOCH), time.gmtime(EPOCH)[:6]), ("0", (1980, 1, 1, 0, 0, 0)), (None, (1980, 1, 1, 0, 0, 0))):
        with mock.patch.dict(os.environ, {"SOURCE_DATE_EPOCH": epoch} if epoch else {}):
            if not epoch:
                os.environ.pop("SOURCE_DATE_EPOCH", None)
            mkdist.pack(place, PLACE / "packed.zip")
        with zipfile.ZipFile(PLACE / "packed.zip") as packed:
            same(f"the zip at {epoch}", [(one.filename, one.date_time, one.external_attr,
                                          one.compress_type) for one in packed.infolist()],
                 [(f"pack/{name}", date, 0o644 << 16, zipfile.ZIP_DEFLATED) for name in ("a/c", "b", "SHA256SUMS")])
            same("and what is in it", packed.read("pack/a/c"), b"C" * 1000)
    with mock.patch.object(zipfile.ZipFile, "writestr") as put_in, mock.patch.dict(os.environ, {"SOURCE_DATE_EPOCH": "1"}):
        mkdist.pack(place, PLACE / "packed.zip")
    same("no date before a zip's first", {one.args[0].date_time for one in put_in.call_args_list}, {(1980, 1, 1, 0, 0, 0)})
    same("as small as it gets", {one.args[3] for one in put_in.call_args_list}, {9})


def makes(place: Path) -> None:
    def rendered(text: str) -> str:
        return f"<p>{text}</p>"

    old = put(place / "dist", old="x")
    with mock.patch.object(mkdist, "rendered", mock.Mock(side_effect=mkdist.Problem("no renderer"))):
        same("without a renderer", raised(mkdist.Problem, mkdist.make, place / "out/z.iso", place / "out/z.debug.elf", "z-1"),
             "no renderer")
    check((old / "old").exists(), "the older one stays")
    with mock.patch.object(mkdist, "rendered", rendered):
        made = mkdist.make(place / "out/z.iso", place / "out/z.debug.elf", "z-1")
        same("its name", made, place / "dist/z-1.zip")
        there = sorted(str(path.relative_to(place / "dist")) for path in (place / "dist").rglob("*") if path.is_file())
        same("all that is there", there, sorted(["z-1.zip", *(f"z-1/{name}" for name in (
            "README.html", "a.html", "b.html", "LICENSE", "GRUB.txt", "report.txt", "images/p.svg", "z.iso",
            "z.debug.elf", "SHA256SUMS"))]))
        same("the sums have all of it", (place / "dist/z-1/SHA256SUMS").read_text().count("\n"), 9)
        with zipfile.ZipFile(made) as packed:
            same("the zip too", len(packed.namelist()), 10)
        same("a page", (place / "dist/z-1/b.html").read_text().partition("<body>")[2], "\n<p>no heading</p>\n</body>\n</html>\n")
        put(place, **{"docs/b.md": '<a href="c.md#x">c</a><a href="#y">y</a>'})
        same("links that lead nowhere", raised(mkdist.Problem, mkdist.make, place / "out/z.iso", place / "out/z.debug.elf", "z-1"),
             "links that lead nowhere:\nb.html: c.html#x: there is no c.html in it\nb.html: #y: b.html has no such heading")
        check(not made.exists(), "then there is no zip")
        put(place, **{"docs/b.md": "no heading"})
        shutil.rmtree(place / "dist")
        check(mkdist.make(place / "out/z.iso", place / "out/z.debug.elf", "z-1").exists(), "the first of all")


def mkdist_main(place: Path) -> None:
    def called(*words: str, make: object) -> tuple[object, str, str]:
        with mock.patch.object(mkdist.sys, "argv", ["tools/mkdist", *words]), mock.patch.object(mkdist, "make", make):
            return printed(mkdist.main)

    packed = put(place, **{"dist/z.zip": "zip"}) / "dist/z.zip"
    made = mock.Mock(return_value=packed)
    same("mkdist: made", called("i", "s", "n", make=made), (0, f"{hashlib.sha256(b'zip').hexdigest()}  dist/z.zip\n", ""))
    same("mkdist: of what", made.call_args, mock.call(Path("i"), Path("s"), "n"))
    for words in ([], ["i", "s"], ["i", "s", "n", "x"]):
        same(f"mkdist: {len(words)} words", called(*words, make=made), (2, "", "usage: tools/mkdist IMAGE SYMBOLS NAME\n"))
    for error, text in ((mkdist.Problem("why"), "why"), (OSError(2, "gone", "f"), "[Errno 2] gone: 'f'")):
        same(f"mkdist: {text}", called("i", "s", "n", make=mock.Mock(side_effect=error)), (1, "", f"tools/mkdist: {text}\n"))


tools()
commands()
image()
fat_sizes()
mkimage_main()
where = tree()
with in_tree(where):
    places(where)
    links(where)
    renderers()
    dead_links()
    packs()
    makes(where)
    mkdist_main(where)
finish()
