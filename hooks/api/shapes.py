"""The catalog as plain data. The shapes are described, key by key, in schema/*.json."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from calculators.core.units import fact_text
from catalog import Catalog, Citation, Claim, Former, Measurement, MeasurementTable, Source, Subject, Value, vocabulary
from catalog.choice import RULES
from hooks.api.addresses import Site, api_address, csv_address, kind_address
from hooks.catalog_pages import address, kind_uri, measurements_id, subject_uri, value_address

Plain = dict[str, Any]

OTHER_KINDS = {
    "sources": ("Sources", "Publications that the facts rest on, and how each was read"),
    "benchmarks": ("Measurements", "Published speeds of models on devices, a table for each device and publication"),
}
"""What the catalog holds beside subjects: label and description."""


# ---- values


def citation(catalog: Catalog, cited: Citation) -> Plain:
    source = catalog.source(cited.source)
    return {
        "source": source.id,
        "title": source.title,
        "producer": source.producer,
        "url": source.url,
        "locator": cited.locator,
        "quote": cited.quote or None,
    }


def claim(catalog: Catalog, stated: Claim, unit: str) -> Plain:
    return {
        "value": None if isinstance(stated.value, str) else stated.value,
        "text": fact_text(stated.value, unit),
        "as_of": stated.as_of,
        "method": stated.method,
        "sources": [citation(catalog, cited) for cited in stated.sources],
        "note": stated.note or None,
        "derived_from": list(stated.derived_from),
        "formula": stated.formula or None,
    }


def _former(catalog: Catalog, former: Former, unit: str) -> Plain:
    return {**claim(catalog, former.claim, unit), "replaced": former.replaced, "because": former.because}


def value(catalog: Catalog, site: Site, fact: Value) -> Plain:
    """A fact: the claim that counts, and everything else that is said about it."""
    choice = fact.choice
    counting = claim(catalog, fact.chosen, fact.unit)
    if fact.chosen.derived_from:  # it rests on the sources of what it is worked out from as well
        counting["sources"] = [citation(catalog, cited) for cited in catalog.sources_of(fact)]
    if choice or fact.series:
        counting["note"] = fact.note or None
    return {
        "ref": fact.ref,
        "name": fact.name,
        "label": fact.label,
        "unit": fact.unit,
        **counting,
        "claims": [claim(catalog, stated, fact.unit) for stated in fact.claims] if choice else [],
        "chosen": {"rule": choice.rule, "meaning": RULES[choice.rule].description, "because": choice.because}
        if choice
        else None,
        "series": [claim(catalog, stated, fact.unit) for stated in fact.series],
        "earlier": [_former(catalog, former, fact.unit) for former in fact.earlier],
        "review_by": review_by(fact),
        "address": site.absolute(value_address(fact.ref)),
    }


def review_by(fact: Value) -> str | None:
    """The day on which somebody should look again, where somebody said after how many days."""
    if fact.review_after_days is None:
        return None
    day = datetime.date.fromisoformat(fact.as_of) + datetime.timedelta(days=fact.review_after_days)
    return day.isoformat()


# ---- subjects, sources, measurements


def subject(catalog: Catalog, site: Site, of: Subject, benchmarks: Sequence[str]) -> Plain:
    """A subject with all its values; `benchmarks` are ids of the tables that measure it."""
    return {
        "id": of.id,
        "kind": of.kind,
        "slug": of.slug,
        "label": of.label,
        "summary": of.summary,
        "address": site.absolute(address(subject_uri(of.id))),
        "values": [value(catalog, site, fact) for fact in of.values.values()],
        "benchmarks": list(benchmarks),
    }


def source(site: Site, of: Source, facts: Sequence[str], benchmarks: Sequence[str]) -> Plain:
    """A publication; `facts` and `benchmarks` are what cites it."""
    return {
        "id": f"sources/{of.id}",
        "kind": "sources",
        "slug": of.id,
        "title": of.title,
        "producer": of.producer,
        "url": of.url,
        "published": of.published,
        "published_note": of.published_note or None,
        "accessed": of.accessed,
        "licence": of.licence,
        "standing": of.kind,
        "read_via": of.read_via,
        "cited_through": of.cited_through,
        "note": of.note or None,
        "address": site.absolute(source_address(of.id)),
        "facts": list(facts),
        "benchmarks": list(benchmarks),
    }


def source_address(source_id: str) -> str:
    """Where the page of sources speaks of a publication, below the site's root."""
    return f"sources/#{source_id}"


