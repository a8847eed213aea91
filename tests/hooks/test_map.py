"""The map of the research: a list, and a picture of the same."""

from __future__ import annotations

import re

import pytest

from hooks import map_page
from hooks.charts import Pictures
from hooks.entries import Entry
from hooks.links import Links, Reference
from hooks.map_page import Group, groups, page_html, picture, picture_spec
from hooks.posts import Post
from hooks.widget import templates
from tests.hooks.conftest import ENTRY, ROOT, Build


def entry(topic: str, slug: str) -> Entry:
    return Entry(f"research/{topic}/{slug}.md", f"On <{slug}>", "A summary.", topic, "2026-01-01", ())


@pytest.fixture
def found() -> list[Group]:
    one, two, three = entry("web-sites", "one"), entry("hardware", "two"), entry("hardware", "three")
    post = Post("posts/p.md", "A view", "A summary.", (), "2026-01-01", "2026-01-01", ())
    pairs = ((one, two), (two, one), (two, three), (post, one))
    return groups([post, one, two, three], Links(Reference(a.uri, b.uri, "link") for a, b in pairs))


def test_the_list_goes_by_topic_and_has_both_directions(found: list[Group]) -> None:
    assert [(group.label, group.anchor, len(group.rows)) for group in found] == [
        ("Hardware", "hardware", 2),
        ("Web sites", "web-sites", 1),
        ("Posts", "posts", 1),
    ]
    one = found[1].rows[0]
    assert [link.href for link in one.leads_to] == ["research/hardware/two/"]
    assert [link.href for link in one.mentioned_in] == ["posts/p/", "research/hardware/two/"], "by title"
    html = page_html(templates(ROOT), found, "")
    assert '<dd><span>leads to</span> <a href="../../research/hardware/two/">On &lt;two&gt;</a></dd>' in html
    assert "<figure" not in html


def test_each_pair_is_one_line(found: list[Group]) -> None:
    lines = picture_spec(found)["data"][2]["values"]
    assert lines == [
        {"source": "research/hardware/two/", "target": "research/web-sites/one/"},
        {"source": "research/hardware/three/", "target": "research/hardware/two/"},
        {"source": "posts/p/", "target": "research/web-sites/one/"},
    ]


def test_the_picture_links_to_the_pages_and_has_no_colours_of_its_own(found: list[Group]) -> None:
    svg = str(picture(found, Pictures(ROOT)))
    links = re.findall(r"<a ([^>]*)>", svg)
    assert len(links) == 4 + 3
    assert 'xlink:href="../../research/hardware/two/" tabindex="-1"' in links
    assert 'xlink:href="#web-sites" tabindex="-1"' in links
    assert "invalid" not in svg and "vega.github.io" not in svg and "xmlns" not in svg
    assert set(re.findall(r'(?:fill|stroke)="([^"]*)"', svg)) == {
        "none",
        "var(--rk-chart-text)",
        "var(--rk-chart-1)",
    }
    assert svg.count("<path") == 3


def test_the_map_in_a_site(build_site: Build) -> None:
    text = ENTRY.replace("A subject", "Another").replace("## What it is\n", "## What it is\n\n[x](subject.md)\n")
    site = build_site({"research/hardware/other.md": text})
    page = (site / "research/map/index.html").read_text()
    assert '<figure class="rk-map" aria-hidden="true"><svg viewBox="0 0 980 980"' in page
    assert '<h2 id="hardware">Hardware</h2>' in page
    assert '<span>leads to</span> <a href="../../research/hardware/subject/">A subject</a>' in page
    assert '<span>is reached from</span> <a href="../../research/hardware/other/">Another</a>' in page
    assert 'href="../map/"' in (site / "research/hardware/subject/index.html").read_text().replace(
        "../../map", "../map"
    )


def test_too_many_titles_or_one_leave_the_picture_out(found: list[Group], monkeypatch: pytest.MonkeyPatch) -> None:
    pictures = Pictures(ROOT)
    assert picture(found, pictures)
    assert not picture([Group("X", "x", found[1].rows)], pictures)
    monkeypatch.setattr(map_page, "MOST_IN_PICTURE", 3)
    assert not picture(found, pictures)
