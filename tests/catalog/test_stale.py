"""python -m catalog stale: what is due for review on a day that the caller names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import catalog
from catalog import stale, vocabulary
from catalog.__main__ import main
from catalog.errors import CatalogError

REPOSITORY = Path(catalog.__file__).parent.parent
RATES = "finance/rates.yml"
VALUE = "catalog/finance/rates.yml"

# Of 2025-01-31: due after 30 days, after 365 (the kind's), and, worked out from these, never by itself.
FACTS = """\
id: finance/rates
label: Rates
summary: Rates that the tests look at.
values:
  fee_usd:
    label: Fee
    value: 12.5
    unit: USD
    as_of: 2025-01-31
    method: reported
    sources:
      - {source: some-report, locator: page 3}
    review_after_days: 30
  share_pct:
    label: Share
    value: 3
    unit: "%"
    as_of: 2025-01-31
    method: derived
    formula: the share that the report gives
    sources:
      - {source: some-report, locator: page 4}
      - {source: some-report, locator: page 5}
  twice_usd:
    label: Twice the fee
    value: 25
    unit: USD
    as_of: 2020-01-31
    method: derived
    formula: two times the fee
    derived_from: [finance/rates/fee_usd]
"""
ENTRY = """\
---
title: A subject
summary: A sentence that says what readers learn.
topic: money
tags: [some-tag]
reviewed: 2025-01-01
review_after_days: 60
facts: []
calculators: []
sources: [some-report, b-report, c-report]
---
# A subject
"""


@pytest.fixture
def aged(tree: Any) -> Any:
    text = (tree.root / "sources/some-report.yml").read_text()
    tree.write(RATES, FACTS)
    for name in ("b-report", "c-report"):
        tree.write(f"sources/{name}.yml", text.replace("some-report", name).replace("/report", f"/{name}"))
    tree.write("docs/research/money/subject.md", ENTRY)
    return tree


def due(tree: Any, today: str, within: int = 0) -> list[tuple[str, str, int]]:
    return [(item.due, item.ref, item.days_over) for item in stale.due(tree.load(), tree.docs, today, within)]


FEE, SHARE, PAGE = "finance/rates/fee_usd", "finance/rates/share_pct", "docs/research/money/subject.md"


def test_the_longest_overdue_comes_first(aged: Any) -> None:
    assert vocabulary.kinds()["finance"].review_after_days == 365
    assert due(aged, "2025-03-01") == []
    assert due(aged, "2025-03-02") == [("2025-03-02", PAGE, 0), ("2025-03-02", FEE, 0)]
    assert due(aged, "2026-02-01") == [("2025-03-02", PAGE, 336), ("2025-03-02", FEE, 336), ("2026-01-31", SHARE, 1)]


def test_what_will_be_due(aged: Any) -> None:
    assert due(aged, "2025-03-01", within=1) == [("2025-03-02", PAGE, -1), ("2025-03-02", FEE, -1)]
    assert len(due(aged, "2025-03-01", within=335)) == 2
    assert len(due(aged, "2025-03-01", within=336)) == 3


def test_the_newest_observation_counts(aged: Any) -> None:
    series = """\
    series:
      - {value: 10, as_of: 2020-01-31, method: reported, sources: [{source: some-report, locator: page 3}]}
      - {value: 12, as_of: 2025-02-28, method: reported, sources: [{source: b-report, locator: page 4}]}
"""
    single = FACTS[FACTS.index("    value: 12.5") : FACTS.index("    review_after_days: 30")]
    aged.write(RATES, FACTS.replace(single, "    unit: USD\n" + series))
    items = [item for item in stale.due(aged.load(), aged.docs, "2025-04-01") if item.ref == FEE]
    assert [(item.due, item.last, item.line) for item in items] == [("2025-03-30", "2025-02-28", 10)]
    assert [citation.source for citation in items[0].sources] == ["b-report"]


TEXT = f"""\
2025-03-02 (1 day ago)  {PAGE}
    {PAGE}:6  A subject, of 2025-01-01
    read again: some-report  https://www.some-office.gov/report
    read again: b-report  https://www.some-office.gov/b-report
    read again: c-report  https://www.some-office.gov/c-report
2025-03-02 (1 day ago)  {FEE}
    {VALUE}:5  Rates: Fee, of 2025-01-31
    read again: some-report, page 3  https://www.some-office.gov/report
2 things are due for review on 2025-03-03.
"""


def test_text_and_json_say_the_same(aged: Any, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["stale", "--root", str(aged.root), "--today", "2025-03-03"]
    assert main(command) == 0
    assert capsys.readouterr().out == TEXT
    assert main([*command, "--format", "json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["today"] == "2025-03-03"
    assert [item["ref"] for item in said["due"]] == [PAGE, FEE]
    assert said["due"][1] == {
        "ref": FEE,
        "label": "Rates: Fee",
        "due": "2025-03-02",
        "days_over": 1,
        "last": "2025-01-31",
        "file": VALUE,
        "line": 5,
        "sources": [{"source": "some-report", "locator": "page 3", "url": "https://www.some-office.gov/report"}],
    }


def test_nothing_due_is_said(aged: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stale", "--root", str(aged.root), "--today", "2025-02-01"]) == 0
    assert capsys.readouterr().out == "0 things are due for review on 2025-02-01.\n"
    assert main(["stale", "--root", str(aged.root), "--today", "2025-02-01", "--due-within", "29"]) == 0
    assert capsys.readouterr().out.startswith(f"2025-03-02 (in 29 days)  {PAGE}\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "the following arguments are required: --today"),
        (["--today", "soon"], '"soon" is not a day written as YYYY-MM-DD'),
        (["--today", "2025-02-01", "--due-within", "-1"], "argument --due-within: "),
        (["--today", "2025-02-01", "--due-within", "x"], '"x" is not a number of days'),
    ],
)
def test_the_day_has_to_be_named(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["stale", *arguments])
    assert caught.value.code == 2
    assert said in capsys.readouterr().err


def test_a_broken_entry_is_told(aged: Any, capsys: pytest.CaptureFixture[str]) -> None:
    aged.write("docs/research/money/subject.md", ENTRY.replace("reviewed: 2025-01-01", "reviewed: 2025"))
    assert main(["stale", "--root", str(aged.root), "--today", "2025-03-03"]) == 1
    assert capsys.readouterr().err.startswith(f"{PAGE}:6 reviewed: 2025 is not text; ")
    with pytest.raises(CatalogError):
        stale.due(catalog.load(), aged.docs, "2025-03-03")


def test_every_source_of_the_real_catalog_is_due_some_day() -> None:
    loaded = catalog.load()
    items = stale.due(loaded, REPOSITORY / "docs", "2099-01-01")
    sourced = [value.ref for value in loaded.values() if value.chosen.sources]
    pages = list((REPOSITORY / "docs/research").rglob("*.md"))
    assert len(sourced) >= 1000
    assert sorted(item.ref for item in items if "/research/" not in item.ref) == sorted(sourced)
    assert len([item for item in items if "/research/" in item.ref]) == len(pages) >= 6
    assert [item.due for item in items] == sorted(item.due for item in items)
    text = stale.as_text(items, loaded, "2099-01-01")
    assert text.count("read again: ") == sum(len(item.sources) for item in items)
