"""Rules of style that a machine can see. Each has a reason and says what to write instead.

They are few on purpose: a rule that is often wrong is soon ignored. What stands in quotation marks is somebody
else's and is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.prose.texts import Text

LONGEST_SENTENCE = 45
"""In words."""


@dataclass(frozen=True)
class Rule:
    """Words that are not to be used."""

    pattern: re.Pattern[str]
    why: str


@dataclass(frozen=True, order=True)
class Finding:
    """Something to mend."""

    file: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}"


def _rule(words: str, why: str) -> Rule:
    return Rule(re.compile(rf"\b(?:{words})\b", re.IGNORECASE), why)


RULES = (
    _rule(
        "game[- ]chang(?:er|ing)|revolutionary|cutting[- ]edge|state[- ]of[- ]the[- ]art|seamless(?:ly)?"
        "|effortless(?:ly)?|world[- ]class|blazing(?:ly)?(?: fast)?|supercharge[ds]?|unleash(?:es|ed)?|next[- ]gen"
        "|unparalleled|holistic|empower(?:s|ed|ing)?|elevate your|groundbreaking|best[- ]in[- ]class",
        "advertising; say what it does, with the number",
    ),
    _rule(
        "in this (?:article|section|entry|post)|as (?:mentioned|discussed) (?:above|earlier|before)|it is worth noting"
        "|it should be noted|needless to say|in conclusion|to sum up|delve[sd]?|at the end of the day|in today's world"
        "|in the realm of|plays? a (?:crucial|vital|pivotal|key) role",
        "says nothing; leave it out",
    ),
    _rule("simply|obviously|of course|clearly", "tells readers what to find easy; leave it out"),
    _rule("very|extremely|incredibly|hugely|quite a", "makes nothing stronger; leave it out or give the number"),
    _rule("utili[sz]e[sd]?|utili[sz]ing|leverag(?:e[sd]?|ing)", 'write "use"'),
    _rule("in order to", 'write "to"'),
    _rule("due to the fact that|owing to the fact that", 'write "because"'),
    _rule("a (?:large|vast) (?:number|majority) of|a lot of|a plethora of|a myriad of", 'say how many, or "many"'),
    _rule("prior to", 'write "before"'),
    _rule("and/or", 'write "or"'),
    _rule(
        "I'm|I've|I (?:think|believe|would)|we (?:think|believe)|in (?:my|our) (?:opinion|view)",
        "who says so? Name them",
    ),
)
AMERICAN = Rule(
    re.compile(
        r"\b(?:centers?|centered|gray|(?!(?:un)?quanti|optimi[sz]er|pri|si|sei|capsi|resi)[a-z]{3,}iz(?:e|es|ed|ing|ations?))\b"
    ),
    'spelling is British, with -ise but for "quantize"',
)
_DOUBLE = re.compile(r"\b([A-Za-z]+)\s+\1\b")
_DOUBLES = {"that", "had"}
"""Words that may stand twice."""
_QUOTED = re.compile(r'"[^"]*"|“[^”]*”')
_CURLY = re.compile("[“”‘’]")
_END = re.compile(r"[.!?:;](?:[\"')\]]*)(?:\s+|$)|…")
_WORD = re.compile(r"[A-Za-z][\w'’-]*")
_BLOCK = re.compile(r"\s*(?:#|[-*+] |\d+\. |>|\||!!!|\?\?\?|:   )")


def findings(text: Text) -> Iterator[Finding]:
    """Everything that the rules find in a file."""
    for start, block in blocks(text):
        joined = "\n".join(block)
        own = _QUOTED.sub(lambda quoted: re.sub(r"[^\n]", " ", quoted.group()), joined)
        for rule in (*RULES, AMERICAN):
            for found in rule.pattern.finditer(own):
                yield Finding(text.name, _line(start, joined, found), f'"{found.group()}": {rule.why}')
        for found in _DOUBLE.finditer(own):
            if found[1].lower() not in _DOUBLES:
                yield Finding(text.name, _line(start, joined, found), f'"{found[1]}" stands twice')
        for found in _CURLY.finditer(joined):
            what = f"{found.group()} is curly; quotation marks and apostrophes are straight in the sources"
            yield Finding(text.name, _line(start, joined, found), what)
        if not joined.lstrip().startswith(("|", "#")):
            yield from _long_sentences(text.name, start, joined)


def blocks(text: Text) -> Iterator[tuple[int, list[str]]]:
    """Paragraphs, items and rows: the number of the first line, and the lines."""
    start, block = 0, list[str]()
    for number, line in enumerate(text.lines, start=1):
        begins = number in text.starts or (text.is_markdown and _BLOCK.match(line))
        if block and (begins or not line.strip()):
            yield start, block
            block = []
        if line.strip():
            start = start if block else number
            block.append(line)
    if block:
        yield start, block


def _long_sentences(name: str, start: int, block: str) -> Iterator[Finding]:
    begin = 0
    for end in [*(found.end() for found in _END.finditer(block)), len(block)]:
        words = len(_WORD.findall(block[begin:end]))
        if words > LONGEST_SENTENCE:
            line = start + block[:begin].count("\n")
            what = f"a sentence of {words} words, more than {LONGEST_SENTENCE}; make two of it"
            yield Finding(name, line, what)
        begin = end


def _line(start: int, block: str, found: re.Match[str]) -> int:
    return start + block[: found.start()].count("\n")
