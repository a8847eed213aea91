"""Thousands of files: what building them costs against half as many, and against plain Material.

The facts and entries are made up, in the shapes that real ones have: rentals with a series, facilities with claims,
a value derived from the one before; entries with references, a table, links to sources. They stay out of the
navigation, which Material would otherwise draw again on every page. Plain Material gets the content of the very pages
that our build has made, with the same features, extensions and search.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import yaml

import catalog
from calculators import registry
from calculators._fit import CALCULATOR, FitMatrix
from calculators.core import Facts
from tests.bench.table import Figure
from tests.site_build import ROOT

FACT_FILES = 5000
ENTRIES = 2000
SOURCES = 500
GROWTH = 2.2
AGAINST_MATERIAL = 2.0
MATRIX_S = 20.0
CELL_MS = 0.1

_SOURCE = """\
id: made-source-{n}
title: Made-up report {n}
producer: Office {n}
url: https://reports.made-up-office.org/{n}
published: 2025-01
accessed: 2026-01-15
licence: null
kind: primary
read_via: stored copy of a page that was made up
"""
_CITED = "[{{source: made-source-{s}, locator: page {n}}}]"
_RENTAL = """\
id: rentals/made-{n}
label: Made-up rental {n}
summary: What nobody asks for an hour of nothing, number {n}.
values:
  hardware:
    {{label: Device, value: {device}, unit: text, as_of: 2025-01-31, method: reported, sources: {cited}}}
  gpus:
    {{label: GPUs, value: {gpus}, unit: count, as_of: 2025-01-31, method: reported, sources: {cited}}}
  usd_per_gpu_hour:
    label: Price of one GPU for an hour
    unit: USD/GPU-hour
    series:
{earlier}      - {{value: {price}.5, as_of: 2024-01-31, method: reported, sources: {cited}}}
      - {{value: {price}.25, as_of: 2025-01-31, method: reported, sources: {cited}}}
"""
_EARLIER = """\
      - {{value: {price}.75, as_of: 2022-01-31, method: reported, sources: {cited}}}
      - {{value: {price}.6, as_of: 2023-01-31, method: reported, sources: {cited}}}
"""
CHARTED = 4
"""One rental in so many has a series that is long enough for a chart, about as in the real catalog."""
_FACILITY = """\
id: facilities/made-{n}
label: Made-up hall {n}
summary: A hall that nobody has built, number {n}.
values:
  rack_kw:
    label: Power of a rack
    unit: kW
    claims:
      - {{value: {kw}, as_of: 2025-01-31, method: reported, sources: {cited}}}
      - {{value: {kw}.5, as_of: 2025-03-31, method: vendor-stated, sources: {cited}}}
    chosen: {{rule: lowest, because: A rack that is too strong for its place is of no use.}}
  doubled_kw:
    label: Power of two racks
    value: {doubled_kw}
    unit: kW
    as_of: 2025-03-31
    method: derived
    derived_from: [facilities/made-{n}/rack_kw]
    formula: twice the power of a rack
"""
_ENTRY = """\
---
title: Made-up subject {n}
summary: What nobody needs to know of the subject with the number {n}.
topic: made-up-{topic}
tags: [made-up]
reviewed: 2026-01-15
review_after_days: 180
facts: []
calculators: []
sources: [made-source-{s}, made-source-{t}, irs-rev-proc-2025-32]
---

# Made-up subject {n}

## What it is

A hall draws {{{{ fact("facilities/made-{f}", "rack_kw") }}}} for each rack, or twice that for two:
{{{{ fact("facilities/made-{f}", "doubled_kw") }}}}. {prose}

## Why it matters

{prose}

