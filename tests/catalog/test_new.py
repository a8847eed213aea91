"""python -m catalog new: every kind of addition passes the check once its blanks are filled, and nothing is lost."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import catalog
from catalog.__main__ import main
from catalog.loader import BLANK, load_bytes
from catalog.new import ADDITIONS, Addition, NewError, Place, answered, write
from catalog.new.additions import slug
from hooks.entries import read_entry
from hooks.posts import read_post

REPOSITORY = Path(catalog.__file__).parent.parent
TEMPLATES = REPOSITORY / "catalog" / "new"
TODAY = "2026-11-21"
SOURCE = "nvidia-spark-price-2026-02"
CITED = ("--source", SOURCE)
INDEX = "# Calculators\n\n[One](one.md)\n:   A question?\n\nMore text.\n"

ARGUMENTS: dict[str, list[str]] = {
    "device": ["--label", 'NVIDIA "GeForce": RTX 6090 #1', "--id", "rtx-6090", *CITED],
    "model": ["--label", "Small 7B", *CITED],
    "market": ["--label", "São Paulo", *CITED],
    "rental": ["--label", "X: Y", "--provider", "lambda", "--hardware", "h100-sxm", "--id", "lambda-x", *CITED],
    "api-price": ["--label", "X: Y", "--provider", "groq", "--model", "llama-3-8b", "--id", "groq-y", *CITED],
    "source": ["--title", "Yes: a report", "--producer", "Some office", "--url", "https://www.some-office.gov/yes"],
    "fact": ["--subject", "hardware/dgx-spark", "--name", "sleep_power_w", "--label", "Asleep", *CITED],
    "entry": ["--title", "A subject: in detail", "--topic", "hardware"],
    "post": ["--title", "Why: a judgement"],
    "calculator": ["--title", 'The "best" way', "--question", "What does it cost to run?", "--id", "best-way"],
}
FILES = {
    "device": "catalog/hardware/rtx-6090.yml",
    "model": "catalog/models/small-7b.yml",
    "market": "catalog/colo/sao-paulo.yml",
    "rental": "catalog/rentals/lambda-x.yml",
    "api-price": "catalog/api_prices/groq-y.yml",
    "source": "catalog/sources/some-office-yes-a-report.yml",
    "fact": "catalog/hardware/dgx-spark.yml",
    "entry": "docs/research/hardware/a-subject-in-detail.md",
    "post": "docs/posts/why-a-judgement.md",
    "calculator": "calculators/best_way.py",
}

# What is written in place of the blank at the end of a field, as the check names it.
FILLED = {
    "attention.value": "mha",
    "bandwidth_gbs.value": "2000",
    "commitment.value": "on-demand",
    "compute_tflops.value": "300",
    "electricity_usd_per_kwh.value": "0.1",
    "escalation_pct.value": "3",
    "ffn_size.value": "11008",
    "gpus.value": "8",
    "hardware_class.value": "nvidia-consumer",
    "head_dim.value": "128",
    "hidden_size.value": "4096",
    "input_usd_per_million_tokens.series[0].value": "0.05",
    "kv_heads.value": "32",
    "layers.value": "32",
    "max_context_tokens.value": "4096",
    "memory_gb.value": "32",
    "output_usd_per_million_tokens.series[0].value": "0.08",
    "power_w.value": "500",
    "price_usd.series[0].value": "2500",
    "query_heads.value": "32",
    "rent_high_usd_per_kw_month.value": "200",
    "rent_low_usd_per_kw_month.value": "150",
    "rent_typical_usd_per_kw_month.value": "180",
    "sleep_power_w.value": "5",
    "usd_per_gpu_hour.series[0].value": "2.5",
    "vocabulary_size.value": "32000",
    "kind": "primary",
    "licence": '"null"',
    "locator": "page 3",
    "published": "2026-10",
    "read_via": "stored copy of the page",
    "summary": "A sentence that says what readers learn here.",
}
ENTRY_FILLED = [
    "A sentence that says what readers learn here.",
    "some-tag",
    SOURCE,
    "nvidia-spark-64gb",
    "scholak-home-supercomputer",
]
DERIVED = re.compile(r"catalog/models/small-7b.yml:(\d+) .* does not follow from the architecture; expected ([\d.]+),")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A copy of the catalog, with pages, calculators and tests beside it to be added to."""
    keep = shutil.ignore_patterns("*.py", "__pycache__", "*.template", "*.json")
    shutil.copytree(REPOSITORY / "catalog", tmp_path / "catalog", ignore=keep)
    (tmp_path / "docs/calculators").mkdir(parents=True)
    (tmp_path / "docs/calculators/index.md").write_text(INDEX)
    return Place(tmp_path / "catalog")


