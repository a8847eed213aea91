"""What a reader does with an answer: compares it, takes it along, prints it, cites it, looks how it is made."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pypdf
import pytest
from playwright.sync_api import Locator, Page, expect

from calculators import registry
from hooks.calculator_sources import sources
from tests.browser.conftest import PHONE, Guard, OpenContext
from tests.browser.widget import (
    PATH,
    SLUG,
    answered,
    calculator,
    change,
    command_line,
    control,
    described,
    first_change,
    open_everything,
    reported,
    type_in,
)
from tests.site_build import ROOT
from tests.site_server import Rule, SiteServer

ENGINES = r"assets/(micropython|pyodide|python)/"


def open_page(page: Page, server: SiteServer, slug: str = SLUG, query: str = "") -> Locator:
    page.goto(f"{server.url}calculators/{slug}/{query}")
    return calculator(page)


# ---- comparison


def compared(slug: str, a: list[str], b: list[str]) -> dict[str, Any]:
    """What the command line says of the two scenarios."""
    report = json.loads(command_line("compare", slug, "--format", "json", "--a", *a, "--b", *b).stdout)
    comparison: dict[str, Any] = report["comparison"]
    return comparison


def rows_of(comparison: dict[str, Any]) -> list[list[str]]:
    """The rows that the page has to show: inputs that differ, first figures, further figures that differ."""
    rows = [[entry["label"], entry["a"], entry["b"], ""] for entry in comparison["inputs"]]
    metrics = comparison["metrics"]
    for entry in [m for m in metrics if m["key"]] + [m for m in metrics if not m["key"] and not m["same"]]:
        percent = f" ({entry['percent']})" if entry["percent"] else ""
        rows.append([entry["label"], entry["a"], entry["b"], entry["difference"] + percent])
    return rows


def shown_rows(element: Locator) -> list[list[str]]:
    rows: list[list[str]] = element.locator("[data-comparison-rows]").evaluate(
        "(body) => [...body.rows].map((row) => [...row.cells].map((cell) => cell.textContent))"
    )
    return rows


@pytest.mark.parametrize("slug", registry.SLUGS)
def test_a_stays_while_the_reader_changes_b(slug: str, page: Page, server: SiteServer) -> None:
    element = open_page(page, server, slug)
    comparison = element.locator("[data-comparison]")
    expect(comparison).to_be_hidden()
    with answered(page):
        element.locator("[data-compare=keep]").click()
    expect(comparison).to_be_visible()
    expect(comparison).to_contain_text("Change an input, and B appears")
    expect(comparison.locator("table")).to_be_hidden()

    name, value = first_change(slug)
    change(page, name, value)
    wanted = compared(slug, [], [f"{name}={value}"])
    assert len(rows_of(wanted)) >= 8
    assert shown_rows(element) == rows_of(wanted)
    expect(element.locator("[data-kept]")).to_contain_text(wanted["headline_a"])
    expect(element.locator("[data-headline-b]")).to_have_text(reported(slug, f"{name}={value}")["headline"])
    keys = [entry for entry in wanted["metrics"] if entry["key"]]
    expect(element.locator(".rk-key .rk-versus")).to_have_count(len(keys))
    for entry in keys:
        beside = element.locator(f".rk-key dd:has([data-metric={entry['id']}]) .rk-versus")
        expect(beside).to_contain_text(f"A: {entry['a']}")

    element.locator("[data-compare=stop]").click()
    expect(comparison).to_be_hidden()
    expect(element.locator("[data-kept]")).to_be_hidden()
    expect(element.locator(".rk-versus")).to_have_count(0)
    change(page, *first_other_change(slug))
    expect(comparison).to_be_hidden()


def first_other_change(slug: str) -> tuple[str, str]:
    """A further change that every calculator allows."""
    taken = first_change(slug)[0]
    for field in described(slug)["inputs"]:
        if field["kind"] == "number" and field["default"] and field["name"] != taken:
            value = field["typical"][1]
            return field["name"], str(round(value) if field["whole"] else value)
    raise AssertionError(f"{slug} has no second number")


def test_a_changed_answer_can_be_a_and_reset_leaves_it(page: Page, server: SiteServer) -> None:
    element = open_page(page, server)
    change(page, "rate_pct", "8")
    with answered(page):
        element.locator("[data-compare=keep]").click()
    change(page, "extra_monthly_usd", "900")
    assert shown_rows(element) == rows_of(compared(SLUG, ["rate_pct=8"], ["rate_pct=8", "extra_monthly_usd=900"]))
    with answered(page):
        element.locator("button[type=reset]").click()
    assert shown_rows(element) == rows_of(compared(SLUG, ["rate_pct=8"], []))
    # What is typed wrong leaves the last comparison, marked as old, as it does the answer.
    type_in(page, "rate_pct", "x")
    expect(element).to_have_attribute("data-stale", "")
    expect(element.locator("[data-comparison]")).to_be_visible()


def test_a_phone_shows_a_b_and_the_difference_without_scrolling(server: SiteServer, open_context: OpenContext) -> None:
    page = open_context(PHONE).new_page()
    element = open_page(page, server)
    with answered(page):
        element.locator("[data-compare=keep]").click()
    change(page, "rate_pct", "7")
    region = element.locator("[data-comparison] .rk-scroll")
    assert region.evaluate("(e) => e.scrollWidth <= e.clientWidth")
    region.focus()
    expect(region).to_be_focused()


# ---- downloads


def save(page: Page, button: Locator) -> tuple[str, bytes]:
    """Name and content of what a button saves."""
    with page.expect_download() as waiting:
        button.evaluate("(e) => e.click()")  # also in a closed <details>
    download = waiting.value
    return download.suggested_filename, Path(download.path()).read_bytes()


def read_csv(content: bytes) -> list[list[str]]:
    text = content.decode("utf-8-sig")
    assert text.endswith("\r\n") and "\n" not in text.replace("\r\n", "")
    return list(csv.reader(io.StringIO(text, newline="")))


def assert_cells(found: list[list[str]], wanted: list[list[Any]]) -> None:
    """Numbers with all their digits, everything else as it is."""
    assert len(found) == len(wanted) > 0
    for mine, theirs in zip(found, wanted, strict=True):
        assert len(mine) == len(theirs)
        for cell, value in zip(mine, theirs, strict=True):
            if isinstance(value, (int, float)):
                assert float(cell) == pytest.approx(value, rel=1e-12, abs=1e-9)
            else:
                assert cell == (value or "")


@pytest.mark.parametrize("slug", registry.SLUGS)
def test_every_table_is_saved_with_all_digits(slug: str, page: Page, server: SiteServer) -> None:
    element = open_page(page, server, slug)
    name, value = first_change(slug)
    change(page, name, value)
    tables = reported(slug, f"{name}={value}")["tables"]
    assert tables
    for table in tables:  # those that are closed, and therefore empty on the page, as well
        saved_as, content = save(page, element.locator(f"[data-csv='{table['id']}']"))
        assert saved_as == f"reckoner-{slug}-{table['id'].replace('_', '-')}.csv"
        head, *rows = read_csv(content)
        assert [text.partition(" (")[0] for text in head] == [column["label"] for column in table["columns"]]
        assert any(f"({column['unit']})" in text for column, text in zip(table["columns"], head, strict=True))
        assert_cells(rows, table["rows"])


@pytest.mark.parametrize("slug", registry.SLUGS)
def test_all_figures_are_saved_with_the_inputs(slug: str, page: Page, server: SiteServer) -> None:
    element = open_page(page, server, slug)
    name, value = first_change(slug)
    change(page, name, value)
    saved_as, content = save(page, element.locator("[data-csv=figures]"))
    assert saved_as == f"reckoner-{slug}-figures.csv"
    report = reported(slug, f"{name}={value}")
    head, *rows = read_csv(content)
    assert head == ["kind", "name", "label", "value", "unit", "low", "high"]
    inputs = [["input", id, i["label"], i["value"], i["unit"], "", ""] for id, i in report["inputs"].items()]
    figures = [["figure", id, *(m[key] for key in head[2:])] for id, m in report["metrics"].items()]
    assert_cells(rows[:-1], inputs + figures)
    assert rows[-1][:2] == ["about", "page"]
    assert float(dict(parse_qsl(urlsplit(rows[-1][3]).query))[name]) == float(value)


def test_the_comparison_is_saved(page: Page, server: SiteServer) -> None:
    element = open_page(page, server)
    with answered(page):
        element.locator("[data-compare=keep]").click()
    change(page, "rate_pct", "7")
    _, content = save(page, element.locator("[data-csv=comparison]"))
    wanted = compared(SLUG, [], ["rate_pct=7"])
    head, *rows = read_csv(content)
    assert head == ["kind", "name", "label", "a", "b", "unit"]
    inputs = [["input", e["name"], e["label"], e["a"], e["b"], ""] for e in wanted["inputs"]]
    figures = [["figure", e["id"], e["label"], e["value_a"], e["value_b"], e["unit"]] for e in wanted["metrics"]]
    assert_cells(rows, inputs + figures)


def test_the_built_answer_is_saved_without_a_change(page: Page, server: SiteServer) -> None:
    element = open_page(page, server)
    _, content = save(page, element.locator("[data-csv=by_year]"))
    wanted = next(table for table in reported()["tables"] if table["id"] == "by_year")
    assert_cells(read_csv(content)[1:], wanted["rows"])
    expect(element).to_have_attribute("data-engine", "built")


def test_without_an_engine_the_texts_on_the_page_are_saved(page: Page, server: SiteServer, guard: Guard) -> None:
    guard.expect_errors("404")
    server.rules.append(Rule(ENGINES, status=404))
    element = open_page(page, server)
    for id in ("by_return", "schedule"):
        _, content = save(page, element.locator(f"[data-csv='{id}']"))
        wanted = next(table for table in reported()["tables"] if table["id"] == id)
        assert read_csv(content)[1:] == wanted["text"] != []
    _, content = save(page, element.locator("[data-csv=figures]"))
    figures = {row[0]: row[1] for row in read_csv(content)[1:]}
    assert figures == {metric["label"]: metric["text"] for metric in reported()["metrics"].values()}


@pytest.mark.parametrize("slug", registry.SLUGS)
def test_every_chart_is_saved(slug: str, page: Page, server: SiteServer) -> None:
    element = open_page(page, server, slug)
    charts = reported(slug)["charts"]
    assert charts
    for chart in charts:
        figure = element.locator(f"[data-chart='{chart['id']}']")
        name, svg = save(page, figure.locator("[data-picture=svg]"))
        assert name == f"reckoner-{slug}-{chart['id'].replace('_', '-')}.svg"
        assert svg.startswith(b"<svg") and chart["title"].encode() in svg
        name, png = save(page, figure.locator("[data-picture=png]"))
        assert name.endswith(".png") and png.startswith(b"\x89PNG") and len(png) > 5000
        name, content = save(page, figure.locator("[data-picture=csv]"))
        assert name.endswith("-chart.csv")
        head, *rows = read_csv(content)
        if chart["kind"] == "scatter":
            assert head == [chart["point"], "Price (USD)", chart["y"]["label"], "Group"]
            points = [(name, series) for series in chart["series"] for name in series["names"]]
            assert [(row[0], row[3]) for row in rows] == [(name, series["label"]) for name, series in points]
            assert_cells([row[1:3] for row in rows], [at for series in chart["series"] for at in series["points"]])
            continue
        assert len(head) == 1 + len(chart["series"])
        series = chart["series"][0]
        found = [[row[0], row[1]] for row in rows if row[1]]
        assert_cells(found, series["points"])


def script(page: Page, name: str) -> str:
    """The address of one of our modules."""
    own: str = page.locator("script[src*=rk-calculator-define]").evaluate("(e) => e.src")
    return own.replace("rk-calculator-define", name)


def test_cells_that_a_spreadsheet_would_run_are_made_harmless(page: Page, server: SiteServer) -> None:
    open_page(page, server)
    table = {
        "columns": [
            {"label": "Name", "unit": ""},
            {"label": "Month", "unit": "month"},
            {"label": "Cost", "unit": "USD"},
        ],
        "rows": [
            ["=1+1", 1, -2.5],
            ['+cmd|"x"', 2, 0.1 + 0.2],
            ["@SUM(A1)", None, 1e21],
            ["-2+3+cmd|' /C calc'!A0", 3, 300000],
            ["a, b\nc", 4, 5e-7],
            ["-3.1%", 5, 0],
            ["\tx", 6, 0],
        ],
    }
    text = page.evaluate("async ([from, t]) => (await import(from)).csvOfTable(t)", [script(page, "downloads"), table])
    assert text == (
        "Name,Month,Cost (USD)\r\n"
        "'=1+1,1,-2.5\r\n"
        '"\'+cmd|""x""",2,0.30000000000000004\r\n'
        "'@SUM(A1),,1e+21\r\n"
        "'-2+3+cmd|' /C calc'!A0,3,300000\r\n"
        '"a, b\nc",4,5e-7\r\n'
        "-3.1%,5,0\r\n"
        "'\tx,6,0\r\n"
    )
    table["rows"] = [["µ", 1, 1]]
    text = page.evaluate("async ([from, t]) => (await import(from)).csvOfTable(t)", [script(page, "downloads"), table])
    assert text.startswith("\ufeffName"), "Excel would take it for another encoding"


