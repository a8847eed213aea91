"""The files for programs: every one of them, its shape, and what happens when one does not fit."""

from __future__ import annotations

import contextlib
import copy
import csv
import html
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

import catalog
from calculators.core.units import fact_text
from catalog import Catalog
from hooks.answers import Answers
from hooks.api import addresses, api_address, csv_address, shapes, tables
from hooks.api.addresses import Site
from hooks.api.calculators import Answered
from hooks.api.checking import Schemas, ShapeError
from hooks.api.files import Document, api_files, documents
from hooks.api_files import answered
from hooks.catalog_pages import used_kinds
from hooks.claims import CheckedClaim, check_claims, read_claims
from tests.catalog.conftest import SOURCE, Tree
from tests.hooks.conftest import ROOT, Build, BuildFailed
from tests.site_server import SiteServer

SITE = Site("https://example.org/a-path/", "Reckoner", "Research with calculators in it.")
PAGES = ["index.md", "calculators/mortgage-vs-invest.md"]

CLAIMS = """
```claim
id: prepaying-saves-years
says: Three hundred dollars a month end the loan six years and five months earlier.
source: irs-rev-proc-2025-32
locator: page 1
calculator: mortgage-vs-invest
inputs:
  extra_monthly_usd: 300
  payment_usd: null
metric: months_saved
claimed: 77
tolerance_pct: 1
```

```claim
id: rate-costs
says: A point of interest more costs a million.
source: irs-rev-proc-2025-32
locator: page 2
calculator: mortgage-vs-invest
inputs: {rate_pct: 6}
compared_with: {rate_pct: 7}
metric: baseline_interest_usd
claimed: [900000, 1000000]
tolerance_pct: 5
note: Made up for this test.
```
"""

CHANGED = """\
id: finance/rates
label: Rates
summary: Rates that the tests look at.
values:
  price_usd:
    label: Price
    unit: USD
    series:
      - {value: 3999, as_of: 2025-10-15, method: reported, sources: [{source: some-report, locator: page 1}]}
      - {value: 4699.5, as_of: 2026-02-23, method: vendor-stated, sources: [{source: some-report, locator: page 2}]}
    note: Without tax.
    review_after_days: 120
    earlier:
      - value: 3500
        as_of: 2025-06-01
        method: reported
        sources: [{source: some-report, locator: page 9, quote: about 3500}]
        replaced: 2026-11-21
        because: It was the price that was expected before the launch.
  fee_usd:
    label: Fee
    unit: USD
    claims:
      - {value: 12.5, as_of: 2025-01-31, method: reported, sources: [{source: some-report, locator: page 3}]}
      - {value: 14, as_of: 2025-06-30, method: measured, sources: [{source: other-report, locator: table 1}]}
    chosen: {rule: latest, because: The fee was raised in June.}
  total_usd:
    label: Total
    value: 4713.5
    unit: USD
    as_of: 2026-02-23
    method: derived
    derived_from: [finance/rates/price_usd, finance/rates/fee_usd]
    formula: price plus fee
"""


@pytest.fixture(scope="module")
def loaded() -> Catalog:
    return catalog.load()


@pytest.fixture(scope="module")
def calculators() -> list[Answered]:
    return answered(Answers(ROOT), PAGES)


@pytest.fixture(scope="module")
def claims(loaded: Catalog) -> list[CheckedClaim]:
    written, problems = read_claims(CLAIMS, "research/hardware/subject.md")
    checked, wrong = check_claims(written, loaded, Answers(ROOT))
    assert (problems, wrong) == ([], [])
    return checked


@pytest.fixture(scope="module")
def schemas() -> Schemas:
    return Schemas(SITE)


@pytest.fixture(scope="module")
def files(loaded: Catalog, calculators: list[Answered], claims: list[CheckedClaim], schemas: Schemas) -> dict[str, str]:
    return api_files(loaded, calculators, claims, SITE, schemas)


@pytest.fixture(scope="module")
def made(loaded: Catalog, calculators: list[Answered], claims: list[CheckedClaim], schemas: Schemas) -> list[Document]:
    return list(documents(loaded, calculators, claims, SITE, schemas.names))


