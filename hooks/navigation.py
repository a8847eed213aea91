"""The navigation, from the files that there are: a new entry or calculator needs no second place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from mkdocs.structure.files import InclusionLevel

from hooks.build import state_of
from hooks.catalog_pages import TAB, index_uri, kind_uri, used_kinds
from hooks.entries import FOLDER, MAP_URI, Entry, topic_label
from hooks.posts import INDEX as POSTS
from hooks.posts import Post, newest_first
from hooks.tags import INDEX as TAGS
from hooks.tags import topic_uri

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files


MOST_ENTRIES = 100
"""With more entries the navigation leads to the page that lists them: Material draws it again on every page."""
MOST_POSTS = 50
"""The same for posts."""

EMBEDDING = ("index", "builder", "events", "leads", "hosting")
"""How to put a calculator into another site's page, in the order in which one needs it."""


def navigation(
    entries: Iterable[Entry],
    calculator_pages: Iterable[str],
    kinds: Iterable[str] = (),
    reference: Iterable[str] = (),
    embedding: Iterable[str] = (),
    posts: Iterable[Post] = (),
    maps: Iterable[str] = (),
    tags: Iterable[str] = (),
    authors: Iterable[str] = (),
) -> list[dict[str, Any]]:
    """MkDocs' `nav`: home, calculators, research by topic, posts, the catalog by kind and what explains it, sources."""
    topics: dict[str, list[dict[str, str]]] = {}
    for entry in sorted(entries, key=lambda e: (e.topic, e.title)):
        topics.setdefault(entry.topic, []).append({entry.title: entry.uri})
    research: list[Any] = [f"{FOLDER}/index.md", *({"Map": uri} for uri in maps), *({"Tags": uri} for uri in tags)]
    if sum(len(pages) for pages in topics.values()) <= MOST_ENTRIES:
        research += [{topic_label(topic): [topic_uri(topic), *pages]} for topic, pages in topics.items()]
    newest = [post.uri for post in newest_first(posts)]
    listed = [POSTS, *(newest if len(newest) <= MOST_POSTS else [])]
    return [
        {"Home": "index.md"},
        {"Calculators": ["calculators/index.md", *sorted(calculator_pages)]},
        {"Research": research},
        *([{"Posts": listed}] if newest else []),
        {TAB: [index_uri(), *(kind_uri(kind) for kind in kinds), *reference]},
        {"Claims checked": "claims.md"},
        {"Sources": "sources.md"},
        *([{"Embed": list(embedding)}] if embedding else []),
        *([{"Authors": sorted(authors)}] if authors else []),
    ]


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    pages = [file.src_uri for file in files.documentation_pages()]
    calculators = [uri for uri in pages if uri.startswith("calculators/") and uri != "calculators/index.md"]
    reference = [uri for uri in ("api.md",) if uri in pages]
    embedding = [uri for name in EMBEDDING if (uri := f"embedding/{name}.md") in pages]
    state = state_of(config)
    unlisted = {
        *(state.entries if len(state.entries) > MOST_ENTRIES else ()),
        *(state.posts if len(state.posts) > MOST_POSTS else ()),
    }
    for file in files.documentation_pages() if unlisted else ():
        if file.src_uri in unlisted:
            file.inclusion = InclusionLevel.NOT_IN_NAV
    config.nav = navigation(
        state.entries.values(),
        calculators,
        used_kinds(state.catalog),
        reference,
        embedding,
        state.posts.values(),
        [uri for uri in (MAP_URI,) if uri in pages],
        [uri for uri in (TAGS,) if uri in pages],
        [uri for uri in pages if uri.startswith("authors/")],
    )
    return files
