"""Research entries: their front matter, their sections, and the page that lists them.

An entry is one file, `docs/research/<topic>/<slug>.md`. The shape of its front matter is
`catalog/schema/entry.schema.json`, which editors use as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.structure.files import File

from catalog import Catalog, CatalogError, UnknownReferenceError
from catalog.loader import Document, load_bytes
from catalog.prose import links_by_id, references
from catalog.schema import shape_problems
from hooks.build import state_of
from hooks.entry_numbers import Numbers
from hooks.kept import kept

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

FOLDER = "research"
MAP_URI = f"{FOLDER}/map.md"
"""The page that hooks/map_page.py makes."""
_POSTS = "posts/"
_NUMBERED = (f"{FOLDER}/", "calculators/", _POSTS)
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
    """Those that it declares and those that its text refers to."""
    tags: tuple[str, ...] = ()
    calculators: tuple[str, ...] = ()
    review_after_days: int = 0


def read_front_matter(text: str, uri: str, shape: str) -> tuple[Document | None, int, list[str]]:
    """A page's front matter, the number of lines that it takes, and what does not fit the schema of that name."""
    name = f"docs/{uri}"
    lines = text.splitlines()
    closing = next((i for i, line in enumerate(lines) if i and line.rstrip() == "---"), 0)
    if not lines or lines[0].rstrip() != "---" or not closing:
        message = f"no front matter; expected a block between two lines of --- that says what the {shape} is; write it"
        return None, 0, [f"{name}:1: {message}"]
    try:
        document = load_bytes("\n".join(lines[1:closing]).encode(), name, first_line=2)
    except CatalogError as error:
        return None, closing + 1, [str(problem) for problem in error.problems]
    problems = [str(problem) for problem in shape_problems(document, shape)]
    return None if problems else document, closing + 1, problems


def read_entry(text: str, uri: str, catalog: Catalog, calculators: Iterable[str]) -> tuple[Entry | None, list[str]]:
    """An entry, and everything that is wrong with it as `file:line field: problem` (then no entry)."""
    document, head, problems = read_front_matter(text, uri, "entry")
    if not head:
        return None, problems
    if document:
        problems += folder_problems(document, uri) + reference_problems(document, catalog, calculators)
    problems += _section_problems(text.splitlines()[head:], head + 1, f"docs/{uri}")
    if problems or document is None:
        return None, problems
    data = document.data
    entry = Entry(
        uri=uri,
        title=data["title"],
        summary=data["summary"],
        topic=data["topic"],
        reviewed=data["reviewed"],
        sources=tuple(data["sources"]),
        facts=all_facts(document, text),
        tags=tuple(data["tags"]),
        calculators=tuple(data["calculators"]),
        review_after_days=data["review_after_days"],
    )
    return entry, []


def all_facts(document: Document, text: str) -> tuple[str, ...]:
    """The facts that a page declares, and after them those that only its text refers to."""
    linked = [f"{link.id}/{link.anchor}" for link in links_by_id(text) if link.kind == "catalog" and link.anchor]
    return tuple(dict.fromkeys([*document.data["facts"], *(ref for _, ref in references(text)), *linked]))


def folder_problems(document: Document, uri: str) -> list[str]:
    """What is wrong with the topic of an entry in that file."""
    topic, folder = document.data["topic"], Path(uri).parent.name
    if topic == folder:
        return []
    message = f'"{topic}" is not the folder of the file; expected "{folder}"; move the file or mend it'
    return [str(document.problem(("topic",), message))]


