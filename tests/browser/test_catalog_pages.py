"""Tables that filter and sort, values over time, disagreements: in a real browser, with and without scripts."""

from __future__ import annotations

import gzip
import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PHONE, OpenContext
from tests.browser.test_look import LOOKS
from tests.browser.test_quality import assert_accessible, look
from tests.site_build import ROOT
from tests.site_server import SiteServer

KIND = "catalog/hardware/"
RENTALS = "catalog/rentals/"
DEVICE = "catalog/hardware/h100-sxm/"


def filter_box(page: Page) -> Locator:
    return page.get_by_role("searchbox", name="Filter").first


def shown(page: Page) -> list[str]:
    """The names in the rows that are seen, from the top."""
    return page.locator("rk-table tbody tr:visible > th").all_inner_texts()


def status(page: Page) -> Locator:
    return page.locator("rk-table [role=status]").first


def column(page: Page, head: str) -> list[float]:
    """The numbers of a column, from the top; -1 where none is known."""
    at = page.locator("rk-table thead th").all_inner_texts()
    index = next(i for i, text in enumerate(at) if text.startswith(head))
    cells = page.locator(f"rk-table tbody tr:visible > :nth-child({index + 1})").all()
    return [float(cell.get_attribute("data-value") or -1) for cell in cells]


def test_the_filter_narrows_counts_and_is_kept_in_the_address(page: Page, server: SiteServer) -> None:
    page.goto(server.url + KIND)
    every = shown(page)
    assert len(every) >= 70
    expect(status(page)).to_have_text(f"{len(every)} devices")
    expect(page.get_by_role("button", name="Show all")).to_be_hidden()
    filter_box(page).fill("apple m3")
    expect(status(page)).to_have_text(re.compile(rf"^\d of {len(every)} devices$"))
    few = shown(page)
    assert 1 < len(few) < 10 and all("M3" in name for name in few)
    page.wait_for_url("**/catalog/hardware/?filter=apple+m3")
    page.get_by_label("Class").select_option("cpu")
    expect(status(page)).to_have_text(f"No match among {len(every)} devices. “Show all” clears the filter.")
    assert shown(page) == []
    page.get_by_role("button", name="Show all").click()
    expect(filter_box(page)).to_be_focused()
    assert shown(page) == every
    page.wait_for_url(server.url + KIND)


def test_heads_sort_by_number_both_ways(page: Page, server: SiteServer) -> None:
    page.goto(server.url + KIND)
    head = page.locator("th", has=page.get_by_role("button", name=re.compile("^Price"))).first
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    up = column(page, "Price")
    known = [value for value in up if value >= 0]
    assert known == sorted(known) and up[: len(known)] == known and 30 < len(known) < len(up), "not known comes last"
    head.get_by_role("button").press("Enter")
    expect(head).to_have_attribute("aria-sort", "descending")
    down = column(page, "Price")
    assert down[: len(known)] == known[::-1] and set(down[len(known) :]) == {-1}
    page.wait_for_url("**/?sort=-price_usd")
    page.get_by_role("button", name="Name").click()
    expect(page.locator("[aria-sort]")).to_have_count(1)
    names = shown(page)
    places = [names.index(name) for name in ("NVIDIA RTX A4000", "NVIDIA RTX A6000") if name in names]
    assert places == sorted(places)


def test_an_address_restores_filter_choice_and_order(page: Page, server: SiteServer) -> None:
    page.goto(f"{server.url}{RENTALS}?filter=h100&commitment=spot&sort=usd_per_gpu_hour")
    expect(filter_box(page)).to_have_value("h100")
    expect(page.get_by_label("Commitment")).to_have_value("spot")
    rates = column(page, "Price of one GPU")
    assert rates == sorted(rates) and len(rates) >= 3
    assert all("H100" in name and "spot" in name for name in shown(page))
    # The names in an address may be anything.
    page.goto(f"{server.url}{RENTALS}?filter=%00(&commitment=%22%3E&sort=-nothing&provider=constructor")
    expect(status(page)).to_have_text(re.compile("^No match"))


def test_tables_work_after_instant_navigation_and_the_way_back(page: Page, server: SiteServer) -> None:
    page.goto(server.url + "catalog/")
    page.evaluate("window.isSamePage = true")
    page.locator("article").get_by_role("link", name="Devices", exact=True).click()
    page.wait_for_url(server.url + KIND)
    expect(page.locator("rk-table form")).to_have_count(1)
    filter_box(page).fill("spark")
    page.wait_for_url("**/?filter=spark")
    page.locator("rk-table tbody").get_by_role("link", name="DGX Spark").first.click()
    page.wait_for_url("**/catalog/hardware/dgx-spark/")
    page.go_back()
    page.wait_for_url("**/?filter=spark")
    expect(filter_box(page)).to_have_value("spark")
    expect(status(page)).to_have_text(re.compile(r"^\d of"))
    assert page.evaluate("window.isSamePage"), "no page was loaded anew"
    page.locator(".md-tabs").get_by_role("link", name="Catalog").click()
    page.wait_for_url(server.url + "catalog/")
    page.wait_for_timeout(500)
    assert page.url == server.url + "catalog/", "a table that is gone writes no address"


