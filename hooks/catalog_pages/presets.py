"""The calculators that a page of the catalog opens with its subject filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hooks.catalog_pages.addresses import address


@dataclass(frozen=True)
class Preset:
    """An input of a calculator that chooses a subject of one kind."""

    kind: str
    address: str
    """Of the calculator's page, below the site's root."""
    input: str
    title: str
    question: str


def presets(described: Iterable[Mapping[str, Any]], pages: Iterable[str]) -> list[Preset]:
    """Every choice of a subject that a calculator with a page offers.

    Arguments:
        described: the calculators, as they describe themselves.
        pages: the pages of the site, below docs/.
    """
    pages = set(pages)
    found = []
    for calculator in described:
        page = f"calculators/{calculator['slug']}.md"
        for field in calculator["inputs"]:
            if field["catalog_kind"] and page in pages:
                title, question = calculator["title"], calculator["question"]
                found.append(Preset(field["catalog_kind"], address(page), field["name"], title, question))
    return found
