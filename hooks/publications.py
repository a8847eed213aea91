"""Entries and posts as one: what feeds, lists by tag and topic, citations and data for programs need to know of them.

The day of an entry is that on which it was last reviewed, the day of a post that of its newest follow-up, or of its
publication. No clock is asked, so the same files give the same bytes.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mkdocs.plugins import event_priority

from hooks.build import BuildState, state_of
from hooks.catalog_pages import address

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

_KEY = "reckoner_bodies"


@dataclass(frozen=True)
class Publication:
    """An entry or a post."""

    uri: str
    """Path below docs/."""
    title: str
    summary: str
    tags: tuple[str, ...]
    sources: tuple[str, ...]
    updated: str
    """The day of its newest state."""
    published: str = ""
    """The day on which a post appeared; nobody writes one for an entry."""
    topic: str = ""
    """Of an entry."""

    @property
    def is_post(self) -> bool:
        return not self.topic

    @property
    def address(self) -> str:
        """Below the site's root."""
        return address(self.uri)


def newest_first(publications: Iterable[Publication]) -> list[Publication]:
    """By day; those of one day by title, and those of one title by address."""

    def order(one: Publication) -> tuple[int, str, str]:
        return -datetime.date.fromisoformat(one.updated).toordinal(), one.title, one.uri

    return sorted(publications, key=order)


def publications(state: BuildState) -> list[Publication]:
    """All entries and posts, newest first."""
    entries = [
        Publication(one.uri, one.title, one.summary, one.tags, one.sources, one.reviewed, topic=one.topic)
        for one in state.entries.values()
    ]
    posts = [
        Publication(one.uri, one.title, one.summary, one.tags, one.sources, one.updated, published=one.published)
        for one in state.posts.values()
    ]
    return newest_first([*entries, *posts])


def by_tag(found: Iterable[Publication]) -> dict[str, list[Publication]]:
    """The publications of each tag, in the order given; tags by name."""
    tags: dict[str, list[Publication]] = {}
    for one in found:
        for tag in dict.fromkeys(one.tags):
            tags.setdefault(tag, []).append(one)
    return dict(sorted(tags.items()))


def by_topic(found: Iterable[Publication]) -> dict[str, list[Publication]]:
    """The entries of each topic, in the order given; topics by name."""
    topics: dict[str, list[Publication]] = {}
    for one in found:
        if one.topic:
            topics.setdefault(one.topic, []).append(one)
    return dict(sorted(topics.items()))


def bodies(config: MkDocsConfig) -> dict[str, str]:
    """The HTML of the entries and posts that have been rendered, by path below docs/: what their authors wrote."""
    found: dict[str, str] = config.extra[_KEY]
    return found


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    config.extra[_KEY] = {}
    return config


@event_priority(90)  # Before the hooks that add something below what the author wrote.
def on_page_content(html: str, *, page: Page, config: MkDocsConfig, files: Files) -> None:
    state = state_of(config)
    uri = page.file.src_uri
    if not state.is_check and (uri in state.entries or uri in state.posts):
        bodies(config)[uri] = html