@pytest.fixture
def small(tree: Tree) -> Catalog:
    tree.write("sources/other-report.yml", SOURCE.replace("some-report", "other-report").replace("/report", "/other"))
    tree.write("finance/rates.yml", CHANGED)
    return tree.load()


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path)


def values_of(file: str) -> dict[str, Any]:
    return {value["name"]: value for value in json.loads(file)["result"]["values"]}


# ---- which files there are


def test_there_is_a_file_for_everything_and_no_other(loaded: Catalog, files: dict[str, str], schemas: Schemas) -> None:
    expected = {api_address(id) for id in loaded.subjects}
    expected |= {api_address(f"sources/{id}") for id in loaded.sources}
    expected |= {api_address(table.id) for table in loaded.benchmarks.values()}
    expected |= {api_address(f"calculators/{slug}") for slug in Answers(ROOT).slugs()}
    assert len(expected) >= 550
    kinds = [*used_kinds(loaded), "sources", "benchmarks"]
    assert len(kinds) >= 12
    expected |= {f"api/v1/{kind}/index.json" for kind in [*kinds, "calculators"]}
    expected |= {csv_address(kind) for kind in [*kinds, "values"]}
    expected |= {f"api/v1/schema/{name}.json" for name in schemas.names}
    expected |= {"api/v1/index.json", "api/v1/changes.json", "api/v1/claims.json"}
    assert set(files) == expected


def test_every_file_has_the_version_and_one_result(files: dict[str, str]) -> None:
    looked_at = 0
    for address, text in files.items():
        if address.endswith(".json") and "/schema/" not in address:
            data = json.loads(text)
            assert list(data) == ["schema_version", "result"] and data["schema_version"] == "1.0", address
            looked_at += 1
    assert looked_at >= 550


def test_the_index_leads_to_every_file(files: dict[str, str]) -> None:
    """By following addresses from the index."""
    found: set[str] = set()
    waiting = [addresses.INDEX]
    while waiting:
        address = waiting.pop()
        if address in found or address not in files:
            continue
        found.add(address)
        if address.endswith(".json") and "/schema/" not in address:
            texts = [text for _, text in _leaves(json.loads(files[address])) if isinstance(text, str)]
            waiting += [text.removeprefix(SITE.url) for text in texts if text.startswith(SITE.url)]
    assert found == set(files)


def test_two_builds_give_the_same_bytes(
    loaded: Catalog, calculators: list[Answered], claims: list[CheckedClaim], files: dict[str, str]
) -> None:
    again = api_files(catalog.load(), calculators, claims, SITE, Schemas(SITE))
    assert again == files
    elsewhere = Site("http://127.0.0.1:8000/", SITE.name, SITE.description)
    moved = api_files(loaded, calculators, claims, elsewhere, Schemas(elsewhere))
    changes = addresses.CHANGES  # whose ids are of the site, too
    assert {a: t.replace(elsewhere.url, SITE.url) for a, t in moved.items() if a != changes} == {
        a: t for a, t in files.items() if a != changes
    }


# ---- facts


def test_every_fact_is_there_with_all_its_digits_and_sources(loaded: Catalog, files: dict[str, str]) -> None:
    looked_at = 0
    for subject in loaded.subjects.values():
        given = values_of(files[api_address(subject.id)])
        assert list(given) == list(subject.values)
        for name, fact in subject.values.items():
            value = given[name]
            assert value["ref"] == fact.ref and value["label"] == fact.label and value["unit"] == fact.unit
            assert value["value"] == (None if isinstance(fact.value, str) else fact.value)
            assert value["text"] == fact_text(fact.value, fact.unit)
            assert (value["as_of"], value["method"]) == (fact.as_of, fact.method)
            cited = [(c.source, loaded.source(c.source).title, c.locator) for c in loaded.sources_of(fact)]
            assert [(s["source"], s["title"], s["locator"]) for s in value["sources"]] == cited
            assert cited, f"{fact.ref} has no source"
            assert value["address"] == f"{SITE.url}catalog/{subject.id}/#{name}"
            assert len(value["claims"]) == (len(fact.claims) if fact.choice else 0)
            looked_at += 1
    assert looked_at == len(list(loaded.values())) >= 1500


