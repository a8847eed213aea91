"""The pictures and words of shared links, and what search engines are told of a calculator."""

from __future__ import annotations

import json
import re
import struct
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from hooks.answers import Answers
from hooks.api.addresses import Site
from hooks.api_files import answered
from hooks.applications import application
from hooks.social import KINDS, Card, Cards, Heads, Picture, cards, published, svg, width_px, wrapped
from tests.hooks.conftest import ROOT, Build

SITE = Site("https://example.org/a-path/", "Reckoner", "Research with calculators in it.")
SVG = "{http://www.w3.org/2000/svg}"


class MetaTags(HTMLParser):
    """Properties of the `meta` elements in a head."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("property") or given.get("name")
        if tag == "meta" and name:
            assert name not in self.found, f"{name} is there twice"
            self.found[name] = given.get("content") or ""


def texts(drawing: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(drawing).iter(f"{SVG}text")]


def calculator_cards() -> dict[str, Card]:
    answers = Answers(ROOT)
    made = {}
    for slug in answers.slugs():
        described = answers.describe(slug)
        made[slug] = Card(described["title"], described["question"], answers.report(slug, {})["headline"])
    return made


def test_a_picture_says_title_question_and_the_whole_headline() -> None:
    made = calculator_cards()
    assert len(made) >= 4
    for slug, card in made.items():
        shown = " ".join(texts(svg(ROOT, "Reckoner", card)))
        assert shown == f"Reckoner {card.title} {card.question} {card.headline}", slug


def test_lines_stay_inside_the_picture() -> None:
    long = Card("A title of many words " * 9, "a question of many words " * 20, "An answer of many words " * 30)
    unbroken = Card("W" * 200, "m" * 300, "@" * 400)
    looked_at = 0
    for card in (long, unbroken, *calculator_cards().values()):
        for element in ElementTree.fromstring(svg(ROOT, "Reckoner", card)).iter(f"{SVG}text"):
            x = int(element.get("x", "0"))
            size_px, weight = int(element.get("font-size", "0")), int(element.get("font-weight", "400"))
            assert x + width_px(element.text or "", size_px, weight) <= 1128 + 1
            assert 0 < int(element.get("y", "0")) <= 620
            looked_at += 1
    assert looked_at >= 30


@pytest.mark.parametrize("text", ["one two three four five six seven eight nine ten " * 5, "x" * 500])
def test_what_is_cut_ends_in_an_ellipsis(text: str) -> None:
    lines = wrapped(text, 40, 400, 2)
    assert 1 <= len(lines) <= 2 and lines[-1].endswith("…")
    assert wrapped("short", 40, 400, 2) == ["short"]


def test_markup_in_a_title_is_text() -> None:
    card = Card("<script>&amp;</script>", 'a "quote" & <b>', "")
    assert texts(svg(ROOT, "R", card))[1:] == ["<script>&amp;</script>", 'a "quote" & <b>']


def test_the_png_has_its_size_and_is_remembered(tmp_path: Path) -> None:
    (tmp_path / "hooks").symlink_to(ROOT / "hooks", target_is_directory=True)
    drawn = Cards(tmp_path)
    png = drawn.png("Reckoner", Card("Title", "Question?", "Headline."))
    assert png.startswith(b"\x89PNG") and struct.unpack(">II", png[16:24]) == (1200, 630)
    [kept] = (tmp_path / ".cache" / "social").glob("*.png")
    kept.write_bytes(b"as it was")
    assert drawn.png("Reckoner", Card("Title", "Question?", "Headline.")) == b"as it was"
    assert drawn.png("Reckoner", Card("Other", "Question?", "Headline.")) != b"as it was"


def test_text_is_drawn_without_fonts_of_the_machine(tmp_path: Path) -> None:
    """The picture with words differs from the one without: the font comes with the library."""
    (tmp_path / "hooks").symlink_to(ROOT / "hooks", target_is_directory=True)
    drawn = Cards(tmp_path)
    assert len(drawn.png("R", Card("MMMMM MMMMM", "MMMM", "MMMM"))) > len(drawn.png("R", Card("."))) + 1000


def test_every_page_has_a_picture_of_its_kind() -> None:
    made = cards(SITE, calculator_cards().items())
    heads = Heads(SITE, {name: Picture(published(name, b"x"), card.alt) for name, card in made.items()})

    def name_of(uri: str) -> str:
        return Path(heads.picture(uri).address).name.partition(".")[0]

    assert name_of("calculators/colo-power.md") == "colo-power"
    assert name_of("calculators/index.md") == "calculators"
    assert name_of("research/hardware/x.md") == "research"
    assert name_of("claims.md") == "claims"
    assert name_of("catalog/hardware/dgx-spark.md") == "catalog"
    assert name_of("embedding/builder.md") == "embedding"
    assert name_of("index.md") == name_of("sources.md") == "site"
    assert len(made) == 1 + len(KINDS) + len(calculator_cards())


def test_words_of_a_page_are_escaped() -> None:
    heads = Heads(SITE, {"": Picture("assets/social/site.0.png", "Alt.")})
    found = MetaTags(heads.html("x.md", "x/", 'A "title" <b>', "& more")).found
    assert found["og:title"] == 'A "title" <b>' and found["og:description"] == "& more"
    assert found["og:url"] == "https://example.org/a-path/x/"
    assert found["og:image"] == "https://example.org/a-path/assets/social/site.0.png"


def test_entries_and_posts_are_articles() -> None:
    heads = Heads(SITE, {"": Picture("assets/social/site.0.png", "Alt.")})
    articles = ("research/hardware/x.md", "posts/x.md")
    others = ("research/map.md", "posts/index.md", "calculators/x.md", "index.md")
    kinds = [MetaTags(heads.html(uri, "x/", "T", "D")).found["og:type"] for uri in articles + others]
    assert kinds == ["article"] * 2 + ["website"] * 4


def test_a_calculator_is_a_free_application_with_its_sources() -> None:
    answers = Answers(ROOT)
    calculators = answered(answers, [f"calculators/{slug}.md" for slug in answers.slugs()])
    assert len(calculators) >= 4
    for one in calculators:
        data = application(SITE, one, "https://example.org/x.png")
        assert (data["@context"], data["@type"]) == ("https://schema.org", "WebApplication")
        assert data["url"] == f"https://example.org/a-path/calculators/{one.slug}/"
        assert data["offers"] == {"@type": "Offer", "price": 0, "priceCurrency": "USD"}
        assert data["isAccessibleForFree"] is True and data["image"] == "https://example.org/x.png"
        names = {source["title"] for source in one.report["sources"]}
        assert {work["name"] for work in data["isBasedOn"]} == names and names
        assert len(data["isBasedOn"]) == len({source["id"] for source in one.report["sources"]})
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", data["dateModified"])


def test_what_the_heads_name_is_in_the_site(build_site: Build) -> None:
    site = build_site()
    root = "http://127.0.0.1:8000/"
    looked_at = 0
    for page in sorted(site.rglob("index.html")):
        if page.relative_to(site).parts[0] == "embed":
            continue
        found = MetaTags(page.read_text("utf-8").partition("</head>")[0]).found
        address = found["og:image"].removeprefix(root)
        assert (site / address).read_bytes().startswith(b"\x89PNG"), page
        assert found["og:image:alt"] and found["og:title"] and found["og:description"]
        assert found["twitter:card"] == "summary_large_image"
        looked_at += 1
    assert looked_at >= 200
    html = (site / "calculators" / "mortgage-vs-invest" / "index.html").read_text("utf-8")
    scripts = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    [data] = [one for one in map(json.loads, scripts) if one["@type"] != "BreadcrumbList"]
    assert data["@type"] == "WebApplication"
    assert data["image"] == MetaTags(html).found["og:image"]
    assert (site / data["subjectOf"]["contentUrl"].removeprefix(root)).is_file()
