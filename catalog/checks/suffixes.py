"""The name of a value ends in its unit: whoever reads `rate_pct` in a formula knows what it is."""

from catalog import vocabulary
from catalog.checks.base import Given, Report


def check(given: Given, report: Report) -> None:
    units = vocabulary.units()
    suffixes = sorted((unit.suffix for unit in units.values() if unit.suffix), key=len, reverse=True)
    for value in given.catalog.values():
        report.looked += 1
        if value.unit not in units:
            continue  # the rule about units reports it
        wanted = units[value.unit].suffix
        found = next((s for s in suffixes if value.name == s or value.name.endswith(f"_{s}")), None)
        if found != wanted:
            ends = f'ends in "_{found}"' if found else "ends in no unit"
            expected = f'a name that ends in "_{wanted}"' if wanted else "a name without a unit at its end"
            message = f'{ends} but its unit is "{value.unit}"; expected {expected}; rename it or correct the unit'
            report.add(value.place.problem(message))
