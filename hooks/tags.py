"""Lists of entries and posts: a page for each tag, one of all tags, and a page for each topic of the entries.

They are made of what the front matter says. The search leaves them out, since it finds what they list, and the
navigation leads to the topics and to the one page of all tags: Material draws it again on every page.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from mkdocs.structure.files import File, InclusionLevel
from mkdocs.structure.nav import Section

from hooks.build import state_of
from hooks.entries import FOLDER, topic_label
from hooks.publications import Publication, by_tag, by_topic, publications

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation

TAGS = "tags"
INDEX = f"{TAGS}/index.md"
_KEY = "reckoner_lists"


def tag_uri(tag: str) -> str:
    """The page of a tag, below docs/."""
    return f"{TAGS}/{tag}.md"


def topic_uri(topic: str) -> str:
    """The page of a topic, below docs/."""
    return f"{FOLDER}/{topic}/index.md"


def tag_page(tag: str, listed: Sequence[Publication]) -> str:
    """Everything with that tag."""
    about = f"Entries and posts tagged {tag}, newest first."
    more = "[All tags](index.md)"
    return _page(tag, about, "../", listed, [more, *_feed_links(f"{tag}/feed")])


def topic_page(topic: str, listed: Sequence[Publication]) -> str:
    """The entries of a topic."""
    label = topic_label(topic)
    about = f"Research entries on {label.lower()}, newest first."
    tags = ", ".join(f"[{tag}](../../{tag_uri(tag)})" for tag in by_tag(listed))
    return _page(label, about, "../../", listed, [f"Tags: {tags}", *_feed_links("feed")])


def tags_page(tags: Iterable[tuple[str, Sequence[Publication]]]) -> str:
    """All tags, those with most pages first."""
    about = "What the entries and posts are about, by tag."
    lines = [*_head("Tags", about), about, ""]
    for tag, listed in sorted(tags, key=lambda item: (-len(item[1]), item[0])):
        lines.append(f"- [{tag}]({tag}.md) ({len(listed)})")
    return "\n".join([*lines, ""])


def _page(title: str, about: str, root: str, listed: Sequence[Publication], more: Sequence[str]) -> str:
    lines = [*_head(title, about), about, "", " · ".join(more), "{ .rk-byline }", ""]
    for one in listed:
        kind = "post" if one.is_post else "reviewed"
        day = f'    <span class="rk-day">{kind} {one.updated}</span>'
        lines += [f"[{one.title}]({root}{one.uri})", f":   {one.summary}", day, ""]
    return "\n".join(lines)


def _head(title: str, about: str) -> list[str]:
    matter = [f"title: {json.dumps(title)}", f"description: {json.dumps(about)}", "hide: [toc]"]
    return ["---", *matter, "search: {exclude: true}", "---", "", f"# {title}", ""]


def _feed_links(name: str) -> list[str]:
    """HTML, because a page's folder is not yet there where Markdown is read; the address is that in the browser."""
    name = name.rpartition("/")[2]
    return [f'<a href="{name}.xml">Atom feed</a>', f'<a href="{name}.json">JSON feed</a>']


# ---- MkDocs


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    state = state_of(config)
    found = publications(state)
    tags = by_tag(found)
    pages = {topic_uri(topic): topic_page(topic, listed) for topic, listed in by_topic(found).items()}
    if tags:
        pages |= {tag_uri(tag): tag_page(tag, listed) for tag, listed in tags.items()}
        pages[INDEX] = tags_page(tags.items())
    for uri, made in pages.items():
        content = "" if state.is_check else made  # no author can get anything wrong in them
        files.append(File.generated(config, uri, content=content, inclusion=InclusionLevel.NOT_IN_NAV))
    config.extra[_KEY] = list(pages)
    return files


def on_nav(nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
    """The pages belong to the tab of the research."""
    research = next((item for item in nav.items if isinstance(item, Section) and item.title == "Research"), None)
    for uri in config.extra[_KEY]:
        file = files.get_file_from_path(uri)
        if file and file.page and file.page.parent is None:
            file.page.parent = research
    return nav