def benchmark(catalog: Catalog, site: Site, table: MeasurementTable) -> Plain:
    return {
        "id": table.id,
        "kind": "benchmarks",
        "slug": table.slug,
        "label": table.label,
        "summary": table.summary,
        "hardware": f"hardware/{table.hardware}",
        "as_of": table.as_of,
        "method": table.method,
        "source": citation(catalog, table.citation),
        "engine": table.engine,
        "engine_version": table.engine_version,
        "note": table.note or None,
        "address": site.absolute(benchmark_address(table)),
        "rows": [measurement(row) for row in table.rows],
    }


def benchmark_address(table: MeasurementTable) -> str:
    """The table on the page of its device, below the site's root."""
    return f"{address(subject_uri(f'hardware/{table.hardware}'))}#{measurements_id(table)}"


def measurement(row: Measurement) -> Plain:
    return {
        "hardware": f"hardware/{row.hardware}",
        "model": f"models/{row.model}",
        "quantization": f"quantizations/{row.quantization}",
        "weights_gb": row.weights_gb,
        "context_tokens": row.context_tokens,
        "new_tokens": row.new_tokens,
        "batch": row.batch,
        "phase": row.phase,
        "tps": row.tps,
        "devices": row.devices,
        "parallelism": row.parallelism,
        "interconnect": f"interconnects/{row.interconnect}" if row.interconnect else None,
        "engine": row.engine,
        "engine_version": row.engine_version,
        "excluded": row.excluded or None,
        "note": row.note or None,
    }


# ---- what refers to what, found in one pass


def facts_by_source(catalog: Catalog) -> Mapping[str, list[str]]:
    """References of the facts that cite a source, now or in what was replaced, by the source's id."""
    found: dict[str, dict[str, None]] = {}
    for fact in catalog.values():
        for stated in fact.stated():
            for cited in stated.sources:
                found.setdefault(cited.source, {})[fact.ref] = None
    return {source_id: list(refs) for source_id, refs in found.items()}


def benchmarks_by_source(catalog: Catalog) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for table in catalog.benchmarks.values():
        found.setdefault(table.citation.source, []).append(table.id)
    return found


def benchmarks_by_subject(catalog: Catalog) -> Mapping[str, list[str]]:
    """Ids of the tables that measure a device or a model, by its id."""
    found: dict[str, dict[str, None]] = {}
    for table, row in catalog.measurements():
        for subject_id in (f"hardware/{table.hardware}", f"models/{row.model}"):
            found.setdefault(subject_id, {})[table.id] = None
    return {subject_id: list(ids) for subject_id, ids in found.items()}


# ---- lists


def item(site: Site, id: str, label: str, summary: str, page: str) -> Plain:
    """A line in the list of a kind; `page` is its address below the site's root."""
    kind, _, slug = id.partition("/")
    return {
        "id": id,
        "kind": kind,
        "slug": slug,
        "label": label,
        "summary": summary,
        "address": site.absolute(page),
        "json": site.absolute(api_address(id)),
    }


def kind_summary(site: Site, kind: str, total: int) -> Plain:
    """A kind in the list of all; the measurements have no page of their own."""
    page: str | None
    if kind in OTHER_KINDS:
        label, description = OTHER_KINDS[kind]
        page = site.absolute("sources/") if kind == "sources" else None
    else:
        described = vocabulary.kinds()[kind]
        label, description, page = described.label, described.description, site.absolute(address(kind_uri(kind)))
    return {
        "kind": kind,
        "label": label,
        "description": description,
        "total": total,
        "address": page,
        "json": site.absolute(kind_address(kind)),
        "csv": site.absolute(csv_address(kind)),
    }


def kind_list(summary: Plain, items: Iterable[Plain]) -> Plain:
    """A kind with all that it holds."""
    return {**summary, "items": list(items)}
