"""Research entries: front matter, sections, the page that lists them, the navigation."""

from __future__ import annotations

import pytest

import catalog
from calculators import registry
from hooks.entries import Entry, byline, index_markdown, is_entry, read_entry, tag_links, with_byline
from hooks.navigation import MOST_ENTRIES, navigation
from tests.hooks.conftest import ENTRY, ROOT, Build, BuildFailed

URI = "research/hardware/subject.md"


def problems_of(text: str, uri: str = URI) -> list[str]:
    entry, problems = read_entry(text, uri, catalog.load(), ["mortgage-vs-invest"])
    assert (entry is None) == bool(problems)
    return problems


def test_a_good_entry_is_read() -> None:
    entry, problems = read_entry(ENTRY, URI, catalog.load(), ["mortgage-vs-invest"])
    assert problems == []
    assert entry == Entry(
        URI,
        "A subject",
        "One sentence that says what a reader learns here.",
        "hardware",
        "2026-11-21",
        ("irs-rev-proc-2025-32", "damodaran-histretsp", "stag-historical-returns"),
        ("finance/us-federal-income-tax/standard_deduction_joint_usd",),
        ("unified-memory",),
        ("mortgage-vs-invest",),
        180,
    )


@pytest.mark.parametrize(
    ("old", "new", "place", "problem"),
    [
        ("---\ntitle", "title", ":1", "no front matter"),
        ("title: A subject\n", "", ":2", 'has no "title"'),
        ("title: A subject\n", "title: A subject\ntitle: Again\n", ":3 title", "twice"),
        ("topic: hardware", "topic: software", ":4 topic", 'expected "hardware"'),
        ("topic: hardware", "topics: hardware", ":4 topics", 'did you mean "topic"?'),
        ("[unified-memory]", "[Unified Memory]", ":5 tags[0]", "lower case with hyphens"),
        ("[unified-memory]", "[index]", ":5 tags[0]", "other than index"),
        ("reviewed: 2026-11-21", "reviewed: 2026-11-31", ":6 reviewed", "2026-11-31"),
        ("review_after_days: 180", "review_after_days: soon", ":7 review_after_days", "whole number"),
        ("_joint_usd", "_jiont_usd", ":8 facts[0]", "did you mean"),
        ("[mortgage-vs-invest]", "[mortgage]", ":9 calculators[0]", "there are: mortgage-vs-invest"),
        ("[irs-rev-proc-2025-32,", "[irs-rev-proc-2025-23,", ":10 sources[0]", 'did you mean "irs-rev-proc-2025-32"?'),
        ("## Why it matters", "## Why", ":17", "has the sections"),
        ("## Sources\n", "", ":22", "has the sections"),
        ("One sentence", "One sentence" + " and more" * 30, ":3 summary", "at most 200 characters"),
    ],
)
def test_each_mistake_is_named_with_its_line(old: str, new: str, place: str, problem: str) -> None:
    assert ENTRY.count(old) == 1
    found = problems_of(ENTRY.replace(old, new))
    assert any(f"docs/{URI}{place}" in line and problem in line for line in found), found


def test_headings_in_code_are_no_sections() -> None:
    assert problems_of(ENTRY.replace("## Why it matters", "```\n## Code\n```\n\n## Why it matters")) == []


def test_real_entries_are_read() -> None:
    loaded = catalog.load()
    paths = sorted((ROOT / "docs/research").rglob("*.md"))
    assert len(paths) >= 3
    for path in paths:
        uri = path.relative_to(ROOT / "docs").as_posix()
        assert is_entry(uri)
        entry, problems = read_entry(path.read_text(), uri, loaded, registry.SLUGS)
        assert problems == []
        assert entry is not None
        assert len(entry.sources) >= 3


def test_thousands_of_entries_are_not_in_the_navigation() -> None:
    entry = Entry("research/hardware/x.md", "X", "", "hardware", "2026-01-01", ())
    for count, listed in ((MOST_ENTRIES, True), (MOST_ENTRIES + 1, False)):
        [research] = [part["Research"] for part in navigation([entry] * count, []) if "Research" in part]
        assert research[0] == "research/index.md"
        assert (len(research) > 1) == listed


def test_index_and_navigation_list_every_entry_by_topic() -> None:
    entries = [
        Entry("research/b-topic/two.md", "Two", "Second.", "b-topic", "2026-11-21", ()),
        Entry("research/a-topic/one.md", "One", "First.", "a-topic", "2026-11-21", ()),
    ]
    text = index_markdown(entries)
    assert text.index("## A topic") < text.index("[One](a-topic/one.md)") < text.index("## B topic")
    assert navigation(entries, ["calculators/z.md", "calculators/a.md"], ["colo", "systems"]) == [
        {"Home": "index.md"},
        {"Calculators": ["calculators/index.md", "calculators/a.md", "calculators/z.md"]},
        {
            "Research": [
                "research/index.md",
                {"A topic": ["research/a-topic/index.md", {"One": "research/a-topic/one.md"}]},
                {"B topic": ["research/b-topic/index.md", {"Two": "research/b-topic/two.md"}]},
            ]
        },
        {"Catalog": ["catalog/index.md", "catalog/colo/index.md", "catalog/systems/index.md"]},
        {"Claims checked": "claims.md"},
        {"Sources": "sources.md"},
    ]


def test_byline_stands_below_the_title() -> None:
    sources = ("a", "b", "c")
    entry = Entry(URI, "A subject", "What one learns.", "hardware", "2026-11-21", sources, review_after_days=180)
    tags = tag_links(["one", "two"], URI)
    lines = with_byline("\n# A subject\n\nText\n", entry.summary, byline(entry), tags).splitlines()
    assert lines.index("# A subject") < lines.index("What one learns.") < lines.index("Text")
    assert "Reviewed 2026-11-21, to be read again after 180 days · 3 sources" in lines
    assert (
        'Tags: <a href="../../../tags/one/" rel="tag">one</a>, <a href="../../../tags/two/" rel="tag">two</a>' in lines
    )


def test_a_wrong_entry_ends_the_build(build_site: Build) -> None:
    with pytest.raises(BuildFailed, match=r"docs/research/hardware/subject.md:4 topic"):
        build_site({URI: ENTRY.replace("topic: hardware", "topic: software")})


def test_entry_page_shows_its_byline_and_links(build_site: Build) -> None:
    site = build_site()
    page = (site / "research/hardware/subject/index.html").read_text()
    assert "Reviewed 2026-11-21" in page
    index = (site / "research/index.html").read_text()
    assert 'href="hardware/subject/"' in index
    sources = (site / "sources/index.html").read_text()
    assert 'href="../research/hardware/subject/"' in sources
    assert 'id="irs-rev-proc-2025-32"' in sources
