"""The log of corrections: what the file may say, the page and its feeds."""

from __future__ import annotations

import json

import feedparser
import pytest

from hooks.api.addresses import Site
from hooks.corrections import items, page_markdown, page_problems, read_corrections
from tests.hooks.conftest import ROOT, Build

SITE = Site("https://example.org/a-path/", "Reckoner", "")
YML = """corrections:
  - date: 2026-01-02
    page: research/hardware/subject.md
    was: The price was given as *$5* <i>.
    now: It is $6; the copy misprints it.
    reported_by: A. Reader
  - date: 2026-01-02
    page: research/hardware/subject.md#what-it-is
    was: Another sentence was wrong.
    now: And is right now, too.
  - date: 2026-01-03
    page: sources.md
    was: A day was wrong there.
    now: It has no day any more.
"""


def test_newest_first_with_ids_that_stay() -> None:
    found, problems = read_corrections(YML.encode(), "f")
    assert problems == []
    subject = "research/hardware/subject"
    assert [(one.date, one.uri, one.anchor, one.id) for one in found] == [
        ("2026-01-03", "sources.md", "", "corrections/2026-01-03/sources/"),
        ("2026-01-02", f"{subject}.md", "#what-it-is", f"corrections/2026-01-02/{subject}/2/"),
        ("2026-01-02", f"{subject}.md", "", f"corrections/2026-01-02/{subject}/"),
    ]
    longer, _ = read_corrections((YML + YML.partition("\n")[2].replace("2026-01-02", "2026-01-04")).encode(), "f")
    assert [one.id for one in longer[-3:]] == [one.id for one in found]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "date: 2026-01-03",
            "date: 2026-01-01",
            'f:11 corrections[2].date: "2026-01-01" is earlier than the one before',
        ),
        ("date: 2026-01-03", "date: 2026-01-33", "f:11 corrections[2].date: 2026-01-33 is not a day of the calendar"),
        ("page: sources.md", "page: /sources/", 'f:12 corrections[2].page: "/sources/" does not fit'),
        ("    was: A day was wrong there.\n", "", 'f:11 corrections[2]: has no "was"'),
        ("reported_by", "reporter", "f:6 corrections[0].reporter: unknown field"),
        ("corrections:", "corrections: []\nmore:", "f:2 more: unknown field"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(old: str, new: str, problem: str) -> None:
    assert old in YML
    _, problems = read_corrections(YML.replace(old, new).encode(), "f")
    assert [one for one in problems if one.startswith(problem)], problems


def test_text_is_text() -> None:
    found, _ = read_corrections(YML.encode(), "f")
    titles = {"research/hardware/subject.md": "A *subject*", "sources.md": "Sources"}
    text = page_markdown(found, titles)
    assert (
        "The price was given as \\*$5\\* &lt;i&gt;." in text
        and "[A \\*subject\\*](research/hardware/subject.md)" in text
    )
    assert "None so far." in page_markdown([], {})
    [*_, first] = items(SITE, found, titles)
    assert (
        first.title == "Correction: A *subject*"
        and "&lt;i&gt;" in first.html
        and "Reported by A. Reader." in first.html
    )


def test_in_the_site(build_site: Build) -> None:
    site = build_site({"corrections.yml": YML})
    assert not (site / "corrections.yml").exists()
    page = (site / "corrections/index.html").read_text("utf-8")
    assert page.index("2026-01-03: ") < page.index("2026-01-02: ")
    assert 'href="../research/hardware/subject/#what-it-is"' in page and "Reported by A. Reader." in page
    read = feedparser.parse((site / "corrections/feed.xml").read_bytes())
    assert not read.bozo and [entry.title for entry in read.entries] == [
        "Correction: Sources",
        "Correction: A subject",
        "Correction: A subject",
    ]
    for entry in read.entries:
        address, _, mark = entry.link.partition("#")
        assert address == "http://127.0.0.1:8000/corrections/" and f'id="{mark}"' in page
    data = json.loads((site / "corrections/feed.json").read_text("utf-8"))
    assert [item["id"] for item in data["items"]] == [entry.id for entry in read.entries]
    assert 'href="../corrections/feed.xml"' in (site / "feeds/index.html").read_text("utf-8")
    for name in ("index.html", "sources/index.html"):
        assert 'corrections/">Corrections</a>' in (site / name).read_text("utf-8")


def test_an_unknown_page_is_said_with_its_line() -> None:
    found, _ = read_corrections(YML.encode(), "docs/corrections.yml")
    problems = page_problems(found, ["research/hardware/subjekt.md", "sources.md"])
    assert problems == [
        f'docs/corrections.yml:{line} corrections[{index}].page: no page "research/hardware/subject.md"; '
        'did you mean "research/hardware/subjekt.md"?'
        for index, line in ((1, 8), (0, 3))
    ]


def test_the_log_of_the_site() -> None:
    found, problems = read_corrections((ROOT / "docs/corrections.yml").read_bytes(), "docs/corrections.yml")
    assert problems == [] and len(found) >= 6
