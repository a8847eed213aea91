"""The map of the research and the ends of pages, in a real browser."""

from __future__ import annotations

from urllib.parse import urljoin

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, OpenContext
from tests.site_server import SiteServer

MAP = "research/map/"
TITLE = "NVIDIA DGX Spark"
ENTRY = "research/hardware/dgx-spark/"


def test_a_title_in_the_picture_leads_to_its_page(page: Page, server: SiteServer) -> None:
    page.goto(server.url + MAP)
    picture = page.locator(".rk-map svg")
    expect(picture).to_be_visible()
    page.locator(".rk-map a", has_text=TITLE).click()
    page.wait_for_url(f"**/{ENTRY}")
    expect(page.get_by_role("heading", name=TITLE, level=1)).to_be_visible()


def test_the_keyboard_gets_the_list_and_not_the_picture(page: Page, server: SiteServer) -> None:
    page.goto(server.url + MAP)
    count = page.locator(".rk-map a").count()
    assert count >= 36
    assert page.locator(".rk-map a[tabindex='-1']").count() == count
    listed = page.locator(".rk-map-list dt a")
    assert listed.count() >= 36
    # Every title of the picture, but for the names of the topics, stands in the list.
    drawn = page.locator(".rk-map a").evaluate_all("links => links.map((link) => link.href.baseVal)")
    inside = {href for href in drawn if not href.startswith("#")}
    here = page.url
    assert {urljoin(here, href) for href in inside} == {
        urljoin(here, str(a.get_attribute("href"))) for a in listed.all()
    }


def test_a_phone_without_scripts_gets_the_list(open_context: OpenContext, server: SiteServer) -> None:
    page = open_context(PHONE, java_script_enabled=False).new_page()
    page.goto(server.url + MAP)
    expect(page.locator(".rk-map")).to_be_hidden()
    page.locator(".rk-map-list dt a", has_text=TITLE).click()
    page.wait_for_url(f"**/{ENTRY}")


def test_an_entry_leads_to_what_is_related_and_to_its_tags(page: Page, server: SiteServer) -> None:
    page.goto(server.url + ENTRY)
    tags = page.locator(".rk-tags a")
    assert tags.count() >= 2
    for tag in tags.all():
        address = str(tag.evaluate("link => link.href"))
        assert page.request.get(address).ok, address
    end = page.locator(".rk-mentions")
    assert 1 <= end.locator("ul").first.locator("li").count() <= 5
    end.get_by_role("link", name="Clusters of four DGX Sparks").first.click()
    page.wait_for_url("**/research/hardware/clusters-of-four-sparks/")
    expect(page.locator(".rk-mentions").get_by_role("link", name=TITLE).first).to_be_visible()
