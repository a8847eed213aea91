"""Charts: built into the page, and drawn anew by Vega after a change."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Locator, Page, expect

from calculators import registry
from tests.browser.conftest import PHONE, Guard, OpenContext
from tests.browser.widget import calculator, change, first_change, reported
from tests.site_server import Rule, SiteServer

STRICT = (
    "default-src 'none'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; connect-src 'self'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; worker-src 'self'; manifest-src 'self'"
)
MORTGAGE = "mortgage-vs-invest"


def figure(page: Page, id: str) -> Locator:
    return calculator(page).locator(f"figure[data-chart='{id}']")


def slider(page: Page, id: str) -> Locator:
    return figure(page, id).get_by_role("slider")


def chart_in(report: dict[str, Any], id: str) -> dict[str, Any]:
    found: dict[str, Any] = next(chart for chart in report["charts"] if chart["id"] == id)
    return found


def points_of(chart: dict[str, Any]) -> list[list[str]]:
    """Name, texts of x and y, and sort of each point of a scatter."""
    found = []
    for series in chart["series"]:
        for name, x, y in zip(series["names"], series["x_text"], series["text"], strict=True):
            found.append([name, x, y, series["label"]])
    return found


def values_at(chart: dict[str, Any], at: int) -> str:
    """What is said and shown of one x, or of one point."""
    if chart["kind"] == "scatter":
        name, x, y, sort = points_of(chart)[at]
        return f"{name}, {chart['x']['label']} {x}, {chart['y']['label']} {y}, {sort}"
    parts = [f"{chart['x']['label']}: {chart['x_text'][at]}"]
    return ", ".join(parts + [f"{series['label']} {series['text'][at]}" for series in chart["series"]])


def table_in(page: Page, id: str) -> list[list[str]]:
    rows: list[list[str]] = figure(page, id).evaluate(
        "(f) => [...f.querySelectorAll('tbody tr')].map((row) => [...row.children].map((cell) => cell.textContent))"
    )
    return rows


def rows_of(chart: dict[str, Any]) -> list[list[str]]:
    if chart["kind"] == "scatter":
        return points_of(chart)
    columns = [chart["x_text"], *(series["text"] for series in chart["series"])]
    return [list(row) for row in zip(*columns, strict=True)]


def assert_texts(page: Page, report: dict[str, Any]) -> None:
    """Titles, descriptions and tables of the visible charts are the report's."""
    visible = calculator(page).locator("figure[data-chart]:visible")
    expect(visible).to_have_count(len(report["charts"]))
    for at, chart in enumerate(report["charts"]):
        expect(visible.nth(at)).to_have_attribute("data-chart", chart["id"])
        expect(visible.nth(at).locator("[data-chart-title]")).to_have_text(chart["title"])
        expect(visible.nth(at).locator("[data-chart-description]")).to_have_text(chart["description"])
        assert table_in(page, chart["id"]) == rows_of(chart)


def assert_drawn(page: Page, report: dict[str, Any]) -> None:
    """The pictures are of this report: each place along the x axis has the report's values."""
    assert_texts(page, report)
    for chart in report["charts"]:
        pointer = slider(page, chart["id"])
        expect(pointer).to_have_attribute("aria-valuemax", str(len(rows_of(chart)) - 1))
        at = int(pointer.get_attribute("aria-valuenow") or "")
        expect(pointer).to_have_attribute("aria-valuetext", values_at(chart, at))
        shown = figure(page, chart["id"]).locator("svg:visible text").all_text_contents()
        assert {mark["label"] for mark in chart["marks"]} <= set(shown)
        named = [series["label"] for series in chart["series"] if series["role"] not in ("low", "high", "total")]
        assert named and set(named) <= set(shown)
        expect(figure(page, chart["id"])).not_to_have_attribute("data-drawing", re.compile(""))


def drawn_in(page: Page, id: str) -> str:
    """Everything in the picture that is seen."""
    pictures: list[str] = (
        figure(page, id).locator("svg:visible").evaluate_all("(all) => all.map((svg) => svg.innerHTML)")
    )
    assert len(pictures) == 1
    return pictures[0]


@pytest.mark.parametrize("slug", registry.SLUGS)
def test_the_built_picture_needs_no_javascript(slug: str, open_context: OpenContext, server: SiteServer) -> None:
    page = open_context(java_script_enabled=False).new_page()
    page.goto(f"{server.url}calculators/{slug}/")
    report = reported(slug)
    assert_texts(page, report)
    for chart in report["charts"]:
        picture = figure(page, chart["id"]).get_by_role("img", name=chart["title"])
        expect(picture).to_be_visible()
        expect(picture).to_have_accessible_description(chart["description"])
    assert not server.sent_paths("assets/vega/")