def test_a_series_and_what_was_replaced(small: Catalog) -> None:
    price = values_of(api_files(small, [], [], SITE, Schemas(SITE))["api/v1/finance/rates.json"])["price_usd"]
    assert (price["value"], price["text"], price["as_of"]) == (4699.5, "$4,699.50", "2026-02-23")
    assert price["note"] == "Without tax." and price["review_by"] == "2026-06-23"
    assert [(seen["value"], seen["as_of"], seen["method"]) for seen in price["series"]] == [
        (3999, "2025-10-15", "reported"),
        (4699.5, "2026-02-23", "vendor-stated"),
    ]
    assert price["claims"] == [] and price["chosen"] is None
    [former] = price["earlier"]
    assert (former["value"], former["replaced"]) == (3500, "2026-11-21")
    assert former["because"] == "It was the price that was expected before the launch."
    assert former["sources"][0] == {
        "source": "some-report",
        "title": "Some report",
        "producer": "Some office",
        "url": "https://www.some-office.gov/report",
        "locator": "page 9",
        "quote": "about 3500",
    }


def test_claims_and_the_reason_for_one_of_them(small: Catalog) -> None:
    fee = values_of(api_files(small, [], [], SITE, Schemas(SITE))["api/v1/finance/rates.json"])["fee_usd"]
    assert [claim["value"] for claim in fee["claims"]] == [12.5, 14]
    assert fee["value"] == 14 and fee["sources"] == fee["claims"][1]["sources"]
    assert fee["chosen"]["rule"] == "latest" and fee["chosen"]["because"] == "The fee was raised in June."


def test_a_derived_value_rests_on_the_sources_of_what_it_is_made_of(small: Catalog) -> None:
    total = values_of(api_files(small, [], [], SITE, Schemas(SITE))["api/v1/finance/rates.json"])["total_usd"]
    assert total["derived_from"] == ["finance/rates/price_usd", "finance/rates/fee_usd"]
    assert total["formula"] == "price plus fee"
    assert [source["source"] for source in total["sources"]] == ["some-report", "other-report"]


def test_a_source_names_what_rests_on_it(small: Catalog, loaded: Catalog, files: dict[str, str]) -> None:
    report = json.loads(api_files(small, [], [], SITE, Schemas(SITE))["api/v1/sources/some-report.json"])["result"]
    assert report["facts"] == ["finance/rates/price_usd", "finance/rates/fee_usd"]
    measured = 0
    for table in loaded.benchmarks.values():
        source = json.loads(files[api_address(f"sources/{table.citation.source}")])["result"]
        assert table.id in source["benchmarks"]
        device = json.loads(files[api_address(f"hardware/{table.hardware}")])["result"]
        assert table.id in device["benchmarks"]
        rows = json.loads(files[api_address(table.id)])["result"]["rows"]
        assert [row["tps"] for row in rows] == [row.tps for row in table.rows]
        measured += len(rows)
    assert measured == len(list(loaded.measurements())) >= 900


def test_a_calculator_has_its_inputs_metrics_and_default_report(files: dict[str, str]) -> None:
    answers = Answers(ROOT)
    for slug in answers.slugs():
        given = json.loads(files[api_address(f"calculators/{slug}")])["result"]
        described, report = answers.describe(slug), answers.report(slug, {})
        assert [field["name"] for field in given["inputs"]] == [field["name"] for field in described["inputs"]]
        assert [metric["id"] for metric in given["metrics"]] == [metric["id"] for metric in described["metrics"]]
        assert given["report"]["headline"] == report["headline"]
        numbers = {id: metric["value"] for id, metric in given["report"]["metrics"].items()}
        assert numbers == {id: metric["value"] for id, metric in report["metrics"].items()}
        assert len(numbers) >= 1
        assert [len(table["rows"]) for table in given["report"]["tables"]] == [
            table["row_count"] for table in report["tables"]
        ]
        assert given["address"] == (SITE.url + f"calculators/{slug}/" if f"calculators/{slug}.md" in PAGES else None)


