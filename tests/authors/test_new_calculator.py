"""The guide "A new calculator in one file", followed as it stands."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.authors.copies import Copy, Example, examples, follow, small
from tests.engines.compare import differences
from tests.engines.runners import answers_of
from tests.scenarios import scenarios
from tests.site_build import ROOT, build_site

pytestmark = pytest.mark.xdist_group("new_calculator")  # one site for all

SLUG = "loan-points"
MODULE = "calculators/loan_points.py"
PAGE = "docs/calculators/loan-points.md"
TEST = "tests/calculators/test_loan_points.py"
GUIDE = list(examples((ROOT / "docs/authors/new-calculator.md").read_text(encoding="utf-8")))


def blocks(title: str) -> list[Example]:
    return [example for example in GUIDE if example.file == title]


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A repository with what the guide says, and one calculator beside it."""
    copy = small(tmp_path_factory.mktemp("guide"))
    copy.write("docs/index.md", "# Home\n")
    copy.write("docs/calculators/index.md", "# Calculators\n")
    copy.write("docs/calculators/mortgage-vs-invest.md", "# Mortgage\n\n```calculator\nmortgage-vs-invest\n```\n")
    (copy.root / "tests" / "calculators").mkdir(parents=True)
    for name in ("__init__.py", "scenarios.py", "calculators/helpers.py", "calculators/test_contract.py"):
        shutil.copy(ROOT / "tests" / name, copy.root / "tests" / name)
    for name in (MODULE, PAGE, TEST):
        [example] = blocks(name)
        follow(example, copy)
    return copy


def run(copy: Copy, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=copy.root,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        input=text,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_the_guide_has_one_python_file_one_page_and_a_test() -> None:
    assert [example.file for example in GUIDE] == [MODULE, PAGE, "commands", "commands", "output", "commands", TEST]


def test_the_check_has_nothing_to_say(repository: Copy) -> None:
    assert repository.check().problems == []


def test_the_python_is_as_it_should_be(repository: Copy) -> None:
    for command in (["ruff", "check"], ["ruff", "format", "--check"]):
        done = run(repository, *command, "--no-cache", MODULE, TEST)
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_command_line_says_what_the_guide_says(repository: Copy) -> None:
    lines = [line for example in blocks("commands") for line in example.text.splitlines() if "-m calculators" in line]
    said = [run(repository, *line.removeprefix(".venv/bin/python -m ").split()) for line in lines]
    assert [done.returncode for done in said] == [0, 0, 0], [done.stderr for done in said]
    listed, described, answered = (done.stdout for done in said)
    assert f"{SLUG} " in listed
    assert json.loads(described)["slug"] == SLUG
    [output] = blocks("output")
    assert answered.splitlines()[0] == output.text.strip()


def test_the_tests_of_every_calculator_hold(repository: Copy) -> None:
    [line] = [line for example in blocks("commands") for line in example.text.splitlines() if "-m pytest" in line]
    arguments = line.removeprefix(".venv/bin/python -m ").split()
    done = run(repository, *arguments)
    passed = re.search(r"(\d+) passed", done.stdout)
    assert done.returncode == 0 and passed, done.stdout + done.stderr
    assert int(passed[1]) >= 20
    own = run(repository, "pytest", TEST)
    assert own.returncode == 0 and "1 passed" in own.stdout, own.stdout


@pytest.fixture(scope="module")
def site(repository: Copy, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_site(tmp_path_factory.mktemp("built") / "site", "https://example.org/reckoner/", repository.root)


@pytest.mark.node
def test_the_site_has_page_form_chart_api_and_embed(repository: Copy, site: Path) -> None:
    headline = json.loads(run(repository, "calculators", "run", SLUG, "--format", "json").stdout)["headline"]
    page = (site / "calculators" / SLUG / "index.html").read_text(encoding="utf-8")
    embed = (site / "embed" / SLUG / "index.html").read_text(encoding="utf-8")
    inputs = ["loan_usd", "rate_pct", "term_months", "points_pct", "reduction_pct", "stay_years"]
    for text in (page, embed):
        assert html.escape(headline, quote=False) in text
        assert [name for name in inputs if f'name="{name}"' not in text] == []
        assert 'data-metric="saving_usd"' in text
        assert "<svg" in text.split("data-chart-picture")[1]
    api = json.loads((site / "api/v1/calculators" / f"{SLUG}.json").read_text(encoding="utf-8"))["result"]
    assert headline in json.dumps(api, ensure_ascii=False)
    assert json.loads((site / "oembed" / f"{SLUG}.json").read_text(encoding="utf-8"))["title"]
    assert 'href="../loan-points/"' in (site / "calculators/mortgage-vs-invest/index.html").read_text(encoding="utf-8")
    [kit] = site.glob(f"assets/kits/*/{SLUG}.json")
    assert "calculators/loan_points.mpy" in json.loads(kit.read_text(encoding="utf-8"))["modules"]
    [facts] = site.glob(f"assets/facts/*/{SLUG}.json")
    assert "finance/us-mortgage-rates/fixed_30_year_rate_pct" in facts.read_text(encoding="utf-8")


@pytest.mark.node
@pytest.mark.parametrize("engine", ["micropython", "pyodide"])
def test_the_engines_of_the_site_answer_as_the_command_line(repository: Copy, site: Path, engine: str) -> None:
    described = json.loads(run(repository, "calculators", "describe", SLUG).stdout)
    asked = scenarios(described, 25)
    said = run(repository, "calculators", "batch", SLUG, text="\n".join(map(json.dumps, asked)) + "\n").stdout
    expected = [json.loads(line) for line in said.splitlines()]
    assert len(expected) == 25 and sum(one["ok"] for one in expected) >= 20
    [facts] = site.glob(f"assets/facts/*/{SLUG}.json")
    parts = {"micropython": ("micropython/*", "kits/*"), "pyodide": ("pyodide/*", "python/*/*")}[engine]
    places = [str(next((site / "assets").glob(part))) for part in parts]
    requests = [(SLUG, json.dumps({"inputs": inputs, "tables": None})) for inputs in asked]
    answers = answers_of(f"{engine}_runner.mjs", places, requests, {SLUG: facts.read_text(encoding="utf-8")})
    for inputs, mine, theirs in zip(asked, expected, map(json.loads, answers), strict=True):
        assert not differences(mine, theirs), inputs
