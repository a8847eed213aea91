"""Strict YAML: what a person would misread is an error with its line, never a surprise.

YAML 1.1 reads `3.10` as 3.1, `no` as false, `1:30` as 90, `1e3` as text and 2025-01-02 as a date object,
and keeps the last of two equal keys. This loader takes PyYAML's *events* (syntax only, no guessing), decides
by itself what a bare word is, and remembers the line of every node. PyYAML's own loaders stay as they are.
"""

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from catalog.errors import CatalogError, Problem

MAX_BYTES = 1_000_000
MAX_DEPTH = 12
MAX_EXACT_INTEGER = 2**53 - 1
"""Above this a number loses digits when it crosses into JSON and JavaScript."""
BLANK = "FILL_IN"
"""What stands in a new file where its author has yet to write something."""

Step = str | int
NodePath = tuple[Step, ...]

_SYNTAX = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
"""Asked for events only. The C parser is the same grammar, about ten times as fast."""

_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ufffe\uffff]|\r(?!\n)"
)

_SURPRISES = tuple(
    (re.compile(pattern), what, remedy)
    for pattern, what, remedy in (
        (
            r"(?i:y|yes|no|n|on|off|true|false)",
            "is true or false to some readers of YAML and a word to others",
            "write true or false in lower case, or put the word in quotes",
        ),
        (
            r"~|(?i:null)",
            "is nothing to some readers of YAML and a word to others",
            "write null in lower case, or put the word in quotes",
        ),
        (
            r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?",
            "is a number to base 60 in YAML 1.1",
            "put it in quotes if it is text",
        ),
        (
            r"[-+]?([0-9][0-9_]*\.?[0-9_]*|\.[0-9_]+)[eE][-+]?[0-9]+",
            "is text to some readers of YAML and a number to others",
            "write the number out, or put it in quotes",
        ),
        (
            r"[-+]?(0[xX][0-9a-fA-F_]+|0[bB][01_]+|0o[0-7_]+|[0-9][0-9_]*\.?[0-9_]*|\.[0-9_]+|\.(?i:inf|nan))",
            "is not a plain number",
            "write it with digits and one point, as in -12.5, or put it in quotes",
        ),
        (
            r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt \t].*)?",
            "looks like a date or a time",
            "write the date as YYYY-MM-DD, or put it in quotes",
        ),
        (r"<<", "merges another mapping", "write the fields out"),
    )
)
_ANY_SURPRISE = re.compile("|".join(f"(?:{pattern.pattern})" for pattern, _, _ in _SURPRISES))
"""One look instead of seven for the words that are none, which nearly all are."""


def show_path(path: NodePath) -> str:
    """`("values", "price_usd", "sources", 0)` as `values.price_usd.sources[0]`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


@dataclass(frozen=True)
class Document:
    """A YAML file as plain data, and the line of each of its nodes."""

    name: str
    data: dict[str, Any]
    lines: dict[NodePath, int]
    blanks: tuple[NodePath, ...] = ()
    """Where a value has not been filled in yet."""

    def line(self, path: NodePath) -> int:
        """The line of a node; for one that is missing, the line of what should hold it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def problem(self, path: NodePath, message: str) -> Problem:
        return Problem(self.name, self.line(path), show_path(path), message)


