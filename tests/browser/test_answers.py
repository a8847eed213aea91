"""The built answer, and the reader's own: both say what the command line says."""

from __future__ import annotations

import json
import re
import threading

import pytest
from playwright.sync_api import Page, expect

from calculators import registry
from tests.browser.conftest import DESKTOP, PHONE, OpenContext
from tests.browser.widget import (
    PATH,
    SLUG,
    answered,
    assert_answer,
    assert_built,
    calculator,
    change,
    command_line,
    control,
    described,
    engine_files,
    error_at,
    expected,
    first_change,
    open_tables,
    read,
    reported,
    type_in,
)
from tests.site_server import Rule, SiteServer

ENGINE = r"assets/(micropython|kits|pyodide|python|facts)/|\.wasm$|\.zip$"
HINTED = {"small-engine-worker.js", "engine-base-worker.js"}


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["1280", "390"])
@pytest.mark.parametrize("slug", registry.SLUGS)
def test_one_changed_input_shows_what_the_command_line_says(
    slug: str, size: tuple[int, int], server: SiteServer, open_context: OpenContext
) -> None:
    page = open_context(size).new_page()
    page.goto(f"{server.url}calculators/{slug}/")
    assert_built(page, slug=slug)
    built = read(page)
    name, value = first_change(slug)
    change(page, name, value)
    assert_answer(page, f"{name}={value}", slug=slug)
    run = command_line("run", slug, f"{name}={value}", "--format", "json")
    assert json.loads(run.stdout) == reported(slug, f"{name}={value}"), "run and batch are the same"
    assert read(page).headline != built.headline
    expect(calculator(page).locator("[data-status]")).to_have_text(
        re.compile(r"^Worked out by MicroPython 1\.\d+ in your")
    )
    expect(calculator(page).locator("[data-headline]")).to_be_visible()


def test_many_changes_of_every_kind(page: Page, server: SiteServer) -> None:
    page.goto(server.url + PATH)
    changes = [
        ("rate_pct", "8.125"),
        ("compounding", "semiannual"),
        ("extra_monthly_usd", "1,250.50"),
        ("lump_sum_usd", "20000"),
        ("return_pct", " 9 % "),
        ("dividend_yield_pct", "1.3"),
        ("deduction", "us_itemize"),
        ("inflation_pct", "2.5"),
        ("term_months", "180"),
        ("horizon_months", "120"),
    ]
    given: dict[str, str] = {}
    for name, value in changes:
        change(page, name, value)
        given[name] = value
        assert_answer(page, *(f"{n}={v}" for n, v in given.items()))
    assert len(given) == 10
    verdicts = {reported(SLUG, *(f"{n}={v}" for n, v in list(given.items())[: i + 1]))["verdict"] for i in range(10)}
    assert len(verdicts) >= 2, "the scenarios should not all have the same winner"


def test_every_choice_is_answered(page: Page, server: SiteServer) -> None:
    page.goto(server.url + PATH)
    tried = 0
    for field in described()["inputs"]:
        if field["kind"] != "choice":
            continue
        for option in field["options"]:
            if option["value"] != control(page, field["name"]).input_value():
                change(page, field["name"], option["value"])
                assert_answer(page, f"{field['name']}={option['value']}")
                tried += 1
        change(page, field["name"], field["default"])
    assert tried >= 6


def test_without_javascript_the_whole_default_answer_is_there(server: SiteServer, open_context: OpenContext) -> None:
    page = open_context(java_script_enabled=False).new_page()
    page.goto(server.url + PATH)
    assert_built(page)
    metrics = {metric["id"] for metric in described()["metrics"]}
    assert set(read(page).metrics) == metrics and len(metrics) >= 20
    for place in ("[data-headline]", "[data-verdict]", "dl [data-metric]", "[data-notes] li", "[data-sources] li"):
        expect(calculator(page).locator(place).first).to_be_visible()
    assert {table: len(rows) for table, rows in read(page).tables.items()} == {
        table["id"]: table["row_count"] for table in reported()["tables"]
    }
    expect(calculator(page)).to_have_attribute("data-engine", "built")
    expect(calculator(page).locator("noscript p")).to_be_visible()
    assert server.sent_paths(ENGINE) == []