# ---- paper


def paper(page: Page) -> str:
    """The text of the page on paper, on one line."""
    found = pypdf.PdfReader(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))
    text = " ".join(sheet.extract_text() for sheet in found.pages)
    return " ".join(unicodedata.normalize("NFKC", text).split())


def assert_on_paper(text: str, slug: str, *inputs: str) -> None:
    """All that a printed answer has to have."""
    dense = text.replace(" ", "")

    def assert_there(part: str) -> None:
        assert "".join(unicodedata.normalize("NFKC", part).split()) in dense, part

    report = reported(slug, *inputs)
    assert_there(report["headline"])
    assert_there(described(slug)["disclaimer"])
    for entry in report["inputs"].values():
        is_number = isinstance(entry["value"], (int, float))
        assert_there(entry["label"])
        assert_there(f"{entry['raw']} {entry['unit']}" if is_number else entry["text"])
    for metric in report["metrics"].values():
        assert_there(metric["label"] + metric["text"] + metric["range_text"])
    for note in report["notes"]:
        assert_there(note["text"])
    for source in report["sources"]:
        assert_there(f"{source['producer']}, {source['title']}: {source['url']}")
    for table in report["tables"]:
        for row in [table["text"][0], table["text"][-1]]:
            assert ("".join(row).replace(" ", "") in dense) == table["opened"], table["id"]
    for words in ("Reset", "Copy link", "Skip to content", "Cite this result", "Keep this as A", "Search"):
        assert words not in text


