"""Rents, prices of tokens, markets and building costs: how many there are, and that they are what they say."""

import pytest

from catalog import load
from catalog.model import Catalog, Subject, Value

INDEXES = {"market"}
"""Under `provider` for what no one provider asks."""


@pytest.fixture(scope="module")
def facts() -> Catalog:
    return load()


def of_kind(facts: Catalog, kind: str) -> list[Subject]:
    return [subject for subject in facts.subjects.values() if subject.kind == kind]


def prices(facts: Catalog) -> list[Value]:
    """Everything that is written as a series."""
    return [value for value in facts.values() if value.series]


def test_there_are_enough_rents_and_each_names_a_device(facts: Catalog) -> None:
    rentals = of_kind(facts, "rentals")
    assert len(rentals) >= 25
    for rental in rentals:
        assert f"hardware/{rental.values['hardware'].value}" in facts.subjects, rental.id
        assert rental.values["usd_per_gpu_hour"].series, rental.id
        assert {"provider", "commitment"} <= set(rental.values), rental.id


def test_rents_are_of_several_providers_devices_and_commitments(facts: Catalog) -> None:
    rentals = of_kind(facts, "rentals")
    named = {name: {rental.values[name].value for rental in rentals} for name in ("provider", "hardware", "commitment")}
    assert len(named["provider"] - INDEXES) >= 10
    assert len(named["hardware"]) >= 10
    assert {"on-demand", "spot", "reserved"} <= named["commitment"]


def test_many_rents_were_seen_more_than_once(facts: Catalog) -> None:
    seen = [len(rental.values["usd_per_gpu_hour"].series) for rental in of_kind(facts, "rentals")]
    assert sum(count >= 2 for count in seen) >= 25
    assert max(seen) >= 5


def test_a_slug_says_the_provider_and_the_device(facts: Catalog) -> None:
    told = [rental for rental in of_kind(facts, "rentals") if rental.values["provider"].value not in INDEXES]
    assert len(told) >= 25
    for rental in told:
        commitment = rental.values["commitment"].value
        tail = "" if commitment == "on-demand" else f"-{commitment}"
        assert rental.slug == f"{rental.values['provider'].value}-{rental.values['hardware'].value}{tail}"


def test_the_same_device_costs_less_when_it_may_be_taken_away(facts: Catalog) -> None:
    compared = 0
    for rental in of_kind(facts, "rentals"):
        regular = facts.subjects.get(rental.id.removesuffix("-spot"))
        if rental.values["commitment"].value == "spot" and regular is not None:
            compared += 1
            assert rental.values["usd_per_gpu_hour"].number < regular.values["usd_per_gpu_hour"].number, rental.id
    assert compared >= 3


def test_there_are_enough_prices_of_tokens(facts: Catalog) -> None:
    offers = of_kind(facts, "api_prices")
    assert len(offers) >= 15
    for offer in offers:
        read, written = (offer.values[f"{name}_usd_per_million_tokens"] for name in ("input", "output"))
        assert read.series and written.series, offer.id
        assert 0.01 <= read.number <= written.number <= 200, offer.id
        if "cached_input_usd_per_million_tokens" in offer.values:
            assert 0 < offer.values["cached_input_usd_per_million_tokens"].number < read.number, offer.id


def test_enough_prices_were_observed_more_than_once(facts: Catalog) -> None:
    def again(kind: str, name: str) -> int:
        return sum(len({claim.as_of for claim in one.values[name].series}) >= 2 for one in of_kind(facts, kind))

    assert again("rentals", "usd_per_gpu_hour") >= 25
    assert again("api_prices", "input_usd_per_million_tokens") >= 15
    assert again("api_prices", "output_usd_per_million_tokens") >= 15


def test_some_offers_name_a_model_of_the_catalog(facts: Catalog) -> None:
    named = [offer.values["model"].value for offer in of_kind(facts, "api_prices") if "model" in offer.values]
    assert len(named) >= 3
    for slug in named:
        assert f"models/{slug}" in facts.subjects


def test_there_are_ten_markets_that_are_places(facts: Catalog) -> None:
    places = [market for market in of_kind(facts, "colo") if not market.slug.startswith("us-")]
    assert len(places) >= 10


def test_series_go_forward_in_time(facts: Catalog) -> None:
    series = prices(facts)
    assert len(series) >= 100
    for value in series:
        days = [claim.as_of for claim in value.series]
        assert days == sorted(set(days)), value.ref


def test_no_price_is_left_that_only_its_date_chooses(facts: Catalog) -> None:
    chosen = [value for value in facts.values() if value.choice is not None and value.choice.rule == "latest"]
    assert {value.ref.split("/")[0] for value in chosen} <= {"interconnects", "platforms"}


def test_the_cost_of_a_place_follows_from_that_of_a_megawatt(facts: Catalog) -> None:
    megawatt = facts.value("facilities/construction/ai_usd_per_mw").number
    pue = facts.value("facilities/pue/pue_low").number
    for name, system in (
        ("h100_whole_slot_usd", "nvidia-dgx-h100"),
        ("b200_whole_slot_usd", "nvidia-dgx-b200"),
        ("gb300_whole_slot_usd", "nvidia-gb300-nvl72"),
    ):
        kw, gpus = (facts.value(f"systems/{system}/{part}").number for part in ("server_kw", "gpus_per_server"))
        assert facts.value(f"facilities/gpu-slots/{name}").number == round(megawatt * pue * kw / gpus / 1000)


def test_costs_of_building_rise_from_year_to_year(facts: Catalog) -> None:
    series = facts.value("facilities/construction/ai_usd_per_mw").series
    assert [claim.number for claim in series] == [10e6, 14e6, 20e6, 28e6]
    assert [claim.as_of[:4] for claim in series] == ["2023", "2024", "2025", "2026"]


def test_steps_of_conversion_multiply_to_the_whole_path(facts: Catalog) -> None:
    def of(name: str) -> float:
        return facts.value(f"facilities/power-delivery/{name}").number

    for end, steps in (("low", of("conversion_steps_high")), ("high", of("conversion_steps_low"))):
        whole = 100 * (of(f"conversion_step_{end}_pct") / 100) ** steps
        assert of(f"ac_steps_{end}_pct") == pytest.approx(whole, abs=0.05)
