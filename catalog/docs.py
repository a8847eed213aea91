"""Which sources the pages cite: in front matter (`sources:`), by a link (`sources.md#<id>` or `source:<id>`), or in a
claim."""

import re
from dataclasses import dataclass
from pathlib import Path

from catalog import blanks
from catalog.errors import CatalogError, Problem
from catalog.loader import load_bytes
from catalog.prose import fences, front_matter_lines, without_code
from catalog.schema import shape_problems

_LINK = re.compile(r"(?:sources\.md#|\]\(source:)([A-Za-z0-9_.-]*[A-Za-z0-9_-])")
_SHAPES = {
    "entry": re.compile(r"(?:^|/)research/[^/]+/[^/]+\.md$"),
    "post": re.compile(r"(?:^|/)posts/[^/]+\.md$"),
}
"""The schema of a page's front matter, by where the page is."""
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
            text = path.read_text(encoding="utf-8-sig")  # as MkDocs reads it
            problems += blanks.in_text(text, name)
            citations += _page_citations(text, name)
        except CatalogError as error:
            problems += error.problems
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            byte = error.object[error.start]
            message = f"byte 0x{byte:02x} is not UTF-8; expected UTF-8; save the file as UTF-8"
            problems.append(Problem(name, line, "", message))
        except OSError as error:
            problems.append(Problem(name, 0, "", f"cannot be read: {error}"))
    return citations, problems


def _page_citations(text: str, name: str) -> list[PageCitation]:
    lines = text.splitlines()
    closed = front_matter_lines(lines)
    if lines and lines[0].rstrip() == "---" and not closed:
        message = "front matter without an end; expected a second line of ---; write it below the last field"
        raise CatalogError([Problem(name, 1, "", message)])
    citations = _front_matter("\n".join(lines[1 : closed - 1]), name) if closed else []
    for first, block in fences(text, "claim"):
        for found in _CLAIMED.finditer(block):
            citations.append(PageCitation(found[1], name, first + block.count("\n", 0, found.start()), "claim"))
    for number, line in enumerate(without_code(text), 1):  # in code it is an example, not a citation
        citations += [PageCitation(source, name, number, "link") for source in _LINK.findall(line)]
    return citations


def _front_matter(text: str, name: str) -> list[PageCitation]:
    if not text.strip():
        return []
    document = load_bytes(text.encode("utf-8"), name, first_line=2)
    shape = next((shape for shape, place in _SHAPES.items() if place.search(name)), "")
    if shape and not document.blanks and (problems := shape_problems(document, shape)):
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
