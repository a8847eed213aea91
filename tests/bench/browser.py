"""What a reader waits for, in a real Chromium: the first change, later changes, the full engine.

The slow line is made in the server, not in the browser's developer tools: those slow down a page, but a worker
and what it fetches only if every one of them is caught in time. In the server all bytes of a visit share one
bucket of 10 Mbit/s, whoever asked for them, and every request waits for a round trip of 40 ms before it is
answered. Left out, as in the developer tools: the handshake of new connections and TCP's slow start.

Every visit has a browser profile of its own on disk, as a first visitor has.
"""

from __future__ import annotations

import json
import re
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Playwright

from tests.bench.slow_cpu import held, wait_until_quiet
from tests.browser.find_browser import find_browser
from tests.site_build import chromium_arguments
from tests.site_server import Link, Sent, SiteServer

BITS_PER_S = 10_000_000
ROUND_TRIP_S = 0.04
_DEADLINE_MS = 120_000
_SETTLE_MS = 800
"""After a page has loaded, before the reader touches it."""
_KEEP_MS = 2500
"""After an answer, for the browser to store the compiled code: a reader stays longer than that."""
_PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
_DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}

_ENGINES_OWN = re.compile(r"\.wasm$|\.zip$|\.tar\.gz$|^assets/(facts|micropython|pyodide|python)/|pyscript|vega")
"""Files that nobody may load before the reader's first touch."""


@dataclass(frozen=True)
class Condition:
    """What a visit happens under."""

    name: str
    slow_line: bool = False
    share_of_core: float | None = None


FREE = Condition("free")
SLOW = Condition("10 Mbit/s + 40 ms", slow_line=True)
SLOW_QUARTER = Condition("10 Mbit/s + 40 ms, 1/4 core", slow_line=True, share_of_core=0.25)


@dataclass(frozen=True)
class Subject:
    """A page with a calculation, ours or a peer's.

    Attributes:
        control, figure: selectors of the field for the rate and of the figure that follows from it.
        expected: the figure's text for a rate of 7 %, from the command line.
        engine: who must have worked it out, in the words of our `data-engine`; "" on a peer's page.
    """

    name: str
    server: SiteServer
    path: str
    control: str
    figure: str
    expected: str
    engine: str = ""


@dataclass
class Times:
    """Seconds of each visit, and what the last one loaded for them."""

    seconds: list[float] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def sent_bytes(self) -> int:
        return sum(one.body_bytes for one in self.sent)


class Visits:
    """Opens pages, each in a browser that has never been there."""

    def __init__(self, playwright: Playwright) -> None:
        self._playwright = playwright
        self.browser_version = ""
        self.profile = Path()
        """The folder of the browser that is open."""
        self.how_held: set[str] = set()

    @contextmanager
    def page(self, server: SiteServer, condition: Condition, phone: bool = False, also: str = "") -> Iterator[Page]:
        """An empty page; whatever it asks of another origin, but for `also`, fails the benchmark."""
        with ExitStack() as stack:
            profile = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
            self.profile = profile
            context = self._playwright.chromium.launch_persistent_context(
                profile, executable_path=find_browser(), args=chromium_arguments(), **(_PHONE if phone else _DESKTOP)
            )
            stack.callback(context.close)
            context.set_default_timeout(_DEADLINE_MS)
            self.browser_version = context.browser.version if context.browser else self.browser_version
            if condition.share_of_core:
                self.how_held.add(stack.enter_context(held(profile, condition.share_of_core)))
            strangers: list[str] = []
            own = (server.origin + "/", "data:", "blob:", "about:", *([also] if also else []))
            context.on("request", lambda one: None if one.url.startswith(own) else strangers.append(one.url))
            server.reset()
            if condition.slow_line:
                server.link = Link(BITS_PER_S, ROUND_TRIP_S)
            stack.callback(server.reset)
            yield context.pages[0] if context.pages else context.new_page()
            assert not strangers, f"asked of other origins: {strangers}"


# ---- the first change, and the start at the page's load

