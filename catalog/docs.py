"""Which sources the pages cite: in front matter (`sources:`) or by a link to `sources.md#<id>`."""

import re
from dataclasses import dataclass
from pathlib import Path

from catalog.errors import CatalogError, Problem
from catalog.loader import load_bytes

_LINK = re.compile(r"sources\.md#([A-Za-z0-9_.-]*[A-Za-z0-9_-])")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")


@dataclass(frozen=True)
class PageCitation:
    """A page names a source."""

    source: str
    file: str
    line: int
    field: str

    def problem(self, message: str) -> Problem:
        return Problem(self.file, self.line, self.field, message)


def read_docs(folder: Path) -> tuple[list[PageCitation], list[Problem]]:
    """The citations of every page below a folder, and what is wrong with the pages' front matter."""
    if not folder.is_dir():
        return [], [Problem(str(folder), 0, "", "no such folder; expected the folder of the pages; check --docs")]
    citations: list[PageCitation] = []
    problems: list[Problem] = []
    for path in sorted(folder.rglob("*.md")):
        name = (Path(folder.name) / path.relative_to(folder)).as_posix()
        try:
            citations += _page_citations(path.read_text(encoding="utf-8"), name)
        except CatalogError as error:
            problems += error.problems
        except (OSError, UnicodeDecodeError) as error:
            problems.append(Problem(name, 0, "", f"cannot be read: {error}"))
    return citations, problems


def _page_citations(text: str, name: str) -> list[PageCitation]:
    lines = text.splitlines()
    start = 0
    citations: list[PageCitation] = []
    if lines and lines[0].rstrip() == "---":
        closing = [number for number, line in enumerate(lines) if number and line.rstrip() in ("---", "...")]
        if closing:
            start = closing[0] + 1
            citations += _front_matter("\n".join(lines[1 : closing[0]]), name)
    fence = ""
    for number, line in enumerate(lines[start:], start + 1):
        mark = _FENCE.match(line)
        if mark and not fence:
            fence = mark.group(1)
        elif mark and line.strip() == mark.group(1) and mark.group(1).startswith(fence):
            fence = ""
        elif not fence:  # inside a fence it is an example, not a citation
            citations += [PageCitation(source, name, number, "link") for source in _LINK.findall(line)]
    return citations


def _front_matter(text: str, name: str) -> list[PageCitation]:
    if not text.strip():
        return []
    document = load_bytes(text.encode("utf-8"), name, first_line=2)
    sources = document.data.get("sources", [])
    if not isinstance(sources, list) or not all(isinstance(source, str) for source in sources):
        message = "not a list of source ids; expected ids of files in catalog/sources; write each after a -"
        raise CatalogError([document.problem(("sources",), message)])
    return [
        PageCitation(source, name, document.line(("sources", index)), f"sources[{index}]")
        for index, source in enumerate(sources)
    ]
