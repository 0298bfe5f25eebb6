"""The frames of a stack trace, innermost first, in the ways in which the common languages print them. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

_LONGEST = 1000  # characters of a line that are looked at
_MOST = 5000  # lines of a trace that are looked at
_SOURCES = (
    "py|pyx|js|jsx|mjs|cjs|ts|tsx|vue|svelte|java|kt|kts|scala|groovy|clj|cljs|go|rb|erb|rake|rs|c|h|cc|cpp|cxx|hh|hpp|"
    "m|mm|cs|fs|vb|php|phtml|pl|pm|t|ex|exs|erl|hrl|lua|swift|dart|hs|ml|mli|nim|zig|jl|r|R|d|pas|f90|sh|bash|sql|twig"
)


@dataclass(frozen=True, slots=True)
class Frame:
    """A place in the code. path: as the trace names it, with `/`; line: 1-based, None: not said; function: or ``."""

    path: str
    line: int | None
    function: str


@dataclass(frozen=True, slots=True)
class StackTrace:
    """Frames, innermost first. language: whose form it has; `` where only files and lines were found in a text."""

    frames: tuple[Frame, ...]
    language: str


def read_trace(text: str) -> StackTrace:
    """The frames of the trace in a text, each once; none where it names no file with a line."""
    lines = _lines(text)
    found = [(language, tuple(read(lines))) for language, read in _READERS]
    language, frames = max(found, key=lambda each: len(each[1]))
    if not frames:
        language, frames = "", tuple(_anywhere(lines))
    return StackTrace(tuple(dict.fromkeys(frames)), language)


def _lines(text: str) -> list[str]:
    """The lines of a trace, also of one that stands in JSON with its line ends escaped."""
    found: list[str] = []
    for line in text.split("\n")[:_MOST]:
        if "\\n" in line:
            found += line.replace("\\n", "\n").replace("\\t", "\t").replace('\\"', '"').split("\n")
        else:
            found.append(line)
    return [line[:_LONGEST].rstrip("\r") for line in found[:_MOST]]


def _frame(path: str, line: str | int | None, function: str | None) -> Frame:
    return Frame(_path(path), int(line) if line is not None else None, (function or "").strip())


def _path(text: str) -> str:
    """A path without what stands before it in a URL, and without a query."""
    path = text.strip().replace("\\", "/")
    scheme, separator, rest = path.partition("://")
    if separator:
        path = "/" + rest.lstrip("/") if scheme == "file" else rest.partition("/")[2]
        path = path.partition("?")[0]
    return path.removeprefix("./")


_PYTHON = re.compile(r'^\s*(?:[|+]\s*)*File "([^"]+)", line ([0-9]{1,9})(?:, in (.+))?$')
_CAUSE = "direct cause of the following exception"
_CHAINED = re.compile(r"^During handling of the above exception|^The above exception was the " + _CAUSE)


def _python(lines: Sequence[str]) -> Iterator[Frame]:
    """The block that was raised last comes first, unless the one before it is said to be its cause."""
    blocks: list[list[Frame]] = [[]]
    for line in lines:
        match = _PYTHON.match(line)
        if match is not None:
            blocks[-1].insert(0, _frame(match[1], match[2], match[3]))
        elif _CHAINED.match(line):
            blocks.append([])
            if _CAUSE not in line:
                blocks.insert(0, blocks.pop())
    for block in blocks:
        yield from block


_JVM = re.compile(
    r"^\s*at (?:[^\s()]*/)?([\w.$]+)\.([\w$<>-]+)\((?:([\w$-]+\.(?:java|kt|kts|scala|groovy|clj)):([0-9]{1,9}))\)"
)


def _jvm(lines: Sequence[str]) -> Iterator[Frame]:
    """The cause named last comes first: it is the one that began it."""
    blocks: list[list[Frame]] = [[]]
    for line in lines:
        match = _JVM.match(line)
        if match is not None:
            folder = "/".join(match[1].split(".")[:-1])
            blocks[-1].append(_frame(f"{folder}/{match[3]}" if folder else match[3], match[4], match[2]))
        elif line.lstrip().startswith("Caused by:"):
            blocks.insert(0, [])
            blocks.append(blocks.pop(0))
    for block in reversed(blocks):
        yield from block


_NODE = re.compile(r"^\s*at (?:(?:async )?(.+?) \()?((?:\w+:/{2,3})?[^\s()]*?[^\s():]):([0-9]{1,9}):[0-9]{1,9}\)?$")
_FIREFOX = re.compile(r"^(.{0,200}?)@((?:https?|file|webpack)://\S+?):([0-9]{1,9}):[0-9]{1,9}$")


def _javascript(lines: Sequence[str]) -> Iterator[Frame]:
    for line in lines:
        match = _NODE.match(line) or _FIREFOX.match(line)
        if match is not None and not match[2].endswith(".rs"):
            function = (match[1] or "").removeprefix("new ").partition(" [as ")[0]
            yield _frame(match[2], match[3], function.rpartition(".")[2].replace("<anonymous>", ""))


_GO_PLACE = re.compile(r"^\s+(\S.*\.(?:go|s|c)):([0-9]{1,9})(?: \+0x[0-9a-f]+)?$")


def _go(lines: Sequence[str]) -> Iterator[Frame]:
    for before, line in pairwise(lines):
        match, function = _GO_PLACE.match(line), _go_function(before)
        if match is not None and function:
            yield _frame(match[1], match[2], function)


def _go_function(line: str) -> str:
    """The function in `shop/cart.(*Cart).Sum(0xc0, ...)`; of a nameless one that around it; or ``."""
    called = re.sub(r" in goroutine \d+$", "", line.removeprefix("created by "))
    called = called[: called.rfind("(")] if called.endswith(")") else called
    called = re.sub(r"(?:\.(?:func)?\d+)+$", "", called.replace("[...]", ""))
    return called.rpartition(".")[2] if " " not in called and "." in called else ""


_RUBY = re.compile(
    r"^\s*(?:from )?(?:\d+: from )?([^\s:][^:]*\.(?:rb|erb|rake|ru|slim|haml)):([0-9]{1,9}):in [`'](.+?)'"
)


def _ruby(lines: Sequence[str]) -> Iterator[Frame]:
    for line in lines:
        match = _RUBY.match(line)
        if match is not None:
            name = re.sub(r"^(?:rescue in |ensure in |block (?:\(\d+ levels\) )?in )+", "", match[3])
            yield _frame(match[1], match[2], re.split(r"[.#]", name)[-1])


_RUST_FUNCTION = re.compile(r"^\s*\d+:\s+(?:0x[0-9a-f]+ - )?(\S.*?)(?:::h[0-9a-f]{16})?$")
_RUST_PLACE = re.compile(r"^\s+at (\S.*?\.rs):([0-9]{1,9})(?::[0-9]{1,9})?$")
_RUST_PANIC = re.compile(r"panicked at (?:'.*', )?(\S+\.rs):([0-9]{1,9}):[0-9]{1,9}:?$")


def _rust(lines: Sequence[str]) -> Iterator[Frame]:
    panicked: Frame | None = None
    below: list[Frame] = []
    for before, line in zip(["", *lines], lines, strict=False):
        place, function, panic = _RUST_PLACE.match(line), _RUST_FUNCTION.match(before), _RUST_PANIC.search(line)
        if place is not None:
            name = (
                re.sub(r"(?:::\{\{?closure\}?\}|::\{closure#\d+\})+$", "", function[1]) if function is not None else ""
            )
            below.append(_frame(place[1], place[2], name.rpartition("::")[2]))
        elif panic is not None:
            panicked = _frame(panic[1], panic[2], "")
    if panicked is not None and not any((each.path, each.line) == (panicked.path, panicked.line) for each in below):
        yield panicked
    yield from below


_DOTNET = re.compile(r"^\s*at (.+?) in (\S.*):line ([0-9]{1,9})\s*$")


def _dotnet(lines: Sequence[str]) -> Iterator[Frame]:
    for line in lines:
        match = _DOTNET.match(line)
        if match is not None:
            name = re.sub(r"[(\[].*$", "", match[1])
            moved = re.search(r"<(\w+)>[bdg]_", match[1])
            yield _frame(match[2], match[3], moved[1] if moved is not None else name.rpartition(".")[2])


_PHP = re.compile(r"^\s*#\d+ (\S.*?)\(([0-9]{1,9})\): (.+)$")
_PHP_CALLED = re.compile(r"^\s*#\d+ (?:\[internal function\]: |\S.*?\([0-9]{1,9}\): )?([\w\\{}:>-]+)")
_PHP_THROWN = re.compile(r"(?:\bin|thrown in) (/\S.*?\.php|[A-Z]:\\\S.*?\.php)(?::| on line )([0-9]{1,9})\s*$")


def _php(lines: Sequence[str]) -> Iterator[Frame]:
    """Each line names what was called there, so that the function around it stands on the line after."""
    called = [match[1] if (match := _PHP_CALLED.match(line)) is not None else None for line in lines]
    names = [re.split(r"->|::|\\", name)[-1] if name and name != "{main}" else "" for name in called]
    if not any(_PHP.match(line) for line in lines):
        return
    below = iter(name for name, stands in zip(names, called, strict=True) if stands is not None)
    thrown = next((match for line in lines if (match := _PHP_THROWN.search(line)) is not None), None)
    first = next(below, "")
    if thrown is not None:
        yield _frame(thrown[1], thrown[2], first)
    for line in lines:
        match = _PHP.match(line)
        if match is not None:
            yield _frame(match[1], match[2], next(below, ""))
        elif _PHP_CALLED.match(line):
            next(below, "")


_GDB = re.compile(r"^\s*#\d+\s+(?:0x[0-9a-fA-F]+ in )?(\S[^(]*?) ?\(.*\)\s+at (\S+):([0-9]{1,9})\s*$")
_SANITIZER = re.compile(r"^\s*#\d+ 0x[0-9a-fA-F]+ in (.+?) (/?[^\s()]+?\.\w{1,4}):([0-9]{1,9})(?::[0-9]{1,9})?\s*$")


def _native(lines: Sequence[str]) -> Iterator[Frame]:
    for line in _unwrapped(lines):
        match = _GDB.match(line) or _SANITIZER.match(line)
        if match is not None:
            name = re.sub(r"[(<].*$", "", match[1])
            yield _frame(match[2], match[3], name.rpartition("::")[2])


def _unwrapped(lines: Sequence[str]) -> Iterator[str]:
    """Lines, with what gdb had no room for put back onto the line that it belongs to."""
    held = ""
    for line in lines:
        if held and line[:1].isspace() and not line.lstrip().startswith("#"):
            held = f"{held} {line.strip()}"[:_LONGEST]
            continue
        yield held
        held = line
    yield held


_ANYWHERE = re.compile(
    rf"((?:[A-Za-z]:)?[\w.\-/\\@+~]*\w\.(?:{_SOURCES}))"
    r"(?::([0-9]{1,9})\b|\(([0-9]{1,9})[),]|\"?,? (?:on )?line ([0-9]{1,9})\b)"
)
_ELIXIR = re.compile(r"^: ([\w.]+[?!]?)(?:/\d+|\()")


def _anywhere(lines: Sequence[str]) -> Iterator[Frame]:
    """Any file with a line, in the order of the text."""
    for line in lines:
        for match in _ANYWHERE.finditer(line):
            named = _ELIXIR.match(line[match.end() :])
            number = match[2] or match[3] or match[4]
            yield _frame(match[1], number, named[1].rpartition(".")[2] if named is not None else "")


_READERS: tuple[tuple[str, Callable[[Sequence[str]], Iterator[Frame]]], ...] = (
    ("Python", _python),
    ("JVM", _jvm),
    ("JavaScript", _javascript),
    ("Go", _go),
    ("Ruby", _ruby),
    ("Rust", _rust),
    (".NET", _dotnet),
    ("PHP", _php),
    ("native", _native),
)


_FOREIGN = re.compile(
    r"(?:^|/)(?:site-packages|dist-packages|node_modules|vendor/bundle|gems|\.cargo/registry|\.rustup|rustc)/"
    r"|/pkg/mod/|^<|^node:|^internal/|(?:^|/)lib/python\d|/usr/(?:local/)?(?:lib|go|share|include)/"
    r"|^(?:java|javax|jdk|sun|kotlin|scala)/"
)
_PACKAGE = re.compile(
    r"(?:site-packages|dist-packages|node_modules|gems|\.cargo/registry/src/[^/]+|/pkg/mod/(?:[^/@]+/)*)/?((?:@[\w.-]+/)?[\w.+-]+)"
)


def foreign(frame: Frame) -> bool:
    """Whether a frame stands in a library, not in the service."""
    return _FOREIGN.search(frame.path) is not None


def package_of(frame: Frame) -> str:
    """The library a frame stands in, without its version, `psycopg`; empty where it is the service or unknown."""
    match = _PACKAGE.search(frame.path)
    return re.sub(r"[-@]v?\d[\w.+-]*$|\.py$", "", match[1]) if match is not None else ""


def mapped(frame: Frame, path_map: Sequence[tuple[str, str]]) -> Frame:
    """A frame with the root it was deployed under replaced, by the longest that fits."""
    for root, place in sorted(path_map, key=lambda each: -len(each[0])):
        bare = root.rstrip("/")
        if frame.path == bare or frame.path.startswith(bare + "/"):
            return replace(frame, path=f"{place.strip('/')}/{frame.path[len(bare) + 1 :]}".lstrip("/"))
    return frame
