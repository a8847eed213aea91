"""The end of a page: what is related by which rule, and where it is mentioned."""

from __future__ import annotations

from hooks.catalog_pages.statements import Link
from hooks.entries import Entry
from hooks.links import Links, Reference
from hooks.mentions import html
from hooks.posts import Post
from hooks.related import _COMMON, MOST, Relations
from hooks.widget import templates
from tests.hooks.conftest import ENTRY, ROOT, Build


def entry(slug: str, *, tags: str = "", facts: str = "", sources: str = "") -> Entry:
    named = (tuple(sources.split()), tuple(facts.split()), tuple(tags.split()))
    return Entry(f"research/topic/{slug}.md", slug.upper(), f"About {slug}.", "topic", "2026-01-01", *named)


def why(pieces: list[Entry | Post], links: Links | None = None) -> dict[str, str]:
    """What is related to the first."""
    return {one.piece.title: one.why for one in Relations(pieces, links or Links([])).of(pieces[0].uri)}


def test_each_says_why_and_the_closest_stands_first() -> None:
    pieces: list[Entry | Post] = [
        entry("a", tags="power heat cost", facts="k/s/f k/s/g k/s/h", sources="one two"),
        entry("b", tags="power heat cost"),
        entry("c", facts="k/s/h k/s/g k/s/f", sources="two", tags="power"),
        entry("d", sources="one two"),
        entry("e", tags="power"),
    ]
    assert list(why(pieces).items()) == [
        ("C", "shares 3 facts, a source and the tag power"),
        ("B", "shares the tags power, heat and cost"),
        ("D", "shares 2 sources"),
    ], "a single point is too little"


def test_posts_are_related_as_entries_are() -> None:
    post = Post("posts/p.md", "P", "A view.", ("power", "heat"), "2026-01-01", "2026-01-01", ())
    assert why([entry("a", tags="power heat"), post]) == {"P": "shares the tags power and heat"}


def test_links_relate_in_either_direction() -> None:
    pieces: list[Entry | Post] = [entry(slug) for slug in "abcd"]
    a, b, c, d = (piece.uri for piece in pieces)
    links = Links(Reference(page, to, "link") for page, to in ((a, b), (c, a), (a, d), (d, a)))
    assert why(pieces, links) == {"B": "mentioned here", "C": "leads here", "D": "each leads to the other"}


def test_there_are_at_most_five_and_the_order_is_by_title() -> None:
    pieces: list[Entry | Post] = [entry(f"s{number}", tags="one two") for number in range(9)]
    assert list(why(pieces)) == ["S1", "S2", "S3", "S4", "S5"] and MOST == 5


def test_what_many_share_relates_nobody() -> None:
    pieces: list[Entry | Post] = [entry(f"s{number}", tags="one two") for number in range(_COMMON)]
    assert len(why(pieces)) == MOST
    assert why([*pieces, entry("more", tags="one two")]) == {}


def test_html_escapes_and_is_nothing_without_anything() -> None:
    env = templates(ROOT)
    made = html(env, [], [Link("posts/x/", "A <title>", 'What "it" says')], "../..")
    assert '<a href="../../posts/x/" title="What &#34;it&#34; says">A &lt;title&gt;</a>' in made
    assert "Related" not in made
    assert html(env, [], [], ".") == ""


def test_pages_end_with_what_leads_to_them(build_site: Build) -> None:
    other = ENTRY.replace("A subject", "Another").replace("calculators: [mortgage-vs-invest]", "calculators: []")
    site = build_site(
        {
            "research/hardware/other.md": other.replace("## What it is\n", "## What it is\n\n[x](subject.md)\n"),
            "calculators/mortgage-vs-invest.md": "# One\n\n[e](../research/hardware/subject.md)\n",
        }
    )
    subject = (site / "research/hardware/subject/index.html").read_text()
    assert "shares a fact, 3 sources and the tag unified-memory; leads here" in subject
    mentioned = subject.partition("Mentioned in")[2]
    assert mentioned.index(">Another</a>") < mentioned.index("calculators/mortgage-vs-invest/")
    calculator = (site / "calculators/mortgage-vs-invest/index.html").read_text()
    assert ">A subject</a>" in calculator.partition("Mentioned in")[2], "its front matter names the calculator"
    assert "Another" not in calculator.partition("Mentioned in")[2]
    fact = (site / "catalog/finance/us-federal-income-tax/index.html").read_text().partition('id="mentions"')[2]
    assert ">Another</a>" in fact and ">A subject</a>" in fact
    found = (site / "search/search_index.json").read_text()
    assert "shares a fact" not in found, "the search finds what a page is about"
