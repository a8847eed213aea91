"""Links by id, and which page leads to which.

In any page the target of a Markdown link may be an id instead of a path:

    [the box](entry:hardware/dgx-spark)     an entry, topic/slug
    [](post:why-bandwidth)                  a post; a link without text takes the title of its target
    [](calculator:hardware-fit)             a calculator's page; ?model=llama-3-8b fills in a scenario
    [a review](source:lmsys-dgx-spark)      its place on the page of sources
    [](catalog:hardware/dgx-spark#price_usd)   a page of the catalog, and a value on it

They mean nothing inside of code. What they lead to is checked when the site is built.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from mkdocs.plugins import event_priority

from catalog import Catalog, UnknownReferenceError
from catalog.errors import did_you_mean
from catalog.prose import LinkById, fences, links_by_id, references, without_code
from hooks.build import BuildState, state_of
from hooks.catalog_pages.addresses import subject_uri
from hooks.entries import is_entry
from hooks.fact_references import first_line
from hooks.posts import is_post, pieces_of

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

CALCULATORS = "calculators"
SOURCES = "sources.md"
_FORMS = {
    "entry": "topic/slug",
    "post": "the name of a file in docs/posts",
    "calculator": "the name of a calculator that has a page",
    "source": "the id of a file in catalog/sources",
    "catalog": "kind/slug",
}
_TARGET = re.compile(r"\]\(\s*<?([^)\s>]+)|^\s*\[[^\]^]+\]:\s+<?([^\s>]+)")
_IS_ADDRESS = re.compile(r"[A-Za-z][\w+.-]*:|[/#?]")


# ---- links by id


class Targets:
    """What links by id can lead to: pages below docs/ and their titles.

    Arguments:
        titles: titles of entries, posts and calculators by the path of their page.
        pages: the pages that authors wrote.
    """

    def __init__(self, catalog: Catalog, titles: Mapping[str, str], pages: Iterable[str]) -> None:
        self._catalog = catalog
        self._titles = titles
        self._known: dict[str, dict[str, str]] = {"entry": {}, "post": {}, "calculator": {}}
        for uri in pages:
            if kind := kind_of(uri):
                id = uri.partition("/")[2].removesuffix(".md")
                self._known[kind][id] = uri

    def find(self, link: LinkById) -> tuple[str, str]:
        """The page that a link leads to, with the anchor for a source, and the title.

        Raises:
            UnknownReferenceError: there is no such thing; the text says what is close.
        """
        if link.kind == "source":
            source = self._catalog.source(link.id)
            return f"{SOURCES}#{source.id}", f"{source.producer}: {source.title}"
        if link.kind == "catalog":
            if link.anchor and link.id in self._catalog.subjects:
                self._catalog.value(f"{link.id}/{link.anchor}")
            subject = self._catalog.subject(link.id)
            value = subject.values.get(link.anchor)
            return subject_uri(link.id), f"{subject.label}: {value.label}" if value else subject.label
        uri = self._known[link.kind].get(link.id)
        if uri is None:
            raise UnknownReferenceError(link.kind, link.id, self._known[link.kind])
        return uri, self._titles.get(uri, link.id)


def kind_of(uri: str) -> str:
    """`entry`, `post` or `calculator` for a page of these, else nothing."""
    if is_entry(uri):
        return "entry"
    if is_post(uri):
        return "post"
    if uri.startswith(f"{CALCULATORS}/") and not uri.endswith("/index.md"):
        return "calculator"
    return ""


def with_links(markdown: str, uri: str, targets: Targets) -> tuple[str, list[tuple[int, str]]]:
    """A page with its links by id turned into relative ones, and what is wrong with them: line and message.

    Arguments:
        markdown: the page, with or without front matter.
        uri: its path below docs/, from which the links lead.
    """
    problems = []
    lines = markdown.splitlines()
    for link in reversed(list(links_by_id(markdown))):  # from the end, so that places stay
        if link.kind not in _FORMS:
            hint = did_you_mean(link.kind, _FORMS) or f"; expected one of {', '.join(_FORMS)}, or an address"
            problems.append((link.line, f'"{link.kind}:{link.id}" leads to no kind of page{hint}'))
            continue
        try:
            target, title = targets.find(link)
        except UnknownReferenceError as error:
            message = str(error)
            if "did you mean" not in message:
                message += f"; expected {_FORMS[link.kind]}; mend the link"
            problems.append((link.line, message))
            continue
        line = lines[link.line - 1]
        before, after = line[: link.start], line[link.end :]
        if link.without_text:
            before = f"{before.removesuffix('[](')}[{_escaped(title)}]("
        lines[link.line - 1] = f"{before}{_relative(target, uri)}{link.tail if link.kind != 'source' else ''}{after}"
    if problems:
        return markdown, sorted(problems)
    return "\n".join(lines) + ("\n" if markdown.endswith("\n") else ""), []


def _relative(target: str, uri: str) -> str:
    return posixpath.relpath(target, PurePosixPath(uri).parent.as_posix())


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_\[\]{}<>|])", r"\\\1", text)


# ---- which page leads to which


@dataclass(frozen=True)
class Reference:
    """A page refers to another one."""

    page: str
    target: str
    """Both by their path below docs/; a source is `sources.md#<id>`."""
    how: str
    """`link`, `fact` (it quotes a value), `claim` (it checks somebody's number), `calculator` (it holds one) or
    `declared` (its front matter says so)."""


class Links:
    """All references between the pages, in both directions."""

    def __init__(self, found: Iterable[Reference]) -> None:
        self._from: dict[str, dict[str, list[str]]] = {}
        self._to: dict[str, dict[str, list[str]]] = {}
        for one in found:
            if one.page == one.target:
                continue
            # The same list in both directions.
            hows = self._from.setdefault(one.page, {}).setdefault(one.target, [])
            self._to.setdefault(one.target, {})[one.page] = hows
            if one.how not in hows:
                hows.append(one.how)

    def leads_to(self, uri: str) -> dict[str, list[str]]:
        """The pages that a page refers to, in order of mention, and how."""
        return self._from.get(uri, {})

    def mentioned_in(self, uri: str) -> dict[str, list[str]]:
        """The pages that refer to a page, and how."""
        return self._to.get(uri, {})


def references_of(text: str, uri: str, targets: Targets) -> Iterator[Reference]:
    """What the text of a page refers to, apart from its claims. Links that lead nowhere are left out."""
    for link in links_by_id(text):
        if link.kind in _FORMS:
            try:
                target, _ = targets.find(link)
            except UnknownReferenceError:
                continue
            yield Reference(uri, target, "link")
    folder = posixpath.dirname(uri)
    for line in without_code(text):
        for found in _TARGET.finditer(line) if "]" in line else ():
            written = found[1] or found[2]
            if not _IS_ADDRESS.match(written):
                path, _, anchor = written.partition("#")
                path = posixpath.normpath(posixpath.join(folder, path.partition("?")[0]))
                if path.endswith(".md"):
                    yield Reference(uri, f"{path}#{anchor}" if path == SOURCES and anchor else path, "link")
    for _, ref in references(text):
        yield Reference(uri, subject_uri(ref.rpartition("/")[0]), "fact")
    for _, block in fences(text, "calculator") if "calculator" in text else ():
        slug = next((line.strip() for line in block.splitlines() if line.strip() and line.strip()[0] != "#"), "")
        yield Reference(uri, slug_uri(slug), "calculator")


def _declared(state: BuildState) -> Iterator[Reference]:
    """What the front matter of entries and posts names."""
    for piece in pieces_of(state):
        for fact in piece.facts:
            yield Reference(piece.uri, subject_uri(fact.rpartition("/")[0]), "declared")
        for slug in piece.calculators:
            yield Reference(piece.uri, slug_uri(slug), "declared")
        for source in piece.sources:
            yield Reference(piece.uri, f"{SOURCES}#{source}", "declared")


def _claimed(state: BuildState) -> Iterator[Reference]:
    """What claims name: their source, the calculator, and the subjects that they choose in it."""
    choices: dict[str, dict[str, str]] = {}
    for checked in state.claims:
        claim = checked.claim
        yield Reference(claim.uri, slug_uri(claim.calculator), "claim")
        yield Reference(claim.uri, f"{SOURCES}#{claim.source}", "claim")
        if claim.calculator not in choices:
            inputs = state.answers.describe(claim.calculator)["inputs"]
            choices[claim.calculator] = {one["name"]: one["catalog_kind"] for one in inputs if one["catalog_kind"]}
        for name, value in claim.inputs.items():
            subject = f"{choices[claim.calculator].get(name)}/{value}"
            if subject in state.catalog.subjects:
                yield Reference(claim.uri, subject_uri(subject), "claim")


def titles_of(state: BuildState) -> dict[str, str]:
    """The titles of entries, posts and calculators by the path of their page."""
    return {
        **{slug_uri(slug): state.answers.describe(slug)["title"] for slug in state.answers.slugs()},
        **{piece.uri: piece.title for piece in pieces_of(state)},
    }


def slug_uri(slug: str) -> str:
    """The page of a calculator, below docs/."""
    return f"{CALCULATORS}/{slug}.md"


# ---- MkDocs


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    state = state_of(config)
    pages = [file for file in files.documentation_pages() if file.abs_src_path]
    targets = Targets(state.catalog, titles_of(state), (file.src_uri for file in pages))
    state.targets = targets

    def found() -> Iterator[Reference]:
        for file in pages:
            yield from references_of(file.content_string, file.src_uri, targets)
        yield from _declared(state)
        yield from _claimed(state)

    state.links = Links(found())
    return files


@event_priority(50)  # Before the hooks that add to a page, so that lines are still those of the file.
def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    state = state_of(config)
    assert state.targets is not None
    written, problems = with_links(markdown, page.file.src_uri, state.targets)
    if problems:
        before = first_line(page)
        place = f"docs/{page.file.src_uri}"
        state.problems += [f"{place}:{before + line}: {message}" for line, message in problems]
    return written
