"""The builder of snippets: what is copied is what the embed takes."""

from __future__ import annotations

import datetime
import json
import re
from functools import cache
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from hooks.answers import Answers
from tests.browser.conftest import PHONE, Guard, OpenContext
from tests.browser.test_quality import assert_accessible, look
from tests.site_build import ROOT
from tests.site_server import Rule, SiteServer

PATH = "embedding/builder/"
SLUG = "mortgage-vs-invest"
FULL = {
    "calculator": SLUG,
    "accent": "#0b7a75",
    "theme": "dark",
    "cta_url": "https://example.com/book?a=1&b=2",
    "cta_label": 'Talk to "us" & <them>',
    "share": "1",
    "rate_pct": "7",
    "balance_usd": "310,000",
}
PARSE = """
async (slug) => {
  const frame = document.querySelector(".rk-builder-preview");
  const script = document.querySelector("script[src*='builder.js']").src;
  const { parse } = await import(new URL("embed-protocol.js", script));
  const answer = await fetch(new URL(`../../api/v1/calculators/${slug}.json`, document.baseURI));
  const { result } = await answer.json();
  const text = document.querySelector("[data-snippet=frame]").textContent;
  const address = new DOMParser().parseFromString(text, "text/html").querySelector("iframe").src;
  return parse(new URL(address).search, result.inputs.map(({ name }) => name));
}
"""