def test_claims_say_what_they_were_held_against(files: dict[str, str]) -> None:
    first, second = json.loads(files["api/v1/claims.json"])["result"]["items"]
    assert first["inputs"] == {"extra_monthly_usd": "300", "payment_usd": None} and first["compared_with"] == {}
    assert (first["claimed_low"], first["claimed_high"]) == (77, 77)
    assert first["figure"]["value"] == 77 and first["verdict"] == "holds"
    assert first["source"]["locator"] == "page 1" and first["note"] is None
    assert first["address"] == f"{SITE.url}research/hardware/subject/#claim-prepaying-saves-years"
    assert first["scenario"].startswith(f"{SITE.url}calculators/mortgage-vs-invest/?extra_monthly_usd=300")
    assert second["compared_with"] == {"rate_pct": "7"} and second["verdict"] == "off"
    assert 0 < second["figure"]["value"] < 900000 and second["note"] == "Made up for this test."


# ---- shapes


def _leaves(data: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """What stands where; the items of a list and the values of a map by name stand in one place."""
    if isinstance(data, dict):
        by_name = re.search(r"(\.report\.(inputs|metrics)|\.items\[\]\.(inputs|compared_with))$", path)
        for key, value in data.items():
            yield from _leaves(value, f"{path}.{'*' if by_name else key}")
    elif isinstance(data, list):
        yield f"{path}[]", None
        for value in data:
            yield from _leaves(value, f"{path}[]")
    else:
        yield path, data


def test_what_stands_under_a_key_is_of_one_type_and_never_empty_text(made: list[Document]) -> None:
    types: dict[tuple[str, str], set[str]] = {}
    for document in made:
        for path, value in _leaves(document.data):
            assert value != "", f"{document.address}: {path} is empty text"
            if value is not None:
                number = isinstance(value, int | float) and not isinstance(value, bool)
                types.setdefault((document.schema, path), set()).add("number" if number else type(value).__name__)
    assert len(types) >= 150
    assert {place: found for place, found in types.items() if len(found) > 1} == {}


def test_the_published_schemas_are_sound_to_another_validator(made: list[Document], schemas: Schemas) -> None:
    registry = Registry().with_resources(
        [(schema["$id"], Resource.from_contents(schema)) for schema in schemas.published.values()]
    )
    for schema in schemas.published.values():
        Draft202012Validator.check_schema(schema)
        assert schema["$id"] in {SITE.url + addresses.schema_address(name) for name in schemas.names}
    one_of_each = {document.schema: document for document in made}
    assert {*one_of_each, "common"} == set(schemas.names)
    for document in one_of_each.values():
        validator = Draft202012Validator(schemas.published[document.schema], registry=registry)
        assert list(validator.iter_errors(document.data)) == []


def test_every_key_of_every_shape_is_described(schemas: Schemas) -> None:
    looked_at = 0

    def look(schema: Any, where: str) -> None:
        nonlocal looked_at
        if isinstance(schema, list):
            for part in schema:
                look(part, where)
        elif isinstance(schema, dict):
            if "properties" in schema and "object" in schema.get("type", ()):
                assert schema["required"] == list(schema["properties"]), where
                assert schema["additionalProperties"] is False, where
                for key, of_key in schema["properties"].items():
                    described = key == "result" or {"description", "$ref", "const"} & set(of_key)
                    assert described, f"{where}.{key} has no description"
                    looked_at += 1
            for key, part in schema.items():
                look(part, f"{where}.{key}")

    for name, schema in schemas.published.items():
        look(schema, name)
    assert looked_at >= 150


def without_each_key(data: Any, place: list[Any]) -> Iterator[tuple[str, Any]]:
    """The document without one of its keys, for each key of its objects; of a list the first item stands for all."""
    here = data
    for step in place:
        here = here[step]
    if isinstance(here, dict):
        maps = ["inputs", "metrics"] if "report" in place else ["inputs", "compared_with"]
        by_name = place[-1:] and place[-1] in maps
        for key in list(here):
            if not by_name:
                changed = copy.deepcopy(data)
                inner = changed
                for step in place:
                    inner = inner[step]
                del inner[key]
                yield ".".join(map(str, [*place, key])), changed
            yield from without_each_key(data, [*place, key])
            if by_name:
                break
    elif isinstance(here, list) and here:
        yield from without_each_key(data, [*place, 0])


def test_a_key_that_is_missing_anywhere_is_found(made: list[Document], schemas: Schemas) -> None:
    one_of_each = {document.schema: document for document in made}
    tried = 0
    for document in one_of_each.values():
        schemas.check([_Raw(document.address, document.schema, document.data)])
        for where, broken in without_each_key(document.data, []):
            try:
                schemas.check([_Raw(document.address, document.schema, broken)])
            except ShapeError:
                tried += 1
            else:
                pytest.fail(f"{document.schema} fits without {where}")
    assert tried >= 150


class _Raw(Document):
    """A file whose frame is given as well."""

    @property
    def data(self) -> Any:
        return self.result


@pytest.mark.parametrize(
    ("key", "wrong", "says"),
    [
        ("value", "128", "values[0].value"),
        ("text", None, "values[0].text"),
        ("as_of", "2025-10", "values[0].as_of"),
        ("method", "guessed", "values[0].method"),
        ("sources", None, "values[0].sources"),
        ("claims", {}, "values[0].claims"),
        ("chosen", [], "values[0].chosen"),
        ("series", None, "values[0].series"),
        ("address", "catalog/hardware/x/", "values[0].address"),
        ("surprise", 1, "surprise"),
    ],
)
def test_a_wrong_value_is_named_with_its_file_and_place(
    small: Catalog, schemas: Schemas, key: str, wrong: Any, says: str
) -> None:
    result = shapes.subject(small, SITE, small.subject("finance/rates"), [])
    document = Document("api/v1/finance/rates.json", "subject", result)
    schemas.check([document])
    result["values"][0][key] = wrong
    with pytest.raises(ShapeError, match=r"^api/v1/finance/rates\.json result\.values\[0\]") as caught:
        schemas.check([document])
    assert says in str(caught.value)


def test_a_file_that_does_not_fit_stops_the_build(build_site: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    right = shapes.source

    def wrong(*arguments: Any) -> dict[str, Any]:
        made = right(*arguments)
        if made["slug"] == "irs-rev-proc-2025-32":
            made["accessed"] = "yesterday"
        return made

    monkeypatch.setattr(shapes, "source", wrong)
    with pytest.raises(BuildFailed) as caught:
        build_site()
    assert 'api/v1/sources/irs-rev-proc-2025-32.json result.accessed: "yesterday" does not match' in str(caught.value)


# ---- CSV


def read(text: str) -> list[dict[str, str]]:
    assert text.endswith("\r\n")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_csv_files_hold_every_value_once(loaded: Catalog, files: dict[str, str]) -> None:
    everything = []
    for kind in used_kinds(loaded):
        rows = read(files[csv_address(kind)])
        everything += rows
        for row in rows:
            fact = loaded.value(f"{row['id']}/{row['name']}")
            assert row["id"].startswith(f"{kind}/")
            assert row["label"] == loaded.subject(row["id"]).label and row["value_label"] == fact.label
            number = row["value"] if fact.unit == "text" else float(row["value"])
            assert number == fact.value
            assert (row["unit"], row["as_of"], row["method"]) == (fact.unit, fact.as_of, fact.method)
            ids = list(dict.fromkeys(cited.source for cited in loaded.sources_of(fact)))
            assert row["sources"].split(" ") == ids
            assert row["urls"].split(" ") == [loaded.source(id).url for id in ids]
    assert len(everything) == len({(row["id"], row["name"]) for row in everything}) == len(list(loaded.values()))
    assert read(files[addresses.ALL_VALUES]) == everything


def test_csv_of_sources_and_measurements(loaded: Catalog, files: dict[str, str]) -> None:
    rows = read(files[csv_address("sources")])
    assert [row["id"] for row in rows] == list(loaded.sources)
    assert [row["url"] for row in rows] == [source.url for source in loaded.sources.values()]
    speeds = read(files[csv_address("benchmarks")])
    measured = list(loaded.measurements())
    assert [float(row["tps"]) for row in speeds] == [row.tps for _, row in measured]
    assert [row["model"] for row in speeds] == [f"models/{row.model}" for _, row in measured]
    assert [row["batch"] for row in speeds] == ["" if row.batch is None else str(row.batch) for _, row in measured]


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-2+3", "'-2+3"),
        ("\tx", "'\tx"),
        ("-$1,234.50", "-$1,234.50"),
        ("+3.1%", "+3.1%"),
        (-12.5, "-12.5"),
        (100000000000000000000.0, "1e+20"),
        (0.1, "0.1"),
        (None, ""),
        ('He said "no", twice\r\nand left', 'He said "no", twice\r\nand left'),
        ("Größe", "Größe"),
    ],
)
def test_cells_are_kept_and_never_formulas(cell: float | str | None, written: str) -> None:
    [row] = read(tables.text(["a", "b"], [[cell, "end"]]))
    assert row == {"a": written, "b": "end"}


