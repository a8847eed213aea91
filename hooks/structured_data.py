"""What entries and posts tell search engines: schema.org's `Article` and `BlogPosting`, and where a page belongs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from catalog import Catalog, Source
from hooks.api.addresses import Site
from hooks.markdown_pages import NAME
from hooks.publications import Publication

LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def website(site: Site) -> dict[str, Any]:
    """The site, as its first page describes it."""
    return {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "@id": site.url,
        "url": site.url,
        "name": site.name,
        "description": site.description,
        "inLanguage": "en",
        "license": LICENCE,
        "publisher": _publisher(site),
    }


def article(site: Site, one: Publication, catalog: Catalog, image: str = "") -> dict[str, Any]:
    """An entry as an `Article`, a post as a `BlogPosting`.

    Arguments:
        image: the full address of the picture that links to the page show.
    """
    page = site.absolute(one.address)
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "BlogPosting" if one.is_post else "Article",
        "@id": page,
        "url": page,
        "mainEntityOfPage": page,
        "headline": one.title,
        "description": one.summary,
        "inLanguage": "en",
        "dateModified": one.updated,
        "keywords": list(one.tags),
        "license": LICENCE,
        "isAccessibleForFree": True,
        "author": _publisher(site),
        "publisher": _publisher(site),
        "isPartOf": {"@type": "WebSite", "@id": site.url, "name": site.name, "url": site.url},
        "encoding": {"@type": "MediaObject", "encodingFormat": "text/markdown", "contentUrl": page + NAME},
        "citation": [_citation(catalog.source(id)) for id in one.sources],
    }
    if one.published:
        data["datePublished"] = one.published
    if image:
        data["image"] = image
    return data


def _publisher(site: Site) -> dict[str, str]:
    return {"@type": "Organization", "name": site.name, "url": site.url}


def _citation(source: Source) -> dict[str, Any]:
    data: dict[str, Any] = {
        "@type": "CreativeWork",
        "name": source.title,
        "url": source.url,
        "publisher": {"@type": "Organization", "name": source.producer},
    }
    if source.published:
        data["datePublished"] = source.published
    return data


def breadcrumbs(site: Site, trail: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Where a page belongs: names with their addresses below the root, from the first page to itself."""
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": site.absolute(address)}
            for position, (name, address) in enumerate(trail, start=1)
        ],
    }
