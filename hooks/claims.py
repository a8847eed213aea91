"""Claims of others, checked: a `claim` block in any page states somebody's number and the scenario that tests it.

    ```claim
    id: rtx-pro-6000-70b-q4
    says: An RTX PRO 6000 writes 100 to 120 tokens a second of a 70B model at 4 bits.
    source: watkins-local-ai-hardware
    locator: RTX PRO 6000
    calculator: hardware-fit
    inputs:
      hardware: rtx-pro-6000
      model: llama-3-1-70b
    metric: decode_tps
    ceiling: bandwidth_ceiling_tps
    claimed: [100, 120]
    tolerance_pct: 10
    ```

The calculator works the scenario out at build time. A claim *holds* where it overlaps our figure with its range and
the tolerance; it is *off by x %* where it does not; and it *cannot be* where it lies above a ceiling that no device
exceeds, or where the calculator has no value for a scenario that cannot exist (a model that does not fit).
The shape of the block is catalog/schema/claim.schema.json.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlencode

from mkdocs.structure.files import File
from mkdocs.utils import get_relative_url

from calculators.core import format
from calculators.core.units import fact_text
from catalog import Catalog, CatalogError, Source, UnknownReferenceError
from catalog.errors import did_you_mean
from catalog.loader import Document, load_bytes
from catalog.prose import fences
from catalog.schema import shape_problems
from hooks.answers import Answers, CalculatorError
from hooks.build import BuildState, state_of
from hooks.catalog_pages.addresses import address
from hooks.widget import templates

if TYPE_CHECKING:
    import jinja2
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

URI = "claims.md"
Verdict = Literal["holds", "off", "cannot-be"]
_ANSWERS = ("yes", "no")
"""The texts of a metric that is no quantity."""
LABELS: Mapping[Verdict, str] = {"holds": "Holds", "off": "Off", "cannot-be": "Cannot be"}


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


# ---- reading


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


# ---- judging


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
    if figure.text in _ANSWERS:
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
    return Figure(value, None, None, fact_text(value, first["unit"]), "")


def _claimed_text(claim: Claim, metric: Mapping[str, Any]) -> str:
    if metric["text"] in _ANSWERS:
        return "yes" if claim.high else "no"
    high = fact_text(claim.high, metric["unit"] or "count")
    if claim.low == claim.high:
        return high
    return f"{fact_text(claim.low, metric['unit'] or 'count').removesuffix(' ' + metric['unit'])} to {high}"


def _plain(inputs: Mapping[str, Any]) -> dict[str, str]:
    return {name: "" if value is None else str(value) for name, value in inputs.items()}


# ---- pages


@dataclass(frozen=True)
class ClaimContext:
    """Everything that templates/claim.html.jinja uses."""

    base: str
    checked: CheckedClaim
    label: str


class ClaimRenderer:
    """Renders the claim blocks of the page that is being read."""

    def __init__(self, state: BuildState) -> None:
        self._state = state
        self._env = templates(state.root)
        self.page: Page | None = None

    def __call__(self, source: str, *_args: object, **_kwargs: object) -> str:
        """The HTML of one block (the signature is that of a superfences formatter)."""
        assert self.page is not None
        written = next((line.partition(":")[2].strip() for line in source.splitlines() if line.startswith("id:")), "")
        checked = next((one for one in self._state.claims if one.claim.id == written), None)
        if checked is None:
            return ""  # its problem is known already, and ends the build
        base = get_relative_url("", self.page.url) or "./"
        return render(self._env, checked, base if base.endswith("/") else f"{base}/")


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


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    renderer = ClaimRenderer(state_of(config))
    config.extra["reckoner_claims"] = renderer
    custom = config.mdx_configs.setdefault("pymdownx.superfences", {}).setdefault("custom_fences", [])
    custom.append({"name": "claim", "class": "claim", "format": renderer})
    return config


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    state = state_of(config)
    claims: list[Claim] = []
    for file in files.documentation_pages():
        if file.abs_src_path:
            found, problems = read_claims(Path(file.abs_src_path).read_text(encoding="utf-8-sig"), file.src_uri)
            claims += found
            state.problems += problems
    state.claims, problems = check_claims(claims, state.catalog, state.answers)
    state.problems += problems
    files.append(File.generated(config, URI, content=_INTRODUCTION))
    return files


_INTRODUCTION = """---
title: Claims checked
description: Numbers that others have published, each held against a calculator of this site and the facts behind it.
hide: [toc]
---
"""


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> None:
    config.extra["reckoner_claims"].page = page


def on_page_content(html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str | None:
    state = state_of(config)
    own = {one.anchor for one in state.claims if one.claim.uri == page.file.src_uri}
    if page.file.src_uri == URI:
        own = {one.claim.id for one in state.claims}
    if own:  # MkDocs holds the links of other pages against these
        page.present_anchor_ids = {*(page.present_anchor_ids or ()), *own}
    if page.file.src_uri != URI:
        return None
    titles = {uri: entry.title for uri, entry in state.entries.items()}
    return page_html(templates(state.root), state.claims, titles)
