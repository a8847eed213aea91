"""What the heads of pages say to programs: the page's Markdown, feeds, and data about entries and posts."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from mkdocs.utils import get_relative_url

from hooks.api_files import site_of
from hooks.build import state_of
from hooks.catalog_pages import address
from hooks.dataset import json_ld
from hooks.feeds import alternates, feeds_of
from hooks.markdown_pages import NAME
from hooks.publications import publications
from hooks.social import heads_of
from hooks.structured_data import article, breadcrumbs, website

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

_KEY = "reckoner_page_heads"


class Heads:
    """What stands in the heads of the pages of one build."""

    def __init__(self, config: MkDocsConfig, files: Files) -> None:
        state, self._site = state_of(config), site_of(config)
        pictures = heads_of(config)
        self._data: dict[str, list[dict[str, Any]]] = {"index.md": [website(self._site)]}
        for one in publications(state):
            image = self._site.absolute(pictures.picture(one.uri).address) if pictures else ""
            self._data[one.uri] = [article(self._site, one, state.catalog, image)]
        self._feeds = {feed.page: alternates(feed.name, feed.title) for feed in feeds_of(config)}
        self._titles = {
            file.src_uri: str(file.page.title)
            for file in files.documentation_pages()
            if file.page and posixpath.basename(file.src_uri) == "index.md"
        }

    def html(self, page: Page) -> Markup:
        """The elements for the head of a page."""
        uri = page.file.src_uri
        links = [(page.url + NAME, "text/markdown", "As Markdown")]
        links += self._feeds.get("", []) + (self._feeds.get(page.url, []) if page.url else [])
        # The space in `rel`: see hooks/dataset.py.
        parts = [
            Markup('<link rel="alternate " type="{}" title="{}" href="{}">').format(
                kind, title, get_relative_url(to, page.url)
            )
            for to, kind, title in links
        ]
        data = list(self._data.get(uri, ()))
        trail = self.trail(uri, str(page.title))
        if len(trail) > 2:
            data.append(breadcrumbs(self._site, trail))
        return Markup("").join([*parts, *map(json_ld, data)])

    def trail(self, uri: str, title: str) -> list[tuple[str, str]]:
        """The pages above a page and itself: name and address."""
        folders = uri.split("/")[:-1]
        above = ["/".join([*folders[:depth], "index.md"]) for depth in range(len(folders) + 1)]
        found = [(self._titles[one], address(one)) for one in above if one in self._titles and one != uri]
        return [*found, (title, address(uri))]


def on_env(env: object, *, config: MkDocsConfig, files: Files) -> None:
    if not state_of(config).is_check:
        config.extra[_KEY] = Heads(config, files)


def on_post_page(output: str, *, page: Page, config: MkDocsConfig) -> str:
    heads: Heads | None = config.extra.get(_KEY)
    return output.replace("</head>", f"{heads.html(page)}</head>", 1) if heads else output
