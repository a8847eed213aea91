"""colo-power against sums done by hand."""

from __future__ import annotations

import math
from typing import Any

import pytest

from calculators.core.errors import InputError
from tests.calculators.helpers import bundle, evaluate, rows, values

SLUG = "colo-power"
PLAIN: dict[str, Any] = {
    "system": "custom",
    "market": "custom",
    "servers": 1,
    "network_kw": 0,
    "utilization_pct": 100,
    "pue": 1,
    "delivery_efficiency_pct": 100,
    "rack_limit_kw": 10_000,
    "escalation_pct": 0,
    "years": 1,
}
CLOSE = 1e-9


def plain(**changed: Any) -> dict[str, Any]:
    return values(evaluate(SLUG, **{**PLAIN, **changed}))


def close(actual: float, expected: float) -> bool:
    return math.isclose(actual, expected, rel_tol=CLOSE)


def test_a_megawatt_for_a_year() -> None:
    """1,000 kW x 8,760 h x $0.065; and the same at PUE 1.2."""
    metered: dict[str, Any] = {"server_kw": 1000, "tariff": "metered", "usd_per_kwh": 0.065}
    assert close(plain(**metered)["annual_usd"], 569_400)
    assert close(plain(**metered, pue=1.2)["annual_usd"], 683_280)
    assert close(plain(**metered)["energy_kwh_year"], 8_760_000)
    assert close(plain(**metered, utilization_pct=50)["annual_usd"], 284_700)


@pytest.mark.parametrize(("rent", "annual"), [(130, 68_640), (225, 118_800)])
def test_committed_kw(rent: float, annual: float) -> None:
    """44 kW x $ per kW-month x 12."""
    found = plain(server_kw=11, servers=4, tariff="committed", usd_per_kw_month=rent)
    assert close(found["annual_usd"], annual)
    assert close(found["monthly_usd"], annual / 12)
    assert found["committed_kw"] == 44


def test_both_add_up_and_grow() -> None:
    """10 kW: rent 10 x 100 x 12 = 12,000; energy 10 x 8,760 x 0.1 = 8,760; extras (2 x 250 + 3 x 200) x 12 = 13,200."""
    found = plain(
        server_kw=10,
        tariff="both",
        usd_per_kw_month=100,
        usd_per_kwh=0.1,
        cross_connects=2,
        cross_connect_usd_month=250,
        remote_hands_hours_month=3,
        remote_hands_usd_hour=200,
        escalation_pct=10,
        years=3,
        setup_usd=5_000,
    )
    assert close(found["annual_usd"], 33_960)
    assert close(found["power_usd_year"], 20_760)
    assert close(found["last_year_usd"], 33_960 * 1.21)
    assert close(found["total_usd"], 33_960 * 3.31 + 5_000)


def test_delivery_loss() -> None:
    """10 kW behind 80 %: 12.5 kW drawn, 2.5 lost, a fifth of the power bill."""
    found = plain(server_kw=10, delivery_efficiency_pct=80, pue=1.5, tariff="committed", usd_per_kw_month=100)
    assert close(found["committed_kw"], 12.5)
    assert close(found["delivery_loss_kw"], 2.5)
    assert close(found["facility_kw"], 18.75)
    assert close(found["annual_usd"], 15_000)
    assert close(found["delivery_loss_usd_year"], 3_000)
    assert close(found["servers_per_mw"], 1000 * 0.8 / (1.5 * 10))


def test_heat_and_cooling() -> None:
    found = plain(server_kw=15)
    assert round(found["heat_btu_per_hour"]) == 51_182
    assert round(found["cooling_tons"], 2) == 4.27
    assert close(found["airflow_cfm"], 15 * 3412.142 / 21.6)
    assert close(plain(server_kw=85)["coolant_lpm"], 102)


@pytest.mark.parametrize(
    ("servers", "server_kw", "limit_kw", "racks"),
    [(4, 10.2, 40, 2), (4, 10.2, 40.8, 1), (1, 10, 10, 1), (9, 10, 20, 5), (3, 0.1, 0.3, 1), (1000, 7, 50, 143)],
)
def test_servers_do_not_straddle_racks(servers: int, server_kw: float, limit_kw: float, racks: int) -> None:
    assert plain(servers=servers, server_kw=server_kw, rack_limit_kw=limit_kw)["racks"] == racks


def test_gpu_hours() -> None:
    """$8,760 a year for 2 x 4 GPUs at half use: 35,040 hours, 25 cents each."""
    found = plain(
        servers=2, server_kw=5, gpus_per_server=4, utilization_pct=50, tariff="committed", usd_per_kw_month=73
    )
    assert close(found["gpu_hour_usd"], 0.25)
    assert plain(gpus_per_server=0)["gpu_hour_usd"] is None


def test_bill_by_part_adds_up_to_the_totals() -> None:
    report = evaluate(SLUG, tables=None, tariff="both", cross_connects=3, setup_usd=1_000, years=7)
    table = rows(report, "by_year")
    found = values(report)
    assert len(table) == 7
    for row in table:
        parts = [row[name] for name in row if name not in ("year", "total_usd")]
        assert close(math.fsum(parts), row["total_usd"])
    assert close(math.fsum(row["total_usd"] for row in table), found["total_usd"])
    assert close(table[0]["total_usd"] - 1_000, found["annual_usd"])
    assert close(table[-1]["total_usd"], found["last_year_usd"])


