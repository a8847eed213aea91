"""CPython, Pyodide and MicroPython answer every scenario alike: text exactly, numbers to 1e-12."""

from __future__ import annotations

import json
from typing import Any

import pytest

from calculators import registry
from calculators.core.run import describe
from tests.calculators.helpers import bundle
from tests.engines.compare import differences
from tests.engines.runners import answer_all
from tests.scenarios import choices_taken, scenarios

COUNT = 220
COMPARED = 30


@pytest.fixture(scope="module")
def asked() -> list[tuple[str, str]]:
    """(slug, request) of every scenario, all tables included."""
    requests = []
    for slug in registry.SLUGS:
        described = describe(registry.load(slug), bundle(slug))
        made = scenarios(described, COUNT)
        assert len(made) >= 200
        for taken in choices_taken(described, made).values():
            assert len(taken) >= 2
            assert min(taken.values()) >= min(5, COUNT // (2 * len(taken)))  # long lists are taken in turn, too
        made += [{**made[0], field["name"]: "?"} for field in described["inputs"]]  # one error for each input
        requests += [(slug, json.dumps({"inputs": scenario, "tables": None})) for scenario in made]
        # Each A is kept for a second B, as while a reader goes on changing.
        compared = list(zip(made[::4], made[1::4], made[2::4], strict=False))[:COMPARED]
        assert len(compared) == COMPARED
        for a, b, c in compared:
            requests += [(slug, json.dumps({"inputs": inputs, "tables": [], "against": a})) for inputs in (b, c)]
    return requests


@pytest.fixture(scope="module")
def facts() -> dict[str, str]:
    return {slug: json.dumps(bundle(slug), ensure_ascii=False) for slug in registry.SLUGS}


@pytest.fixture(scope="module")
def expected(asked: list[tuple[str, str]], facts: dict[str, str]) -> list[dict[str, Any]]:
    answers = [json.loads(text) for text in answer_all("cpython", asked, facts)]
    for slug in registry.SLUGS:
        own = [answer for (name, _), answer in zip(asked, answers, strict=True) if name == slug]
        assert sum(answer["ok"] for answer in own[:COUNT]) >= 0.9 * COUNT
        compared = own[-2 * COMPARED :]
        assert sum("comparison" in answer.get("report", {}) for answer in compared) >= 0.8 * len(compared)
        assert not any(answer["ok"] for answer in own[COUNT : -2 * COMPARED])
    return answers


@pytest.mark.node
@pytest.mark.parametrize("engine", ["pyodide", "micropython"])
def test_engine_agrees_with_cpython(
    engine: str, asked: list[tuple[str, str]], facts: dict[str, str], expected: list[dict[str, Any]]
) -> None:
    answers = [json.loads(text) for text in answer_all(engine, asked, facts)]
    assert len(answers) == len(expected) == len(asked) > COUNT * len(registry.SLUGS)
    for (slug, request), mine, theirs in zip(asked, expected, answers, strict=True):
        found = differences(mine, theirs)
        assert not found, f"{slug} {request}: {found[:5]}"
