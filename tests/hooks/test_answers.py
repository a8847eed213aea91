"""Answers at build time, kept by content."""

from __future__ import annotations

from pathlib import Path

import pytest

from hooks.answers import Answers, CalculatorError, content_key
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
    return sorted((root / ".cache/answers").rglob("*.json"))


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


def test_other_content_has_other_answers(tmp_path: Path) -> None:
    for folder in ("calculators", "catalog"):
        (tmp_path / folder).mkdir()
    (tmp_path / "calculators/a.py").write_text("1")
    before = content_key(tmp_path)
    (tmp_path / "calculators/notes.txt").write_text("no matter")
    assert content_key(tmp_path) == before
    (tmp_path / "catalog/b.yml").write_text("1")
    assert content_key(tmp_path) != before


def test_a_new_content_leaves_the_folder_of_another_build_alone(root: Path) -> None:
    other = root / ".cache/answers/of-another-build"
    other.mkdir(parents=True)
    Answers(root)
    assert other.is_dir()
    for number in range(9):
        (root / f".cache/answers/old-{number}").mkdir()
    Answers(root)
    assert len(list((root / ".cache/answers").iterdir())) <= 6


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
