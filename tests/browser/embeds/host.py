"""Pages of somebody else's, on another origin than the site, with embeds in them.

Every test with the fixture `host` is also held to this: no cookie, and nothing stored by the page or a frame in it.
That no request goes to a third origin, the guard sees.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Frame, Page

from tests.site_server import SiteServer

SLUG = "colo-power"
BUTTON = "https://book.example.com/now?from=us"
BOOKED = '<title>Booked</title><link rel="icon" href="data:,">'
"""The page that the button leads to."""
NAME_OF_HOST = "localhost"
"""Another site than 127.0.0.1, not merely another port: its frames are in a process of their own."""

# Everything that the frames send to the page, and what the page's element says of it.
_LISTEN = """
<script>
  window.heard = []; window.told = []; window.pressed = 0;
  addEventListener("message", ({ data }) => heard.push(data));
  for (const name of ["ready", "result", "cta"]) {
    document.addEventListener(`reckoner:${name}`, ({ target, detail }) => told.push([name, target.id, detail]));
  }
</script>
"""


# What a page or its frames have stored; a store that the browser blocks holds nothing.
_STORED = """async () => {
  const looks = {
    cookie: () => document.cookie.length, local: () => localStorage.length, session: () => sessionStorage.length,
    databases: async () => (await indexedDB.databases()).length, caches: async () => (await caches.keys()).length,
    workers: async () => (await navigator.serviceWorker.getRegistrations()).length,
  };
  const found = {};
  for (const [name, look] of Object.entries(looks)) {
    try { found[name] = await look(); } catch { found[name] = "blocked"; }
  }
  return found;
}"""
# What comes after this time comes at once; the engines' deadlines are others.
_IMPATIENT = """{
  const inTime = window.setTimeout.bind(window);
  window.setTimeout = (what, ms = 0, ...rest) => inTime(what, ms === %d ? 50 : ms, ...rest);
}"""
LATE_MS, STILL_HERE_MS = 4000, 2500
"""Of embed.js and embed-cta.js: after these they say that something did not come."""


class Host:
    """A server for pages that embed calculators of `site`."""

    def __init__(self, folder: Path, site: SiteServer) -> None:
        self.site = site
        self.server = SiteServer(folder)
        self.folder = folder
        self.url = f"http://{NAME_OF_HOST}:{self.server.origin.rpartition(':')[2]}/"
        self.origin = self.url.rstrip("/")

    def page(self, body: str, name: str = "", head: str = "", language: str = 'lang="en"') -> str:
        """Writes a page, and says its address."""
        start = f'<!doctype html><html {language}><head><meta charset="utf-8"><title>A host</title>'
        view = '<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">'
        html = f"{start}{view}{head}</head><body>{_LISTEN}<h1>A host</h1>{body}<p>After it.</p></body></html>"
        (self.folder / (name or "index.html")).write_text(html, encoding="utf-8")
        return self.url + name

    def element(self, id: str = "one", calculator: str = SLUG, **data: str) -> str:
        """An element that embed.js makes a frame of: `cta_url="..."` is data-cta-url."""
        written = "".join(f' data-{name.replace("_", "-")}="{escape(text)}"' for name, text in data.items())
        return f'<div id="{id}" class="reckoner" data-calculator="{escape(calculator)}"{written}></div>'

    @property
    def script(self) -> str:
        """The other line of the snippet."""
        return f'<script async src="{self.site.url}embed.js"></script>'

    def bare(self, query: str = "", attributes: str = "", calculator: str = SLUG) -> str:
        """The snippet for builders of pages that allow no script."""
        address = f"{self.site.url}embed/{calculator}/{f'?{query}' if query else ''}"
        return f'<iframe src="{escape(address)}" width="100%" height="900" title="Calculator"{attributes}></iframe>'

    def close(self) -> None:
        self.server.close()


def frames(page: Page, path: str = "/embed/") -> list[Frame]:
    """The embeds' frames, in the order of the page."""
    return [frame for frame in page.frames if path in frame.url]


def running(page: Page, count: int = 1) -> list[Frame]:
    """The embeds' frames, once that many calculate."""
    until(page, lambda: len(frames(page)) == count, f"{count} frames")
    found = frames(page)
    for frame in found:
        frame.wait_for_selector("html[data-embed=runs]", state="attached")
    return found


def until(page: Page, holds: Callable[[], Any], what: str, patience_ms: int = 15_000) -> None:
    """Waits until it holds. Only through the page, so that its events come meanwhile."""
    for _ in range(patience_ms // 50):
        if holds():
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never: {what}")


def told(page: Page, name: str) -> list[Any]:
    """Of the events of this name so far: the element's id, and the detail."""
    found: list[list[Any]] = page.evaluate("window.told")
    return [rest for kind, *rest in found if kind == name]


def change(frame: Frame, name: str, text: str) -> None:
    """A visitor types into a field, and waits for the answer."""
    before = frame.evaluate("window.rkResults")
    frame.fill(f"[name={name}]", text)
    frame.wait_for_function("(before) => window.rkResults > before", arg=before, polling=100)


def headline(frame: Frame) -> str:
    return frame.locator("[data-headline]").first.inner_text()


def button(frame: Frame) -> str:
    """Where the button leads, "" without one."""
    link = frame.locator(".embed-button")
    return (link.get_attribute("href") or "") if link.is_visible() else ""


def show_note(frame: Frame) -> None:
    """Scrolls to what is said of sharing. Playwright's own way waits for a paint, which far below does not come."""
    frame.evaluate("document.querySelector('[data-embed-share]').scrollIntoView({ block: 'center' })")


def stored(frame: Frame) -> dict[str, Any]:
    """How much each store holds, as the frame sees it."""
    found: dict[str, Any] = frame.evaluate(_STORED)
    assert len(found) == 6
    return found


def assert_nothing_stored(context: BrowserContext) -> None:
    """Neither cookies nor anything else, of the pages that are open and the embeds in them."""
    assert context.cookies() == []
    for page in context.pages:
        for frame in page.frames:
            if "/embed/" in frame.url or f"//{NAME_OF_HOST}:" in frame.url:
                if frame.evaluate("self.origin") == "null":
                    continue  # it has no place to store anything in
                found = stored(frame)
                assert set(found.values()) <= {0, "blocked"}, f"{frame.url} has stored something: {found}"


def be_impatient(page: Page, ms: int) -> None:
    """For tests of what a page says after so many milliseconds."""
    page.add_init_script(_IMPATIENT % ms)
