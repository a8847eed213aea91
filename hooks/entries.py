"""Research entries: their front matter, their sections, and the page that lists them.

An entry is one file, `docs/research/<topic>/<slug>.md`. The shape of its front matter is
`catalog/schema/entry.schema.json`, which editors use as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.structure.files import File

from catalog import Catalog, CatalogError, UnknownReferenceError
from catalog.loader import Document, load_bytes
from catalog.prose import references
from catalog.schema import shape_problems
from hooks.build import state_of
from hooks.entry_numbers import Numbers

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

FOLDER = "research"
_NUMBERED = (f"{FOLDER}/", "calculators/")
"""Folders of pages whose numbers must say where they come from."""
SECTIONS = (
    "What it is",
    "Why it matters",
    "Recent developments",
    "Key people and organisations",
    "Sources",
)


@dataclass(frozen=True)
class Entry:
    """What other pages need to know of an entry."""

    uri: str
    """Path below docs/."""
    title: str
    summary: str
    topic: str
    reviewed: str
    sources: tuple[str, ...]
    facts: tuple[str, ...] = ()


def read_entry(text: str, uri: str, catalog: Catalog, calculators: Iterable[str]) -> tuple[Entry | None, list[str]]:
    """An entry, and everything that is wrong with it as `file:line field: problem` (then no entry)."""
    name = f"docs/{uri}"
    lines = text.splitlines()
    closing = next((i for i, line in enumerate(lines) if i and line.rstrip() == "---"), 0)
    if not lines or lines[0].rstrip() != "---" or not closing:
        return None, [f"{name}:1: no front matter; an entry begins with a block between two lines of ---"]
    try:
        document = load_bytes("\n".join(lines[1:closing]).encode(), name, first_line=2)
    except CatalogError as error:
        return None, [str(problem) for problem in error.problems]
    problems = [str(problem) for problem in shape_problems(document, "entry")]
    if not problems:
        problems = _reference_problems(document, uri, catalog, set(calculators))
    problems += _section_problems(lines[closing + 1 :], closing + 2, name)
    if problems:
        return None, problems
    data = document.data
    referenced = (ref for _, ref in references(text))
    sources, facts = tuple(data["sources"]), tuple(dict.fromkeys([*data["facts"], *referenced]))
    return Entry(uri, data["title"], data["summary"], data["topic"], data["reviewed"], sources, facts), []


def _reference_problems(document: Document, uri: str, catalog: Catalog, calculators: set[str]) -> list[str]:
    data = document.data
    found = []
    folder = Path(uri).parent.name
    if data["topic"] != folder:
        message = f'"{data["topic"]}" is not the folder of the file; expected "{folder}"; move the file or mend it'
        found.append(document.problem(("topic",), message))
    for key, look_up in (("facts", catalog.value), ("sources", catalog.source)):
        for index, reference in enumerate(data[key]):
            try:
                look_up(reference)
            except UnknownReferenceError as error:
                found.append(document.problem((key, index), str(error)))
    for index, slug in enumerate(data["calculators"]):
        if slug not in calculators:
            known = ", ".join(sorted(calculators))
            found.append(document.problem(("calculators", index), f'unknown calculator "{slug}"; there are: {known}'))
    return [str(problem) for problem in found]


def _section_problems(body: list[str], first_line: int, name: str) -> list[str]:
    headings = []
    fence = ""
    for number, line in enumerate(body, start=first_line):
        mark = line.lstrip()[:3]
        if mark in ("```", "~~~"):
            fence = "" if fence == mark else fence or mark
        elif not fence and line.startswith("## "):
            headings.append((number, line[3:].strip()))
    if [heading for _, heading in headings] == list(SECTIONS):
        return []
    end = first_line + max(len(body) - 1, 0)  # where a section is missing at the end
    where = next((n for (n, has), want in zip(headings, SECTIONS, strict=False) if has != want), end)
    return [f"{name}:{where}: an entry has the sections (##) {', '.join(SECTIONS)}, in this order and no others"]


def topic_label(topic: str) -> str:
    """The name of a topic for readers, from the name of its folder."""
    return topic.replace("-", " ").capitalize()


def index_markdown(entries: Iterable[Entry]) -> str:
    """The page that lists all entries by topic."""
    about = "What is known about the subjects of the calculators, each number with its source."
    lines = ["---", f"description: {about}", "---", "", "# Research", "", about, ""]
    topics: dict[str, list[Entry]] = {}
    for entry in sorted(entries, key=lambda e: (e.topic, e.title)):
        topics.setdefault(entry.topic, []).append(entry)
    for topic, listed in topics.items():
        lines += [f"## {topic_label(topic)}", ""]
        for entry in listed:
            lines += [f"[{entry.title}]({entry.uri.removeprefix(f'{FOLDER}/')})", f":   {entry.summary}", ""]
    return "\n".join(lines)


def with_byline(markdown: str, entry: Entry, source_count: int) -> str:
    """The entry's text with a line below its title that says what it is and when it was reviewed."""
    byline = (
        f"{entry.summary}\n{{ .rk-summary }}\n\nReviewed {entry.reviewed} · {source_count} sources\n{{ .rk-byline }}"
    )
    head, newline, rest = markdown.partition("\n")
    while newline and not head.startswith("# "):
        first, newline, rest = rest.partition("\n")
        head = f"{head}\n{first}" if not first.startswith("# ") else first
    return f"{head}\n\n{byline}\n{rest}"


def is_entry(uri: str) -> bool:
    """Whether a page below docs/ is a research entry."""
    return uri.startswith(f"{FOLDER}/") and uri.endswith(".md") and uri != f"{FOLDER}/index.md"


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    state = state_of(config)
    entries = {}
    numbers = Numbers(state.catalog)
    for file in files.documentation_pages():
        if file.src_uri.startswith(_NUMBERED):
            state.problems += numbers.problems(file.content_string, f"docs/{file.src_uri}")
        if is_entry(file.src_uri):
            entry, problems = read_entry(file.content_string, file.src_uri, state.catalog, state.answers.slugs())
            state.problems += problems
            if entry:
                entries[file.src_uri] = entry
                name = f"docs/{file.src_uri}"
                state.warnings += numbers.warnings(file.content_string, name, entry.facts)
    state.entries = entries
    files.append(File.generated(config, f"{FOLDER}/index.md", content=index_markdown(entries.values())))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    entry = state_of(config).entries.get(page.file.src_uri)
    if entry is None:
        return markdown
    # For search engines and for links to the page. The theme writes it into an attribute as it is.
    page.meta.setdefault(
        "description",
        re.sub(r'"([^"]*)"', "\N{LEFT DOUBLE QUOTATION MARK}\\1\N{RIGHT DOUBLE QUOTATION MARK}", entry.summary),
    )
    return with_byline(markdown, entry, len(entry.sources))
