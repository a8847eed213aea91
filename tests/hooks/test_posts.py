"""Posts: front matter, follow-ups, predictions, the list, the navigation."""

from __future__ import annotations

import pytest

import catalog
from calculators import registry
from hooks.navigation import MOST_POSTS, navigation
from hooks.posts import FollowUp, Post, index_markdown, is_post, newest_first, read_post, with_marks
from tests.hooks.conftest import ROOT, Build, BuildFailed

URI = "posts/a-view.md"
POST = """---
title: A view
summary: One sentence that says what a reader learns here.
tags: [unified-memory]
published: 2026-01-31
facts: [finance/us-federal-income-tax/standard_deduction_joint_usd]
calculators: [mortgage-vs-invest]
sources: [irs-rev-proc-2025-32]
---

# A view

## What will happen

- **P1.** It becomes cheaper.
- **P2.** Nobody notices.

## Follow-ups

### 2026-06-30: half a year later

P1 has come true; see [P2 in the *list*](#p2) and `P3`.

### 2026-11-21: the end of it

P1 and P2 were wrong.
"""


def post(uri: str, published: str = "2026-01-01", title: str = "X") -> Post:
    return Post(uri, title, "A summary.", (), published, published, ())


def problems_of(text: str, uri: str = URI) -> list[str]:
    found, problems = read_post(text, uri, catalog.load(), ["mortgage-vs-invest"])
    assert (found is None) == bool(problems)
    return problems


def test_a_good_post_is_read() -> None:
    found, problems = read_post(POST, URI, catalog.load(), ["mortgage-vs-invest"])
    assert problems == []
    assert found == Post(
        URI,
        "A view",
        "One sentence that says what a reader learns here.",
        ("unified-memory",),
        "2026-01-31",
        "2026-11-21",
        ("irs-rev-proc-2025-32",),
        ("finance/us-federal-income-tax/standard_deduction_joint_usd",),
        ("mortgage-vs-invest",),
        (FollowUp("2026-06-30", "half a year later"), FollowUp("2026-11-21", "the end of it")),
    )


def test_without_follow_ups_it_was_updated_when_it_appeared() -> None:
    text = POST.partition("## Follow-ups")[0]
    found, _ = read_post(text, URI, catalog.load(), ["mortgage-vs-invest"])
    assert found is not None and (found.updated, found.follow_ups) == ("2026-01-31", ())


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("title: A view\n", "", ':2: has no "title"'),
        ("published: 2026-01-31", "published: 2026-02-31", ":5 published: "),
        ("published: 2026-01-31\n", "published: 2026-01-31\nreviewed: 2026-01-31\n", ":6 reviewed: unknown field"),
        ("[mortgage-vs-invest]", "[mortgage]", ':7 calculators[0]: unknown calculator "mortgage"'),
        ("[irs-rev-proc-2025-32]", "[irs-rev-proc-2025-23]", ':8 sources[0]: unknown source "irs-rev-proc-2025-23"'),
        ("[irs-rev-proc-2025-32]", "[]", ":8 sources: [] does not fit; expected a list of at least one id"),
        ("2026-06-30: half", "30 June: half", ':20: "30 June: half a year later" is no follow-up; expected "### YYYY-'),
        ("2026-06-30: half", "2026-06-31: half", ':20: "2026-06-31: half a year later" is no follow-up'),
        ("2026-06-30: half", "2026-01-30: half", ':20: "2026-01-30" is not later than the post itself, published 2026'),
        ("2026-06-30: half", "2026-12-30: half", ':24: "2026-11-21" is not later than the follow-up of 2026-12-30'),
        ("2026-06-30: half", "2026-11-21: half", ':24: "2026-11-21" is not later than the follow-up of 2026-11-21'),
        ("P1 and P2 were", "P1 and P4 were", ":26: no prediction P4; expected one of P1, P2; mend it"),
        ("**P2.** Nobody", "**P1.** Nobody", ":16: P1 stands in line 15 already"),
        ("were wrong.\n", "were wrong.\n\n## More\n", ':28: "More" stands after Follow-ups, which come last'),
        (POST.partition("## Follow-ups\n")[2], "", ':18: no follow-up; expected "### YYYY-MM-DD: what came of it"'),
    ],
)
def test_each_mistake_is_named_with_its_line(old: str, new: str, problem: str) -> None:
    assert POST.count(old) == 1
    found = problems_of(POST.replace(old, new))
    assert any(line.startswith(f"docs/{URI}{problem}") for line in found), found


