"""What holds for every calculator, without a line about any of them."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from fnmatch import fnmatch
from typing import Any

import pytest

from calculators import registry
from calculators.core import run as door
from calculators.core.errors import InputError
from calculators.core.facts import Facts
from calculators.core.fields import Field
from tests.calculators.helpers import bundle, evaluate
from tests.scenarios import scenarios

SLUGS = registry.SLUGS


def describe(slug: str) -> dict[str, Any]:
    return door.describe(registry.load(slug), bundle(slug))


def fields_of(slug: str) -> list[Field]:
    """A calculator's inputs, with the choices that the catalog offers."""
    return [field.resolve(Facts(bundle(slug))) for field in registry.load(slug).fields]


def try_evaluate(slug: str, scenario: dict[str, Any]) -> dict[str, Any] | None:
    try:
        return evaluate(slug, **scenario)
    except InputError:
        return None


def test_there_are_calculators() -> None:
    assert len(SLUGS) >= 1


@pytest.mark.parametrize("slug", SLUGS)
def test_description_is_plain_json_and_complete(slug: str) -> None:
    described = json.loads(json.dumps(describe(slug), allow_nan=False))
    assert described["slug"] == slug
    assert described["question"].endswith("?")
    assert described["inputs"]
    assert described["metrics"]
    assert described["verdicts"]
    for field in described["inputs"]:
        assert field["label"], field
        assert field["help"].endswith("."), field
        assert field["group"], field
        if field["kind"] == "number":
            assert field["min"] <= field["typical"][0] <= field["typical"][1] <= field["max"], field


@pytest.mark.parametrize("slug", SLUGS)
def test_names_carry_their_unit(slug: str) -> None:
    calculator = registry.load(slug)
    named = [(field.name, field.unit) for field in calculator.fields]
    named += [(metric.id, metric.unit) for metric in calculator.metrics]
    carrying = [(name, unit) for name, unit in named if unit.suffix]
    assert len(carrying) > len(named) / 2
    for name, unit in carrying:
        assert f"_{unit.suffix.strip('_')}_" in f"_{name}_", f"{name} is in {unit.symbol}"


@pytest.mark.parametrize("slug", SLUGS)
def test_empty_scenario_is_answered(slug: str) -> None:
    report = evaluate(slug, tables=None)
    again = json.loads(json.dumps(report, allow_nan=False))
    assert again == json.loads(json.dumps(evaluate(slug, tables=None)))
    described = describe(slug)
    assert list(again["metrics"]) == [metric["id"] for metric in described["metrics"]]
    assert list(again["inputs"]) == [field["name"] for field in described["inputs"]]
    assert again["verdict"] in [verdict["id"] for verdict in described["verdicts"]]
    assert again["headline"].endswith(".")
    assert len(again["sources"]) >= len({source["fact"] for source in again["sources"]}) > 0
    for metric in again["metrics"].values():
        assert metric["text"]
        if metric["low"] is not None:
            assert metric["low"] <= metric["value"] <= metric["high"]
    for table in again["tables"]:
        assert len(table["rows"]) == len(table["text"]) == table["row_count"] > 0
        for values, texts in zip(table["rows"], table["text"], strict=True):
            assert len(values) == len(texts) == len(table["columns"])
    for chart in again["charts"]:
        assert chart["description"].endswith(".")
        if chart["kind"] == "scatter":
            xs = scattered(chart)
        else:
            xs = [x for x, _ in chart["series"][0]["points"]]
            assert xs == sorted(set(xs))
            assert len(chart["x_text"]) == len(xs) > 1
            for series in chart["series"]:
                assert [x for x, _ in series["points"]] == xs
                assert len(series["text"]) == len(xs)
                assert all(series["text"])
        for mark in chart["marks"]:
            assert xs[0] <= mark["x"] <= xs[-1]
            assert 0 < len(mark["label"]) <= 24, "labels of marks have half of a phone's width"


