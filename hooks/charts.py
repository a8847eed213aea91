"""Pictures of the charts that calculators declare.

A calculator gives data and roles; everything that is a matter of looks is decided here, once, in Vega-Lite. There
is a template for each kind of chart. It takes `series` and `marks` as a report has them and works out the rest, so
that the build and the browser fill the same template with the same data. At build it becomes an SVG in two widths;
the compiled template is published for the browser, with Vega, which redraws after a change.

Colours are CSS variables (docs/assets/stylesheets/charts.css), so that one picture serves light, dark and paper.
"""

from __future__ import annotations

import copy
import hashlib
import json
import os
import re
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from markupsafe import Markup
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File

from hooks.build import state_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

Spec = dict[str, Any]

WIDTHS = {"narrow": 340, "wide": 680}
"""Widths of the built pictures in px: one for phones, one for the rest; charts.css shows the one that fits."""
MARGIN = 60
"""What stands beside the plot itself: the labels of the y axis, and half a label at the right end."""
FONT = "system-ui, sans-serif"
FONT_PX = 13
ROW_PX = 18
LEGEND_COLUMN_PX = 170
VEGA_LITE = "6.4"

PARTS = tuple(f"part-{number}" for number in range(1, 7))
POINTS = ("best", "ranked", "small", "dear")
LINES = ("prepay", "invest", "prepay-debt", "invest-debt", "middle", "limit")
COLOURS = {
    "prepay": "1",
    "invest": "2",
    "prepay-debt": "1",
    "invest-debt": "2",
    "middle": "1",
    "low": "band",
    "limit": "limit",
    **{part: part.removeprefix("part-") for part in PARTS},
    "best": "1",
    "ranked": "1",
    "small": "mark",
    "dear": "mark",
}
"""Role -> which of the variables --rk-chart-*."""
DASHES = {
    "prepay": [1, 0],
    "invest": [9, 3],
    "prepay-debt": [2, 3],
    "invest-debt": [9, 3, 2, 3],
    "middle": [1, 0],
    "limit": [5, 4],
}
"""Lines differ in more than colour."""
THIN = ("prepay-debt", "invest-debt", "limit")

SHAPES = {"best": "circle", "ranked": "circle", "small": "circle", "dear": "triangle-up"}
FILLED = ("best", "ranked")
"""Points of the other roles are outlines."""
DISC_PX = 16
"""Of a point with a number in it."""
KEY_COLUMN_PX = 330
"""The names of numbered points stand below the picture, in columns of this width."""

KINDS = ("line", "line-log", "stack", "stack-log", "bars", "scatter-log")
"""The templates: a kind of chart and, where it is not linear, the scale of its x axis."""

_MARK_PX = 16
_KEPT_PICTURES = 4_000


class ChartError(RuntimeError):
    """A chart cannot be drawn; the message is one sentence."""


# ---- the looks


def template_name(chart: dict[str, Any]) -> str:
    """Which template draws this chart."""
    name = str(chart["kind"]) + ("-log" if chart["x_scale"] == "log" else "")
    if name not in KINDS:
        raise ChartError(f"there is no template for a chart of kind {chart['kind']} with a {chart['x_scale']} x axis")
    return name


def vega_lite(kind: str) -> Spec:
    """The Vega-Lite template of a kind of chart, without data."""
    shown, _, scale = kind.partition("-")
    drawn = {
        "line": [_band(), _lines(), _points()],
        "stack": [_areas(), _lines()],
        "bars": [_bars(), _lines()],
        "scatter": _scatter(),
    }
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "data": {"name": "series", "values": []},
        "params": [
            {"name": "x_axis", "value": {"label": "", "unit": ""}},
            {"name": "y_axis", "value": {"label": "", "unit": ""}},
        ],
        "width": WIDTHS["narrow"] - MARGIN,
        "height": 200,
        "padding": 2,
        "background": None,
        "layer": [
            *(_placed(layer, shown, scale) for layer in drawn[shown]),
            *(_placed(layer, shown, scale) for layer in _marks()),
            *(_scatter_legend() if shown == "scatter" else _legend()),
            _y_title(),
        ],
        "config": _config(),
    }


