"""The comparison of engines sees what it should see, and nothing else."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.engines.compare import differences

REPORT: dict[str, Any] = {
    "headline": "Paying down wins by $6,822.",
    "inputs": {
        "balance_usd": {"value": 300_000.0, "unit": "USD", "text": "$300,000", "fact": None},
        "compounding": {"value": "monthly", "unit": "", "text": "monthly (US)", "fact": None},
    },
    "metrics": {
        "difference_usd": {"value": -6822.25, "low": -45_126.0, "high": 105_836.0, "unit": "USD", "text": "-$6,822"},
        "break_even_return_pct": {"value": 7.28, "low": None, "high": None, "unit": "%", "text": "7.28%"},
    },
    "tables": [
        {
            "columns": [{"id": "month", "unit": "month"}, {"id": "balance_usd", "unit": "USD"}],
            "row_count": 2,
            "rows": [[1, 299_000.5], [2, 298_000.25]],
            "text": [["1", "$299,000.50"], ["2", "$298,000.25"]],
        }
    ],
    "charts": [
        {
            "x": {"unit": "year"},
            "y": {"unit": "USD"},
            "x_text": ["now", "1 year"],
            "series": [{"label": "Invest", "points": [[0.0, 0.0], [1.0, 3713.5]], "text": ["$0.00", "$3,714"]}],
            "marks": [{"x": 18.5, "label": "paid off"}],
        }
    ],
    "notes": [{"kind": "limit", "text": "An estimate."}],
}
ANSWER = {"ok": True, "report": REPORT}


def changed(path: list[Any], value: Any) -> dict[str, Any]:
    answer: Any = copy.deepcopy(ANSWER)
    place = answer["report"]
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    result: dict[str, Any] = answer
    return result


DIFFERENT: list[tuple[list[Any], Any]] = [
    (["headline"], "Paying down wins by $6,823."),
    (["inputs", "balance_usd", "fact"], "finance/x/y"),
    (["inputs", "compounding", "value"], "annual"),
    (["metrics", "difference_usd", "value"], -6822.250001),
    (["metrics", "difference_usd", "value"], None),
    (["metrics", "difference_usd", "value"], float("nan")),
    (["metrics", "difference_usd", "value"], True),
    # 1e-6 of a cent is nothing on the scale of dollars here, 1e-9 of a percentage point is something.
    (["metrics", "break_even_return_pct", "value"], 7.280000001),
    (["metrics", "break_even_return_pct", "low"], 0.0),
    (["metrics", "difference_usd", "text"], "−$6,822"),
    (["tables", 0, "row_count"], 3),
    (["tables", 0, "rows", 1, 1], 298_000.251),
    (["tables", 0, "rows", 1, 0], 2.001),
    (["tables", 0, "rows"], None),
    (["tables", 0, "rows"], [[1, 299_000.5]]),
    (["tables", 0, "text", 1, 1], "$298,000.26"),
    (["charts", 0, "series", 0, "points", 1, 1], 3713.51),
    (["charts", 0, "series", 0, "points", 1, 0], 1.00000001),
    (["charts", 0, "marks", 0, "x"], 18.50000001),
    (["charts", 0, "x_text", 1], "1 years"),
    (["charts", 0, "series", 0, "text", 1], "$3,713"),
    (["notes"], []),
    (["more"], 1),
]


@pytest.mark.parametrize(("path", "value"), DIFFERENT)
def test_a_difference_is_seen_from_both_sides(path: list[Any], value: Any) -> None:
    other = changed(path, value)
    assert len(differences(ANSWER, other)) == 1
    assert len(differences(other, ANSWER)) == 1


# The largest amount of dollars is 300,000, so that 3e-7 is allowed; the largest percentage is 7.28.
ALIKE: list[tuple[list[Any], Any]] = [
    (["metrics", "difference_usd", "value"], -6822.2500001),
    (["metrics", "break_even_return_pct", "value"], 7.280000000001),
    (["tables", 0, "rows", 1, 1], 298_000.2500001),
    (["charts", 0, "series", 0, "points", 0, 1], 1e-7),
    (["charts", 0, "marks", 0, "x"], 18.500000000001),
    (["inputs", "balance_usd", "value"], 300_000),
]


@pytest.mark.parametrize(("path", "value"), ALIKE)
def test_what_lies_within_the_tolerance_is_alike(path: list[Any], value: Any) -> None:
    other = changed(path, value)
    assert differences(ANSWER, other) == []
    assert differences(other, ANSWER) == []


def test_order_counts_for_metrics_and_inputs_alone() -> None:
    report = {**REPORT, "metrics": dict(reversed(REPORT["metrics"].items()))}
    assert len(differences(REPORT, report)) == 1
    assert differences(REPORT, dict(reversed(REPORT.items()))) == []


def test_an_error_is_not_a_report() -> None:
    error = {"code": "INVALID_INPUT", "field": "rate_pct", "message": "Give a number."}
    refused = {"ok": False, "error": error}
    assert differences(refused, copy.deepcopy(refused)) == []
    assert len(differences(ANSWER, refused)) == 1
    assert len(differences(refused, {"ok": False, "error": {**error, "field": ""}})) == 1