def load_file(path: Path, name: str) -> Document:
    """Read one file; `name` is how messages call it. Raises CatalogError with every problem found."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise CatalogError([Problem(name, 0, "", f"cannot be read: {error.strerror or error}")]) from None
    return load_bytes(content, name)


def load_bytes(content: bytes, name: str, first_line: int = 1) -> Document:
    """Read YAML from bytes; `first_line` is where they begin in the file that `name` names."""
    text = _decode(content, name, first_line)
    parser = _SYNTAX(text)
    builder = _Builder(name, first_line, parser.get_event)
    try:
        data = builder.document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = f"not YAML: {error.problem or error.context}; expected lines of `name: value`; correct it"
        raise builder.failure(mark.line if mark else 0, (), message) from None
    except yaml.YAMLError as error:
        message = f"not YAML: {' '.join(str(error).split())}; expected lines of `name: value`; correct it"
        raise builder.failure(0, (), message) from None
    finally:
        parser.dispose()
    if builder.problems:
        raise CatalogError(builder.problems)
    return Document(name, data, builder.lines, tuple(builder.blanks))


def is_date(text: str) -> bool:
    """Whether text is a real day written as YYYY-MM-DD."""
    if not _DATE.fullmatch(text):
        return False
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _line(event: yaml.Event) -> int:
    """PyYAML counts lines from 0."""
    return event.start_mark.line if event.start_mark else 0


def _decode(content: bytes, name: str, first_line: int) -> str:
    """Bytes to text, refusing what an editor would not show."""

    def failure(line: int, message: str) -> CatalogError:
        return CatalogError([Problem(name, line, "", message)])

    if len(content) > MAX_BYTES:
        raise failure(0, f"larger than {MAX_BYTES:,} bytes; expected a file that a person can read; split it")
    if content.startswith(b"\xef\xbb\xbf"):
        raise failure(first_line, "begins with a byte order mark; expected plain UTF-8; save it without a BOM")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = first_line + content.count(b"\n", 0, error.start)
        byte = content[error.start]
        raise failure(line, f"byte 0x{byte:02x} is not UTF-8; expected UTF-8; save the file as UTF-8") from None
    lines = text.split("\n")
    tabs = [number for number, line in enumerate(lines, first_line) if "\t" in line]
    if tabs:
        message = "has a tab; expected spaces only; replace the tab by spaces"
        raise CatalogError(Problem(name, number, "", message) for number in tabs)
    invisible = _INVISIBLE.search(text)
    if invisible:
        line = first_line + text.count("\n", 0, invisible.start())
        code = ord(invisible.group()[0])
        raise failure(line, f"has the invisible character U+{code:04X}; expected text that shows; delete it")
    return text


@dataclass
class _Builder:
    """Events to data. Bad scalars and keys are collected; what breaks the structure is raised at once."""

    name: str
    first_line: int
    next_event: Callable[[], Any]
    problems: list[Problem] = field(default_factory=list)
    lines: dict[NodePath, int] = field(default_factory=dict)
    blanks: list[NodePath] = field(default_factory=list)

    def document(self) -> dict[str, Any]:
        data: Any = None
        documents = 0
        while not isinstance(event := self.next_event(), yaml.StreamEndEvent):
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    message = "a second document begins; expected one a file; remove the ---"
                    raise self.failure(_line(event), (), message)
                first = self.next_event()
                if not isinstance(first, yaml.MappingStartEvent):
                    self._refuse_anchor(first, ())
                    what = "nothing in it" if getattr(first, "value", None) == "" else "no fields at its top"
                    message = f"has {what}; expected lines of `name: value`; write at least the id"
                    raise self.failure(_line(first), (), message)
                data = self._node(first, ())
        if data is None:
            raise self.failure(0, (), "is empty; expected lines of `name: value`; write at least the id")
        result: dict[str, Any] = data
        return result

    def failure(self, mark_line: int, path: NodePath, message: str) -> CatalogError:
        self._problem(mark_line, path, message)
        return CatalogError(self.problems)

    def _problem(self, mark_line: int, path: NodePath, message: str) -> None:
        self.problems.append(Problem(self.name, mark_line + self.first_line, show_path(path), message))

    def _refuse_anchor(self, event: yaml.Event, path: NodePath) -> None:
        """Aliases can make a small file huge, and a value that stands elsewhere is hard to check."""
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if anchor is not None:
            sign = "*" if isinstance(event, yaml.AliasEvent) else "&"
            message = f"{sign}{anchor} is a YAML reference; expected every value in its place; write it out"
            raise self.failure(_line(event), path, message)
        if tag is not None:
            raise self.failure(_line(event), path, f"{tag} is a YAML tag; expected plain values; remove it")

    def _node(self, event: yaml.Event, path: NodePath) -> Any:
        self._refuse_anchor(event, path)
        line = _line(event)
        self.lines.setdefault(path, line + self.first_line)
        if len(path) > MAX_DEPTH:
            message = f"is nested more than {MAX_DEPTH} deep; expected a flat file; take a level away"
            raise self.failure(line, path[:3], message)
        if isinstance(event, yaml.ScalarEvent):
            if BLANK in event.value:
                self.blanks.append(path)
            return self._scalar(event, path)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        assert isinstance(event, yaml.SequenceStartEvent)
        items: list[Any] = []
        while not isinstance(item := self.next_event(), yaml.SequenceEndEvent):
            items.append(self._node(item, (*path, len(items))))
        return items

    def _mapping(self, path: NodePath) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        while not isinstance(event := self.next_event(), yaml.MappingEndEvent):
            line = _line(event)
            if not isinstance(event, yaml.ScalarEvent):
                self._refuse_anchor(event, path)
                message = "a list or mapping stands where a name should; expected `name: value`; name it"
                raise self.failure(line, path, message)
            here = (*path, event.value)
            self._refuse_anchor(event, here)
            key = self._scalar(event, here)
            if not isinstance(key, str):
                message = f"the name {event.value} is not text; expected a word; put it in quotes"
                self._problem(line, here, message)
            if event.value in mapping:
                first = self.lines[here]
                message = f"stands twice (first in line {first}); expected each name once; remove one"
                self._problem(line, here, message)
                self._node(self.next_event(), (*path, event.value, "(again)"))
                continue
            self.lines[here] = line + self.first_line
            mapping[event.value] = self._node(self.next_event(), here)
        return mapping

    def _scalar(self, event: yaml.ScalarEvent, path: NodePath) -> Any:
        text: str = event.value
        if event.style:
            return text  # quoted or a block: always text, as it stands
        line = _line(event)
        if text in ("true", "false"):
            return text == "true"
        if text == "null":
            return None
        if text == "":
            self._problem(line, path, "has no value; expected one; write it, write null, or remove the name")
            return None
        if _NUMBER.fullmatch(text):
            return self._number(text, line, path)
        if _DATE.fullmatch(text):
            if not is_date(text):
                message = f"{text} is not a day of the calendar; expected YYYY-MM-DD; correct it"
                self._problem(line, path, message)
            return text
        if _ANY_SURPRISE.fullmatch(text):
            what, remedy = next(said for pattern, *said in _SURPRISES if pattern.fullmatch(text))
            self._problem(line, path, f"{text} {what}; expected a plain value; {remedy}")
        return text

    def _number(self, text: str, line: int, path: NodePath) -> int | float:
        if "." not in text:
            if len(text) > 17 or abs(int(text)) > MAX_EXACT_INTEGER:
                message = f"{text[:20]} has more digits than a number keeps; expected at most 15; "
                message += "put it in quotes if it is text"
                self._problem(line, path, message)
                return 0
            return int(text)
        value = float(text)
        if Decimal(repr(value)).as_tuple() != Decimal(text).as_tuple():
            message = f"{text} loses a digit when read as a number ({value!r}); "
            message += "expected a number that is read as it is written; "
            message += f'write {value!r}, or "{text}" in quotes if it is a version'
            self._problem(line, path, message)
        return value
