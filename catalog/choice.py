"""Rules that pick one of several claims about the same quantity.

The list is closed, so that a reader can be told in one sentence why a number was preferred. A rule answers
the claims that it would accept; it has decided when that is exactly one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from catalog.model import Claim, Source


@dataclass(frozen=True)
class Rule:
    description: str
    accept: Callable[[Sequence[Claim], Mapping[str, Source]], list[Claim]]


def _latest(claims: Sequence[Claim], sources: Mapping[str, Source]) -> list[Claim]:
    newest = max(claim.as_of for claim in claims)
    return [claim for claim in claims if claim.as_of == newest]


def _primary_source(claims: Sequence[Claim], sources: Mapping[str, Source]) -> list[Claim]:
    def is_primary(claim: Claim) -> bool:
        return any(c.source in sources and sources[c.source].kind == "primary" for c in claim.sources)

    return [claim for claim in claims if is_primary(claim)]


def _measured(claims: Sequence[Claim], sources: Mapping[str, Source]) -> list[Claim]:
    return [claim for claim in claims if claim.method == "measured"]


def _lowest(claims: Sequence[Claim], sources: Mapping[str, Source]) -> list[Claim]:
    least = min(_number(claim) for claim in claims)
    return [claim for claim in claims if claim.value == least]


def _highest(claims: Sequence[Claim], sources: Mapping[str, Source]) -> list[Claim]:
    most = max(_number(claim) for claim in claims)
    return [claim for claim in claims if claim.value == most]


def _number(claim: Claim) -> float:
    """A claim's number; names have no order, so that neither rule decides between them."""
    return claim.value if not isinstance(claim.value, str) else 0.0


RULES: Mapping[str, Rule] = {
    "latest": Rule("the claim that was true most recently", _latest),
    "primary-source": Rule("the claim of the one who made, decided or measured it", _primary_source),
    "measured": Rule("the claim that somebody measured, over those that state or estimate", _measured),
    "lowest": Rule("the lowest claim, where too high would mislead", _lowest),
    "highest": Rule("the highest claim, where too low would mislead", _highest),
}