def test_a_post_stands_in_no_folder() -> None:
    assert problems_of(POST, "posts/2026/a-view.md") == [
        "docs/posts/2026/a-view.md:1: a post in a folder of its own; expected docs/posts/<slug>.md; move the file"
    ]


def test_a_follow_up_may_be_of_the_day_on_which_the_post_appeared() -> None:
    assert problems_of(POST.replace("published: 2026-01-31", "published: 2026-06-30")) == []


def test_names_that_look_like_marks_are_none_without_predictions() -> None:
    assert problems_of(POST.replace("- **P1.** ", "- ").replace("- **P2.** ", "- ")) == []


def test_follow_ups_link_to_predictions() -> None:
    text = with_marks(POST)
    assert "- **P1.**{ #p1 } It becomes cheaper." in text
    assert "[P1](#p1) has come true; see [P2 in the *list*](#p2) and `P3`." in text
    assert "[P1](#p1) and [P2](#p2) were wrong." in text
    assert len(text.splitlines()) == len(POST.splitlines())
    assert with_marks("# No predictions\n\nP1\n") == "# No predictions\n\nP1\n"


def test_the_newest_stands_first() -> None:
    posts = [
        post("posts/b.md", "2026-01-02", "B"),
        post("posts/c.md", "2026-01-03"),
        post("posts/a.md", "2026-01-02", "A"),
    ]
    assert [one.uri for one in newest_first(posts)] == ["posts/c.md", "posts/a.md", "posts/b.md"]
    text = index_markdown(posts)
    assert text.index("(c.md)") < text.index("(a.md)") < text.index("(b.md)")


def test_navigation_lists_posts_if_there_are_any_and_not_too_many() -> None:
    assert not any("Posts" in part for part in navigation([], []))
    [few] = [part["Posts"] for part in navigation([], [], posts=[post("posts/a.md")]) if "Posts" in part]
    assert few == ["posts/index.md", "posts/a.md"]
    many = [post(f"posts/{number}.md") for number in range(MOST_POSTS + 1)]
    [listed] = [part["Posts"] for part in navigation([], [], posts=many) if "Posts" in part]
    assert listed == ["posts/index.md"]


def test_real_posts_are_read() -> None:
    loaded = catalog.load()
    paths = sorted((ROOT / "docs/posts").rglob("*.md"))
    assert len(paths) >= 3
    for path in paths:
        uri = path.relative_to(ROOT / "docs").as_posix()
        assert is_post(uri)
        found, problems = read_post(path.read_text(), uri, loaded, registry.SLUGS)
        assert problems == [] and found is not None


def test_a_post_is_built(build_site: Build) -> None:
    site = build_site({URI: POST})
    page = (site / "posts/a-view/index.html").read_text()
    assert "Published 2026-01-31, last follow-up 2026-11-21 · 1 source" in page
    assert '<strong id="p1">P1.</strong>' in page and '<a href="#p1">P1</a>' in page
    assert '<a href="../../tags/unified-memory/" rel="tag">unified-memory</a>' in page
    index = (site / "posts/index.html").read_text()
    assert '<a href="a-view/">A view</a>' in index
    assert "a post that cites it" in (site / "sources/index.html").read_text()


def test_a_site_without_posts_says_nothing_of_them(build_site: Build) -> None:
    site = build_site()
    assert not (site / "posts").exists()
    assert "posts/" not in (site / "index.html").read_text()


def test_numbers_in_posts_say_where_they_come_from(build_site: Build) -> None:
    with pytest.raises(BuildFailed, match=r'docs/posts/a-view.md:15: "30%" does not say where it comes from'):
        build_site({URI: POST.replace("It becomes cheaper", "It becomes 30% cheaper")})
