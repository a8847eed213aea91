"""Two scenarios side by side: which inputs differ, and by how much the figures do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from calculators import registry
from calculators.core import run as door
from calculators.core import units
from calculators.core.compare import difference, in_percent
from calculators.core.errors import InputError
from tests.calculators.helpers import bundle, evaluate, values
from tests.calculators.test_cli import call, refused

MORTGAGE = "mortgage-vs-invest"


def compared(slug: str, a: dict[str, Any], b: dict[str, Any]) -> dict[str, Any]:
    report = door.run(registry.load(slug), b, bundle(slug), [], against=a)
    comparison: dict[str, Any] = report["comparison"]
    return comparison


@pytest.mark.parametrize(
    ("unit", "a", "b", "text", "percent"),
    [
        (units.USD, 1000.0, 1250.0, "+$250.00", "+25.0%"),
        (units.USD, 250_000.0, 240_000.0, "-$10,000", "-4.0%"),
        (units.USD, -5000.0, 5000.0, "+$10,000", ""),
        (units.USD, 5000.0, -5000.0, "-$10,000", ""),
        (units.USD, 0.0, 10.0, "+$10.00", ""),
        (units.USD, 10.0, 0.0, "-$10.00", "-100.0%"),
        (units.USD, 1.0, 50.0, "+$49.00", ""),  # fifty times as much: no percentage says that better
        (units.USD, 123_456.0, 123_456.3, "+$0.30", ""),
        (units.USD, 123_456.0, 123_456.0, "the same", ""),
        (units.USD, 100.0, 100.0 + 1e-9, "the same", ""),  # noise
        (units.USD, 1e-9, -2e-9, "the same", ""),  # both are nothing
        (units.USD, 100.004, 100.006, "almost the same", ""),
        (units.PERCENT, 6.5, 7.0, "+0.50 points", ""),
        (units.PERCENT, 7.0, 6.5, "-0.50 points", ""),
        (units.MONTHS, 300.0, 223.0, "-77 months (6 years 5 months)", "-25.7%"),
        (units.TOKENS_PER_SECOND, 5.0, 5.02, "+0.02 tok/s", "+0.4%"),
        (units.TOKENS_PER_SECOND, 0.1, 0.1 + 1e-16, "the same", ""),
        (units.GB, 45.82, 45.8200000000001, "the same", ""),
        (units.YES_NO, 1.0, 0.0, "changed", ""),
        (units.YES_NO, 1.0, 1.0, "the same", ""),
        (units.USD, None, None, "the same", ""),
        (units.USD, None, 1.0, "", ""),
        (units.USD, 1.0, None, "", ""),
    ],
)
def test_difference_of_two_values(unit: units.Unit, a: float | None, b: float | None, text: str, percent: str) -> None:
    assert difference(unit, a, b) == text
    assert in_percent(unit, a, b) == percent


def test_only_the_inputs_that_differ_are_listed() -> None:
    comparison = compared(
        MORTGAGE, {"rate_pct": "6.5", "term_months": "360"}, {"rate_pct": "7", "extra_monthly_usd": "300"}
    )
    assert [list(entry.values()) for entry in comparison["inputs"]] == [
        ["rate_pct", "Mortgage rate", "6.5%", "7%"],
        ["term_months", "Remaining term", "360 months (30 years)", "300 months (25 years)"],
    ]


def test_what_a_choice_fills_in_is_listed_with_it() -> None:
    comparison = compared("hardware-fit", {}, {"model": "llama-3-1-8b"})
    names = [entry["name"] for entry in comparison["inputs"]]
    assert names[0] == "model"
    assert {"params_b", "layers"} <= set(names)
    assert all(entry["a"] != entry["b"] for entry in comparison["inputs"])


@pytest.mark.parametrize("slug", registry.SLUGS)
def test_figures_are_those_of_the_two_reports(slug: str) -> None:
    described = door.describe(registry.load(slug), bundle(slug))
    numbers = [field for field in described["inputs"] if field["kind"] == "number" and field["default"]]
    name, low, high = numbers[0]["name"], *(round(bound) for bound in numbers[0]["typical"])
    a, b = evaluate(slug, **{name: low}), evaluate(slug, **{name: high})
    comparison = compared(slug, {name: low}, {name: high})
    assert comparison["headline_a"] == a["headline"] != b["headline"]
    assert comparison["verdict_a"] == a["verdict"]
    assert [entry["id"] for entry in comparison["metrics"]] == list(a["metrics"])
    assert [entry["a"] for entry in comparison["metrics"]] == [metric["text"] for metric in a["metrics"].values()]
    assert [entry["b"] for entry in comparison["metrics"]] == [metric["text"] for metric in b["metrics"].values()]
    assert {entry["id"] for entry in comparison["metrics"] if entry["key"]} == {
        metric["id"] for metric in described["metrics"] if metric["key"]
    }
    before, after = values(a), values(b)
    signed = 0
    for entry in comparison["metrics"]:
        if entry["difference"][:1] in "+-" and entry["difference"]:
            signed += 1
            assert (entry["difference"][0] == "+") == (after[entry["id"]] > before[entry["id"]])
    assert signed >= 5


@pytest.mark.parametrize("slug", registry.SLUGS)
def test_a_scenario_does_not_differ_from_itself(slug: str) -> None:
    comparison = compared(slug, {}, {})
    assert comparison["inputs"] == []
    assert len(comparison["metrics"]) == len(registry.load(slug).metrics) > 10
    assert all(entry["same"] and entry["difference"] == "the same" for entry in comparison["metrics"])


def test_what_can_be_typed_can_be_compared_and_the_rest_of_the_report_is_the_same() -> None:
    against: dict[str, object] = {"rate_pct": " 7 % ", "term_months": "", "payment_usd": "$2,500"}
    report = door.run(registry.load(MORTGAGE), {}, bundle(MORTGAGE), [], against=against)
    comparison = report.pop("comparison")
    assert report == evaluate()
    texts = {entry["name"]: (entry["a"], entry["b"]) for entry in comparison["inputs"]}
    assert texts == {
        "rate_pct": ("7%", "6.5%"),
        "term_months": ("not given", "300 months (25 years)"),
        "payment_usd": ("$2,500", "not given"),
    }


def test_the_kept_scenario_is_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calculator = registry.load("colo-power")
    worked_out = []
    compute = calculator.compute

    def counted(inputs: Any, facts: Any) -> Any:
        worked_out.append(inputs.servers)
        return compute(inputs, facts)

    monkeypatch.setattr(calculator, "compute", counted)
    facts = json.loads(json.dumps(bundle("colo-power")))
    for servers in (11, 12, 13):
        door.run(calculator, {"servers": servers}, facts, [], against={"servers": 10})
    assert worked_out == [10, 11, 12, 13]
    door.run(calculator, {"servers": 14}, facts, [], against={"servers": 9})
    assert worked_out[4:] == [9, 14]
    # Other facts, another answer.
    other = json.loads(json.dumps(facts))
    door.run(calculator, {"servers": 14}, other, [], against={"servers": 9})
    assert worked_out[6:] == [9, 14]


def test_a_wrong_input_of_a_is_an_error_under_a_name_of_its_own() -> None:
    with pytest.raises(InputError) as raised:
        compared(MORTGAGE, {"rate_pct": "x", "balance_usd": ""}, {})
    problems = raised.value.to_json()["all"]
    assert isinstance(problems, list)
    assert [problem["field"] for problem in problems] == ["against.balance_usd", "against.rate_pct"]
    assert all(problem["message"].startswith("In the scenario compared with: ") for problem in problems)
    # The error is not kept in place of an answer.
    assert compared(MORTGAGE, {"rate_pct": "7"}, {})["inputs"][0]["a"] == "7%"


def test_the_request_of_the_engines() -> None:
    def asked(request: dict[str, Any]) -> dict[str, Any]:
        return door.answer(registry.load(MORTGAGE), request, bundle(MORTGAGE))

    assert "comparison" not in asked({"inputs": {}, "tables": []})["report"]
    assert "comparison" not in asked({"inputs": {}, "tables": [], "against": None})["report"]
    assert asked({"inputs": {}, "tables": [], "against": {}})["report"]["comparison"]["inputs"] == []
    refusal = asked({"inputs": {}, "against": "rate_pct=7"})
    assert not refusal["ok"] and refusal["error"]["field"] == "against"


def test_the_command_line_compares() -> None:
    arguments = ("compare", MORTGAGE, "--a", "rate_pct=6", "--b", "rate_pct=7", "extra_monthly_usd=500")
    report = json.loads(call(*arguments, "--format", "json").stdout)
    assert report["comparison"] == json.loads(
        json.dumps(compared(MORTGAGE, {"rate_pct": "6"}, {"rate_pct": "7", "extra_monthly_usd": "500"}))
    )
    text = call(*arguments).stdout
    for entry in report["comparison"]["metrics"]:
        line = next(line for line in text.splitlines() if line.startswith(f"{entry['label']}  "))
        assert entry["a"] in line and entry["b"] in line and entry["difference"] in line
    assert "An estimate, not financial advice." in text
    assert "against.rate_pct: In the scenario" in refused("compare", MORTGAGE, "--a", "rate_pct=x")
    assert "given twice" in refused("compare", MORTGAGE, "--b", "rate_pct=1", "rate_pct=2")


@pytest.mark.parametrize("slug", registry.SLUGS)
def test_every_answer_says_what_it_is_not(slug: str) -> None:
    disclaimer = door.describe(registry.load(slug), bundle(slug))["disclaimer"]
    assert "estimate" in disclaimer and disclaimer.endswith(".")
    assert disclaimer in call("run", slug).stdout
