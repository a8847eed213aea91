"""Values that change in the world: their observations as a table, a chart on their page, a line in a list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from calculators.core.units import fact_text
from catalog import Catalog, Claim, Value
from hooks.catalog_pages.statements import ClaimContext, change_text, claim_context

Draw = Callable[[dict[str, Any]], dict[str, Markup]]
"""Draws a report's chart: its SVG by the name of the width."""

_SPARK_WIDTH, _SPARK_HEIGHT, _SPARK_EDGE = 72, 18, 3


@dataclass(frozen=True)
class ObservationContext:
    """One observation of a series."""

    claim: ClaimContext
    change: str
    """Against the observation before it; "" for the first."""


@dataclass(frozen=True)
class SeriesContext:
    """A value that was observed more than once."""

    id: str
    label: str
    summary: str
    observations: list[ObservationContext]
    """Newest first."""
    title: str
    """Of the picture."""
    pictures: dict[str, Markup]
    """By width; empty where there is nothing to draw."""


_DRAWN = 3
"""A picture of two observations says less than the sentence about them."""


def series_context(catalog: Catalog, value: Value, draw: Draw | None) -> SeriesContext:
    """The observations of a value."""
    older: Sequence[Claim | None] = (None, *value.series)
    observations = [
        ObservationContext(claim_context(catalog, value, claim), change_text(before, claim) if before else "")
        for before, claim in zip(older, value.series, strict=False)
    ]
    is_drawn = len(value.series) >= _DRAWN and not any(isinstance(claim.value, str) for claim in value.series)
    chart = chart_of(value)
    return SeriesContext(
        id=f"{value.name}-series",
        label=value.label,
        summary=summary(value),
        observations=observations[::-1],
        title=chart["title"],
        pictures=draw(chart) if draw and is_drawn else {},
    )


def summary(value: Value) -> str:
    """First and last observation in a sentence."""
    first, last = value.series[0], value.series[-1]
    change = change_text(first, last)
    now = f"{fact_text(last.value, value.unit)} on {last.as_of}"
    then = f"{fact_text(first.value, value.unit)} on {first.as_of}"
    if change == "unchanged":
        return f"{now}, as on {first.as_of}."
    return f"{now}, {change} than {then}." if change else f"{now}; {then}."


def chart_of(value: Value) -> dict[str, Any]:
    """The series in the form of a report's chart; x counts months, for which the axis writes dates."""
    points = [[month_number(claim.as_of), claim.value] for claim in value.series]
    return {
        "kind": "line",
        "x_scale": "linear",
        "title": f"{value.label} over time",
        "x": {"label": "Date", "unit": "date"},
        "y": {"label": value.label, "unit": value.unit},
        "series": [{"role": "middle", "label": "Observed", "points": points}],
        "marks": [],
    }


def month_number(day: str) -> float:
    """Months since the year 0, the day as a part of its month: 24309.5 is in the middle of 2025-10."""
    when = date.fromisoformat(day)
    return when.year * 12 + when.month - 1 + (when.day - 1) / 31


def spark(claims: Sequence[Claim]) -> Markup:
    """A small line of the observations; "" where nothing changed. The text beside it says what it shows."""
    values = [claim.value for claim in claims if not isinstance(claim.value, str)]
    if len(values) < len(claims) or len(set(values)) < 2:
        return Markup("")
    days = [date.fromisoformat(claim.as_of).toordinal() for claim in claims]
    low, high = min(values), max(values)
    wide, tall = _SPARK_WIDTH - 2 * _SPARK_EDGE, _SPARK_HEIGHT - 2 * _SPARK_EDGE
    points = [
        (
            _SPARK_EDGE + wide * (day - days[0]) / (days[-1] - days[0]),
            _SPARK_EDGE + tall * (high - value) / (high - low),
        )
        for day, value in zip(days, values, strict=True)
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    x, y = points[-1]
    return Markup(
        f'<svg class="rk-spark" viewBox="0 0 {_SPARK_WIDTH} {_SPARK_HEIGHT}" aria-hidden="true">'
        f'<polyline points="{line}"/><circle cx="{x:.1f}" cy="{y:.1f}" r="2"/></svg>'
    )
