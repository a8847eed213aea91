"""Claims of others, held against the calculators, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hooks.api.addresses import Site
from hooks.api.shapes import Plain
from hooks.claims import CheckedClaim


def checked_claim(site: Site, checked: CheckedClaim) -> Plain:
    """A claim with the figure that it was held against, and what came of it."""
    claim, figure, source = checked.claim, checked.figure, checked.source
    return {
        "id": claim.id,
        "says": claim.says,
        "source": {
            "source": source.id,
            "title": source.title,
            "producer": source.producer,
            "url": source.url,
            "locator": claim.locator,
            "quote": None,
        },
        "calculator": claim.calculator,
        "inputs": _as_text(claim.inputs),
        "compared_with": _as_text(claim.compared_with),
        "metric": claim.metric,
        "metric_label": checked.metric_label,
        "unit": checked.unit or None,
        "claimed_low": claim.low,
        "claimed_high": claim.high,
        "claimed_text": checked.claimed_text,
        "tolerance_pct": claim.tolerance_pct,
        "figure": {
            "value": figure.value,
            "low": figure.low,
            "high": figure.high,
            "text": figure.text or None,
            "range_text": figure.range_text or None,
        },
        "ceiling_text": checked.ceiling_text or None,
        "verdict": checked.judgement.verdict,
        "verdict_text": checked.judgement.text,
        "note": claim.note or None,
        "address": site.absolute(checked.address),
        "scenario": site.absolute(checked.scenario),
    }


def _as_text(inputs: Mapping[str, Any]) -> dict[str, str | None]:
    """Inputs as they stand in an address; null for one that is left blank."""
    return {name: None if value is None else str(value) for name, value in inputs.items()}