# ---- the page about it


def test_the_example_of_the_page_runs(files: dict[str, str], loaded: Catalog, tmp_path: Path) -> None:
    [example] = re.findall(r"```python\n(.*?)```", (ROOT / "docs/api.md").read_text("utf-8"), re.DOTALL)
    file = tmp_path / "site" / "api/v1/hardware/dgx-spark.json"
    file.parent.mkdir(parents=True)
    file.write_text(files["api/v1/hardware/dgx-spark.json"], encoding="utf-8")
    with contextlib.closing(SiteServer(tmp_path / "site", "/below/")) as server:
        done = subprocess.run(
            [sys.executable, "-c", example, server.url], capture_output=True, encoding="utf-8", check=False
        )
    assert done.returncode == 0, done.stderr
    fact = loaded.value("hardware/dgx-spark/bandwidth_gbs")
    first, *sources = done.stdout.splitlines()
    assert first == f"NVIDIA DGX Spark (GB10, 128 GB): {fact.value} GB/s, as of {fact.as_of}"
    assert len(sources) == len(fact.chosen.sources) >= 1


def test_the_page_names_every_key_and_every_address(files: dict[str, str], schemas: Schemas) -> None:
    text = (ROOT / "docs/api.md").read_text("utf-8")
    section = text.split("## What a fact looks like")[1].split("## ")[0]
    named = {
        name for row in re.findall(r"^\| (`.*?) \|", section, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)
    }
    assert named == set(schemas.published["common"]["$defs"]["value"]["properties"])
    patterns = re.findall(r"^\| `([^`]+)` \|", text.split("## Addresses")[1].split("## ")[0], re.MULTILINE)
    assert len(patterns) >= 10
    matched: set[str] = set()
    for pattern in patterns:
        regex = re.sub("KIND|SLUG|ID|NAME", "[a-z0-9_-]+", re.escape(pattern).replace("/index", "/index"))
        found = {address for address in [*files, "catalog/changes.xml", "llms.txt"] if re.fullmatch(regex, address)}
        assert found, pattern
        matched |= found
    assert matched == {*files, "catalog/changes.xml", "llms.txt"}


# ---- a built site


def test_every_address_in_the_files_is_there_in_the_site(build_site: Build) -> None:
    site = build_site()
    root = "http://127.0.0.1:8000/"
    ids: dict[Path, set[str]] = {}
    looked_at = set()
    for file in sorted((site / "api/v1").rglob("*.json")):
        for _, text in _leaves(json.loads(file.read_text("utf-8"))):
            if isinstance(text, str) and text.startswith(root) and text not in looked_at:
                looked_at.add(text)
                address, anchor = urldefrag(text.removeprefix(root))
                if address == "api/":
                    continue  # docs/api.md is not among the pages of this small site
                target = site / address / "index.html" if address.endswith("/") or not address else site / address
                assert target.is_file(), f"{file.name}: {text}"
                if anchor:
                    if target not in ids:
                        ids[target] = set(re.findall(r' id="([^"]+)"', target.read_text("utf-8")))
                    assert html.unescape(unquote(anchor)) in ids[target], f"{file.name}: {text}"
    assert len(looked_at) >= 2500
    assert "api/v1" not in (site / "sitemap.xml").read_text("utf-8")
    assert "api/v1" not in (site / "service-worker.js").read_text("utf-8")
