"""The real catalog: in order, completely read, and with the facts that the calculators name."""

from pathlib import Path

import pytest

import catalog
from catalog import Catalog, UnknownReferenceError, facts_bundle, load, vocabulary
from catalog.loader import is_date

ROOT = Path(catalog.__file__).parent


@pytest.fixture(scope="module")
def facts() -> Catalog:
    return load()


def test_every_file_is_read(facts: Catalog) -> None:
    kinds = [file for kind in vocabulary.kinds() for file in (ROOT / kind).glob("*.yml")]
    assert len(facts.subjects) == len(kinds) >= 3
    assert len(facts.sources) == len(list((ROOT / "sources").glob("*.yml"))) >= 12
    assert len(list(facts.values())) >= 11


def test_every_value_leads_to_a_publication(facts: Catalog) -> None:
    looked = 0
    for value in facts.values():
        looked += 1
        citations = facts.sources_of(value)
        assert citations, value.ref
        assert all(facts.source(citation.source).url.startswith("http") for citation in citations)
        assert is_date(value.as_of)
    assert looked >= 11


@pytest.mark.parametrize(
    ("name", "value", "unit"),
    [
        ("us-federal-income-tax/standard_deduction_single_usd", 16100, "USD"),
        ("us-federal-income-tax/standard_deduction_head_of_household_usd", 24150, "USD"),
        ("us-federal-income-tax/standard_deduction_joint_usd", 32200, "USD"),
        ("us-federal-income-tax/long_term_capital_gains_rate_pct", 15, "%"),
        ("us-federal-income-tax/marginal_rate_pct", 22, "%"),
    ],
)
def test_tax_year_2026(facts: Catalog, name: str, value: float, unit: str) -> None:
    fact = facts.value(f"finance/{name}")
    assert (fact.value, fact.unit, fact.as_of) == (value, unit, "2026-01-01")


def test_the_returns_are_a_range(facts: Catalog) -> None:
    low, typical, high = (
        facts.value(f"finance/us-stocks/annual_return_{name}_pct").value for name in ("low", "typical", "high")
    )
    assert 0 < low < typical < high < 20


def test_unknown_references_are_answered_with_a_near_one(facts: Catalog) -> None:
    with pytest.raises(UnknownReferenceError) as caught:
        facts.value("finance/us-federal-income-tax/standard_deduction_jont_usd")
    assert str(caught.value) == (
        'unknown fact "finance/us-federal-income-tax/standard_deduction_jont_usd"; '
        'did you mean "finance/us-federal-income-tax/standard_deduction_joint_usd"?'
    )
    for reference in ("", "/", "finance", "finance/us-stocks", "a/b/c/d", "finance/us-stocks/"):
        with pytest.raises(UnknownReferenceError, match="unknown fact"):
            facts.value(reference)
    with pytest.raises(UnknownReferenceError, match='unknown source "irs"'):
        facts.source("irs")
    with pytest.raises(UnknownReferenceError, match='did you mean "finance/us-stocks"'):
        facts.subject("finance/us-stock")


def test_the_bundle_of_a_real_fact(facts: Catalog) -> None:
    ref = "finance/us-mortgage-rates/fixed_30_year_rate_pct"
    assert facts_bundle(facts, [ref]) == {
        "facts": {
            ref: {
                "label": "Average rate of a 30-year fixed-rate mortgage",
                "value": 5.98,
                "unit": "%",
                "as_of": "2026-02-26",
                "method": "reported",
                "sources": [{"source": "freddie-mac-pmms-2026-02-26", "locator": "third paragraph"}],
            }
        },
        "sources": {
            "freddie-mac-pmms-2026-02-26": {
                "title": "Mortgage Rates Drop Below 6% for the First Time in 3.5 Years",
                "producer": "Freddie Mac",
                "url": "https://www.globenewswire.com/news-release/2026/02/26/3245903/0/en/"
                "Mortgage-Rates-Drop-Below-6-for-the-First-Time-in-3-5-Years.html",
                "published": "2026-02-26",
            }
        },
    }
