"""Pages of the catalog: a specification for each subject, a list for each kind, and the whole."""

from __future__ import annotations

import html
import json
import re
from dataclasses import fields, replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest

import catalog
from calculators.core.units import fact_text
from catalog import Catalog, Citation, Measurement, MeasurementTable, vocabulary
from catalog.choice import RULES
from hooks.catalog_pages import (
    HtmlPage,
    IndexContext,
    KindContext,
    Preset,
    SubjectContext,
    address,
    catalog_pages,
    presets,
    subject_uri,
    subjects_of,
    used_kinds,
)
from hooks.entries import Entry
from hooks.sources_page import sources_markdown
from hooks.widget import templates
from tests.catalog.conftest import SOURCE, Tree
from tests.hooks.conftest import ROOT, Build

BOX = """\
id: hardware/box
label: The <b>Box</b> & more
summary: A device that only these tests know.
values:
  memory_gb:
    label: Memory
    value: 128
    unit: GB
    as_of: 2025-10-14
    method: vendor-stated
    sources:
      - {source: some-report, locator: "page 3", quote: "128 GB <of> memory"}
    note: Shared with the operating system.
    review_after_days: 365
  power_w:
    label: Power
    unit: W
    claims:
      - value: 240
        as_of: 2025-10-14
        method: vendor-stated
        sources: [{source: some-report, locator: page 4}]
      - value: 156
        as_of: 2025-11-01
        method: measured
        sources: [{source: other-report, locator: table 1}]
        note: At the wall.
    chosen:
      rule: measured
      because: Somebody held a meter to it.
    note: Of the whole machine.
  bandwidth_gbs:
    label: Memory bandwidth
    value: 273
    unit: GB/s
    as_of: 2025-10-14
    method: derived
    derived_from: [hardware/box/memory_gb, hardware/chip/bandwidth_gbs]
    formula: eight channels of 34.1 GB/s
"""
CHIP = """\
id: hardware/chip
label: A chip
summary: The chip in the box, without the box.
values:
  bandwidth_gbs:
    label: Bandwidth
    value: 273
    unit: GB/s
    as_of: 2025-10-14
    method: reported
    sources: [{source: some-report, locator: page 3}]
"""
PRESETS = [Preset("hardware", "calculators/fit/", "device", "Fit", "Does it fit?"), Preset("colo", "c/", "m", "C", "?")]
ENTRIES = [
    Entry("research/hardware/box.md", "On boxes", "What a box is.", "hardware", "", (), ("hardware/box/power_w",)),
    Entry("research/hardware/other.md", "On boxes-2", "No.", "hardware", "", (), ("hardware/box-2/power_w",)),
]


@pytest.fixture
def small(tree: Tree) -> Catalog:
    """A catalog with two devices."""
    tree.write("sources/other-report.yml", SOURCE.replace("some-report", "other-report").replace("/report", "/other"))
    tree.write("hardware/box.yml", BOX)
    tree.write("hardware/chip.yml", CHIP)
    return tree.load()


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path)


def pages_of(loaded: Catalog) -> dict[str, HtmlPage]:
    return catalog_pages(loaded, templates(ROOT), PRESETS, ENTRIES)


