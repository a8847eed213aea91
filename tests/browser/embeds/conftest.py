"""Visitors of pages with embeds, and pages of somebody else's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import COUNT_RESULTS, DESKTOP, SAVES_DATA, Guard, OpenContext
from tests.browser.embeds.host import Host, assert_nothing_stored
from tests.site_server import SiteServer


@pytest.fixture
def host(
    tmp_path: Path, server: SiteServer, guard: Guard, browser: Browser, open_context: OpenContext
) -> Iterator[Host]:
    """Somebody else's pages."""
    host = Host(tmp_path, server)
    guard.origins.add(host.origin)
    yield host
    for context in browser.contexts:
        assert_nothing_stored(context)
    host.close()


@pytest.fixture(scope="module")  # what the pages of one module have stored is not there for another
def _visitor(browser: Browser) -> Iterator[tuple[BrowserContext, Guard]]:
    context = browser.new_context(viewport={"width": DESKTOP[0], "height": DESKTOP[1]}, reduced_motion="reduce")
    context.set_default_timeout(20_000)
    context.add_init_script(COUNT_RESULTS)
    context.add_init_script(SAVES_DATA)
    relay = Guard(set())
    relay.watch(context)
    yield context, relay
    context.close()


@pytest.fixture
def page(_visitor: tuple[BrowserContext, Guard], guard: Guard) -> Iterator[Page]:
    """A page of a visitor who has been here: the site's files come from the cache, which saves half of the time.

    Not for tests in which the server is told to send a file otherwise.
    """
    context, relay = _visitor
    relay.origins, relay.strangers, relay.errors = guard.origins, guard.strangers, guard.errors
    page = context.new_page()
    yield page
    relay.strangers, relay.errors = [], []
    for one in context.pages:
        one.close()
    context.clear_cookies()


@pytest.fixture
def cold_page(open_context: OpenContext) -> Page:
    """A page of a first visitor."""
    return open_context().new_page()
