"""A value lies where values of its kind and unit can lie: a factor of 1,000 is the commonest slip."""

from collections.abc import Mapping

from catalog import vocabulary
from catalog.checks.base import Given, Report
from catalog.errors import did_you_mean
from catalog.model import Claim, Value


def check(given: Given, report: Report) -> None:
    kinds, units = vocabulary.kinds(), vocabulary.units()
    for value, claim in given.claims():
        report.looked += 1
        if value.unit not in units:
            continue  # the rule about units reports it
        kind = value.ref.split("/")[0]
        if value.name in kinds[kind].references:
            continue  # the rule about references looks at it
        if isinstance(claim.value, str):
            _check_name(value, claim, kinds[kind].choices, report)
            continue
        ranges = kinds[kind].ranges
        if value.unit not in ranges:
            message = f'no range is known for "{value.unit}" in {kind}; expected one; '
            message += f"add what is plausible to {kind} in catalog/vocabulary/kinds.yml"
            report.add(value.place.problem(message, "unit"))
            continue
        low, high = ranges[value.unit]
        if not low <= claim.value <= high:
            message = f"{claim.value} {value.unit} is not plausible; expected {low} to {high} in {kind}; "
            message += "correct the value or its unit, or widen the range in catalog/vocabulary/kinds.yml"
            report.add(claim.place.problem(message, "value"))


def _check_name(value: Value, claim: Claim, choices: Mapping[str, tuple[str, ...]], report: Report) -> None:
    names = choices.get(value.name, ())
    if claim.value in names:
        return
    listed = ", ".join(names) if names else "a list of names"
    hint = did_you_mean(str(claim.value), names) or "; add it to catalog/vocabulary/kinds.yml if it is one"
    report.add(claim.place.problem(f'"{claim.value}" is not a name of {value.name}; expected {listed}{hint}', "value"))
