"""The ranking: the guide's table from the guide's figures, what is left out and why, and the memory of hardware fit."""

from __future__ import annotations

from typing import Any

import pytest

import catalog
from calculators.core.errors import InputError
from calculators.core.units import SCORE
from tests.calculators.helpers import bundle, evaluate, rows, values

SLUG = "hardware-ranking"
GUIDE = {"set": "guide", "model": "custom"}
ALL = {"hardware_class": "any"}
GIB = 1.073741824


def ranking(**inputs: Any) -> list[dict[str, Any]]:
    return rows(evaluate(SLUG, ("ranking",), **inputs), "ranking")


def parts(**inputs: Any) -> dict[str, dict[str, Any]]:
    return {row["device"]: row for row in rows(evaluate(SLUG, ("parts",), **inputs), "parts")}


def chart(**inputs: Any) -> dict[str, Any]:
    found: dict[str, Any] = evaluate(SLUG, (), **inputs)["charts"][0]
    return found


def labels(kind: str) -> dict[str, str]:
    return dict(bundle(SLUG)["subjects"][kind])


# ---- the guide's table


def test_the_guides_scores_follow_from_its_figures() -> None:
    """All four scores of all platforms, to the two decimals that the guide prints."""
    found = parts(**GUIDE)
    facts = catalog.load()
    compared = 0
    for slug, label in labels("guide_platforms").items():
        for published, ours in (
            ("capacity_score", "capacity_score"),
            ("bandwidth_score", "bandwidth_score"),
            ("performance_score", "score"),
            ("cost_score", "cost_score"),
        ):
            stated = facts.value(f"guide_platforms/{slug}/{published}").number
            assert SCORE.text(found[label][ours]) == SCORE.text(stated), (label, published)
            compared += 1
    assert compared == 17 * 4


def test_the_guides_figures_are_the_guides() -> None:
    """Some of its table, typed in a second time."""
    found = parts(**GUIDE)
    assert len(found) == 17
    for label, memory_gb, bandwidth_gbs, price_usd, score in (
        ("RTX PRO 6000", 96, 1792, 8500, "0.91"),
        ("MacBook Pro M5 Max 128GB", 128, 546, 5100, "0.53"),
        ("Mac mini M4 Pro 64GB", 64, 273, 1400, "0.25"),
        ("TT Wormhole n300", 24, 576, 1400, "0.24"),
        ("Milk-V Jupiter 2 (8GB)", 8, 51, 300, "0.00"),
    ):
        row = found[label]
        assert (row["memory_gb"], row["bandwidth_gbs"], row["price_usd"]) == (memory_gb, bandwidth_gbs, price_usd)
        assert SCORE.text(row["score"]) == score


def test_where_the_guides_figures_differ_from_the_catalogs() -> None:
    """What the page says about it."""
    table = rows(evaluate(SLUG, ("guide",)), "guide")
    assert len(table) == 17
    assert all(row["guide_memory_gb"] == row["catalog_memory_gb"] for row in table)
    differing = [row["platform"] for row in table if row["guide_bandwidth_gbs"] != row["catalog_bandwidth_gbs"]]
    assert differing == ["MacBook Pro M5 Max 128GB"]
    changed = {row["platform"] for row in table if row["guide_price_usd"] != row["catalog_price_usd"]}
    assert {"DGX Spark", "RTX 5090"} < changed


# ---- the scale and the order


def test_scores_by_hand() -> None:
    found = parts(**GUIDE, capacity_weight_pct=50)["RTX 4090"]
    capacity, bandwidth = (24 - 8) / (128 - 8), (1008 - 51) / (1792 - 51)
    assert found["capacity_score"] == pytest.approx(capacity, abs=1e-12)
    assert found["bandwidth_score"] == pytest.approx(bandwidth, abs=1e-12)
    assert found["score"] == pytest.approx((capacity + bandwidth) / 2, abs=1e-12)


@pytest.mark.parametrize(
    ("rank_by", "key"),
    [
        ("score", lambda row: -row["score"]),
        ("value", lambda row: row["usd_per_point"] or 1e9),
        ("price", lambda row: row["price_usd"]),
    ],
)
def test_order(rank_by: str, key: Any) -> None:
    ranked = [row for row in ranking(**ALL, rank_by=rank_by) if row["rank"]]
    assert len(ranked) > 10
    assert [row["rank"] for row in ranked] == list(range(1, len(ranked) + 1))
    assert [key(row) for row in ranked] == sorted(key(row) for row in ranked)


