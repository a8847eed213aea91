"""Feeds of entries and posts, as Atom (RFC 4287) and JSON Feed 1.1: of the site, of each topic, of each tag.

Each has the full text, newest first. An item's id is a `tag:` URI (RFC 4151) made of the site's host and the page's
address, not the address itself: a page that is renamed keeps the id of its first name (docs/redirects.yml), so that
no reader sees it as new, and the id says nothing about http or https. Its day is that of the review, of the newest
follow-up or of the publication.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, InclusionLevel

from hooks import atom as atom_text
from hooks.api.addresses import FEED as CHANGES_FEED
from hooks.api.addresses import Site
from hooks.api_files import site_of
from hooks.build import state_of
from hooks.entries import topic_label
from hooks.feed_rules import JSON_FEED, atom_problems, html_problems, json_feed_problems
from hooks.kept import kept
from hooks.plain_html import plain_html
from hooks.publications import Publication, bodies, by_tag, by_topic, publications
from hooks.redirects import first_addresses, redirects_of

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

URI = "feeds.md"
MOST_ITEMS = 50
_ABOUT = "For feed readers and programs: everything that is new here, one topic, one tag, corrections, changed facts."
LICENCE = "CC BY 4.0"
_KEY = "reckoner_feeds"
_TITLE = re.compile(r"\A\s*<h1[^>]*>.*?</h1>", re.DOTALL)
"""An item has its title already."""
_TYPES = {".xml": "application/atom+xml", ".json": "application/feed+json"}


# ---- the two forms


@dataclass(frozen=True)
class Item:
    """An item of a feed."""

    id: str
    url: str
    title: str
    summary: str
    html: str
    updated: str
    published: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Feed:
    """A feed: where it is, and what it is about."""

    name: str
    """Its address below the site's root, without .xml or .json."""
    title: str
    about: str
    page: str
    """Address of the page that it belongs to, below the site's root."""


def atom(site: Site, feed: Feed, items: Sequence[Item]) -> str:
    """A feed that has items, as Atom."""
    root = atom_text.root()
    atom_text.add(root, "id", site.absolute(f"{feed.name}.xml"))
    atom_text.add(root, "title", feed.title)
    atom_text.add(root, "subtitle", feed.about)
    atom_text.add(root, "updated", atom_text.moment(max(item.updated for item in items)))
    atom_text.add(atom_text.add(root, "author"), "name", site.name)
    atom_text.add(root, "rights", LICENCE)
    atom_text.add(root, "link", rel="self", type=_TYPES[".xml"], href=site.absolute(f"{feed.name}.xml"))
    atom_text.add(root, "link", rel="alternate", type="text/html", href=site.absolute(feed.page))
    for item in items:
        entry = atom_text.add(root, "entry")
        atom_text.add(entry, "id", item.id)
        atom_text.add(entry, "title", item.title)
        atom_text.add(entry, "updated", atom_text.moment(item.updated))
        if item.published:
            atom_text.add(entry, "published", atom_text.moment(item.published))
        atom_text.add(entry, "link", rel="alternate", type="text/html", href=item.url)
        for tag in item.tags:
            atom_text.add(entry, "category", term=tag)
        atom_text.add(entry, "summary", item.summary)
        atom_text.add(entry, "content", item.html, type="html")
    return atom_text.written(root)