def test_chart_shows_what_the_table_says() -> None:
    report = evaluate(SLUG, tables=None, tariff="both", cross_connects=3, setup_usd=1_000, years=7)
    chart, table = report["charts"][0], rows(report, "by_year")
    assert chart["kind"] == "bars"
    drawn = {series["id"]: [y for _, y in series["points"]] for series in chart["series"]}
    # Remote hands cost nothing here: no part of the picture.
    assert list(drawn) == ["rent_usd", "energy_usd", "cross_connects_usd", "setup_usd", "total_usd"]
    for id, ys in drawn.items():
        assert ys == [row[id] for row in table], id
    assert chart["description"].startswith(f"The first year costs {chart['series'][-1]['text'][0]}, year 7 ")


def test_every_market_and_system_fills_and_is_answered() -> None:
    subjects = bundle(SLUG)["subjects"]
    facts = bundle(SLUG)["facts"]
    assert len(subjects["colo"]) >= 6
    assert len(subjects["systems"]) >= 12
    for slug, label in subjects["colo"]:
        report = evaluate(SLUG, market=slug, tariff="both")
        rent = facts[f"colo/{slug}/rent_typical_usd_per_kw_month"]["value"]
        assert report["inputs"]["market"]["text"] == label
        assert report["inputs"]["usd_per_kw_month"]["value"] == rent
        assert report["inputs"]["usd_per_kw_month"]["fact"] == f"colo/{slug}/rent_typical_usd_per_kw_month"
        assert any(source["fact"].startswith(f"colo/{slug}/") for source in report["sources"])
    for slug, _label in subjects["systems"]:
        report = evaluate(SLUG, system=slug)
        assert report["inputs"]["server_kw"]["value"] == facts[f"systems/{slug}/server_kw"]["value"]
        assert values(report)["racks"] >= 1


def test_what_is_given_wins_over_what_is_filled() -> None:
    report = evaluate(SLUG, system="custom", server_kw=3, market="custom", usd_per_kw_month=100)
    assert report["inputs"]["server_kw"]["value"] == 3
    filled = evaluate(SLUG)
    over = evaluate(SLUG, usd_per_kw_month="99")
    assert filled["inputs"]["usd_per_kw_month"]["origin"] == "fact"
    assert over["inputs"]["usd_per_kw_month"]["origin"] == "user"
    assert over["inputs"]["usd_per_kwh"] == filled["inputs"]["usd_per_kwh"]


def test_the_market_carries_its_range_through() -> None:
    report = evaluate(SLUG, tariff="committed")
    annual = report["metrics"]["annual_usd"]
    assert annual["low"] < annual["value"] < annual["high"]
    low, high = (report["inputs"][f"{end}_usd_per_kw_month"]["value"] for end in ("low", "high"))
    assert close(annual["low"] / annual["value"], low / report["inputs"]["usd_per_kw_month"]["value"])
    assert close(annual["high"] / annual["value"], high / report["inputs"]["usd_per_kw_month"]["value"])
    assert evaluate(SLUG, tariff="committed", usd_per_kw_month=5)["metrics"]["annual_usd"]["low"] is None


def test_bands_of_cooling_are_named() -> None:
    bands = [evaluate(SLUG, **{**PLAIN, "server_kw": kw})["verdict"] for kw in (1, 30, 100, 2_000)]
    assert bands[0] == "air"
    assert bands[-1] == "beyond"
    assert len(set(bands)) >= 3


@pytest.mark.parametrize(
    ("given", "field", "problem"),
    [
        ({"pue": 0.9}, "pue", "out of range"),
        ({"servers": 10**9}, "servers", "out of range"),
        ({"servers": 0}, "servers", "out of range"),
        ({"server_kw": 0}, "server_kw", "out of range"),
        ({"delivery_efficiency_pct": 101}, "delivery_efficiency_pct", "out of range"),
        ({"utilization_pct": 0}, "utilization_pct", "out of range"),
        ({"rack_limit_kw": 5, "server_kw": 10}, "rack_limit_kw", "less than one server"),
        ({"market": "northen-virginia"}, "market", 'did you mean "northern-virginia"?'),
        ({"system": "dgx-h100"}, "system", "did you mean"),
        ({"tariff": "flat"}, "tariff", "there are: committed, metered, both"),
        ({"usd_per_kw_month": 100, "low_usd_per_kw_month": 120}, "low_usd_per_kw_month", "must hold rent"),
        ({"usd_per_kw_month": 100, "high_usd_per_kw_month": 90}, "high_usd_per_kw_month", "must hold rent"),
    ],
)
def test_bad_input_is_named(given: dict[str, Any], field: str, problem: str) -> None:
    with pytest.raises(InputError) as caught:
        evaluate(SLUG, **given)
    assert caught.value.code == "INVALID_INPUT"
    assert caught.value.field == field
    assert problem in caught.value.message


def test_a_system_above_the_usual_rack_limit_is_answered_with_a_note() -> None:
    report = evaluate(SLUG, **{**PLAIN, "rack_limit_kw": 40, "server_kw": 39})
    assert not any("usual limit" in note["text"] for note in report["notes"])
    unlimited = {name: value for name, value in PLAIN.items() if name != "rack_limit_kw"}
    report = evaluate(SLUG, **{**unlimited, "server_kw": 120})
    assert values(report)["racks"] == 1
    assert any("usual limit of 40 kW a rack is below one server" in note["text"] for note in report["notes"])