def test_filters_do_not_move_the_scores() -> None:
    everything = {row["device"]: row["score"] for row in ranking(**ALL, model="custom")}
    filtered = {row["device"]: row["score"] for row in ranking(**ALL, budget_usd=1500, rank_by="price")}
    assert filtered == everything
    assert len(filtered) >= 79


def test_a_class_is_its_own_scale() -> None:
    found = [row for row in parts(hardware_class="apple", model="custom").values() if row["score"] is not None]
    assert len(found) >= 5
    for name in ("capacity_score", "bandwidth_score"):
        assert min(row[name] for row in found) == 0
        assert max(row[name] for row in found) == 1


def test_devices_that_are_alike_have_the_full_score() -> None:
    report = evaluate(SLUG, (), hardware_class="nvidia-unified", model="custom")
    assert values(report)["devices_compared"] == 1
    assert values(report)["best_score"] == 1
    assert report["charts"] == [], "one price makes no axis"
    assert not any("The scale" in note["text"] for note in report["notes"])


def test_a_class_without_prices_is_answered() -> None:
    report = evaluate(SLUG, None, hardware_class="cpu")
    assert report["verdict"] == "none"
    assert report["headline"] == "Nobody states a price for a device of this class."
    assert values(report)["devices_ranked"] == values(report)["devices_compared"] == 0
    assert values(report)["best_score"] is None
    assert report["charts"] == []


# ---- what is left out


def test_every_device_is_listed_and_says_why_it_is_not_ranked() -> None:
    listed = ranking(**ALL, budget_usd=5000)
    assert sorted(row["device"] for row in listed) == sorted(labels("hardware").values())
    for row in listed:
        assert bool(row["out"]) == (row["rank"] is None), row
    reasons = {row["out"] for row in listed}
    assert reasons == {"", "no price with a source", "does not fit", "over the budget"}
    for row in listed:
        assert (row["price_usd"] is None) == (row["out"] == "no price with a source") == (row["score"] is None)
        if row["out"] == "over the budget":
            assert row["price_usd"] > 5000
        if not row["out"]:
            assert row["price_usd"] <= 5000


def test_the_desk_has_no_accelerators() -> None:
    on_desk = {row["device"] for row in ranking()}
    everything = {row["device"] for row in ranking(**ALL)}
    away = {row["device"] for name in ("nvidia-datacenter", "amd-datacenter") for row in ranking(hardware_class=name)}
    assert len(away) > 10
    assert on_desk == everything - away


MODELS = sorted(labels("models"))


def test_memory_is_that_of_hardware_fit() -> None:
    """The same need and the same room, for each model and for each class of hardware."""
    assert len(MODELS) >= 40
    for slug in MODELS:
        need = values(evaluate(SLUG, (), model=slug, context_tokens=4000))["memory_needed_gb"]
        fit = evaluate("hardware-fit", ("memory",), hardware="dgx-spark", model=slug, context_tokens=4000)
        runtime_gb = bundle(SLUG)["facts"]["platforms/nvidia-unified/runtime_gb"]["value"]
        assert need == pytest.approx(values(fit)["memory_needed_gb"] - runtime_gb, rel=1e-12), slug


def test_what_fits_is_what_fits_in_hardware_fit() -> None:
    for model, context in (("llama-3-1-70b", 8192), ("gpt-oss-120b", 16_384), ("qwen3-32b", 32_768)):
        ranked = {row["device"]: row for row in ranking(**ALL, model=model, context_tokens=context)}
        looked_at = 0
        for slug, label in labels("hardware").items():
            fit = values(evaluate("hardware-fit", (), hardware=slug, model=model, context_tokens=context))
            row = ranked[label]
            if row["price_usd"] is not None:
                looked_at += 1
                assert (row["out"] != "does not fit") == bool(fit["fits"]), (model, label)
                if fit["fits"]:
                    assert row["ceiling_tps"] == pytest.approx(fit["bandwidth_ceiling_tps"], rel=1e-12)
                else:
                    assert row["ceiling_tps"] is None
        assert looked_at > 30


