"""What belongs to each subject, found in one pass over the catalog.

A page that looked for itself would read the whole catalog again, and the build would take four times as long for
twice the files.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalog import Catalog, Measurement, MeasurementTable, Subject, vocabulary
from hooks.catalog_pages.addresses import subject_order
from hooks.catalog_pages.statements import Link

Measured = list[tuple[MeasurementTable, list[Measurement]]]


@dataclass(frozen=True)
class Connections:
    """Each a mapping from the id of a subject (`kind/slug`); a subject without any has no key."""

    mentions: Mapping[str, Sequence[Link]]
    """Entries, posts and calculators' pages that lead to the subject."""
    measured: dict[str, Measured]
    """The measurements on a device or with a model, by publication."""
    referring: dict[str, dict[str, list[Subject]]]
    """By kind, the subjects that name this one, such as the rental rates of a device."""

    @classmethod
    def of(cls, catalog: Catalog, mentions: Mapping[str, Sequence[Link]]) -> Connections:
        return cls(mentions, _measured(catalog), _referring(catalog))


def _measured(catalog: Catalog) -> dict[str, Measured]:
    found: dict[str, Measured] = defaultdict(list)
    for table in catalog.benchmarks.values():
        found[f"hardware/{table.hardware}"].append((table, list(table.rows)))
        by_model: dict[str, list[Measurement]] = defaultdict(list)
        for row in table.rows:
            by_model[row.model].append(row)
        for model, rows in by_model.items():
            found[f"models/{model}"].append((table, rows))
    return dict(found)


def _referring(catalog: Catalog) -> dict[str, dict[str, list[Subject]]]:
    found: dict[str, dict[str, list[Subject]]] = defaultdict(lambda: defaultdict(list))
    for subject in sorted(catalog.subjects.values(), key=subject_order):
        for name, kind in vocabulary.kinds()[subject.kind].references.items():
            if name in subject.values:
                found[f"{kind}/{subject.values[name].value}"][subject.kind].append(subject)
    return {subject_id: dict(kinds) for subject_id, kinds in found.items()}
