"""The fit finds what it should, the catalog's parameters are what it finds, and the estimate keeps its promise."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import cast

import pytest

import catalog
from tests.accuracy.__main__ import fitted_facts, with_ranges
from tests.accuracy.evaluate import Predicted, left_out, prefill_rows, single_decode, tier, within_range
from tests.accuracy.fit import DECODE, PREFILL, fit, quantile
from tests.accuracy.measurements import Asker, Row, rows
from tests.accuracy.write import Writer

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Known:
    """A measurement that follows the law exactly."""

    features: tuple[float, ...]
    tps: float
    hardware_class: str = "apple"
    group: tuple[str, ...] = ()

    def decode_features(self) -> tuple[float, ...]:
        return self.features


def made_rows(count: int, law: tuple[float, float, float], wrong: int = 0) -> list[Row]:
    rng = random.Random(7)
    made = []
    for index in range(count):
        features = (rng.uniform(0.002, 0.2), rng.uniform(0.0001, 0.05), float(rng.randint(16, 100)))
        seconds = sum(a * b for a, b in zip(law, features, strict=True))
        made.append(Known(features, (4 if index < wrong else 1) / seconds, group=(str(index),)))
    return cast(list[Row], made)


@pytest.mark.parametrize(("wrong", "tolerance"), [(0, 0.01), (20, 0.05)])
def test_fit_finds_the_law_though_some_rows_are_four_times_off(wrong: int, tolerance: float) -> None:
    law = (1.2, 2.0, 6e-5)
    found = fit(DECODE, made_rows(200, law, wrong)).of("apple")
    for row in made_rows(50, law):
        seconds = sum(a * b for a, b in zip(found, row.decode_features(), strict=True))
        assert seconds * row.tps == pytest.approx(1, rel=tolerance)


def test_fit_keeps_what_is_usual_where_nothing_is_measured() -> None:
    found = fit(DECODE, made_rows(200, (1.2, 2.0, 6e-5)))
    assert found.of("cpu") == found.everywhere


def test_quantiles() -> None:
    assert quantile([3, 1, 2], 0.5) == 2
    assert quantile([0, 10], 0.1) == 1
    assert [tier(tps) for tps in (4.9, 5, 15, 29.9, 30)] == [0, 1, 2, 2, 3]


class Everything:
    """The fit to the catalog, made once."""

    def __init__(self) -> None:
        self.catalog = catalog.load(ROOT / "catalog")
        self.rows = list(rows(self.catalog, Asker(self.catalog)))
        facts = fitted_facts(self.rows)
        self.decoded: list[Predicted] = left_out(DECODE, single_decode(self.rows), facts)
        self.read: list[Predicted] = left_out(PREFILL, prefill_rows(self.rows), facts)
        self.facts = with_ranges(facts, self.decoded, self.read)


@pytest.fixture(scope="module")
def everything() -> Everything:
    return Everything()


def test_the_catalog_has_what_the_fit_finds(everything: Everything) -> None:
    files = Writer(everything.catalog, everything.rows, everything.facts).files()
    assert len(files) >= 12
    for name, content in files.items():
        written = (ROOT / "catalog" / "speed" / name).read_text(encoding="utf-8")
        assert written == content, f"catalog/speed/{name} is not what the measurements give: make accuracy ARGS=--write"


def test_devices_that_were_left_out_are_predicted(everything: Everything) -> None:
    decoded = everything.decoded
    assert len(decoded) >= 250
    assert len({p.row.hardware for p in decoded}) >= 20
    assert median(p.error for p in decoded) <= 0.12
    assert sum(p.right_tier for p in decoded) / len(decoded) >= 0.9


def test_nothing_is_faster_than_memory_and_arithmetic(everything: Everything) -> None:
    predicted = [*everything.decoded, *everything.read]
    assert len(predicted) >= 400
    assert [p for p in predicted if p.tps > p.ceiling_tps] == []
    assert [p for p in predicted if p.row.tps > p.ceiling_tps] == []


def test_ranges_hold_what_they_say(everything: Everything) -> None:
    """Eight of ten by the way they are made; fewer or more where a class borrows the range of all."""
    for phase, predicted in (("decode", everything.decoded), ("prefill", everything.read)):
        held = [within_range(p, everything.facts, phase) for p in predicted]
        assert len(held) >= 100
        assert 0.75 <= sum(held) / len(held) <= 0.95, phase