@pytest.mark.parametrize("slug", registry.SLUGS)
def test_a_change_redraws_what_python_says(slug: str, page: Page, server: SiteServer) -> None:
    server.headers = {"Content-Security-Policy": STRICT}  # no eval
    page.goto(f"{server.url}calculators/{slug}/")
    built = reported(slug)
    before = {chart["id"]: drawn_in(page, chart["id"]) for chart in built["charts"]}
    assert not server.sent_paths("assets/vega/"), "Vega comes after the first change"
    name, value = first_change(slug)
    change(page, name, value)
    report = reported(slug, f"{name}={value}")
    assert report["charts"] != built["charts"]
    assert_drawn(page, report)
    for chart in report["charts"]:
        picture = figure(page, chart["id"]).get_by_role("img", name=chart["title"])
        expect(picture).to_be_visible()
        expect(picture).to_have_accessible_description(chart["description"])
        assert drawn_in(page, chart["id"]) != before[chart["id"]]
    assert len(server.sent_paths(r"assets/vega/.*vega\.min\.js$")) == 1


def test_charts_come_and_go_with_the_answer(page: Page, server: SiteServer) -> None:
    page.goto(f"{server.url}calculators/hardware-fit/")
    assert_texts(page, reported("hardware-fit"))
    change(page, "hardware", "rtx-4090")
    without = reported("hardware-fit", "hardware=rtx-4090")
    assert len(without["charts"]) == 1
    assert_drawn(page, without)
    change(page, "model", "llama-3-1-8b")
    again = reported("hardware-fit", "hardware=rtx-4090", "model=llama-3-1-8b")
    assert len(again["charts"]) == 2
    assert_drawn(page, again)


def test_a_chart_that_the_built_answer_lacks_is_made(page: Page, server: SiteServer) -> None:
    page.goto(f"{server.url}calculators/hardware-fit/")
    figure(page, "decode").evaluate("(figure) => figure.remove()")
    change(page, "context_tokens", "20000")
    assert_drawn(page, reported("hardware-fit", "context_tokens=20000"))


def test_values_by_keyboard(page: Page, server: SiteServer) -> None:
    page.goto(f"{server.url}calculators/{MORTGAGE}/")
    change(page, "return_pct", "9")
    chart = chart_in(reported(MORTGAGE, "return_pct=9"), "net_worth")
    pointer = slider(page, "net_worth")
    tip = figure(page, "net_worth").locator(".rk-tip")
    expect(pointer).to_have_accessible_name(f"Values of the chart: {chart['title']}")
    expect(tip).to_be_hidden()
    pointer.focus()
    expect(tip).to_be_visible()
    last = len(chart["x_text"]) - 1
    for key, at in (
        ("Home", 0),
        ("ArrowLeft", 0),
        ("ArrowRight", 1),
        ("ArrowUp", 2),
        ("End", last),
        ("ArrowRight", last),
    ):
        page.keyboard.press(key)
        expect(pointer).to_have_attribute("aria-valuenow", str(at))
        expect(pointer).to_have_attribute("aria-valuetext", values_at(chart, at))
        expect(tip.locator("p").first).to_have_text(f"{chart['x']['label']}: {chart['x_text'][at]}")
        assert tip.locator("p span").all_text_contents() == [
            text for series in chart["series"] for text in (series["label"], series["text"][at])
        ]
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    page.keyboard.press("ArrowLeft")
    expect(tip).to_be_visible()
    page.keyboard.press("Tab")
    expect(tip).to_be_hidden()


@pytest.mark.parametrize("touch", [False, True])
def test_values_by_pointer(touch: bool, open_context: OpenContext, server: SiteServer) -> None:
    page = open_context(PHONE, has_touch=touch).new_page()
    page.goto(f"{server.url}calculators/colo-power/")
    change(page, "years", "7")
    chart = chart_in(reported("colo-power", "years=7"), "bill")
    pointer = slider(page, "bill")
    pointer.scroll_into_view_if_needed()
    box = pointer.bounding_box()
    assert box
    for at in (0, 3, 6):
        x, y = box["x"] + box["width"] * (at + 0.5) / 7, box["y"] + box["height"] / 2
        page.touchscreen.tap(x, y) if touch else page.mouse.move(x, y)
        expect(pointer).to_have_attribute("aria-valuetext", values_at(chart, at))
        tip = figure(page, "bill").locator(".rk-tip")
        expect(tip).to_be_visible()
        placed = tip.bounding_box()
        assert placed and placed["x"] >= 0 and placed["x"] + placed["width"] <= PHONE[0]
    if touch:
        page.touchscreen.tap(5, box["y"] - 20)
    else:
        page.mouse.move(5, box["y"] - 20)
    expect(figure(page, "bill").locator(".rk-tip")).to_be_hidden()