def reference_problems(document: Document, catalog: Catalog, calculators: Iterable[str]) -> list[str]:
    """The facts, sources and calculators that a page names and that there are not."""
    data = document.data
    found = []
    for key, look_up in (("facts", catalog.value), ("sources", catalog.source)):
        for index, reference in enumerate(data[key]):
            try:
                look_up(reference)
            except UnknownReferenceError as error:
                found.append(document.problem((key, index), str(error)))
    slugs = sorted(calculators)
    for index, slug in enumerate(data["calculators"]):
        if slug not in slugs:
            known = ", ".join(slugs)
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
    lines += ["[A map](map.md) shows how they connect.", ""]
    topics: dict[str, list[Entry]] = {}
    for entry in sorted(entries, key=lambda e: (e.topic, e.title)):
        topics.setdefault(entry.topic, []).append(entry)
    for topic, listed in topics.items():
        lines += [f"## {topic_label(topic)}", ""]
        for entry in listed:
            lines += [f"[{entry.title}]({entry.uri.removeprefix(f'{FOLDER}/')})", f":   {entry.summary}", ""]
    return "\n".join(lines)


def with_byline(markdown: str, summary: str, said: str, tags: str = "") -> str:
    """A page with lines below its title: the summary, and what is said about the page as a whole."""
    lines = [summary, "{ .rk-summary }", "", said, "{ .rk-byline }"]
    lines += ["", tags, "{ .rk-tags }"] if tags else []
    byline = "\n".join(lines)
    head, newline, rest = markdown.partition("\n")
    while newline and not head.startswith("# "):
        first, newline, rest = rest.partition("\n")
        head = f"{head}\n{first}" if not first.startswith("# ") else first
    return f"{head}\n\n{byline}\n{rest}"


def byline(entry: Entry) -> str:
    """When an entry was reviewed, and when it is due by its own rule: the build knows of no today."""
    count = len(entry.sources)
    again = f", to be read again after {entry.review_after_days} days" if entry.review_after_days else ""
    return f"Reviewed {entry.reviewed}{again} · {count} source{'s' if count != 1 else ''}"


def tag_links(tags: Iterable[str], uri: str) -> str:
    """The tags as links to their pages; HTML, because these pages are made of no Markdown file."""
    root = "../" * (uri.count("/") + 1)
    return "Tags: " + ", ".join(f'<a href="{root}tags/{tag}/" rel="tag">{tag}</a>' for tag in tags)


def describe(page: Page, summary: str) -> None:
    """Gives a page its summary for search engines and previews. The theme writes it into an attribute as it is."""
    curly = re.sub(r'"([^"]*)"', "\N{LEFT DOUBLE QUOTATION MARK}\\1\N{RIGHT DOUBLE QUOTATION MARK}", summary)
    page.meta.setdefault("description", curly)


def is_entry(uri: str) -> bool:
    """Whether a page below docs/ is a research entry."""
    return uri.startswith(f"{FOLDER}/") and uri.endswith(".md") and not uri.endswith("/index.md") and uri != MAP_URI


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    state = state_of(config)
    entries = {}
    numbers = kept.of("numbers", "", lambda: Numbers(state.catalog))
    for file in files.documentation_pages():
        if file.src_uri.startswith(_NUMBERED):
            named = (file.content_string, f"docs/{file.src_uri}")
            state.problems += kept.of("problems of numbers", named, partial(numbers.problems, *named))
        if is_entry(file.src_uri):
            entry, problems = read_entry(file.content_string, file.src_uri, state.catalog, state.answers.slugs())
            state.problems += problems
            if entry:
                entries[file.src_uri] = entry
                said_of = (file.content_string, f"docs/{file.src_uri}", entry.facts)
                state.warnings += kept.of("warnings of numbers", said_of, partial(numbers.warnings, *said_of))
        elif file.src_uri.startswith(_POSTS):
            state.warnings += numbers.warnings(file.content_string, f"docs/{file.src_uri}")
    state.entries = entries
    files.append(File.generated(config, f"{FOLDER}/index.md", content=index_markdown(entries.values())))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    entry = state_of(config).entries.get(page.file.src_uri)
    if entry is None:
        return markdown
    describe(page, entry.summary)
    return with_byline(markdown, entry.summary, byline(entry), tag_links(entry.tags, entry.uri))
