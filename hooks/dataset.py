"""What the pages tell programs in their heads: which files hold the same as data, and the data set that they describe.

The data sets are schema.org `Dataset`s in JSON-LD, on the page of the catalog and on that of each kind.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from mkdocs.utils import get_relative_url

from catalog import Catalog, Value, vocabulary
from hooks.api import addresses
from hooks.api.addresses import Site
from hooks.api_files import site_of
from hooks.build import state_of
from hooks.catalog_pages import address, index_uri, kind_uri, subject_uri, subjects_of, used_kinds

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

_KEY = "reckoner_heads"
_LICENCE = "https://creativecommons.org/licenses/by/4.0/"
_TYPES = {".json": "application/json", ".csv": "text/csv", ".xml": "application/atom+xml"}


# ---- data sets


def kind_dataset(catalog: Catalog, kind: str, site: Site) -> dict[str, Any]:
    """A kind as a data set."""
    described = vocabulary.kinds()[kind]
    subjects = subjects_of(catalog, kind)
    values = [value for subject in subjects for value in subject.values.values()]
    about = f"{described.description}. {len(values)} values of {len(subjects)} subjects"
    files = [addresses.csv_address(kind), addresses.kind_address(kind)]
    return {
        **_dataset(site, kind_uri(kind), f"{site.name}: {described.label}", about, files, values),
        "variableMeasured": _variables(values),
        "isPartOf": {"@id": site.absolute(address(index_uri()))},
    }


def catalog_dataset(catalog: Catalog, site: Site) -> dict[str, Any]:
    """The whole catalog as a data set, whose parts are the kinds."""
    values = list(catalog.values())
    about = f"Facts for calculators and research: {len(values)} values of {len(catalog.subjects)} subjects"
    files = [addresses.ALL_VALUES, addresses.csv_address("benchmarks"), addresses.csv_address("sources")]
    kinds = used_kinds(catalog)
    return {
        **_dataset(site, index_uri(), f"{site.name}: catalog", about, [*files, addresses.INDEX], values),
        "variableMeasured": [vocabulary.kinds()[kind].description for kind in kinds],
        "hasPart": [
            {"@type": "Dataset", "@id": page, "name": vocabulary.kinds()[kind].label, "url": page}
            for kind in kinds
            for page in [site.absolute(address(kind_uri(kind)))]
        ],
    }


def _dataset(
    site: Site, uri: str, name: str, about: str, files: Sequence[str], values: Sequence[Value]
) -> dict[str, Any]:
    page = site.absolute(address(uri))
    days = sorted(claim.as_of for value in values for claim in value.stated())
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": page,
        "url": page,
        "name": name,
        "description": f"{about}, each with its unit, the day on which it was true, how it is known, and its sources.",
        "license": _LICENCE,
        "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "name": site.name, "url": site.url},
        "temporalCoverage": f"{days[0]}/{days[-1]}",
        "dateModified": days[-1],
        "distribution": [
            {
                "@type": "DataDownload",
                "name": file.removeprefix(f"{addresses.ROOT}/"),
                "encodingFormat": _type(file),
                "contentUrl": site.absolute(file),
                "license": _LICENCE,
            }
            for file in files
        ],
    }


def _variables(values: Sequence[Value]) -> list[dict[str, str]]:
    """Each quantity once, with the label that stands first."""
    first = {value.name: value for value in reversed(values)}
    return [
        {
            "@type": "PropertyValue",
            "propertyID": name,
            "name": first[name].label,
            "unitText": vocabulary.units()[first[name].unit].label,
        }
        for name in sorted(first)
    ]


def _type(file: str) -> str:
    return next(kind for suffix, kind in _TYPES.items() if file.endswith(suffix))


# ---- heads


class Heads:
    """What stands in the heads of the pages of one build."""

    def __init__(self, catalog: Catalog, site: Site, calculators: Sequence[str]) -> None:
        self._files = {subject_uri(id): [addresses.api_address(id)] for id in catalog.subjects}
        self._files |= {
            f"calculators/{slug}.md": [addresses.api_address(f"calculators/{slug}")] for slug in calculators
        }
        self._files["sources.md"] = [addresses.kind_address("sources"), addresses.csv_address("sources")]
        self._files[addresses.CHANGES_URI] = [addresses.CHANGES]
        self._files[index_uri()] = [addresses.INDEX, addresses.ALL_VALUES]
        self._datasets = {index_uri(): catalog_dataset(catalog, site)}
        for kind in used_kinds(catalog):
            self._files[kind_uri(kind)] = [addresses.kind_address(kind), addresses.csv_address(kind)]
            self._datasets[kind_uri(kind)] = kind_dataset(catalog, kind, site)

    def html(self, uri: str, page_address: str) -> Markup:
        """The elements for the head of a page: its path below docs/ and its address below the root are given."""
        files = list(self._files.get(uri, ()))
        if uri.startswith("catalog/"):
            files.append(addresses.FEED)
        # The space keeps the links from Material's script, which takes every link[rel=alternate] for a translation of
        # the site and asks for the sitemap beside it. To all who read the words in `rel` one by one it makes no odds.
        parts = [
            Markup('<link rel="alternate " type="{}" title="{}" href="{}">').format(
                _type(file), _title(file), get_relative_url(file, page_address)
            )
            for file in files
        ]
        if uri in self._datasets:
            parts.append(json_ld(self._datasets[uri]))
        return Markup("").join(parts)


def _title(file: str) -> str:
    return {".json": "As JSON", ".csv": "As CSV", ".xml": "Changed facts"}[file[file.rindex(".") :]]


def json_ld(data: dict[str, Any]) -> Markup:
    """The element that holds data for programs."""
    text = json.dumps(data, ensure_ascii=False)
    for mark in "<>&":  # nothing in it can end the element
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return Markup('<script type="application/ld+json">') + Markup(text) + Markup("</script>")


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    state = state_of(config)
    config.extra[_KEY] = Heads(state.catalog, site_of(config), state.answers.slugs())
    return files


def on_post_page(output: str, *, page: Page, config: MkDocsConfig) -> str:
    html = config.extra[_KEY].html(page.file.src_uri, page.url)
    return output.replace("</head>", f"{html}</head>", 1) if html else output
