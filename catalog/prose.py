"""What stands in a page as prose, what as code, and which facts and pages the prose refers to."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FENCE = re.compile(r"\s*(`{3,}|~{3,})(.*)")
_SPAN = re.compile(r"(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
TEMPLATE = re.compile(r"\{\{(.*?)\}\}")
"""What prose may have between double braces is a reference to a fact and nothing else."""
_CALL = re.compile(r"""\s*fact\(\s*(["'])(?P<subject>[^"']*)\1\s*,\s*(["'])(?P<name>[^"']*)\3\s*\)\s*""")


def front_matter_lines(lines: list[str]) -> int:
    """How many lines the front matter takes at the top of a page; 0 where there is none."""
    if not lines or lines[0].rstrip() != "---":
        return 0
    return next((i + 1 for i, line in enumerate(lines) if i and line.rstrip() in ("---", "...")), 0)


def without_code(text: str) -> list[str]:
    """The lines of a page, as many as it has, in which code, comments and front matter are blank.

    What stays keeps its place in its line.
    """
    text = _COMMENT.sub(lambda comment: re.sub(r"[^\n]", " ", comment.group()), text)
    lines = text.splitlines()
    closed = front_matter_lines(lines)
    prose = [""] * closed
    fence = ""
    for line in lines[closed:]:
        mark = _FENCE.match(line)
        if fence:
            if mark and mark.group(1).startswith(fence) and not mark.group(2).strip():
                fence = ""
            prose.append("")
        elif mark and not ("`" in mark.group(1) and "`" in mark.group(2)):  # else a span of code in one line
            fence = mark.group(1)
            prose.append("")
        else:
            prose.append(_SPAN.sub(lambda span: " " * len(span.group()), line))
    return prose


def fences(text: str, name: str) -> list[tuple[int, str]]:
    """The fenced blocks of this name: the number of the line after the opening one, and the text inside."""
    found: list[tuple[int, str]] = []
    inside: list[str] = []
    fence, first, wanted = "", 0, False
    for number, line in enumerate(text.splitlines(), start=1):
        mark = _FENCE.match(line)
        if not fence and mark:
            fence, inside, first = mark.group(1), [], number + 1
            wanted = mark.group(2).strip().strip("{}").strip().lstrip(".") == name
        elif fence and mark and mark.group(1).startswith(fence) and not mark.group(2).strip():
            if wanted:
                found.append((first, "\n".join(inside)))
            fence = ""
        elif fence:
            inside.append(line)
    return found


def reference(template: re.Match[str]) -> str | None:
    """The fact (kind/slug/name) that a TEMPLATE refers to; None where it is no reference."""
    call = _CALL.fullmatch(template.group(1))
    return f"{call['subject']}/{call['name']}" if call else None


def references(text: str) -> Iterator[tuple[int, str]]:
    """Every reference to a fact in a page, as its line and `kind/slug/name`; what is no reference is left out."""
    for number, line in enumerate(without_code(text), start=1):
        for template in TEMPLATE.finditer(line):
            ref = reference(template)
            if ref:
                yield number, ref


_BY_ID = re.compile(r"(?:\]\(|^\s*\[[^\]^]+\]:\s+)(?P<kind>[A-Za-z]+):(?!//)(?P<id>[^\s()#?]*)(?P<tail>[?#][^\s()]*)?")
"""The target of a link, inline or in a definition, that is no address."""
_OTHER_SCHEMES = {"http", "https", "mailto", "tel", "data"}


@dataclass(frozen=True)
class LinkById:
    """A link whose target is named by its id: `[text](kind:id)`, with `?...` or `#...` after it."""

    line: int
    start: int
    """Where the target begins in its line."""
    end: int
    kind: str
    id: str
    tail: str
    without_text: bool
    """`[](kind:id)`"""

    @property
    def anchor(self) -> str:
        return self.tail.partition("#")[2]


def links_by_id(text: str) -> Iterator[LinkById]:
    """Every link by id in a page, outside of code."""
    if "]" not in text:
        return
    for number, line in enumerate(without_code(text), start=1):
        for found in _BY_ID.finditer(line) if ":" in line else ():
            if found["kind"] not in _OTHER_SCHEMES:
                start = found.start("kind")
                without_text = line[:start].endswith("[](")
                yield LinkById(
                    number, start, found.end(), found["kind"], found["id"], found["tail"] or "", without_text
                )
