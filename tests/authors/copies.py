"""A copy of the repository's sources in which a test plays the author, and the examples that the guides give."""

from __future__ import annotations

import logging
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hooks.check import Found, everything
from tests.site_build import ROOT

_COPIED = ("calculators", "catalog")
_LINKED = ("hooks", "node_modules", "mkdocs.yml", "package.json", "package-lock.json", "pyproject.toml")
_NO_KINDS = ("sources", "vocabulary")
"""Folders of the catalog whose files are no subjects."""
_NOT_COPIED = shutil.ignore_patterns("__pycache__")
_FENCE = re.compile(r"^(`{3,})\w+ title=\"(?P<file>[^\":]+)(?:: (?P<part>[^\"]+))?\"$")


AT_THE_END = "at the end"
"""The part of an example that is added to its file, below all that is there."""


class Copy:
    """Sources that may be changed. Pages are only those that a test names, and scripts and styles."""

    def __init__(self, folder: Path, pages: tuple[str, ...] = (), own_answers: bool = False) -> None:
        """Copies the sources.

        Arguments:
            folder: an empty or missing folder.
            pages: pages below docs/ that are copied, too.
            own_answers: for changed calculators: answers are kept apart from those of the repository.
        """
        self.root = folder / "copy"
        self.root.mkdir(parents=True)
        for name in _COPIED:
            shutil.copytree(ROOT / name, self.root / name, ignore=_NOT_COPIED)
        for name in _LINKED:
            (self.root / name).symlink_to(ROOT / name)
        (ROOT / ".cache").mkdir(exist_ok=True)
        if own_answers:
            (self.root / ".cache").mkdir()
            for path in (ROOT / ".cache").iterdir():
                if path.name not in ("answers", "full-engine", "check"):
                    (self.root / ".cache" / path.name).symlink_to(path)
        else:
            (self.root / ".cache").symlink_to(ROOT / ".cache")
        (self.root / "docs").mkdir()
        (self.root / "docs" / "assets").symlink_to(ROOT / "docs" / "assets")
        for name in pages:
            (self.root / "docs" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / "docs" / name, self.root / "docs" / name)

    def write(self, name: str, text: str | bytes) -> None:
        """Writes a file of the copy."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)

    def read(self, name: str) -> str:
        """The text of a file of the copy."""
        return (self.root / name).read_text(encoding="utf-8")

    def change(self, name: str, old: str, new: str) -> None:
        """Replaces text that stands in a file once."""
        text = self.read(name)
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        self.write(name, text.replace(old, new))

    def check(self, today: str | None = None) -> Found:
        """What `make check` says."""
        logger = logging.getLogger("mkdocs")
        before, logger.handlers = logger.handlers, []  # MkDocs adds its own
        try:
            return everything(self.root, self.root / "mkdocs.yml", self.root / "unseen", today)
        finally:
            logger.handlers = before


@dataclass(frozen=True)
class Example:
    """A fenced block of a guide that says which file it is."""

    line: int
    file: str
    part: str
    """The value of a catalog file or the section of a page that it belongs to; "" for a whole file."""
    text: str


def examples(guide: str) -> Iterator[Example]:
    """The blocks of a guide whose info string is `language title="file"` or `language title="file: part"`."""
    opened: re.Match[str] | None = None
    first, inside = 0, list[str]()
    for number, line in enumerate(guide.splitlines(), start=1):
        if opened is None:
            opened, first, inside = _FENCE.match(line), number, []
        elif line == opened[1]:
            yield Example(first, opened["file"], opened["part"] or "", "\n".join(inside) + "\n")
            opened = None
        else:
            inside.append(line)
    assert opened is None, f"the block of line {first} has no end"


def follow(example: Example, copy: Copy) -> None:
    """Does what an example says: writes the file, the value in its file, or text at the end of a section or file."""
    if example.part == AT_THE_END:
        text = copy.read(example.file).rstrip()
        between = "\n\n" if example.file.endswith(".md") else "\n"
        copy.write(example.file, text.removesuffix(" []") + between + example.text)
    elif not example.part:
        assert not (copy.root / example.file).exists(), f"{example.file} is there already"
        copy.write(example.file, example.text)
    elif example.file.endswith(".md"):
        copy.write(example.file, _with_section(copy.read(example.file), example))
    else:
        copy.write(example.file, _with_value(copy.read(example.file), example))


def _with_section(page: str, example: Example) -> str:
    lines = page.splitlines()
    start = lines.index(f"## {example.part}")
    end = next((i for i in range(start + 1, len(lines)) if lines[i].startswith("## ")), len(lines))
    return (
        "\n".join([*lines[:end], *([""] if lines[end - 1] else []), *example.text.splitlines(), "", *lines[end:]])
        + "\n"
    )


def _with_value(text: str, example: Example) -> str:
    """The file with the value in the place of the one of that name, or at the end of the values."""
    lines = text.splitlines()
    name = f"  {example.part}:"
    assert example.text.startswith(f"{name}\n"), f"line {example.line}: the block is not the value {example.part}"
    start = lines.index(name) if name in lines else len(lines)
    end = next((i for i in range(start + 1, len(lines)) if not lines[i].startswith("   ")), len(lines))
    return "\n".join([*lines[:start], *example.text.splitlines(), *lines[end:]]) + "\n"


def cited_in(copy: Copy) -> set[str]:
    """The sources that the facts and pages of a copy name."""
    catalog = copy.root / "catalog"
    through = [path.read_text(encoding="utf-8") for path in (catalog / "sources").glob("*.yml")]
    found = set(re.findall(r"^cited_through: (\S+)", "\n".join(through), re.MULTILINE))
    files = [path for path in catalog.rglob("*.yml") if path.parent.name != "sources"]
    files += [path for path in (copy.root / "docs").rglob("*.md") if "assets" not in path.parts]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    return found | set(re.findall(r"(?:source: ?|sources\.md#|[\[ ])([a-z0-9-]+)(?=[\s,\])}]|$)", text))


def leave_only_cited(copy: Copy) -> None:
    """Takes away the sources that nothing in a copy names, and then those that only these had named."""
    while True:
        cited = cited_in(copy)
        uncited = [path for path in (copy.root / "catalog" / "sources").glob("*.yml") if path.stem not in cited]
        if not uncited:
            return
        for path in uncited:
            path.unlink()


def small(folder: Path) -> Copy:
    """A copy with one calculator, the facts about money and their sources, and next to no pages."""
    copy = Copy(folder, own_answers=True)
    for path in (copy.root / "catalog").iterdir():
        if path.is_dir() and path.name != "finance" and any(path.glob("*.yml")) and path.name not in _NO_KINDS:
            shutil.rmtree(path)
    leave_only_cited(copy)
    for path in (copy.root / "calculators").glob("[a-z]*.py"):
        if path.name not in ("registry.py", "mortgage_vs_invest.py"):
            path.unlink()
    return copy
