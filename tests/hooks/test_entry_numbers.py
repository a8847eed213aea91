"""Numbers in entries say where they come from."""

from __future__ import annotations

from pathlib import Path

import pytest

import catalog
from hooks.entry_numbers import Numbers, unsourced
from tests.hooks.conftest import ENTRY, Build, BuildFailed

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("It draws 240 W.", "240 W"),
        ("It costs $4,699 now.", "$4,699"),
        ("A share of 12.5% remains.", "12.5%"),
        ("About 128 GB of memory.", "128 GB"),
        ("- one\n- two takes 7 GB\n", "7 GB"),
        ("| a | b |\n|---|---|\n| x | 5 kW |\n", "5 kW"),
        ("It ran 2000 tokens through.", "2000 tokens"),
        ("See [the other page](other.md): 9 GB.", "9 GB"),
        ("It was 47,000 in all.", "47,000"),
        ("See [the other page](entry:hardware/other): 9 GB.", "9 GB"),
    ],
)
def test_a_number_without_an_origin_is_found(text: str, number: str) -> None:
    assert [typed.text for typed in unsourced(text)] == [number]


@pytest.mark.parametrize(
    "text",
    [
        "It draws 240 W ([review](../../sources.md#some-review)).",
        'It moves {{ fact("hardware/dgx-spark", "bandwidth_gbs") }}, 273 in all.',
        "At most 273 ÷ 40.61 = 6.72 a second.",
        "In October 2026, on 23 September 2026, in 2025-26 and by 1999.",
        "An RTX 4090, an H100, Q4_K_M, Llama 3.3, gpt-oss-120b and LPDDR5x.",
        "A 4-bit model, 16 bits, a 24-port switch, the 1st of them, 70B.",
        "The losses are 150 kW of a megawatt.\n{ .worked-out }",
        "## 24 GB and more",
        "`12 GB` of code",
        "```\n12 GB\n```",
        "```claim\nclaimed: 12\n```",
        "From [here](https://somewhere.org/12/34) and [there][5].",
        "The figures are of [a test](../../sources.md#t):\n\n| a | b |\n|---|---|\n| x | 5 kW |\n| y | 6 kW |\n",
        "| a | b |\n|---|---|\n| x | 5 kW |\n\nFrom [a test](../../sources.md#t).",
        "See [what 24 GB hold](unified-memory.md).",
        "It draws 240 W ([review](source:some-review)).",
        "It moves 273 GB/s ([row](catalog:hardware/dgx-spark#bandwidth_gbs)).",
        "See [what 24 GB hold](entry:hardware/unified-memory).",
    ],
)
def test_what_is_in_order(text: str) -> None:
    assert unsourced(text) == []


def test_names_of_the_catalog_are_no_quantities() -> None:
    assert [typed.text for typed in unsourced("The big Thing (GB10, 128 GB) is here.")] == ["128 GB"]
    assert unsourced("The big Thing (GB10, 128 GB) is here.", ["Thing (GB10, 128 GB)"]) == []


def test_the_line_is_that_of_the_number() -> None:
    text = "---\ntitle: 5 GB\n---\n\nOne\ntwo\nthree 3 GB.\n"
    assert [(typed.line, typed.text) for typed in unsourced(text)] == [(7, "3 GB")]


def test_a_typed_number_that_the_catalog_knows_is_a_warning() -> None:
    numbers = Numbers(catalog.load())
    text = 'It has {{ fact("hardware/dgx-spark", "memory_gb") }}.\n\nIt moves 273 GB/s and 274 GB/s.\n'
    expected = [
        (
            'docs/x.md:3: "273 GB/s" is in the catalog; {{ fact("hardware/dgx-spark", "bandwidth_gbs") }} '
            "keeps it in step"
        )
    ]
    assert numbers.warnings(text, "docs/x.md") == expected
    assert numbers.warnings("\n\nIt moves 273 GB/s.", "docs/x.md") == [], "nothing says which device is meant"
    declared = ["hardware/dgx-spark/power_w"]
    assert numbers.warnings("\n\nIt moves 273 GB/s.", "docs/x.md", declared) == expected
    assert numbers.warnings("It has 128 GB.", "docs/x.md", declared) == [], "many devices have as much"


def test_every_entry_of_the_site_is_in_order() -> None:
    numbers = Numbers(catalog.load())
    entries = sorted((ROOT / "docs" / "research").rglob("*.md"))
    assert len(entries) >= 7
    for entry in entries:
        assert numbers.problems(entry.read_text(encoding="utf-8"), entry.name) == []


def test_the_build_fails_with_file_and_line(build_site: Build) -> None:
    page = ENTRY.replace("## What it is\n", "## What it is\n\nIt draws 240 W.\n")
    with pytest.raises(BuildFailed) as failed:
        build_site({"research/hardware/subject.md": page})
    line = page.splitlines().index("It draws 240 W.") + 1
    assert (
        f'docs/research/hardware/subject.md:{line}: "240 W" does not say where it comes from; expected '
        "{{ fact(...) }}, a link to sources.md#<id> or a sum in its paragraph, item or row, or a claim block; "
        "write its source, or { .worked-out } at the end of the paragraph that explains it"
    ) in str(failed.value)
