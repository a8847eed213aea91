"""How the tests ask a calculator: the same door as everyone else, with the catalog's own facts."""

from __future__ import annotations

from functools import cache
from typing import Any

import catalog
from calculators import registry
from calculators.core.run import run
from catalog.export import facts_bundle


@cache
def bundle(slug: str) -> dict[str, Any]:
    """The facts that a calculator declares; the catalog is read once for all tests."""
    return facts_bundle(_catalog(), registry.load(slug).facts)


@cache
def _catalog() -> catalog.Catalog:
    return catalog.load()


def evaluate(slug: str = "mortgage-vs-invest", /, tables: tuple[str, ...] | None = (), **inputs: Any) -> dict[str, Any]:
    """The Report as plain data; raises InputError.

    `tables` names the tables whose rows are wanted, None all of them; without, none is made, which is faster.
    """
    wanted = None if tables is None else list(tables)
    return run(registry.load(slug), inputs, bundle(slug), wanted)


def values(report: dict[str, Any]) -> dict[str, Any]:
    """The metrics' values by id."""
    return {name: metric["value"] for name, metric in report["metrics"].items()}


def rows(report: dict[str, Any], table: str) -> list[dict[str, Any]]:
    """A table's rows by column id."""
    found = [t for t in report["tables"] if t["id"] == table]
    assert len(found) == 1, f"{len(found)} tables called {table}"
    assert found[0]["rows"] is not None, f"the rows of {table} were not asked for"
    columns = [column["id"] for column in found[0]["columns"]]
    assert len(found[0]["rows"]) == found[0]["row_count"]
    return [dict(zip(columns, row, strict=True)) for row in found[0]["rows"]]
