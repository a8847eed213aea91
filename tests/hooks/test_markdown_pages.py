"""The Markdown beside each page: what an author wrote, away from the site, and the pages that have no text."""

from __future__ import annotations

import json
import re

import pytest

import catalog
from catalog import Catalog, vocabulary
from hooks.api.addresses import Site
from hooks.catalog_pages import used_kinds
from hooks.markdown_pages.blocks import escaped
from hooks.markdown_pages.catalog import CatalogMarkdown
from hooks.markdown_pages.hook import front_matter
from hooks.markdown_pages.prose import plain_markdown
from tests.hooks.conftest import ENTRY, Build

SITE = Site("https://example.org/a/", "Reckoner", "")
URI = "research/hardware/x.md"
HERE = "https://example.org/a/research/hardware/x/"


@pytest.fixture(scope="module")
def loaded() -> Catalog:
    return catalog.load()


def plain(markdown: str) -> str:
    return plain_markdown(markdown, URI, SITE, {"claim": lambda text: f"C({text})\n\n- more"}).rstrip("\n")


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("[a](y.md)", "[a](https://example.org/a/research/hardware/y/)"),
        ("[a](../../sources.md#b-c) and [d](../z/index.md)", "[a](https://example.org/a/sources/#b-c) and [d](https://example.org/a/research/z/)"),
        ("[a](#b)", f"[a]({HERE}#b)"),
        ("[a](?b=1)", f"[a]({HERE}?b=1)"),
        ("[a](https://e.org/x.md) [b](mailto:a@e.org)", "[a](https://e.org/x.md) [b](mailto:a@e.org)"),
        ('[a](y.md "title") ![p](../../assets/p.png)', '[a](https://example.org/a/research/hardware/y/ "title") ![p](https://example.org/a/assets/p.png)'),
        ("[a][b]\n\n[b]: y.md#c", "[a][b]\n\n[b]: https://example.org/a/research/hardware/y/#c"),
        ('[7 W](../../catalog/a.md#c){ .rk-fact title="x" } y', "[7 W](https://example.org/a/catalog/a/#c) y"),
        ("text\n{ .worked-out }\n\nmore", "text\n\nmore"),
        ("## Head { #id .x }", "## Head"),
        ("`[a](y.md){ .x }` and `{ .y }`", "`[a](y.md){ .x }` and `{ .y }`"),
        ("```md\n[a](y.md)\n{ .x }\n```", "```md\n[a](y.md)\n{ .x }\n```"),
        ('Tags: <a href="../../../tags/t/" rel="tag">t</a>', "Tags: [t](https://example.org/a/tags/t/)"),
        ('<div data-embed-builder></div>\n\nx', "x"),
        ("```claim\nid: a\n```", "C(id: a)\n\n- more"),
        ('??? note "A"\n\n    ```claim\n    b\n    ```\n\n    M.\n\nEnd.', "**A**\n\nC(b)\n\n- more\n\nM.\n\nEnd."),
        ("!!! warning\n    Text.\n", "**Note**\n\nText."),
        ("````md\n```claim\nid: a\n```\n````", "````md\n```claim\nid: a\n```\n````"),
        ("    ??? note\n", "    **Note**"),
    ],
)  # fmt: skip
def test_prose_away_from_the_site(markdown: str, expected: str) -> None:
    assert plain(markdown) == expected.strip()


def test_front_matter_says_what_it_is() -> None:
    text = front_matter('A "title"', HERE, "2026-01-02")
    assert text == f'---\ntitle: "A \\"title\\""\naddress: {HERE}\nupdated: 2026-01-02\nlicence: CC BY 4.0\n---\n\n'
    assert "updated" not in front_matter("A", HERE, "")


def test_escaped_text_is_text() -> None:
    assert escaped("a|b *c* [d] <e> `f`") == "a\\|b \\*c\\* \\[d\\] \\<e\\> \\`f\\`"


def test_every_subject_has_all_of_its_values(loaded: Catalog) -> None:
    made = CatalogMarkdown(loaded, SITE)
    assert len(loaded.subjects) >= 300
    rows = 0
    for subject in loaded.subjects.values():
        text = made.subject(subject)
        table = [line for line in text.splitlines() if line.startswith("| ")][1:]
        assert len(table) == sum(len(list(value.stated())) for value in subject.values.values())
        assert all(len(re.findall(r"(?<!\\)\|", row)) == 6 for row in table), subject.id
        rows += len(table)
    assert rows >= 2000
    spark = made.subject(loaded.subject("hardware/dgx-spark"))
    assert re.search(
        r"^\| Memory bandwidth \| 273 GB/s \| 20\d\d-\d\d-\d\d \| reported \| \[.*\]\(https://.*/sources/#lmsys",
        spark,
        re.M,
    )
    assert re.search(r"^\| Price, earlier observation \| \$3,999 \| 2025-10-15 ", spark, re.M)


