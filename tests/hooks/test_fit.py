"""What fits where, for the whole catalog."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

import catalog
from calculators.__main__ import main
from catalog import Catalog
from hooks.answers import Answers
from hooks.catalog_pages.fit_context import fit_of
from hooks.fit import FitMatrix, _pair_keys

ROOT = Path(__file__).parents[2]
SAMPLES = 60


@pytest.fixture(scope="module")
def facts() -> Catalog:
    return catalog.load()


@pytest.fixture(scope="module")
def matrix(facts: Catalog) -> FitMatrix:
    return FitMatrix(ROOT, facts)


def slugs(facts: Catalog, kind: str) -> list[str]:
    return [subject.slug for subject in facts.subjects.values() if subject.kind == kind]


def test_it_answers_what_the_calculator_answers(facts: Catalog, matrix: FitMatrix) -> None:
    draw = random.Random(5)
    kinds = ("hardware", "models", "quantizations")
    triples = [tuple(draw.choice(slugs(facts, kind)) for kind in kinds) for _ in range(SAMPLES)]
    scenarios = [{"hardware": h, "model": m, "quantization": q} for h, m, q in triples]
    replies = Answers(ROOT).replies("hardware-fit", scenarios)
    fitting = 0
    for (hardware, model, quantization), reply in zip(triples, replies, strict=True):
        metrics = reply["report"]["metrics"]
        needed_gb, longest = matrix.cells(hardware, model)[quantization]
        assert needed_gb == pytest.approx(metrics["memory_needed_gb"]["value"], rel=1e-12)
        assert (longest > 0) == bool(metrics["fits"]["value"])
        if longest:
            assert longest == metrics["max_context_tokens"]["value"]
            fitting += 1
    assert 10 <= fitting <= SAMPLES - 10, "the sample shows both"


def test_every_pair_is_there(facts: Catalog, matrix: FitMatrix) -> None:
    devices, models, quantizations = (slugs(facts, kind) for kind in ("hardware", "models", "quantizations"))
    assert (len(devices), len(models), len(quantizations)) >= (75, 40, 25)
    cells = 0
    for device in devices:
        for model in models:
            found = matrix.cells(device, model)
            assert set(found) == set(quantizations)
            cells += len(found)
    assert cells == len(devices) * len(models) * len(quantizations)


def test_nothing_is_asked_again_that_has_not_changed(facts: Catalog, matrix: FitMatrix) -> None:
    assert matrix.cells("dgx-spark", "llama-3-1-70b")
    assert FitMatrix(ROOT, facts).asked == 0


def test_an_edit_touches_only_what_depends_on_it(facts: Catalog) -> None:
    before = _pair_keys(ROOT, facts)

    def changed(ref: str, number: float) -> set[tuple[str, str]]:
        subject_id, _, name = ref.rpartition("/")
        subject = facts.subject(subject_id)
        value = subject.values[name]
        claim = replace(value.chosen, value=number)
        edited = replace(subject, values={**subject.values, name: replace(value, chosen=claim, claims=(claim,))})
        after = _pair_keys(ROOT, replace(facts, subjects={**facts.subjects, subject_id: edited}))
        return {pair for pair in before if before[pair] != after[pair]}

    assert changed("hardware/dgx-spark/price_usd", 1) == set(), "a price does not decide what fits"
    assert changed("hardware/dgx-spark/memory_gb", 96) == {("dgx-spark", model) for model in slugs(facts, "models")}
    assert changed("models/llama-3-1-70b/layers", 81) == {
        (device, "llama-3-1-70b") for device in slugs(facts, "hardware")
    }
    assert changed("quantizations/q4-0/bits_per_weight", 4.6) == set(before)


def test_the_page_names_the_most_bits_that_fit(facts: Catalog, matrix: FitMatrix) -> None:
    context = fit_of(facts, matrix, 8192, "calculators/hardware-fit/")(facts.subject("hardware/rtx-4090"))
    assert context is not None
    assert len(context.rows) == len(slugs(facts, "models"))
    bits = [facts.subject(head.href.removeprefix("catalog/").rstrip("/")).values["bits_per_weight"].number
            for head in context.quantizations]  # fmt: skip
    assert bits == sorted(bits, reverse=True)
    for row in context.rows:
        first = next((index for index, cell in enumerate(row.cells) if cell.fits), None)
        assert row.best == ("" if first is None else context.quantizations[first].label)
        assert bool(row.longest_tokens) == (first is not None)
    assert {bool(row.best) for row in context.rows} == {True, False}


def test_only_devices_and_models_have_it(facts: Catalog, matrix: FitMatrix) -> None:
    assert fit_of(facts, matrix, 8192, "")(facts.subject("facilities/pue")) is None


def test_the_command_refuses_what_is_not_there(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import io

    asked = {"hardware": "dgx-sparc", "model": "llama-3-1-70b"}
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(asked)))
    assert main(["fit"]) == 2
    assert 'hardware: there is no "dgx-sparc" in the catalog; did you mean "dgx-spark"?' in capsys.readouterr().err
