"""Pictures of the site for people to look at, in .cache/screenshots/."""

from __future__ import annotations

import threading
from typing import Literal

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import DESKTOP, PHONE, SCREENSHOTS, Guard
from tests.browser.test_navigation import ENTRY
from tests.browser.widget import PATH, calculator, change, control, error_at, type_in
from tests.site_server import Rule, SiteServer

PAGES = {
    "home": "",
    "calculators": "calculators/",
    "calculator": PATH,
    "research": "research/",
    "entry": ENTRY,
    "catalog": "catalog/",
    "kind": "catalog/colo/",
    "subject": "catalog/colo/chicago/",
    "sources": "sources/",
}


LOOKS: list[tuple[Literal["light", "dark"], tuple[int, int]]] = [
    ("light", DESKTOP),
    ("dark", DESKTOP),
    ("dark", PHONE),
    ("light", PHONE),
]


def take(page: Page, name: str, whole: bool = False, at: Locator | None = None) -> int:
    """Takes a picture in every size and scheme; returns how many."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for scheme, (width, height) in LOOKS:
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)
        expect(page.locator("body")).to_have_attribute(
            "data-md-color-scheme", "slate" if scheme == "dark" else "default"
        )
        if at:
            at.scroll_into_view_if_needed()
        path = SCREENSHOTS / f"{name}-{width}-{scheme}.png"
        page.screenshot(path=path, full_page=whole)
        assert path.stat().st_size > 5_000
    return len(LOOKS)


def test_pictures_of_every_kind_of_page(page: Page, server: SiteServer) -> None:
    taken = 0
    for name, address in PAGES.items():
        page.goto(server.url + address)
        page.wait_for_load_state("networkidle")
        taken += take(page, name, whole=name == "calculator")
    assert taken == 4 * len(PAGES)


def test_pictures_of_every_state(page: Page, server: SiteServer, guard: Guard) -> None:
    guard.expect_errors("Failed to load resource", "pyodide", "uncaught: Object")
    page.goto(server.url + PATH)
    hold = threading.Event()
    server.rules = [Rule(r"\.zip$|/kits/", hold=hold, status=404)]
    type_in(page, "rate_pct", "7")
    expect(calculator(page).locator("[data-status]")).to_contain_text("Working it out")
    field = control(page, "rate_pct")
    taken = take(page, "state-starting", at=field)
    hold.set()
    expect(calculator(page)).to_have_attribute("data-state", "failed")
    taken += take(page, "state-failed", at=field)
    server.rules = []
    change(page, "rate_pct", "7.5")
    taken += take(page, "state-answered", at=field)
    type_in(page, "rate_pct", "6,5")
    expect(error_at(page, "rate_pct")).to_be_visible()
    taken += take(page, "state-mistake", at=error_at(page, "rate_pct"))
    assert taken == 16
