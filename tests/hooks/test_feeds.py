"""Feeds: their rules, what they hold, names that stay."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import feedparser
import pytest
from mkdocs.exceptions import PluginError

from hooks.api.addresses import Site
from hooks.feed_rules import ATOM, atom_problems, html_problems, json_feed_problems
from hooks.feeds import Feed, Item, atom, feeds, item, json_feed, written
from hooks.plain_html import plain_html
from hooks.publications import Publication, newest_first
from tests.hooks.conftest import ENTRY, Build

SITE = Site("https://example.org/a-path/", "Reckoner", "Research with calculators in it.")
FEED = Feed("tags/a/feed", "Reckoner: a", "Everything about a.", "tags/a/")
ITEMS = [
    Item(
        "tag:1",
        "https://example.org/1/",
        "One <&>",
        "First.",
        "<p>x &lt; y</p>",
        "2026-02-01",
        "2026-01-01",
        ("a", "b"),
    ),
    Item("tag:2", "https://example.org/2/", "Two", "Second.", '<p><a href="https://e.org/">y</a></p>', "2026-01-01"),
]
POST = """---
title: What came of it
summary: A judgement in a sentence, and what came of it later.
tags: [unified-memory, forecasts]
published: 2026-11-20
facts: []
calculators: []
sources: [irs-rev-proc-2025-32]
---

# What came of it

Text of the post.

## Follow-ups

### 2026-11-25: it came true