def json_feed(site: Site, feed: Feed, items: Sequence[Item]) -> str:
    """A feed as JSON Feed."""
    data = {
        "version": JSON_FEED,
        "title": feed.title,
        "description": feed.about,
        "home_page_url": site.absolute(feed.page),
        "feed_url": site.absolute(f"{feed.name}.json"),
        "language": "en",
        "authors": [{"name": site.name, "url": site.url}],
        "items": [_json_item(item) for item in items],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _json_item(item: Item) -> dict[str, Any]:
    dates = {"date_modified": atom_text.moment(item.updated)}
    if item.published:
        dates["date_published"] = atom_text.moment(item.published)
    return {
        "id": item.id,
        "url": item.url,
        "title": item.title,
        "summary": item.summary,
        "content_html": item.html,
        **dates,
        "tags": list(item.tags),
    }


def written(site: Site, feed: Feed, items: Sequence[Item], checked: bool = False) -> dict[str, str]:
    """Both forms by address, held against the rules; `checked` says that the items' HTML was held against them."""
    made = {f"{feed.name}.xml": atom(site, feed, items), f"{feed.name}.json": json_feed(site, feed, items)}
    problems = [
        f"{address}: {problem}"
        for address, text in made.items()
        for problem in (atom_problems(text, checked) if address.endswith(".xml") else json_feed_problems(text, checked))
    ]
    if problems:
        raise PluginError("\n".join(["feeds that break the rules in hooks/feed_rules.py:", *problems]))
    return made


# ---- which feeds there are


def feeds(site: Site, found: Sequence[Publication]) -> list[tuple[Feed, list[Publication]]]:
    """Each feed with what it holds, newest first: that of the site, those of topics, those of tags."""
    about = "Research entries and posts, with their full text, newest first"
    made = [(Feed("feed", site.name, f"{about}.", ""), list(found[:MOST_ITEMS]))] if found else []
    for topic, listed in by_topic(found).items():
        label = topic_label(topic)
        feed = Feed(f"research/{topic}/feed", f"{site.name}: {label}", f"{about}: {label}.", f"research/{topic}/")
        made.append((feed, listed[:MOST_ITEMS]))
    for tag, listed in by_tag(found).items():
        feed = Feed(f"tags/{tag}/feed", f"{site.name}: {tag}", f"{about}: tagged {tag}.", f"tags/{tag}/")
        made.append((feed, listed[:MOST_ITEMS]))
    return made


def item(site: Site, of: Publication, html: str, former: str) -> Item:
    """A publication as an item; `former` is the address under which it first appeared."""
    return Item(
        id=site.tag(former),
        url=site.absolute(of.address),
        title=of.title,
        summary=of.summary,
        html=plain_html(_TITLE.sub("", html), site.absolute(of.address), site.url),
        updated=of.updated,
        published=of.published,
        tags=of.tags,
    )


def page_markdown(made: Iterable[Feed], others: Iterable[tuple[str, str, Sequence[str]]]) -> str:
    """The page that lists all feeds for readers.

    Arguments:
        others: feeds that are made elsewhere: title, what they are about, and addresses.
    """
    matter = ["---", "title: Feeds", f"description: {json.dumps(_ABOUT)}", "hide: [toc]", "---", ""]
    explained = (
        f"Those of entries and posts have the full text of up to {MOST_ITEMS} pages, newest first, as Atom and as JSON "
        "Feed. The day of an entry is that of its last review, the day of a post that of its newest follow-up."
    )
    lines = [*matter, "# Feeds", "", f"{_ABOUT} {explained}", ""]
    listed = list(made)
    for heading, begins in (("Everything", "feed"), ("Topics", "research/"), ("Tags", "tags/")):
        of_kind = [feed for feed in listed if feed.name.startswith(begins)]
        if not of_kind and begins != "feed":
            continue
        lines += [f"## {heading}", ""]
        for feed in of_kind:
            label = "Entries and posts" if feed.name == "feed" else feed.title.partition(": ")[2]
            lines.append(f"- {label}: {_link('Atom', feed.name, '.xml')}, {_link('JSON', feed.name, '.json')}")
        if begins == "feed":
            for title, what, addresses in others:
                links = ", ".join(f"[{_form(address)}]({address})" for address in addresses)
                lines.append(f"- {title}, {what}: {links}")
        lines.append("")
    return "\n".join(lines)


def _link(label: str, name: str, suffix: str) -> str:
    return f"[{label}]({name}{suffix})"


def _form(address: str) -> str:
    return "Atom" if address.endswith(".xml") else "JSON"


# ---- MkDocs


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    state = state_of(config)
    made = feeds(site_of(config), publications(state))
    config.extra[_KEY] = made
    for feed, _ in made:
        for suffix in _TYPES:  # the text follows when the pages have been rendered
            files.append(File.generated(config, f"{feed.name}{suffix}", content=""))
    others: list[tuple[str, str, Sequence[str]]] = []
    corrections = [f"corrections/feed{suffix}" for suffix in _TYPES]
    if files.get_file_from_path(corrections[0]):
        others.append(("Corrections", "what was wrong here and is right now", corrections))
    others.append(("Changed facts", "each new price, and each value that was replaced", [CHANGES_FEED]))
    content = page_markdown((feed for feed, _ in made), others)
    files.append(File.generated(config, URI, content=content, inclusion=InclusionLevel.NOT_IN_NAV))
    return files


def on_env(env: object, *, config: MkDocsConfig, files: Files) -> None:
    state, site = state_of(config), site_of(config)
    if state.is_check or state.problems:
        return
    html, items = bodies(config), dict[str, Item]()
    former = first_addresses(redirects_of(config))
    for feed, listed in config.extra[_KEY]:
        for one in listed:
            if one.uri not in items:
                parts = (site, one, html[one.uri], former.get(one.address, one.address))
                made, problems = kept.of("feed item", parts, partial(_checked_item, *parts))
                if problems:
                    raise PluginError(f"{one.uri} as a feed has it: {'; '.join(problems)}")
                items[one.uri] = made
        ready = tuple(items[one.uri] for one in listed)
        made_of = (site, feed, ready)
        for address, text in kept.of("feed", made_of, partial(written, *made_of, checked=True)).items():
            file = files.get_file_from_path(address)
            assert file
            file.content_string = text


def _checked_item(site: Site, of: Publication, html: str, former: str) -> tuple[Item, list[str]]:
    """An item, and what is wrong with its HTML."""
    made = item(site, of, html, former)
    return made, list(html_problems(made.html))


def feeds_of(config: MkDocsConfig) -> list[Feed]:
    """The feeds of a build."""
    return [feed for feed, _ in config.extra[_KEY]]


def alternates(feed_name: str, label: str) -> list[tuple[str, str, str]]:
    """Both forms of a feed for the head of a page: address, type and title."""
    return [(f"{feed_name}{suffix}", kind, f"{label} ({_form(suffix)})") for suffix, kind in _TYPES.items()]