# A pointer goes down on the field (for real, through the browser); 40 ms later the field has another value, as if
# typed fast. The clock runs from the pointer to the frame after the one in which the answer stood in the page.
FIRST_CHANGE = """
([control, figure, expected, engine]) => {
  const field = document.querySelector(control);
  const shown = document.querySelector(figure);
  const host = document.querySelector("rk-calculator");
  let from;
  window.rkFirst = new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      if (shown.textContent !== expected || (engine && host.dataset.engine !== engine)) return;
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(() => {
        const until = performance.now();
        const { timeOrigin } = performance;
        resolve({ seconds: (until - from) / 1000, from: timeOrigin + from, until: timeOrigin + until });
      }));
    });
    observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
  });
  field.addEventListener("pointerdown", (event) => {
    from = event.timeStamp;
    setTimeout(() => {
      field.focus();
      field.value = "7";
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }, 40);
  }, { once: true });
}
"""

# From the start of the navigation to the frame after the one in which the first answer stood in the page.
_LOADED = """
window.rkLoaded = new Promise((resolve) => {
  const observer = new MutationObserver(() => {
    if (document.querySelector(%s)?.textContent !== %s) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() / 1000)));
  });
  observer.observe(document, { subtree: true, childList: true, characterData: true });
});
"""


def first_change(visits: Visits, subject: Subject, condition: Condition, times: Times) -> None:
    """One more first visit: nothing of an engine is loaded until the reader touches the field."""
    with visits.page(subject.server, condition) as page:
        load(page, subject.server.url, subject.path)
        if condition.share_of_core:
            # Where the browser is slow, the network's rest is not the page's: ours and a peer's are both given theirs.
            wait_until_quiet(visits.profile)
        early = subject.server.sent_paths(_ENGINES_OWN.pattern)
        assert not early, f"{subject.name} loads before the first touch: {early}"
        times.seconds.append(touch(page, subject, times))


def touch(page: Page, subject: Subject, times: Times | None = None) -> float:
    """Seconds of the first change on a page that has loaded."""
    subject.server.sent = []
    control = page.locator(subject.control)
    control.scroll_into_view_if_needed()
    box = control.bounding_box()
    assert box
    page.evaluate(FIRST_CHANGE, [subject.control, subject.figure, subject.expected, subject.engine])
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.up()
    measured = page.evaluate("window.rkFirst")
    if times:
        span = (measured["from"] / 1000, measured["until"] / 1000)
        times.sent = [one for one in subject.server.sent if span[0] <= one.at_s <= span[1]]
    seconds: float = measured["seconds"]
    return seconds


def page_load(visits: Visits, subject: Subject, built: str, condition: Condition, times: Times) -> None:
    """One more first visit of a page whose interpreter starts with it; `built` is the figure for the default rate."""
    with visits.page(subject.server, condition) as page:
        page.add_init_script(_LOADED % (json.dumps(subject.figure), json.dumps(built)))
        page.goto(subject.server.url + subject.path, wait_until="commit")
        times.seconds.append(page.evaluate("window.rkLoaded"))
        times.sent = list(subject.server.sent)


def load(page: Page, site_url: str, path: str) -> None:
    """Opens a page and waits until it has come to rest."""
    page.goto(site_url + path, wait_until="networkidle")
    page.wait_for_timeout(_SETTLE_MS)


# ---- the full engine

_START_FULL = """
async ([calculator, inputs]) => {
  const own = [...document.scripts].find(({ src }) => /rk-calculator-define\\.js$/.test(src)).src;
  const { full } = await import(new URL("./engines.js", own).href);
  const { dataset } = document.querySelector("rk-calculator");
  const base = new URL(dataset.base, document.baseURI).href;
  const files = Object.fromEntries(
    Object.entries(JSON.parse(dataset.files)).map(([name, path]) => [name, new URL(path, base).href]));
  const from = performance.now();
  const report = await full.run({ base, files }, calculator, { inputs, tables: [] });
  const seconds = (performance.now() - from) / 1000;
  return [seconds, report.headline];
}
"""


