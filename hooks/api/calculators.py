"""Calculators as plain data: what `python -m calculators` says of them, in one shape for all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hooks.api.addresses import Site, api_address
from hooks.api.shapes import Plain

_NOT_GIVEN: Mapping[str, Any] = {"whole": None, "min": None, "max": None, "typical": [], "options": []}
"""What only some kinds of inputs have."""
_NO_SCATTER: Mapping[str, Any] = {"names": [], "numbers": [], "x_text": []}
"""What only the series of a scatter have."""


@dataclass(frozen=True)
class Answered:
    """A calculator as it describes itself, and its answer to the defaults."""

    described: Mapping[str, Any]
    report: Mapping[str, Any]
    page: str | None
    """Address below the site's root, if it has a page."""

    @property
    def slug(self) -> str:
        slug: str = self.described["slug"]
        return slug


def calculator_item(site: Site, answered: Answered) -> Plain:
    """A line in the list of calculators."""
    return {
        "id": f"calculators/{answered.slug}",
        "slug": answered.slug,
        "title": answered.described["title"],
        "question": answered.described["question"],
        "address": site.absolute(answered.page) if answered.page else None,
        "json": site.absolute(api_address(f"calculators/{answered.slug}")),
    }


def calculator(site: Site, answered: Answered) -> Plain:
    """A calculator with its inputs, its metrics and its report for the defaults."""
    described: Plain = _empty_as_null(answered.described)
    inputs = [{**_NOT_GIVEN, **field, "default": _number(field["default"])} for field in described.pop("inputs")]
    for field in inputs:
        field["typical"] = field["typical"] or []
        field["options"] = field["options"] or []
    report: Plain = _empty_as_null(answered.report)
    for given in report["inputs"].values():
        given["value"] = _number(given["value"])
    for table in report["tables"]:
        table["rows"] = [[_number(cell) for cell in row] for row in table["rows"]]
    report["charts"] = [
        {"point": None, **chart, "series": [{**_NO_SCATTER, **series} for series in chart["series"]]}
        for chart in report["charts"]
    ]
    return {**calculator_item(site, answered), **described, "inputs": inputs, "report": report}


def _number(cell: Any) -> float | None:
    """A cell where it is a number: words stand as text beside it."""
    return None if isinstance(cell, str) else cell


def _empty_as_null(data: Any) -> Any:
    """A copy with null for every empty text."""
    if isinstance(data, dict):
        return {key: _empty_as_null(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_empty_as_null(value) for value in data]
    return None if data == "" else data