@pytest.mark.parametrize("slug", registry.SLUGS)
def test_the_built_answer_on_paper(slug: str, server: SiteServer, open_context: OpenContext) -> None:
    for has_script in (True, False):
        page = open_context(java_script_enabled=has_script, color_scheme="dark").new_page()
        open_page(page, server, slug)
        text = paper(page)
        assert_on_paper(text, slug)
        assert f"{server.url}calculators/{slug}/" in text.replace(" ", "")


def test_the_readers_answer_on_paper(page: Page, server: SiteServer) -> None:
    element = open_page(page, server)
    change(page, "rate_pct", "7.125")
    text = paper(page)
    assert_on_paper(text, SLUG, "rate_pct=7.125")
    assert "?rate_pct=7.125&" in text.replace(" ", "")
    # A table that stands open is on paper, too; what was closed before is closed again.
    element.locator("details[data-table=schedule] > summary").click()
    expect(element.locator("details[data-table=schedule] tbody td").first).to_be_visible()
    with_schedule = paper(page)
    last = next(t for t in reported(SLUG, "rate_pct=7.125")["tables"] if t["id"] == "schedule")["text"][-1]
    assert "".join(last) in with_schedule.replace(" ", "")
    assert element.locator("[data-closed]").count() == 0
    with answered(page):
        element.locator("button[type=reset]").click()
        change(page, "rate_pct", "6.25")
    element.locator("button[type=reset]").click()
    element.locator("details[data-table=schedule] > summary").click()
    assert_on_paper(paper(page), SLUG)


