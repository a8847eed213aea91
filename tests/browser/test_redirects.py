"""Former addresses lead on: with the scenario and the place in the page, in a frame, and without scripts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from hooks.redirects import Redirect, page_html
from hooks.widget import templates
from tests.browser.conftest import OpenContext
from tests.browser.widget import calculator, control
from tests.site_build import ROOT
from tests.site_server import SiteServer

OLD, NEW = "calculators/pay-or-invest/", "calculators/mortgage-vs-invest/"
PART = "essays/what-turns-it/"


@pytest.fixture
def former(server: SiteServer) -> Iterator[SiteServer]:
    """The site with two pages and an embed that have moved."""
    redirects = [
        Redirect(OLD, NEW, "", ""),
        Redirect("embed/pay-or-invest/", "embed/mortgage-vs-invest/", "", ""),
        Redirect(PART, NEW, "#formulas", ""),
    ]
    folder = server.folder
    assert folder
    files = [folder / one.old / "index.html" for one in redirects]
    for one, file in zip(redirects, files, strict=True):
        file.parent.mkdir(parents=True)
        html = page_html(templates(ROOT), one, server.url + one.new, "Mortgage or invest")
        file.write_text(html, encoding="utf-8")
    yield server
    for file in files:
        file.unlink()
        file.parent.rmdir()
    (folder / "essays").rmdir()


def test_query_and_fragment_go_along(page: Page, former: SiteServer) -> None:
    page.goto(f"{former.url}{OLD}?rate_pct=7#method")
    page.wait_for_url(f"{former.url}{NEW}?rate_pct=7#method")
    expect(control(page, "rate_pct")).to_have_value("7")
    page.goto(f"{former.url}{PART}")
    page.wait_for_url(f"{former.url}{NEW}#formulas")
    page.goto(f"{former.url}{PART}#limits")
    page.wait_for_url(f"{former.url}{NEW}#limits")


def test_back_leads_to_where_one_came_from(page: Page, former: SiteServer) -> None:
    page.goto(f"{former.url}sources/")
    page.evaluate("address => { location.href = address }", former.url + OLD)
    page.wait_for_url(former.url + NEW)
    page.go_back()
    page.wait_for_url(f"{former.url}sources/")


def test_a_former_embed_shows_the_calculator(page: Page, former: SiteServer) -> None:
    page.goto(f"{former.url}embed/pay-or-invest/?rate_pct=7")
    page.wait_for_url(f"{former.url}embed/mortgage-vs-invest/?rate_pct=7")
    expect(calculator(page)).to_be_visible()


def test_without_scripts_the_page_leads_on(open_context: OpenContext, former: SiteServer) -> None:
    page = open_context(java_script_enabled=False).new_page()
    page.goto(f"{former.url}{OLD}")
    page.wait_for_url(former.url + NEW)
    expect(page.locator("h1")).to_contain_text("Mortgage or invest")
