"""What has changed in the facts: the steps of every series, and every value that was replaced by another one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from catalog.model import Catalog, Claim, Subject, Value


@dataclass(frozen=True)
class Change:
    """One fact had one value and then another."""

    ref: str
    """kind/slug/name"""
    label: str
    subject: Subject
    unit: str
    old: Claim
    new: Claim
    date: str
    """The day of the newer observation, or the day on which this catalog replaced the value."""
    why: Literal["series", "replaced"]
    """series: the world changed; replaced: this catalog did."""
    because: str
    """Why it was replaced; the note of the newer observation in a series."""


def changes(catalog: Catalog) -> list[Change]:
    """Every change, newest first; those of one day in the order of their references."""
    found = [
        change
        for subject in catalog.subjects.values()
        for value in subject.values.values()
        for change in changes_of(subject, value)
    ]
    found.sort(key=lambda change: (change.ref, change.why))
    found.sort(key=lambda change: change.date, reverse=True)
    return found


def changes_of(subject: Subject, value: Value) -> Iterator[Change]:
    """The changes of one fact."""
    for old, new in zip(value.series, value.series[1:], strict=False):
        yield Change(value.ref, value.label, subject, value.unit, old, new, new.as_of, "series", new.note)
    newer = value.series[0] if value.series else value.chosen
    for former in value.earlier:
        yield Change(
            value.ref,
            value.label,
            subject,
            value.unit,
            former.claim,
            newer,
            former.replaced,
            "replaced",
            former.because,
        )
        newer = former.claim