# ---- citation


def test_a_citation_has_the_scenario_and_the_day(page: Page, server: SiteServer) -> None:
    element = open_page(page, server)
    change(page, "rate_pct", "7")
    element.locator("[data-cite] > summary").click()
    plain, bibtex = element.locator("[data-citation=plain]"), element.locator("[data-citation=bibtex]")
    days = sorted(source["as_of"] for source in reported(SLUG, "rate_pct=7")["sources"])
    pattern = (
        r"Reckoner: Mortgage or invest\. Calculator, version [0-9a-f]{8}, with facts as of (\S+) to (\S+), "
        r"worked out by (MicroPython [\d.]+)\. (http\S+) \(accessed on (\S+)\)"
    )
    expect(plain).to_have_text(re.compile(pattern))
    found = re.fullmatch(pattern, plain.inner_text())
    assert found
    first, last, _, address, accessed = found.groups()
    assert (first, last) == (days[0], days[-1])
    assert abs((date.fromisoformat(accessed) - date.today()).days) <= 1
    query = dict(parse_qsl(urlsplit(address).query, keep_blank_values=True))
    assert query["rate_pct"] == "7" and query["v"] and len(query) == len(described()["inputs"]) + 1
    assert f"  url = {{{address}}},\n  urldate = {{{accessed}}}\n}}" in bibtex.inner_text()

    # It follows the answer, and its address leads back to it.
    change(page, "rate_pct", "8")
    expect(plain).to_have_text(re.compile(r"\?rate_pct=8&"))
    element.locator("button[type=reset]").click()
    expect(plain).to_have_text(re.compile(r"worked out by CPython\. http.*/\?v="))
    page.goto(address)
    expect(element.locator("[data-headline]")).to_have_text(reported(SLUG, "rate_pct=7")["headline"])


