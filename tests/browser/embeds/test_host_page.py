"""The example of a host page, on another origin than the calculators that it embeds."""

from __future__ import annotations

import importlib.util
import json
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import PHONE, Guard
from tests.browser.embeds.host import (
    assert_nothing_stored,
)
from tests.browser.test_quality import assert_accessible
from tests.site_build import ROOT
from tests.site_server import SiteServer

CAMPAIGN = "?utm_source=news&utm_medium=email&gclid=abc&secret=1"


@pytest.fixture
def host(page: Page, server: SiteServer, guard: Guard) -> Iterator[Any]:
    spec = importlib.util.spec_from_file_location("host_page_server", ROOT / "examples/host-page/server.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    host = module.HostServer(module.Settings(site=server.url.rstrip("/")))
    threading.Thread(target=host.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    guard.origins.add(host.url)
    yield host
    assert_nothing_stored(page.context)
    host.shutdown()
    host.server_close()


def open_host(page: Page, host: Any) -> None:
    page.goto(f"{host.url}/{CAMPAIGN}")
    frame = page.frame_locator("#mortgage iframe")
    expect(frame.locator("[name=rate_pct]")).to_have_value("7")


def test_calculators_answer_and_tell_the_tag_manager_no_numbers(page: Page, host: Any) -> None:
    open_host(page, host)
    frame = page.frame_locator("#mortgage iframe")
    frame.locator("[name=rate_pct]").fill("9.125")
    page.wait_for_function("window.dataLayer.some(({ event }) => event === 'reckoner_result')")
    events = page.evaluate("window.dataLayer")
    assert {"event": "reckoner_ready", "calculator": "mortgage-vs-invest"} in events
    results = [event for event in events if event["event"] == "reckoner_result"]
    assert results and all(set(event) == {"event", "calculator", "verdict"} for event in results)
    assert "9.125" not in json.dumps(events)
    expect(page.locator("#with-result")).to_be_visible()
    page.locator(".reckoner[data-calculator=colo-power]").scroll_into_view_if_needed()
    expect(page.frame_locator(".reckoner[data-calculator=colo-power] iframe").locator("rk-calculator")).to_be_visible()


def test_the_form_sends_a_lead_with_campaign_and_headline(page: Page, host: Any, guard: Guard) -> None:
    guard.expect_errors("422")
    open_host(page, host)
    taken: list[Any] = []

    def keep(request: Request) -> None:
        if request.method == "POST":
            taken.append(request.post_data_json)

    page.on("request", keep)
    frame = page.frame_locator("#mortgage iframe")
    frame.locator("[name=rate_pct]").fill("8")
    expect(page.locator("#with-result")).to_be_visible()
    page.get_by_label("Your name").fill("Ada")
    page.get_by_label("Phone").fill("12")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Call me").click()
    expect(page.locator("#said")).to_contain_text("area code")
    expect(page.get_by_label("Phone")).to_be_focused()
    page.get_by_label("Phone").fill("(555) 201-0123")
    page.get_by_role("button", name="Call me").click()
    expect(page.locator("#said")).to_contain_text("Thank you")
    lead = taken[-1]
    assert lead["campaign"] == {"utm_source": "news", "utm_medium": "email", "gclid": "abc"}
    assert lead["headline"] == frame.locator("[data-headline]").text_content()
    assert lead["consent"] is True and lead["website"] == ""


def test_the_call_to_action_carries_the_campaign(page: Page, host: Any) -> None:
    open_host(page, host)
    link = page.frame_locator("#mortgage iframe").get_by_role("link", name="Talk to us")
    expect(link).to_be_visible()
    link.hover()
    href = link.get_attribute("href") or ""
    assert href.startswith("https://example.com/book?") and "utm_source=news" in href and "gclid=abc" in href
    assert "secret" not in href


def test_everybody_can_use_it(page: Page, host: Any) -> None:
    open_host(page, host)
    assert_accessible(page, "host page", ("color-contrast", "label", "frame-title"))


@pytest.mark.parametrize("size", [PHONE, (1280, 900)], ids=["phone", "desktop"])
def test_nothing_of_the_page_moves_when_the_calculators_come(size: tuple[int, int], page: Page, host: Any) -> None:
    """The snippet keeps a place free until the script has come, and the script until the frame has."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.add_init_script(
        """window.moved = [];
        new PerformanceObserver((list) => {
          for (const { value, sources } of list.getEntries()) {
            moved.push([value, ...sources.map(({ node }) => node?.nodeName)]);
          }
        }).observe({ type: "layout-shift", buffered: true });"""
    )
    open_host(page, host)
    page.wait_for_function("document.querySelector('#mortgage iframe').offsetHeight > 3000")
    page.wait_for_function("window.dataLayer.some(({ event }) => event === 'reckoner_ready')")
    assert page.evaluate("moved") == []
    assert page.evaluate("document.querySelector('#mortgage').style.minHeight") == "", "the place is the frame's now"
