"""What has changed in the facts, with a name for each change that stays."""

from __future__ import annotations

from collections.abc import Sequence

from catalog import Catalog
from catalog.changes import Change, changes
from hooks.api.addresses import Site
from hooks.api.shapes import Plain, claim
from hooks.catalog_pages import value_address


def changed(catalog: Catalog) -> list[Change]:
    """Every change of a value, newest first. An observation that finds the old value again is none."""
    return [change for change in changes(catalog) if change.why == "replaced" or change.old.value != change.new.value]


def identified(site: Site, changes: Sequence[Change]) -> list[tuple[str, Change]]:
    """Each change with its `tag:` URI, in the given order (newest first).

    The URI is made of the fact, the day and the reason. Where that is not one alone, later changes are counted, so
    that older ones keep theirs.
    """
    counted: dict[str, int] = {}
    found = []
    for change in reversed(changes):
        name = site.tag(f"{change.ref}/{change.date}/{change.why}")
        counted[name] = counted.get(name, 0) + 1
        found.append((f"{name}/{counted[name]}" if counted[name] > 1 else name, change))
    return found[::-1]


def change(catalog: Catalog, site: Site, id: str, of: Change) -> Plain:
    """A change as plain data."""
    return {
        "id": id,
        "ref": of.ref,
        "subject": of.subject.id,
        "subject_label": of.subject.label,
        "label": of.label,
        "unit": of.unit,
        "date": of.date,
        "why": of.why,
        "because": of.because or None,
        "old": claim(catalog, of.old, of.unit),
        "new": claim(catalog, of.new, of.unit),
        "address": site.absolute(value_address(of.ref)),
    }
