"""Former addresses: what the file may say, and the pages and files that lead on."""

from __future__ import annotations

import re

import pytest

from hooks.redirects import Redirect, first_addresses, page_html, read_redirects, with_companions
from hooks.widget import templates
from tests.hooks.conftest import ROOT, Build, BuildFailed

KNOWN = ["research/a/new/", "research/a/other/", "calculators/new/", "embed/new/", "feed.xml", "api/v1/hardware/b.json"]


def read(*pairs: tuple[str, str]) -> tuple[list[Redirect], list[str]]:
    lines = [f"  - from: {old}\n    to: {new}\n" for old, new in pairs]
    return read_redirects(("redirects:\n" + "".join(lines)).encode(), "docs/redirects.yml", KNOWN)


def test_redirects_are_read() -> None:
    found, problems = read(
        ("research/a/old/", "research/a/new/"), ("b/", "research/a/new/#part"), ("old.xml", "feed.xml")
    )
    assert problems == []
    assert [(one.old, one.new, one.anchor) for one in found] == [
        ("research/a/old/", "research/a/new/", ""),
        ("b/", "research/a/new/", "#part"),
        ("old.xml", "feed.xml", ""),
    ]
    assert read_redirects(b"redirects: []\n", "f", KNOWN) == ([], [])


@pytest.mark.parametrize(
    ("pairs", "problem"),
    [
        (
            [("a/", "research/a/nwe/")],
            '3 redirects[0].to: "research/a/nwe/" is no page or file of this site; did you mean "research/a/new/"?',
        ),
        (
            [("a/", "xyz/")],
            (
                '3 redirects[0].to: "xyz/" is no page or file of this site; '
                "give the address of a page or file, without a slash in front"
            ),
        ),
        (
            [("research/a/other/", "research/a/new/")],
            (
                '2 redirects[0].from: "research/a/other/" is an address of this site; '
                "expected one that nothing has; remove the redirect"
            ),
        ),
        (
            [("a/", "research/a/new/"), ("a/", "research/a/other/")],
            '4 redirects[1].from: "a/" stands here twice; expected each address once; keep one',
        ),
        (
            [("a/", "b/"), ("b/", "research/a/new/")],
            '3 redirects[0].to: "b/" has moved itself; expected the address that holds now; mend it',
        ),
        (
            [("a.xml", "research/a/new/")],
            '3 redirects[0].to: "research/a/new/" is a page and "a.xml" is not; mend one of them',
        ),
        ([("a/", "feed.xml")], '3 redirects[0].to: "feed.xml" is a file and "a/" is not; mend one of them'),
        (
            [("/a/", "research/a/new/")],
            (
                '2 redirects[0].from: "/a/" does not fit; expected the former address below the site\'s root, '
                'with a slash at the end for a page; write it like "research/hardware/old-name/"'
            ),
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_line(pairs: list[tuple[str, str]], problem: str) -> None:
    _, problems = read(*pairs)
    assert problems == [f"docs/redirects.yml:{problem}"]


def test_what_belongs_to_a_page_moves_with_it() -> None:
    found, _ = read(("calculators/old/", "calculators/new/"), ("catalog/hardware/a/", "research/a/new/"))
    known = [*KNOWN, "api/v1/calculators/new.json", "oembed/new.json", "tags/new/feed.xml"]
    assert [(one.old, one.new) for one in with_companions(found, known)][2:] == [
        ("embed/old/", "embed/new/"),
        ("api/v1/calculators/old.json", "api/v1/calculators/new.json"),
        ("oembed/old.json", "oembed/new.json"),
    ]
    subject = Redirect("catalog/hardware/a/", "catalog/hardware/b/", "", "")
    assert [one.old for one in with_companions([subject], KNOWN)] == ["catalog/hardware/a/", "api/v1/hardware/a.json"]
    tag = Redirect("tags/old/", "tags/new/", "", "")
    assert [one.old for one in with_companions([tag], known)] == ["tags/old/", "tags/old/feed.xml"]


def test_the_first_address_is_the_oldest() -> None:
    found, _ = read(("a/", "research/a/new/"), ("b/", "research/a/new/"), ("c/", "research/a/other/#x"))
    assert first_addresses(found) == {"research/a/new/": "a/"}


def test_the_page_keeps_query_and_fragment_and_works_without_scripts() -> None:
    redirect = Redirect("research/a/old/", "research/a/new/", "#part", "")
    html = page_html(templates(ROOT), redirect, "https://example.org/research/a/new/", 'A "new" <name>')
    assert 'location.replace("../new/" + location.search + (location.hash || "#part"))' in html
    assert '<noscript><meta http-equiv="refresh" content="0; url=../new/#part"></noscript>' in html
    assert '<link rel="canonical" href="https://example.org/research/a/new/#part">' in html
    assert '<a href="../new/#part">A &#34;new&#34; &lt;name&gt;</a>' in html


YML = """redirects:
  - from: research/hardware/former-name/
    to: research/hardware/subject/
  - from: calculators/pay-or-invest/
    to: calculators/mortgage-vs-invest/
  - from: essays/part/
    to: research/hardware/subject/#what-it-is
"""


def test_in_the_site(build_site: Build) -> None:
    site = build_site({"redirects.yml": YML})
    assert not (site / "redirects.yml").exists()
    former = (site / "research/hardware/former-name/index.html").read_text("utf-8")
    assert '"../subject/"' in former and "A subject" in former
    assert "#what-it-is" in (site / "essays/part/index.html").read_text("utf-8")
    assert '"../mortgage-vs-invest/"' in (site / "embed/pay-or-invest/index.html").read_text("utf-8")
    for folder in ("api/v1/calculators", "oembed"):
        old, new = (site / folder / f"{slug}.json" for slug in ("pay-or-invest", "mortgage-vs-invest"))
        assert old.read_bytes() == new.read_bytes()
    # Nothing that lists pages lists them; the feed keeps the first name of the page.
    for name in ("sitemap.xml", "service-worker.js", "search/search_index.json", "llms.txt"):
        assert not re.search("former-name|pay-or-invest|essays", (site / name).read_text("utf-8")), name
    assert ",2026:/research/hardware/former-name/</id>" in (site / "feed.xml").read_text("utf-8")


def test_a_broken_target_ends_the_build(build_site: Build) -> None:
    broken = YML.replace("/subject/\n", "/subjekt/\n").replace("#what-it-is", "#what-is-it")
    with pytest.raises(BuildFailed) as failed:
        build_site({"redirects.yml": broken})
    assert 'docs/redirects.yml:3 redirects[0].to: "research/hardware/subjekt/" is no page' in str(failed.value)
    problem = 'docs/redirects.yml:7 redirects[2].to: "research/hardware/subject/" has no place "#what-is-it"'
    assert f'{problem}; did you mean "what-it-is"?' in str(failed.value)


def test_the_redirects_of_the_site_are_read() -> None:
    content = (ROOT / "docs/redirects.yml").read_bytes()
    _, problems = read_redirects(content, "docs/redirects.yml", [])
    assert [problem for problem in problems if "is no page or file" not in problem] == []