def scattered(chart: dict[str, Any]) -> list[float]:
    """The x values of a scatter, ascending; each of its points has a name of its own and texts."""
    assert chart["point"]
    names = [name for series in chart["series"] for name in series["names"]]
    assert len(names) == len(set(names)) > 1
    for series in chart["series"]:
        count = len(series["points"])
        assert count > 0, "a sort without points would stand in the legend"
        assert [len(series[key]) for key in ("names", "numbers", "x_text", "text")] == [count] * 4
        assert all(series["names"]) and all(series["x_text"]) and all(series["text"])
        assert all(bool(number) == (series["role"] == "best") for number in series["numbers"])
        assert all(len(number) <= 1 for number in series["numbers"]), "a digit has room in a point"
    return sorted(x for series in chart["series"] for x, _ in series["points"])


@pytest.mark.parametrize("slug", SLUGS)
def test_tables_are_filled_only_when_asked_for(slug: str) -> None:
    tables = evaluate(slug, tables=())["tables"]
    assert tables
    assert all(table["rows"] is None and table["text"] is None for table in tables)
    some = evaluate(slug, tables=(tables[0]["id"],))["tables"]
    assert [table["rows"] is not None for table in some] == [True] + [False] * (len(tables) - 1)


@pytest.mark.parametrize("slug", SLUGS)
def test_raw_text_of_every_input_gives_the_same_report(slug: str) -> None:
    """What the form shows, typed in again, changes nothing but the origins."""
    answered = 0
    for scenario in scenarios(describe(slug), 20, seed=1):
        report = try_evaluate(slug, scenario)
        if report is None:
            continue
        answered += 1
        raw = {name: entry["raw"] for name, entry in report["inputs"].items()}
        again = evaluate(slug, **raw)
        assert again["metrics"] == report["metrics"]
        assert again["headline"] == report["headline"]
    assert answered >= 15


def bounds(slug: str) -> Iterator[tuple[str, Any, bool]]:
    """Values at, just inside and just outside of every bound."""
    for field in describe(slug)["inputs"]:
        if field["kind"] != "number":
            continue
        step = 1 if field["whole"] else max(abs(field["min"]), abs(field["max"])) * 1e-9
        for bound, outward in ((field["min"], -step), (field["max"], step)):
            yield field["name"], bound, True
            yield field["name"], bound - outward, True
            yield field["name"], bound + outward, False


@pytest.mark.parametrize("slug", SLUGS)
def test_every_bound_is_enforced(slug: str) -> None:
    fields = {field.name: field for field in fields_of(slug)}
    looked_at = 0
    for name, value, allowed in bounds(slug):
        looked_at += 1
        if allowed:
            assert fields[name].parse(value) == value
        else:
            with pytest.raises(InputError) as caught:
                fields[name].parse(value)
            assert caught.value.field == name
            assert "out of range" in caught.value.message
    assert looked_at >= 6


WRONG = [
    ("abc", "not a number"),
    ("6,5", "decimal sign is a point"),
    ("1e400", "out of range"),
    ("NaN", "not a number"),
    ("Infinity", "not a number"),
    ("1 2", "not a number"),
    ("٣", "not a number"),
    ("5" * 41, "not a number"),
    (math.nan, "out of range"),
    (math.inf, "out of range"),
    (-math.inf, "out of range"),
    (10**400, "out of range"),
    (True, "not a bool"),
    ([1], "not a list"),
    ({}, "not a dict"),
]


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize(("raw", "problem"), WRONG, ids=[str(raw)[:12] for raw, _ in WRONG])
def test_wrong_numbers_are_refused_with_what_is_allowed(slug: str, raw: Any, problem: str) -> None:
    numbers = [field for field in fields_of(slug) if field.kind == "number"]
    assert numbers
    for field in numbers:
        with pytest.raises(InputError) as caught:
            evaluate(slug, **{field.name: raw})
        assert caught.value.code == "INVALID_INPUT"
        assert caught.value.field == field.name
        assert problem in caught.value.message
        assert field.allowed() in caught.value.message


@pytest.mark.parametrize("slug", SLUGS)
def test_blank_is_refused_unless_the_input_may_be_blank(slug: str) -> None:
    refused = 0
    for field in fields_of(slug):
        for blank in ("", "  ", None):
            if field.blank:
                assert field.parse(blank) is None
                continue
            refused += 1
            with pytest.raises(InputError, match="is blank"):
                field.parse(blank)
    assert refused > 0


