"""The page of all values whose sources disagree: the claims side by side, and which one counts."""

from __future__ import annotations

from dataclasses import dataclass

from calculators.core import format
from catalog import Catalog, Value, vocabulary
from catalog.choice import RULES
from hooks.catalog_pages.addresses import TAB, address, index_uri, subject_order, subject_uri, used_kinds
from hooks.catalog_pages.statements import ClaimContext, Link, claim_context


@dataclass(frozen=True)
class DisagreementContext:
    """A value whose sources disagree."""

    id: str
    subject: Link
    value: Link
    kind: str
    kind_label: str
    spread: str
    """How much more the largest claim is than the smallest; "" where percent say nothing."""
    spread_sort: str
    claims: list[ClaimContext]
    rule: str
    because: str


@dataclass(frozen=True)
class DisagreementsContext:
    """Everything that templates/catalog_disagreements.html.jinja uses."""

    base: str
    parents: list[Link]
    rows: list[DisagreementContext]
    claims: int


def disagreements_context(catalog: Catalog) -> DisagreementsContext:
    """All of them by kind, subject and value."""
    order = {kind: place for place, kind in enumerate(used_kinds(catalog))}
    subjects = sorted(catalog.subjects.values(), key=lambda subject: (order[subject.kind], subject_order(subject)))
    rows = []
    for subject in subjects:
        page = address(subject_uri(subject.id))
        for value in subject.values.values():
            if value.choice is None:
                continue
            spread = spread_pct(value)
            rows.append(
                DisagreementContext(
                    id=value.ref,
                    subject=Link(page, subject.label),
                    value=Link(f"{page}#{value.name}-claims", value.label),
                    kind=subject.kind,
                    kind_label=vocabulary.kinds()[subject.kind].label,
                    spread="" if spread is None else f"{format.estimate(spread)}%",
                    spread_sort="" if spread is None else format.plain(spread),
                    claims=[claim_context(catalog, value, claim) for claim in value.claims],
                    rule=RULES[value.choice.rule].description,
                    because=value.choice.because,
                )
            )
    return DisagreementsContext(
        base="../../",
        parents=[Link(address(index_uri()), TAB)],
        rows=rows,
        claims=sum(len(row.claims) for row in rows),
    )


def spread_pct(value: Value) -> float | None:
    """How much more the largest claim is than the smallest, in percent of it; None for names and beside zero."""
    numbers = [claim.value for claim in value.claims if not isinstance(claim.value, str)]
    if len(numbers) < len(value.claims) or min(numbers) <= 0:
        return None
    return (max(numbers) / min(numbers) - 1) * 100