def filled(spec: Spec, chart: dict[str, Any], width: int) -> Spec:
    """A compiled template with a chart's data; chart-view.js does the same with a running view."""
    made = copy.deepcopy(spec)
    for data in made["data"]:
        if data["name"] in ("series", "marks"):
            data["values"] = chart[data["name"]]
    for signal in made["signals"]:
        if signal["name"] in ("x_axis", "y_axis"):
            signal["value"] = chart[signal["name"][0]]
    made["width"] = width - MARGIN
    return made


def finished(spec: Spec) -> Spec:
    """The compiled template with what Vega-Lite has no words for: a height that follows from the width."""
    made = copy.deepcopy(spec)
    del made["height"]
    made["signals"].append({"name": "height", "update": "width < 400 ? 200 : 270"})
    return made


def _variable(name: str) -> str:
    return f"var(--rk-chart-{name})"


def _roles(roles: tuple[str, ...]) -> Spec:
    return {"filter": {"field": "role", "oneOf": list(roles)}}


def _values(roles: tuple[str, ...]) -> list[Spec]:
    """One row for each value of the series with these roles."""
    return [
        _roles(roles),
        {"flatten": ["points"]},
        {"calculate": "datum.points[0]", "as": "x"},
        {"calculate": "datum.points[1]", "as": "y"},
    ]


def _colour(channel: str) -> Spec:
    scale = {"domain": list(COLOURS), "range": [_variable(name) for name in COLOURS.values()]}
    return {channel: {"field": "role", "type": "nominal", "scale": scale, "legend": None}}


def _dash() -> Spec:
    scale = {"domain": list(DASHES), "range": list(DASHES.values())}
    widths = {"domain": list(DASHES), "range": [1.5 if role in THIN else 2.5 for role in DASHES]}
    return {
        "strokeDash": {"field": "role", "type": "nominal", "scale": scale, "legend": None},
        "strokeWidth": {"field": "role", "type": "nominal", "scale": widths, "legend": None},
    }


def _placed(layer: Spec, shown: str, scale: str) -> Spec:
    """The layer on the axes of the chart; every layer needs them, and they all share one scale."""
    x: Spec = {"field": "x", "type": "quantitative", "scale": {"nice": False, "zero": False}, "axis": _x_axis()}
    if shown == "bars":
        x = {"field": "x", "type": "ordinal", "scale": {"paddingInner": 0.25, "paddingOuter": 0.15}, "axis": _x_axis()}
    elif shown == "scatter":
        # Room for half a point at both ends.
        x["scale"] = {"type": "log", "base": 10, "nice": False, "padding": DISC_PX}
        x["axis"] = {**_x_axis(), "labelExpr": _SHORT.replace("y_axis", "x_axis"), "values": _ROUND}
        x["axis"] |= {"labelOverlap": "greedy", "labelSeparation": 10}
        del x["axis"]["tickCount"]
    elif scale == "log":
        x["scale"] = {"type": "log", "base": 2, "nice": False}
        x["axis"] = {**_x_axis(), "labelExpr": _DOUBLINGS}
    y = {"field": "y", "type": "quantitative", "scale": {"zero": True}, "axis": _y_axis()}
    given = layer["encoding"]
    return {**layer, "encoding": {**given, "x": x, "y": {**y, **given.get("y", {})}}}


_DOUBLINGS = (
    "datum.value >= 1048576 ? format(datum.value / 1048576, '~r') + 'M' : "
    "datum.value >= 1024 ? format(datum.value / 1024, '~r') + 'k' : format(datum.value, '~r')"
)
_DATES = (
    "x_axis.unit !== 'date' ? datum.label : "
    "floor(datum.value / 12) + '-' + pad(floor(datum.value) % 12 + 1, 2, '0', 'left')"
)
"""An x axis in the unit `date` counts months since the year 0."""
_SHORT = (
    "(datum.value < 0 ? '-' : '') + (y_axis.unit === 'USD' ? '$' : '') + "
    "(abs(datum.value) < 1 ? format(abs(datum.value), '~r') : replace(format(abs(datum.value), '~s'), 'G', 'B'))"
)

_ROUND = [digit * 10**power for power in range(-2, 9) for digit in (1, 2, 5)]
"""Where an axis that multiplies by ten may have its labels."""


