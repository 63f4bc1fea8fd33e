#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Pictures of a matrix and of witnesses, and screens of an emulator as PNG, cells and text. Fails if one of the calls
to draw a picture or a byte of a screen is wrong.

drawn/*.txt hold the expected drawings. After an intended change, tests/self/unit/test_tools_picture.py --write writes
them anew. Then look at the difference, and at the result of `make images`."""
from __future__ import annotations

import struct
import sys
import zlib
from pathlib import Path
from types import ModuleType, SimpleNamespace
from unittest import mock

from host import PLACE, ROOT, check, finish, raised, same
from zapwalk import glyphs, log, monitor, picture
from zapwalk.monitor import Gone, Picture

DRAWN = ROOT / "tests/self/unit/drawn"
LICENCE = "SPDX-License-Identifier: MIT"
PATIENCE = 20.0


# --- drawings ----------------------------------------------------------------------------------


def written(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    if isinstance(value, (list, tuple)):
        return "(" + " ".join(map(written, value)) + ")"
    return repr(value)


class Canvas:
    """Writes down every call to draw and every request to matplotlib."""

    def __init__(self):
        self.lines: list[str] = []
        self.rcParams = SimpleNamespace(update=lambda parameters: self.lines.append(f"rcParams {parameters}"))

    def __getattr__(self, name: str):
        def drawn(*what: object, **how: object) -> Canvas:
            if name == "savefig":
                what[0].write_text("<?xml?>  \n<svg>\t\n</svg>\n")
            words = [written(part) for part in what if not isinstance(part, (Canvas, Path))]
            self.lines.append(" ".join([name, *words, *(f"{key}={written(value)}" for key, value in how.items())]))
            return self
        return drawn


def drawn(call, *args: object) -> list[str]:
    """Draws with a stand-in for matplotlib and returns the calls."""
    canvas = Canvas()
    matplotlib, pyplot, patches = ModuleType("matplotlib"), ModuleType("matplotlib.pyplot"), ModuleType("matplotlib.patches")
    matplotlib.use, matplotlib.rcParams, matplotlib.pyplot = canvas.use, canvas.rcParams, pyplot
    pyplot.figure = canvas.figure
    patches.Rectangle = canvas.Rectangle
    with mock.patch.dict(sys.modules, {"matplotlib": matplotlib, "matplotlib.pyplot": pyplot, "matplotlib.patches": patches}):
        call(*args)
    return canvas.lines


def as_before(name: str, lines: list[str]) -> None:
    path = DRAWN / f"{name}.txt"
    if "--write" in sys.argv:
        path.write_text("\n".join([LICENCE, *lines]) + "\n")
    wanted = path.read_text().splitlines()[1:]
    differ = [f"{n}: {got}\n{n}: wanted {want}" for n, (got, want) in enumerate(zip(lines, wanted), 1) if got != want]
    check(lines == wanted, f"the drawing {name}", f"{len(lines)} lines, wanted {len(wanted)}", *differ[:5])


def matrices() -> None:
    guards = ['# ev=guard name=present_recheck kind=step scenario=pte/torn-read meaning="look at the present half again"',
              '# ev=guard name=shootdown_wait kind=step scenario=tlb/stale meaning="' + "wait for everybody " * 6 + '"',
              *(f"# ev=guard name=exact{size} kind=step scenario=a/b meaning=\"{'word ' * 14}{'x' * (size - 70)}\"" for size in (80,
                      81))]
    choreo = ["# ev=cell n=1 scenario=pte/torn-read mode=choreo guard=present_recheck choices=zap=split,flush=ipi result=caught ms=12",
              '# ev=cell n=2 scenario=tlb/stale mode=stress guard=shootdown_wait choices=- result=masked reason="by the grace period"',
              "# ev=cell n=3 scenario=tlb/stale mode=choreo guard=shootdown_wait choices=- result=not_caught",
              "# ev=cell n=4 scenario=tlb/stale mode=probe guard=present_recheck choices=zap=split,flush=ipi result=not_observed tries=3"]
    one = log.parse([*guards, *choreo, "# ev=done status=pass"], "x86-pc")
    explored = log.parse(["# ev=explorer machine=split", *guards,
                          "# ev=cell n=1 scenario=a/b mode=sc guard=present_recheck choices=- result=caught steps=4"],
                         "explored-split")
    path = PLACE / "matrix.svg"
    as_before("matrix", drawn(picture.kill_matrix, [one, explored], path, "made by hand"))
    same("the file: a licence, no blanks at ends of lines", path.read_text(),
         "<?xml?>\n<!-- SPDX-License-Identifier: MIT -->\n<svg>\n</svg>\n")


def witnesses() -> None:
    steps = ["# ev=step n=1 cpu=0 at=walk:10 file=mm/gup/gup.c do=pte_read_done value=0x0 role=walker",
             '# ev=step n=2 cpu=1 at=zap:20 file=mm/table/zap.c do=zap_taking_present value=0x0 role=writer buffer="low=0 ' + "high=0 " * 12 + '"',
             "# ev=step n=3 cpu=1 at=- do=store value=0x5",
             "# ev=step n=4 cpu=0 at=walk:11 note=late do=frame_used value=0x1234567890abcdef" +
             "0" * 40, '# ev=step n=5 cpu=0 at=walk:12 do="two words" value=0x0',
             *(f"# ev=step n={n} cpu=1 at=- do=store buffer=\"{'x' * 30} {'y' * size}\"" for n, size in ((6, 10), (7, 11)))]
    one = log.parse(['# ev=witness n=1 scenario=pte/torn-read rule="' + "a rule " * 30 + '" saw=less see="docs/invariants.md R1"',
                     *steps], "x").witnesses[0]
    other = log.parse(["# ev=witness n=2 scenario=tlb/stale rule=r saw=s see=t", *(
        f"# ev=step n={n} cpu={n} at=f:{n} do=go value=0x{n}" for n in range(5)), "# ev=step n=9 at=f:9"], "x").witnesses[0]
    empty = log.parse(["# ev=witness n=3 scenario=a/b"], "x").witnesses[0]
    path = PLACE / "lanes.svg"
    as_before("lanes", drawn(picture.lanes, [(one, "guard.present_recheck=off"), (other, "")], path, "a caption\nof two lines"))
    as_before("lanes-empty", drawn(picture.lanes, [(empty, "x"), (one, "y")], path))
    same("the file", path.read_text().splitlines()[1], "<!-- SPDX-License-Identifier: MIT -->")


def texts() -> None:
    for text, wanted in (("x" * 24, "x" * 24), ("caught in 12 steps by the writer", "caught in 12 steps by\nthe writer"),
                         ("not observed (30000 tries)", "not observed\n30000 tries"),
                         ("skipped: nothing to see here", "skipped\nnothing to see here"),
                         ("masked by " + "x" * 14, "masked by " + "x" * 14),
                         ("masked by " + "x" * 15, "masked by\n" + "x" * 15), ("masked by " + "x" * 31, "masked"),
                         ("masked by " + "x" * 30, "masked by\n" + "x" * 30),
                         ("skipped (why): because of that", "skipped\nwhy): because of that")):
        same(f"short: {text}", picture.short(text), wanted)
    for line, wanted in (("do=go value=0x0", "go"), ("do=go value=0x1", "go = 0x1"),
                         ("do=pte_read_done value=0x0", "pte_read_done = 0x0"),
                         ('do="a b" value=0x0', "a b = 0x0"), ("do=pte_read_done", "pte_read_done"), ("value=3", "? = 3"),
                         ("do=go", "go")):
        same(f"doing: {line}", picture.doing(log.parse_event(f"# ev=step {line}")), wanted)


# --- an emulator's screen ----------------------------------------------------------------------


def ppm(width: int, height: int, pixels: bytes) -> bytes:
    return b"P6\n%d %d\n255\n" % (width, height) + pixels


def chunks(png: bytes) -> list[tuple[bytes, bytes]]:
    """Reads a PNG's chunks by hand. A chunk with a wrong length or sum is marked as bad."""
    found, at = [], 8
    while at < len(png):
        size, = struct.unpack_from(">I", png, at)
        kind, data = png[at + 4:at + 8], png[at + 8:at + 8 + size]
        good = png[at + 8 + size:at + 12 + size] == struct.pack(">I", zlib.crc32(kind + data))
        found.append((kind, data) if good else (b"bad sum", kind))
        at += 12 + size
    return found


def pictures() -> None:
    red, blue = b"\xff\0\0", b"\0\0\xff"
    one = Picture(ppm(3, 2, red + blue + red + blue + blue + red))
    same("its size", (one.width, one.height), (3, 2))
    same("its pixels", [one.pixel(x, y) for y in range(2) for x in range(3)],
         [(255, 0, 0), (0, 0, 255), (255, 0, 0), (0, 0, 255), (0, 0, 255), (255, 0, 0)])
    same("pixels may hold line ends", Picture(ppm(1, 1, b"\n\n\n")).pixels, b"\n\n\n")
    for bad in (b"P5\n1 1\n255\n\0", b"P6\n1 1\n65535\n\0\0\0"):
        same(f"refused: {bad!r}", raised(ValueError, Picture, bad), "not a PPM of 8 bits a colour")
    png = one.png()
    same("the PNG's signature", png[:8], b"\x89PNG\r\n\x1a\n")
    same("few colours: a palette", [(kind, zlib.decompress(data) if kind == b"IDAT" else data) for kind, data in chunks(png)], [
        (b"IHDR", struct.pack(">IIBBBBB", 3, 2, 8, 3, 0, 0, 0)), (b"PLTE", blue + red), (b"IDAT", b"\0\1\0\1" + b"\0\0\0\1"),
        (b"IEND", b"")])

    def many(colours: int) -> Picture:
        return Picture(ppm(colours, 1, b"".join(struct.pack(">I", n)[1:] for n in range(colours))))

    same("256 colours", [kind for kind, _ in chunks(many(256).png())], [b"IHDR", b"PLTE", b"IDAT", b"IEND"])
    big = Picture(ppm(257, 2, many(257).pixels * 2))
    parts = chunks(big.png())
    same("257: three bytes a pixel", (parts[0][1], parts[1][0], zlib.decompress(parts[1][1]), len(parts)), (
        struct.pack(">IIBBBBB", 257, 2, 8, 2, 0, 0, 0), b"IDAT", (b"\0" + many(257).pixels) * 2, 3))
    indices = [n * n // 7 % 1009 % 2 for n in range(10000)]
    noise = Picture(ppm(len(indices), 1, b"".join(bytes(3 * [index]) for index in indices)))
    rows = b"\0" + bytes(indices)
    check(zlib.compress(rows, 9) != zlib.compress(rows, 8), "a picture on which zlib has to try hard")
    same("as small as zlib makes it", chunks(noise.png())[2][1], zlib.compress(rows, 9))


def letters() -> None:
    """Text must be read from a picture made of the font, with a replacement for a cell outside the font."""
    font = glyphs.glyphs()
    height = len(next(iter(font)))
    same("the font", (font[(0,) * height], len(font), min(font.values()), max(font.values())), (" ", 95, " ", "~"))
    shapes = {letter: shape for shape, letter in font.items()}

    def screen(width: int, height_: int, columns: int, rows: int, scale: int, texts: dict[int, str],
               spoiled: tuple = ()) -> Picture:
        """Draws white text on black, with a margin where the cells do not fill the picture."""
        pixels = bytearray(b"\x01\x02\x03" * (width * height_))
        left, top = (width - 8 * columns * scale) // 2, (height_ - 16 * rows * scale) // 2
        for row, text in texts.items():
            for col, letter in enumerate(text):
                for y, bits in enumerate(shapes[letter], 1):
                    for x in range(8):
                        for part in range(scale * scale if bits & 0x80 >> x else 0):
                            at = ((top + (16 * row + y) * scale + part // scale) * width + left + (8 * col + x) * scale + part % scale) * 3
                            pixels[at:at + 3] = b"\xff\xff\xff"
        for col, row, x, y in spoiled:
            at = ((top + (16 * row + y) * scale) * width + left + (8 * col + x) * scale) * 3
            pixels[at:at + 3] = b"\xff\xff\xff"
        return Picture(ppm(width, height_, bytes(pixels)))

    said = {0: "Zapwalk ~!", 24: "the last row"}
    text = glyphs.text(screen(640, 400, 80, 25, 1, said))
    same("80 by 25", (len(text), {len(row) for row in text}, text[0].rstrip(), text[24].rstrip(),
                      {row.strip() for row in text[1:24]}),
         (25, {80}, said[0], said[24], {""}))
    same("too small", [glyphs.text(screen(*size, 1, 1, 1, {})) for size in ((639, 400), (640, 399))], [[], []])
    text = glyphs.text(screen(1294, 801, 80, 25, 2, said))
    same("each dot twice, with a margin", (len(text), len(text[0]), text[0].rstrip(), text[24].rstrip()),
         (25, 80, said[0], said[24]))
    with mock.patch.object(glyphs, "cell", lambda one, left, top, scale, known: f"{left},{top},{scale} "):
        text = glyphs.text(SimpleNamespace(width=1920, height=1080))
        same("never more columns than there are", (len(text), text[0].split()[:2], text[0].split()[-1], text[-1].split()[0]),
             (33, ["0,12,2", "16,12,2"], "1904,12,2", "0,1036,2"))
        text = glyphs.text(SimpleNamespace(width=1200, height=1200))
        same("nor rows", (len(text), len(text[0].split()), text[0].split()[0], text[-1].split()[-1]),
             (64, 128, "88,88,1", "1104,1096,1"))
    text = glyphs.text(screen(640, 400, 80, 25, 1, said, ((0, 0, 7, 5),)))
    same("what is not in the font", (text[0][0], text[0][1:10]), ("\N{REPLACEMENT CHARACTER}", "apwalk ~!"))


FAKE = '''
import pathlib, re, socket, sys
path = re.match("unix:(.*),server=on,wait=off", sys.argv[sys.argv.index("-monitor") + 1])[1]
print("on the serial port", flush=True)
server = socket.socket(socket.AF_UNIX)
server.bind(path)
server.listen()
peer, _ = server.accept()
peer.sendall(b"QEMU monitor\\\\n(qe")
peer.sendall(b"mu) ")
while line := peer.makefile().readline().strip():
    said = ""
    if line == "bye":
        break
    if line.startswith("screendump "):
        pathlib.Path(line.split()[1]).write_bytes(b"P6\\\\n1 1\\\\n255\\\\nabc")
    if match := re.fullmatch('pmemsave (\\\\\\\\d+) (\\\\\\\\d+) "(.*)"', line):
        said = f"{match[1]} {match[2]}"
        pathlib.Path(match[3]).write_bytes(b"".join(bytes([65 + n % 26, 7]) for n in range(int(match[2]) // 2)))
    peer.sendall(f"{line}: {said}\\\\r\\\\n(qemu) ".encode())
sys.stderr.write(" gone \\\\n")
peer.close()
sys.exit(3)
'''.replace("\\\\", "\\")


def machines() -> None:
    """A program stands in for QEMU, and its monitor echoes every command. Serial port, pictures and cells must be read
    from it, and a wait without success must end."""
    path = PLACE / "serial.log"
    with monitor.Machine([sys.executable, "-c", FAKE], path) as machine:
        same("the monitor answers", machine.say("info x"), "info x: \r\n(qemu) ")
        same("the serial port", machine.serial(), "on the serial port\n")
        machine.wait_for("serial", PATIENCE)
        same("what does not come", raised(Gone, machine.wait_for, "nosuch", 0.01), "no 'nosuch' on the serial port within 0.01 s")
        same("it does not happen", raised(Gone, machine.wait_until, lambda: False, 0.0, "end"), "no end within 0 s")
        same("a picture", (machine.picture().pixels, machine.picture().width), (b"abc", 1))
        cells = machine.cells()
        same("cells of VGA's text mode", (len(cells), {len(row) for row in cells}, cells[0][:6], cells[1][:2]),
             (25, {160}, b"A\7B\7C\7", b"C\7"))
        same("as text", (machine.text()[0][:4], len(machine.text()[24])), ("ABCD", 80))
        with mock.patch.object(machine, "say") as say, mock.patch.object(monitor.Path, "read_bytes", lambda path: bytes(8)):
            same("a smaller one", machine.cells(2, 2), [bytes(4)] * 2)
        same("as it is asked for", say.call_args.args[0].partition(' "')[0], "pmemsave 753664 8")
        same("it still runs", machine.wait_end(0.01), None)
        same("it closes its monitor", raised(Gone, machine.say, "bye"), "the emulator closed its monitor")
        same("its end", machine.wait_end(PATIENCE), 3)
        same("then nothing is waited for", raised(Gone, machine.wait_until, lambda: False, PATIENCE, "x"),
             "the emulator ended with status 3: gone")
        place = Path(machine.place.name)
        same("a place of its own, and an end of silence", (place.is_dir(), place.name[:8], machine.socket.gettimeout()),
             (True, "zapwalk-", 20.0))
    check(not place.exists() and machine.socket.fileno() == -1 and machine.watched.watcher.returncode == 0, "all of it goes")
    same("one that ends at once", raised(Gone, monitor.Machine, ["sh", "-c", "echo no >&2; exit 4"], path),
         "the emulator ended with status 4: no")
    waits: list[float] = []
    with mock.patch.object(monitor.time, "sleep", waits.append), mock.patch.object(monitor.Machine, "_alive"):
        same("one without a monitor", raised(Gone, monitor.Machine, ["sleep", "0.01"], path), "the emulator opened no monitor")
    same("it had ten seconds", (len(waits), set(waits)), (200, {0.05}))


def steps() -> None:
    """monitor.Machine must take its own steps in the right order."""
    order = mock.MagicMock()
    order.socket.recv.side_effect = [b"hello (qemu)", b" ", b"(qemu) "]
    order.socket.connect.side_effect = [FileNotFoundError, ConnectionRefusedError, None]
    order.Watched.return_value.process.poll.return_value = None
    with mock.patch.object(monitor.socket, "socket", lambda family: order.socket), mock.patch.object(monitor, "Watched",
            order.Watched), \
            mock.patch.object(monitor.time, "sleep", order.sleep):
        machine = monitor.Machine(["q"], PLACE / "serial.log")
        path = f"{machine.place.name}/monitor"
        same("its start", [(name, *call) for name, call, _ in order.mock_calls], [
            ("Watched", ["q", "-monitor", f"unix:{path},server=on,wait=off"]), ("socket.settimeout", 20), ("socket.connect", path),
            ("Watched().process.poll",), ("sleep", 0.05), ("socket.connect", path), ("Watched().process.poll",), ("sleep", 0.05),
            ("socket.connect", path), ("socket.recv", 65536), ("socket.recv", 65536)])
        order.reset_mock()
        times = [100.0, 101.0, 102.0, 102.5]
        with mock.patch.object(monitor.time, "monotonic", lambda: times.pop(0)):
            same("two seconds are two seconds", (raised(Gone, machine.wait_until, lambda: False, 2, "x"), times),
                 ("no x within 2 s", []))
        same("between two looks it sleeps", order.sleep.mock_calls, [mock.call(0.05)] * 2)
        order.reset_mock()
        cleanup = machine.place.cleanup
        machine.place = order.place
        machine.__exit__()
        cleanup()
    same("its end", [name for name, _, _ in order.mock_calls], ["socket.close", "Watched().end", "place.cleanup"])


PLACE.mkdir(parents=True, exist_ok=True)
matrices()
witnesses()
texts()
pictures()
letters()
machines()
steps()
finish()
