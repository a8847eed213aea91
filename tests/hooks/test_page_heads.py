"""Data sets in the heads of pages, links to the same as data, and llms.txt."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import catalog
from catalog import Catalog, vocabulary
from hooks.answers import Answers
from hooks.api.addresses import Site
from hooks.api_files import answered
from hooks.catalog_pages import used_kinds
from hooks.dataset import Heads, catalog_dataset, kind_dataset
from hooks.llms import llms_text
from hooks.publications import Publication
from tests.catalog.conftest import FACT, Tree
from tests.hooks.conftest import ROOT, Build

SITE = Site("https://example.org/a-path/", "Reckoner", "Research with calculators in it.")


@pytest.fixture(scope="module")
def loaded() -> Catalog:
    return catalog.load()


def test_every_kind_is_a_data_set(loaded: Catalog) -> None:
    kinds = used_kinds(loaded)
    assert len(kinds) >= 10
    for kind in kinds:
        data = kind_dataset(loaded, kind, SITE)
        assert (data["@context"], data["@type"]) == ("https://schema.org", "Dataset")
        assert data["url"] == f"https://example.org/a-path/catalog/{kind}/"
        assert 50 <= len(data["description"]) <= 5000
        assert data["license"] == "https://creativecommons.org/licenses/by/4.0/"
        assert [(file["encodingFormat"], file["contentUrl"]) for file in data["distribution"]] == [
            ("text/csv", f"https://example.org/a-path/api/v1/{kind}.csv"),
            ("application/json", f"https://example.org/a-path/api/v1/{kind}/index.json"),
        ]
        facts = [fact for fact in loaded.values() if fact.ref.startswith(f"{kind}/")]
        assert [variable["propertyID"] for variable in data["variableMeasured"]] == sorted({f.name for f in facts})
        first, last = data["temporalCoverage"].split("/")
        days = [claim.as_of for fact in facts for claim in fact.stated()]
        assert (first, last) == (min(days), max(days)) and data["dateModified"] == last


def test_the_catalog_is_a_data_set_of_all_kinds(loaded: Catalog) -> None:
    data = catalog_dataset(loaded, SITE)
    assert [part["name"] for part in data["hasPart"]] == [vocabulary.kinds()[k].label for k in used_kinds(loaded)]
    assert [file["name"] for file in data["distribution"]] == [
        "values.csv",
        "benchmarks.csv",
        "sources.csv",
        "index.json",
    ]


def test_nothing_in_a_data_set_ends_its_element(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    tree.write("finance/rates.yml", FACT.replace("label: Fee", "label: </script><script>alert(1)</script> & more"))
    html = Heads(tree.load(), SITE, []).html("catalog/finance/index.md", "catalog/finance/")
    [script] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    assert "<" not in script and html.count("</script>") == 1
    assert json.loads(script)["variableMeasured"][0]["name"] == "</script><script>alert(1)</script> & more"


def test_pages_name_the_files_that_hold_the_same(loaded: Catalog) -> None:
    heads = Heads(loaded, SITE, ["colo-power"])

    def links(uri: str, address: str) -> list[str]:
        return re.findall(r'href="([^"]+)"', heads.html(uri, address))

    assert links("catalog/hardware/dgx-spark.md", "catalog/hardware/dgx-spark/") == [
        "../../../api/v1/hardware/dgx-spark.json",
        "../../changes.xml",
    ]
    for link in re.findall("<link[^>]*>", heads.html("catalog/index.md", "catalog/")):
        assert 'rel="alternate "' in link  # with rel="alternate" Material's script asks for sitemaps that are not there
    assert links("catalog/index.md", "catalog/") == ["../api/v1/index.json", "../api/v1/values.csv", "changes.xml"]
    assert links("calculators/colo-power.md", "calculators/colo-power/") == ["../../api/v1/calculators/colo-power.json"]
    assert heads.html("research/index.md", "research/") == ""


def test_llms_txt_lists_calculators_entries_and_the_catalog(loaded: Catalog) -> None:
    entry = Publication("research/a/x.md", "An [entry]", "What it says.", (), (), "2026-01-02", topic="a")
    post = Publication("posts/y.md", "A post", "What it thinks.", (), (), "2026-01-01", published="2026-01-01")
    text = llms_text(loaded, answered(Answers(ROOT), ["calculators/colo-power.md"]), [entry, post], SITE)
    lines = text.splitlines()
    assert lines[0] == "# Reckoner" and lines[2] == "> Research with calculators in it."
    sections = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert sections == ["Calculators", "Research", "Posts", "Catalog", "API", "News"]
    assert "- [An \\[entry\\]](https://example.org/a-path/research/a/x/index.md): What it says." in lines
    assert "- [A post](https://example.org/a-path/posts/y/index.md): What it thinks." in lines
    page = "- [Colocation power](https://example.org/a-path/calculators/colo-power/index.md): "
    assert [line for line in lines if line.startswith(page)] == [f"{page}the page, with method and formulas"]
    items = [line for line in lines if line.startswith("- ")]
    assert len(items) == len(Answers(ROOT).slugs()) + 1 + 2 + 2 * len(used_kinds(loaded)) + 2 + 4 + 3
    for item in items:
        assert re.fullmatch(r"- \[(\\.|[^\]\\])+\]\(https://example\.org/a-path/[^\s)]*\): .+", item)


def test_what_llms_txt_and_the_heads_name_is_in_the_site(build_site: Build) -> None:
    site = build_site()
    root = "http://127.0.0.1:8000/"
    named = re.findall(r"\]\(([^)]+)\)", (site / "llms.txt").read_text("utf-8"))
    pages = sorted((site / "catalog").rglob("index.html"))
    linked = 0
    for page in pages:
        for href in re.findall(r'<link rel="alternate " [^>]*href="([^"]+)"', page.read_text("utf-8")):
            assert (page.parent / href).is_file(), f"{page}: {href}"
            linked += 1
        for script in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page.read_text("utf-8")):
            named += [file["contentUrl"] for file in json.loads(script).get("distribution", [])]
    assert len(pages) >= 200 and linked >= 2 * 200
    assert len(named) >= 40
    for address in named:
        assert address.startswith(root)
        below = address.removeprefix(root)
        assert (site / below / "index.html" if below.endswith("/") else site / below).is_file(), address