def test_memory_may_be_given() -> None:
    room_gb = 128 * GIB * 0.862 - 0.346
    for needed_gb, fits in ((room_gb - 0.01, True), (room_gb + 0.01, False)):
        row = next(r for r in ranking(needed_gb=needed_gb) if r["device"].startswith("NVIDIA DGX Spark"))
        assert (row["out"] == "") == fits
    # It counts in place of the model's, whose ceiling stays.
    report = evaluate(SLUG, (), needed_gb=10)
    assert values(report)["memory_needed_gb"] == 10
    assert values(report)["best_ceiling_tps"] is not None
    assert "hold 10 GB" in report["headline"]


def test_without_a_model_everything_with_a_price_is_ranked() -> None:
    found = values(evaluate(SLUG, (), model="custom"))
    assert found["devices_ranked"] == found["devices_compared"] > 25
    assert found["memory_needed_gb"] is found["best_ceiling_tps"] is None


def test_a_context_beyond_the_model() -> None:
    with pytest.raises(InputError, match="but the model was made for 4,096") as caught:
        evaluate(SLUG, (), model="llama-2-7b", context_tokens=8000)
    assert caught.value.field == "context_tokens"
    report = evaluate(SLUG, (), model="llama-2-7b")
    assert report["inputs"]["context_tokens"]["value"] == 4096


def test_nothing_left() -> None:
    report = evaluate(SLUG, (), budget_usd=100)
    assert report["verdict"] == "none"
    assert report["headline"].endswith("none hold Llama 3.1 70B at Q4_K_M and cost no more than $100.00.")
    assert values(report)["best_price_usd"] is values(report)["cheapest_price_usd"] is None
    assert {series["role"] for series in report["charts"][0]["series"]} == {"small", "dear"}


# ---- verdict, headline, sources


def test_verdict() -> None:
    assert evaluate(SLUG, (), **GUIDE)["verdict"] == "trade"
    only = evaluate(SLUG, (), **GUIDE, budget_usd=299)
    assert only["verdict"] == "leads"
    assert only["headline"].startswith("Of 17 devices with a price, 1 costs no more than $299.00; first by score is")


def test_sources_are_of_what_the_answer_names() -> None:
    report = evaluate(SLUG, ())
    cited = {source["fact"] for source in report["sources"]}
    first = next(slug for slug, label in labels("hardware").items() if f"is {label}," in report["headline"])
    assert {f"hardware/{first}/{name}" for name in ("memory_gb", "bandwidth_gbs", "price_usd")} < cited
    assert "models/llama-3-1-70b/params_b" in cited
    devices = {fact.split("/")[1] for fact in cited if fact.startswith("hardware/")}
    assert len(devices) < 10, "the others have their sources in the catalog"


# ---- the chart


def test_chart_has_every_device_with_a_price_once() -> None:
    found = chart(budget_usd=3000)
    shown = {name: point for s in found["series"] for name, point in zip(s["names"], s["points"], strict=True)}
    priced = {row["device"]: [row["price_usd"], row["score"]] for row in ranking() if row["price_usd"] is not None}
    assert shown == priced
    assert found["marks"] == [{"x": 3000, "label": "budget"}]
    roles = {series["role"]: series["names"] for series in found["series"]}
    by_reason = {"small": "does not fit", "dear": "over the budget"}
    for row in ranking(budget_usd=3000):
        for role, reason in by_reason.items():
            assert (row["device"] in roles[role]) == (row["out"] == reason)


def test_a_budget_beyond_the_prices_is_not_marked() -> None:
    assert chart(budget_usd=1_000_000)["marks"] == []


def test_numbers_are_ranks_and_do_not_lie_on_each_other() -> None:
    looked_at = 0
    for inputs in ({}, GUIDE, ALL, {"rank_by": "value"}, {"budget_usd": 3000}, {"model": "custom"}):
        found = chart(**inputs)
        ranks = {row["device"]: row["rank"] for row in ranking(**inputs)}
        best = next(series for series in found["series"] if series["role"] == "best")
        assert best["numbers"][0] == "1"
        assert [int(number) for number in best["numbers"]] == [ranks[name] for name in best["names"]]
        prices = [x for series in found["series"] for x, _ in series["points"]]
        highest = max(y for series in found["series"] for _, y in series["points"])
        near_ratio = (max(prices) / min(prices)) ** (1 / 16)
        for k, (x, y) in enumerate(best["points"]):
            for other_x, other_y in best["points"][:k]:
                looked_at += 1
                apart = max(x, other_x) / min(x, other_x) >= near_ratio * (1 - 1e-12)
                assert apart or abs(y - other_y) >= highest / 12
    assert looked_at > 30