def test_several_tables_of_a_page_do_not_mix(page: Page, server: SiteServer) -> None:
    page.goto(server.url + "catalog/hardware/dgx-spark/")
    tables = page.locator("rk-table[data-prefix^=measured-]")
    assert tables.count() >= 2
    first, second = tables.nth(0), tables.nth(1)
    count = second.locator("tbody tr:visible").count()
    first.get_by_role("searchbox").fill("prefill")
    page.wait_for_url(re.compile(r"\?[a-z0-9-]+_filter=prefill$"))
    assert first.locator("tbody tr:visible").count() < first.locator("tbody tr").count()
    assert second.locator("tbody tr:visible").count() == count
    page.reload()
    expect(first.get_by_role("searchbox")).to_have_value("prefill")
    expect(second.get_by_role("searchbox")).to_have_value("")


def test_without_scripts_the_whole_table_stands(server: SiteServer, open_context: OpenContext) -> None:
    page = open_context(java_script_enabled=False).new_page()
    page.goto(f"{server.url}{KIND}?filter=spark")
    assert page.locator("rk-table tbody tr:visible").count() >= 70
    expect(page.locator("rk-table form, rk-table button")).to_have_count(0)
    top, table = page.locator("rk-table").bounding_box(), page.locator("rk-table table").bounding_box()
    assert top and table and table["y"] - top["y"] < 5, "no gap where the filter would be"


def test_the_table_keeps_its_place_when_the_filter_comes(server: SiteServer, open_context: OpenContext) -> None:
    """The room that is kept for the filter is as high as the filter."""
    for size, addresses in ((None, (KIND, RENTALS)), (PHONE, (KIND, RENTALS))):
        page = (open_context(size) if size else open_context()).new_page()
        for address in addresses:
            page.route("**/table-view.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
            page.goto(server.url + address)
            before = page.locator("rk-table table").bounding_box()
            page.unroute("**/table-view.js")
            page.goto(server.url + address)
            expect(page.locator("rk-table form")).to_have_count(1)
            after = page.locator("rk-table table").bounding_box()
            assert before and after
            assert abs(before["y"] - after["y"]) <= 4, f"{address} {size}"


def test_disagreements_by_kind_lead_to_the_value(page: Page, server: SiteServer) -> None:
    page.goto(server.url + "catalog/")
    page.locator("article").get_by_role("link", name=re.compile(r"^\d+ of the values$")).click()
    page.wait_for_url("**/catalog/disagreements/")
    page.get_by_label("Kind").select_option("hardware")
    expect(status(page)).to_have_text(re.compile(r"^\d+ of \d+ values$"))
    page.get_by_role("button", name="Spread").click()
    page.get_by_role("button", name="Spread").click()
    spreads = column(page, "Spread")
    numbers = [value for value in spreads if value >= 0]
    assert numbers == sorted(numbers, reverse=True) and len(numbers) >= 20
    page.locator("rk-table tbody tr:visible").first.get_by_role("link").nth(1).click()
    page.wait_for_url(re.compile(r"/catalog/hardware/.*-claims$"))
    expect(page.get_by_role("heading", name="Where sources disagree")).to_be_attached()
    page.get_by_role("link", name="Among all disagreements").first.click()
    page.wait_for_url(re.compile(r"/disagreements/#hardware/"))
    expect(page.locator("tr:target")).to_be_in_viewport()


def test_a_device_shows_what_it_is_rented_for(page: Page, server: SiteServer) -> None:
    page.goto(server.url + DEVICE)
    page.get_by_role("navigation", name="On this page").get_by_role("link", name="Rented GPUs").click()
    expect(page.locator("#of-rentals")).to_be_in_viewport()
    table = page.get_by_role("region", name="Rented GPUs")
    assert table.locator("tbody tr").count() >= 10
    table.locator("tbody").get_by_role("link").first.click()
    page.wait_for_url(re.compile("/catalog/rentals/"))
    expect(page.locator("tr#hardware").get_by_role("link", name="NVIDIA H100 SXM")).to_be_visible()


def test_a_report_is_selected_with_one_press(page: Page, server: SiteServer) -> None:
    page.goto(server.url + DEVICE)
    page.locator(".rk-report").click()
    text = page.evaluate("getSelection().toString()")
    assert text.splitlines()[:2] == ["Page: catalog/hardware/h100-sxm/", "File: catalog/hardware/h100-sxm.yml"]


def test_the_pages_are_accessible_and_no_wider_than_the_window(page: Page, server: SiteServer) -> None:
    looked_at = 0
    for address in (RENTALS, "catalog/disagreements/?kind=models", DEVICE, "catalog/models/kimi-k2/"):
        page.goto(server.url + address)
        for scheme, size in LOOKS[::2]:  # each scheme and each size once
            look(page, scheme, size)
            assert_accessible(page, f"{address} {scheme} {size}")
            assert page.evaluate("document.scrollingElement.scrollWidth === innerWidth"), f"{address} {size}"
            looked_at += 1
    assert looked_at == 8


def test_the_script_is_small() -> None:
    script = (ROOT / "docs/assets/javascripts/table-view.js").read_bytes()
    assert len(gzip.compress(script, 9)) < 3000
