"""Published speeds on the page of a device or of a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from calculators.core import format
from catalog import Catalog, Measurement, MeasurementTable, Subject
from hooks.catalog_pages.addresses import address, measurements_id, natural_order, subject_uri
from hooks.catalog_pages.connections import Measured
from hooks.catalog_pages.statements import CitationContext, Link, citation_context


@dataclass(frozen=True)
class MeasurementContext:
    """A published speed of the subject."""

    of: Link
    """The model, on the page of a device; the device, on the page of a model."""
    devices: str
    quantization: Link
    phase: str
    speed: str
    context: str
    batch: str
    note: str
    excluded: str
    """Why the calculators do not use it."""


@dataclass(frozen=True)
class MeasurementsContext:
    """What one publication says about the speed of the subject."""

    id: str
    label: str
    summary: str
    as_of: str
    method: str
    engine: str
    note: str
    citation: CitationContext
    rows: list[MeasurementContext]


def measurements_contexts(catalog: Catalog, subject: Subject, measured: Measured) -> list[MeasurementsContext]:
    """The measurements on a device or with a model, by publication."""
    found = []
    for table, rows in measured:
        if subject.kind == "hardware":
            pairs = [(row, catalog.subject(f"models/{row.model}")) for row in rows]
        else:
            device = catalog.subject(f"hardware/{table.hardware}")
            pairs = [(row, device) for row in rows]
        pairs.sort(key=lambda pair: _order(*pair))
        found.append(_table(catalog, table, pairs))
    return sorted(found, key=lambda shown: (natural_order(shown.rows[0].of.label), shown.id))


def _order(row: Measurement, other: Subject) -> tuple[Any, ...]:
    """By the model or the device; what is alike stands together."""
    context, batch = row.context_tokens or 0, row.batch or 0
    return (
        natural_order(other.label),
        other.slug,
        row.quantization,
        row.phase,
        row.devices,
        batch,
        context,
        row.tps,
    )


def _table(
    catalog: Catalog, table: MeasurementTable, rows: Sequence[tuple[Measurement, Subject]]
) -> MeasurementsContext:
    return MeasurementsContext(
        id=measurements_id(table),
        label=table.label,
        summary=table.summary,
        as_of=table.as_of,
        method=table.method,
        engine=_engine(table),
        note=table.note,
        citation=citation_context(catalog, table.citation),
        rows=[_row(catalog, table, row, other) for row, other in rows],
    )


def _row(catalog: Catalog, table: MeasurementTable, row: Measurement, other: Subject) -> MeasurementContext:
    quantization = catalog.subject(f"quantizations/{row.quantization}")
    with_engine = f"With {_engine(row)}." if _engine(row) != _engine(table) else ""
    return MeasurementContext(
        of=Link(address(subject_uri(other.id)), other.label),
        devices=_devices(row),
        quantization=Link(address(subject_uri(quantization.id)), quantization.label),
        phase=row.phase,
        speed=format.number(row.tps),
        context="not said" if row.context_tokens is None else format.number(row.context_tokens),
        batch="as many as help" if row.batch is None else format.number(row.batch),
        note=" ".join(text for text in (with_engine, row.note) if text),
        excluded=row.excluded,
    )


def _engine(of: MeasurementTable | Measurement) -> str:
    """Name and version of the software; the version as published mostly begins with the name."""
    version = of.engine_version
    is_named = of.engine == "other" or of.engine in version.lower()
    return version if is_named else f"{of.engine}, version {version}"


def _devices(row: Measurement) -> str:
    """How many devices shared the work; "" for one."""
    if row.devices == 1:
        return ""
    shared = {"layers": "layers shared out", "tensor": "every layer shared", None: ""}[row.parallelism]
    said = [f"{row.devices} devices", shared, row.interconnect]
    return ", ".join(part for part in said if part)
