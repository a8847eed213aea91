"""Pages of the catalog: they lead to the calculators and back, and their tables scroll by themselves."""

from __future__ import annotations

import json

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, OpenContext
from tests.browser.widget import answered, assert_answer, command_line, control
from tests.site_server import SiteServer

MARKET = "catalog/colo/chicago/"


def test_a_subject_opens_the_calculator_with_its_values(page: Page, server: SiteServer) -> None:
    page.goto(server.url + MARKET)
    with answered(page):
        page.get_by_role("link", name="Colocation power").locator("visible=true").click()
    assert page.url == f"{server.url}calculators/colo-power/?market=chicago"
    assert_answer(page, "market=chicago", slug="colo-power")
    assert control(page, "market").input_value() == "chicago"
    done = command_line("run", "colo-power", "market=chicago", "--format", "json")
    rent = json.loads(done.stdout)["inputs"]["usd_per_kw_month"]
    assert rent["fact"] == "colo/chicago/rent_typical_usd_per_kw_month"
    assert control(page, "usd_per_kw_month").input_value() == rent["raw"]
    # A wrong subject is said at its field, as every other wrong value.
    page.goto(f"{server.url}calculators/colo-power/?market=chicage")
    expect(page.locator("[data-error-for='market']")).to_contain_text('did you mean "chicago"?')


def test_a_source_leads_to_the_value_that_rests_on_it(page: Page, server: SiteServer) -> None:
    page.goto(f"{server.url}sources/")
    page.locator("article").get_by_role("link", name="Chicago: Rent, low").last.click()
    page.wait_for_url(f"{server.url}{MARKET}#rent_low_usd_per_kw_month")
    row = page.locator("tr#rent_low_usd_per_kw_month")
    expect(row.locator("th")).to_contain_text("Rent, low")
    expect(row).to_be_in_viewport()
    row.get_by_role("link", name="CBRE").click()
    page.wait_for_url(f"{server.url}sources/#cbre-trends-h2-2025")
    expect(page.locator("h2#cbre-trends-h2-2025")).to_be_in_viewport()


def test_wide_tables_scroll_in_a_region_for_the_keyboard(server: SiteServer, open_context: OpenContext) -> None:
    page = open_context(PHONE).new_page()
    page.goto(server.url + MARKET)
    region = page.get_by_role("region", name="Values of Chicago")
    assert region.evaluate("(e) => e.scrollWidth > e.clientWidth")
    region.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('.rk-scroll').scrollLeft > 0")
    assert page.evaluate("document.scrollingElement.scrollWidth === innerWidth")
