"""A value that names a subject of another kind names one that exists."""

from catalog import vocabulary
from catalog.checks.base import Given, Report
from catalog.errors import did_you_mean


def check(given: Given, report: Report) -> None:
    report.looked += len(given.catalog.subjects)
    slugs: dict[str, set[str]] = {}
    for identifier in (*given.catalog.subjects, *given.broken):
        kind, _, slug = identifier.partition("/")
        slugs.setdefault(kind, set()).add(slug)
    kinds = vocabulary.kinds()
    for value, claim in given.claims():
        target = kinds[value.ref.split("/")[0]].references.get(value.name)
        if target and claim.value not in slugs.get(target, ()):
            hint = did_you_mean(str(claim.value), slugs.get(target, ())) or f"; add catalog/{target}/{claim.value}.yml"
            message = f"there is no {target}/{claim.value}; expected the name of a file in catalog/{target}{hint}"
            report.add(claim.place.problem(message, "value"))
