"""Dates are possible: not before there was anything to know, read after it was published, and not after the
day that the caller names."""

from catalog import vocabulary
from catalog.checks.base import Given, Report


def check(given: Given, report: Report) -> None:
    kinds = vocabulary.kinds()
    for value, claim in given.claims():
        report.looked += 1
        kind = value.ref.split("/")[0]
        earliest = kinds[kind].earliest
        if claim.as_of < earliest:
            message = f"{claim.as_of} is before anything in {kind}; expected {earliest} or later; correct the date"
            report.add(claim.place.problem(message, "as_of"))
        if given.today and claim.as_of > given.today:
            message = f"{claim.as_of} is after {given.today}; expected a day that has come; correct the date"
            report.add(claim.place.problem(message, "as_of"))
    for value in given.catalog.values():
        for former in value.earlier:
            if given.today and former.replaced > given.today:
                message = f"{former.replaced} is after {given.today}; expected a day that has come; correct the date"
                report.add(former.claim.place.problem(message, "replaced"))
    for table in given.catalog.benchmarks.values():
        report.looked += 1
        earliest = kinds["hardware"].earliest
        if table.as_of < earliest:
            message = f"{table.as_of} is before anything in hardware; expected {earliest} or later; correct the date"
            report.add(table.place.problem(message, "as_of"))
        if given.today and table.as_of > given.today:
            message = f"{table.as_of} is after {given.today}; expected a day that has come; correct the date"
            report.add(table.place.problem(message, "as_of"))
    for source in given.catalog.sources.values():
        report.looked += 1
        # A year or month alone counts as over when it has begun: text compares like the dates it abbreviates.
        if source.published and source.accessed < source.published:
            message = f"read on {source.accessed}, before it was published ({source.published}); "
            message += "expected the same day or later; correct one of the two"
            report.add(source.place.problem(message, "accessed"))
        if given.today and source.accessed > given.today:
            message = f"{source.accessed} is after {given.today}; expected a day that has come; correct the date"
            report.add(source.place.problem(message, "accessed"))
