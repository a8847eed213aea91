"""The page around the calculators, for everybody: axe-core on every kind of page, keyboard, search engines."""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PHONE, Guard, OpenContext
from tests.browser.test_look import LOOKS
from tests.browser.test_navigation import ENTRY
from tests.browser.widget import PATH, open_everything
from tests.site_build import ROOT
from tests.site_server import SiteServer

KINDS = [
    "",
    "calculators/",
    PATH,
    "calculators/hardware-fit/",
    "calculators/colo-power/",
    "research/",
    ENTRY,
    "research/hardware/dgx-spark/",
    "research/map/",
    "posts/",
    "posts/dark-gpus-predictions-and-what-came-of-them/",
    "sources/",
    "catalog/",
    "catalog/models/",
    "catalog/hardware/dgx-spark/",
    "no/such/page/",
]
MISSING = KINDS[-1]
# One template repeats itself on these a thousand times: a look in each scheme and each size is enough.
LONG = ("sources/", "catalog/hardware/dgx-spark/")

_RULES = ("color-contrast", "aria-dialog-name", "landmark-unique", "link-name")

_RUN = """
async () => {
  const result = await axe.run(document, {
    resultTypes: ["violations"],
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  });
  const said = ({ id, help, nodes }) => `${id}: ${help}: ` + nodes.slice(0, 3).map((node) =>
    `${node.target.join(" ")} (${[...node.any, ...node.all, ...node.none][0]?.message ?? ""})`).join("; ");
  return { passed: result.passes.map((rule) => rule.id), violations: result.violations.map(said) };
}
"""


@cache
def _axe() -> str:
    return (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def assert_accessible(page: Page, what: str, rules: tuple[str, ...] = _RULES) -> None:
    """axe-core finds nothing, and has looked at these things and more."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(_axe())
    found: dict[str, Any] = page.evaluate(_RUN)
    assert found["violations"] == [], what
    assert len(found["passed"]) >= 15, what
    assert set(rules) <= set(found["passed"]), what


def look(page: Page, scheme: str, size: tuple[int, int]) -> None:
    """Another size and scheme of the same page."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate" if scheme == "dark" else "default")


@pytest.mark.parametrize("address", KINDS)
def test_every_kind_of_page_is_accessible(address: str, page: Page, server: SiteServer, guard: Guard) -> None:
    if address == MISSING:
        guard.expect_errors("404")
    page.goto(server.url + address)
    open_everything(page)
    looks = LOOKS[::2] if address in LONG else LOOKS
    for scheme, size in looks:
        look(page, scheme, size)
        assert_accessible(page, f"{address} {scheme} {size}")
    assert {scheme for scheme, _ in looks} == {"light", "dark"} and len({size for _, size in looks}) == 2


def test_the_search_and_the_drawer_are_accessible(page: Page, server: SiteServer) -> None:
    looked_at = 0
    for scheme, size in LOOKS:
        page.goto(server.url + ENTRY, wait_until="networkidle")
        look(page, scheme, size)
        page.wait_for_timeout(300)  # soon after a page has come, Material closes what is open
        page.keyboard.press("/")
        expect(page.locator("[data-md-component='search-query']")).to_be_focused()
        page.keyboard.type("mortgage")
        expect(page.locator(".md-search-result__item").first).to_be_visible()
        assert_accessible(page, f"search {scheme} {size}")
        looked_at += 1
        page.keyboard.press("Escape")
        expect(page.locator("#__search")).not_to_be_checked()
        if size == PHONE:
            page.locator(".md-header label[for='__drawer']").click()
            expect(page.locator(".md-sidebar--primary")).to_be_visible()
            assert_accessible(page, f"drawer {scheme}", ("color-contrast", "link-name"))  # what lies behind is inert
            looked_at += 1
            page.keyboard.press("Escape")
            expect(page.locator(".md-sidebar--primary")).to_be_hidden()
    assert looked_at == 6


# Colours of code that no page happens to use yet.
_TOKENS = ("c", "kc", "k", "s", "mi", "nf", "nb", "o", "p", "nc", "se", "nv", "gd", "gi", "err")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_colour_of_code_has_contrast(scheme: str, page: Page, server: SiteServer) -> None:
    page.goto(server.url)
    look(page, scheme, PHONE)
    tokens = "\n".join(f'<span class="{name}">{name} token</span>' for name in _TOKENS)
    page.evaluate(
        "(html) => { document.querySelector('article').insertAdjacentHTML('beforeend', html) }",
        f'<div class="highlight"><pre><code>{tokens}</code></pre></div>',
    )
    expect(page.locator(".highlight span")).to_have_count(len(_TOKENS))
    assert_accessible(page, scheme)


# ---- keyboard


def focused(page: Page) -> Locator:
    return page.locator("*:focus")


