"""Seconds from a reader's first change to the fresh answer on the screen, in a real Chromium.

The slow line is made in the server, not in the browser's developer tools: those slow down a page, but a worker
and what it fetches only if every one of them is caught in time. In the server all bytes of a visit share one
bucket of 10 Mbit/s, whoever asked for them, and every request waits for a round trip of 40 ms before it is
answered. Left out, as in the developer tools: the handshake of new connections and TCP's slow start.

Each cold run has a browser profile of its own on disk, as a first visitor has; the warm run that follows it
loads the page again with the same profile.
"""

from __future__ import annotations

import statistics
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, Playwright, sync_playwright

from tests.browser.find_browser import find_browser
from tests.site_build import chromium_arguments
from tests.site_server import Link, SiteServer, bytes_by_kind

SLUG = "mortgage-vs-invest"
PATH = f"calculators/{SLUG}/"
BITS_PER_S = 10_000_000
ROUND_TRIP_S = 0.04
_DEADLINE_MS = 60_000
_SETTLE_MS = 800
"""After a page has loaded, before the reader touches it."""
_KEEP_MS = 2500
"""After an answer, for the browser to store the compiled code: a reader stays longer than that."""

# A pointer goes down on the field (for real, through the browser); 40 ms later the field has another value, as if
# typed fast. The clock runs from the pointer to the frame after the one in which the answer stood in the page.
_MEASURE = """
([name, value, metric, expected]) => new Promise((resolve) => {
  const element = document.querySelector("rk-calculator");
  const control = element.querySelector(`form [name="${name}"]`);
  const figure = element.querySelector(`[data-metric="${metric}"]`);
  let from;
  const observer = new MutationObserver(() => {
    if (element.dataset.engine !== "pyodide" || figure.textContent !== expected) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => resolve((performance.now() - from) / 1000)));
  });
  observer.observe(element, { subtree: true, childList: true, characterData: true, attributes: true });
  control.addEventListener("pointerdown", (event) => {
    from = event.timeStamp;
    setTimeout(() => {
      control.focus();
      control.value = value;
      control.dispatchEvent(new Event("input", { bubbles: true }));
      control.dispatchEvent(new Event("change", { bubbles: true }));
    }, 40);
  }, { once: true });
  window.rkMeasuring = true;
})
"""

_MEASURE_LATER = """
async ([name, values]) => {
  const element = document.querySelector("rk-calculator");
  const control = element.querySelector(`form [name="${name}"]`);
  const times = [];
  for (const value of values) {
    const answered = new Promise((resolve) => element.addEventListener("rk:result", resolve, { once: true }));
    const from = performance.now();
    control.value = value;
    control.dispatchEvent(new Event("input", { bubbles: true }));
    control.dispatchEvent(new Event("change", { bubbles: true }));
    await answered;
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    times.push((performance.now() - from) / 1000);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return times;
}
"""


@dataclass
class Starts:
    """Seconds of each run, and the bytes of the last cold one."""

    cold_s: list[float] = field(default_factory=list)
    warm_s: list[float] = field(default_factory=list)
    page_bytes: Counter[str] = field(default_factory=Counter)
    engine_bytes: Counter[str] = field(default_factory=Counter)
    later_s: list[float] = field(default_factory=list)
    browser: str = ""


def measure(server: SiteServer, runs: int, expected: tuple[str, str], slow: bool, later: int = 0) -> Starts:
    """Cold and warm starts.

    Arguments:
        expected: metric and its text for rate_pct=7, from the command line.
        slow: over the slow line.
        later: number of further changes to time, once.
    """
    starts = Starts()
    with sync_playwright() as playwright:
        for run in range(runs):
            with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
                context = _launch(playwright, Path(profile))
                try:
                    _one_run(context, server, expected, slow, starts)
                    if later and run == runs - 1:
                        starts.later_s = _later(context.pages[0], later)
                    starts.browser = context.browser.version if context.browser else ""
                finally:
                    context.close()
    return starts


def _launch(playwright: Playwright, profile: Path) -> BrowserContext:
    context = playwright.chromium.launch_persistent_context(
        profile,
        executable_path=find_browser(),
        args=chromium_arguments(),
        viewport={"width": 1280, "height": 900},
    )
    context.set_default_timeout(_DEADLINE_MS)
    return context


def _one_run(
    context: BrowserContext, server: SiteServer, expected: tuple[str, str], slow: bool, starts: Starts
) -> None:
    page = context.pages[0] if context.pages else context.new_page()
    server.reset()
    if slow:
        server.link = Link(BITS_PER_S, ROUND_TRIP_S)
    _load(page, server)
    starts.page_bytes = bytes_by_kind(server.sent)
    server.sent = []
    starts.cold_s.append(_first_change(page, expected))
    starts.engine_bytes = bytes_by_kind(server.sent)
    page.wait_for_timeout(_KEEP_MS)
    _load(page, server)
    starts.warm_s.append(_first_change(page, expected))


def _load(page: Page, server: SiteServer) -> None:
    page.goto(server.url + PATH, wait_until="networkidle")
    page.wait_for_timeout(_SETTLE_MS)


def _first_change(page: Page, expected: tuple[str, str]) -> float:
    field_ = page.locator("rk-calculator form [name='rate_pct']")
    field_.scroll_into_view_if_needed()
    box = field_.bounding_box()
    assert box
    page.evaluate(f"(given) => {{ window.rkSeconds = ({_MEASURE})(given) }}", ["rate_pct", "7", *expected])
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.up()
    seconds: float = page.evaluate("window.rkSeconds")
    return seconds


def _later(page: Page, count: int) -> list[float]:
    values = [f"{3 + index * 0.05:.2f}" for index in range(count)]
    times: list[float] = page.evaluate(_MEASURE_LATER, ["rate_pct", values])
    assert len(times) == count
    return times


def percentile(times: list[float], share: float) -> float:
    """The value below which this share of the times lies."""
    return statistics.quantiles(times, n=100, method="inclusive")[round(share * 100) - 1]
