"""Asks the calculators about claims, and finds what authors got wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from calculators.core.units import fact_text
from catalog import Catalog, Source, UnknownReferenceError
from catalog.errors import did_you_mean
from hooks.answers import Answers, CalculatorError
from hooks.catalog_pages.addresses import address
from hooks.claims.judging import ANSWERS, Figure, Judgement, judge
from hooks.claims.reading import Claim


@dataclass(frozen=True)
class CheckedClaim:
    """A claim with our figure and the verdict."""

    claim: Claim
    source: Source
    title: str
    """Of the calculator."""
    metric_label: str
    unit: str
    claimed_text: str
    figure: Figure
    ceiling_text: str
    """The ceiling, "" where the claim names none."""
    judgement: Judgement
    scenario: str
    """Address of the calculator with the scenario filled in, below the site's root."""

    @property
    def address(self) -> str:
        """Of the claim in its page, below the site's root."""
        return f"{address(self.claim.uri)}#{self.anchor}"

    @property
    def anchor(self) -> str:
        """Of the claim in its page."""
        return f"claim-{self.claim.id}"


def check_claims(claims: Sequence[Claim], catalog: Catalog, answers: Answers) -> tuple[list[CheckedClaim], list[str]]:
    """All claims, checked, and everything that is wrong with them; each calculator is asked once."""
    problems = _repeated(claims)
    slugs = answers.slugs()
    checked: list[CheckedClaim] = []
    asked: dict[str, list[Claim]] = {}
    for claim in claims:
        if claim.calculator not in slugs:
            hint = did_you_mean(claim.calculator, slugs) or f"; there are: {', '.join(slugs)}"
            problems.append(claim.problem("calculator", f'unknown calculator "{claim.calculator}"{hint}'))
        elif claim.source not in catalog.sources:
            error = UnknownReferenceError("source", claim.source, catalog.sources)
            problems.append(claim.problem("source", str(error)))
        elif claim.low > claim.high:
            message = f"{claim.low} to {claim.high} goes down; expected the lower one first; turn them round"
            problems.append(claim.problem("claimed", message))
        else:
            asked.setdefault(claim.calculator, []).append(claim)
    for slug, of_slug in asked.items():
        described = answers.describe(slug)
        scenarios = [claim.inputs for claim in of_slug]
        scenarios += [{**claim.inputs, **claim.compared_with} for claim in of_slug if claim.compared_with]
        replies = answers.replies(slug, scenarios)
        second = iter(replies[len(of_slug) :])
        for claim, reply in zip(of_slug, replies, strict=False):
            try:
                compared = next(second) if claim.compared_with else None
                checked.append(_check(claim, described, catalog.source(claim.source), reply, compared))
            except CalculatorError as error:
                problems += str(error).splitlines()
    order = {claim.id: index for index, claim in enumerate(claims)}
    checked.sort(key=lambda one: order[one.claim.id])
    return checked, problems


def _repeated(claims: Sequence[Claim]) -> list[str]:
    ids = Counter(claim.id for claim in claims)
    problems = [
        claim.problem("id", f'"{claim.id}" names {ids[claim.id]} claims; expected a name of its own; change one')
        for claim in claims
        if ids[claim.id] > 1
    ]
    same: dict[tuple[Any, ...], Claim] = {}
    for claim in claims:
        key = (claim.source, claim.locator, claim.metric, claim.says)
        if key in same and same[key].id != claim.id:
            message = (
                f'says what "{same[key].id}" says already, from the same place; expected each claim once; remove it'
            )
            problems.append(claim.problem("says", message))
        same.setdefault(key, claim)
    return problems


def _check(
    claim: Claim,
    described: Mapping[str, Any],
    source: Source,
    reply: Mapping[str, Any],
    compared: Mapping[str, Any] | None,
) -> CheckedClaim:
    for answered, field in ((reply, "inputs"), (compared, "compared_with")):
        if answered is not None and not answered["ok"]:
            wrong = [(p["field"], p["message"]) for p in answered["error"]["all"]]
            lines = [str(claim.document.problem((field, name), message)) for name, message in wrong]
            raise CalculatorError("\n".join(lines))
    report = reply["report"]
    metrics = report["metrics"]
    for field, name in (("metric", claim.metric), ("ceiling", claim.ceiling)):
        if name and name not in metrics:
            hint = did_you_mean(name, metrics) or f"; there are: {', '.join(metrics)}"
            raise CalculatorError(claim.problem(field, f'{claim.calculator} has no metric "{name}"{hint}'))
    metric = metrics[claim.metric]
    if compared is None:
        figure = Figure(metric["value"], metric["low"], metric["high"], metric["text"], metric["range_text"])
    else:
        figure = _difference(metric, compared["report"]["metrics"][claim.metric])
    ceiling = metrics[claim.ceiling] if claim.ceiling else None
    why_none = "the model does not fit" if report["verdict"] == "does-not-fit" else ""
    return CheckedClaim(
        claim=claim,
        source=source,
        title=described["title"],
        metric_label=metric["label"],
        unit=metric["unit"],
        claimed_text=_claimed_text(claim, metric),
        figure=figure,
        ceiling_text=ceiling["text"] if ceiling else "",
        judgement=judge(claim, figure, ceiling["value"] if ceiling else None, why_none),
        scenario=f"calculators/{claim.calculator}/?{urlencode(_plain(claim.inputs))}",
    )


def _difference(first: Mapping[str, Any], second: Mapping[str, Any]) -> Figure:
    if first["value"] is None or second["value"] is None:
        return Figure(None, None, None, "", "")
    value = second["value"] - first["value"]
    shown = float(f"{value:.4g}")  # no more digits than the metric's own text would have
    return Figure(value, None, None, fact_text(shown, first["unit"]), "")


def _claimed_text(claim: Claim, metric: Mapping[str, Any]) -> str:
    if metric["text"] in ANSWERS:
        return "yes" if claim.high else "no"
    high = fact_text(claim.high, metric["unit"] or "count")
    if claim.low == claim.high:
        return high
    return f"{fact_text(claim.low, metric['unit'] or 'count').removesuffix(' ' + metric['unit'])} to {high}"


def _plain(inputs: Mapping[str, Any]) -> dict[str, str]:
    return {name: "" if value is None else str(value) for name, value in inputs.items()}
