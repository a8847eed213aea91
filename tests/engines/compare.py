"""Whether two engines gave the same answer.

All text must be the same, character by character. Numbers must agree to 1e-12 on the scale of the report:
the largest absolute value that the two reports hold in that number's unit, at least 1. Without the scale,
a small difference of two large amounts would be held to digits that neither of them has.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

TOLERANCE = 1e-12

_EXACT = None
"""Unit of what is counted, not measured: such a number has to be equal."""
_MOST_LISTED = 100


def differences(expected: Any, found: Any) -> list[str]:
    """What differs between two answers (`{"ok": ...}`) or two reports; a line for each, none if they are alike.

    Arguments:
        expected: what counts, CPython's.
        found: what another engine said.
    """
    listed = []
    scales: dict[str, float] = {}
    for where, mine, theirs, unit in _unequal(expected, found, _EXACT, ""):
        if unit is not _EXACT and _is_number(mine) and _is_number(theirs):
            scales = scales or _scales([expected, found])
            allowed = TOLERANCE * scales[unit]
            if abs(mine - theirs) <= allowed:  # never true of a NaN
                continue
            listed.append(f"{where}: {mine!r} and {theirs!r} differ by more than {allowed:.3g} {unit}".rstrip())
        else:
            listed.append(f"{where}: {_shown(mine)} and {_shown(theirs)}")
        if len(listed) == _MOST_LISTED:
            return [*listed, "and perhaps more"]
    return listed


def _unequal(mine: Any, theirs: Any, unit: str | None, where: str) -> Iterator[tuple[str, Any, Any, str | None]]:
    """Place, both values and the unit of everything that is not the same."""
    if isinstance(mine, dict) and isinstance(theirs, dict):
        if set(mine) != set(theirs):
            yield f"{where}: names", sorted(mine), sorted(theirs), _EXACT
            return
        if where.endswith((".metrics", ".inputs")) and list(mine) != list(theirs):
            yield f"{where}: order", list(mine), list(theirs), _EXACT
        for name, child, its_unit in _children(mine, unit):
            yield from _unequal(child, theirs[name], its_unit, f"{where}.{name}")
    elif isinstance(mine, list) and isinstance(theirs, list):
        if len(mine) != len(theirs):
            yield f"{where}: length", len(mine), len(theirs), _EXACT
            return
        for (index, child, its_unit), other in zip(_children(mine, unit), theirs, strict=True):
            yield from _unequal(child, other, its_unit, f"{where}[{index}]")
    elif mine != theirs or _kind(mine) is not _kind(theirs):
        yield where, mine, theirs, unit


def _children(value: Any, unit: Any) -> Iterator[tuple[Any, Any, Any]]:
    """Name or index, value and unit of each part; a list of units belongs to the columns of a row."""
    if isinstance(value, list):
        for index, child in enumerate(value):
            is_cell = isinstance(unit, tuple) and not isinstance(child, (dict, list))
            yield index, child, unit[index] if is_cell else unit
        return
    for name, child in value.items():
        if name in ("value", "low", "high", "value_a", "value_b") and "unit" in value:
            yield name, child, value["unit"]
        elif name == "rows" and "columns" in value:
            yield name, child, tuple(column["unit"] for column in value["columns"])
        elif name == "series" and "x" in value and "y" in value:
            yield name, child, (value["x"]["unit"], value["y"]["unit"])
        elif name == "marks" and "x" in value:
            yield name, child, value["x"]["unit"]
        else:
            # A point of a series, and the x of a mark, keep the unit of their axes.
            yield name, child, unit if name in ("points", "x") else _EXACT


def _scales(answers: list[Any]) -> dict[str, float]:
    """The largest absolute number in each unit, at least 1."""
    scales: dict[str, float] = {}

    def look(value: Any, unit: Any) -> None:
        if isinstance(value, (dict, list)):
            for _, child, its_unit in _children(value, unit):
                look(child, its_unit)
        elif isinstance(unit, str) and _is_number(value) and math.isfinite(value):
            scales[unit] = max(scales.get(unit, 1.0), abs(value))

    for answer in answers:
        look(answer, _EXACT)
    return scales


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _kind(value: Any) -> type:
    """The JSON type: 3 and 3.0 are the same number, true and 1 are not."""
    return float if _is_number(value) else type(value)


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 200 else f"{text[:200]}..."