It did.
"""


# ---- the rules


def test_both_forms_fit_the_rules() -> None:
    assert atom_problems(atom(SITE, FEED, ITEMS)) == []
    assert json_feed_problems(json_feed(SITE, FEED, ITEMS)) == []
    assert set(written(SITE, FEED, ITEMS)) == {"tags/a/feed.xml", "tags/a/feed.json"}


def edited(edit: Callable[[ET.Element], object]) -> str:
    feed = ET.fromstring(atom(SITE, FEED, ITEMS))
    edit(feed)
    return ET.tostring(feed, encoding="unicode")


def child(of: ET.Element, name: str) -> ET.Element:
    found = of.find(f"{{{ATOM}}}{name}")
    assert found is not None
    return found


def put(element: ET.Element, text: str) -> None:
    element.text = text


def again(feed: ET.Element, name: str) -> None:
    entry = child(feed, "entry")
    entry.append(child(entry, name))


@pytest.mark.parametrize(
    ("edit", "problem"),
    [
        (lambda feed: feed.remove(child(feed, "id")), "the feed has no id"),
        (lambda feed: feed.remove(child(feed, "updated")), "the feed has no updated"),
        (lambda feed: feed.remove(child(feed, "author")), "entry 1 has no author, and the feed has none either"),
        (lambda feed: feed.remove(child(feed, "link")), "the feed has no link to itself"),
        (lambda feed: child(feed, "link").set("href", "feed.xml"), "the feed links to feed.xml"),
        (lambda feed: ET.SubElement(feed, "item"), "the feed has an element item"),
        (lambda feed: feed.append(child(feed, "subtitle")), "the feed has 2 elements subtitle"),
        (lambda feed: put(child(feed, "updated"), "2026-02-30T00:00:00Z"), "2026-02-30T00:00:00Z is no moment"),
        (lambda feed: put(child(feed, "updated"), "2026-02-01"), "2026-02-01 is no moment"),
        (lambda feed: put(child(feed, "id"), "feed"), "feed is no full address"),
        (lambda feed: child(feed, "title").set("type", "markdown"), "title of the type markdown"),
        (lambda feed: put(child(child(feed, "entry"), "id"), "tag:2"), "the id tag:2 stands 2 times"),
        (lambda feed: put(child(child(feed, "entry"), "published"), "2027-01-01T00:00:00Z"), "before it was published"),
        (lambda feed: put(child(child(feed, "entry"), "updated"), "2025-01-01T00:00:00Z"), "newest first"),
        (lambda feed: again(feed, "content"), "entry 1 has 2 elements content"),
        (lambda feed: again(feed, "link"), "entry 1 has two alternates of one type"),
        (lambda feed: child(child(feed, "entry"), "category").attrib.clear(), "a category without a term"),
        (lambda feed: put(child(child(feed, "entry"), "content"), "<script>1</script>"), "an element script"),
        (lambda feed: put(child(child(feed, "entry"), "content"), '<a href="../x/">x</a>'), "href leads to ../x/"),
    ],
)
def test_what_breaks_the_rules_of_atom(edit: Callable[[ET.Element], object], problem: str) -> None:
    found = atom_problems(edited(edit))
    assert any(problem in one for one in found), found


def test_what_is_no_atom_at_all() -> None:
    assert atom_problems("<feed") and atom_problems("<feed/>") == ["the root is feed"]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"version": "1"}, "the version is 1"),
        ({"title": ""}, "the feed has no title"),
        ({"feed_url": "/feed.json"}, "feed_url is /feed.json"),
        ({"authors": ["me"]}, "an author me"),
        ({"author": {"name": "me"}}, "the feed has a key author"),
        ({"items": None}, "the feed has no items"),
        ({"items": [{"content_html": "x"}]}, "item 1: no id"),
        ({"items": [{"id": 7, "content_html": "x"}]}, "item 1: no id"),
        ({"items": [{"id": "1"}]}, "item 1: no content"),
        ({"items": [{"id": "1", "content_html": '<p onclick="f()">x</p>'}]}, "item 1: an attribute onclick"),
        ({"items": [{"id": "1", "content_text": "x", "date_modified": "2026-01-01"}]}, "date_modified is 2026-01-01"),
        ({"items": [{"id": "1", "content_text": "x", "url": "x/"}]}, "item 1: the address x/"),
        ({"items": [{"id": "1", "content_text": "x", "tags": [""]}]}, "item 1: a tag that is no text"),
        ({"items": [{"id": "1", "content_text": "x"}] * 2}, "the id 1 stands 2 times"),
    ],
)
def test_what_breaks_the_rules_of_json_feed(change: dict[str, Any], problem: str) -> None:
    found = json_feed_problems(json.dumps({**json.loads(json_feed(SITE, FEED, ITEMS)), **change}))
    assert any(problem in one for one in found), found


def test_a_feed_that_breaks_the_rules_is_not_written() -> None:
    with pytest.raises(PluginError, match=r"tags/a/feed\.xml: the id tag:1 stands 2 times"):
        written(SITE, FEED, [ITEMS[0], ITEMS[0]])


# ---- what they hold


def test_order_is_by_day_then_title() -> None:
    made = [
        Publication(f"research/a/{title}.md", title, "", (), (), day, topic="a")
        for title, day in (("b", "2026-01-01"), ("a", "2026-01-01"), ("z", "2026-03-01"), ("m", "2025-12-31"))
    ]
    assert [one.title for one in newest_first(made)] == ["z", "a", "b", "m"]


def test_a_feed_for_the_site_each_topic_and_each_tag() -> None:
    entry = Publication("research/a/x.md", "X", "s", ("t", "u"), (), "2026-01-02", topic="a")
    post = Publication("posts/y.md", "Y", "s", ("t",), (), "2026-01-01", published="2026-01-01")
    made = {feed.name: [one.title for one in listed] for feed, listed in feeds(SITE, [entry, post])}
    assert made == {"feed": ["X", "Y"], "research/a/feed": ["X"], "tags/t/feed": ["X", "Y"], "tags/u/feed": ["X"]}
    assert feeds(SITE, []) == []


def test_an_id_stays_when_the_page_is_renamed() -> None:
    renamed = Publication("research/a/new.md", "X", "s", (), (), "2026-01-02", topic="a")
    made = item(SITE, renamed, "<p>x</p>", "research/a/old/")
    assert made.id == "tag:example.org,2026:/a-path/research/a/old/"
    assert made.url == "https://example.org/a-path/research/a/new/"


PAGE = "https://example.org/a-path/research/a/x/"


@pytest.mark.parametrize(
    ("html", "plain"),
    [
        ('<p class="x" id="y" style="color: red">a &amp; b &#233;</p>', "<p>a &amp; b &#233;</p>"),
        ('<a href="../y/#z" onclick="f()">y</a>', '<a href="https://example.org/a-path/research/a/y/#z">y</a>'),
        ('<a href="#here">y</a>', f'<a href="{PAGE}#here">y</a>'),
        ('<a href="?a=1&amp;b=2">y</a>', f'<a href="{PAGE}?a=1&amp;b=2">y</a>'),
        ('<a href="javascript:f()">y</a>', "<a>y</a>"),
        ('<img src="/a.png" alt="&quot;"><br/>', '<img src="https://example.org/a.png" alt="&quot;"><br>'),
        ("a<script>if (a < b) { x() }</script><form><input><p>b</p></form>c", "ac"),
        ('<h2>A <a class="headerlink" href="#a">¶</a></h2>', "<h2>A </h2>"),
        ("<noscript><p>a</noscript>b</p>", "b</p>"),
    ],
)  # fmt: skip
def test_plain_html(html: str, plain: str) -> None:
    assert plain_html(html, PAGE, SITE.url) == plain


def test_a_calculator_becomes_its_answer_and_a_link() -> None:
    widget = (
        '<rk-calculator calculator="colo-power" data-inputs="{&quot;servers&quot;: &quot;3&quot;}"><section>'
        '<h2 class="rk-title" id="q">What does it cost?</h2><p class="rk-headline" data-headline>$5 &amp; more.</p>'
        "<form><p>no</p><input></form></section></rk-calculator>"
    )
    href = "https://example.org/a-path/calculators/colo-power/?servers=3"
    assert plain_html(f"<div>{widget}</div>", PAGE, SITE.url) == (
        "<div><p><strong>What does it cost?</strong> $5 &amp; more. "
        f'<a href="{href}">Work it out on your own numbers</a>.</p></div>'
    )
    assert html_problems(plain_html(widget, PAGE, SITE.url)) == [] != html_problems(widget)


# ---- in the site


def test_feeds_in_the_site_as_a_reader_sees_them(build_site: Build) -> None:
    calculator = (
        "## What it is\n\n```calculator\nmortgage-vs-invest\nrate_pct: 5.5\n```\n\n[Home](../../index.md#top)\n"
    )
    entry = ENTRY.replace("## What it is\n", calculator)
    site = build_site({"research/hardware/subject.md": entry, "index.md": "# Home {#top}\n", "posts/it.md": POST})
    found = sorted(path.relative_to(site).as_posix() for path in site.rglob("feed.xml"))
    names = ["feed.xml", "research/hardware/feed.xml", "tags/forecasts/feed.xml", "tags/unified-memory/feed.xml"]
    assert found == names
    for name in names:
        read = feedparser.parse((site / name).read_bytes())
        assert not read.bozo and read.version == "atom10" and read.entries
        data = json.loads((site / name.replace(".xml", ".json")).read_text("utf-8"))
        assert [one["id"] for one in data["items"]] == [entry.id for entry in read.entries]
        assert [one["content_html"] for one in data["items"]] == [entry.content[0].value for entry in read.entries]
    assert atom_problems((site / "catalog/changes.xml").read_text("utf-8")) == []
    read = feedparser.parse((site / "feed.xml").read_bytes())
    assert [(one.title, one.updated) for one in read.entries] == [
        ("What came of it", "2026-11-25T00:00:00Z"),
        ("A subject", "2026-11-21T00:00:00Z"),
    ]
    assert read.entries[0].published == "2026-11-20T00:00:00Z"
    text = read.entries[1].content[0].value
    assert "Paying down" in text or "Investing" in text
    assert "calculators/mortgage-vs-invest/?rate_pct=5.5" in text and 'href="http://127.0.0.1:8000/#top"' in text
    assert "It did." in read.entries[0].content[0].value
    # Every page names the site's feed, a list its own as well; the page of feeds names all.
    for page, count in (("index.html", 2), ("tags/forecasts/index.html", 4), ("research/hardware/index.html", 4)):
        heads = re.findall(
            r'<link rel="alternate " type="application/(?:atom|feed)\+\w+"[^>]*href="([^"]+)"',
            (site / page).read_text("utf-8"),
        )
        assert len(heads) == count
        assert all(((site / page).parent / href).is_file() for href in heads)
    listed = (site / "feeds/index.html").read_text("utf-8")
    assert all(f'href="../{name}"' in listed for name in [*names, "catalog/changes.xml"])