| Rack | Power | Source |
|---|---|---|
| one | {n} kW | [office](../../sources.md#made-source-{s}) |
| two | {n} kW | [office](../../sources.md#made-source-{t}) |

## Recent developments

- **One** thing has happened ([office](../../sources.md#made-source-{s})).
- *Another* has not. {prose}

## Key people and organisations

{prose}

## Sources

- [Office](../../sources.md#made-source-{s}) and [another](../../sources.md#made-source-{t}).
"""
_PROSE = (
    "The text of an entry goes on for a while, with a word in *italics* now and then, a `name` in code, and "
    "sentences of about this length, so that a page takes as long to read as those of people. "
) * 4


def fit_matrix() -> list[Figure]:
    """Seconds for what fits where in the whole catalog, and for a cell of it."""
    facts = Facts(catalog.facts_bundle(catalog.load(), registry.load(CALCULATOR).facts))
    matrix = FitMatrix(facts)
    devices, models = facts.subjects("hardware"), facts.subjects("models")
    started = time.perf_counter()
    cells = sum(len(matrix.cells(device, model)) for device, _ in devices for model, _ in models)
    seconds = time.perf_counter() - started
    return [
        Figure(f"what fits, {cells} cells", seconds, "s", MATRIX_S),
        Figure("what fits, a cell", 1000 * seconds / cells, "ms", CELL_MS),
    ]


def measure(folder: Path, say: Callable[[str], None]) -> list[Figure]:
    """Seconds of builds in a row: half of the files, all of them, and plain Material with the same pages.

    Each tree is built twice. The first build also makes what is kept for later ones (engines, answers, charts); the
    second is compared, since plain Material makes none of these.
    """
    half = _tree(folder / "half", FACT_FILES // 2, ENTRIES // 2)
    whole = _tree(folder / "whole", FACT_FILES, ENTRIES)
    figures = []
    again_s = []
    site = folder
    for tree, facts, entries in ((half, FACT_FILES // 2, ENTRIES // 2), (whole, FACT_FILES, ENTRIES)):
        for name in ("nothing kept", "again"):
            say(f"  building with {facts} fact files and {entries} entries, {name} ...")
            seconds, site = _build(tree)
            figures.append(Figure(f"{facts} fact files, {entries} entries, {name}", seconds, "s"))
        again_s.append(seconds)
    plain, pages = _plain(folder / "plain", site)
    say(f"  building {pages} pages with plain Material ...")
    plain_s, _ = _build(plain)
    return [
        *figures,
        Figure("all files against half of them", again_s[1] / again_s[0], "times", GROWTH),
        Figure(f"plain Material, the same {pages} pages", plain_s, "s"),
        Figure("ours against plain Material", again_s[1] / plain_s, "times", AGAINST_MATERIAL),
    ]


def _tree(folder: Path, fact_files: int, entries: int) -> Path:
    """The sources with made-up files besides the real ones, and nothing kept from earlier builds."""
    folder.mkdir()
    for path in ROOT.iterdir():
        if path.name not in ("docs", "catalog", "site", ".git", ".cache", "tests"):
            (folder / path.name).symlink_to(path, target_is_directory=path.is_dir())
    for name in ("docs", "catalog"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    devices = sorted(path.stem for path in (ROOT / "catalog" / "hardware").glob("*.yml"))
    for n in range(SOURCES):
        (folder / "catalog" / "sources" / f"made-source-{n}.yml").write_text(_SOURCE.format(n=n), encoding="utf-8")
    for n in range(fact_files):
        cited = _CITED.format(s=n % SOURCES, n=n + 1)
        kind, text = ("rentals", _RENTAL) if n % 2 else ("facilities", _FACILITY)
        price = n % 9 + 1
        filled = text.format(
            earlier=_EARLIER.format(price=price, cited=cited) if n % (2 * CHARTED) == 1 else "",
            n=n,
            cited=cited,
            device=devices[n % len(devices)],
            gpus=n % 8 + 1,
            price=price,
            kw=n % 100 + 10,
            doubled_kw=2 * (n % 100 + 10),
        )
        (folder / "catalog" / kind / f"made-{n}.yml").write_text(filled, encoding="utf-8")
    for n in range(entries):
        topic = f"made-up-{n % 20}"
        path = folder / "docs" / "research" / topic / f"subject-{n}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        fact = 2 * (n % (fact_files // 2))
        s, t = n % SOURCES, (n + 1) % SOURCES
        text = _ENTRY.format(n=n, topic=n % 20, s=s, t=t, f=fact, prose=_PROSE)
        path.write_text(text, encoding="utf-8")
    return folder


def _build(tree: Path) -> tuple[float, Path]:
    """Seconds of a build, and the folder of its site."""
    site = tree / "site"
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(site)],
        cwd=tree,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(tree)},
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - started
    assert done.returncode == 0, f"the build failed:\n{done.stdout[-4000:]}{done.stderr[-4000:]}"
    return seconds, site


_CONTENT = re.compile(r'<article class="md-content__inner[^"]*">(.*)</article>', re.DOTALL)


def _plain(folder: Path, site: Path) -> tuple[Path, int]:
    """A project of plain Material whose pages have the content of those in `site`."""
    pages = 0
    for page in sorted(site.rglob("index.html")):
        content = _CONTENT.search(page.read_text(encoding="utf-8"))
        if not content:
            continue
        pages += 1
        path = folder / "docs" / page.relative_to(site).with_suffix(".md")
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = (line for line in content.group(1).splitlines() if line.strip())  # a blank line ends a block of HTML
        path.write_text("<div>\n" + "\n".join(lines) + "\n</div>\n", encoding="utf-8")
    assert pages > FACT_FILES + ENTRIES, f"only {pages} pages were built"
    ours = yaml.safe_load(re.sub(r"!ENV \[[^\]]*\]", '""', (ROOT / "mkdocs.yml").read_text(encoding="utf-8")))
    theme = {name: ours["theme"][name] for name in ("name", "language", "font", "palette", "features")}
    settings = {
        "site_name": ours["site_name"],
        "site_url": "http://127.0.0.1:8000/",
        "theme": theme,
        "plugins": ["search"],
        "markdown_extensions": ours["markdown_extensions"],
        "nav": [{"Home": "index.md"}],
        "not_in_nav": "/*/",
        "validation": {"links": {"not_found": "ignore", "anchors": "ignore", "unrecognized_links": "ignore"}},
    }
    (folder / "mkdocs.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    return folder, pages