def _x_axis() -> Spec:
    return {
        "grid": False,
        "labelAngle": 0,
        "labelFlush": False,
        "tickCount": {"expr": "ceil(width / 70)"},
        "tickMinStep": {"expr": "x_axis.unit === 'date' ? 1 : 0"},
        "labelExpr": _DATES,
        "labelSeparation": {"expr": "x_axis.unit === 'date' ? 10 : 0"},
        "title": {
            "signal": "x_axis.label + (x_axis.unit && lower(x_axis.label) != x_axis.unit ? ', ' + x_axis.unit : '')"
        },
    }


def _y_axis() -> Spec:
    return {
        "grid": True,
        "domain": False,
        "ticks": False,
        "labelPadding": 5,
        "title": None,
        "labelExpr": _SHORT,
        "tickCount": 5,
        # Always as wide as MARGIN counts on.
        "minExtent": 46,
        "maxExtent": 46,
    }


def _y_title() -> Spec:
    """Level, above its axis, where it costs no width."""
    return {
        "data": {"name": "titles", "values": [{}]},
        "mark": {"type": "text", "align": "left", "baseline": "bottom", "fill": _variable("text")},
        "encoding": {
            "x": {"value": -46},
            "y": {"value": -8},
            "text": {
                "value": {"expr": "y_axis.label + (y_axis.unit && y_axis.unit !== 'USD' ? ', ' + y_axis.unit : '')"}
            },
        },
    }


def _lines() -> Spec:
    return {
        "transform": _values(LINES),
        "mark": {"type": "line", "strokeCap": "butt", "strokeJoin": "round"},
        "encoding": {**_colour("stroke"), **_dash()},
    }


def _points() -> Spec:
    """A single value makes no line; of what was observed on some days, the line shows only the way between them."""
    only = {"filter": "length(datum.points) === 1 || x_axis.unit === 'date'"}
    return {
        "transform": [_roles(LINES), only, *_values(LINES)[1:]],
        "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
        "encoding": _colour("fill"),
    }


def _band() -> Spec:
    """Between low and high."""
    ends = [{"op": "min", "field": "y", "as": "low"}, {"op": "max", "field": "y", "as": "high"}]
    return {
        "transform": [*_values(("low", "high")), {"aggregate": ends, "groupby": ["x"]}],
        "mark": {
            "type": "area",
            "fill": _variable("band"),
            "stroke": _variable("1"),
            "strokeWidth": 0.75,
            "opacity": 1,
        },
        "encoding": {"y": {"field": "low"}, "y2": {"field": "high"}},
    }


def _areas() -> Spec:
    return {
        "transform": _values(PARTS),
        "mark": {"type": "area", "opacity": 1, "stroke": _variable("paper"), "strokeWidth": 1},
        "encoding": {"y": {"stack": "zero"}, **_colour("fill"), "order": {"field": "role"}},
    }


def _bars() -> Spec:
    return {**_areas(), "mark": {"type": "bar", "opacity": 1, "stroke": _variable("paper"), "strokeWidth": 1}}


def _scatter() -> list[Spec]:
    """What is out below, then the ranked, then the best, each with its number in it."""
    middle = {"align": "center", "baseline": "middle", "fontWeight": "bold", "fill": _variable("paper")}
    return [
        *({**_symbols(role), "transform": _places(role)} for role in reversed(POINTS)),
        {
            "transform": _places("best"),
            "mark": {"type": "text", **middle},
            "encoding": {"text": {"field": "numbers"}},
        },
    ]


def _places(role: str) -> list[Spec]:
    """One row for each point."""
    return [
        _roles((role,)),
        {"flatten": ["points", "names", "numbers"]},
        {"calculate": "datum.points[0]", "as": "x"},
        {"calculate": "datum.points[1]", "as": "y"},
    ]


def _symbols(role: str) -> Spec:
    """The symbol of a role, in the plot and in the legend."""
    colour = _variable(COLOURS[role])
    mark: Spec = {"type": "point", "shape": SHAPES[role], "opacity": 1, "size": DISC_PX**2 if role == "best" else 50}
    if role in FILLED:
        mark |= {"fill": colour, "stroke": _variable("paper"), "strokeWidth": 1}
    else:
        mark |= {"filled": False, "stroke": colour, "strokeWidth": 1.5}
    return {"mark": mark, "encoding": {}}