def test_nothing_of_the_engine_is_fetched_before_the_first_touch(page: Page, server: SiteServer) -> None:
    page.goto(server.url + PATH, wait_until="networkidle")
    # All that a reader does without changing a number.
    page.mouse.wheel(0, 3000)
    calculator(page).locator("details[data-figures] summary").click()
    calculator(page).locator("details[data-table='schedule'] summary").click()
    page.wait_for_timeout(1500)
    assert server.sent_paths(ENGINE) == []
    assert page.evaluate("window.rkResults") == 0
    assert_built(page)
    control(page, "rate_pct").focus()
    expect(calculator(page)).to_have_attribute("data-engine", "built")
    change(page, "rate_pct", "7")
    fetched = server.sent_paths(ENGINE)
    files = engine_files(page)
    for name in ("micropython", "kits"):
        assert [path for path in fetched if path.startswith(files[name])], f"{name}: the pattern misses {files[name]}"
    assert not [path for path in fetched if path.startswith((files["runtime"], files["python"], files["facts"]))]
    assert len(fetched) >= 3
    assert {path.rpartition("/")[2] for path in server.sent_paths(r"-worker\.js$")} == HINTED
    assert len(fetched) == len(set(fetched)), "nothing is fetched twice"


def test_a_second_visit_fetches_no_engine_again(page: Page, server: SiteServer) -> None:
    page.goto(server.url + PATH)
    change(page, "rate_pct", "7")
    server.reset()
    page.goto(server.url + PATH)
    change(page, "rate_pct", "6")
    assert server.sent_paths(ENGINE) == []
    assert_answer(page, "rate_pct=6")


def test_a_given_payment_blanks_the_term(page: Page, server: SiteServer) -> None:
    page.goto(server.url + PATH)
    assert control(page, "term_months").input_value() == "300"
    change(page, "payment_usd", "3000")
    assert control(page, "term_months").input_value() == ""
    assert_answer(page, "payment_usd=3000")
    # Both given is an error, at the field that was given last.
    type_in(page, "term_months", "240")
    expect(calculator(page).locator("[data-error-for]:not([hidden])")).to_have_count(1)
    expect(calculator(page)).to_have_attribute("data-stale", "")
    change(page, "payment_usd", "")
    assert_answer(page, "term_months=240", "payment_usd=")


def test_reset_brings_the_built_answer_back(page: Page, server: SiteServer) -> None:
    page.goto(server.url + PATH)
    calculator(page).locator("details[data-table='schedule'] summary").click()
    offered = {field["name"]: control(page, field["name"]).input_value() for field in described()["inputs"]}
    status = calculator(page).locator("[data-status]").inner_text()
    change(page, "payment_usd", "3000")
    change(page, "compounding", "annual")
    type_in(page, "rate_pct", "abc")
    expect(error_at(page, "rate_pct")).to_be_visible()
    assert "payment_usd=3000" in page.url
    calculator(page).get_by_role("button", name="Reset").click()
    assert_built(page)
    assert {name: control(page, name).input_value() for name in offered} == offered
    assert len(offered) >= 20
    expect(error_at(page, "rate_pct")).to_be_hidden()
    expect(calculator(page).locator("[data-stale-note]")).to_be_hidden()
    assert page.url == server.url + PATH
    # What it says about itself is true again, too.
    expect(calculator(page)).to_have_attribute("data-engine", "built")
    assert calculator(page).locator("[data-status]").inner_text() == status
    change(page, "rate_pct", "5")
    assert_answer(page, "rate_pct=5")


def test_opening_a_table_fills_it(page: Page, server: SiteServer) -> None:
    page.goto(server.url + PATH)
    assert "schedule" not in open_tables(page)
    change(page, "rate_pct", "7")
    assert read(page).tables["schedule"] == [], "the rows of another answer would be wrong"
    calculator(page).locator("details[data-table='schedule'] summary").click()
    rows = calculator(page).locator("details[data-table='schedule'] tbody tr")
    expect(rows).to_have_count(len(expected(SLUG, "rate_pct=7").tables["schedule"]))
    assert read(page).tables["schedule"] == expected(SLUG, "rate_pct=7").tables["schedule"]
    # An open table goes along with the next answer.
    change(page, "rate_pct", "4")
    assert "schedule" in open_tables(page)
    assert_answer(page, "rate_pct=4")