@pytest.mark.parametrize("touch", [False, True])
def test_points_by_pointer_and_keyboard(touch: bool, open_context: OpenContext, server: SiteServer) -> None:
    page = open_context(PHONE, has_touch=touch).new_page()
    page.goto(f"{server.url}calculators/hardware-ranking/?set=guide&model=custom")
    chart = chart_in(reported("hardware-ranking", "set=guide", "model=custom"), "map")
    pointer = slider(page, "map")
    expect(pointer).to_have_attribute("aria-valuetext", values_at(chart, 0))
    points = points_of(chart)
    assert points[0][0] == "RTX PRO 6000"
    tip, ring = figure(page, "map").locator(".rk-tip"), figure(page, "map").locator(".rk-cursor")
    pointer.scroll_into_view_if_needed()
    found = []
    for at in (0, 1, len(points) - 1):
        pointer.focus()
        page.keyboard.press("Home")
        for _ in range(at):
            page.keyboard.press("ArrowRight")
        expect(pointer).to_have_attribute("aria-valuetext", values_at(chart, at))
        place = ring.bounding_box()
        assert place and place["width"] == place["height"] > 10
        found.append((place["x"] + place["width"] / 2, place["y"] + place["height"] / 2))
    # The dearest is the best: further right and above. The pointer finds each where the keys had shown it.
    assert found[0][0] > found[1][0] > found[2][0]
    assert found[0][1] < found[1][1] < found[2][1]
    for at, (x, y) in zip((0, 1), found, strict=False):
        page.touchscreen.tap(x, y) if touch else page.mouse.move(x, y)
        expect(pointer).to_have_attribute("aria-valuetext", values_at(chart, at))
        expect(tip.locator("p").first).to_have_text(points[at][0])
        placed = tip.bounding_box()
        assert placed and placed["x"] >= 0 and placed["x"] + placed["width"] <= PHONE[0]


def test_the_ring_lies_on_its_point(page: Page, server: SiteServer) -> None:
    page.goto(f"{server.url}calculators/hardware-ranking/?set=guide&model=custom")
    expect(slider(page, "map")).to_be_visible()
    slider(page, "map").focus()
    ring = figure(page, "map").locator(".rk-cursor").bounding_box()
    digit = figure(page, "map").locator("svg:visible text[font-weight=bold]").first.bounding_box()
    assert ring and digit
    assert abs(ring["x"] + ring["width"] / 2 - digit["x"] - digit["width"] / 2) <= 1.5
    assert abs(ring["y"] + ring["height"] / 2 - digit["y"] - digit["height"] / 2) <= 1.5


@pytest.mark.parametrize("file", ["vega.min.js", "vega-interpreter.js", "templates.json"])
def test_without_vega_the_numbers_stand(file: str, page: Page, server: SiteServer, guard: Guard) -> None:
    guard.expect_errors("Failed to load resource")
    server.rules = [Rule(rf"assets/vega/.*{re.escape(file)}$", status=404)]
    page.goto(f"{server.url}calculators/{MORTGAGE}/")
    change(page, "return_pct", "9")
    failed = figure(page, "net_worth").locator("[data-chart-failed]")
    expect(failed).to_be_visible()
    expect(failed).to_have_text("The picture for these numbers could not be drawn. The table below holds them.")
    expect(figure(page, "net_worth").locator("svg:visible")).to_have_count(0)
    assert_texts(page, reported(MORTGAGE, "return_pct=9"))
    # The next answer tries again.
    server.rules = []
    change(page, "return_pct", "8")
    assert_drawn(page, reported(MORTGAGE, "return_pct=8"))
    expect(failed).to_be_hidden()


def test_reset_brings_the_built_picture_back(page: Page, server: SiteServer) -> None:
    page.goto(f"{server.url}calculators/{MORTGAGE}/")
    before = drawn_in(page, "net_worth")
    change(page, "return_pct", "9")
    assert_drawn(page, reported(MORTGAGE, "return_pct=9"))
    assert drawn_in(page, "net_worth") != before
    calculator(page).locator("button[type=reset]").click()
    expect(slider(page, "net_worth")).to_have_count(0)
    assert_texts(page, reported(MORTGAGE))
    assert drawn_in(page, "net_worth") == before
    change(page, "return_pct", "10")
    assert_drawn(page, reported(MORTGAGE, "return_pct=10"))


_FLOOD = """
async ([module, folder, reports]) => {
  const { showCharts } = await import(module);
  const root = document.querySelector("rk-calculator");
  const shown = reports.map((charts) => showCharts(root, charts, folder));
  await Promise.all(shown);
}
"""