def _scatter_legend() -> list[Spec]:
    """Below the x axis: a symbol for each role that there is, then the names of the numbered points."""
    columns = f"max(1, floor((width + {MARGIN}) / {LEGEND_COLUMN_PX}))"
    rows = f"ceil(datum.sorts / {columns})"
    sorts = [
        {"window": [{"op": "row_number", "as": "place"}]},
        {"joinaggregate": [{"op": "count", "as": "sorts"}]},
        {"calculate": f"(datum.place - 1) % {columns} * {LEGEND_COLUMN_PX} - 38", "as": "left"},
        {"calculate": "datum.left + 16", "as": "start"},
        {"calculate": f"height + 56 + floor((datum.place - 1) / {columns}) * {ROW_PX}", "as": "middle"},
    ]
    key_columns = f"max(1, floor((width + {MARGIN}) / {KEY_COLUMN_PX}))"
    key = [
        {"joinaggregate": [{"op": "count", "as": "sorts"}]},
        *_places("best"),
        {"window": [{"op": "row_number", "as": "at"}]},
        {"calculate": f"(datum.at - 1) % {key_columns} * {KEY_COLUMN_PX} - 38", "as": "left"},
        {"calculate": "datum.left + 16", "as": "start"},
        {
            "calculate": f"height + 62 + ({rows} + floor((datum.at - 1) / {key_columns})) * {ROW_PX}",
            "as": "middle",
        },
    ]
    place = {"y": _px("middle"), "x": _px("left")}
    text = {"type": "text", "align": "left", "baseline": "middle", "fill": _variable("text")}
    number = {**text, "align": "center", "fontWeight": "bold"}
    name = {**text, "limit": KEY_COLUMN_PX - 30}
    return [
        *({**_symbols(role), "transform": [*sorts, _roles((role,))], "encoding": place} for role in POINTS),
        {
            "transform": sorts,
            "mark": text,
            "encoding": {"y": _px("middle"), "x": _px("start"), "text": {"field": "label"}},
        },
        {"transform": key, "mark": number, "encoding": {**place, "text": {"field": "numbers"}}},
        {
            "transform": key,
            "mark": name,
            "encoding": {"y": _px("middle"), "x": _px("start"), "text": {"field": "names"}},
        },
    ]


def _px(field: str) -> Spec:
    """A place in px, not on an axis."""
    return {"field": field, "type": "quantitative", "scale": None, "axis": None}


def _marks() -> list[Spec]:
    """A rule at each named point. Every label has a row of its own above the plot, on the side with more room."""
    shared = {
        "data": {"name": "marks", "values": []},
        "transform": [
            {"window": [{"op": "row_number", "as": "row"}], "sort": [{"field": "x"}, {"field": "label"}]},
            {"calculate": f"-12 - {_MARK_PX} * datum.row", "as": "top"},
        ],
    }
    top = _px("top")
    late = "scale('x', datum.x) > width / 2"
    return [
        {
            **shared,
            "mark": {"type": "rule", "stroke": _variable("mark"), "strokeWidth": 1},
            "encoding": {"y": top, "y2": {"value": {"expr": "height"}}},
        },
        {
            **shared,
            "mark": {
                "type": "text",
                "align": {"expr": f"{late} ? 'right' : 'left'"},
                "dx": {"expr": f"{late} ? -5 : 5"},
                "baseline": "middle",
                "fill": _variable("text"),
            },
            "encoding": {"y": top, "text": {"field": "label"}},
        },
    ]


