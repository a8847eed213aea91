"""python -m catalog: what is printed, where, and with which exit status."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import catalog
from catalog.__main__ import main
from catalog.checks import CHECKS

REPOSITORY = Path(catalog.__file__).parent.parent


def test_check_says_what_was_looked_at(tree: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--root", str(tree.root)]) == 0
    expected = f"1 subjects, 1 values, 0 measurements, 1 sources: {len(CHECKS)} checks found no problem\n"
    assert capsys.readouterr().out == expected


def test_check_prints_a_line_for_each_problem(tree: Any, capsys: pytest.CaptureFixture[str]) -> None:
    tree.change("finance/rates.yml", "value: 12.5", "value: -1")
    tree.change("finance/rates.yml", "as_of: 2025-01-31", "as_of: 2026-02-02")
    assert main(["check", "--root", str(tree.root), "--today", "2026-02-01"]) == 1
    out, err = capsys.readouterr()
    assert [line.split(" ")[0] for line in out.splitlines()] == [
        "catalog/finance/rates.yml:7",
        "catalog/finance/rates.yml:9",
    ]
    assert err == ""


def test_check_reads_the_pages_beside_the_catalog(tree: Any, capsys: pytest.CaptureFixture[str]) -> None:
    tree.write("docs/index.md", "[a](sources.md#nothing)\n")
    assert main(["check", "--root", str(tree.root)]) == 1
    assert capsys.readouterr().out.startswith('docs/index.md:1 link: unknown source "nothing"')
    assert main(["check", "--root", str(tree.root), "--docs", str(tree.root)]) == 0


def test_export(tree: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "facts", "finance/rates/fee_usd", "--root", str(tree.root)]) == 0
    assert json.loads(capsys.readouterr().out)["facts"]["finance/rates/fee_usd"]["value"] == 12.5


def test_export_of_an_unknown_fact(tree: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "facts", "finance/rates/fee_eur", "--root", str(tree.root)]) == 2
    out, err = capsys.readouterr()
    assert (out, err) == ("", 'unknown fact "finance/rates/fee_eur"; did you mean "finance/rates/fee_usd"?\n')


def test_export_of_a_broken_catalog(tree: Any, capsys: pytest.CaptureFixture[str]) -> None:
    tree.change("finance/rates.yml", "value: 12.5", "value: no")
    assert main(["export", "facts", "finance/rates/fee_usd", "--root", str(tree.root)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("catalog/finance/rates.yml:7 values.fee_usd.value: no is true or false")


@pytest.mark.parametrize("option", ["--root", "--docs"])
def test_a_folder_that_is_not_there(tree: Any, option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--root", str(tree.root), option, str(tmp_path / "nowhere")]) == 1
    assert capsys.readouterr().out.startswith(f"{tmp_path / 'nowhere'}: no such folder; expected the folder of the ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["check", "--today", "2026-02-30"],
            'argument --today: "2026-02-30" is not a day written as YYYY-MM-DD',
        ),
        (["check", "--today", "tomorrow"], 'argument --today: "tomorrow" is not a day written as YYYY-MM-DD'),
        (["export", "sources", "x"], "argument what: invalid choice: 'sources'"),
        (["export", "facts"], "the following arguments are required: REF"),
        ([], "the following arguments are required: command"),
    ],
)
def test_a_wrong_command_line(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert message in capsys.readouterr().err


def test_bad_files_never_end_in_a_traceback(tree: Any) -> None:
    contents = [
        b"",
        b"\x00\xff",
        b"[" * 5000,
        b"a: &a [*a]",
        b"id: 1",
        b"id: [1]\nvalues: 3\n",
        b"values: {a: {claims: 3}}",
    ]
    contents += [
        b"values:\n  a:\n    sources: [3]\n    chosen: []\n",
        b"? {}\n: {}\n",
        b"a: !!python/name:os.system x",
    ]
    for number, content in enumerate(contents):
        tree.write(f"finance/bad-{number}.yml", content)
        tree.write(f"sources/bad-{number}.yml", content)
    run = subprocess.run(
        [sys.executable, "-m", "catalog", "check", "--root", str(tree.root)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 1
    assert run.stderr == ""
    named = {line.split(":")[0] for line in run.stdout.splitlines()}
    assert named == {f"catalog/{folder}/bad-{n}.yml" for folder in ("finance", "sources") for n in range(len(contents))}


def test_a_closed_pipe_is_no_traceback(tree: Any) -> None:
    for number in range(300):
        tree.write(f"finance/bad-{number}.yml", "id: no\n")
    command = f"{sys.executable} -m catalog check --root {tree.root} | head -n 1"
    run = subprocess.run(command, shell=True, cwd=REPOSITORY, capture_output=True, text=True, timeout=60, check=False)
    assert run.stderr == ""
    assert len(run.stdout.splitlines()) == 1


def test_the_catalog_needs_neither_hooks_nor_calculators() -> None:
    code = "import sys, catalog.__main__\nfor name in sys.modules: print(name.split('.')[0])"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, timeout=60, check=True
    )
    loaded = set(run.stdout.split())
    assert "catalog" in loaded
    assert not loaded & {"hooks", "calculators"}
