"""Pages of the catalog: a specification for each subject, a list for each kind, and the whole."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urldefrag, urlsplit

import pytest
from markupsafe import Markup

import catalog
from calculators.core.units import fact_text
from catalog import Catalog, Citation, Measurement, MeasurementTable, Subject, vocabulary
from catalog.choice import RULES
from hooks.catalog_pages import (
    HtmlPage,
    Preset,
    address,
    catalog_pages,
    presets,
    subject_uri,
    subjects_of,
    template_problem,
    used_kinds,
)
from hooks.catalog_pages.disagreements import DisagreementsContext
from hooks.catalog_pages.fit_context import FitCell, FitContext, FitRow
from hooks.catalog_pages.lists import IndexContext, KindContext
from hooks.catalog_pages.series import chart_of, month_number, spark
from hooks.catalog_pages.statements import Link, change_text, named_subject
from hooks.catalog_pages.subject import SubjectContext
from hooks.charts import Pictures
from hooks.sources_page import sources_context, sources_html
from hooks.widget import templates
from tests.catalog.conftest import SOURCE, Tree
from tests.hooks.conftest import ROOT, Build, BuildFailed

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
MENTIONS = {
    "hardware/box": [Link("research/hardware/box/", "On boxes", "What a box is.")],
    "hardware/box-2": [Link("research/hardware/other/", "On boxes-2", "No.")],
}


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


def pages_of(loaded: Catalog, **settings: Any) -> dict[str, HtmlPage]:
    return catalog_pages(loaded, templates(ROOT), PRESETS, MENTIONS, **settings)


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
    assert "Mentioned in" not in pages_of(small)["catalog/hardware/chip.md"].html


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
    contexts = {
        "subject": SubjectContext,
        "kind": KindContext,
        "index": IndexContext,
        "disagreements": DisagreementsContext,
    }
    for name, context in contexts.items():
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
    assert f'<th scope="col" data-key="of">{head}</th>' in page
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
    page = sources_html(templates(ROOT), sources_context(measured(small), [], []))
    assert (
        '<a href="../catalog/hardware/box/#measured-t">The &lt;b&gt;Box&lt;/b&gt; &amp; more: 3 measured speeds</a>,'
        " as of 2025-12-01 (measured; table &lt;2&gt;)"
    ) in page
    assert "and 3 published measurements" in text_of(pages_of(measured(small))["catalog/index.md"].html)


# ---- values over time, what names a subject, former values

RENTAL = """\
id: rentals/cloud-box
label: "Cloud: Box"
summary: What a cloud of these tests asks for an hour of a box.
values:
  hardware:
    label: Device
    value: box
    unit: text
    as_of: 2025-12-01
    method: reported
    sources: [{source: some-report, locator: page 5}]
  commitment:
    label: Commitment
    value: on-demand
    unit: text
    as_of: 2025-12-01
    method: reported
    sources: [{source: some-report, locator: page 5}]
  usd_per_gpu_hour:
    label: An hour
    unit: USD/GPU-hour
    series:
      - {value: 2, as_of: 2025-01-01, method: reported, sources: [{source: some-report, locator: page 5}]}
      - {value: 3.125, as_of: 2025-07-01, method: reported, sources: [{source: other-report, locator: table 2}]}
      - {value: 1.5, as_of: 2025-12-01, method: vendor-stated, sources: [{source: some-report, locator: page 6}]}
    earlier:
      - value: 9
        as_of: 2025-11-01
        method: estimated
        sources: [{source: other-report, locator: table 3}]
        replaced: 2025-12-02
        because: It was the price <of> another box.
