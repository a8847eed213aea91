"""Which sources the pages cite: in front matter (`sources:`), by a link to `sources.md#<id>`, or in a claim."""

import re
from dataclasses import dataclass
from pathlib import Path

from catalog import blanks
from catalog.errors import CatalogError, Problem
from catalog.loader import load_bytes
from catalog.prose import fences, front_matter_lines, without_code
from catalog.schema import shape_problems

_LINK = re.compile(r"sources\.md#([A-Za-z0-9_.-]*[A-Za-z0-9_-])")
_ENTRY = re.compile(r"(?:^|/)research/[^/]+/[^/]+\.md$")
_CLAIMED = re.compile(r"^source: *([a-z0-9-]+) *$", re.MULTILINE)


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
    """The citations of every page below a folder, and what is wrong with the pages' front matter or not filled in."""
    if not folder.is_dir():
        return [], [Problem(str(folder), 0, "", "no such folder; expected the folder of the pages; check --docs")]
    citations: list[PageCitation] = []
    problems: list[Problem] = []
    for path in sorted(folder.rglob("*.md")):
        name = (Path(folder.name) / path.relative_to(folder)).as_posix()
        try:
            text = path.read_text(encoding="utf-8")
            problems += blanks.in_text(text, name)
            citations += _page_citations(text, name)
        except CatalogError as error:
            problems += error.problems
        except (OSError, UnicodeDecodeError) as error:
            problems.append(Problem(name, 0, "", f"cannot be read: {error}"))
    return citations, problems


def _page_citations(text: str, name: str) -> list[PageCitation]:
    lines = text.splitlines()
    closed = front_matter_lines(lines)
    citations = _front_matter("\n".join(lines[1 : closed - 1]), name) if closed else []
    for first, block in fences(text, "claim"):
        citations += [PageCitation(source, name, first, "claim") for source in _CLAIMED.findall(block)]
    for number, line in enumerate(without_code(text), 1):  # in code it is an example, not a citation
        citations += [PageCitation(source, name, number, "link") for source in _LINK.findall(line)]
    return citations


def _front_matter(text: str, name: str) -> list[PageCitation]:
    if not text.strip():
        return []
    document = load_bytes(text.encode("utf-8"), name, first_line=2)
    if _ENTRY.search(name) and not document.blanks and (problems := shape_problems(document, "entry")):
        raise CatalogError(problems)
    sources = document.data.get("sources", [])
    if not isinstance(sources, list) or not all(isinstance(source, str) for source in sources):
        message = "not a list of source ids; expected ids of files in catalog/sources; write each after a -"
        raise CatalogError([document.problem(("sources",), message)])
    return [
        PageCitation(source, name, document.line(("sources", index)), f"sources[{index}]")
        for index, source in enumerate(sources)
        if ("sources", index) not in document.blanks
    ]
