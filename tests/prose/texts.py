"""What the project says in plain words, each at its place in its file: pages, guides, and texts of the catalog.

Everything else is blanked and nothing moves, so that a finding's line and column are the file's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from catalog.prose import front_matter_lines, without_code

GUIDES = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")
MATTER_KEYS = ("title", "summary", "description")
CATALOG_KEYS = ("summary", "note", "label", "because", "description", "formula")
QUOTING_FOLDERS = ("sources",)
"""Files of the catalog that give other people's titles as they are written."""

AMERICAN = frozenset(
    ("analyze", "behavior", "center", "centers", "color", "colors", "defense", "favorite", "gray", "license", "program")
)
"""Words of titles that are no names, and are spelt otherwise here."""

_NAMED = re.compile(r"(?m)^ *(?:id|label|producer|title): +(.+)$")
_NAME = re.compile(r"[A-Z][A-Za-zÀ-ž]+")
_BLANKED = re.compile(
    r"""\{\{.*?\}\}                          # a fact
    | \{[:.\#][^}]*\} | \{\ [.\#][^}]*\}     # attributes
    | <[^>]+>                                # HTML, addresses
    | \]\([^)\s]*(?:\s"[^"]*")?\)            # where a link leads
    | \]\[[^\]]*\] | ^\s*\[[^\]]+\]:\s.*     # and where it does so elsewhere
    | https?://\S+
    | \[\^[\w-]+\]                           # footnotes
    | &\w+;
    """,
    re.VERBOSE,
)


@dataclass(frozen=True)
class Text:
    """The words of a file."""

    name: str
    """Path in the repository."""
    lines: list[str]
    """As many as the file has."""
    starts: frozenset[int]
    """Numbers of lines at which a text of YAML begins; those that follow each other are not one paragraph."""
    is_markdown: bool


def texts(root: Path) -> Iterator[Text]:
    """All of them."""
    pages = [root / name for name in GUIDES] + sorted((root / "docs").rglob("*.md"))
    for path in pages:
        yield Text(path.relative_to(root).as_posix(), *markdown(path.read_text("utf-8")), True)
    for path in sorted((root / "catalog").rglob("*.yml")):
        if path.parent.name not in QUOTING_FOLDERS:
            yield Text(path.relative_to(root).as_posix(), *scalars(path.read_text("utf-8"), CATALOG_KEYS), False)


def names(root: Path) -> list[str]:
    """Names that the catalog knows, in order: of publishers, authors and things, and the words of titles."""
    found = set[str]()
    for path in (root / "catalog").rglob("*.yml"):
        said = _NAMED.findall(path.read_text("utf-8"))
        found.update(word for line in said for word in _NAME.findall(line))
    return sorted(word for word in found if word.lower() not in AMERICAN)


def markdown(text: str) -> tuple[list[str], frozenset[int]]:
    """The prose of a page, and what its front matter says to readers, with the lines where these texts begin."""
    lines = [_blank(line) for line in without_code(text)]
    closed = front_matter_lines(text.splitlines())
    starts = frozenset[int]()
    if closed:
        matter = "\n".join(text.splitlines()[: closed - 1])
        lines[: closed - 1], starts = scalars(matter, MATTER_KEYS)
    return lines, starts


def scalars(text: str, keys: tuple[str, ...]) -> tuple[list[str], frozenset[int]]:
    """The lines of a YAML file with all but the texts under these keys blanked, and the lines where those begin."""
    lines = text.splitlines()
    shown = [""] * len(lines)
    starts = set()
    for node in _values(yaml.compose(text, yaml.CSafeLoader), keys):
        first, last = node.start_mark, node.end_mark
        starts.add(first.line + 1)
        for number in range(first.line, min(last.line, len(lines) - 1) + 1):
            begin = first.column if number == first.line else 0
            end = last.column if number == last.line else len(lines[number])
            part = lines[number][begin:end]
            if number == first.line:
                part = re.sub(r"^[>|][-+]?|^[\"']", lambda mark: " " * len(mark.group()), part)
            kept = shown[number].ljust(begin)
            shown[number] = _blank(kept + part)
    return shown, frozenset(starts)


def _values(node: yaml.Node | None, keys: tuple[str, ...]) -> Iterator[yaml.ScalarNode]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(value, yaml.ScalarNode) and key.value in keys:
                yield value
            else:
                yield from _values(value, keys)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _values(value, keys)


def _blank(line: str) -> str:
    return _BLANKED.sub(lambda found: " " * len(found.group()), line)
