"""The HTML of a claim in its page, and of the table of all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

import jinja2

from hooks.claims.checking import CheckedClaim
from hooks.claims.judging import LABELS, Verdict

URI = "claims.md"


@dataclass(frozen=True)
class ClaimContext:
    """Everything that templates/claim.html.jinja uses."""

    base: str
    checked: CheckedClaim
    label: str


def render(env: jinja2.Environment, checked: CheckedClaim, base: str) -> str:
    """A claim's HTML; `base` is the relative address of the site's root."""
    context = ClaimContext(base, checked, LABELS[checked.judgement.verdict])
    return env.get_template("claim.html.jinja").render(
        {field.name: getattr(context, field.name) for field in fields(context)}
    )


def counts(claims: Iterable[CheckedClaim]) -> dict[Verdict, int]:
    """How many claims hold, are off and cannot be."""
    counted = Counter(one.judgement.verdict for one in claims)
    return {verdict: counted[verdict] for verdict in LABELS}


def _worst_first(checked: CheckedClaim) -> tuple[int, str, str]:
    return -list(LABELS).index(checked.judgement.verdict), checked.title, checked.claim.says


def page_html(env: jinja2.Environment, claims: Sequence[CheckedClaim], titles: Mapping[str, str]) -> str:
    """The table of all claims; `titles` are those of the pages, by path below docs/."""
    return env.get_template("claims.html.jinja").render(
        base="../", claims=sorted(claims, key=_worst_first), counts=counts(claims), labels=LABELS, titles=titles
    )
