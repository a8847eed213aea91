"""Where the pages of the catalog are, and in what order their subjects stand."""

from __future__ import annotations

import re

from catalog import Catalog, Subject, vocabulary
from catalog.model import MeasurementTable

FOLDER = "catalog"
TAB = "Catalog"
"""The catalog's name in the navigation."""


def index_uri() -> str:
    """The page of the whole catalog, below docs/."""
    return f"{FOLDER}/index.md"


def kind_uri(kind: str) -> str:
    """The page of a kind, below docs/."""
    return f"{FOLDER}/{kind}/index.md"


def subject_uri(subject_id: str) -> str:
    """The page of a subject (`kind/slug`), below docs/."""
    return f"{FOLDER}/{subject_id}.md"


def disagreements_uri() -> str:
    """The page of all values whose sources disagree, below docs/."""
    return f"{FOLDER}/disagreements.md"


def address(uri: str) -> str:
    """The address of a page, below the site's root."""
    is_index = uri == "index.md" or uri.endswith("/index.md")
    return uri.removesuffix("index.md") if is_index else uri.removesuffix(".md") + "/"


def value_address(ref: str) -> str:
    """The address of a fact's row (`kind/slug/name`), below the site's root."""
    subject_id, _, name = ref.rpartition("/")
    return f"{address(subject_uri(subject_id))}#{name}"


def measurements_id(table: MeasurementTable) -> str:
    """The anchor of a table of measurements, on the pages of its device and of its models."""
    return f"measured-{table.slug}"


def used_kinds(catalog: Catalog) -> list[str]:
    """The kinds that have subjects, in the order of the vocabulary."""
    used = {subject.kind for subject in catalog.subjects.values()}
    return [kind for kind in vocabulary.kinds() if kind in used]


def subjects_of(catalog: Catalog, kind: str) -> list[Subject]:
    """The subjects of a kind, by label."""
    return sorted((s for s in catalog.subjects.values() if s.kind == kind), key=subject_order)


def subject_order(subject: Subject) -> tuple[list[tuple[int, str]], str]:
    """Sorts subjects by label; those with the same label by id."""
    return natural_order(subject.label), subject.id


def natural_order(label: str) -> list[tuple[int, str]]:
    """Sorts as people do: 8 GB before 16 GB, capitals like small letters."""
    parts = re.split(r"(\d+)", label.lower())
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]