def test_a_table_that_is_opened_while_python_starts_is_filled(page: Page, server: SiteServer) -> None:
    page.goto(server.url + PATH)
    with answered(page):
        type_in(page, "rate_pct", "7")
        calculator(page).locator("details[data-table='schedule'] summary").click()
    wanted = expected(SLUG, "rate_pct=7").tables["schedule"]
    expect(calculator(page).locator("details[data-table='schedule'] tbody tr")).to_have_count(len(wanted))
    assert read(page).tables["schedule"] == wanted


def test_the_last_of_many_quick_changes_counts(page: Page, server: SiteServer) -> None:
    page.goto(server.url + PATH)
    change(page, "rate_pct", "7")
    field = control(page, "rate_pct")
    for value in ("1", "2", "3", "8", "4.25"):
        field.fill(value)
        field.dispatch_event("change")
    expect(calculator(page).locator("[data-headline]")).to_have_text(reported(SLUG, "rate_pct=4.25")["headline"])
    page.wait_for_timeout(500)
    assert_answer(page, "rate_pct=4.25")


def test_the_result_event_carries_the_report(page: Page, server: SiteServer) -> None:
    page.goto(server.url + PATH)
    page.evaluate("document.addEventListener('rk:result', (event) => { window.report = event.detail; })")
    change(page, "rate_pct", "7")
    report = page.evaluate("window.report")
    wanted = reported(SLUG, "rate_pct=7")
    assert report["headline"] == wanted["headline"]
    assert {id: metric["text"] for id, metric in report["metrics"].items()} == {
        id: metric["text"] for id, metric in wanted["metrics"].items()
    }
    for id, metric in wanted["metrics"].items():
        assert report["metrics"][id]["value"] == pytest.approx(metric["value"], rel=1e-12, abs=1e-9)


# Tells of the tables that each question names; `window.rkRefuse` has questions with tables refused.
_ASKED = """
window.rkAsked = [];
const { postMessage } = Worker.prototype;
Worker.prototype.postMessage = function (message, ...rest) {
  if (message.type === "run") window.rkAsked.push(message.tables);
  if (message.type !== "run" || !message.tables.length || !window.rkRefuse) {
    return postMessage.call(this, message, ...rest);
  }
  const error = { code: "INVALID_INPUT", field: "", message: "No rows today." };
  this.dispatchEvent(new MessageEvent("message", { data: { type: "error", id: message.id, error } }));
};
"""


def test_the_first_figures_do_not_wait_for_rows(page: Page, server: SiteServer) -> None:
    page.add_init_script(_ASKED)
    page.goto(server.url + PATH)
    opened = open_tables(page)
    assert opened
    change(page, "rate_pct", "7")
    assert_answer(page, "rate_pct=7")
    asked = [set(tables) for tables in page.evaluate("window.rkAsked")]
    # Opening a table starts the engine; where it is ready before the change, one question asks for everything.
    assert asked in ([set(), opened], [opened])
    change(page, "rate_pct", "8")
    assert_answer(page, "rate_pct=8")
    assert [set(tables) for tables in page.evaluate("window.rkAsked")] == [*asked, opened]


def test_rows_that_do_not_come_leave_no_old_ones(page: Page, server: SiteServer) -> None:
    page.add_init_script(_ASKED + "window.rkRefuse = true;")
    hold = threading.Event()
    server.rules = [Rule(r"\.wasm$", hold=hold)]  # the engine is still starting when the first question is asked
    page.goto(server.url + PATH)
    opened = open_tables(page)
    assert opened and all(read(page).tables[table] for table in opened)
    with answered(page):
        type_in(page, "rate_pct", "7")
        hold.set()
    expect(error_at(page, "")).to_have_text("No rows today.")
    assert not any(read(page).tables[table] for table in opened)
