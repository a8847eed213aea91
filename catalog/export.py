"""What leaves the catalog, as plain JSON."""

from collections.abc import Iterable
from typing import Any

from catalog.model import Catalog


def facts_bundle(catalog: Catalog, refs: Iterable[str]) -> dict[str, Any]:
    """The facts that a calculator names, in that order, and their sources. Raises UnknownReferenceError."""
    facts: dict[str, Any] = {}
    sources: dict[str, Any] = {}
    for ref in refs:
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
    return {"facts": facts, "sources": sources}
