"""What stands at the end of a page: related entries and posts, and the pages that lead to it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import jinja2
from mkdocs.plugins import event_priority
from mkdocs.utils import get_relative_url

from hooks.build import BuildState, state_of
from hooks.catalog_pages.addresses import address, subject_uri
from hooks.catalog_pages.statements import Link
from hooks.links import kind_of, slug_uri
from hooks.posts import pieces_of
from hooks.related import Related, Relations
from hooks.widget import templates

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page
    from mkdocs.utils.templates import TemplateContext

_ORDER = ("entry", "post", "calculator")
_KEY = "reckoner_mentions"


class Mentions:
    """Who leads to whom, in words."""

    def __init__(self, state: BuildState) -> None:
        assert state.links is not None
        self._links = state.links
        self.env = templates(state.root)
        pieces = pieces_of(state)
        self.relations = Relations(pieces, state.links)
        self._pages = {piece.uri: Link(address(piece.uri), piece.title, piece.summary) for piece in pieces}
        for slug in state.answers.slugs():
            described = state.answers.describe(slug)
            uri = slug_uri(slug)
            self._pages[uri] = Link(address(uri), described["title"], described["question"])

    def of(self, uri: str) -> list[Link]:
        """Entries, posts and calculators' pages that lead to a page, in this order and by title."""
        found = [page for page in self._links.mentioned_in(uri) if page in self._pages]
        found.sort(key=lambda page: (_ORDER.index(kind_of(page)), self._pages[page].label, page))
        return [self._pages[page] for page in found]

    def of_subjects(self, ids: Iterable[str]) -> dict[str, list[Link]]:
        """The same for subjects of the catalog; those without any have no key."""
        return {id: pages for id in ids if (pages := self.of(subject_uri(id)))}


def html(env: jinja2.Environment, related: Iterable[Related], mentioned_in: Iterable[Link], base: str) -> str:
    """The end of a page; nothing where there is nothing to say."""
    near = [Link(address(one.piece.uri), one.piece.title, one.why) for one in related]
    context = {"related": near, "mentioned_in": list(mentioned_in), "base": base}
    return env.get_template("mentions.html.jinja").render(context) if near or context["mentioned_in"] else ""


# ---- MkDocs


def mentions_of(config: MkDocsConfig) -> Mentions:
    """Those of the build that `config` belongs to."""
    mentions: Mentions = config.extra[_KEY]
    return mentions


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    config.extra[_KEY] = Mentions(state_of(config))
    return files


@event_priority(-40)  # After the search has read the page: what it finds is about the page itself.
def on_page_context(context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Navigation) -> TemplateContext:
    state = state_of(config)
    uri = page.file.src_uri
    is_written = page.file.abs_src_path is not None and not uri.endswith("index.md")
    if is_written and not state.is_check:
        mentions = mentions_of(config)
        related = mentions.relations.of(uri) if uri in state.entries or uri in state.posts else []
        base = get_relative_url("", page.url)
        page.content = (page.content or "") + html(mentions.env, related, mentions.of(uri), base)
    return context