def row(page: str, name: str) -> list[str]:
    """The texts of the cells of a value's row."""
    found = page.split(f'<tr id="{name}">')[1].split("</tr>")[0]
    return [text_of(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", found, re.S)]


def text_of(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).replace("¶", "").split())


# ---- one subject


def test_a_value_says_unit_day_method_and_source(small: Catalog) -> None:
    page = pages_of(small)["catalog/hardware/box.md"].html
    assert row(page, "memory_gb") == [
        "Memory",
        "128 GB",
        "2025-10-14 to be looked at again by 2026-10-14",
        "vendor-stated Shared with the operating system.",
        "Some office, Some report , page 3: 128 GB <of> memory",
    ]
    assert '<a href="../../../sources/#some-report">Some office, Some report</a>, page 3: <q>' in page


def test_a_derived_value_leads_to_what_it_is_derived_from(small: Catalog) -> None:
    page = pages_of(small)["catalog/hardware/box.md"].html
    assert row(page, "bandwidth_gbs")[3] == ("derived: eight channels of 34.1 GB/s (from Memory ; A chip: Bandwidth )")
    assert 'href="../../../catalog/hardware/chip/#bandwidth_gbs"' in page
    assert 'href="../../../catalog/hardware/box/#memory_gb"' in page


def test_claims_stand_side_by_side_with_the_rule_and_the_reason(small: Catalog) -> None:
    page = pages_of(small)["catalog/hardware/box.md"].html
    assert row(page, "power_w")[1] == "156 W 2 claims"
    assert row(page, "power_w")[3] == "measured At the wall. Of the whole machine."
    part = page.split('<h3 id="power_w-claims">')[1]
    assert f"Used: 156 W, {RULES['measured'].description}. Somebody held a meter to it." in text_of(part)
    rows = [text_of(found) for found in re.findall(r"<tr(?: class[^>]*)?>(<td.*?)</tr>", part, re.S)]
    assert [" ".join(found.split()[:4]) for found in rows] == [
        "240 W 2025-10-14 vendor-stated",
        "156 W used 2025-11-01",
    ]
    assert part.count('class="rk-used"') == 1
    assert "Where sources disagree" not in pages_of(small)["catalog/hardware/chip.md"].html


def test_calculators_that_choose_the_kind_open_with_the_subject(small: Catalog) -> None:
    page = pages_of(small)["catalog/hardware/box.md"].html
    assert re.findall(r'class="md-button" href="([^"]+)"', page) == ["../../../calculators/fit/?device=box"]


def test_entries_that_name_a_fact_of_the_subject_are_listed(small: Catalog) -> None:
    page = pages_of(small)["catalog/hardware/box.md"].html
    assert '<a href="../../../research/hardware/box/">On boxes</a>: What a box is.' in page
    assert "boxes-2" not in page
    assert "Entries that mention it" not in pages_of(small)["catalog/hardware/chip.md"].html


def test_the_file_to_mend_is_named(small: Catalog) -> None:
    assert "<code>catalog/hardware/box.yml</code>" in pages_of(small)["catalog/hardware/box.md"].html


def test_texts_are_text_and_not_markup(small: Catalog) -> None:
    for page in pages_of(small).values():
        assert "<b>" not in page.html and "<of>" not in page.html
    page = pages_of(small)["catalog/hardware/box.md"]
    assert "<h1>The &lt;b&gt;Box&lt;/b&gt; &amp; more</h1>" in page.html
    hostile = replace(page, title='a "b" \\ : # c', description="é <i>")
    assert json.loads(hostile.source.splitlines()[1].removeprefix("title: ")) == 'a "b" \\ : # c'
    assert "&lt;i&gt;" in hostile.brief


def test_templates_use_every_field_of_their_context() -> None:
    looked_at = 0
    parts = (ROOT / "hooks/templates/catalog_parts.html.jinja").read_text()
    for context, name in ((SubjectContext, "subject"), (KindContext, "kind"), (IndexContext, "index")):
        template = (ROOT / f"hooks/templates/catalog_{name}.html.jinja").read_text() + parts
        for field in fields(context):
            assert re.search(rf"\b{field.name}\b", template), f"{name}: {field.name}"
            looked_at += 1
    assert looked_at >= 20


# ---- published measurements


def measured(small: Catalog) -> Catalog:
    """The small catalog with a model, a quantization and three measurements on the box."""
    box, chip = small.subject("hardware/box"), small.subject("hardware/chip")
    model = replace(chip, id="models/m-8b", kind="models", slug="m-8b", label="M 8B", values={})
    quantization = replace(chip, id="quantizations/q4", kind="quantizations", slug="q4", label="Q4", values={})
    row = Measurement(
        hardware="box",
        model="m-8b",
        quantization="q4",
        weights_gb=4.92,
        context_tokens=4096,
        new_tokens=32,
        batch=1,
        phase="decode",
        tps=40.25,
        devices=1,
        parallelism=None,
        interconnect="none",
        engine="llama.cpp",
        engine_version="llama.cpp of May 2024",
        excluded="",
        note="",
        place=box.place,
    )
    odd = replace(row, tps=99999, devices=4, parallelism="tensor", interconnect="nvlink", excluded="beyond the ceiling")
    full = replace(
        row, batch=None, context_tokens=None, phase="prefill", engine="vllm", engine_version="not stated", note="Odd."
    )
    table = MeasurementTable(
        id="benchmarks/t",
        slug="t",
        label="T",
        summary="S",
        hardware="box",
        as_of="2025-12-01",
        method="measured",
        citation=Citation("other-report", "table <2>"),
        engine="llama.cpp",
        engine_version="llama.cpp of May 2024",
        note="Of the shop's machine.",
        rows=(full, odd, row),
        place=box.place,
    )
    subjects = {**small.subjects, model.id: model, quantization.id: quantization}
    return replace(small, subjects=subjects, benchmarks={"t": table})


@pytest.mark.parametrize(
    ("uri", "head", "other"),
    [("catalog/hardware/box.md", "Model", "M 8B"), ("catalog/models/m-8b.md", "Device", "The <b>Box</b> & more")],
)
def test_measurements_stand_on_the_pages_of_the_device_and_of_the_model(
    small: Catalog, uri: str, head: str, other: str
) -> None:
    page = pages_of(measured(small))[uri].html.split('<h2 id="published-measurements">')[1]
    assert f'<th scope="col">{head}</th>' in page
    rows = re.findall(r"<tr(?: class=\"(\S+)\")?>(<th scope=\"row\".*?)</tr>", page, re.S)
    cells = [[text_of(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", found, re.S)] for _, found in rows]
    assert cells == [
        [other, "Q4", "decode", "40.25", "4,096", "1", ""],
        [
            f"{other} 4 devices, every layer shared, nvlink",
            *("Q4", "decode", "99,999", "4,096", "1"),
            "Not used: beyond the ceiling",
        ],
        [other, "Q4", "prefill", "40.25", "not said", "as many as help", "With vllm, version not stated. Odd."],
    ]
    assert text_of(page.split("<table")[0]).endswith(
        "S Of the shop's machine. llama.cpp of May 2024; measured, 2025-12-01 ; Some office, Some report , table <2>."
    )
    assert [mark for mark, _ in rows] == ["", "rk-excluded", ""]
    assert 'href="../../../catalog/quantizations/q4/"' in page
    assert "Published measurements" not in pages_of(measured(small))["catalog/hardware/chip.md"].html


def test_sources_list_the_measurements_taken_from_them(small: Catalog) -> None:
    text = sources_markdown(measured(small), [])
    assert (
        "- [The &lt;b&gt;Box&lt;/b&gt; &amp; more: 3 measured speeds](catalog/hardware/box.md#measured-t),"
        " as of 2025-12-01 (measured; table &lt;2&gt;)"
    ) in text
    assert "and 3 published measurements" in text_of(pages_of(measured(small))["catalog/index.md"].html)


# ---- kinds, and the whole


def test_a_kind_shows_its_columns_for_every_subject(small: Catalog) -> None:
    page = pages_of(small)["catalog/hardware/index.md"].html
    heads = re.findall(r"<th scope=\"col\"[^>]*>(.*?)</th>", page)
    assert heads == ["Name", "Memory", "Bandwidth", "Power"], "columns that no subject has are left out"
    rows = [[text_of(c) for c in re.findall(r"<t[hd][ >].*?</t[hd]>", r)] for r in re.findall(r"<tr><th.*?</tr>", page)]
    assert rows[1:] == [
        ["A chip", "not known", "273 GB/s", "not known"],
        ["The <b>Box</b> & more", "128 GB", "273 GB/s", "156 W"],
    ]


def test_subjects_stand_in_the_order_of_people(tree: Tree) -> None:
    for slug, label in (("a", "mac 128 GB"), ("b", "Mac 8 GB"), ("c", "Mac 24 GB"), ("d", "Mac"), ("e", "1 Mac")):
        tree.write(f"hardware/{slug}.yml", CHIP.replace("hardware/chip", f"hardware/{slug}").replace("A chip", label))
    labels = [subject.label for subject in subjects_of(tree.load(), "hardware")]
    assert labels == ["1 Mac", "Mac", "Mac 8 GB", "Mac 24 GB", "mac 128 GB"]


def test_a_kind_without_columns_lists_its_subjects(small: Catalog) -> None:
    page = pages_of(small)["catalog/finance/index.md"].html
    assert '<dt><a href="../../catalog/finance/rates/">Rates</a></dt>' in page
    assert "Rates that the tests look at." in page


def test_the_index_counts(small: Catalog) -> None:
    page = text_of(pages_of(small)["catalog/index.md"].html)
    assert "5 values of 3 subjects from 2 sources" in page
    assert "about 1 of the values" in page
    assert "2 pages, 4 values" in page


def test_presets_come_from_the_calculators_that_have_a_page() -> None:
    field = {"name": "device", "catalog_kind": "hardware"}
    plain = {"name": "watts", "catalog_kind": ""}
    described = [
        {"slug": "fit", "title": "Fit", "question": "Does it fit?", "inputs": [plain, field]},
        {"slug": "no-page", "title": "None", "question": "None?", "inputs": [field]},
    ]
    assert presets(described, ["calculators/fit.md"]) == PRESETS[:1]


def test_addresses_are_those_of_the_site() -> None:
    assert address("catalog/index.md") == "catalog/"
    assert address("catalog/hardware/index.md") == "catalog/hardware/"
    assert address("catalog/hardware/box.md") == "catalog/hardware/box/"
    assert address("catalog/finance/price-index.md") == "catalog/finance/price-index/"


# ---- the real catalog


def test_every_subject_of_the_catalog_has_its_page_with_every_value() -> None:
    loaded = catalog.load()
    pages = pages_of(loaded)
    looked_at = 0
    for subject in loaded.subjects.values():
        page = pages[subject_uri(subject.id)].html
        for value in subject.values.values():
            cells = row(page, value.name)
            assert cells[0] == value.label
            assert cells[1].startswith(fact_text(value.value, value.unit))
            assert cells[2].startswith(value.as_of)
            assert cells[3].startswith(value.method)
            looked_at += 1
        assert page.count('-claims">') == 2 * sum(1 for value in subject.values.values() if value.choice)
    assert looked_at >= 190
    assert len(pages) == len(loaded.subjects) + len(used_kinds(loaded)) + 1


def test_the_columns_of_every_kind_are_values_of_its_subjects() -> None:
    loaded = catalog.load()
    looked_at = 0
    for kind, described in vocabulary.kinds().items():
        names = {name for subject in loaded.subjects.values() if subject.kind == kind for name in subject.values}
        if names:
            assert set(described.columns) <= names, kind
            looked_at += len(described.columns)
    assert looked_at >= 7


class _Links(HTMLParser):
    """Links and ids of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.hrefs: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and given.get("href"):
            self.hrefs.append(given["href"] or "")
        if given.get("id"):
            self.ids.append(given["id"] or "")


def links_of(path: Path) -> _Links:
    found = _Links()
    found.feed(path.read_text(encoding="utf-8"))
    return found


def test_built_pages_link_to_pages_and_anchors_that_exist(build_site: Build) -> None:
    """MkDocs checks the links of Markdown only; these pages are HTML."""
    site = build_site({"calculators/colo-power.md": "# Two\n\n```calculator\ncolo-power\n```\n"})
    assert 'calculators/colo-power/?market=chicago"' in (site / "catalog/colo/chicago/index.html").read_text()
    known: dict[Path, set[str]] = {}
    broken = set()
    looked_at = 0
    built = sorted((site / "catalog").rglob("index.html"))
    for path in [*built, site / "sources/index.html"]:
        links = links_of(path)
        assert len(links.ids) == len(set(links.ids)), path
        for href in links.hrefs:
            if href.startswith(("http:", "https:")):
                continue
            target, fragment = urldefrag(href)
            to = (path.parent / unquote(target.partition("?")[0])).resolve() if target else path
            to = to / "index.html" if to.is_dir() else to
            if to not in known:
                known[to] = set(links_of(to).ids) if to.is_file() else set()
            if not to.is_file() or (fragment and unquote(fragment) not in known[to]):
                broken.add(f"{path.relative_to(site)}: {href}")
            looked_at += 1
    assert broken == set()
    assert len(built) >= 40 and looked_at >= 1000


def test_subjects_stay_out_of_the_navigation_and_in_the_search(build_site: Build) -> None:
    site = build_site()
    page = (site / "catalog/colo/chicago/index.html").read_text()
    navigation = page.split("<article")[0]
    assert 'href="../"' in navigation, "the page of the kind"
    assert "atlanta" not in navigation
    assert re.search(r'md-tabs__item--active">\s*<a href="../../"', navigation), "the tab of the catalog"
    assert "<title>Chicago - Reckoner</title>" in page
    assert "catalog/colo/chicago/</loc>" in (site / "sitemap.xml").read_text()
    found = json.loads((site / "search/search_index.json").read_text())["docs"]
    mine = [doc for doc in found if doc["location"].startswith("catalog/colo/chicago/")]
    summary = catalog.load().subject("colo/chicago").summary
    assert [(doc["title"], text_of(doc["text"])) for doc in mine] == [("Chicago", summary)]