"""


@pytest.fixture
def rented(small: Catalog, tree: Tree) -> Catalog:
    """The small catalog with two rental rates of the box, one of them observed once."""
    tree.write("rentals/cloud-box.yml", RENTAL)
    once = re.sub(
        r"    series:\n.*\n.*\n", "    series:\n", RENTAL.replace("cloud-box", "shed-box").replace("Cloud", "Shed")
    )
    tree.write("rentals/shed-box.yml", once.partition("    earlier:")[0].replace("2025-12-01", "2025-10-01"))
    return tree.load()


def cells_of(rows: list[str]) -> list[list[str]]:
    return [[text_of(cell) for cell in re.findall(r"<t[hd][ >].*?</t[hd]>", found, re.S)] for found in rows]


def test_a_series_stands_newest_first_with_its_changes_and_a_picture(rented: Catalog) -> None:
    drawn: list[dict[str, Any]] = []

    def draw(chart: dict[str, Any]) -> dict[str, Markup]:
        drawn.append(chart)
        return {"narrow": Markup("<svg>n</svg>"), "wide": Markup("<svg>w</svg>")}

    pages = pages_of(rented, draw=draw)
    page = pages["catalog/rentals/cloud-box.md"].html
    assert row(page, "usd_per_gpu_hour")[1] == "$1.50 per GPU-hour 3 observations"
    part = page.split('<h3 id="usd_per_gpu_hour-series">')[1].split("<h2")[0]
    assert "$1.50 per GPU-hour on 2025-12-01, 25% less than $2 per GPU-hour on 2025-01-01." in part
    rows = cells_of(re.findall(r"<tr(?: class[^>]*)?>(<td.*?)</tr>", part, re.S))
    assert [found[:4] for found in rows] == [
        ["$1.50 per GPU-hour used", "2025-12-01", "52% less", "vendor-stated"],
        ["$3.125 per GPU-hour", "2025-07-01", "56.3% more", "reported"],
        ["$2 per GPU-hour", "2025-01-01", "", "reported"],
    ]
    assert part.count('role="img"') == 2 and "<svg>n</svg>" in part
    assert [chart["title"] for chart in drawn] == ["An hour over time"]
    assert drawn[0]["series"][0]["points"] == [[24300, 2], [24306, 3.125], [24311, 1.5]]
    assert "Over time" not in pages["catalog/rentals/shed-box.md"].html, "one observation is no series"


def test_the_picture_of_a_series_has_dates(rented: Catalog, tmp_path: Path) -> None:
    pictures = Pictures(tmp_path).of(chart_of(rented.value("rentals/cloud-box/usd_per_gpu_hour")))
    for svg in pictures.values():
        # What lies too close to another label is not seen.
        labels = re.findall(r"<text(?![^>]*opacity=.0)[^>]*>(20[^<]*)<", svg)
        assert labels == sorted(labels) and 3 <= len(labels) <= 8
        assert all(re.fullmatch(r"2025-(0[1-9]|1[012])", label) for label in labels)
        assert svg.count("<path") > 3, "a dot for each observation"
    assert month_number("2025-01-01") == 24300 and month_number("2025-12-31") < 24312


def test_former_values_stay_with_the_day_and_the_reason(rented: Catalog) -> None:
    pages = pages_of(rented)
    part = pages["catalog/rentals/cloud-box.md"].html.split('<h2 id="former-values">')[1]
    assert cells_of(re.findall(r"<tr><th scope=\"row\".*?</tr>", part, re.S)) == [
        [
            "An hour",
            "$9 per GPU-hour",
            "2025-12-02 It was the price <of> another box.",
            "2025-11-01",
            "estimated",
            "Some office, Some report , table 3",
        ]
    ]
    assert "Former values" not in pages["catalog/hardware/box.md"].html


def test_a_device_lists_its_rental_rates_newest_first(rented: Catalog) -> None:
    pages = pages_of(rented)
    part = pages["catalog/hardware/box.md"].html.split('<h2 id="of-rentals">')[1].split("<h2")[0]
    rows = cells_of(re.findall(r"<tr>(<th scope=\"row\".*?)</tr>", part, re.S))
    assert rows == [
        ["Cloud: Box", "on-demand", "$1.50 25% less since 2025-01-01", "2025-12-01"],
        ["Shed: Box", "on-demand", "$1.50", "2025-10-01"],
    ]
    assert part.count("rk-spark") == 1
    assert 'href="../../../catalog/rentals/"' in part and "<rk-table" not in part
    assert "of-rentals" not in pages["catalog/hardware/chip.md"].html
    rate = pages["catalog/rentals/cloud-box.md"].html
    assert '<td class="rk-number"><a href="../../../catalog/hardware/box/">The &lt;b&gt;Box' in rate


def test_the_page_of_a_kind_can_be_sorted_and_chosen_from(rented: Catalog) -> None:
    page = pages_of(rented)["catalog/rentals/index.md"].html
    assert '<rk-table data-noun="rented GPUs">' in page
    heads = re.findall(r"<th scope=\"col\"([^>]*)>(.*?)</th>", page)
    assert [(text_of(text), "number" in given, "choice" in given) for given, text in heads] == [
        ("Name", False, False),
        ("Device", False, False),
        ("Commitment", False, False),
        ("An hour USD/GPU-hour", True, False),
        ("As of", False, False),
    ]
    assert all("data-key=" in given for given, _ in heads)
    assert re.findall(r'rk-number" data-value="([^"]*)">([^<]*)', page) == [("1.5", "$1.50"), ("1.5", "$1.50")]
    assert "not known" not in page


def test_changes_are_told_in_words(rented: Catalog) -> None:
    claim = rented.value("rentals/cloud-box/usd_per_gpu_hour").chosen
    pairs: list[tuple[int | str, int | str]]
    pairs = [(2, 3), (3, 2), (5, 5), (1, 12), (3, 0), (0, 3), (-1, 3), ("a", "b")]
    texts = [change_text(replace(claim, value=old), replace(claim, value=new)) for old, new in pairs]
    assert texts == ["50% more", "33.3% less", "unchanged", "11 times more", "100% less", "", "", ""]


def test_a_small_line_shows_what_changed(rented: Catalog) -> None:
    claims = rented.value("rentals/cloud-box/usd_per_gpu_hour").series
    assert 'points="3.0,11.3 38.8,3.0 69.0,15.0"' in spark(claims)
    for flat in (claims[:1], (), (claims[0], replace(claims[1], value=2)), (claims[0], replace(claims[1], value="x"))):
        assert spark(flat) == ""


# ---- for programs, and about the whole


def test_pages_lead_to_the_same_as_data_and_to_what_is_about_all_of_it(small: Catalog) -> None:
    pages = pages_of(small, more=[Link("catalog/changes/", "Changed facts", "what has changed.")])
    assert 'href="../../../api/v1/hardware/box.json">JSON' in pages["catalog/hardware/box.md"].html
    kind = pages["catalog/hardware/index.md"].html
    assert 'href="../../api/v1/hardware/index.json">JSON' in kind and 'href="../../api/v1/hardware.csv">CSV' in kind
    index = pages["catalog/index.md"].html
    assert 'href="../api/v1/index.json">JSON' in index and 'href="../api/v1/values.csv">CSV' in index
    assert '<a href="../catalog/changes/">Changed facts</a>: what has changed.' in index


# ---- disagreements


def test_disagreements_stand_side_by_side_with_their_spread(small: Catalog) -> None:
    pages = pages_of(small)
    page = pages["catalog/disagreements.md"].html
    assert "1 values about which" in page and "all 2 claims" in page
    found = re.findall(r'<tr id="([^"]+)">(.*?)</tr>', page, re.S)
    assert [id for id, _ in found] == ["hardware/box/power_w"]
    cells = [text_of(cell) for cell in re.findall(r"<t[hd][ >].*?</t[hd]>", found[0][1], re.S)]
    assert cells == [
        "The <b>Box</b> & more Power",
        "Devices",
        "53.8%",
        (
            "240 W , 2025-10-14 , vendor-stated; Some office, Some report , page 4"
            " 156 W (used), 2025-11-01 , measured; Some office, Some report , table 1 At the wall."
        ),
        f"{RULES['measured'].description.capitalize()}. Somebody held a meter to it.",
    ]
    assert 'data-value="53.84615384615">' in page, "the spread as a number, to sort by"
    own = pages["catalog/hardware/box.md"].html
    assert 'href="../../../catalog/disagreements/#hardware/box/power_w"' in own
    assert 'href="../catalog/disagreements/"' in pages["catalog/index.md"].html
    assert 'href="../../catalog/disagreements/?kind=hardware"' in pages["catalog/hardware/index.md"].html
    assert "disagreements" not in pages["catalog/finance/index.md"].html


@pytest.mark.parametrize("values", [(0, 5), (-1, 5)])
def test_where_percent_say_nothing_there_is_no_spread(small: Catalog, values: tuple[float, float]) -> None:
    box = small.subject("hardware/box")
    power = box.values["power_w"]
    claims = tuple(replace(claim, value=value) for claim, value in zip(power.claims, values, strict=True))
    changed = replace(box, values={**box.values, "power_w": replace(power, claims=claims, chosen=claims[1])})
    page = pages_of(replace(small, subjects={**small.subjects, box.id: changed}))["catalog/disagreements.md"].html
    assert '<td class="rk-number"><span class="rk-note">no number</span></td>' in page


def test_every_disagreement_of_the_catalog_is_listed() -> None:
    loaded = catalog.load()
    page = pages_of(loaded)["catalog/disagreements.md"].html
    refs = {value.ref for value in loaded.values() if value.choice}
    assert set(re.findall(r'<tr id="([^"]+)">', page)) == refs
    assert len(refs) >= 90


# ---- a wrong value

FORM = "https://example.org/new?form=wrong&title={title}&body={body}"


def test_each_value_has_a_report_of_its_own(small: Catalog) -> None:
    page = pages_of(small, report_url=FORM)["catalog/hardware/box.md"].html
    hrefs = [html.unescape(found) for found in re.findall(r'href="(https://example[^"]*)"', page)]
    assert len(hrefs) == 4, "three values and the page"
    given = parse_qs(urlsplit(hrefs[0]).query, strict_parsing=True)
    assert given["form"] == ["wrong"]
    assert given["title"] == ["Wrong value: The <b>Box</b> & more, Memory"]
    assert given["body"][0].splitlines() == [
        "Page: catalog/hardware/box/#memory_gb",
        "File: catalog/hardware/box.yml",
        "Value: hardware/box/memory_gb",
        "It says: 128 GB (as of 2025-10-14, vendor-stated)",
        "By: Some office, Some report, https://www.some-office.gov/report",
        "It should be: ",
        "Because (who says so, and where): ",
    ]
    assert "By: derived: eight channels of 34.1 GB/s" in unquote(hrefs[2])
    assert "It says: \n" in unquote(hrefs[3])
    assert re.findall(r"Wrong\?<span class=\"rk-hidden\"> Report (.*?)</span>", page) == [
        "Memory",
        "Power",
        "Memory bandwidth",
    ]


def test_without_an_address_the_page_has_a_text_to_copy(small: Catalog) -> None:
    page = pages_of(small)["catalog/hardware/box.md"].html
    assert "Wrong?" not in page and "http" not in page.replace("http://www.w3", "")
    text = html.unescape(re.findall(r'<pre class="rk-code rk-report">(.*?)</pre>', page, re.S)[0])
    assert text.startswith("Page: catalog/hardware/box/\nFile: catalog/hardware/box.yml\nValue: hardware/box/\n")


@pytest.mark.parametrize(
    ("template", "problem"),
    [
        ("", ""),
        (FORM, ""),
        ("mailto:x@example.org?subject={title}&body={body}", ""),
        ("http://example.org/?b={body}", "expected an address that begins with https: or mailto:"),
        ("javascript:alert({body})", "expected an address that begins with https: or mailto:"),
        ("https://example.org/", "expected {body} in it"),
    ],
)
def test_only_an_address_that_works_is_one_for_reports(template: str, problem: str) -> None:
    said = template_problem(template)
    assert problem in said and bool(problem) == bool(said)


def test_a_build_with_a_wrong_address_for_reports_says_so(build_site: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORT_URL", "ftp://example.org/{body}")
    with pytest.raises(BuildFailed, match=r'mkdocs.yml: extra.report_url: "ftp://example.org/\{body\}" is no place'):
        build_site()


# ---- what fits


def test_the_part_for_what_fits_takes_its_context(small: Catalog) -> None:
    def fit(subject: Subject) -> FitContext | None:
        if subject.kind != "hardware":
            return None
        heads = [Link("catalog/quantizations/q8/", "Q8"), Link("catalog/quantizations/q4/", "Q4")]
        fits, no = FitCell("42", True, "42"), FitCell("84", False, "84")
        rows = [
            FitRow(
                of=Link("catalog/models/m/", "M"),
                best="Q4",
                best_bits="4.5",
                longest="8,192",
                longest_tokens=8192,
                calculator=Link("calculators/fit/?model=m", "work out"),
                cells=[no, fits],
            ),
            FitRow(
                of=Link("catalog/models/n/", "N"),
                best="",
                best_bits="0",
                longest="",
                longest_tokens=0,
                calculator=Link("calculators/fit/?model=n", "work out"),
                cells=[no, no],
            ),
        ]
        return FitContext("Model", "models", heads, rows, "8,192")

    pages = pages_of(small, fit=fit)
    page = pages["catalog/hardware/box.md"].html
    part = page.split('<h2 id="fit">')[1].split("<h2")[0]
    assert cells_of(re.findall(r"<tr>(<th scope=\"row\".*?)</tr>", part, re.S)) == [
        ["M", "Q4", "8,192", "work out", "84 ✗", "42"],
        ["N", "none", "", "work out", "84 ✗", "84 ✗"],
    ]
    assert '<a href="#fit">What fits</a>' in page
    assert '<td data-value="4.5">Q4</td>' in part
    assert '<a href="../../../calculators/fit/?model=m">work out</a>' in part
    assert 'id="fit"' not in pages["catalog/finance/rates.md"].html


# ---- work that grows with the catalog, and no faster


class Counted(dict[str, Any]):
    """A mapping that counts how often somebody goes through all of it."""

    def __init__(self, items: Mapping[str, Any]) -> None:
        super().__init__(items)
        self.walks = 0

    def __iter__(self) -> Iterator[str]:
        self.walks += 1
        return super().__iter__()

    def values(self) -> Any:
        self.walks += 1
        return super().values()

    def items(self) -> Any:
        self.walks += 1
        return super().items()


def test_no_page_goes_through_the_whole_catalog(small: Catalog) -> None:
    box = small.subject("hardware/box")
    walks = []
    for count in (4, 40):
        more = {f"hardware/{n}": replace(box, id=f"hardware/{n}", slug=str(n)) for n in range(count)}
        subjects, tables = Counted({**small.subjects, **more}), Counted(measured(small).benchmarks)
        subjects.update(measured(small).subjects)
        pages = pages_of(replace(small, subjects=subjects, benchmarks=tables))
        assert len(pages) >= count
        walks.append((subjects.walks, tables.walks))
    assert walks[0] == walks[1] and min(walks[0]) > 0


# ---- kinds, and the whole


def test_a_kind_shows_its_columns_for_every_subject(small: Catalog) -> None:
    page = pages_of(small)["catalog/hardware/index.md"].html
    heads = [text_of(head) for head in re.findall(r"<th scope=\"col\"[^>]*>(.*?)</th>", page)]
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
            named = named_subject(loaded, value, value.chosen)
            assert cells[0] == value.label
            assert cells[1].startswith(named.label if named else fact_text(value.value, value.unit))
            assert cells[2].startswith(value.as_of)
            assert cells[3].startswith(value.method)
            looked_at += 1
        assert page.count('-claims">') == 2 * sum(1 for value in subject.values.values() if value.choice)
        assert page.count('-series">') == 2 * sum(1 for value in subject.values.values() if len(value.series) > 1)
    assert looked_at >= 190
    assert len(pages) == len(loaded.subjects) + len(used_kinds(loaded)) + 2


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
