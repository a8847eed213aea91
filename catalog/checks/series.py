"""A series goes forward in time and makes no leap that nobody explains; what was replaced was there before."""

from catalog.checks.base import Given, Report
from catalog.model import Claim, Value

LARGEST_STEP = 5
"""A value that grows or falls by more than this factor between two observations is usually a slip in one of them."""


def check(given: Given, report: Report) -> None:
    for value in given.catalog.values():
        report.looked += 1
        for older, newer in zip(value.series, value.series[1:], strict=False):
            _check_step(value, older, newer, report)
        _check_earlier(value, report)


def _check_step(value: Value, older: Claim, newer: Claim, report: Report) -> None:
    if newer.as_of <= older.as_of:
        message = f"{newer.as_of} does not come after {older.as_of}, the observation above; expected the oldest first, "
        message += "one a day; put it in its place, or write claims where sources disagree about one day"
        report.add(newer.place.problem(message, "as_of"))
    if isinstance(older.value, str) or isinstance(newer.value, str) or newer.note or not older.value:
        return
    change = newer.value / older.value
    if not 1 / LARGEST_STEP <= change <= LARGEST_STEP:
        direction = f"falls by {100 * (1 - change):.0f} %" if change < 1 else f"grows to {change:.1f} times"
        message = (
            f"{direction} of {older.value} {value.unit} ({older.as_of}); expected a smaller step; correct the value "
        )
        message += "or its unit, or say in a note why it is so"
        report.add(newer.place.problem(message, "value"))


def _check_earlier(value: Value, report: Report) -> None:
    days = [former.replaced for former in value.earlier]
    for index, former in enumerate(value.earlier):
        if former.replaced < former.claim.as_of:
            message = f"replaced on {former.replaced}, before it was true ({former.claim.as_of}); "
            message += "expected the same day or later; correct one of the two"
            report.add(former.claim.place.problem(message, "replaced"))
        if index and days[index] > days[index - 1]:
            message = (
                f"{days[index]} comes after {days[index - 1]}, the one above; expected what was replaced last first; "
            )
            message += "put it in its place"
            report.add(former.claim.place.problem(message, "replaced"))
        if former.claim.value == value.value and not value.series and index == 0:
            message = f"{former.claim.value} is what the value still says; expected a value that was replaced; "
            message += "change the value above it, or remove this one"
            report.add(former.claim.place.problem(message, "value"))