def _legend() -> list[Spec]:
    """Below the x axis, in columns; Vega's own has no dashes of lines together with areas."""
    columns = f"max(1, floor((width + {MARGIN}) / {LEGEND_COLUMN_PX}))"
    transform = [
        _roles(tuple(COLOURS)),
        {"window": [{"op": "row_number", "as": "place"}]},
        {"calculate": f"(datum.place - 1) % {columns} * {LEGEND_COLUMN_PX} - 40", "as": "left"},
        {"calculate": "datum.left + 22", "as": "right"},
        {"calculate": "datum.left + 28", "as": "start"},
        {"calculate": f"height + 56 + floor((datum.place - 1) / {columns}) * {ROW_PX}", "as": "middle"},
        {"calculate": "datum.middle - 6", "as": "above"},
        {"calculate": "datum.middle + 6", "as": "below"},
        {"calculate": "datum.role === 'low' ? datum.label + ' to high' : datum.label", "as": "name"},
    ]

    filled_roles = tuple(role for role in COLOURS if role not in LINES + POINTS)
    return [
        {
            "transform": [*transform, _roles(LINES)],
            "mark": "rule",
            "encoding": {
                "x": _px("left"),
                "x2": {"field": "right"},
                "y": _px("middle"),
                **_colour("stroke"),
                **_dash(),
            },
        },
        {
            "transform": [*transform, _roles(filled_roles)],
            "mark": {"type": "rect", "opacity": 1},
            "encoding": {
                "x": _px("left"),
                "x2": {"field": "right"},
                "y": _px("above"),
                "y2": {"field": "below"},
                **_colour("fill"),
            },
        },
        {
            "transform": transform,
            "mark": {"type": "text", "align": "left", "baseline": "middle", "fill": _variable("text")},
            "encoding": {"x": _px("start"), "y": _px("middle"), "text": {"field": "name"}},
        },
    ]


def _config() -> Spec:
    text, line = _variable("text"), _variable("grid")
    return {
        "aria": False,  # the picture is one image with a name; its data stand in a table
        "font": FONT,
        "view": {"stroke": None},
        "text": {"fontSize": FONT_PX},
        "axis": {
            "labelColor": text,
            "titleColor": text,
            "labelFontSize": FONT_PX,
            "titleFontSize": FONT_PX,
            "titleFontWeight": "normal",
            "titlePadding": 8,
            "gridColor": line,
            "domainColor": _variable("mark"),
            "tickColor": _variable("mark"),
        },
    }


# ---- the pictures in a page


def slim(svg: str) -> Markup:
    """An SVG of Vega without what an image in a page does not need; it is about a third of the size."""
    root = ElementTree.fromstring(svg)
    _strip(root)
    box = root.attrib["viewBox"]
    root.attrib.clear()
    root.attrib.update({"viewBox": box, "font-family": FONT, "font-size": f"{FONT_PX}px"})
    return Markup(ElementTree.tostring(root, encoding="unicode"))


_NEEDLESS = {"role", "class", "aria-hidden", "aria-roledescription", "pointer-events", "font-family", "font-size"}
_NUMBER = re.compile(r"-?\d+\.\d{2,}")


def _strip(element: ElementTree.Element) -> None:
    element.tag = element.tag.rpartition("}")[2]
    for name in list(element.attrib):
        value = element.attrib[name]
        if name in _NEEDLESS or (name == "opacity" and value == "1"):
            del element.attrib[name]
        elif name in ("d", "transform"):
            element.attrib[name] = _NUMBER.sub(lambda found: f"{float(found[0]):.1f}".removesuffix(".0"), value)
    for child in list(element):
        frame = child.attrib.get("class") in ("background", "foreground") and "fill" not in child.attrib
        if frame and "stroke" not in child.attrib:
            element.remove(child)
            continue
        _strip(child)
        if child.tag == "g" and not len(child):
            element.remove(child)


