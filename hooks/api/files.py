"""All files for programs, from the catalog and the calculators."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from catalog import Catalog
from hooks.api import addresses, shapes, tables
from hooks.api.addresses import Site
from hooks.api.calculators import Answered, calculator, calculator_item
from hooks.api.changes import change, changed, identified
from hooks.api.checking import Schemas
from hooks.api.claims import checked_claim
from hooks.api.shapes import Plain
from hooks.catalog_pages import address, subject_uri, subjects_of, used_kinds
from hooks.claims import CheckedClaim


@dataclass(frozen=True)
class Document:
    """A JSON file."""

    address: str
    """Below the site's root."""
    schema: str
    """Name of its shape: the file in schema/."""
    result: Plain | list[Plain]

    @property
    def data(self) -> Plain:
        return {"schema_version": addresses.VERSION, "result": self.result}

    @property
    def text(self) -> str:
        return json_text(self.data)


def json_text(data: Plain) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n"


def api_files(
    catalog: Catalog, calculators: Sequence[Answered], claims: Sequence[CheckedClaim], site: Site, schemas: Schemas
) -> dict[str, str]:
    """The text of every file by its address below the site's root. Raises ShapeError with all that do not fit."""
    found = list(documents(catalog, calculators, claims, site, schemas.names))
    schemas.check(found)
    files = {document.address: document.text for document in found}
    files |= {addresses.schema_address(name): json_text(schemas.published[name]) for name in schemas.names}
    return {**files, **csv_files(catalog)}


def documents(
    catalog: Catalog,
    calculators: Sequence[Answered],
    claims: Sequence[CheckedClaim],
    site: Site,
    schemas: Iterable[str],
) -> Iterable[Document]:
    """Every JSON file but for the schemas, whose names are given."""
    summaries = []
    for kind in used_kinds(catalog):
        of_kind = subjects_of(catalog, kind)
        items = [shapes.item(site, s.id, s.label, s.summary, address(subject_uri(s.id))) for s in of_kind]
        summaries.append(shapes.kind_summary(site, kind, len(items)))
        yield Document(addresses.kind_address(kind), "kind", shapes.kind_list(summaries[-1], items))
    measured = shapes.benchmarks_by_subject(catalog)
    for subject in catalog.subjects.values():
        result = shapes.subject(catalog, site, subject, measured.get(subject.id, ()))
        yield Document(addresses.api_address(subject.id), "subject", result)
    for kind, made in (("sources", _sources(catalog, site)), ("benchmarks", _benchmarks(catalog, site))):
        items = [item for item, _ in made]
        summaries.append(shapes.kind_summary(site, kind, len(items)))
        yield Document(addresses.kind_address(kind), "kind", shapes.kind_list(summaries[-1], items))
        yield from (document for _, document in made)
    listed = [calculator_item(site, answered) for answered in calculators]
    yield Document(addresses.CALCULATORS, "calculators", {"total": len(listed), "items": listed})
    for answered in calculators:
        name = addresses.api_address(f"calculators/{answered.slug}")
        yield Document(name, "calculator", calculator(site, answered))
    held = [checked_claim(site, claim) for claim in claims]
    yield Document(addresses.CLAIMS, "claims", {"total": len(held), "items": held})
    happened = [change(catalog, site, id, of) for id, of in identified(site, changed(catalog))]
    yield Document(addresses.CHANGES, "changes", {"total": len(happened), "items": happened})
    yield Document(addresses.INDEX, "index", _index(site, summaries, schemas))


def _sources(catalog: Catalog, site: Site) -> list[tuple[Plain, Document]]:
    cited, measured = shapes.facts_by_source(catalog), shapes.benchmarks_by_source(catalog)
    made = []
    for source in catalog.sources.values():
        result = shapes.source(site, source, cited.get(source.id, ()), measured.get(source.id, ()))
        page = shapes.source_address(source.id)
        item = shapes.item(site, result["id"], source.title, f"{source.producer}, {source.kind}", page)
        made.append((item, Document(addresses.api_address(result["id"]), "source", result)))
    return made


def _benchmarks(catalog: Catalog, site: Site) -> list[tuple[Plain, Document]]:
    made = []
    for table in catalog.benchmarks.values():
        item = shapes.item(site, table.id, table.label, table.summary, shapes.benchmark_address(table))
        result = shapes.benchmark(catalog, site, table)
        made.append((item, Document(addresses.api_address(table.id), "benchmark", result)))
    return made


def _index(site: Site, kinds: list[Plain], schemas: Iterable[str]) -> Plain:
    return {
        "name": site.name,
        "description": site.description,
        "address": site.absolute(""),
        "licence": "CC BY 4.0",
        "licence_url": "https://creativecommons.org/licenses/by/4.0/",
        "documentation": site.absolute("api/"),
        "kinds": kinds,
        "calculators": site.absolute(addresses.CALCULATORS),
        "claims": site.absolute(addresses.CLAIMS),
        "changes": site.absolute(addresses.CHANGES),
        "feed": site.absolute(addresses.FEED),
        "values_csv": site.absolute(addresses.ALL_VALUES),
        "schemas": [{"name": name, "json": site.absolute(addresses.schema_address(name))} for name in schemas],
    }


def csv_files(catalog: Catalog) -> dict[str, str]:
    """A CSV file for each kind, and one for all values."""
    by_kind = {
        kind: [value for subject in subjects_of(catalog, kind) for value in subject.values.values()]
        for kind in used_kinds(catalog)
    }
    files = {addresses.csv_address(kind): tables.values_csv(catalog, values) for kind, values in by_kind.items()}
    everything = [value for values in by_kind.values() for value in values]
    return {
        **files,
        addresses.ALL_VALUES: tables.values_csv(catalog, everything),
        addresses.csv_address("sources"): tables.sources_csv(catalog.sources.values()),
        addresses.csv_address("benchmarks"): tables.measurements_csv(catalog),
    }
