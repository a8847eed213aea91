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
    assert len(facts.subjects) == len(kinds) >= 40
    assert len(facts.sources) == len(list((ROOT / "sources").glob("*.yml"))) >= 90
    assert len(list(facts.values())) >= 180


def test_every_value_leads_to_a_publication(facts: Catalog) -> None:
    looked = 0
    for value in facts.values():
        looked += 1
        citations = facts.sources_of(value)
        assert citations, value.ref
        assert all(facts.source(citation.source).url.startswith("http") for citation in citations)
        assert is_date(value.as_of)
    assert looked >= 180


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
        facts.value(f"finance/us-stocks/annual_return_{name}_pct").number for name in ("low", "typical", "high")
    )
    assert 0 < low < typical < high < 20


def test_every_market_has_a_range_of_rents_and_a_rise(facts: Catalog) -> None:
    markets = [subject for subject in facts.subjects.values() if subject.kind == "colo"]
    assert len(markets) >= 12
    for market in markets:
        low, typical, high = (
            market.values[f"rent_{name}_usd_per_kw_month"].number for name in ("low", "typical", "high")
        )
        assert low < typical < high, market.id
        assert 0 <= market.values["escalation_pct"].number < 10, market.id
    without_electricity = [market.slug for market in markets if "electricity_usd_per_kwh" not in market.values]
    assert without_electricity == ["frankfurt", "singapore"]


def test_rents_that_were_worked_out_follow_their_formulas(facts: Catalog) -> None:
    averages = facts.subject("colo/us-primary-markets").values
    now = averages["rent_typical_usd_per_kw_month"].number
    assert (now, averages["average_2024_usd_per_kw_month"].number) == (195.94, 184.06)
    assert 100 * (now / 184.06 - 1) == pytest.approx(6.5, abs=0.1)  # the rise that both sources state
    middles, brought_forward = 0, 0
    for value in facts.values():
        inputs = [facts.value(ref).number for ref in value.chosen.derived_from]
        if value.chosen.formula.startswith("the middle between"):
            middles += 1
            assert value.number == sum(inputs) / 2, value.ref
        elif "times CBRE's average" in value.chosen.formula:
            brought_forward += 1
            then, average = inputs
            assert average == now
            assert value.value == round(value.series[0].number * now / then), value.ref
    assert (middles >= 15, brought_forward) == (True, 9)


def test_every_system_has_power_and_gpus(facts: Catalog) -> None:
    systems = [subject for subject in facts.subjects.values() if subject.kind == "systems"]
    assert len(systems) >= 18
    for system in systems:
        kw, gpus = system.values["server_kw"].number, system.values["gpus_per_server"].number
        assert gpus >= 1 and gpus == int(gpus), system.id
        assert 0.1 <= kw / gpus <= 3.5, system.id  # from a desktop chip to a GPU in a rack of 2026
        if "gpu_w" in system.values:
            assert kw > gpus * system.values["gpu_w"].number / 1000, system.id


def test_power_that_was_worked_out_from_another_system(facts: Catalog) -> None:
    def of(system: str, name: str) -> float:
        return facts.value(f"systems/{system}/{name}").number

    for system in ("amd-mi325x-8", "amd-mi350x-8", "amd-mi355x-8"):
        more = 8 * (of(system, "gpu_w") - of("dell-xe9680-mi300x", "gpu_w")) / 1000
        assert of(system, "server_kw") == pytest.approx(of("dell-xe9680-mi300x", "server_kw") + more)
    bare = of("supermicro-l40s-8", "server_kw") - 8 * of("supermicro-l40s-8", "gpu_w") / 1000
    for system in ("nvidia-l40s-4", "nvidia-rtx-pro-6000-4"):
        assert of(system, "server_kw") == pytest.approx(bare + 4 * of(system, "gpu_w") / 1000)


@pytest.mark.parametrize(
    ("name", "system", "value"), [("h100", "dgx-h100", 654), ("b200", "dgx-b200", 466), ("b300", "gb300-nvl72", 423)]
)
def test_gpus_in_a_megawatt(facts: Catalog, name: str, system: str, value: int) -> None:
    kw = facts.value(f"systems/nvidia-{system}/server_kw").number
    gpus = facts.value(f"systems/nvidia-{system}/gpus_per_server").number
    pue = facts.value("facilities/pue/pue_low").number
    assert facts.value(f"facilities/gpu-slots/{name}_slots_per_mw").number == value == round(1000 / pue / kw * gpus)


def test_ways_of_cooling_carry_more_and_more(facts: Catalog) -> None:
    names = ("air_perimeter", "air", "rear_door", "direct_to_chip", "immersion")
    limits = [facts.value(f"facilities/rack-cooling/{name}_max_kw").number for name in names]
    assert limits == sorted(limits)
    assert facts.value("facilities/rack-cooling/coolant_lpm_per_kw").number == 1.2


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
        "subjects": {},
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
