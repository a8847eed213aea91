"""What a page says of one number: its text, how it is known, and which publication says so."""

from __future__ import annotations

from dataclasses import dataclass

from calculators.core import format
from calculators.core.units import fact_text
from catalog import Catalog, Citation, Claim, Value, vocabulary
from hooks.catalog_pages.addresses import address, subject_uri, value_address


@dataclass(frozen=True)
class Link:
    """A link; `href` is relative to the site's root until a page makes it its own."""

    href: str
    label: str
    after: str = ""
    """What stands after it."""


@dataclass(frozen=True)
class CitationContext:
    """Which publication says it, and where in it."""

    source: Link
    locator: str
    quote: str


@dataclass(frozen=True)
class ClaimContext:
    """One number that somebody stated."""

    text: str
    to: Link | None
    """The subject that a value in the unit text names."""
    as_of: str
    method: str
    formula: str
    derived_from: list[Link]
    citations: list[CitationContext]
    note: str
    used: bool
    inherited: list[CitationContext]
    """Where a derived claim that counts has no publication of its own: those of what it is worked out from."""


def claim_context(catalog: Catalog, value: Value, claim: Claim) -> ClaimContext:
    """A claim about a value, for a page."""
    subject_id = value.ref.rpartition("/")[0]
    to = named_subject(catalog, value, claim)
    return ClaimContext(
        text=to.label if to else fact_text(claim.value, value.unit),
        to=to,
        as_of=claim.as_of,
        method=claim.method,
        formula=claim.formula,
        derived_from=[_fact_link(catalog, ref, subject_id) for ref in claim.derived_from],
        citations=[citation_context(catalog, citation) for citation in claim.sources],
        note=claim.note,
        used=claim is value.chosen,
        inherited=_inherited(catalog, value, claim),
    )


def _inherited(catalog: Catalog, value: Value, claim: Claim) -> list[CitationContext]:
    if claim.sources or claim is not value.chosen:
        return []
    return [citation_context(catalog, citation) for citation in catalog.sources_of(value)]


def named_subject(catalog: Catalog, value: Value, claim: Claim) -> Link | None:
    """The subject that the claim's value is the name of, where the value is a reference to another kind."""
    kind = vocabulary.kinds()[value.ref.partition("/")[0]].references.get(value.name)
    if kind is None:
        return None
    subject = catalog.subject(f"{kind}/{claim.value}")
    return Link(address(subject_uri(subject.id)), subject.label)


def citation_context(catalog: Catalog, citation: Citation) -> CitationContext:
    """A citation, for a page."""
    source = catalog.source(citation.source)
    return CitationContext(
        Link(f"sources/#{source.id}", f"{source.producer}, {source.title}"), citation.locator, citation.quote
    )


def _fact_link(catalog: Catalog, ref: str, from_subject: str) -> Link:
    """A link to the row of a fact; one of another subject says of which."""
    value = catalog.value(ref)
    subject = catalog.subject(ref.rpartition("/")[0])
    label = value.label if subject.id == from_subject else f"{subject.label}: {value.label}"
    return Link(value_address(ref), label)


def change_text(old: Claim, new: Claim) -> str:
    """How much a number moved: "12% less"; "" where percent say nothing."""
    if isinstance(old.value, str) or isinstance(new.value, str) or old.value <= 0 or new.value < 0:
        return ""
    if old.value == new.value:
        return "unchanged"
    ratio = new.value / old.value
    if ratio >= 10:
        return f"{format.estimate(ratio - 1)} times more"
    return f"{format.estimate(abs(ratio - 1) * 100)}% {'more' if ratio > 1 else 'less'}"
