"""Answers at build time, kept by content."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

import catalog
from catalog import Catalog
from hooks.answers import Answers, CalculatorError, code_key
from tests.calculators.helpers import evaluate
from tests.hooks.conftest import ROOT

SLUG = "mortgage-vs-invest"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The repository's packages with a cache of their own."""
    for folder in ("calculators", "catalog"):
        (tmp_path / folder).symlink_to(ROOT / folder, target_is_directory=True)
    return tmp_path


def kept(root: Path) -> list[Path]:
    """The reports that were kept."""
    files = sorted((root / ".cache/answers").rglob("*.json"))
    return [file for file in files if '"headline"' in file.read_text(encoding="utf-8")]


@pytest.fixture(scope="module")
def facts() -> Catalog:
    return catalog.load()


def changed(facts: Catalog, ref: str, number: float) -> Catalog:
    """The catalog with another value in one place."""
    subject_id, _, name = ref.rpartition("/")
    subject = facts.subject(subject_id)
    value = subject.values[name]
    claim = replace(value.chosen, value=number)
    edited = replace(subject, values={**subject.values, name: replace(value, chosen=claim, claims=(claim,))})
    return replace(facts, subjects={**facts.subjects, subject_id: edited})


def test_answers_are_the_calculators_own(root: Path) -> None:
    answers = Answers(root)
    assert SLUG in answers.slugs()
    assert answers.describe(SLUG)["slug"] == SLUG
    report = answers.report(SLUG, {"rate_pct": "5"})
    assert report["headline"] == evaluate(SLUG, rate_pct="5")["headline"]


def test_a_second_question_is_answered_from_the_folder(root: Path) -> None:
    Answers(root).report(SLUG, {"rate_pct": "5"})
    (answer,) = kept(root)
    answer.write_text(answer.read_text().replace("wins by", "WINS BY"))
    assert "WINS BY" in Answers(root).report(SLUG, {"rate_pct": "5"})["headline"]
    assert "WINS BY" not in Answers(root).report(SLUG, {"rate_pct": "5.1"})["headline"]
    assert len(kept(root)) == 2


def test_other_code_has_other_answers(tmp_path: Path) -> None:
    (tmp_path / "calculators").mkdir()
    (tmp_path / "calculators/a.py").write_text("1")
    before = code_key(tmp_path)
    (tmp_path / "calculators/notes.txt").write_text("no matter")
    assert code_key(tmp_path) == before
    (tmp_path / "calculators/a.py").write_text("2")
    assert code_key(tmp_path) != before


def test_an_edited_fact_asks_only_the_calculators_that_use_it(root: Path, facts: Catalog) -> None:
    asked: list[str] = []

    class Counting(Answers):
        def _ask(self, arguments: list[str], text: str) -> str:
            asked.append(" ".join(arguments))
            return super()._ask(arguments, text)

    def ask_all(catalog: Catalog) -> list[str]:
        asked.clear()
        answers = Counting(root, catalog)
        for slug in (SLUG, "colo-power"):
            answers.report(slug, {})
        return list(asked)

    assert len(ask_all(facts)) == 2 * len(["which facts", "report"])
    assert ask_all(facts) == []
    assert ask_all(changed(facts, "hardware/dgx-spark/price_usd", 1)) == [], "neither of the two asks for it"
    used = next(ref for ref in Answers(root, facts).describe("colo-power")["facts"] if "*" not in ref)
    assert ask_all(changed(facts, used, 1.11)) == ["batch colo-power"]


def test_new_content_leaves_the_folder_of_another_build_alone(root: Path) -> None:
    other = root / ".cache/answers/of-another-build"
    other.mkdir(parents=True)
    Answers(root)
    assert other.is_dir()
    for number in range(90):
        (root / f".cache/answers/old-{number}").mkdir()
    Answers(root)
    assert 5 <= len(list((root / ".cache/answers").iterdir())) <= 60


@pytest.mark.parametrize(
    ("slug", "inputs", "problems"),
    [
        ("mortgage-vs-invst", {}, ["did you mean"]),
        (SLUG, {"rate_pct": "abc"}, ["rate_pct: Mortgage rate"]),
        (SLUG, {"rate_pct": "abc", "term": "1"}, ["term: There is no input", "rate_pct: Mortgage rate"]),
    ],
)
def test_refusals_are_told_line_by_line(root: Path, slug: str, inputs: dict[str, str], problems: list[str]) -> None:
    with pytest.raises(CalculatorError) as caught:
        Answers(root).report(slug, inputs)
    lines = str(caught.value).splitlines()
    assert len(lines) == len(problems)
    for line, problem in zip(lines, problems, strict=True):
        assert problem in line


def test_another_calculators_code_changes_nothing(tmp_path: Path) -> None:
    """But the framework's does, and that of a module that the calculator imports."""
    shutil.copytree(ROOT / "calculators", tmp_path / "calculators")
    slugs = ("colo-power", "hardware-fit", "_fit")

    def changed(name: str) -> list[bool]:
        before = [code_key(tmp_path, slug) for slug in slugs]
        path = tmp_path / "calculators" / name
        path.write_text(f"{path.read_text('utf-8')}\n# edited\n", "utf-8")
        return [code_key(tmp_path, slug) != key for slug, key in zip(slugs, before, strict=True)]

    assert changed("colo_power.py") == [True, False, False]
    assert changed("hardware_fit.py") == [False, True, True]
    assert changed("_memory.py") == [False, True, True]
    assert changed("core/format.py") == [True, True, True]
    assert changed("__main__.py") == [True, True, True]
