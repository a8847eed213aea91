"""The page of a kind, and the page of the whole catalog."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from catalog import Catalog, vocabulary
from hooks.api.addresses import ALL_VALUES, INDEX, csv_address, kind_address
from hooks.catalog_pages.addresses import (
    TAB,
    address,
    disagreements_uri,
    index_uri,
    kind_uri,
    subjects_of,
    used_kinds,
)
from hooks.catalog_pages.presets import Preset
from hooks.catalog_pages.statements import Link
from hooks.catalog_pages.tables import TableContext, table_of


@dataclass(frozen=True)
class KindContext:
    """Everything that templates/catalog_kind.html.jinja uses."""

    base: str
    parents: list[Link]
    label: str
    description: str
    table: TableContext
    calculators: list[Link]
    disagreements: Link | None
    """The values of this kind whose sources disagree."""
    data: list[Link]
    """The same for programs."""


@dataclass(frozen=True)
class KindSummary:
    """A kind in the list of all."""

    link: Link
    description: str
    subjects: int
    values: int


@dataclass(frozen=True)
class IndexContext:
    """Everything that templates/catalog_index.html.jinja uses."""

    base: str
    kinds: list[KindSummary]
    subjects: int
    values: int
    sources: int
    disagreements: int
    disagreements_page: str
    measurements: int
    more: list[Link]
    """Other pages about the catalog as a whole."""
    data: list[Link]
    """The same for programs."""


def kind_context(catalog: Catalog, kind: str, presets: Sequence[Preset] = ()) -> KindContext:
    """What the page of a kind shows: its subjects, with the columns that the vocabulary names."""
    described = vocabulary.kinds()[kind]
    subjects = subjects_of(catalog, kind)
    disagreeing = sum(1 for subject in subjects for value in subject.values.values() if value.choice)
    to = Link(f"{address(disagreements_uri())}?kind={kind}", f"{disagreeing} of their values")
    return KindContext(
        base="../../",
        parents=[Link(address(index_uri()), TAB)],
        label=described.label,
        description=described.description,
        table=table_of(catalog, kind, subjects),
        calculators=[Link(preset.address, preset.title, preset.question) for preset in presets if preset.kind == kind],
        disagreements=to if disagreeing else None,
        data=[Link(kind_address(kind), "JSON"), Link(csv_address(kind), "CSV")],
    )


def index_context(catalog: Catalog, more: Sequence[Link] = ()) -> IndexContext:
    """What the page of the whole catalog shows."""
    kinds = []
    for kind in used_kinds(catalog):
        subjects = subjects_of(catalog, kind)
        described = vocabulary.kinds()[kind]
        values = sum(len(subject.values) for subject in subjects)
        kinds.append(
            KindSummary(Link(address(kind_uri(kind)), described.label), described.description, len(subjects), values)
        )
    return IndexContext(
        base="../",
        kinds=kinds,
        subjects=len(catalog.subjects),
        values=sum(kind.values for kind in kinds),
        sources=len(catalog.sources),
        disagreements=sum(1 for value in catalog.values() if value.choice),
        disagreements_page=address(disagreements_uri()),
        measurements=sum(1 for _ in catalog.measurements()),
        more=list(more),
        data=[Link(INDEX, "JSON"), Link(ALL_VALUES, "CSV")],
    )
