"""Facts quoted in prose by reference."""

from __future__ import annotations

import pytest

import catalog
from hooks.fact_references import with_facts
from tests.hooks.conftest import ENTRY, Build, BuildFailed

BANDWIDTH = '{{ fact("hardware/dgx-spark", "bandwidth_gbs") }}'


@pytest.fixture(scope="module")
def facts() -> catalog.Catalog:
    return catalog.load()


def test_a_reference_becomes_a_link_to_the_row_of_the_fact(facts: catalog.Catalog) -> None:
    written, problems = with_facts(f"It moves {BANDWIDTH}.\n", "research/hardware/x.md", facts)
    assert problems == []
    assert written == (
        "It moves [273\N{NO-BREAK SPACE}GB/s](../../catalog/hardware/dgx-spark.md#bandwidth_gbs){ .rk-fact "
        'title="NVIDIA DGX Spark (GB10, 128 GB): Memory bandwidth, as of 2026-04-07, reported, '
        'LMSYS (Jerry Zhou, Richard Chen)" }.\n'
    )


def test_several_in_a_line_and_in_a_table(facts: catalog.Catalog) -> None:
    written, problems = with_facts(f"| {BANDWIDTH} | {BANDWIDTH} |", "index.md", facts)
    assert problems == []
    assert written.count("](catalog/hardware/dgx-spark.md#bandwidth_gbs)") == 2
    assert written.count(" | ") == 1


@pytest.mark.parametrize(
    "code", [f"`{BANDWIDTH}`", f"```\n{BANDWIDTH}\n```", f"~~~jinja\n{BANDWIDTH}\n~~~", f"<!-- {BANDWIDTH} -->"]
)
def test_code_stays_as_it_is(facts: catalog.Catalog, code: str) -> None:
    assert with_facts(code, "index.md", facts) == (code, [])


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (
            '{{ fact("hardware/dgx-sparc", "bandwidth_gbs") }}',
            ('unknown fact "hardware/dgx-sparc/bandwidth_gbs"; did you mean "hardware/dgx-spark/bandwidth_gbs"?'),
        ),
        (
            '{{ fact("hardware/dgx-spark", "bandwith_gbs") }}',
            'unknown fact "hardware/dgx-spark/bandwith_gbs"; did you mean "hardware/dgx-spark/bandwidth_gbs"?',
        ),
        (
            "{{ page.title }}",
            '"{{ page.title }}" is not a reference to a fact; expected {{ fact("kind/slug", "name") }}',
        ),
        (
            '{{ fact("hardware/dgx-spark") }}',
            (
                '"{{ fact("hardware/dgx-spark") }}" is not a reference to a fact; '
                'expected {{ fact("kind/slug", "name") }}'
            ),
        ),
    ],
)
def test_what_is_wrong_is_said(facts: catalog.Catalog, written: str, message: str) -> None:
    assert with_facts(f"a\n\nb {written} c", "index.md", facts) == (f"a\n\nb {written} c", [(3, message)])


def test_a_page_of_the_site(build_site: Build) -> None:
    page = ENTRY.replace("## What it is\n", f"## What it is\n\nIt moves {BANDWIDTH}.\n")
    site = build_site({"research/hardware/subject.md": page})
    html = (site / "research/hardware/subject/index.html").read_text(encoding="utf-8")
    assert 'href="../../../catalog/hardware/dgx-spark/#bandwidth_gbs"' in html
    assert 'class="rk-fact"' in html
    device = (site / "catalog/hardware/dgx-spark/index.html").read_text(encoding="utf-8")
    assert "A subject" in device, "the device's page names the entry that refers to its fact"


def test_the_build_fails_with_file_line_and_suggestion(build_site: Build) -> None:
    page = ENTRY.replace("## What it is\n", '## What it is\n\n{{ fact("hardware/dgx-spark", "bandwith_gbs") }}\n')
    with pytest.raises(BuildFailed) as failed:
        build_site({"research/hardware/subject.md": page})
    line = page.splitlines().index('{{ fact("hardware/dgx-spark", "bandwith_gbs") }}') + 1
    assert (
        f'docs/research/hardware/subject.md:{line}: unknown fact "hardware/dgx-spark/bandwith_gbs"; '
        'did you mean "hardware/dgx-spark/bandwidth_gbs"?'
    ) in str(failed.value)
