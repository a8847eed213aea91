"""Page after page: one worker for a visit, any path for the site, and no request to anywhere else."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Guard, Trap
from tests.browser.widget import (
    PATH,
    SLUG,
    answered,
    assert_answer,
    assert_built,
    calculator,
    change,
    control,
    first_change,
    read,
    type_in,
)
from tests.site_server import SiteServer

ENTRY = "research/marketing/calculators-in-advertising/"


def site_pages(server: SiteServer) -> list[str]:
    """Every page of the sitemap, below the site's root."""
    assert server.folder
    tree = ElementTree.parse(server.folder / "sitemap.xml")
    found = [element.text or "" for element in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert all(address.startswith(server.url) for address in found), found
    return [address.removeprefix(server.url) for address in found]


def varied_pages(server: SiteServer) -> list[str]:
    """Every calculator and every page that stands for itself; of those that one template makes, the largest each."""
    pages, largest = [], dict[str, str]()
    for address in site_pages(server):
        found = re.fullmatch(r"(catalog/\w+|research/[\w-]+|posts|tags)/[^/]+/", address)
        if not found:
            pages.append(address)
        else:
            before = largest.get(found[1])
            if before is None or _size(server, address) > _size(server, before):
                largest[found[1]] = address
    return pages + list(largest.values())


def _size(server: SiteServer, address: str) -> int:
    assert server.folder
    return (server.folder / address / "index.html").stat().st_size


def test_no_page_asks_anything_of_another_origin(page: Page, server: SiteServer, guard: Guard, trap: Trap) -> None:
    pages = site_pages(server)
    assert server.folder
    # The embeds are no pages of the site, but frames for those of others: test_embed.py.
    built = [file for file in server.folder.rglob("index.html") if "embed" not in file.relative_to(server.folder).parts]
    assert len(pages) == len(set(pages)) == len(built) >= 8
    assert PATH in pages and ENTRY in pages
    calculators = 0
    varied = varied_pages(server)
    assert sum(address.startswith("catalog/") for address in varied) >= 9
    assert sum(address.startswith("research/") for address in varied) >= 7
    for address in varied:
        page.goto(server.url + address, wait_until="networkidle")
        expect(page.locator("h1")).to_have_count(1)
        for index in range(page.locator("rk-calculator").count()):
            name, value = first_change(calculator(page, index).get_attribute("calculator") or "")
            if calculator(page, index).locator(f"form [name={name}]").input_value() == value:
                value = str(float(value) + 1).removesuffix(".0")  # the page's own scenario has it already
            change(page, name, value, index)
            calculators += 1
    visited = [server.folder / address / "index.html" for address in varied]
    assert calculators == sum(file.read_text(encoding="utf-8").count("<rk-calculator ") for file in visited) >= 5
    page.goto(f"{server.url}no/such/page/")
    expect(page.locator("h1")).to_contain_text("404")
    guard.expect_errors("404")
    # The search looks things up in the browser, too.
    page.goto(server.url)
    page.keyboard.press("/")
    page.keyboard.type("mortgage", delay=20)
    expect(page.locator(".md-search-result__item").first).to_be_visible()
    assert guard.strangers == [] and trap.caught == []


_LOADS = re.compile(
    r"""<(?:script|img|iframe|source|video|audio|embed|object)\b[^>]*?\s(?:src|srcset|data)=["']?([^"'\s>]+)"""
    r"""|<link\b(?=[^>]*\srel=["']?(?:stylesheet|preload|modulepreload|icon|manifest|preconnect|dns-prefetch))"""
    r"""[^>]*?\shref=["']?([^"'\s>]+)""",
)


def test_no_file_names_anything_of_another_origin_to_load(server: SiteServer) -> None:
    """What the browser test above sees of one page of each kind, in the text of all."""
    assert server.folder
    named = 0
    for file in server.folder.rglob("*.html"):
        for match in _LOADS.finditer(file.read_text(encoding="utf-8")):
            address = match[1] or match[2]
            assert address.startswith(server.url) or not re.match(r"\w+:|//", address) or address.startswith("data:"), (
                f"{file}: {address}"
            )
            named += 1
    assert named > 5000
    styles = list(server.folder.rglob("*.css"))
    assert len(styles) >= 5
    for file in styles:
        loaded = re.findall(r"(?:@import\s+|url\()\s*[\"']?([^\"')\s]+)", file.read_text(encoding="utf-8"))
        assert not [address for address in loaded if re.match(r"https?:|//", address)], file
    assert _LOADS.search('<script async src="https://elsewhere.invalid/x.js">')
    assert _LOADS.search('<link href="//elsewhere.invalid/x.css" rel="stylesheet">')


def test_the_guard_sees_requests_to_elsewhere(page: Page, server: SiteServer, guard: Guard, trap: Trap) -> None:
    """A guard that sees nothing would let everything through."""
    page.goto(server.url)
    page.evaluate("fetch('http://elsewhere.invalid/from-page').catch(() => {})")
    page.evaluate(
        """() => new Promise((done) => {
          const code = "fetch('http://elsewhere.invalid/from-worker').finally(() => postMessage(1))";
          const worker = new Worker(URL.createObjectURL(new Blob([code])));
          worker.onmessage = done;
        })"""
    )
    page.evaluate("new Image().src = 'https://elsewhere.invalid/image'")
    page.wait_for_timeout(300)
    assert {address.rpartition("/")[2] for address in guard.strangers} >= {"from-page", "image"}
    caught = "\n".join(trap.caught)
    assert "from-page" in caught and "from-worker" in caught and "elsewhere.invalid:443" in caught
    page.evaluate("setTimeout(() => { throw new Error('thrown on purpose') })")
    page.wait_for_timeout(100)
    assert any("thrown on purpose" in error for error in guard.errors)
    guard.strangers.clear()
    guard.errors.clear()
    trap.caught.clear()


def follow(page: Page, address: str) -> None:
    """Follows a link of the page's own navigation."""
    page.locator(
        f".md-tabs a[href$='{address}'], .md-nav--primary a[href$='{address}'], article a[href$='{address}']"
    ).locator("visible=true").first.click()
    page.wait_for_url(re.compile(re.escape(address) + "$"))


def test_one_worker_lives_through_a_visit(page: Page, server: SiteServer) -> None:
    workers: list[str] = []
    page.on("worker", lambda worker: workers.append(worker.url) if "engine-worker" in worker.url else None)
    page.goto(server.url + PATH)
    page.evaluate("window.sameVisit = true")
    change(page, "rate_pct", "7")
    changes = 0
    for step in ("research/", "calculators-in-advertising/", "calculators/mortgage-vs-invest/"):
        follow(page, step)
        assert page.evaluate("window.sameVisit") is True, "navigation is instant at the site's own address"
        changes += 1
        if step != "research/":
            expect(calculator(page)).to_have_attribute("data-engine", "built")
            change(page, "extra_monthly_usd", "400")
            presets = ["rate_pct=5.5"] if "advertising" in step else []
            assert_answer(page, *presets, "extra_monthly_usd=400")
    assert changes == 3
    assert len(workers) == 1
    # The page left behind is as it was left, and the address is the reader's.
    assert page.url == f"{server.url}{PATH}?extra_monthly_usd=400"


def test_back_to_a_changed_calculator(page: Page, server: SiteServer) -> None:
    page.goto(server.url + PATH)
    change(page, "rate_pct", "7")
    follow(page, "research/")
    with answered(page):
        page.go_back()
        expect(calculator(page)).to_be_visible()
    assert page.url == f"{server.url}{PATH}?rate_pct=7"
    assert_answer(page, "rate_pct=7")
    assert control(page, "rate_pct").input_value() == "7"


def test_leaving_while_python_starts_does_no_harm(page: Page, server: SiteServer) -> None:
    page.goto(server.url + PATH)
    type_in(page, "rate_pct", "7")
    follow(page, "research/")
    page.wait_for_timeout(1500)
    assert page.url == f"{server.url}research/"
    follow(page, "calculators-in-advertising/")
    change(page, "extra_monthly_usd", "400")
    assert_answer(page, "rate_pct=5.5", "extra_monthly_usd=400")


def test_a_calculator_in_an_entry_answers_with_its_presets(page: Page, server: SiteServer) -> None:
    page.goto(server.url + ENTRY)
    assert_built(page, "rate_pct=5.5")
    assert control(page, "rate_pct").input_value() == "5.5"
    change(page, "extra_monthly_usd", "500")
    assert_answer(page, "rate_pct=5.5", "extra_monthly_usd=500")
    assert page.url == f"{server.url}{ENTRY}?extra_monthly_usd=500"
    calculator(page).get_by_role("button", name="Reset").click()
    assert_built(page, "rate_pct=5.5")


@pytest.mark.parametrize("first", [0, 1])
def test_two_calculators_of_a_page_share_one_worker(
    first: int, page: Page, below_server: SiteServer, guard: Guard
) -> None:
    guard.origins.add(below_server.origin)
    workers: list[str] = []
    page.on("worker", lambda worker: workers.append(worker.url) if "engine-worker" in worker.url else None)
    page.goto(f"{below_server.url}calculators/two-at-once/")
    expect(page.locator("rk-calculator")).to_have_count(2)
    presets = ["rate_pct=5.5", "extra_monthly_usd=750"]
    second = 1 - first
    change(page, "return_pct", "8", first)
    assert_answer(page, presets[first], "return_pct=8", index=first)
    assert_built(page, presets[second], index=second)
    change(page, "return_pct", "4", second)
    assert_answer(page, presets[second], "return_pct=4", index=second)
    assert read(page, first).metrics != read(page, second).metrics
    assert len(workers) == 1
    # The address belongs to the first calculator.
    assert page.url.endswith(f"/two-at-once/?return_pct={'8' if first == 0 else '4'}")
    ids = page.evaluate("[...document.querySelectorAll('rk-calculator [id]')].map((e) => e.id)")
    assert len(ids) == len(set(ids)) >= 100


def test_the_site_under_a_path(page: Page, below_server: SiteServer, guard: Guard) -> None:
    guard.origins.add(below_server.origin)
    page.goto(below_server.url)
    page.evaluate("window.sameVisit = true")
    page.locator("article").get_by_role("link", name="Mortgage or invest").first.click()
    page.wait_for_url(f"{below_server.url}{PATH}")
    assert page.evaluate("window.sameVisit") is True
    change(page, "rate_pct", "7")
    assert_answer(page, "rate_pct=7")
    assert page.url == f"{below_server.url}{PATH}?rate_pct=7"
    source = calculator(page).locator("[data-sources] a").first
    source.click()
    page.wait_for_url(re.compile(re.escape(f"{below_server.url}sources/#")))
    assert len(site_pages(below_server)) >= 9
    missing = [sent for sent in below_server.sent if sent.status >= 400]
    assert missing == []


def test_the_same_files_under_a_path_that_the_build_did_not_know(page: Page, server: SiteServer, guard: Guard) -> None:
    preview = SiteServer(server.folder, "/preview/of/change-12/")
    guard.origins.add(preview.origin)
    try:
        page.goto(preview.url + ENTRY)
        change(page, "extra_monthly_usd", "500")
        assert_answer(page, "rate_pct=5.5", "extra_monthly_usd=500")
        page.locator("article").get_by_role("link", name="mortgage or invest calculator").click()
        page.wait_for_url(f"{preview.url}{PATH}")
        change(page, "rate_pct", "7")
        assert_answer(page, "rate_pct=7", slug=SLUG)
        assert [sent for sent in preview.sent if sent.status >= 400] == []
    finally:
        page.goto("about:blank")
        preview.close()
