"""Claims of others, held against the calculators."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import catalog
from hooks.answers import Answers
from hooks.claims import CheckedClaim, Claim, Figure, check_claims, counts, judge, read_claims
from tests.hooks.conftest import Build, BuildFailed

ROOT = Path(__file__).parents[2]
BLOCK = """\
id: rtx-pro-6000-70b
says: An RTX PRO 6000 writes 100 to 120 tokens a second of a 70B model at 4 bits.
source: watkins-local-ai-hardware
locator: RTX PRO 6000
calculator: hardware-fit
inputs:
  hardware: rtx-pro-6000-blackwell
  model: llama-3-1-70b
  quantization: q4-k-m
metric: decode_tps
ceiling: bandwidth_ceiling_tps
claimed: [100, 120]
tolerance_pct: 10
"""
PAGE = f"# Page\n\n```claim\n{BLOCK}```\n"


def read(block: str) -> Claim:
    claims, problems = read_claims(f"```claim\n{block}```\n", "page.md")
    assert problems == []
    return claims[0]


@pytest.fixture(scope="module")
def facts() -> catalog.Catalog:
    return catalog.load()


@pytest.fixture(scope="module")
def answers() -> Answers:
    return Answers(ROOT)


@pytest.fixture(scope="module")
def of_the_site(facts: catalog.Catalog, answers: Answers) -> list[CheckedClaim]:
    claims = []
    for page in sorted((ROOT / "docs").rglob("*.md")):
        found, problems = read_claims(page.read_text(encoding="utf-8"), page.relative_to(ROOT / "docs").as_posix())
        assert problems == []
        claims += found
    checked, problems = check_claims(claims, facts, answers)
    assert problems == []
    return checked


# ---- judging

FIGURE = Figure(20.0, 18.0, 25.0, "20", "18 to 25")


@pytest.mark.parametrize(
    ("low", "high", "tolerance_pct", "figure", "ceiling", "verdict", "text"),
    [
        (20, 20, 0, FIGURE, None, "holds", "holds"),
        (25, 30, 0, FIGURE, None, "holds", "holds"),
        (26, 30, 5, FIGURE, None, "holds", "holds"),
        (26, 30, 0, FIGURE, None, "off", "off by 30 %: too high"),
        (10, 15, 0, FIGURE, None, "off", "off by 25 %: too low"),
        (10, 15, 20, FIGURE, None, "holds", "holds"),
        (20, 20, 50, FIGURE, 19.9, "cannot-be", "cannot be: above the physical ceiling"),
        (15, 30, 50, FIGURE, 26, "cannot-be", "cannot be in its upper part: above the physical ceiling"),
        (27, 30, 50, FIGURE, 26, "cannot-be", "cannot be: above the physical ceiling"),
        (26, 26, 50, FIGURE, 26, "holds", "holds"),
        (2000, 2000, 5, Figure(2.0, None, None, "2", ""), None, "off", "off by a factor of 1,000: too high"),
        (5, 5, 5, Figure(0.0, None, None, "0", ""), None, "off", "off: too high, it is nothing"),
        (5, 5, 5, Figure(None, None, None, "", ""), None, "cannot-be", "cannot be: the model does not fit"),
        (1, 1, 0, Figure(0, None, None, "no", ""), None, "off", "off: worked out here, it is no"),
        (0, 0, 0, Figure(0, None, None, "no", ""), None, "holds", "holds"),
        (100.4, 100.4, 0, Figure(100.0, None, None, "100", ""), None, "off", "off by 0.4 %: too high"),
    ],
)
def test_verdicts(
    low: float,
    high: float,
    tolerance_pct: float,
    figure: Figure,
    ceiling: float | None,
    verdict: str,
    text: str,
) -> None:
    claim = replace(read(BLOCK), low=low, high=high, tolerance_pct=tolerance_pct)
    judgement = judge(claim, figure, ceiling, "the model does not fit")
    assert (judgement.verdict, judgement.text) == (verdict, text)


# ---- the claims of the site


def test_the_site_checks_many_claims_and_not_all_hold(of_the_site: list[CheckedClaim]) -> None:
    counted = counts(of_the_site)
    assert sum(counted.values()) == len(of_the_site) >= 30
    assert counted["off"] + counted["cannot-be"] >= 8
    assert counted["holds"] >= 5
    assert len({(one.claim.source, one.claim.locator, one.claim.says) for one in of_the_site}) == len(of_the_site)


def test_a_claim_is_worked_out_with_its_own_inputs(facts: catalog.Catalog, answers: Answers) -> None:
    [checked], problems = check_claims([read(BLOCK)], facts, answers)
    assert problems == []
    assert checked.judgement.text == "cannot be: above the physical ceiling"
    report = answers.report("hardware-fit", {name: str(value) for name, value in checked.claim.inputs.items()})
    assert checked.figure.value == report["metrics"]["decode_tps"]["value"]
    assert checked.ceiling_text == report["metrics"]["bandwidth_ceiling_tps"]["text"]
    assert checked.claimed_text == "100 to 120 tok/s"
    assert checked.scenario == (
        "calculators/hardware-fit/?hardware=rtx-pro-6000-blackwell&model=llama-3-1-70b&quantization=q4-k-m"
    )


def test_a_claim_about_a_difference(facts: catalog.Catalog, answers: Answers) -> None:
    block = """\
