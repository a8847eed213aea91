"""Addresses of the files for programs, below the site's root."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

ROOT = "api/v1"
VERSION = "1.0"
"""Of the shapes: the second number grows when a key is added, the first (and ROOT) when one changes or goes."""
INDEX = f"{ROOT}/index.json"
CALCULATORS = f"{ROOT}/calculators/index.json"
CHANGES = f"{ROOT}/changes.json"
CLAIMS = f"{ROOT}/claims.json"
ALL_VALUES = f"{ROOT}/values.csv"
FEED = "catalog/changes.xml"
CHANGES_URI = "catalog/changes.md"
"""The page of changes, below docs/."""

_OWNED_IN = "2026"
"""A year in which the site's host was its owner's, as RFC 4151 asks; it never changes."""


def api_address(item_id: str) -> str:
    """The JSON file of a subject (`hardware/dgx-spark`), a source (`sources/ID`), a table of measurements
    (`benchmarks/SLUG`) or a calculator (`calculators/SLUG`)."""
    return f"{ROOT}/{item_id}.json"


def kind_address(kind: str) -> str:
    """The JSON file that lists a kind; `sources` and `benchmarks` are kinds, too."""
    return f"{ROOT}/{kind}/index.json"


def csv_address(kind: str) -> str:
    """The CSV file of a kind: a row for each value, source or measurement."""
    return f"{ROOT}/{kind}.csv"


def schema_address(name: str) -> str:
    """The JSON Schema of a shape."""
    return f"{ROOT}/schema/{name}.json"


@dataclass(frozen=True)
class Site:
    """What the files say about the site that they belong to."""

    url: str
    """With a slash at the end."""
    name: str
    description: str

    def absolute(self, address: str) -> str:
        """An address below the root as a full one."""
        return urljoin(self.url, address)

    def tag(self, name: str) -> str:
        """A `tag:` URI (RFC 4151) for something of this site that has no address or may get another one."""
        address = urlsplit(self.url)
        return f"tag:{address.hostname},{_OWNED_IN}:{address.path}{name}"