@pytest.mark.parametrize("slug", SLUGS)
def test_all_wrong_inputs_are_reported_together(slug: str) -> None:
    numbers = [field.name for field in fields_of(slug) if field.kind == "number"]
    wrong: dict[str, Any] = dict.fromkeys([*numbers, "no_such_input"], "?")
    with pytest.raises(InputError) as caught:
        evaluate(slug, **wrong)
    found = {problem["field"] for problem in caught.value.to_json()["all"]}  # type: ignore[attr-defined]
    assert found == {*numbers, "no_such_input"}


def perturbed(field: dict[str, Any], now: Any) -> list[Any]:
    """Other values of an input: near ones, and some far away, since steps can hide a small change."""
    if field["kind"] == "choice":
        return [option["value"] for option in field["options"] if option["value"] != now]
    low, high = field["typical"]
    others = [low, (low + high) / 2, high]
    if now is not None:
        others += [now * 1.02 + 1, now * 0.9, now / 3]
    if field["whole"]:
        others = [round(other) for other in others]
    return [other for other in others if field["min"] <= other <= field["max"] and other != now]


@pytest.mark.parametrize("slug", SLUGS)
def test_metrics_depend_on_what_they_say(slug: str) -> None:
    """Each input is changed in many scenarios: only the metrics that list it move, and each of them does."""
    described = describe(slug)
    declared = {(metric["id"], name) for metric in described["metrics"] for name in metric["uses"]}
    seen: set[tuple[str, str]] = set()
    for scenario in scenarios(described, 40, seed=2):
        base = try_evaluate(slug, scenario)
        if base is None:
            continue
        for field in described["inputs"]:
            for other in perturbed(field, base["inputs"][field["name"]]["value"]):
                changed = {**scenario, field["name"]: other}
                if field["instead_of"]:
                    changed[field["instead_of"]] = None
                report = try_evaluate(slug, changed)
                if report is None:
                    continue
                for id, metric in base["metrics"].items():
                    if metric != report["metrics"][id]:
                        seen.add((id, field["name"]))
    undeclared = sorted(seen - declared)
    assert not undeclared, f"these move although uses does not say so: {undeclared}"
    leaders = {metric.id: metric.follows for metric in registry.load(slug).metrics if metric.follows}
    moved = {(id, name) for id, leader in leaders.items() for seen_id, name in seen if seen_id == leader}
    unseen = sorted(declared - seen - moved)
    assert not unseen, f"these are declared in uses but never move: {unseen}"


@pytest.mark.parametrize("slug", SLUGS)
def test_compute_names_only_declared_facts(slug: str) -> None:
    calculator = registry.load(slug)
    report = evaluate(slug, tables=None)
    cited = {source["fact"] for source in report["sources"]}
    assert cited
    for fact in cited:
        assert any(fnmatch(fact, declared) for declared in calculator.facts), fact


def test_text_door_answers_text_with_text() -> None:
    for slug in SLUGS:
        facts = json.dumps(bundle(slug))
        good = json.loads(door.answer_json(slug, '{"inputs": {}, "tables": []}', facts))
        assert good["ok"] is True
        assert good["report"]["headline"] == evaluate(slug, tables=())["headline"]
        wrong = json.loads(door.answer_json(slug, '{"inputs": {"no_such": "1"}}', facts))
        assert wrong["ok"] is False
        assert wrong["error"]["field"] == "no_such"
        for text in ("", "[1", "[]", '{"inputs": 3}', "null"):
            bad = json.loads(door.answer_json(slug, text, facts))
            assert bad["error"]["code"] == "INVALID_REQUEST", text
        ask = door.answerer(slug, facts)
        for text in ('{"inputs": {}, "tables": []}', '{"inputs": {"no_such": "1"}}', "[1"):
            assert ask(text) == door.answer_json(slug, text, facts), "with the facts once, and with each request"
    unknown = json.loads(door.answer_json(SLUGS[0] + "x", "{}", "{}"))
    assert unknown["error"]["code"] == "UNKNOWN_CALCULATOR"
    assert f'did you mean "{SLUGS[0]}"?' in unknown["error"]["message"]