id: pue-saving
says: Going from a PUE of 1.5 to one of 1.2 saves a fifth of the energy.
source: watkins-local-ai-hardware
locator: somewhere
calculator: colo-power
inputs: {pue: 1.2}
compared_with: {pue: 1.5}
metric: energy_kwh_year
claimed: 100
tolerance_pct: 1
"""
    [checked], problems = check_claims([read(block)], facts, answers)
    assert problems == []
    low, high = (answers.report("colo-power", {"pue": pue})["metrics"]["energy_kwh_year"] for pue in ("1.2", "1.5"))
    assert checked.figure.value == high["value"] - low["value"]


# ---- what an author can get wrong

WRONG: list[tuple[str, str, int, str, str]] = [
    (
        "metric: decode_tps",
        "metric: decod_tps",
        14,
        "metric",
        'hardware-fit has no metric "decod_tps"; did you mean "decode_tps"?',
    ),
    ("bandwidth_ceiling_tps", "ceiling_tps", 15, "ceiling", 'hardware-fit has no metric "ceiling_tps"'),
    ("model: llama-3-1-70b", "model: llama-3-1-70", 12, "inputs.model", "llama-3-1-70"),
    ("  hardware:", "  hardwear:", 11, "inputs.hardwear", "hardwear"),
    ("hardware-fit", "hardware-fits", 9, "calculator", 'unknown calculator "hardware-fits"; did you mean'),
    (
        "source: watkins-local-ai-hardware",
        "source: watkins-local-ai",
        7,
        "source",
        'unknown source "watkins-local-ai"; did you mean "watkins-local-ai-hardware"?',
    ),
    ("[100, 120]", "[120, 100]", 16, "claimed", "120 to 100 goes down; expected the lower one first; turn them round"),
    ("claimed: [100, 120]", "claimed: many", 16, "claimed", '"many" is not a number or a list'),
    ("tolerance_pct: 10\n", "", 5, "", 'has no "tolerance_pct"; expected by how many percent'),
    ("locator: RTX PRO 6000", "locater: RTX PRO 6000", 8, "locater", "unknown field; expected one of"),
    ("id: rtx-pro-6000-70b", "id: RTX 6000", 5, "id", '"RTX 6000" does not fit; expected a name of its own'),
    ("tolerance_pct: 10", "tolerance_pct: 1e3", 17, "tolerance_pct", "is text to some readers of YAML"),
]


@pytest.mark.parametrize(("old", "new", "line", "field", "message"), WRONG)
def test_what_is_wrong_has_a_line(
    facts: catalog.Catalog, answers: Answers, old: str, new: str, line: int, field: str, message: str
) -> None:
    assert PAGE.count(old) == 1
    claims, problems = read_claims("\n" + PAGE.replace(old, new), "page.md")
    if not problems:
        checked, problems = check_claims(claims, facts, answers)
        assert checked == []
    said = [text for text in problems if message in text]
    assert said, problems
    place = said[0].split(": ", 1)[0]
    assert place.startswith(f"docs/page.md:{line}")
    assert place.endswith(field)


def test_a_claim_that_stands_twice(facts: catalog.Catalog, answers: Answers) -> None:
    claim = read(BLOCK)
    _, problems = check_claims([claim, claim], facts, answers)
    assert (
        problems
        == [
            'docs/page.md:2 id: "rtx-pro-6000-70b" names 2 claims; expected a name of its own; change one',
        ]
        * 2
    )
    _, problems = check_claims([claim, replace(claim, id="other")], facts, answers)
    assert problems == [
        (
            'docs/page.md:3 says: says what "rtx-pro-6000-70b" says already, from the same place; expected each claim '
            "once; remove it"
        )
    ]


def test_all_mistakes_end_the_build_together(build_site: Build) -> None:
    wrong = PAGE.replace("decode_tps", "decod_tps").replace("rtx-pro-6000-70b", "a")
    also = PAGE.replace("tolerance_pct: 10\n", "")
    with pytest.raises(BuildFailed) as failed:
        build_site({"a.md": wrong, "b.md": also})
    assert 'docs/a.md:13 metric: hardware-fit has no metric "decod_tps"' in str(failed.value)
    assert 'docs/b.md:4: has no "tolerance_pct"' in str(failed.value)


def test_the_pages_show_claim_figure_and_verdict(build_site: Build) -> None:
    site = build_site({"index.md": PAGE})
    html = (site / "index.html").read_text(encoding="utf-8")
    for text in (
        'data-verdict="cannot-be"',
        "The claim cannot be: above the physical ceiling.",
        "100 to 120 tok/s",
        'href="./calculators/hardware-fit/?hardware=rtx-pro-6000-blackwell&amp;model=llama-3-1-70b',
        'href="./sources/#watkins-local-ai-hardware"',
        'href="./claims/#rtx-pro-6000-70b"',
    ):
        assert text in html, text
    table = (site / "claims/index.html").read_text(encoding="utf-8")
    assert table.count("<tr id=") == 1
    assert '<tr id="rtx-pro-6000-70b" data-verdict="cannot-be">' in table
    assert 'href="../#claim-rtx-pro-6000-70b"' in table


def test_markup_in_a_claim_is_text(build_site: Build) -> None:
    hostile = PAGE.replace("An RTX PRO 6000", '"<img src=x onerror=alert(1)> An RTX PRO 6000').replace(
        "4 bits.", '4 bits."'
    )
    site = build_site({"index.md": hostile})
    for page in ("index.html", "claims/index.html"):
        html = (site / page).read_text(encoding="utf-8")
        assert "<img src=x" not in html
        assert "&lt;img src=x" in html


def _fields(schema: dict[str, Any]) -> set[str]:
    return set(schema["properties"])


def test_the_documented_block_fits_the_schema() -> None:
    from catalog.schema import schema

    documented = read(BLOCK).document.data
    assert _fields(schema("claim")) >= set(documented)
