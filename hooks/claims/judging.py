"""Whether a claim holds beside what the calculator says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from calculators.core import format
from hooks.claims.reading import Claim

Verdict = Literal["holds", "off", "cannot-be"]
LABELS: Mapping[Verdict, str] = {"holds": "Holds", "off": "Off", "cannot-be": "Cannot be"}
ANSWERS = ("yes", "no")
"""The texts of a metric that is no quantity."""


@dataclass(frozen=True)
class Figure:
    """What the calculator says: a value, which may be missing, and its range."""

    value: float | None
    low: float | None
    high: float | None
    text: str
    range_text: str


@dataclass(frozen=True)
class Judgement:
    """What comes of holding a claim against a figure."""

    verdict: Verdict
    text: str
    """The verdict in words, such as "off by 31 %: too high"."""


def judge(claim: Claim, figure: Figure, ceiling: float | None = None, why_none: str = "") -> Judgement:
    """Holds, off, or cannot be.

    The tolerance widens the claim. "Off by" is the distance from our figure to the nearer end of the claim, in
    percent of our figure. No tolerance applies to a ceiling.

    Arguments:
        ceiling: what no true value can exceed.
        why_none: why the calculator has no value.
    """
    if ceiling is not None and claim.high > ceiling:
        part = "" if claim.low > ceiling or claim.low == claim.high else " in its upper part"
        return Judgement("cannot-be", f"cannot be{part}: above the physical ceiling")
    if figure.value is None:
        return Judgement("cannot-be", f"cannot be: {why_none}" if why_none else "cannot be: there is no such value")
    if figure.text in ANSWERS:
        agrees = (figure.text == "yes") == bool(claim.high)
        return Judgement("holds", "holds") if agrees else Judgement("off", f"off: worked out here, it is {figure.text}")
    value = figure.value
    low = value if figure.low is None else figure.low
    high = value if figure.high is None else figure.high
    widened = sorted([claim.low * (1 - claim.tolerance_pct / 100), claim.high * (1 + claim.tolerance_pct / 100)])
    if widened[0] <= high and low <= widened[1]:
        return Judgement("holds", "holds")
    too_high = claim.low > value
    nearer = claim.low if too_high else claim.high
    direction = "too high" if too_high else "too low"
    if value == 0:
        return Judgement("off", f"off: {direction}, it is nothing")
    times = nearer / value
    if times >= 10:
        return Judgement("off", f"off by a factor of {format.number(format.rounded(times, 0))}: {direction}")
    off_pct = abs(times - 1) * 100
    return Judgement("off", f"off by {off_pct:,.{0 if off_pct >= 1 else 1}f} %: {direction}")
