"""Pages of tags and topics, and the day of each page."""

from __future__ import annotations

import gzip
import json
import re
import xml.etree.ElementTree as ET

from hooks.publications import Publication, by_tag, by_topic
from hooks.tags import tag_page, tags_page, topic_page
from tests.hooks.conftest import ENTRY, Build

A = Publication("research/x/a.md", "A", "About a.", ("t", "u", "t"), (), "2026-01-03", topic="x")
B = Publication("posts/b.md", "B", "About b.", ("t",), (), "2026-01-02", published="2026-01-01")
C = Publication("research/y/c.md", "C", "About c.", ("s",), (), "2026-01-01", topic="y")


def test_lists_keep_the_order_and_name_each_page_once() -> None:
    tags = {tag: [one.title for one in listed] for tag, listed in by_tag([A, B, C]).items()}
    assert list(tags.items()) == [("s", ["C"]), ("t", ["A", "B"]), ("u", ["A"])]
    assert {topic: [one.title for one in listed] for topic, listed in by_topic([A, B, C]).items()} == {
        "x": ["A"],
        "y": ["C"],
    }


def test_pages_of_a_tag_a_topic_and_all_tags() -> None:
    page = tag_page("t", [A, B])
    assert page.index("[A](../research/x/a.md)") < page.index("[B](../posts/b.md)")
    assert ':   About a.\n    <span class="rk-day">reviewed 2026-01-03</span>' in page
    assert '<span class="rk-day">post 2026-01-02</span>' in page
    assert "search: {exclude: true}" in page
    assert "[t](../../tags/t.md), [u](../../tags/u.md)" in topic_page("x", [A])
    assert re.findall(r"^- (.*)$", tags_page(by_tag([A, B, C]).items()), re.MULTILINE) == [
        "[t](t.md) (2)",
        "[s](s.md) (1)",
        "[u](u.md) (1)",
    ]


def test_in_the_site(build_site: Build) -> None:
    other = ENTRY.replace("A subject", "Another one").replace("reviewed: 2026-11-21", "reviewed: 2025-01-31")
    site = build_site({"research/hardware/other.md": other})
    for page, to in (("tags/unified-memory", "../../research"), ("research/hardware", "..")):
        html = (site / page / "index.html").read_text("utf-8")
        content = html[html.index("<article") :]
        assert content.index("A subject") < content.index("Another one")
        assert f'href="{to}/' in content or 'href="subject/"' in content
    assert 'href="unified-memory/"' in (site / "tags/index.html").read_text("utf-8")
    found = json.loads((site / "search/search_index.json").read_text("utf-8"))["docs"]
    assert len(found) >= 300 and not [one for one in found if one["location"].startswith("tags/")]
    # The sitemap has each page's own day, and none for pages without one: the day of the build is nowhere in it.
    sitemap = (site / "sitemap.xml").read_bytes()
    namespace = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    root = "http://127.0.0.1:8000/"
    days = {
        url.findtext("s:loc", "", namespace).removeprefix(root): url.findtext("s:lastmod", "", namespace)
        for url in ET.fromstring(sitemap).findall("s:url", namespace)
    }
    assert len(days) >= 300
    assert days["research/hardware/other/"] == "2025-01-31" and days["research/hardware/subject/"] == "2026-11-21"
    assert days["tags/unified-memory/"] == days["research/hardware/"] == days["feeds/"] == "2026-11-21"
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", days["catalog/hardware/rtx-4090/"])
    assert days[""] == days["calculators/mortgage-vs-invest/"] == ""
    with gzip.open(site / "sitemap.xml.gz") as packed:
        assert packed.read() == sitemap
    # The fourth to eighth byte of the packed one say when: the newest day of a page.
    stamp = int.from_bytes((site / "sitemap.xml.gz").read_bytes()[4:8], "little")
    assert stamp % 86400 == 0
