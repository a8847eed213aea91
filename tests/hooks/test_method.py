"""How a calculator works, as its page tells it: its own description, its source, and how to cite its answers."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from calculators import registry
from hooks import calculator_sources
from hooks.citation import citations
from hooks.method import blocks_of, method_of, source_files
from tests.hooks.conftest import Build

ROOT = Path(__file__).parents[2]
SOURCES = calculator_sources.sources(ROOT)

DESCRIPTION = """Which is it?

Method. First one thing,
then another.

Formulas (in whole numbers, k = 1, 2):
    area     a = w x h
    volume   v = a x d

Limits: nothing < nothing.
"""


def test_description_becomes_paragraphs_and_formulas() -> None:
    found = [(block.lead, block.text, block.is_formula) for block in blocks_of(DESCRIPTION.strip())]
    assert found == [
        ("Method", ". First one thing, then another.", False),
        ("Formulas", " (in whole numbers, k = 1, 2):", False),
        ("", "area     a = w x h\nvolume   v = a x d", True),
        ("Limits", ": nothing < nothing.", False),
    ]


@pytest.mark.parametrize("slug", registry.SLUGS)
def test_every_calculator_describes_itself(slug: str) -> None:
    method = method_of(slug, "A title", "A site", SOURCES)
    leads = [block.lead for block in method.blocks]
    assert {"Method", "Formulas", "Limits"} <= set(leads)
    assert [block for block in method.blocks if block.is_formula and len(block.text.splitlines()) >= 4]
    # Nothing of the description is lost on the way.
    docstring = ast.get_docstring(ast.parse(SOURCES[method.own.name])) or ""
    told = " ".join(block.lead + block.text for block in method.blocks)
    assert told.split() == docstring.partition("\n\n")[2].split()


def test_the_files_named_are_what_the_calculator_runs_on() -> None:
    method = method_of("colo-power", "A title", "A site", SOURCES)
    assert method.own.name == "calculators/colo_power.py"
    assert method.own.lines == len((ROOT / "calculators/colo_power.py").read_text().splitlines())
    names = [file.name for file in method.others]
    assert {"calculators/core/run.py", "calculators/core/format.py"} <= set(names)
    assert "calculators/hardware_fit.py" not in names and len(set(names)) == len(names)


def test_the_address_changes_with_any_source() -> None:
    before = source_files(SOURCES)
    after = source_files({**SOURCES, "calculators/core/format.py": "# other\n"})
    assert len(before) >= 12
    assert not {file.address for file in before.values()} & {file.address for file in after.values()}
    assert all(
        re.fullmatch(r"assets/source/[0-9a-f]{16}/calculators/[\w/]+\.py\.txt", f.address) for f in before.values()
    )
    version = method_of("colo-power", "A title", "A site", SOURCES).version
    assert version == before["calculators/colo_power.py"].address.split("/")[2][:8]


def test_sources_are_published_as_they_are(build_site: Build) -> None:
    site = build_site()
    published = source_files(SOURCES)
    for name, file in published.items():
        assert (site / file.address).read_text(encoding="utf-8") == SOURCES[name]
    written = {path.relative_to(site).as_posix() for path in (site / "assets/source").rglob("*") if path.is_file()}
    assert written == {file.address for file in published.values()}


def test_a_citation_names_everything_but_the_day() -> None:
    plain, bibtex = citations("A site", "a-slug", "Fit & finish", "12ab34cd")
    address = "https://example.org/calculators/a-slug/?rate_pct=7"
    dates = ["2026-01-01", "2024-12-31", "2025-06-30"]
    assert plain.text(address, "CPython", dates) == (
        "A site: Fit & finish. Calculator, version 12ab34cd, with facts as of 2024-12-31 to 2026-01-01, "
        f"worked out by CPython. {address}"
    )
    assert bibtex.text(address, "CPython", dates).splitlines() == [
        "@misc{reckoner-a-slug,",
        "  author = {{A site}},",
        "  title = {Fit \\& finish},",
        "  note = {Calculator, version 12ab34cd; facts as of 2024-12-31 to 2026-01-01; worked out by CPython},",
        f"  url = {{{address}}}",
        "}",
    ]
    one_day = plain.text(address, "CPython", ["2026-01-01", "2026-01-01"])
    assert "as of 2026-01-01, worked" in one_day