def test_the_first_tab_leads_to_the_content(page: Page, server: SiteServer) -> None:
    page.goto(server.url + ENTRY)
    page.keyboard.press("Tab")
    expect(focused(page)).to_have_text(re.compile("Skip to content"))
    expect(focused(page)).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{server.url}{ENTRY}#*")
    expect(focused(page)).to_have_count(0)
    page.keyboard.press("Tab")
    expect(page.locator("article *:focus")).to_have_count(1)


# Whether the reader sees what has the focus: it is in the window, and no other thing lies on it.
_SEEN = """
(element) => {
  const { left, top, width, height } = element.getBoundingClientRect();
  const on = document.elementFromPoint(left + width / 2, top + height / 2);
  const around = element.classList.contains("rk-press") ? element.parentElement : element;
  return on !== null && (around.contains(on) || on.contains(around));
}
"""

_IN_DRAWER = "(element) => Boolean(element.closest('.md-sidebar--primary'))"


def test_the_drawer_by_keyboard(server: SiteServer, open_context: OpenContext) -> None:
    page = open_context(PHONE).new_page()
    page.goto(server.url + ENTRY)
    opener = page.locator(".md-header").get_by_role("button", name="Navigation")
    for _ in range(6):
        page.keyboard.press("Tab")
        assert not focused(page).evaluate("(e) => Boolean(e.closest('.md-sidebar'))"), "the closed drawer is passed by"
        if opener.evaluate("(e) => e === document.activeElement"):
            break
    expect(opener).to_be_focused()
    expect(opener).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Space")
    expect(page.locator(".md-sidebar--primary")).to_be_visible()
    # The focus is in the level that is open, on what is seen, and stays in the drawer while there is more.
    seen = 0
    while seen < 12 and focused(page).count() and focused(page).evaluate(_IN_DRAWER):
        assert focused(page).evaluate(_SEEN), focused(page).evaluate("(e) => e.outerHTML.slice(0, 200)")
        seen += 1
        page.keyboard.press("Tab")
    assert seen >= 2
    # Up to the first level and down into another section.
    for name in ("Back from Marketing", "Back from Research"):
        back = page.locator(".md-sidebar--primary").get_by_role("button", name=name)
        if back.count() and back.is_visible():
            back.focus()
            page.keyboard.press("Enter")
    into = page.locator(".md-sidebar--primary").get_by_role("button", name="Pages of Calculators")
    into.focus()
    page.keyboard.press("Enter")
    expect(into).to_be_hidden()
    page.locator(".md-sidebar--primary").get_by_role("link", name="Hardware fit").focus()
    page.keyboard.press("Escape")
    expect(page.locator(".md-sidebar--primary")).to_be_hidden()
    expect(opener).to_be_focused()
    expect(opener).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    page.locator(".md-sidebar--primary").get_by_role("link", name="Hardware fit").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/calculators/hardware-fit/")
    expect(page.locator(".md-sidebar--primary")).to_be_hidden()
    assert page.locator("[inert]").count() == 0


def test_the_search_by_keyboard(server: SiteServer, open_context: OpenContext) -> None:
    page = open_context(PHONE).new_page()
    page.goto(server.url)
    page.locator(".md-header").get_by_role("button", name="Search").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-md-component='search-query']")).to_be_focused()
    page.keyboard.type("mortgage")
    expect(page.locator(".md-search-result__item").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".md-search-result__item").first).to_be_hidden()


# ---- search engines


def built_pages(server: SiteServer) -> list[Path]:
    """The pages of the site; embeds are frames for those of others."""
    assert server.folder
    found = sorted(server.folder.rglob("index.html"))
    return [path for path in found if path.relative_to(server.folder).parts[0] != "embed"]


def test_every_page_says_what_it_is_about(server: SiteServer) -> None:
    described: dict[str, str] = {}
    pages = built_pages(server)
    for path in pages:
        html = path.read_text(encoding="utf-8")
        name = path.parent.relative_to(server.folder or path).as_posix()
        assert html.count("<h1") == 1 and '<html lang="en"' in html, name
        found = re.findall(r'<meta name="description" content="([^"]*)">', html)
        assert len(found) == 1, name
        text = unescape(found[0])
        assert 15 <= len(text) <= 320, f"{name}: {text}"
        canonical = re.findall(r'<link rel="canonical" href="([^"]*)">', html)
        assert canonical == [server.url + ("" if name == "." else f"{name}/")], name
        described[name] = text
    site = described["."]
    assert [name for name, text in described.items() if text == site] == ["."], "a page has only the site's description"
    assert len(described) == len(pages) >= 250


def test_robots_find_the_sitemap(page: Page, server: SiteServer) -> None:
    answer = page.request.get(f"{server.url}robots.txt")
    assert answer.ok and "Disallow: /" not in answer.text()
    sitemap = re.findall(r"^Sitemap: (.+)$", answer.text(), re.M)
    assert sitemap == [f"{server.url}sitemap.xml"]
    assert page.request.get(sitemap[0]).ok
