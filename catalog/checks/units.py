"""A unit is one of the vocabulary's, spelt as there."""

from catalog import vocabulary
from catalog.checks.base import Given, Report
from catalog.errors import did_you_mean


def check(given: Given, report: Report) -> None:
    known = vocabulary.units()
    for value in given.catalog.values():
        report.looked += 1
        if value.unit not in known:
            alike = [unit for unit in known if unit.lower() == value.unit.lower()]
            hint = f'; did you mean "{alike[0]}"?' if alike else did_you_mean(value.unit, known)
            message = f'unknown unit "{value.unit}"; expected one of catalog/vocabulary/units.yml{hint}'
            report.add(value.place.problem(message, "unit"))
