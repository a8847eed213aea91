"""What a calculator answers: a report of plain data.

A calculator declares its metrics once (`Metric`: id, label, unit, which inputs it depends on) and fills
a `Report` in `compute`. `Report.to_json` makes the plain data that every interface shows.
"""

from __future__ import annotations

from collections import OrderedDict

from calculators.core import maths, units

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Cell = float | int | str | None
    Rows = list[list[Cell]]


class Metric:
    """A number that the calculator works out.

    Arguments:
        id: its name in data; it ends in its unit.
        label: its name for readers.
        unit: what it is measured in.
        uses: names of the inputs it depends on (a test changes each input and looks what moves).
        key: whether it stands among the first figures that a reader sees.
        follows: id of the metric that decides whether this one has a value, or which of two: some inputs move it
            only when they move that one across a line.
    """

    def __init__(
        self, id: str, label: str, unit: units.Unit, uses: tuple[str, ...], *, key: bool = False, follows: str = ""
    ) -> None:
        self.id = id
        self.label = label
        self.unit = unit
        self.uses = uses
        self.key = key
        self.follows = follows

    def describe(self) -> dict[str, object]:
        return {
            "id": self.id,
            "label": self.label,
            "unit": self.unit.symbol,
            "uses": list(self.uses),
            "key": self.key,
        }


class Column:
    """A column of a table."""

    def __init__(self, id: str, label: str, unit: units.Unit) -> None:
        self.id = id
        self.label = label
        self.unit = unit

    def describe(self) -> dict[str, str]:
        return {"id": self.id, "label": self.label, "unit": self.unit.symbol}


class Table:
    """A table whose rows are worked out when somebody opens it.

    Arguments:
        row_count: number of rows, known without making them.
        rows: function that makes them; numbers, not text.
        opened: whether it is shown at once.
    """

    def __init__(
        self,
        id: str,
        title: str,
        columns: tuple[Column, ...],
        row_count: int,
        rows: Callable[[], Rows],
        *,
        opened: bool = True,
    ) -> None:
        self.id = id
        self.title = title
        self.columns = columns
        self.row_count = row_count
        self.rows = rows
        self.opened = opened

    def to_json(self, with_rows: bool) -> dict[str, object]:
        rows = None
        text = None
        if with_rows:
            rows = self.rows()
            text = [
                ["" if cell is None else column.unit.text(cell) for column, cell in zip(self.columns, row)]  # type: ignore[arg-type]
                for row in rows
            ]
        return OrderedDict(
            [
                ("id", self.id),
                ("title", self.title),
                ("columns", [column.describe() for column in self.columns]),
                ("row_count", self.row_count),
                ("opened", self.opened),
                ("rows", rows),
                ("text", text),
            ]
        )


class Series:
    """One quantity of a chart: a value for each x of the chart, and the role that decides how it is drawn.

    Roles: "prepay", "invest", "prepay-debt", "invest-debt" are lines; "low", "middle" and "high" a line in its range;
    "part-1" to "part-6" parts of a stack, from the bottom up; "limit" a line that must not be crossed; "total"
    is not drawn and stands in the chart's table alone.
    """

    def __init__(self, id: str, label: str, role: str, values: list[float]) -> None:
        self.id = id
        self.label = label
        self.role = role
        self.values = values

    def to_json(self, chart: Chart) -> dict[str, object]:
        text = chart.y.unit.text
        return {
            "id": self.id,
            "label": self.label,
            "role": self.role,
            "points": [[chart.xs[k], self.values[k]] for k in range(len(chart.xs))],
            "text": [text(value) for value in self.values],
        }


class Points:
    """Things of one sort in a scatter: each has a name and a place of its own.

    Roles: "best" points have a number, and their names stand below the picture; "ranked" ones are dots; "small" and
    "dear" ones are out, and outlines.

    Arguments:
        points: name, number ("" for none), x and y of each.
    """

    def __init__(self, id: str, label: str, role: str, points: list[tuple[str, str, float, float]]) -> None:
        self.id = id
        self.label = label
        self.role = role
        self.points = points

    def to_json(self, chart: Chart) -> dict[str, object]:
        x_text, y_text = chart.x.unit.text, chart.y.unit.text
        return {
            "id": self.id,
            "label": self.label,
            "role": self.role,
            "names": [name for name, _, _, _ in self.points],
            "numbers": [number for _, number, _, _ in self.points],
            "points": [[x, y] for _, _, x, y in self.points],
            "x_text": [x_text(x) for _, _, x, _ in self.points],
            "text": [y_text(y) for _, _, _, y in self.points],
        }