class Pictures:
    """Draws charts, and remembers what it drew under `.cache/charts/`: a second build draws nothing.

    Arguments:
        root: the repository's folder.
    """

    def __init__(self, root: Path) -> None:
        self._cache = root / ".cache" / "charts"
        self._cache.mkdir(parents=True, exist_ok=True)
        self._stamp = f"{version('vl-convert-python')}\0{Path(__file__).read_text(encoding='utf-8')}"

    @cached_property
    def templates(self) -> dict[str, Spec]:
        """The compiled templates, for build and browser."""
        made: dict[str, Spec] = json.loads(self._remember("json", "templates", _compile))
        return made

    def of(self, chart: dict[str, Any]) -> dict[str, Markup]:
        """The SVG of a report's chart in each width.

        Raises:
            ChartError: it cannot be drawn.
        """
        spec = self.templates[template_name(chart)]
        return {name: Markup(self._draw(filled(spec, chart, width))) for name, width in WIDTHS.items()}

    def drawn(self, spec: Spec) -> Markup:
        """The SVG of a complete picture in Vega; what it says has to stand beside it as text.

        Raises:
            ChartError: it cannot be drawn.
        """
        return Markup(self._draw(spec))

    def forget_old(self) -> None:
        """Every edit of a calculator leaves pictures behind: keep those that were used last."""
        kept = sorted((path for path in self._cache.iterdir() if path.is_file()), key=lambda path: path.stat().st_mtime)
        for path in kept[:-_KEPT_PICTURES]:
            path.unlink(missing_ok=True)

    def _draw(self, spec: Spec) -> str:
        return self._remember("svg", json.dumps(spec), lambda: _drawn(spec))

    def _remember(self, suffix: str, of: str, make: Callable[[], str]) -> str:
        name = hashlib.sha256(f"{self._stamp}\0{of}".encode()).hexdigest()[:24]
        path = self._cache / f"{name}.{suffix}"
        try:
            os.utime(path)
            return path.read_text(encoding="utf-8")
        except FileNotFoundError:
            made = make()
        partial = path.with_suffix(f".{os.getpid()}")
        partial.write_text(made, encoding="utf-8")
        partial.replace(path)
        return made


def _compile() -> str:
    import vl_convert  # its first call takes a second: not in a build that finds everything in the cache

    compiled = {kind: finished(vl_convert.vegalite_to_vega(vega_lite(kind), vl_version=VEGA_LITE)) for kind in KINDS}
    return json.dumps(compiled, separators=(",", ":"))


def _drawn(spec: Spec) -> str:
    import vl_convert

    try:
        return slim(vl_convert.vega_to_svg(spec))
    except ValueError as error:
        raise ChartError(f"Vega could not draw it: {str(error).strip().splitlines()[-1]}") from None


# ---- what the browser fetches when it redraws

VEGA_FILE = "vega.min.js"
INTERPRETER_FILE = "vega-interpreter.js"
TEMPLATES_FILE = "templates.json"

_IMPORT = re.compile(r'^import \{([\w, ]+)\} from [\'"]vega-util[\'"];$', re.MULTILINE)
_SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)


def browser_files(node_modules: Path, templates: dict[str, Spec]) -> dict[str, bytes]:
    """Vega, its interpreter of expressions, which needs no eval, and the templates, below one hashed folder.

    Raises:
        ChartError: a package is missing or not what it was.
    """
    try:
        vega = (node_modules / "vega" / "build" / VEGA_FILE).read_text(encoding="utf-8")
        licence = (node_modules / "vega" / "LICENSE").read_bytes()
        interpreter = (node_modules / "vega-interpreter" / "build" / INTERPRETER_FILE).read_text(encoding="utf-8")
    except OSError as error:
        raise ChartError(f"{error.filename} is missing; run: make setup") from None
    # The bundle has everything that the interpreter takes from a package of its own.
    interpreter, count = _IMPORT.subn(r"const {\1} = globalThis.vega;", interpreter)
    if count != 1 or "import " in interpreter:
        raise ChartError("vega-interpreter imports more than vega-util; hooks/charts.py has to be adapted")
    files = {
        VEGA_FILE: _SOURCE_MAP.sub("", vega).encode(),
        INTERPRETER_FILE: _SOURCE_MAP.sub("", interpreter).encode(),
        TEMPLATES_FILE: json.dumps({"margin": MARGIN, "templates": templates}, separators=(",", ":")).encode(),
        "LICENSE": licence,
    }
    digest = hashlib.sha256()
    for name, content in sorted(files.items()):
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    folder = f"assets/vega/{digest.hexdigest()[:16]}/"
    return {folder + name: content for name, content in files.items()}


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    state = state_of(config)
    pictures = Pictures(state.root)
    try:
        made = browser_files(state.root / "node_modules", pictures.templates)
    except ChartError as error:
        raise PluginError(f"the browser's charts could not be made: {error}") from None
    for address, content in made.items():
        files.append(File.generated(config, address, content=content))
    state.engine_files["charts"] = next(iter(made)).rpartition("/")[0] + "/"
    pictures.forget_old()
    return files