def test_lists_of_the_catalog(loaded: Catalog) -> None:
    made = CatalogMarkdown(loaded, SITE)
    kinds = used_kinds(loaded)
    assert len(kinds) >= 10
    listed = sum(made.kind(kind).count("\n- [") for kind in kinds)
    assert listed == len(loaded.subjects)
    index = made.index("What there is.")
    assert all(
        f"({vocabulary.kinds()[kind].label}" in index or vocabulary.kinds()[kind].label in index for kind in kinds
    )
    assert made.sources("All.").count("\n- ") == len(loaded.sources)
    choices = [value for value in loaded.values() if value.choice]
    disagreements = made.disagreements("D", "All.")
    assert len(choices) >= 10 and disagreements.count(", used (") == len(choices)


CLAIM = """```claim
id: a-claim
says: A loan of this kind is paid back 70 to 80 months sooner.
source: damodaran-histretsp
locator: page 1
calculator: mortgage-vs-invest
inputs: {}
metric: months_saved
claimed: [70, 80]
tolerance_pct: 0
```
"""


def test_in_the_site(build_site: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE_URL", "https://example.org/a-path/")
    fact = '{{ fact("finance/us-federal-income-tax", "standard_deduction_joint_usd") }}'
    own = f"## What it is\n\nIt is {fact} a year.\n\n{CLAIM}\n```calculator\nmortgage-vs-invest\nrate_pct: 5.5\n```\n"
    site = build_site({"research/hardware/subject.md": ENTRY.replace("## What it is\n", own)})
    pages = [path.parent for path in site.rglob("index.html") if "embed" not in path.parts]
    assert len(pages) >= 300
    for folder in pages:
        html = (folder / "index.html").read_text("utf-8")
        text = (folder / "index.md").read_text("utf-8")
        assert '<link rel="alternate " type="text/markdown" title="As Markdown" href="index.md">' in html, folder
        assert (
            text.startswith("---\ntitle: ")
            and f"address: https://example.org/a-path/{folder.relative_to(site).as_posix()}".rstrip(".") in text
        )
        assert not re.findall(r"\]\((?!https?:|mailto:)", re.sub(r"```.*?```|`[^`]*`", "", text, flags=re.DOTALL)), (
            folder
        )
        assert "{{" not in text and "{ ." not in text and "\n# " in text, folder
        # Where the page is, also below a path.
        assert (
            f'<link rel="canonical" href="https://example.org/a-path/{folder.relative_to(site).as_posix()}'.rstrip(".")
            in html
        )
    text = (site / "research/hardware/subject/index.md").read_text("utf-8")
    fact = "catalog/finance/us-federal-income-tax/#standard_deduction_joint_usd"
    assert f"It is [$32,200](https://example.org/a-path/{fact}) a year." in text
    assert (
        "**Claim: holds.** A loan of this kind is paid back 70 to 80 months sooner. Claimed in [Aswath Damodaran"
        in text
    )
    assert "worked out here: 77 months" in text
    assert "(https://example.org/a-path/calculators/mortgage-vs-invest/?rate_pct=5.5) for rate\\_pct = 5.5." in text
    # What the head says of the entry.
    html = (site / "research/hardware/subject/index.html").read_text("utf-8")
    data = [json.loads(one) for one in re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)]
    [article] = [one for one in data if one["@type"] == "Article"]
    assert (article["headline"], article["dateModified"]) == ("A subject", "2026-11-21")
    assert article["encoding"]["contentUrl"] == "https://example.org/a-path/research/hardware/subject/index.md"
    assert len(article["citation"]) == 3 and article["license"] == "https://creativecommons.org/licenses/by/4.0/"
    [crumbs] = [one for one in data if one["@type"] == "BreadcrumbList"]
    assert [one["name"] for one in crumbs["itemListElement"]] == ["Home", "Research", "Hardware", "A subject"]
    # How it is cited.
    cited = html[html.index("Cite this page") :]
    assert (
        "A subject. Research entry, reviewed 2026-11-21. CC BY 4.0. https://example.org/a-path/research/hardware/subject/"
        in cited
    )
    assert "@misc{reckoner-subject," in cited and 'href="../../../licence/"' in cited
