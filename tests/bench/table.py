"""Figures with their targets, as lines of text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A measured figure; `limit` is the most (or, with `at_least`, the least) that it should be."""

    name: str
    value: float
    unit: str
    limit: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def missed(self) -> bool:
        """Whether there is a target and the figure is not within it."""
        if self.limit is None:
            return False
        return self.value < self.limit if self.at_least else self.value > self.limit


def lines(figures: list[Figure]) -> list[str]:
    """A table: figure, value, target, and whether it holds."""
    rows = [("figure", "measured", "target", "", "")]
    for figure in figures:
        sign = ">=" if figure.at_least else "<="
        target = "" if figure.limit is None else f"{sign} {number(figure.limit)} {figure.unit}".rstrip()
        held = "" if figure.limit is None else ("MISSED" if figure.missed else "held")
        rows.append((figure.name, f"{number(figure.value)} {figure.unit}".rstrip(), target, held, figure.note))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return [
        f"{row[0]:<{widths[0]}}  {row[1]:>{widths[1]}}  {row[2]:<{widths[2]}}  {row[3]:<{widths[3]}}  {row[4]}".rstrip()
        for row in rows
    ]


def number(value: float) -> str:
    """Three significant digits, or whole with thousands separated."""
    if value == int(value) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) < 100 else f"{value:.1f}"


def grid(rows: list[list[str]]) -> list[str]:
    """Rows of cells as lines: the first column to the left, the others to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ["  ".join([f"{row[0]:<{widths[0]}}", *map(str.rjust, row[1:], widths[1:])]).rstrip() for row in rows]
