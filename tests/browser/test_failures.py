"""When no engine can start, or both get stuck: plain words, the answer stands, what was typed stays, and one can
try again. What happens when only one of them fails is in test_engines.py."""

from __future__ import annotations

import re
import threading

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Guard, OpenContext
from tests.browser.widget import (
    PATH,
    answered,
    assert_answer,
    assert_built,
    calculator,
    change,
    control,
    expected,
    open_tables,
    read,
    type_in,
)
from tests.site_server import Rule, SiteServer

NOT_PLAIN = re.compile(r"Error:|undefined|null|NaN|Traceback|\[object|https?://|at line")


def assert_failed(page: Page, words: str, typed: str = "7") -> None:
    """The failure is said in these words; nothing of the reader's or the build's is lost."""
    element = calculator(page)
    status = element.locator("[data-status]")
    expect(element).to_have_attribute("data-state", "failed", timeout=15_000)
    expect(status).to_contain_text(re.compile(words))
    expect(status).to_contain_text("The answer shown still holds for the numbers it was worked out with.")
    assert not NOT_PLAIN.search(status.inner_text()), status.inner_text()
    assert len(status.inner_text()) < 350
    assert_built(page)
    expect(element).to_have_attribute("data-engine", "built")
    expect(element.locator("[data-stale-note]")).to_be_visible()
    expect(control(page, "rate_pct")).to_have_value(typed)
    expect(element.get_by_role("button", name="Try again")).to_be_visible()


def try_again(page: Page) -> None:
    with answered(page):
        calculator(page).get_by_role("button", name="Try again").click()
    assert_answer(page, "rate_pct=7")
    expect(calculator(page).get_by_role("button", name="Try again")).to_have_count(0)


# A rule that breaks both engines; the words are the full one's, which is asked last.
BROKEN_HOSTS = {
    "worker scripts missing": (Rule(r"engine-worker\.js$", status=404), "could not be loaded"),
    "workers' module missing": (Rule(r"engine-base-worker\.js$", status=500), "could not be loaded"),
    "runtimes missing": (Rule(r"(pyodide|micropython)\.mjs$", status=404), r"could not be loaded \(pyodide\.mjs"),
    "wasm missing": (Rule(r"\.wasm$", status=404), r"could not be loaded \(pyodide\.asm\.wasm: error 404\)"),
    "wasm breaks off": (Rule(r"\.wasm$", cut=True), r"could not be loaded \(pyodide\.asm\.wasm"),
    "a page in place of the wasm": (Rule(r"\.wasm$", content_type="text/html"), r"\(pyodide\.asm\.wasm: not there\)"),
    "libraries missing": (
        Rule(r"assets/(kits|python)/", status=404),
        r"could not be loaded \(python_stdlib\.zip: error 404\)",
    ),
    "libraries break off": (Rule(r"assets/(kits|python)/", cut=True), "could not be loaded"),
    "kits and facts missing": (
        Rule(r"(kits|facts)/", status=404),
        r"not be loaded \(mortgage-vs-invest\.json: error 404\)",
    ),
    "everything missing": (
        Rule(r"assets/(micropython|kits|pyodide|python|facts)/|worker\.js$", status=503),
        "not be loaded",
    ),
}


@pytest.mark.parametrize("what", BROKEN_HOSTS)
def test_a_start_that_fails_says_so_and_can_be_tried_again(
    what: str, page: Page, server: SiteServer, guard: Guard
) -> None:
    rule, words = BROKEN_HOSTS[what]
    guard.expect_errors(r"Failed to load resource", r"wasm|instantiat|fetch", r"pyodide")
    server.rules = [rule]
    page.goto(server.url + PATH)
    type_in(page, "rate_pct", "7")
    assert_failed(page, words)
    server.rules = []
    try_again(page)


def test_a_security_policy_without_webassembly(page: Page, server: SiteServer, guard: Guard) -> None:
    guard.expect_errors("Content Security Policy", "WebAssembly", "wasm", "unsafe-eval")
    server.headers = {"Content-Security-Policy": "script-src 'self' 'unsafe-inline'"}
    page.goto(server.url + PATH)
    type_in(page, "rate_pct", "7")
    assert_failed(page, "WebAssembly is switched off in this browser or forbidden by a security rule of this site")


def test_a_strict_security_policy_is_enough(page: Page, server: SiteServer) -> None:
    server.headers = {
        "Content-Security-Policy": (
            "default-src 'none'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; connect-src 'self'; "
            "style-src 'self' 'unsafe-inline'; img-src 'self' data:; worker-src 'self'; manifest-src 'self'"
        )
    }
    page.goto(server.url + PATH)
    change(page, "rate_pct", "7")
    assert_answer(page, "rate_pct=7")


def test_going_offline_during_the_start(page: Page, server: SiteServer, guard: Guard) -> None:
    guard.expect_errors("Failed to load resource", "fetch", "wasm", "pyodide")
    page.goto(server.url + PATH, wait_until="networkidle")
    hold = threading.Event()
    server.rules = [Rule(r"\.(wasm|zip)$", hold=hold, cut=True)]
    type_in(page, "rate_pct", "7")
    expect(calculator(page).locator("[data-status]")).to_contain_text("Working it out")
    page.context.set_offline(True)
    hold.set()  # half of the files have arrived when the line goes dead
    assert_failed(page, "could not be loaded.*offline")
    server.reset()
    page.context.set_offline(False)
    try_again(page)