class Elements(HTMLParser):
    """The elements of a snippet with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@cache
def answers() -> Answers:
    return Answers(ROOT)


def open_builder(page: Page, server: SiteServer, given: dict[str, str] | None = None) -> None:
    page.goto(f"{server.url}{PATH}?{urlencode(given)}" if given else server.url + PATH)
    expect(page.locator("rk-builder form")).to_be_visible()


def setting(page: Page, name: str) -> Locator:
    return page.locator(f"rk-builder [name='{name}']:not([data-input])")


def starting_number(page: Page, name: str) -> Locator:
    return page.locator(f"rk-builder [name='{name}'][data-input]")


def error_at(page: Page, name: str) -> Locator:
    return page.locator(f"rk-builder [data-error-for='{name}']")


def snippet(page: Page, kind: str) -> dict[str, str | None]:
    """Attributes of the element that the snippet consists of."""
    expect(page.locator("[data-result]")).to_be_visible()
    text = page.locator(f"[data-snippet={kind}]").text_content() or ""
    found = Elements(text).found
    assert [tag for tag, _ in found] == (["div", "a", "script"] if kind == "script" else ["iframe"])
    return {name: value for name, value in found[0][1].items() if name != "data-height"}


def heights(page: Page) -> dict[int, int]:
    """The heights in the snippet, by width; they come when the preview has loaded."""
    code = page.locator("[data-snippet=script]")
    expect(code).to_contain_text("data-height")
    pairs = (re.search(r'data-height="([^"]+)"', code.text_content() or "") or ["", ""])[1].split()
    return {int(width): int(height) for width, height in (pair.split(":") for pair in pairs)}


def frame_query(page: Page) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(snippet(page, "frame")["src"] or "").query, keep_blank_values=True)


def input_names(slug: str) -> list[str]:
    return [field["name"] for field in answers().describe(slug)["inputs"]]


# ---- snippets


def test_a_snippet_stands_at_once_and_is_the_plain_one(page: Page, server: SiteServer) -> None:
    slugs = answers().slugs()
    assert len(slugs) >= 4
    open_builder(page, server)
    for slug in slugs:
        setting(page, "calculator").select_option(slug)
        expect(page.locator("[data-snippet=frame]")).to_contain_text(f"/embed/{slug}/")
        plain = page.locator(f"[aria-labelledby='{slug}-frame-label']").text_content() or ""
        assert snippet(page, "frame") == Elements(plain).found[0][1]
        plain = page.locator(f"[aria-labelledby='{slug}-script-label']").text_content() or ""
        assert snippet(page, "script") == Elements(plain).found[0][1]


def test_every_choice_is_in_both_snippets(page: Page, server: SiteServer) -> None:
    open_builder(page, server, FULL)
    expect(page.locator("[data-snippet=script]")).to_contain_text("rate_pct")
    made = snippet(page, "script")
    assert made == {
        "class": "reckoner",
        "style": "min-height:100vh",
        "data-calculator": SLUG,
        "data-inputs": "rate_pct=7&balance_usd=310%2C000",
        "data-accent": "#0b7a75",
        "data-theme": "dark",
        "data-cta-url": FULL["cta_url"],
        "data-cta-label": FULL["cta_label"],
        "data-share-results": None,
    }
    own = {name: value for name, value in FULL.items() if name != "calculator"}
    assert dict(frame_query(page)) == own and len(frame_query(page)) == len(own)
    read = page.evaluate(PARSE, SLUG)
    assert read["problems"] == []
    assert read["settings"]["inputs"] == [["rate_pct", "7"], ["balance_usd", "310,000"]]
    assert read["settings"]["share"] is True and read["settings"]["cta_label"] == FULL["cta_label"]


def test_the_address_holds_what_is_filled_in(page: Page, server: SiteServer) -> None:
    open_builder(page, server, {"calculator": SLUG})
    setting(page, "accent").fill("#AABBCC")
    setting(page, "cta_url").fill("https://example.com/")
    setting(page, "cta_label").fill("Ünser Büro")
    page.locator("details:has([data-inputs]) > summary").click()
    starting_number(page, "rate_pct").fill("5.25")
    starting_number(page, "deduction").select_option("flat")
    setting(page, "share").check()
    expect(page).to_have_url(re.compile("share=1.*deduction=flat"))
    expect(page.locator("[data-snippet=script]")).to_contain_text("deduction=flat")
    before = [snippet(page, kind) for kind in ("script", "frame")]
    page.reload()
    expect(page.locator("[data-snippet=script]")).to_contain_text("deduction=flat")
    assert [snippet(page, kind) for kind in ("script", "frame")] == before
    expect(starting_number(page, "rate_pct")).to_have_value("5.25")
    expect(setting(page, "cta_label")).to_have_value("Ünser Büro")
    # Each calculator keeps its own numbers.
    setting(page, "calculator").select_option("colo-power")
    expect(page.locator("[data-snippet=script]")).to_contain_text("colo-power")
    assert "data-inputs" not in snippet(page, "script")
    setting(page, "calculator").select_option(SLUG)
    expect(page.locator("[data-snippet=script]")).to_contain_text("deduction=flat")


def test_pinning_writes_every_input(page: Page, server: SiteServer) -> None:
    open_builder(page, server, {"calculator": SLUG})
    setting(page, "pin").check()
    expect(page.locator("[data-snippet=script]")).to_contain_text("data-as-of")
    pairs = frame_query(page)
    names = [name for name, _ in pairs]
    assert sorted(names) == sorted(["as_of", "v", *input_names(SLUG)])
    report = answers().report(SLUG, {})
    assert {n: v for n, v in pairs if n not in ("as_of", "v")} == {n: i["raw"] for n, i in report["inputs"].items()}
    assert re.fullmatch("[0-9a-f]{8}", dict(pairs)["v"])
    assert abs((datetime.date.fromisoformat(dict(pairs)["as_of"]) - datetime.date.today()).days) <= 1
    assert page.evaluate(PARSE, SLUG)["problems"] == []


def test_pinning_keeps_what_a_choice_fills_in(page: Page, server: SiteServer) -> None:
    chosen = {"hardware": "apple-m3-ultra-512gb", "context_tokens": "16384"}
    open_builder(page, server, {"calculator": "hardware-fit", "pin": "1", **chosen})
    expect(page.locator("[data-snippet=script]")).to_contain_text("context_tokens=16384")
    pairs = [(name, value) for name, value in frame_query(page) if name != "as_of"]
    names = [name for name, _ in pairs]
    assert names[:3] == ["hardware", "context_tokens", "v"], "what was chosen stands before the version"
    report = answers().report("hardware-fit", chosen)
    expected = {name: shown["raw"] for name, shown in report["inputs"].items()}
    assert {name: value for name, value in pairs if name != "v"} == expected
    defaults = answers().report("hardware-fit", {})["inputs"]
    assert expected["memory_gb"] != defaults["memory_gb"]["raw"], "the choice fills this one in"
    assert page.evaluate(PARSE, "hardware-fit")["problems"] == []


def test_heights_are_those_of_the_frame(page: Page, server: SiteServer) -> None:
    built = {name: value for name, value in FULL.items() if name not in ("rate_pct", "balance_usd")}
    open_builder(page, server, built)
    written = heights(page)
    assert list(written) == sorted(written) and len(written) >= 5
    box = page.locator(".rk-builder-preview").bounding_box()
    assert box and box["height"] == 800, "the preview has its own size again"
    address = snippet(page, "frame")["src"] or ""
    setting(page, "calculator").select_option("colo-power")
    expect(page.locator("[data-snippet=script]")).to_contain_text("colo-power")
    page.wait_for_function(
        "(old) => !document.querySelector('[data-snippet=script]').textContent.includes(old)", arg=f"320:{written[320]}"
    )
    assert heights(page)[320] != written[320], "another calculator has other heights"
    looked_at = 0
    for width, height in written.items():
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(address)
        page.wait_for_selector("html[data-embed=runs]", state="attached")
        assert abs(page.evaluate("document.body.getBoundingClientRect().height") - height) <= 2, width
        looked_at += 1
    assert looked_at == len(written)


# ---- what is wrong


WRONG = [
    ("accent", "red", "#0b7a75"),
    ("accent", "#abc", "#0b7a75"),
    ("accent", "#deadbe; width:100vw", "#0b7a75"),
    ("accent", "url(https://evil.example)", "#0b7a75"),
    ("cta_url", "http://example.com/", "https://"),
    ("cta_url", "javascript:alert(1)", "https://"),
    ("cta_url", "data:text/html,<script>alert(1)</script>", "https://"),
    ("cta_url", "//example.com/", "https://"),
    ("cta_url", "https:///", "https://"),
    ("cta_url", "https://user:secret@example.com/", "password"),
    ("cta_url", "https://example.com/" + "a" * 8000, "2000"),
    ("cta_label", "x" * 61, "60"),
    ("cta_label", "abc\u202edef", "plain text"),
    ("rate_pct", "seven", "not a number"),
    ("rate_pct", "-1", "out of range"),
    ("rate_pct", "6,5", "decimal sign"),
    ("rate_pct", "1" * 120, "100"),
    ("deduction", "everything", "cannot be"),
]


@pytest.mark.parametrize(("name", "value", "message"), WRONG)
def test_what_the_embed_would_refuse_is_said_and_stays(
    page: Page, server: SiteServer, name: str, value: str, message: str
) -> None:
    given = {"calculator": SLUG, "cta_url": "https://example.com/", name: value}
    open_builder(page, server, given)
    expect(error_at(page, name)).to_contain_text(message)
    expect(page.locator("[data-result]")).to_be_hidden()
    expect(page.locator("[data-problems]")).to_contain_text("1")
    control = page.locator(f"rk-builder [name='{name}']")
    expect(control).to_have_value(value)
    expect(control).to_have_attribute("aria-invalid", "true")
    expect(control).to_be_visible()
    if name == "deduction":
        control.select_option("none")
    else:
        control.fill("")
    expect(page.locator("[data-result]")).to_be_visible()
    expect(error_at(page, name)).to_be_hidden()


def test_words_without_an_address_lead_nowhere(page: Page, server: SiteServer) -> None:
    open_builder(page, server, {"calculator": SLUG, "cta_label": "Talk to us"})
    expect(error_at(page, "cta_url")).to_contain_text("leads")
    expect(page.locator("[data-result]")).to_be_hidden()


HOSTILE = [
    "calculator=nothing-such&theme=dark",
    "calculator=mortgage-vs-invest&__proto__=1&constructor=2&toString=3",
    "calculator=mortgage-vs-invest&rate_pct=" + quote("<img src=x onerror=document.body.dataset.hit=1>"),
    "calculator=mortgage-vs-invest&deduction=" + quote('"><script>document.body.dataset.hit=1</script>'),
    "calculator=mortgage-vs-invest&cta_url=https://example.com&cta_label="
    + quote("</code><img src=x onerror=document.body.dataset.hit=1>"),
    "calculator=mortgage-vs-invest&" + quote("<b onclick=x>") + "=1",
    "calculator=mortgage-vs-invest&rate_pct=5&rate_pct=6&accent=%23000000&accent=%23ffffff",
    "calculator=mortgage-vs-invest&pin=yes&share=true&theme=pink",
    "calculator=../../evil&accent=%00%01",
    "calculator=mortgage-vs-invest&" + "&".join(f"x{number}=1" for number in range(500)),
]


@pytest.mark.parametrize("query", HOSTILE)
def test_a_hostile_address_runs_nothing(page: Page, server: SiteServer, query: str) -> None:
    page.goto(f"{server.url}{PATH}?{query}")
    expect(page.locator("[data-inputs] [data-input]").first).to_be_attached()
    expect(page.locator("[data-result]:not([hidden]), [data-problems]:not([hidden])").first).to_be_visible()
    assert page.evaluate("document.body.dataset.hit") is None
    assert page.locator("rk-builder :is(script, img, b)").count() == 0
    assert page.evaluate("({}).polluted") is None and page.url.startswith(server.url + PATH)
    if page.locator("[data-result]").is_visible():
        assert page.evaluate(PARSE, setting(page, "calculator").input_value())["problems"] == []


def test_what_the_calculator_does_not_know_is_left_out_and_said(page: Page, server: SiteServer) -> None:
    open_builder(page, server, {"calculator": SLUG, "servers": "4", "rate_pct": "5"})
    expect(page.locator("[data-inputs-status]")).to_contain_text("servers")
    expect(page.locator("[data-snippet=script]")).to_contain_text("rate_pct=5")
    assert snippet(page, "script")["data-inputs"] == "rate_pct=5"


# ---- colours


def wcag_contrast(one: str, other: str) -> float:
    def luminance(colour: str) -> float:
        total = 0.0
        for at, weight in ((1, 0.2126), (3, 0.7152), (5, 0.0722)):
            share = int(colour[at : at + 2], 16) / 255
            total += weight * (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4)
        return total

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("accent", ["#0b7a75", "#000000", "#ffffff", "#f0c000", "#6a6a6a", "#8a8a8a"])
def test_the_contrast_is_shown_for_both_schemes(page: Page, server: SiteServer, accent: str) -> None:
    open_builder(page, server, {"calculator": SLUG, "accent": accent})
    lines = page.locator("[data-contrast] li")
    expect(lines).to_have_count(2)
    looked_at = 0
    for line, papers in zip(lines.all(), (("#ffffff", "#f2f5f5"), ("#1e2129", "#262a35")), strict=True):
        text = line.text_content() or ""
        ratio = min(wcag_contrast(accent, paper) for paper in papers)
        shown = float((re.search(r"([\d.]+):1", text) or ["", "nan"])[1])
        assert ratio - 0.0101 <= shown <= ratio + 1e-9
        assert line.get_attribute("data-enough") == str(ratio >= 4.5).lower()
        if ratio < 4.5:
            instead = (re.search(r"shows (#[0-9a-f]{6}) instead", text) or ["", ""])[1]
            assert all(wcag_contrast(instead, paper) >= 4.5 for paper in papers)
        looked_at += 1
    assert looked_at == 2
    expect(page.locator("[data-accent-picker]")).to_have_value(accent)


def test_the_picker_writes_the_colour(page: Page, server: SiteServer) -> None:
    open_builder(page, server)
    page.locator("[data-accent-picker]").fill("#123456")
    expect(setting(page, "accent")).to_have_value("#123456")
    expect(page.locator("[data-snippet=script]")).to_contain_text('data-accent="#123456"')


# ---- the preview


def test_the_preview_is_the_embed_with_these_settings(page: Page, server: SiteServer) -> None:
    open_builder(page, server, {**FULL, "calculator": SLUG})
    frame = page.frame_locator(".rk-builder-preview")
    expect(frame.locator("rk-calculator")).to_have_attribute("calculator", SLUG)
    expect(frame.locator("[name=rate_pct]")).to_have_value("7")
    expect(frame.get_by_role("link", name="Talk to")).to_be_visible()
    setting(page, "calculator").select_option("colo-power")
    expect(frame.locator("rk-calculator")).to_have_attribute("calculator", "colo-power")
    length = page.evaluate("history.length")
    setting(page, "theme").select_option("light")
    expect(page.locator("[data-snippet=frame]")).to_contain_text("theme=light")
    expect(page.locator(".rk-builder-preview")).to_have_attribute("data-shown", re.compile("theme=light"))
    assert page.evaluate("history.length") == length, "the way back does not lead through previews"


def test_a_site_that_allows_no_frames_still_makes_snippets(cold_page: Page, server: SiteServer, guard: Guard) -> None:
    page = cold_page
    server.headers = {
        "Content-Security-Policy": "default-src 'none'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; "
        "connect-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; worker-src 'self'; "
        "manifest-src 'self'"
    }
    guard.expect_errors("Content Security Policy")
    open_builder(page, server, {"calculator": SLUG, "pin": "1", "rate_pct": "7"})
    expect(page.locator("[data-snippet=script]")).to_contain_text("term_months=300")


def test_the_policy_of_the_hosting_guide_is_enough(cold_page: Page, server: SiteServer) -> None:
    page = cold_page
    guide = (ROOT / "docs/embedding/hosting.md").read_text("utf-8")
    [policy] = re.findall(r"^default-src 'none'.*$", guide, re.MULTILINE)
    server.headers = {"Content-Security-Policy": policy}
    open_builder(page, server, FULL)
    frame = page.frame_locator(".rk-builder-preview")
    expect(frame.locator("[name=rate_pct]")).to_have_value("7")
    expect(frame.locator("rk-calculator")).to_have_attribute("data-engine", "micropython")


# ---- around


def test_what_happens_to_data_is_said(page: Page, server: SiteServer) -> None:
    open_builder(page, server, {"calculator": SLUG})
    told = page.locator("[data-privacy]")
    expect(told).to_contain_text("is not told what the visitor typed")
    expect(told).not_to_contain_text("opens")
    setting(page, "cta_url").fill("https://example.com/book")
    expect(told).to_contain_text("opens example.com")
    expect(told).not_to_contain_text("headline")
    setting(page, "share").check()
    expect(told).to_contain_text("headline of the answer")
    expect(told).not_to_contain_text("is not told")


def test_copying(open_context: OpenContext, server: SiteServer) -> None:
    context = open_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    open_builder(page, server, FULL)
    expect(page.locator("[data-snippet=script]")).to_contain_text("rate_pct")
    # The snippet has its last heights when the preview has answered to these numbers.
    page.wait_for_function("document.querySelector('.rk-builder-preview').contentWindow.rkResults >= 1")
    for kind in ("script", "frame"):
        page.locator(f"[data-copy={kind}]").click()
        expect(page.locator("[data-copied]")).to_have_text("Copied.")
        assert page.evaluate("navigator.clipboard.readText()") == page.locator(f"[data-snippet={kind}]").text_content()


def test_without_leave_to_copy_the_snippet_is_selected(page: Page, server: SiteServer) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    open_builder(page, server)
    page.locator("[data-copy=frame]").click()
    expect(page.locator("[data-copied]")).to_contain_text("Selected")
    assert page.evaluate("getSelection().toString()").startswith("<iframe")


def test_a_list_that_does_not_come_is_said_and_asked_for_again(page: Page, server: SiteServer, guard: Guard) -> None:
    guard.expect_errors("503")
    server.rules = [Rule(r"api/v1/calculators/", status=503)]
    open_builder(page, server)
    expect(page.locator("[data-inputs-status]")).to_contain_text("could not be loaded")
    expect(page.locator("[data-result]")).to_be_hidden()
    server.rules = []
    setting(page, "calculator").select_option("colo-power")
    expect(page.locator("[data-result]")).to_be_visible()
    expect(page.locator("[data-inputs-status]")).to_have_text("")


def test_without_scripts_the_plain_snippets_stand(open_context: OpenContext, server: SiteServer) -> None:
    page = open_context(java_script_enabled=False).new_page()
    page.goto(server.url + PATH)
    expect(page.locator("rk-builder form")).to_be_hidden()
    expect(page.get_by_text("The builder needs JavaScript")).to_be_visible()
    slugs = answers().slugs()
    for slug in slugs:
        text = unescape(page.locator(f"[aria-labelledby='{slug}-frame-label']").inner_text())
        assert f"{server.url}embed/{slug}/" in text
    assert len(slugs) >= 4


def test_it_works_again_after_other_pages(page: Page, server: SiteServer) -> None:
    page.goto(server.url + "embedding/")
    for _ in range(2):
        page.locator(".md-content").get_by_role("link", name="builder", exact=True).first.click()
        expect(page.locator("[data-snippet=script]")).to_contain_text("data-calculator")
        page.locator(".md-nav").get_by_role("link", name="Hosting embeds").first.click()
        expect(page.get_by_role("heading", name="Hosting embeds", level=1)).to_be_visible()
        assert "calculator=" not in page.url, "the builder writes no other page's address"
        page.locator(".md-nav").get_by_role("link", name="Embed", exact=True).first.click()
        expect(page.get_by_role("heading", name="Embed a calculator", level=1)).to_be_visible()


def test_it_works_below_a_path(page: Page, below_server: SiteServer, guard: Guard) -> None:
    guard.origins.add(below_server.origin)
    open_builder(page, below_server, {"calculator": SLUG, "rate_pct": "7", "pin": "1"})
    expect(page.locator("[data-snippet=frame]")).to_contain_text(f"{below_server.url}embed/{SLUG}/")
    expect(page.locator("[data-snippet=script]")).to_contain_text(f'src="{below_server.url}embed.js"')


def test_it_stores_nothing(page: Page, server: SiteServer) -> None:
    open_builder(page, server, FULL)
    expect(page.locator("[data-snippet=script]")).to_contain_text("rate_pct")
    assert page.context.cookies() == []
    kept: dict[str, Any] = page.evaluate("({ ...localStorage, ...sessionStorage })")
    assert "310" not in json.dumps(kept) and "example.com" not in json.dumps(kept)


@pytest.mark.parametrize("size", [(1280, 900), PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_it(
    open_context: OpenContext, server: SiteServer, size: tuple[int, int], scheme: str
) -> None:
    page = open_context(size, color_scheme=scheme).new_page()
    open_builder(page, server, {**FULL, "accent": "#f0c000", "rate_pct": "x", "cta_label": "x" * 61})
    expect(error_at(page, "rate_pct")).to_be_visible()
    assert_accessible(page, f"builder with mistakes, {scheme}", ("color-contrast", "label", "select-name"))
    starting_number(page, "rate_pct").fill("7")
    setting(page, "cta_label").fill("Talk to us")
    expect(page.locator("[data-result]")).to_be_visible()
    assert_accessible(page, f"builder, {scheme}", ("color-contrast", "label", "frame-title"))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("path", ["embedding/", "embedding/events/", "embedding/leads/", "embedding/hosting/"])
def test_the_pages_about_it(page: Page, server: SiteServer, path: str) -> None:
    page.goto(server.url + path)
    for size, scheme in (((1280, 900), "dark"), (PHONE, "light")):
        look(page, scheme, size)
        assert_accessible(page, path, ("color-contrast", "link-name"))
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
