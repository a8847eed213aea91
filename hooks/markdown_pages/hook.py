"""Writes the Markdown of every page beside it."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs import utils
from mkdocs.plugins import event_priority

from hooks.api.addresses import CHANGES_URI, Site
from hooks.api.changes import changed
from hooks.api_files import site_of
from hooks.build import BuildState, state_of
from hooks.catalog_pages import address, disagreements_uri, index_uri, kind_uri, subject_uri, used_kinds
from hooks.claims import URI as CLAIMS_URI
from hooks.kept import kept
from hooks.markdown_pages import NAME
from hooks.markdown_pages.blocks import calculator_markdown, claim_of_block, claims_by_id
from hooks.markdown_pages.catalog import CatalogMarkdown
from hooks.markdown_pages.prose import plain_markdown
from hooks.page_days import days_of
from hooks.sources_page import URI as SOURCES_URI

if TYPE_CHECKING:
    from collections.abc import Callable

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

_KEY = "reckoner_markdown"


def front_matter(title: str, url: str, day: str) -> str:
    """What stands above the text: what it is, where it comes from, and what may be done with it."""
    lines = [f"title: {json.dumps(title, ensure_ascii=False)}", f"address: {url}"]
    lines += [f"updated: {day}"] if day else []
    return "\n".join(["---", *lines, "licence: CC BY 4.0", "---", "", ""])


def made_pages(state: BuildState, site: Site) -> dict[str, Callable[[Page], str]]:
    """The pages that have no Markdown of their own, by path below docs/."""
    catalog = state.catalog
    made = CatalogMarkdown(catalog, site)
    pages: dict[str, Callable[[Page], str]] = {
        subject_uri(subject.id): lambda _, subject=subject: made.subject(subject)  # type: ignore[misc]
        for subject in catalog.subjects.values()
    }
    for kind in used_kinds(catalog):
        pages[kind_uri(kind)] = lambda _, kind=kind: made.kind(kind)  # type: ignore[misc]
    return {
        **pages,
        index_uri(): lambda page: made.index(_about(page)),
        disagreements_uri(): lambda page: made.disagreements(str(page.title), _about(page)),
        CHANGES_URI: lambda page: made.changes(str(page.title), _about(page), changed(catalog)),
        SOURCES_URI: lambda page: made.sources(_about(page)),
        CLAIMS_URI: lambda page: made.claims(str(page.title), _about(page), state.claims),
    }


def _about(page: Page) -> str:
    return str(page.meta.get("description", ""))


@event_priority(-150)  # When every other hook has written into the text.
def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> None:
    if not state_of(config).is_check:
        config.extra.setdefault(_KEY, {})[page.file.src_uri] = (page, markdown)


def on_post_build(*, config: MkDocsConfig) -> None:
    state = state_of(config)
    if state.is_check:
        return
    site, days = site_of(config), days_of(config)
    made = made_pages(state, site)
    subjects = {subject_uri(id) for id in state.catalog.subjects}
    claims = claims_by_id(state.claims)
    blocks = {
        "claim": lambda block: claim_of_block(block, claims, site),
        "calculator": lambda block: calculator_markdown(block, state.answers, site),
    }
    for uri, (page, markdown) in config.extra.pop(_KEY, {}).items():
        if uri in subjects:  # made of the catalog alone
            text = kept.of("markdown of a subject", uri, partial(made[uri], page))
        else:
            text = made[uri](page) if uri in made else plain_markdown(markdown, uri, site, blocks)
        if not text.strip():  # drawn or put together from other pages, which have their own
            text = f"# {page.title}\n\n{_about(page)}\n"
        matter = front_matter(str(page.title), site.absolute(address(uri)), days.get(uri, ""))
        utils.write_file((matter + text).encode(), str(Path(page.file.abs_dest_path).with_name(NAME)))
