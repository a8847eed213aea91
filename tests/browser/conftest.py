"""The built site, a server for it and a Chromium, with a guard over every page.

The guard fails a test when a page asks for anything from elsewhere or reports an error that the test did not
expect. It looks twice: at the requests that Playwright sees, and at a trap that stands where the way out to
the network would be, which also sees what no page shows, such as a worker's last breath.
"""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from tests.browser.find_browser import find_browser
from tests.browser.widget import end_processes
from tests.site_build import ROOT, build_site, chromium_arguments, source_tree
from tests.site_server import SiteServer

SCREENSHOTS = ROOT / ".cache" / "screenshots"
DESKTOP = (1280, 900)
PHONE = (390, 844)

# Chromium itself asks these for its own purposes, such as how to fill in forms, and cannot be told not to
# altogether. What a page asks of them, the guard sees as a request.
_THE_BROWSERS_OWN = re.compile(r"(^|\.)(google|googleapis|gstatic|gvt1)\.com$")
# Counts the answers, so that a test can wait for the next one.
COUNT_RESULTS = """
window.rkResults = 0;
document.addEventListener("rk:result", () => { window.rkResults += 1; });
"""
SAVES_DATA = "Object.defineProperty(navigator, 'connection', { value: { saveData: true } });"


@pytest.fixture(scope="session", autouse=True)
def _command_lines() -> Iterator[None]:
    yield
    end_processes()


# ---- the site


@pytest.fixture(scope="session")
def _server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SiteServer]:
    server = SiteServer()
    server.folder = build_site(tmp_path_factory.mktemp("browser") / "site", server.url)
    yield server
    server.close()


@pytest.fixture
def server(_server: SiteServer) -> Iterator[SiteServer]:
    """The site at the root of its address, served by a host that works until the test says otherwise."""
    _server.reset()
    yield _server
    _server.reset()


TWO_CALCULATORS = """# Two at once

```calculator
mortgage-vs-invest
rate_pct: 5.5
```

Another one:

```calculator
mortgage-vs-invest
extra_monthly_usd: 750
```
"""


@pytest.fixture(scope="session")
def _below_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SiteServer]:
    folder = tmp_path_factory.mktemp("below")
    server = SiteServer(base="/reckoner/")
    tree = source_tree(folder / "sources", {"calculators/two-at-once.md": TWO_CALCULATORS})
    server.folder = build_site(folder / "site", server.url, tree)
    yield server
    server.close()


@pytest.fixture
def below_server(_below_server: SiteServer) -> Iterator[SiteServer]:
    """The site under a path, with one more page: two calculators at once."""
    _below_server.reset()
    yield _below_server
    _below_server.reset()


# ---- the browser and its guard


class Trap(socketserver.ThreadingTCPServer):
    """Stands in for the network outside: every address but this machine's leads here and no further."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _TrapHandler)
        self.caught: list[str] = []
        self.address = f"127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()


class _TrapHandler(socketserver.StreamRequestHandler):
    server: Trap

    def handle(self) -> None:
        asked = self.rfile.readline().decode("latin-1").strip()  # CONNECT host:port, or GET http://host/...
        if not asked:  # a connection kept in reserve and closed: it names no host and carries nothing
            return
        target = asked.split()[1] if " " in asked else asked
        host = urlsplit(target if "//" in target else f"//{target}").hostname or ""
        if not _THE_BROWSERS_OWN.search(host):
            self.server.caught.append(asked)
        self.wfile.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


@pytest.fixture(scope="session")
def trap() -> Iterator[Trap]:
    trap = Trap()
    yield trap
    trap.shutdown()
    trap.server_close()


@pytest.fixture(scope="session")
def browser(trap: Trap) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_browser(),
            args=[*chromium_arguments(), f"--proxy-server=http://{trap.address}"],
        )
        yield browser
        browser.close()


@dataclass
class Guard:
    """What the pages of a test did that they must not do."""

    origins: set[str]
    strangers: list[str] = field(default_factory=list)
    """Requests to other origins."""
    errors: list[str] = field(default_factory=list)
    """Errors of pages and their consoles."""
    expected: list[str] = field(default_factory=list)
    """Patterns of errors that belong to the test."""

    def expect_errors(self, *patterns: str) -> None:
        """Errors with one of these patterns are part of the test."""
        self.expected += patterns

    def watch(self, context: BrowserContext) -> None:
        context.on("request", self._on_request)
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self.errors.append(f"uncaught: {error.error}"))

    def _on_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("data", "blob", "about"):
            return
        if f"{parts.scheme}://{parts.netloc}" not in self.origins:
            self.strangers.append(request.url)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "assert"):
            self.errors.append(f"console: {message.text} ({message.location.get('url')})")

    def check(self) -> None:
        unexpected = [e for e in self.errors if not any(re.search(p, e) for p in self.expected)]
        assert not self.strangers, f"requests to other origins: {self.strangers}"
        assert not unexpected, f"errors in the browser: {unexpected}"


@pytest.fixture
def guard(server: SiteServer, trap: Trap) -> Iterator[Guard]:
    guard = Guard({server.origin})
    trap.caught.clear()
    yield guard
    guard.check()
    assert not trap.caught, f"the browser tried to reach: {trap.caught}"


OpenContext = Callable[..., BrowserContext]


@pytest.fixture
def open_context(browser: Browser, guard: Guard) -> Iterator[OpenContext]:
    """Makes a guarded context with an empty cache, with the size of a desktop unless told otherwise.

    Its reader wishes to save data, so that the full engine does not start unasked.
    """
    contexts = []

    def open_one(size: tuple[int, int] = DESKTOP, *, saves_data: bool = True, **settings: Any) -> BrowserContext:
        settings.setdefault("reduced_motion", "reduce")
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **settings)
        context.set_default_timeout(20_000)
        if settings.get("java_script_enabled", True):
            context.add_init_script(COUNT_RESULTS)
            if saves_data:
                context.add_init_script(SAVES_DATA)
        guard.watch(context)
        contexts.append(context)
        return context

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_context: OpenContext) -> Page:
    """An empty page of a desktop's size."""
    return open_context().new_page()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