class Chart:
    """Data and roles of a chart, not pixels.

    Arguments:
        description: what there is to see, in words and with numbers, for those who cannot see it.
        xs: the places along the x axis, ascending, that all series have their values at; empty for a scatter.
        marks: (x, label) of points in the run that deserve a name.
        kind: "line"; "stack" for parts of a whole as areas above one another, or "bars" for such a stack at each x;
            "scatter" for `Points` in place of series.
        x_scale: "linear", or "log" where each step multiplies.
        point: what a point of a scatter is, as the heading of a column.
    """

    def __init__(
        self,
        id: str,
        title: str,
        description: str,
        x: Column,
        y: Column,
        xs: list[float],
        series: list[Series] | list[Points],
        marks: list[tuple[float, str]],
        *,
        kind: str = "line",
        x_scale: str = "linear",
        point: str = "",
    ) -> None:
        self.id = id
        self.title = title
        self.description = description
        self.x = x
        self.y = y
        self.xs = xs
        self.series = series
        self.marks = marks
        self.kind = kind
        self.x_scale = x_scale
        self.point = point

    def to_json(self) -> dict[str, object]:
        """The chart as plain data; its numbers are texts, too, for its table and for what a pointer shows."""
        return OrderedDict(
            [
                ("id", self.id),
                ("title", self.title),
                ("description", self.description),
                ("kind", self.kind),
                ("x_scale", self.x_scale),
                ("x", self.x.describe()),
                ("y", self.y.describe()),
                ("point", self.point),
                ("x_text", [self.x.unit.text(x) for x in self.xs]),
                ("series", [series.to_json(self) for series in self.series]),
                ("marks", [{"x": x, "label": label} for x, label in self.marks]),
            ]
        )


def _range_text(unit: units.Unit, low: float | None, high: float | None) -> str:
    """From low to high; "" where there is no range, or none that the text could show."""
    if low is None or high is None or unit.text(low) == unit.text(high):
        return ""
    return unit.text(low) + " to " + unit.text(high)


class Report:
    """The answer to one scenario.

    Attributes:
        headline: the answer in a sentence.
        verdict: one word out of the calculator's list.
    """

    def __init__(self, metrics: tuple[Metric, ...]) -> None:
        self._metrics = metrics
        self._values: dict[str, tuple[float | None, float | None, float | None]] = {}
        self.headline = ""
        self.verdict = ""
        self.tables: list[Table] = []
        self.charts: list[Chart] = []
        self.notes: list[dict[str, str]] = []

    def set(self, id: str, value: float | None, others: tuple[float, ...] = ()) -> None:
        """Sets a metric; `others` are its values at the ends of the range of uncertain inputs."""
        low = high = None
        if others and value is not None:
            low = high = value
            for other in others:
                low = min(low, other)
                high = max(high, other)
        self._values[id] = (value, low, high)

    def note(self, kind: str, text: str) -> None:
        """Adds a sentence; `kind` is "range", "limit", "assumption", "advice" or "warning"."""
        self.notes.append({"kind": kind, "text": text})

    def to_json(self, tables: list[str] | None) -> dict[str, object]:
        """The report as plain data, with the rows of `tables` (None: of all)."""
        metrics = OrderedDict()
        for metric in self._metrics:
            value, low, high = self._values[metric.id]
            for number in (value, low, high):
                if number is not None and not maths.is_finite(number):
                    raise ArithmeticError(metric.id + " is not a finite number")
            text = metric.unit.text
            metrics[metric.id] = OrderedDict(
                [
                    ("label", metric.label),
                    ("value", value),
                    ("unit", metric.unit.symbol),
                    ("text", "none" if value is None else text(value)),
                    ("low", low),
                    ("high", high),
                    ("range_text", _range_text(metric.unit, low, high)),
                    ("uses", list(metric.uses)),
                ]
            )
        return OrderedDict(
            [
                ("headline", self.headline),
                ("verdict", self.verdict),
                ("metrics", metrics),
                ("tables", [t.to_json(tables is None or t.id in tables) for t in self.tables]),
                ("charts", [chart.to_json() for chart in self.charts]),
                ("notes", self.notes),
            ]
        )
