"""A bandwidth in gigabytes a second was not taken from a figure in gigabits, which is eight times as high."""

import re
from itertools import permutations

from catalog import vocabulary
from catalog.checks.base import Given, Report
from catalog.model import Claim, Subject, Value

_BITS = re.compile(r"([0-9][0-9,]*(?:\.[0-9]+)?) ?(?:Gb/s|Gbps|Gbit/s|Gbit)\b")
"""In this spelling: GB/s and GBps are gigabytes."""
_REMEDY = "expected gigabytes, 8 bits each; divide by 8"


def check(given: Given, report: Report) -> None:
    for subject in given.catalog.subjects.values():
        report.looked += 1
        for value in subject.values.values():
            if value.unit == "GB/s":
                for claim in value.stated():
                    _check_words(value, claim, report)
                _check_claims(value, report)
        if subject.kind == "hardware":
            _check_class(subject, report)


def _check_words(value: Value, claim: Claim, report: Report) -> None:
    """The claim's own words do not give its number in bits."""
    texts: list[tuple[str, tuple[str | int, ...]]] = [(claim.note, ("note",))]
    for index, citation in enumerate(claim.sources):
        texts += [(citation.locator, ("sources", index, "locator")), (citation.quote, ("sources", index, "quote"))]
    for text, field in texts:
        for found in _BITS.finditer(text):
            if float(found.group(1).replace(",", "")) == claim.value:
                message = f'"{found.group()}" is in bits, and {value.name} says {claim.value} GB/s; {_REMEDY}'
                report.add(claim.place.problem(f"{message}, or correct the words", *field))


def _check_claims(value: Value, report: Report) -> None:
    """No claim is eight times another. One that is wrong may stay to be seen, with a note that says so."""
    claims = [claim for claim in value.series or value.claims if not isinstance(claim.value, str)]
    for high, low in permutations(claims, 2):
        if not high.note and low.number > 0 and abs(high.number / low.number / 8 - 1) < 1e-9:
            message = f"{high.value} GB/s is exactly 8 times {low.value}, which is claimed as well; {_REMEDY}"
            report.add(high.place.problem(f"{message}, or say in a note why it is so", "value"))


def _check_class(subject: Subject, report: Report) -> None:
    """The bandwidth is one that the class of the device can have."""
    name, value = subject.values.get("hardware_class"), subject.values.get("bandwidth_gbs")
    if name is None or value is None or isinstance(value.value, str):
        return
    range_gbs = vocabulary.bandwidths().get(str(name.value))
    if range_gbs is not None and not range_gbs[0] <= value.value <= range_gbs[1]:
        message = f"{value.value} GB/s is not plausible for {name.value}; "
        message += f"expected {range_gbs[0]} to {range_gbs[1]}, in gigabytes and not in gigabits; "
        message += "correct it, or widen the range in catalog/vocabulary/bandwidths.yml"
        report.add(value.chosen.place.problem(message, "value"))