def test_a_citation_is_copied(server: SiteServer, open_context: OpenContext) -> None:
    context = open_context()
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    element = open_page(page, server)
    element.locator("[data-cite] > summary").click()
    button = element.locator("[data-copy=bibtex]")
    button.click()
    expect(button).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == element.locator("[data-citation=bibtex]").inner_text()
    assert copied.startswith("@misc{reckoner-mortgage-vs-invest,")


# ---- workings


@pytest.mark.parametrize("slug", registry.SLUGS)
def test_the_workings_and_the_source_that_answers(slug: str, page: Page, server: SiteServer) -> None:
    element = open_page(page, server, slug)
    method = element.locator("[data-method]")
    method.locator("summary").first.click()
    expect(method).to_contain_text("Formulas")
    expect(method.locator("[data-answered-by]")).to_contain_text("CPython")
    source = method.locator("[data-source]")
    assert not [sent for sent in server.sent if "assets/source/" in sent.path]
    source.locator("summary").click()
    expect(source.locator("[data-source-text]")).to_be_visible()
    text = source.locator("[data-source-text]").evaluate("(e) => e.textContent")
    assert text == sources(ROOT)[f"calculators/{slug.replace('-', '_')}.py"]
    name, value = first_change(slug)
    change(page, name, value)
    expect(method.locator("[data-answered-by]")).to_contain_text("MicroPython")


def test_without_javascript_all_but_the_buttons_is_there(server: SiteServer, open_context: OpenContext) -> None:
    page = open_context(java_script_enabled=False).new_page()
    element = open_page(page, server)
    expect(element.locator(".rk-disclaimer")).to_have_text("An estimate, not financial advice.")
    buttons = element.locator(":is(.rk-tool, .rk-scripted)")
    assert buttons.count() >= 8
    for button in buttons.all():
        expect(button).to_be_hidden()
    element.locator("[data-cite] > summary").click()
    expect(element.locator("[data-citation=plain]")).to_have_text(
        re.compile(rf"worked out by CPython\. {re.escape(server.url)}{PATH}$")
    )
    element.locator("[data-method] > summary").click()
    element.locator("[data-source] > summary").click()
    link = element.locator("[data-source] a")
    expect(link).to_be_visible()
    sent = page.request.get(link.evaluate("(e) => e.href"))
    assert sent.headers["content-type"].startswith("text/plain")
    assert sent.text() == sources(ROOT)["calculators/mortgage_vs_invest.py"]


@pytest.mark.parametrize("slug", registry.SLUGS)
def test_every_answer_says_that_it_is_an_estimate(slug: str, page: Page, server: SiteServer) -> None:
    element = open_page(page, server, slug)
    expect(element.locator(".rk-answer .rk-disclaimer")).to_have_text(described(slug)["disclaimer"])
    expect(element.locator(".rk-disclaimer")).to_be_visible()


def test_nothing_is_wider_than_a_phone(server: SiteServer, open_context: OpenContext) -> None:
    page = open_context(PHONE).new_page()
    element = open_page(page, server)
    with answered(page):
        element.locator("[data-compare=keep]").click()
    change(page, "rate_pct", "7")
    open_everything(page)
    expect(element.locator("[data-source-text]")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert control(page, "rate_pct").input_value() == "7"
