"""oEmbed: the answers, and how a page leads to them."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

from hooks import oembed
from hooks.api.addresses import Site
from tests.hooks.conftest import ROOT, Build

SITE = Site("https://example.org/a-path/", "Reckoner", "")


class Elements(HTMLParser):
    """The elements of a snippet with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_the_answer_is_rich_and_frames_the_calculator() -> None:
    data = oembed.oembed(SITE, "colo-power", "Colocation power", "https://example.org/a.png")
    assert (data["version"], data["type"]) == ("1.0", "rich")
    assert data["width"] > 0 and data["height"] > 0
    assert (data["thumbnail_width"], data["thumbnail_height"]) == (1200, 630)
    [(tag, frame)] = Elements(data["html"]).found
    assert tag == "iframe" and frame["src"] == "https://example.org/a-path/embed/colo-power/"
    assert frame["title"] == "Colocation power" and frame["height"] == str(data["height"])
    assert set(oembed.SANDBOX.split()) == set((frame["sandbox"] or "").split())
    assert "allow-top-navigation" not in (frame["sandbox"] or "").split()
    assert "thumbnail_url" not in oembed.oembed(SITE, "colo-power", "Colocation power")


def test_all_snippets_lock_the_frame_alike() -> None:
    scripts = ROOT / "docs/assets/javascripts"
    for name in ("embed.js", "builder-snippet.js"):
        found = re.search(r"const SANDBOX =\s*((?:\"[a-z -]+\"[\s+]*)+);", (scripts / name).read_text("utf-8"))
        assert found, name
        assert set("".join(re.findall(r'"([^"]*)"', found[1])).split()) == set(oembed.SANDBOX.split()), name
    assert f"FRAME_HEIGHT_PX = {oembed.HEIGHT_PX};" in (scripts / "builder-snippet.js").read_text("utf-8")
    [(_, element), *_] = Elements(oembed.snippet(SITE, "x", "X")).found
    kept_free = (element["style"] or "").partition(":")
    assert kept_free[0] == "min-height"
    assert f'style.minHeight === "{kept_free[2]}"' in (scripts / "embed.js").read_text("utf-8")
    assert f'style="{element["style"]}"' in (scripts / "builder-snippet.js").read_text("utf-8")


def test_names_and_addresses_cannot_leave_their_attributes() -> None:
    hostile = '"><script>alert(1)</script>'
    for html in (
        oembed.frame(SITE, "x", hostile, "a=1&b=2"),
        oembed.snippet(SITE, "x", hostile),
        oembed.discovery(SITE, "x", hostile),
    ):
        tags = [tag for tag, _ in Elements(html).found]
        assert tags in (["iframe"], ["div", "a", "script"], ["link"])
        assert "alert(1)</script>" not in html
    [(_, frame)] = Elements(oembed.frame(SITE, "x", hostile, "a=1&b=2")).found
    assert frame["src"] == "https://example.org/a-path/embed/x/?a=1&b=2" and frame["title"] == hostile


def test_pages_of_calculators_lead_to_their_answers(build_site: Build) -> None:
    site = build_site()
    root = "http://127.0.0.1:8000/"
    files = sorted((site / "oembed").glob("*.json"))
    assert len(files) >= 4
    for file in files:
        data = json.loads(file.read_text("utf-8"))
        assert data["provider_url"] == root
        assert (site / data["thumbnail_url"].removeprefix(root)).is_file()
    html = (site / "calculators" / "mortgage-vs-invest" / "index.html").read_text("utf-8")
    [href] = re.findall(r'<link rel="alternate " type="application/json\+oembed"[^>]* href="([^"]+)"', html)
    assert href == f"{root}oembed/mortgage-vs-invest.json" and (site / href.removeprefix(root)).is_file()
    other = (site / "calculators" / "index.html").read_text("utf-8")
    assert "json+oembed" not in other


def test_the_hosting_guide_names_every_folder_of_hashed_files(build_site: Build) -> None:
    site = build_site()
    guide = (ROOT / "docs/embedding/hosting.md").read_text("utf-8")
    named = set(re.findall(r"^/assets/(\w+)/\*$", guide, re.MULTILINE))
    folders = {path.name for path in (site / "assets").iterdir() if path.is_dir()}
    assert named == folders - {"images", "javascripts", "stylesheets"}
    pattern = re.search(r'"(~\^/assets/\(.*)"\s+"public, max-age=31536000, immutable"', guide)
    assert pattern
    kept = re.compile(pattern[1].removeprefix("~"))
    for path in (path for path in (site / "assets").rglob("*") if path.is_file()):
        address = "/" + path.relative_to(site).as_posix()
        is_hashed = bool(re.search(r"[/.][0-9a-f]{8,64}[/.]", address))
        assert bool(kept.search(address)) == is_hashed, address
    assert kept.search("/embed.js") is None and Path(site / "assets").is_dir()
