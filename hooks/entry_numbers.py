"""Numbers in an entry say where they come from.

A number is in order where its paragraph, list item or table row refers to a fact, links to a source, or shows the sum
that it comes from; in a `claim` block; and where the block ends in `{ .worked-out }`, for what is worked out from
numbers nearby. A table may have its mark in the paragraph before or after it. Years, dates and the numbers in names
(RTX 4090, Q4_K_M, 4-bit) are not quantities.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from calculators.core.units import fact_text
from catalog import Catalog
from catalog.prose import references, without_code

_SOURCE = re.compile(
    r"sources\.md#[a-z0-9]|\{\{\s*fact\(|(?:catalog|research|posts|calculators)/[\w/-]*\.md#"
    r"|\]\((?:source:[a-z0-9]|(?:catalog|entry|post|calculator):[\w/-]+#)"
)
_WORKED_OUT = re.compile(r"\{:?[^}]*\.worked-out[^}]*\}")
_SUM = re.compile(r"\d[^.;]*\s[=÷×]\s|[=÷×]\s*[^.;]*\d")
_OTHER_PAGE = re.compile(r"\[[^\]]*\]\((?:[^)\s]*\.md|(?:entry|post|calculator|catalog):[^)\s#]*)(?:#[^)]*)?\)")
"""A link to another page: its text is a title."""
_LINK_TARGET = re.compile(r"\]\([^)]*\)(\{[^}]*\})?|\]\[[^\]]*\]|<https?://[^>]*>|\{:?\s*[.#][^}]*\}|\{\{.*?\}\}")
_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_NOT_A_QUANTITY = re.compile(
    "|".join(
        (
            rf"\b\d{{1,2}} (?:{_MONTH})\b",  # a date
            rf"\b(?:{_MONTH}) \d{{1,2}}\b",
            r"\b(?:19|20)\d\d(?:[-–/](?:19|20)?\d\d){0,2}\b(?! ?(?:[A-Z]{1,3}\b|%|W\b|kW|MW|GB|TB|tokens|USD|dollars))",
            r"\b[A-Za-z][\w.]*[-–]?\d[\w.+-]*",  # a name that begins with a letter: H100, Q4_K_M, LPDDR5x
            r"\b\d+(?:\.\d+)?[-\N{NO-BREAK SPACE} ]?bits?\b",  # a precision
            r"\b\d+-(?=[a-z])",  # 24-port, 49-billion-parameter
            r"\b\d+(?:\.\d+)?[xX]\d+\b",
            r"\b\d+(?:st|nd|rd|th)\b",
            r"\b\d+[A-Z]\d*[A-Z]?\b",  # 70B, 8B, 30A3B
        )
    )
)
_NAMED = re.compile(
    r"(?<![.!?:] )(?<!^)\b[A-Z][A-Za-z]*[A-Za-z-]* (\d+(?:\.\d+)*[A-Za-z+]*)(?![\d,]*\d)"
    r"(?![\d,.]*\s?(?:%|[kMGT]?W\b|GB|TB|tok))"
)
_NUMBER = re.compile(
    r"(?:[$€£]\s?)?(?<![\w.,])\d+(?:,\d{3})*(?:\.\d+)?"
    r"(?:\s?(?:%|°[CF]|k?[A-Z][A-Za-z]*(?:/[a-z]+)*|tok/s|(?:billion|tokens?|hours?|months?|years?)\b))?"
)
_ROW = re.compile(r"\s*\|")
_RULE = re.compile(r"\s*\|[\s:|-]+\|?\s*$")
_ITEM = re.compile(r"\s*(?:[-*+]|\d+\.)\s+")
_HEADING = re.compile(r"#{1,6}\s")


_DISTINCT = 4
"""A number that more facts of the catalog share does not tell which one is meant."""
_NAMING_KINDS = {"hardware", "models", "quantizations", "systems"}
"""Kinds whose subjects have numbers in their names."""


@dataclass(frozen=True)
class Block:
    """A paragraph, a list item or a row of a table."""

    line: int
    text: str
    is_row: bool

    @property
    def is_marked(self) -> bool:
        """Whether it says where its numbers come from."""
        return bool(_SOURCE.search(self.text) or _WORKED_OUT.search(self.text) or _SUM.search(self.text))


@dataclass(frozen=True)
class Typed:
    """A number that stands in the text."""

    line: int
    text: str


def blocks(text: str) -> Iterator[Block]:
    """The parts of a page in which a number and its source belong together."""
    lines = without_code(text)
    start, gathered = 0, [""]

    def finish() -> Iterator[Block]:
        if any(gathered):
            yield Block(start, "\n".join(gathered), False)
        gathered.clear()

    gathered.clear()
    for number, line in enumerate(lines, start=1):
        if not line.strip() or _HEADING.match(line):
            yield from finish()
        elif _ROW.match(line):
            yield from finish()
            if not _RULE.match(line):
                yield Block(number, line, True)
        else:
            if _ITEM.match(line):
                yield from finish()
            if not gathered:
                start = number
            gathered.append(_ITEM.sub("", line, count=1))
    yield from finish()


def numbers(block: Block, names: Iterable[str] = ()) -> Iterator[Typed]:
    """The quantities in a block; `names` are those of devices and models, whose numbers are none."""
    text = _OTHER_PAGE.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), block.text)
    text = _LINK_TARGET.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text)
    for name in names:
        if name in text:
            text = text.replace(name, " " * len(name))
    for pattern in (_NOT_A_QUANTITY, _NAMED):
        text = pattern.sub(lambda found: " " * len(found.group()), text)
    for found in _NUMBER.finditer(text):
        yield Typed(block.line + text.count("\n", 0, found.start()), found.group().strip())


def unsourced(text: str, names: Iterable[str] = ()) -> list[Typed]:
    """The numbers of a page that do not say where they come from, the first of each block."""
    found = []
    parts = list(blocks(text))
    names = sorted((name for name in names if name in text), key=len, reverse=True)
    for index, block in enumerate(parts):
        if block.is_marked or (block.is_row and _table_is_marked(parts, index)):
            continue
        first = next(numbers(block, names), None)
        if first:
            found.append(first)
    return found


def _table_is_marked(parts: list[Block], index: int) -> bool:
    """Whether the paragraph before or after the table says where its numbers come from."""
    before, after = index, index
    while before >= 0 and parts[before].is_row:
        before -= 1
    while after < len(parts) and parts[after].is_row:
        after += 1
    around = [parts[i] for i in (before, after) if 0 <= i < len(parts)]
    return any(block.is_marked for block in around)


class Numbers:
    """What the catalog knows about numbers in prose: made once for all pages."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._names = [subject.label for subject in catalog.subjects.values() if subject.kind in _NAMING_KINDS]
        self._texts = {
            value.ref: fact_text(value.value, value.unit)
            for value in catalog.values()
            if value.unit not in ("count", "text", "ratio")
        }
        self._shared = Counter(self._texts.values())

    def problems(self, text: str, name: str) -> list[str]:
        """`file:line: message` for each number without an origin."""
        return [
            f'{name}:{typed.line}: "{typed.text}" does not say where it comes from; expected {{{{ fact(...) }}}}, a '
            "link to sources.md#<id> or a sum in its paragraph, item or row, or a claim block; write its source, or "
            "{ .worked-out } at the end of the paragraph that explains it"
            for typed in unsourced(text, self._names)
        ]

    def warnings(self, text: str, name: str, declared: Iterable[str] = ()) -> list[str]:
        """`file:line: message` for each number that could be a reference."""
        said = []
        for typed, ref in self.known(text, declared):
            subject, _, fact = ref.rpartition("/")
            said.append(
                f'{name}:{typed.line}: "{typed.text}" is in the catalog; '
                f'{{{{ fact("{subject}", "{fact}") }}}} keeps it in step'
            )
        return said

    def known(self, text: str, declared: Iterable[str] = ()) -> list[tuple[Typed, str]]:
        """Numbers typed into a page that the catalog has under a subject that the page refers to, with the reference.

        A number that many facts share, such as 24 GB, says too little about which one is meant.

        Arguments:
            declared: references of facts in the page's front matter.
        """
        subjects = {ref.rpartition("/")[0] for ref in (*declared, *(ref for _, ref in references(text)))}
        facts: dict[str, str] = {}
        for subject_id in sorted(subjects & set(self._catalog.subjects)):
            for value in self._catalog.subject(subject_id).values.values():
                shown = self._texts.get(value.ref, "")
                if self._shared[shown] <= _DISTINCT and any(letter.isdigit() for letter in shown):
                    facts.setdefault(shown, value.ref)
        found = []
        for block in blocks(text) if facts else ():
            for typed in numbers(block):
                ref = facts.get(typed.text.replace("\N{NO-BREAK SPACE}", " "))
                if ref:
                    found.append((typed, ref))
        return found
