"""What must be true of the facts beyond their shape. One rule per file, each with `check(given, report)`.

A new rule is a file here, a line in CHECKS, and two tests: an entry that passes it and one that breaks it,
with the exact message. A rule that looked at nothing has proved nothing, and is itself a problem.
"""

from collections.abc import Sequence
from types import ModuleType

from catalog.checks import (
    architectures,
    bits_and_bytes,
    choices,
    dates,
    derivations,
    duplicate_urls,
    ids,
    measurements,
    ranges,
    read_via,
    references,
    series,
    sources_cited,
    sources_exist,
    suffixes,
    units,
    urls,
)
from catalog.checks.base import Given, Report
from catalog.errors import Problem

CHECKS: tuple[ModuleType, ...] = (
    ids,
    units,
    suffixes,
    ranges,
    bits_and_bytes,
    dates,
    references,
    choices,
    series,
    derivations,
    sources_exist,
    sources_cited,
    read_via,
    urls,
    duplicate_urls,
    measurements,
    architectures,
)

__all__ = ["CHECKS", "Given", "Report", "run"]


def run(checks: Sequence[ModuleType], given: Given) -> list[Problem]:
    """What all rules find."""
    problems: list[Problem] = []
    if not given.file_count:
        return [Problem("catalog", 0, "", "no facts and no sources; expected <kind>/<slug>.yml; check --root")]
    for check in checks:
        report = Report()
        check.check(given, report)
        problems += report.problems
        if not report.looked and not given.broken:
            name = check.__name__.rpartition(".")[2]
            message = f'the check "{name}" looked at nothing; expected facts and sources; check --root'
            problems.append(Problem("catalog", 0, "", message))
    return problems
