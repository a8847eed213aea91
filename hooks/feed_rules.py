"""What makes a feed valid: the rules of RFC 4287 (Atom) and of JSON Feed 1.1, and those of this site.

Every feed is held against them when it is made. The site's own: newest first, and no address in the text that only
works on a page.
"""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from catalog.loader import is_date

ATOM = "http://www.w3.org/2005/Atom"
JSON_FEED = "https://jsonfeed.org/version/1.1"

_ONCE = ("id", "title", "updated")
_FEED = {
    *_ONCE,
    "subtitle",
    "rights",
    "author",
    "contributor",
    "category",
    "link",
    "generator",
    "icon",
    "logo",
    "entry",
}
_ENTRY = {*_ONCE, "published", "summary", "content", "rights", "author", "contributor", "category", "link", "source"}
_MANY = {"author", "contributor", "category", "link", "entry"}
_TOP_KEYS = {"version", "title", "home_page_url", "feed_url", "description", "language", "authors", "icon", "items"}
_ITEM_KEYS = {
    *("id", "url", "title", "summary", "content_html", "content_text", "date_published", "date_modified"),
    *("authors", "tags", "language"),
}
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)")
_FORBIDDEN = {"script", "style", "form", "input", "button", "select", "iframe", "object", "embed"}


def atom_problems(text: str, is_html_checked: bool = False) -> list[str]:
    """What is wrong with an Atom feed; `is_html_checked` says that its texts were looked at already."""
    try:
        feed = ET.fromstring(text)
    except ET.ParseError as error:
        return [f"not well-formed: {error}"]
    if feed.tag != f"{{{ATOM}}}feed":
        return [f"the root is {feed.tag}"]
    entries = feed.findall(f"{{{ATOM}}}entry")
    found = list(_children(feed, "the feed", _FEED)) + list(_links(feed, "the feed"))
    if "self" not in {link.get("rel") for link in feed.findall(f"{{{ATOM}}}link")}:
        found.append("the feed has no link to itself")
    has_author = feed.find(f"{{{ATOM}}}author") is not None
    for number, entry in enumerate(entries, start=1):
        name = f"entry {number}"
        found += [*_children(entry, name, _ENTRY), *_links(entry, name)]
        if not has_author and entry.find(f"{{{ATOM}}}author") is None:
            found.append(f"{name} has no author, and the feed has none either")
        alternates = [link for link in entry.findall(f"{{{ATOM}}}link") if link.get("rel", "alternate") == "alternate"]
        content = entry.find(f"{{{ATOM}}}content")
        if content is None and not alternates:
            found.append(f"{name} has neither content nor a link")
        if content is not None and content.get("type") == "html" and not is_html_checked:
            found += [f"{name}: {problem}" for problem in html_problems(content.text or "")]
        published, updated = (entry.findtext(f"{{{ATOM}}}{one}", "") for one in ("published", "updated"))
        if published > updated:
            found.append(f"{name} was updated before it was published")
    found += _order([entry.findtext(f"{{{ATOM}}}updated", "") for entry in entries])
    return found + _unique([entry.findtext(f"{{{ATOM}}}id", "") for entry in entries])


def _children(parent: ET.Element, name: str, known: set[str]) -> Iterator[str]:
    counted = Counter(child.tag.removeprefix(f"{{{ATOM}}}") for child in parent)
    for tag, count in counted.items():
        if tag not in known:
            yield f"{name} has an element {tag}"
        if count > 1 and tag not in _MANY:
            yield f"{name} has {count} elements {tag}"
    for tag in _ONCE:
        if not counted[tag]:
            yield f"{name} has no {tag}"
    for tag in ("updated", "published"):
        for child in parent.findall(f"{{{ATOM}}}{tag}"):
            if not _is_moment(child.text):
                yield f"{name}: {child.text} is no moment"
    for child in parent.findall(f"{{{ATOM}}}id"):
        if not urlsplit(child.text or "").scheme:
            yield f"{name}: {child.text} is no full address"
    for tag in ("author", "contributor"):
        for person in parent.findall(f"{{{ATOM}}}{tag}"):
            if len(person.findall(f"{{{ATOM}}}name")) != 1:
                yield f"{name}: an {tag} without a name"
    for category in parent.findall(f"{{{ATOM}}}category"):
        if not category.get("term"):
            yield f"{name}: a category without a term"
    for text in ("title", "subtitle", "summary", "rights"):
        for child in parent.findall(f"{{{ATOM}}}{text}"):
            if child.get("type", "text") not in ("text", "html", "xhtml"):
                yield f"{name}: {text} of the type {child.get('type')}"


