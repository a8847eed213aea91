"""What authors write: claims and the shape that they have to have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from catalog import CatalogError
from catalog.loader import Document, load_bytes
from catalog.prose import fences
from catalog.schema import shape_problems


@dataclass(frozen=True)
class Claim:
    """What an author wrote."""

    id: str
    says: str
    source: str
    locator: str
    calculator: str
    inputs: dict[str, Any]
    compared_with: dict[str, Any]
    metric: str
    ceiling: str
    low: float
    high: float
    """Lowest and highest claimed value; the same where one is claimed."""
    tolerance_pct: float
    note: str
    uri: str
    """The page below docs/."""
    document: Document

    def problem(self, field: str, message: str) -> str:
        return str(self.document.problem((field,) if field else (), message))


def read_claims(text: str, uri: str) -> tuple[list[Claim], list[str]]:
    """The claims of a page, and what is wrong with their shape."""
    claims: list[Claim] = []
    problems: list[str] = []
    for first, block in fences(text, "claim") if "claim" in text else []:
        try:
            document = load_bytes(block.encode(), f"docs/{uri}", first_line=first)
        except CatalogError as error:
            problems += [str(problem) for problem in error.problems]
            continue
        wrong = shape_problems(document, "claim")
        problems += [str(problem) for problem in wrong]
        if not wrong:
            claims.append(_claim(document, uri))
    return claims, problems


def _claim(document: Document, uri: str) -> Claim:
    data = document.data
    claimed = data["claimed"] if isinstance(data["claimed"], list) else [data["claimed"]] * 2
    return Claim(
        id=data["id"],
        says=data["says"],
        source=data["source"],
        locator=data["locator"],
        calculator=data["calculator"],
        inputs=data.get("inputs", {}),
        compared_with=data.get("compared_with", {}),
        metric=data["metric"],
        ceiling=data.get("ceiling", ""),
        low=claimed[0],
        high=claimed[1],
        tolerance_pct=data["tolerance_pct"],
        note=data.get("note", ""),
        uri=uri,
        document=document,
    )
