"""What a calculator's page tells search engines: schema.org's `WebApplication`, free, with what it is based on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hooks.api.addresses import Site, api_address
from hooks.api.calculators import Answered
from hooks.api_files import answered, site_of
from hooks.build import state_of
from hooks.dataset import json_ld
from hooks.social import heads_of

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

_KEY = "reckoner_applications"


def application(site: Site, calculator: Answered, image: str = "") -> dict[str, Any]:
    """A calculator that has a page, as a `WebApplication`.

    Arguments:
        image: the full address of its picture.
    """
    assert calculator.page
    page = site.absolute(calculator.page)
    described, report = calculator.described, calculator.report
    sources = {source["id"]: source for source in report["sources"]}
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "WebApplication",
        "@id": page,
        "url": page,
        "name": described["title"],
        "description": described["question"],
        "abstract": report["headline"],
        "disambiguatingDescription": described["disclaimer"],
        "applicationCategory": "UtilitiesApplication",
        "operatingSystem": "Any",
        "browserRequirements": "The answer to the defaults needs none; other numbers need JavaScript and WebAssembly.",
        "isAccessibleForFree": True,
        "offers": {"@type": "Offer", "price": 0, "priceCurrency": "USD"},
        "creator": {"@type": "Organization", "name": site.name, "url": site.url},
        "subjectOf": {
            "@type": "DataDownload",
            "encodingFormat": "application/json",
            "contentUrl": site.absolute(api_address(f"calculators/{calculator.slug}")),
        },
        "isBasedOn": [_source(source) for source in sources.values()],
    }
    if sources:
        data["dateModified"] = max(source["as_of"] for source in report["sources"])
    if image:
        data["image"] = image
    return data


def _source(source: dict[str, Any]) -> dict[str, Any]:
    data: dict[str, Any] = {
        "@type": "CreativeWork",
        "name": source["title"],
        "publisher": {"@type": "Organization", "name": source["producer"]},
    }
    if source["url"]:
        data["url"] = source["url"]
    if source["published"]:
        data["datePublished"] = source["published"]
    return data


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    site, heads = site_of(config), heads_of(config)
    config.extra[_KEY] = {
        f"calculators/{one.slug}.md": application(site, one, heads.image(one.slug) if heads else "")
        for one in answered(state_of(config).answers, (file.src_uri for file in files.documentation_pages()))
        if one.page
    }
    return files


def on_post_page(output: str, *, page: Page, config: MkDocsConfig) -> str:
    data = config.extra[_KEY].get(page.file.src_uri)
    return output.replace("</head>", f"{json_ld(data)}</head>", 1) if data else output