def _links(parent: ET.Element, name: str) -> Iterator[str]:
    seen: Counter[tuple[str | None, ...]] = Counter()
    for link in parent.findall(f"{{{ATOM}}}link"):
        if not _is_address(link.get("href")):
            yield f"{name} links to {link.get('href')}"
        if link.get("rel", "alternate") == "alternate":
            seen[link.get("type"), link.get("hreflang")] += 1
    if any(count > 1 for count in seen.values()):
        yield f"{name} has two alternates of one type"


def json_feed_problems(text: str, is_html_checked: bool = False) -> list[str]:
    """What is wrong with a JSON Feed; `is_html_checked` says that its texts were looked at already."""
    try:
        feed = json.loads(text)
    except ValueError as error:
        return [f"not JSON: {error}"]
    found = [f"the feed has a key {key}" for key in feed.keys() - _TOP_KEYS]
    if feed.get("version") != JSON_FEED:
        found.append(f"the version is {feed.get('version')}")
    if not isinstance(feed.get("title"), str) or not feed["title"]:
        found.append("the feed has no title")
    found += [f"{key} is {feed.get(key)}" for key in ("home_page_url", "feed_url") if not _is_address(feed.get(key))]
    found += _authors(feed)
    items = feed.get("items")
    if not isinstance(items, list):
        return [*found, "the feed has no items"]
    for number, item in enumerate(items, start=1):
        found += [f"item {number}: {problem}" for problem in _item_problems(item, is_html_checked)]
    found += _order([item.get("date_modified", "") for item in items])
    return found + _unique([item.get("id", "") for item in items])


def _item_problems(item: dict[str, Any], is_html_checked: bool) -> Iterator[str]:
    yield from (f"a key {key}" for key in item.keys() - _ITEM_KEYS)
    if not isinstance(item.get("id"), str) or not item["id"]:
        yield "no id"
    if "content_html" not in item and "content_text" not in item:
        yield "no content"
    if not is_html_checked:
        yield from html_problems(item.get("content_html", ""))
    if "url" in item and not _is_address(item["url"]):
        yield f"the address {item['url']}"
    for key in ("date_published", "date_modified"):
        if key in item and not _is_moment(item[key]):
            yield f"{key} is {item[key]}"
    if not all(isinstance(tag, str) and tag for tag in item.get("tags", [])):
        yield "a tag that is no text"
    yield from _authors(item)


def _authors(of: dict[str, Any]) -> list[str]:
    return [
        f"an author {author}"
        for author in of.get("authors", [])
        if not isinstance(author, dict) or not {"name", "url", "avatar"} & author.keys()
    ]


def _is_moment(text: Any) -> bool:
    found = _MOMENT.fullmatch(text) if isinstance(text, str) else None
    return bool(found and is_date(found.group(1)) and found.group(2) <= "23:59:60")


def _is_address(text: Any) -> bool:
    return isinstance(text, str) and urlsplit(text).scheme in ("http", "https") and bool(urlsplit(text).netloc)


def _order(moments: Sequence[str]) -> list[str]:
    return [] if list(moments) == sorted(moments, reverse=True) else ["not in order: newest first"]


def _unique(ids: Sequence[str]) -> list[str]:
    return [f"the id {id} stands {count} times" for id, count in Counter(ids).items() if count > 1]


def html_problems(html: str) -> list[str]:
    """What in a text does nothing in a feed reader: addresses relative to a page, scripts and forms."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _FORBIDDEN or "-" in tag:
            self.found.append(f"an element {tag}")
        for name, value in attrs:
            if name.startswith("on") or name == "style":
                self.found.append(f"an attribute {name}")
            if name in ("href", "src") and urlsplit(value or "").scheme not in ("http", "https", "mailto"):
                self.found.append(f"{name} leads to {value}")
