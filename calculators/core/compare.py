"""Two answers of a calculator side by side, in the texts that a reader sees.

A is what was kept, B what was changed since. The comparison belongs to B's report.
"""

from __future__ import annotations

from collections import OrderedDict

from calculators.core import format, units
from calculators.core.report import Metric

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    ReportData = dict[str, Any]

SAME = "the same"
NEARLY_SAME = "almost the same"

_MOST_PERCENT = 1000
"""A change of more than that in percent says less than the two numbers do."""


def compare(metrics: tuple[Metric, ...], a: ReportData, b: ReportData) -> dict[str, Any]:
    """What differs between the reports `a` and `b` of one calculator, whose metrics are given.

    Inputs: only those that differ. Metrics: all of them; `same` where there is nothing to tell, `key` where the
    figure is among the first that a reader sees.
    """
    inputs = []
    for name in b["inputs"]:
        mine, theirs = a["inputs"][name], b["inputs"][name]
        if mine["value"] != theirs["value"]:
            # Texts are rounded, what would be typed is not.
            key = "raw" if mine["text"] == theirs["text"] else "text"
            inputs.append(
                OrderedDict([("name", name), ("label", theirs["label"]), ("a", mine[key]), ("b", theirs[key])])
            )
    compared = []
    for metric in metrics:
        mine, theirs = a["metrics"][metric.id], b["metrics"][metric.id]
        text = difference(metric.unit, mine["value"], theirs["value"])
        compared.append(
            OrderedDict(
                [
                    ("id", metric.id),
                    ("label", metric.label),
                    ("a", mine["text"]),
                    ("b", theirs["text"]),
                    ("difference", text),
                    ("percent", "" if text == SAME else in_percent(metric.unit, mine["value"], theirs["value"])),
                    ("unit", metric.unit.symbol),
                    ("value_a", mine["value"]),
                    ("value_b", theirs["value"]),
                    ("same", text == SAME),
                    ("key", metric.key),
                ]
            )
        )
    return OrderedDict(
        [
            ("headline_a", a["headline"]),
            ("verdict_a", a["verdict"]),
            ("inputs", inputs),
            ("metrics", compared),
        ]
    )


def difference(unit: units.Unit, a: float | None, b: float | None) -> str:
    """`b` - `a` with its sign; "" where one of them is missing."""
    if a is None or b is None:
        return SAME if a is None and b is None else ""
    if unit is units.YES_NO:
        return SAME if a == b else "changed"
    change = _change(a, b)
    text = unit.text(abs(change))
    if text == unit.text(0.0):
        return SAME if unit.text(a) == unit.text(b) else NEARLY_SAME
    if unit.symbol == "%":
        text = format.fixed(abs(change), 2) + " points"
    return ("-" if change < 0 else "+") + text


def in_percent(unit: units.Unit, a: float | None, b: float | None) -> str:
    """The change in percent of `a`, as in "+12.5%"; "" where that means little."""
    if a is None or b is None or a <= 0 or b < 0 or unit.symbol == "%" or unit is units.YES_NO:
        return ""
    percent = _change(a, b) / a * 100
    tenths = format.rounded(percent, 1)
    if tenths == 0 or abs(percent) > _MOST_PERCENT:
        return ""
    return ("+" if tenths > 0 else "") + format.scaled(tenths, 1) + "%"


def _change(a: float, b: float) -> float:
    """`b` - `a`, counted in the tenth digit of the larger one: what lies below is the noise of binary arithmetic."""
    if a == b:
        return 0.0
    exponent = format.snap(max(abs(a), abs(b)))[1] + 3
    steps = format.rounded(b - a, -exponent)
    return float(steps * int(10**exponent)) if exponent >= 0 else steps / int(10**-exponent)