def full_engine(visits: Visits, server: SiteServer, slug: str, condition: Condition) -> tuple[float, float, list[Sent]]:
    """Seconds from starting the full engine to its first answer, cold and warm, and what the cold start loads."""
    seconds = []
    sent: list[Sent] = []
    with visits.page(server, condition) as page:
        for _ in range(2):
            load(page, server.url, f"calculators/{slug}/")
            server.sent = []
            taken, headline = page.evaluate(_START_FULL, [slug, {"rate_pct": "7"}])
            assert headline
            seconds.append(taken)
            sent = sent or list(server.sent)
            page.wait_for_timeout(_KEEP_MS)
    return seconds[0], seconds[1], sent


# ---- later changes

_WATCH = """
window.rkTasks = [];
new PerformanceObserver((list) => {
  for (const { startTime, duration } of list.getEntries()) window.rkTasks.push([startTime, duration]);
}).observe({ type: "longtask", buffered: true });
"""

_LATER = """
async ([changes, engine]) => {
  const element = document.querySelector("rk-calculator");
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const times = [], gaps = [];
  const from = performance.now();
  let last = from, over = false;
  // The gap between two turns of a timer is as long as the longest task between them, short ones included.
  const tick = () => {
    const now = performance.now();
    gaps.push(now - last);
    last = now;
    if (!over) setTimeout(tick, 4);
  };
  setTimeout(tick, 4);
  for (const [name, value] of changes) {
    const control = element.querySelector(`form [name="${name}"]`);
    // Sent once the frame with the answer is painted.
    const answered = new Promise((resolve, reject) => {
      element.addEventListener("rk:result", () => resolve(performance.now()), { once: true });
      setTimeout(() => reject(new Error(`no answer to ${name}=${value}`)), 20_000);
    });
    const changed = performance.now();
    control.value = value;
    control.dispatchEvent(new Event("input", { bubbles: true }));
    control.dispatchEvent(new Event("change", { bubbles: true }));
    times.push(((await answered) - changed) / 1000);
    if (element.dataset.engine !== engine) throw new Error(`answered by ${element.dataset.engine}`);
    await pause(100);
  }
  over = true;
  await pause(100);
  const tasks = window.rkTasks.filter(([start]) => start >= from).map(([, duration]) => duration / 1000);
  return { times, longest_gap: Math.max(...gaps) / 1000, tasks };
}
"""


@dataclass
class Later:
    """Later changes on one calculator's page by one engine.

    Attributes:
        seconds: from each change until its answer is painted.
        tasks: seconds of tasks of the main thread that took 50 ms or more.
        longest_gap_s: the longest time in which the main thread did not come to a timer.
        loading: the same two while the first answer came and the charts' library was loaded behind it.
    """

    seconds: list[float]
    tasks: list[float]
    longest_gap_s: float
    loading_tasks: list[float]


def later_changes(visits: Visits, server: SiteServer, slug: str, engine: str, changes: list[tuple[str, str]]) -> Later:
    """Changes one after the other, once the first answer and what follows it has come to rest.

    The first change is not among those timed. A page on a phone does not start the full engine by itself.
    """
    is_small = engine == "micropython"
    with visits.page(server, FREE, phone=is_small) as page:
        page.add_init_script(_WATCH)
        load(page, server.url, f"calculators/{slug}/")
        begun = page.evaluate("performance.now()")
        (name, value), *rest = changes
        page.evaluate(_LATER, [[(name, value)], "micropython"])
        page.wait_for_function(
            "(engine) => document.querySelector('rk-calculator').dataset.engine === engine", arg=engine
        )
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(_KEEP_MS)
        loading = page.evaluate("(begun) => window.rkTasks.filter(([start]) => start >= begun)", begun)
        measured = page.evaluate(_LATER, [rest, engine])
    assert len(measured["times"]) == len(rest)
    return Later(
        measured["times"], measured["tasks"], measured["longest_gap"], [duration / 1000 for _, duration in loading]
    )


def percentile(times: list[float], share: float) -> float:
    """The value below which this share of the times lies."""
    return statistics.quantiles(times, n=100, method="inclusive")[round(share * 100) - 1]
