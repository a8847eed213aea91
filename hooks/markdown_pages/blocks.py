"""Claims and calculators as Markdown: what they say, what was worked out here, and where to try other numbers."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from hooks.answers import Answers, CalculatorError
from hooks.api.addresses import Site
from hooks.claims import LABELS, CheckedClaim
from hooks.widget import FenceError, parse_fence


def escaped(text: str) -> str:
    """Text in which nothing is markup."""
    return "".join(f"\\{letter}" if letter in "\\`*_[]|<>" else letter for letter in text)


def linked(label: str, href: str) -> str:
    return f"[{escaped(label)}]({href})"


def claim_markdown(one: CheckedClaim, site: Site) -> str:
    """A claim with its verdict."""
    claim = one.claim
    source = linked(f"{one.source.producer}, {one.source.title}", site.absolute(f"sources/#{claim.source}"))
    lines = [
        (
            f"**Claim: {LABELS[one.judgement.verdict].lower()}.** {escaped(claim.says)} "
            f"Claimed in {source}, {escaped(claim.locator)}."
        ),
        "",
        f"- Verdict: {escaped(one.judgement.text)}",
        f"- Claimed: {escaped(one.claimed_text)}",
        (
            f"- {escaped(one.metric_label)}, worked out here{' (the difference)' if claim.compared_with else ''}: "
            f"{_with_range(one.figure.text or 'no value', one.figure.range_text)}"
        ),
    ]
    if one.ceiling_text:
        lines.append(f"- Ceiling: {escaped(one.ceiling_text)}")
    if claim.note:
        lines.append(f"- Note: {escaped(claim.note)}")
    lines.append(f"- {linked(f'The scenario in {one.title}', site.absolute(one.scenario))}")
    return "\n".join(lines)


def _with_range(text: str, range_text: str) -> str:
    return escaped(f"{text} ({range_text})" if range_text else text)


def claims_by_id(claims: Iterable[CheckedClaim]) -> dict[str, CheckedClaim]:
    return {one.claim.id: one for one in claims}


def claim_of_block(block: str, known: dict[str, CheckedClaim], site: Site) -> str:
    """The claim of a fenced block."""
    id = next((line.partition(":")[2].strip() for line in block.splitlines() if line.startswith("id:")), "")
    return claim_markdown(known[id], site) if id in known else ""


def calculator_markdown(block: str, answers: Answers, site: Site) -> str:
    """The answer to the scenario of a fenced block; nothing where the block is wrong, which ends the build."""
    try:
        fence = parse_fence(block)
        described, report = answers.describe(fence.slug), answers.report(fence.slug, fence.inputs)
    except (FenceError, CalculatorError):
        return ""
    query = f"?{urlencode(fence.inputs)}" if fence.inputs else ""
    metrics = report["metrics"]
    keys = [metrics[one["id"]] for one in described["metrics"] if one["key"]]
    lines = [f"**{escaped(described['question'])}** {escaped(report['headline'])}", ""]
    for metric in keys:
        lines.append(f"- {escaped(metric['label'])}: {_with_range(metric['text'], metric['range_text'])}")
    changed = ", ".join(f"{name} = {value}" for name, value in fence.inputs.items())
    page = site.absolute(f"calculators/{fence.slug}/")
    data = site.absolute(f"api/v1/calculators/{fence.slug}.json")
    lines += [
        "",
        (
            f"Worked out by {linked(described['title'], page + query)} for "
            f"{escaped(changed) if changed else 'its default inputs'}. Other numbers: `{page}?name=value`; "
            f"the inputs with their units and limits: {data}. {escaped(described['disclaimer'])}"
        ),
    ]
    return "\n".join(lines)
