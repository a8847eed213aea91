"""Charts become pictures: their looks, what they cost, and what the browser gets to draw them anew."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import vl_convert

from calculators import registry
from hooks import charts
from hooks.widget import templates
from tests.calculators.helpers import evaluate
from tests.hooks.conftest import ROOT

CSS = (ROOT / "docs" / "assets" / "stylesheets" / "charts.css").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> charts.Pictures:
    return charts.Pictures(tmp_path_factory.mktemp("charts"))


SCENARIOS: list[tuple[str, dict[str, Any]]] = [
    *((slug, {}) for slug in registry.SLUGS),
    ("mortgage-vs-invest", {"return_pct": 7.4}),
    ("mortgage-vs-invest", {"balance_usd": 1e10, "horizon_months": 1200, "return_pct": 12}),
    ("mortgage-vs-invest", {"balance_usd": 0.01, "extra_monthly_usd": 0, "term_months": 1}),
    (
        "colo-power",
        {"tariff": "both", "years": 50, "cross_connects": 9, "remote_hands_hours_month": 2, "setup_usd": 1e4},
    ),
    ("colo-power", {"years": 1}),
    ("hardware-fit", {"hardware": "rtx-4090"}),  # does not fit
    ("hardware-fit", {"context_tokens": 1, "max_context_tokens": 1}),
    ("hardware-fit", {"context_tokens": 131_000}),
    ("hardware-ranking", {"set": "guide", "model": "custom"}),
    ("hardware-ranking", {"hardware_class": "any", "rank_by": "value", "budget_usd": 3000}),
    ("hardware-ranking", {"needed_gb": 600}),  # none is left
    ("hardware-ranking", {"hardware_class": "intel", "model": "custom"}),
]


def all_charts() -> list[dict[str, Any]]:
    found = [chart for slug, inputs in SCENARIOS for chart in evaluate(slug, tables=(), **inputs)["charts"]]
    assert len(found) >= len(SCENARIOS)
    return found


def elements(svg: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(svg).iter())


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in elements(svg) if element.tag == "text"]


def chart_of(slug: str, id: str, **inputs: Any) -> dict[str, Any]:
    return next(chart for chart in evaluate(slug, tables=(), **inputs)["charts"] if chart["id"] == id)


# ---- the looks


def test_every_role_of_every_calculator_has_looks() -> None:
    roles = {series["role"] for chart in all_charts() for series in chart["series"]}
    assert len(roles) >= 10
    assert roles - {"high", "total"} <= set(charts.COLOURS), "high is the other end of low's band; total is not drawn"
    assert set(charts.LINES) == set(charts.DASHES)
    assert set(charts.POINTS) == set(charts.SHAPES) <= roles
    looks = {(charts.SHAPES[role], role in charts.FILLED, role == "best") for role in charts.POINTS}
    assert len(looks) == 4, "points differ in more than colour, too"
    drawn = [tuple(charts.DASHES[role]) for role in ("prepay", "invest", "prepay-debt", "invest-debt")]
    assert len(set(drawn)) == 4, "lines of one chart differ in more than colour"


def test_templates_take_data_and_axes_by_name(pictures: charts.Pictures) -> None:
    assert tuple(pictures.templates) == charts.KINDS
    for kind, spec in pictures.templates.items():
        assert {"series", "marks"} <= {data["name"] for data in spec["data"]}, kind
        signals = {signal["name"]: signal for signal in spec["signals"]}
        assert {"x_axis", "y_axis"} <= set(signals), kind
        assert "width" in signals["height"]["update"], kind
        assert not re.search(r"#[0-9a-f]{3,6}\b", json.dumps(spec)), "colours are variables"


def test_unknown_kind_is_refused() -> None:
    with pytest.raises(charts.ChartError, match="no template for a chart of kind pie"):
        charts.template_name({"kind": "pie", "x_scale": "linear"})


def luminance(colour: str) -> float:
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def linear(colour: str) -> list[float]:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def schemes() -> list[dict[str, str]]:
    """Colours by name: of the light scheme and of the dark one."""
    found = [dict(re.findall(r"--rk-chart-([\w-]+): (#[0-9a-f]{6});", block)) for block in CSS.split("slate")]
    assert [len(colours) for colours in found] == [12, 12]
    return found


def test_variables_are_those_of_the_style_sheet(pictures: charts.Pictures) -> None:
    used = set(re.findall(r"var\(--rk-chart-([\w-]+)\)", json.dumps(pictures.templates)))
    for colours in schemes():
        assert used == set(colours)


def test_colours_stand_out_from_the_page() -> None:
    for colours in schemes():
        paper = luminance(colours["paper"])
        for name in ("1", "2", "3", "4", "5", "6", "limit", "mark", "text"):
            light, dark = sorted((paper, luminance(colours[name])), reverse=True)
            ratio = (light + 0.05) / (dark + 0.05)
            assert ratio >= (7 if name == "text" else 3), (name, ratio)


# What is left of a colour in linear RGB for those who lack one kind of cone (Machado, Oliveira and Fernandes 2009).
BLINDNESS = {
    "none": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152, 1.053, -0.205), (0.115, 0.786, 0.099), (-0.004, -0.048, 1.052)),
    "deuteranopia": ((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969)),
    "tritanopia": ((1.256, -0.077, -0.179), (-0.078, 0.931, 0.148), (0.005, 0.691, 0.304)),
}


def lab(colour: str, matrix: tuple[tuple[float, ...], ...]) -> tuple[float, float, float]:
    rgb = linear(colour)
    r, g, b = (min(1.0, max(0.0, sum(k * v for k, v in zip(row, rgb, strict=True)))) for row in matrix)
    x, y, z = (
        (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.0888,
    )
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


@pytest.mark.parametrize("kind", BLINDNESS)
def test_colours_of_parts_differ_for_colour_blind_readers(kind: str) -> None:
    for colours in schemes():
        for one, other in itertools.combinations("123456", 2):
            a, b = (lab(colours[name], BLINDNESS[kind]) for name in (one, other))
            assert sum((p - q) ** 2 for p, q in zip(a, b, strict=True)) ** 0.5 >= 20, (one, other)


# ---- the pictures


def test_every_chart_is_drawn_in_both_widths(pictures: charts.Pictures) -> None:
    for chart in all_charts():
        drawn = pictures.of(chart)
        assert list(drawn) == ["narrow", "wide"]
        for name, svg in drawn.items():
            shown = texts(svg)
            where = (chart["id"], name, shown)
            named = [s["label"] for s in chart["series"] if s["role"] not in ("low", "high", "total")]
            assert named and set(named) <= set(shown), where
            assert {mark["label"] for mark in chart["marks"]} <= set(shown), where
            assert any(text.startswith(chart["x"]["label"]) for text in shown), where
            assert any(text.startswith(chart["y"]["label"]) for text in shown), where
            width = float(ElementTree.fromstring(svg).attrib["viewBox"].split()[2])
            assert abs(width - charts.WIDTHS[name]) <= 16, where
            assert not any(re.search("NaN|undefined|null|Infinity", str(e.attrib)) for e in elements(svg)), where


def test_pictures_hold_no_script_and_no_addresses(pictures: charts.Pictures) -> None:
    allowed = {"svg", "g", "path", "line", "text", "rect"}
    seen = 0
    for chart in all_charts():
        for svg in pictures.of(chart).values():
            for element in elements(svg):
                seen += 1
                assert element.tag in allowed
                for name, value in element.attrib.items():
                    assert not name.startswith(("on", "aria")) and name not in ("href", "style", "id", "class"), name
                    assert "url(" not in value and "script" not in value
            colours = set(re.findall(r'(?:fill|stroke)="([^"]+)"', svg))
            assert all(colour in ("none", "transparent") or colour.startswith("var(--rk-chart-") for colour in colours)
    assert seen > 1000


def test_letters_are_large_enough_on_a_phone(pictures: charts.Pictures) -> None:
    """11 px or more: at 390 px a picture has 358, from 580 px on the wide one is shown."""
    assert "(min-width: 580px)" in CSS
    for chart in all_charts():
        for name, px in (("narrow", 358), ("wide", 580)):
            svg = pictures.of(chart)[name]
            root = ElementTree.fromstring(svg)
            assert root.attrib["font-size"] == f"{charts.FONT_PX}px"
            assert not any("font-size" in element.attrib for element in root.iter() if element is not root)
            assert charts.FONT_PX * px / float(root.attrib["viewBox"].split()[2]) >= 10.9, (chart["id"], name)


def placed(svg: str) -> list[tuple[str, str, float, float]]:
    """Text, anchor, x and y of every text in the picture."""
    found = []

    def look(element: ElementTree.Element, x: float, y: float) -> None:
        for dx, dy in re.findall(r"translate\(([-\d.]+),([-\d.]+)\)", element.attrib.get("transform", "")):
            x, y = x + float(dx), y + float(dy)
        if element.tag == "text":
            found.append((element.text or "", element.attrib.get("text-anchor", "start"), x, y))
        for child in element:
            look(child, x, y)

    look(ElementTree.fromstring(svg), 0.0, 0.0)
    return found


def test_labels_of_marks_neither_overlap_nor_leave_the_picture(pictures: charts.Pictures) -> None:
    looked_at = 0
    for chart in all_charts():
        labels = {mark["label"] for mark in chart["marks"]}
        for svg in pictures.of(chart).values():
            width = float(ElementTree.fromstring(svg).attrib["viewBox"].split()[2])
            rows = []
            for text, anchor, x, y in placed(svg):
                if text not in labels:
                    continue
                looked_at += 1
                rows.append(y)
                long = 0.6 * charts.FONT_PX * len(text)  # generous for such letters
                left, right = (x - long, x) if anchor == "end" else (x, x + long)
                assert left >= 0 and right <= width, (chart["id"], text)
                assert y >= charts.FONT_PX / 2
            assert all(b - a >= charts.FONT_PX for a, b in itertools.pairwise(sorted(rows)))
    assert looked_at >= 20


def test_axis_numbers_are_short(pictures: charts.Pictures) -> None:
    shown = texts(pictures.of(chart_of("mortgage-vs-invest", "net_worth"))["narrow"])
    assert {"$300k", "-$300k", "$0"} <= set(shown)
    rich = texts(pictures.of(chart_of("mortgage-vs-invest", "net_worth", balance_usd=1e10))["narrow"])
    assert "$10B" in rich
    assert {"1k", "128k"} <= set(texts(pictures.of(chart_of("hardware-fit", "decode"))["wide"]))


def test_a_scatter_draws_each_point_once_and_names_the_numbered_ones(pictures: charts.Pictures) -> None:
    looked_at = 0
    for chart in all_charts():
        if chart["kind"] != "scatter":
            continue
        looked_at += 1
        for svg in pictures.of(chart).values():
            shown = texts(svg)
            sorts = {series["role"]: series for series in chart["series"]}
            best = sorts.get("best", {"names": [], "numbers": []})
            bold = [e.text or "" for e in elements(svg) if e.attrib.get("font-weight") == "bold"]
            assert sorted(bold) == sorted(best["numbers"] * 2), "in its point and below"
            assert all(shown.count(name) == 1 for name in best["names"])
            others = {name for role, series in sorts.items() if role != "best" for name in series["names"]}
            assert not others & set(shown)
            points = [e for e in elements(svg) if e.tag == "path" and "A" in e.attrib["d"]]
            round_ones = [series for role, series in sorts.items() if role != "dear"]
            # And one for each sort, in the legend.
            assert len(points) == sum(len(series["points"]) + 1 for series in round_ones)
    assert looked_at == 5


def test_names_below_a_scatter_stay_in_the_picture_and_apart(pictures: charts.Pictures) -> None:
    looked_at = 0
    for chart in all_charts():
        names = [name for s in chart["series"] if s["role"] == "best" and "names" in s for name in s["names"]]
        for svg in pictures.of(chart).values():
            width = float(ElementTree.fromstring(svg).attrib["viewBox"].split()[2])
            places = sorted((y, x, text) for text, _, x, y in placed(svg) if text in names)
            for (y, x, text), (next_y, next_x, _) in itertools.pairwise([*places, (1e9, 0.0, "")]):
                looked_at += 1
                room = next_x - x if next_y == y else width - x
                # Wide fonts need a little more; charts.css does not cut it off.
                assert 0.52 * charts.FONT_PX * len(text) < room, (chart["id"], text)
                assert next_y == y or next_y - y >= charts.ROW_PX
    assert looked_at >= 40


def test_a_chart_that_has_nothing_to_show_is_absent() -> None:
    assert [chart["id"] for chart in evaluate("hardware-fit", tables=(), hardware="rtx-4090")["charts"]] == ["memory"]
    assert [chart["id"] for chart in evaluate("hardware-fit", tables=())["charts"]] == ["memory", "decode"]


def test_a_second_build_draws_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chart = chart_of("colo-power", "bill")
    first = charts.Pictures(tmp_path).of(chart)

    def refuse(*_: object, **__: object) -> str:
        raise AssertionError("drawn again")

    for name in ("vegalite_to_vega", "vega_to_svg"):
        monkeypatch.setattr(vl_convert, name, refuse)
    assert charts.Pictures(tmp_path).of(chart) == first
    chart["series"][0]["points"][0][1] += 1
    with pytest.raises(AssertionError, match="drawn again"):
        charts.Pictures(tmp_path).of(chart)


def test_the_cache_forgets_what_was_not_used_lately(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pictures = charts.Pictures(tmp_path)
    pictures.of(chart_of("colo-power", "bill"))
    kept = tmp_path / ".cache" / "charts"
    assert len(list(kept.iterdir())) == 3  # templates and two widths
    monkeypatch.setattr(charts, "_KEPT_PICTURES", 1)
    pictures.forget_old()
    assert [path.suffix for path in kept.iterdir()] == [".svg"]


# ---- the page


@pytest.mark.parametrize("slug", registry.SLUGS)
def test_figures_name_the_picture_and_hold_its_numbers(slug: str, pictures: charts.Pictures) -> None:
    report = evaluate(slug, tables=())
    drawn = {chart["id"]: pictures.of(chart) for chart in report["charts"]}
    macros: Any = templates(ROOT).get_template("charts.html.jinja").module
    page = str(macros.charts(report["charts"], drawn, "rk-1"))
    assert page.count("<figure") == len(report["charts"]) + 1, "and one for charts to come"
    for chart in report["charts"]:
        figure = page[page.index(f'data-chart="{chart["id"]}"') :].partition("</figure>")[0]
        described = re.findall(r'role="img" aria-label="([^"]+)" aria-describedby="([^"]+)"', figure)
        assert described == [(chart["title"], f"rk-1-chart-{chart['id']}")] * 2
        assert f'id="rk-1-chart-{chart["id"]}">{chart["description"]}<' in figure
        body = figure[figure.index("<tbody>") :]
        rows = [re.findall(r"<t[hd][^>]*>([^<]*)<", row) for row in re.findall(r"<tr>.*?</tr>", body)]
        assert rows == rows_of(chart)


def rows_of(chart: dict[str, Any]) -> list[list[str]]:
    """The table of a chart."""
    if chart["kind"] == "scatter":
        columns = [(s["names"], s["x_text"], s["text"], [s["label"]] * len(s["names"])) for s in chart["series"]]
        return [list(row) for texts in columns for row in zip(*texts, strict=True)]
    texts = [chart["x_text"], *(series["text"] for series in chart["series"])]
    return [list(row) for row in zip(*texts, strict=True)]


# ---- the browser's files


def test_build_and_browser_draw_with_the_same_vega() -> None:
    package = json.loads((ROOT / "node_modules" / "vega" / "package.json").read_text(encoding="utf-8"))
    assert package["version"] == vl_convert.get_vega_version()
    assert charts.VEGA_LITE in vl_convert.get_vegalite_versions()


def test_browser_files_stand_alone(pictures: charts.Pictures) -> None:
    files = charts.browser_files(ROOT / "node_modules", pictures.templates)
    folders = {Path(address).parent.as_posix() for address in files}
    assert len(folders) == 1 and re.fullmatch(r"assets/vega/[0-9a-f]{16}", folders.pop())
    by_name = {Path(address).name: content for address, content in files.items()}
    assert set(by_name) == {"vega.min.js", "vega-interpreter.js", "templates.json", "LICENSE"}
    interpreter = by_name["vega-interpreter.js"].decode()
    assert "import" not in interpreter and "export { expression as expressionInterpreter };" in interpreter
    taken = re.search(r"const \{([\w, ]+)\} = globalThis\.vega;", interpreter)
    assert taken
    for name in taken[1].split(","):
        assert f"t.{name.strip()}=" in by_name["vega.min.js"].decode(), name
    assert not any(b"sourceMappingURL" in content for content in files.values())


def test_a_missing_package_is_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(charts.ChartError, match=r"vega\.min\.js is missing; run: make setup"):
        charts.browser_files(tmp_path, {})
