"""What leaves the catalog, as plain JSON."""

from collections.abc import Iterable
from typing import Any

from catalog.checks import CHECKS
from catalog.errors import UnknownReferenceError
from catalog.model import Catalog


def summary(catalog: Catalog) -> str:
    """How much there is, once all checks have found it in order."""
    values, measurements = len(list(catalog.values())), len(list(catalog.measurements()))
    return (
        f"{len(catalog.subjects)} subjects, {values} values, {measurements} measurements, "
        f"{len(catalog.sources)} sources: {len(CHECKS)} checks found no problem"
    )


def facts_bundle(catalog: Catalog, refs: Iterable[str]) -> dict[str, Any]:
    """The facts that a calculator names, in that order, and the sources they cite. Raises UnknownReferenceError.

    `kind/*/name` names that fact of every subject of the kind; their slugs and labels then stand under `subjects`.
    """
    facts: dict[str, Any] = {}
    sources: dict[str, Any] = {}
    subjects: dict[str, list[list[str]]] = {}
    named: list[str] = []
    for ref in refs:
        kind, _, rest = ref.partition("/*/")
        if not rest:
            named.append(ref)
            continue
        of_kind = [subject for subject in catalog.subjects.values() if subject.kind == kind]
        subjects[kind] = [[subject.slug, subject.label] for subject in of_kind]
        having = [f"{subject.id}/{rest}" for subject in of_kind if rest in subject.values]
        if not having:
            raise UnknownReferenceError("fact", ref, (value.ref for value in catalog.values()))
        named += having
    for ref in named:
        value = catalog.value(ref)
        citations = catalog.sources_of(value)
        facts[ref] = {
            "label": value.label,
            "value": value.value,
            "unit": value.unit,
            "as_of": value.as_of,
            "method": value.method,
            "sources": [{"source": citation.source, "locator": citation.locator} for citation in citations],
        }
        for citation in citations:
            source = catalog.source(citation.source)
            sources[source.id] = {
                "title": source.title,
                "producer": source.producer,
                "url": source.url,
                "published": source.published,
            }
    return {"facts": facts, "subjects": subjects, "sources": sources}