def test_offline_from_the_beginning(page: Page, server: SiteServer, guard: Guard) -> None:
    guard.expect_errors("Failed to load resource", "fetch", "ERR_INTERNET_DISCONNECTED")
    page.goto(server.url + PATH, wait_until="networkidle")
    page.context.set_offline(True)
    type_in(page, "rate_pct", "7")
    assert_failed(page, "could not be loaded.*offline")
    page.context.set_offline(False)
    try_again(page)


def test_starts_slower_than_their_deadlines(page: Page, server: SiteServer) -> None:
    page.clock.install()
    page.goto(server.url + PATH, wait_until="networkidle")
    server.rules = [Rule(r"\.wasm$", hold=threading.Event())]
    type_in(page, "rate_pct", "7")
    status = calculator(page).locator("[data-status]")
    expect(status).to_contain_text("Working it out")
    expect(calculator(page)).to_have_attribute("data-state", "starting")
    assert read(page) == expected(), "the built answer stands meanwhile"
    page.clock.fast_forward(15_000)
    expect(status).to_contain_text("Still loading Python")
    page.clock.fast_forward(16_000)
    expect(status).to_contain_text("Loading Python (4 MB")
    page.clock.fast_forward(15_000)
    expect(status).to_contain_text("Still loading Python")
    page.clock.fast_forward(46_000)
    assert_failed(page, "Python did not start within 60 seconds")
    server.reset()
    try_again(page)


# Notes what the workers say.
LISTEN = """
window.rkReplies = [];
window.Worker = class extends Worker {
  constructor(address, options) {
    super(address, options);
    this.addEventListener("message", ({ data }) => rkReplies.push(`${options.name}: ${data.type}`));
  }
};
"""

# A worker that starts as it should and then works on one answer for ever.
STUCK = """
const post = self.postMessage.bind(self);
let isReady = false;
let isAsked = false;
const stick = () => {
  if (isReady && isAsked) for (;;);
};
self.postMessage = (reply) => {
  post(reply);
  isReady ||= reply.type === "ready";
  stick();
};
self.addEventListener("message", ({ data }) => {
  isAsked ||= data.type === "run" && data.inputs.rate_pct === "7.77";
  stick();
});
"""


def test_stuck_workers_are_replaced(page: Page, server: SiteServer) -> None:
    page.add_init_script(LISTEN)
    server.rules = [Rule(r"engine-worker\.js$", prepend=STUCK)]
    page.clock.install()
    page.goto(server.url + PATH)
    change(page, "rate_pct", "7")
    good = read(page)
    type_in(page, "rate_pct", "7.77")
    page.wait_for_timeout(300)
    page.clock.fast_forward(10_500)  # the small engine is given up, the full one starts
    expect(calculator(page)).to_have_attribute("data-state", "starting")
    page.wait_for_function("window.rkReplies.includes('pyodide: ready')")
    page.clock.fast_forward(10_500)
    element = calculator(page)
    expect(element.locator("[data-status]")).to_contain_text("This took longer than ten seconds and was stopped.")
    expect(element).to_have_attribute("data-state", "failed")
    expect(element.locator("[data-stale-note]")).to_be_visible()
    expect(control(page, "rate_pct")).to_have_value("7.77")
    assert read(page) == good, "the last good answer stays"
    change(page, "rate_pct", "6")
    assert_answer(page, "rate_pct=6")


def test_a_worker_that_speaks_another_language(page: Page, server: SiteServer) -> None:
    server.rules = [Rule(r"engine-worker\.js$", prepend="self.postMessage({ type: 'hello' });")]
    page.goto(server.url + PATH)
    type_in(page, "rate_pct", "7")
    assert_failed(page, "answered in a way that this page does not know")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["1280", "390"])
def test_a_failure_is_in_sight(
    size: tuple[int, int], server: SiteServer, open_context: OpenContext, guard: Guard
) -> None:
    """A reader who looks at the field sees without scrolling that the answer is not for what was typed, and why."""
    guard.expect_errors("Failed to load resource")
    page = open_context(size).new_page()
    server.rules = [Rule(r"engine-worker\.js$", status=404)]
    page.goto(server.url + PATH)
    control(page, "rate_pct").scroll_into_view_if_needed()
    type_in(page, "rate_pct", "7")
    expect(calculator(page)).to_have_attribute("data-state", "failed")
    if size == DESKTOP:
        expect(calculator(page).locator("[data-status]")).to_be_in_viewport(ratio=1)
    else:
        headline = calculator(page).locator("[data-headline]")
        expect(headline).to_be_in_viewport(ratio=0.5)
        assert "Not worked out" in headline.evaluate("(e) => getComputedStyle(e, '::before').content")


def test_a_failure_does_not_end_the_form(page: Page, server: SiteServer, guard: Guard) -> None:
    """After a failure further changes, tables and Reset still work."""
    guard.expect_errors("Failed to load resource")
    page.goto(server.url + PATH)
    server.rules = [Rule(r"assets/(kits|python)/", status=503)]
    type_in(page, "rate_pct", "7")
    assert_failed(page, "error 503")
    tried = len(server.sent_paths(r"/kits/"))
    type_in(page, "rate_pct", "7.1")  # tries again by itself
    page.wait_for_timeout(200)
    assert_failed(page, "error 503", "7.1")
    assert len(server.sent_paths(r"/kits/")) > tried
    calculator(page).locator("details[data-table='schedule'] summary").click()
    assert "schedule" in open_tables(page)
    assert_built(page)
    calculator(page).get_by_role("button", name="Reset").click()
    expect(calculator(page)).to_have_attribute("data-state", "built")
    expect(calculator(page).locator("[data-stale-note]")).to_be_hidden()
    expect(control(page, "rate_pct")).to_have_value("6.5")
    assert_built(page)
