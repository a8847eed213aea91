"""The command line, as other programs call it."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

from tests.calculators.helpers import evaluate

ROOT = Path(__file__).parents[2]
SLUG = "mortgage-vs-invest"


def call(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "calculators", *arguments],
        cwd=ROOT,
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def refused(*arguments: str, stdin: str = "") -> str:
    """The message of a call that must fail cleanly."""
    done = call(*arguments, stdin=stdin)
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    return done.stderr.strip()


def test_list_and_describe() -> None:
    assert SLUG in call("list").stdout
    described = json.loads(call("describe", SLUG).stdout)
    assert described["slug"] == SLUG
    assert described["inputs"][0]["name"] == "balance_usd"


def test_run_prints_the_report_in_three_forms() -> None:
    expected = evaluate(SLUG, tables=None, rate_pct="7", extra_monthly_usd="1,000")
    arguments = ("run", SLUG, "rate_pct=7", "extra_monthly_usd=1,000")
    assert json.loads(call(*arguments, "--format", "json").stdout) == json.loads(json.dumps(expected))

    text = call(*arguments).stdout
    assert text.splitlines()[0] == expected["headline"]
    assert all(metric["text"] in text for metric in expected["metrics"].values())
    assert all(source["url"] in text for source in expected["sources"])

    rows = list(csv.DictReader(call(*arguments, "--format", "csv").stdout.splitlines()))
    assert [row["id"] for row in rows] == list(expected["metrics"])
    assert [row["value"] for row in rows] == [
        "" if metric["value"] is None else str(metric["value"]) for metric in expected["metrics"].values()
    ]

    table = next(table for table in expected["tables"] if table["id"] == "schedule")
    rows = list(csv.DictReader(call(*arguments, "--format", "csv", "--table", "schedule").stdout.splitlines()))
    assert [float(row["balance"]) for row in rows] == [row[4] for row in table["rows"]]


def test_inputs_from_json_and_from_arguments(tmp_path: Path) -> None:
    path = tmp_path / "scenario.json"
    path.write_text('{"rate_pct": 7, "term_months": 240}')
    from_file = json.loads(call("run", SLUG, "--json", str(path), "--format", "json").stdout)
    from_stdin = json.loads(call("run", SLUG, "--json", "-", "--format", "json", stdin=path.read_text()).stdout)
    assert from_file == from_stdin
    assert from_file["inputs"]["term_months"]["value"] == 240
    mixed = json.loads(call("run", SLUG, "rate_pct=5", "--json", str(path), "--format", "json").stdout)
    assert mixed["inputs"]["rate_pct"]["value"] == 5
    assert mixed["inputs"]["term_months"]["value"] == 240


def test_batch_answers_every_line_in_order() -> None:
    lines = ["{}", "", "nope", '{"rate_pct": 7}', '{"rate_pct": "x"}', "[1]", '{"rate_pct": 1, "rate_pct": 2}']
    done = call("batch", SLUG, "--tables", "none", stdin="\n".join(lines) + "\n")
    assert done.returncode == 0
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["ok"] for answer in answers] == [True, False, False, True, False, False, False]
    assert answers[3]["report"]["inputs"]["rate_pct"]["value"] == 7
    assert answers[4]["error"]["field"] == "rate_pct"
    assert answers[4]["error"]["code"] == "INVALID_INPUT"
    assert answers[6]["error"]["field"] == "rate_pct"


def test_bad_input_ends_with_2_and_a_message() -> None:
    assert "did you mean" in refused("run", "mortgage-vs-invst")
    assert "did you mean" in refused("describe", "mortgage-vs-invst")
    assert "did you mean" in refused("batch", "mortgage-vs-invst")
    assert refused("run", SLUG, "rate_pct=abc").startswith('calculators: rate_pct: Mortgage rate is "abc"')
    both = refused("run", SLUG, "rate_pct=abc", "balance_usd=").splitlines()
    assert len(both) == 2
    assert "not of the form name=value" in refused("run", SLUG, "rate_pct")
    assert "given twice" in refused("run", SLUG, "rate_pct=1", "rate_pct=2")
    assert "there are: by_return" in refused("run", SLUG, "--format", "csv", "--table", "no")
    assert "No such file" in refused("run", SLUG, "--json", "/nowhere/scenario.json")
    assert "COMMAND" in refused()


def test_bad_json_is_refused(tmp_path: Path) -> None:
    for text, problem in (
        ('{"rate_pct": 1e400}', "out of range"),
        ('{"rate_pct": NaN}', "out of range"),
        ('{"rate_pct": -Infinity}', "out of range"),
        ('{"rate_pct": ' + "9" * 5000 + "}", "cannot be read"),
        ('{"rate_pct": ' + "[" * 100_000, "not JSON"),
        ("1" * 10_000_000, "more than 1,000,000 characters"),
        ('{"rate_pct": true}', "not a bool"),
        ("", "not JSON"),
    ):
        path = tmp_path / "scenario.json"
        path.write_text(text)
        assert problem in refused("run", SLUG, "--json", str(path)), text[:30]


def test_output_may_be_cut_short() -> None:
    """`| head` closes the pipe early; that is no error."""
    done = subprocess.run(
        ["/bin/sh", "-c", f'"{sys.executable}" -m calculators run {SLUG} --format json | head -n 1'],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout == "{\n"
    assert done.stderr == ""