def test_of_many_answers_at_once_the_last_is_drawn(page: Page, server: SiteServer) -> None:
    page.goto(f"{server.url}calculators/{MORTGAGE}/")
    change(page, "return_pct", "5")
    assert_drawn(page, reported(MORTGAGE, "return_pct=5"))
    module = page.evaluate(
        "[...document.scripts].map((s) => s.src).find((src) => src.includes('rk-calculator')).replace(/[^/]*$/, '')"
    )
    vega = server.sent_paths(r"assets/vega/.*vega\.min\.js$")[0].rpartition("/")[0]
    reports = [reported(MORTGAGE, f"return_pct={value}") for value in (4, 11, 3, 12, 6)]
    page.evaluate(_FLOOD, [f"{module}chart-view.js", f"{server.url}{vega}/", [report["charts"] for report in reports]])
    assert_drawn(page, reports[-1])
    drawn = drawn_in(page, "net_worth")
    change(page, "return_pct", "7.5")
    change(page, "return_pct", "6")
    assert_drawn(page, reports[-1])
    assert drawn_in(page, "net_worth") == drawn


@pytest.mark.parametrize("slug", registry.SLUGS)
def test_a_picture_fits_the_phone_and_follows_its_width(
    slug: str, open_context: OpenContext, server: SiteServer
) -> None:
    page = open_context(PHONE).new_page()
    page.goto(f"{server.url}calculators/{slug}/")
    drawn = 0

    def look() -> None:
        nonlocal drawn
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        for svg in calculator(page).locator("[data-chart-picture] svg:visible").all():
            size = svg.evaluate(
                """(svg) => {
                  const scale = svg.clientWidth / svg.viewBox.baseVal.width;
                  const sizes = [...svg.querySelectorAll("text")].map((t) => parseFloat(getComputedStyle(t).fontSize));
                  return [Math.min(...sizes) * scale, Math.max(...sizes) * scale];
                }"""
            )
            assert size[0] >= 11 and size[1] <= 17, size
            drawn += 1

    look()
    name, value = first_change(slug)
    change(page, name, value)
    report = reported(slug, f"{name}={value}")
    assert_drawn(page, report)
    look()
    page.set_viewport_size({"width": 700, "height": 844})
    for chart in report["charts"]:
        svg = figure(page, chart["id"]).locator("svg:visible")
        page.wait_for_function("(svg) => svg.viewBox.baseVal.width > 600", arg=svg.element_handle())
    look()
    assert drawn == 3 * len(report["charts"])


def test_the_picture_follows_the_scheme(open_context: OpenContext, server: SiteServer) -> None:
    seen = {}
    for scheme in ("light", "dark"):
        page = open_context(color_scheme=scheme).new_page()
        page.goto(f"{server.url}calculators/{MORTGAGE}/")
        colour = "(f) => getComputedStyle([...f.querySelectorAll('svg text')].find((t) => t.checkVisibility())).fill"
        built = figure(page, "net_worth").evaluate(colour)
        change(page, "return_pct", "9")
        assert_drawn(page, reported(MORTGAGE, "return_pct=9"))
        assert figure(page, "net_worth").evaluate(colour) == built
        seen[scheme] = built
    assert seen["light"] != seen["dark"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_picture_to_take_away(scheme: str, open_context: OpenContext, server: SiteServer) -> None:
    server.headers = {"Content-Security-Policy": STRICT}
    page = open_context(color_scheme=scheme).new_page()
    page.goto(f"{server.url}calculators/hardware-fit/")
    module = page.evaluate(
        "[...document.scripts].map((s) => s.src).find((src) => src.includes('rk-calculator')).replace(/[^/]*$/, '')"
    )
    for changed in (False, True):
        if changed:
            change(page, "context_tokens", "20000")
            assert_drawn(page, reported("hardware-fit", "context_tokens=20000"))
        text, width, height, kind = figure(page, "memory").evaluate(
            """async (figure, module) => {
              const { svgText, pngBlob } = await import(module);
              const blob = await pngBlob(figure, 2);
              const image = await createImageBitmap(blob);
              return [svgText(figure), image.width, image.height, blob.type];
            }""",
            f"{module}chart-view.js",
        )
        root = ElementTree.fromstring(text)
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert "var(" not in text and "undefined" not in text
        assert re.search('fill="#ffffff"', text), "on white, whatever the page's scheme is"
        chart = chart_in(reported("hardware-fit", *(["context_tokens=20000"] if changed else [])), "memory")
        named = {element.tag.rpartition("}")[2]: element.text for element in root[:2]}
        assert named == {"title": chart["title"], "desc": chart["description"]}
        assert (kind, width, height) == (
            "image/png", 2 * round(float(root.attrib["width"])), 2 * round(float(root.attrib["height"])),
        )  # fmt: skip