def new(place: Place, what: str, *more: str) -> int:
    day = () if what == "calculator" else ("--today", TODAY)
    return main(["new", what, *ARGUMENTS[what], *day, "--root", str(place.root), *more])


def problems(place: Place, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What the check says. Other pages than the new ones are not here, so that nobody cites some sources."""
    capsys.readouterr()
    main(["check", "--root", str(place.root)])
    lines = capsys.readouterr().out.splitlines()
    return [line for line in lines if "nobody cites this source" not in line and "found no problem" not in line]


def _put(place: Place, name: str, number: int, field: str) -> None:
    path = place.path(name)
    lines = path.read_text().split("\n")
    ends = [end for end in FILLED if field == end or field.endswith(f".{end}")]
    assert len(ends) == 1, field
    # Several blanks may share a line; the name of the field says which is meant.
    last = field.rpartition(".")[2]
    lines[number - 1], count = re.subn(rf"\b{last}: {BLANK}\b", f"{last}: {FILLED[ends[0]]}", lines[number - 1])
    assert count == 1, (field, lines[number - 1])
    path.write_text("\n".join(lines))


def fill_all(place: Place, said: list[str]) -> None:
    """Fill what the check has named in the catalog's files, and every blank of pages and code."""
    in_text = set()
    for line in said:
        named = re.match(r"(catalog/\S+?):(\d+) (\S+): not filled in yet; expected .", line)
        if named:
            _put(place, named.group(1), int(named.group(2)), named.group(3))
        else:
            found = re.match(r"((?:docs|calculators|tests)/\S+?):(\d+): not filled in yet; expected .{10}", line)
            assert found, line
            in_text.add(found.group(1))
    for name in sorted(in_text):
        words_of = iter(ENTRY_FILLED[:3] if name.startswith("docs/posts/") else ENTRY_FILLED)
        is_page = name.startswith(("docs/research/", "docs/posts/"))
        parts = re.split(rf"{BLANK}(?:: )?", place.path(name).read_text())
        words = [next(words_of, "Some words, ") if is_page else "Some words, " for _ in parts[1:]]
        place.path(name).write_text(
            parts[0] + "".join(word + part for word, part in zip(words, parts[1:], strict=True))
        )


def test_every_addition_is_tried_here() -> None:
    assert [addition.name for addition in ADDITIONS] == list(ARGUMENTS) == list(FILES)
    used = {template for a in ADDITIONS for template, _ in (*a.files, *([a.inserts[:2]] if a.inserts else []))}
    assert used == {path.name.removesuffix(".template") for path in TEMPLATES.glob("*.template")}
    assert len(used) == 13


def test_new_files_pass_the_check_once_their_blanks_are_filled(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """All at once: the check takes no longer for them."""
    assert problems(place, capsys) == []
    told: dict[str, set[int]] = {}
    for what in ARGUMENTS:
        assert new(place, what) == 0
        lines = capsys.readouterr().out.splitlines()
        assert lines[0].startswith(f"{FILES[what]}: fill in line ")
        assert lines[-1] == "make check says what is missing."
        for line in lines[:-1]:
            name, _, numbers = line.partition(": fill in line ")
            told[name] = {int(number) for number in numbers.split(", ") if number}
    assert len(told) == 13
    said = problems(place, capsys)
    refused: dict[str, set[int]] = {name: set() for name in told}
    for line in said:
        name, number = line.split(":")[:2]
        refused[name].add(int(number.split(" ")[0]))
    assert refused == told, "the check refuses every blank, and nothing else"
    fill_all(place, said)
    left = problems(place, capsys)
    # What follows from a model's architecture is told, and copied from there.
    assert len(left) == 5
    lines = place.path(FILES["model"]).read_text().split("\n")
    for line in left:
        named = DERIVED.match(line)
        assert named, line
        lines[int(named.group(1)) - 1] = f"    value: {named.group(2)}"
    place.path(FILES["model"]).write_text("\n".join(lines))
    assert problems(place, capsys) == []
    page = FILES["entry"].removeprefix("docs/")
    entry, wrong = read_entry(place.path(FILES["entry"]).read_text(), page, catalog.load(), [])
    assert (entry.title if entry else None, wrong) == ("A subject: in detail", [])
    post, wrong = read_post(place.path(FILES["post"]).read_text(), "posts/why-a-judgement.md", catalog.load(), [])
    assert (post.title if post else None, wrong) == ("Why: a judgement", [])


def test_no_placeholder_is_left(place: Place) -> None:
    for addition in ADDITIONS:
        name = addition.name
        assert new(place, name) == 0
        text = place.path(FILES[name]).read_text()
        assert text.endswith("\n") and not text.endswith("\n\n")
        assert "$" not in text.replace("$0.20", "").replace("$73", "").replace("$100", ""), "no placeholder is left"
        if name not in ("source", "calculator"):
            assert TODAY in text


def test_nothing_is_overwritten(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """All of an addition is written, or nothing: the page of a calculator that exists stops its module as well."""
    mine = [FILES[name] for name in ARGUMENTS if name not in ("fact", "calculator")] + ["docs/calculators/best-way.md"]
    for name in mine:
        place.path(name).parent.mkdir(parents=True, exist_ok=True)
        place.path(name).write_text("mine\n")
    before = sorted(p for p in place.root.parent.rglob("*") if p.is_file())
    for what, name in zip([name for name in ARGUMENTS if name != "fact"], mine, strict=True):
        capsys.readouterr()
        assert new(place, what) == 2
        said = f"{name} exists and is left as it is; choose another --id, or edit the file\n"
        assert capsys.readouterr().err == said
        assert place.path(name).read_text() == "mine\n"
    assert sorted(p for p in place.root.parent.rglob("*") if p.is_file()) == before
    assert (place.root.parent / "docs/calculators/index.md").read_text() == INDEX


SUBJECT = """\
# About the subject.
id: finance/rates
label: "Rates"   # quoted
summary: 'Rates that the tests look at.'
values:
  fee_usd:
    label: Fee
    value: 12.5 # as printed
    unit: USD
    as_of: 2025-01-31
    method: reported
    sources:
      - {source: some-report, locator: page 3}
"""


def add_fact(tree: Any, name: str = "late_fee_usd") -> int:
    given = ["--subject", "finance/rates", "--name", name, "--label", "Fee: late", "--today", TODAY]
    return main(["new", "fact", *given, "--root", str(tree.root)])


@pytest.mark.parametrize("ending", ["", "\n", "# A last remark.\n"])
def test_a_fact_leaves_the_rest_of_its_file_as_it_is(tree: Any, ending: str) -> None:
    tree.write("finance/rates.yml", SUBJECT.rstrip("\n") + "\n" + ending)
    assert add_fact(tree) == 0
    text = (tree.root / "finance/rates.yml").read_text()
    assert text.startswith(SUBJECT)
    assert text.endswith(ending or "\n")
    values = load_bytes(text.encode(), "f.yml").data["values"]
    assert list(values) == ["fee_usd", "late_fee_usd"]
    assert (values["late_fee_usd"]["label"], values["late_fee_usd"]["unit"]) == ("Fee: late", "USD")


def test_a_fact_goes_to_the_values_wherever_they_stand(tree: Any) -> None:
    head, _, block = SUBJECT.partition("values:\n")
    tree.write(
        "finance/rates.yml", f"values:\n{block}\n# About the subject.\n" + head.removeprefix("# About the subject.\n")
    )
    assert add_fact(tree) == 0
    lines = (tree.root / "finance/rates.yml").read_text().splitlines()
    assert lines.index("  late_fee_usd:") < lines.index("# About the subject.") < lines.index("id: finance/rates")
    assert tree.problems()[0].startswith("catalog/finance/rates.yml:12 values.late_fee_usd.value: not filled in yet; ")


FLOW = "values: {fee_usd: {label: Fee, value: 1, unit: USD, as_of: 2025-01-31, method: reported, sources: []}}\n"


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        (
            SUBJECT,
            "fee_usd",
            "catalog/finance/rates.yml:6 has fee_usd; edit it there (an old value moves to `earlier`)",
        ),
        (SUBJECT.replace("Fee", "no"), "late_fee_usd", "catalog/finance/rates.yml has to be mended first:\n"),
        (
            SUBJECT.partition("values:")[0] + FLOW,
            "late_fee_usd",
            "catalog/finance/rates.yml is not written a value a block; ",
        ),
        (SUBJECT.partition("values:")[0], "late_fee_usd", "catalog/finance/rates.yml has no values; "),
    ],
)
def test_a_fact_that_cannot_be_added(
    tree: Any, text: str, name: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    tree.write("finance/rates.yml", text)
    assert add_fact(tree, name) == 2
    assert capsys.readouterr().err.startswith(said)
    assert (tree.root / "finance/rates.yml").read_text() == text


WRONG = [
    (["device", "--id", "x"], "to add a device, say also\n  --label: What people call it, as in "),
    (["device", "--label", "日本"], "to add a device, say also\n  --id: Name of its file, as in "),
    (["device", "--label", "X", "--id", "No Spaces"], '--id "No Spaces" does not fit; write it like rtx-6090'),
    (["device", "--label", "X", "--id", "../x"], '--id "../x" does not fit; write it like rtx-6090'),
    (["device", "--label", " "], "--label is empty; write it like NVIDIA GeForce RTX 6090"),
    (["device", "--label", "a\nb"], '--label "a\nb" does not fit; write it like '),
    (["device", "--label", "X", "--today", "2026-02-30"], '--today "2026-02-30" is not a day of the calendar; '),
    (
        ["device", "--label", "X", "--source", "some-reprot"],
        '--source "some-reprot" is not among catalog/sources; did you mean "some-report"?',
    ),
    (
        ["device", "--label", "X", "--source", "zzzzzz"],
        '--source "zzzzzz" is not among catalog/sources; add it first: python -m catalog new source',
    ),
    (["device", "--label", "X", "--method", "guessed"], '--method "guessed" does not fit; write it like vendor-stated'),
    (
        ["fact", "--subject", "finance/rate"],
        '--subject "finance/rate" is not among subjects; did you mean "finance/rates"?',
    ),
    (
        ["fact", "--subject", "finance/rates", "--name", "a_usd", "--label", "A", "--unit", "usd"],
        '--unit "usd" is not among units; did you mean "USD"?',
    ),
    (["calculator", "--question", "What is it"], '--question "What is it" does not fit; write it like '),
    (["rental", "--hardware", "h100"], '--hardware "h100" is not among catalog/hardware'),
    ([], "say what to add: python -m catalog new WHAT, where WHAT is one of device, model, market, rental, "),
]


@pytest.mark.parametrize(("arguments", "said"), WRONG)
def test_wrong_answers_are_told_and_nothing_is_written(
    tree: Any, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(p for p in tree.root.parent.rglob("*") if p.is_file())
    root = ["--root", str(tree.root)] if arguments else []
    assert main(["new", *arguments, *root]) == 2
    assert capsys.readouterr().err.startswith(said)
    assert sorted(p for p in tree.root.parent.rglob("*") if p.is_file()) == before


def test_questions_are_asked_until_the_answer_fits(tree: Any) -> None:
    """At a terminal: an empty line takes the suggestion, or leaves open what may be open."""
    typed = iter(["", "A card", "No Spaces", "", "some-reprot", "", "", "2026-02-30", TODAY])
    asked: list[str] = []

    def ask(text: str) -> str:
        asked.append(text)
        return next(typed)

    answers = answered(_addition("device"), {}, Place(tree.root), ask)
    assert answers == {"label": "A card", "id": "a-card", "source": BLANK, "method": "reported", "today": TODAY}
    assert asked[0] == "What people call it, as in NVIDIA GeForce RTX 6090: "
    assert asked[1].startswith("is empty; write it like NVIDIA GeForce RTX 6090\nWhat people call it")
    assert asked[2] == "Name of its file, as in rtx-6090 [a-card]: "
    assert 'did you mean "some-report"?\nPublication that says so' in asked[5]
    assert len(asked) == 9
    written = write(_addition("device"), answers, Place(tree.root))
    assert [file.name for file in written] == ["catalog/hardware/a-card.yml"]


def _addition(name: str) -> Addition:
    return next(addition for addition in ADDITIONS if addition.name == name)


def test_at_a_terminal_everything_is_asked(
    tree: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = iter(["source", "A title", "An office", "https://www.some-office.gov/a", "a-title", TODAY])
    monkeypatch.setattr("builtins.input", lambda text: next(typed))
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("catalog.__main__.ROOT", tree.root)
    assert main(["new"]) == 0
    out = capsys.readouterr().out
    assert "  api-price   what one provider charges for the tokens of one model\n" in out
    assert "catalog/sources/a-title.yml: fill in line 7, 9, 10, 11\n" in out
    assert "\nid: a-title\ntitle: A title\n" in (tree.root / "sources/a-title.yml").read_text()


def test_leaving_in_the_middle_adds_nothing(
    tree: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def leave(text: str) -> str:
        raise EOFError

    monkeypatch.setattr("builtins.input", leave)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    for arguments in (["new"], ["new", "device", "--root", str(tree.root)]):
        assert main(arguments) == 2
        assert capsys.readouterr().err == "nothing was added\n"
    assert not (tree.root / "hardware").exists()


def test_a_unit_is_suggested_from_the_name(tree: Any) -> None:
    given = {"subject": "finance/rates", "label": "X"}
    for name, unit in (("rent_usd_per_kw_month", "USD/kW-month"), ("fee_usd", "USD"), ("layers", "count")):
        assert answered(_addition("fact"), {**given, "name": name}, Place(tree.root))["unit"] == unit


@pytest.mark.parametrize(
    ("text", "made"),
    [("NVIDIA GeForce RTX 6090", "nvidia-geforce-rtx-6090"), ("São Paulo, Nº 1!", "sao-paulo-no-1"), ("日本", "")],
)
def test_names_of_files(text: str, made: str) -> None:
    assert slug(text) == made


def test_a_page_without_a_list_is_not_added_to(tree: Any) -> None:
    answers = {"title": "A", "question": "B?", "id": "a"}
    with pytest.raises(NewError, match=r"docs/calculators/index\.md has no list of calculators to add to"):
        write(_addition("calculator"), answers, Place(tree.root))
    assert not (tree.root.parent / "calculators").exists()


def test_a_new_calculator_runs_and_keeps_the_contract(place: Place, tmp_path: Path) -> None:
    """In a copy of the code, since the calculators of a folder are those that have a file in it."""
    for folder in ("calculators", "catalog", "tests/calculators"):
        shutil.copytree(
            REPOSITORY / folder,
            tmp_path / folder,
            ignore=shutil.ignore_patterns("__pycache__", "*.yml"),
            dirs_exist_ok=True,
        )
    for name in ("tests/__init__.py", "tests/scenarios.py"):
        shutil.copy(REPOSITORY / name, tmp_path / name)
    shutil.copytree(REPOSITORY / "catalog/vocabulary", tmp_path / "catalog/vocabulary", dirs_exist_ok=True)
    assert new(place, "calculator") == 0
    index = (tmp_path / "docs/calculators/index.md").read_text()
    added = '\n[The "best" way](best-way.md)\n:   What does it cost to run?\n'
    assert index == INDEX.replace("\nMore text.", f"{added}\nMore text.")

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", *arguments]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)

    answer = run("calculators", "run", "best-way", "power_w=100", "daily_hours=10", "usd_per_kwh=0.2")
    assert "It costs $73.00 a year, $219.00 in all." in answer.stdout, answer.stderr
    tests = ["tests/calculators/test_contract.py", "tests/calculators/test_best_way.py", "-k", "best"]
    tested = run("pytest", "-q", "-p", "no:cacheprovider", "--import-mode=importlib", *tests)
    assert tested.returncode == 0, tested.stdout
    count = re.search(r"(\d+) passed", tested.stdout)
    assert count and int(count.group(1)) >= 25
    kept = run("ruff", "check", "--config", str(REPOSITORY / "pyproject.toml"), "calculators/best_way.py")
    formatted = run(
        "ruff", "format", "--check", "--config", str(REPOSITORY / "pyproject.toml"), "calculators/best_way.py"
    )
    assert (kept.returncode, formatted.returncode) == (0, 0), kept.stdout + formatted.stdout
