"""What has changed in the facts: page, feed and names that stay."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import datetime
from pathlib import Path

import pytest

from catalog import Catalog
from hooks import changes_page
from hooks.api.addresses import Site
from hooks.api.changes import changed, identified
from hooks.changes_page import feed, page_html
from hooks.widget import templates
from tests.catalog.conftest import Tree
from tests.hooks.conftest import ROOT, Build

SITE = Site("https://example.org/a-path/", "Reckoner", "Research with calculators in it.")
ATOM = "{http://www.w3.org/2005/Atom}"

SERIES = """\
id: finance/rates
label: Rates <i>&</i> fees
summary: Rates that the tests look at.
values:
  price_usd:
    label: Price
    unit: USD
    series:
      - {value: 3000, as_of: 2025-01-10, method: reported, sources: [{source: some-report, locator: page 1}]}
      - {value: 3000, as_of: 2025-05-10, method: reported, sources: [{source: some-report, locator: page 1}]}
      - {value: 3999, as_of: 2025-10-15, method: reported, sources: [{source: some-report, locator: page 2}], note: Memory became dear.}
  fee_usd:
    label: Fee
    value: 12.5
    unit: USD
    as_of: 2025-01-31
    method: reported
    sources: [{source: some-report, locator: page 3}]
    earlier:
      - {value: 11, as_of: 2025-01-31, method: reported, sources: [{source: some-report, locator: page 3}], replaced: 2026-02-01, because: The footnote adds a charge.}
      - {value: 10, as_of: 2025-01-31, method: reported, sources: [{source: some-report, locator: page 3}], replaced: 2026-02-01, because: It was misread.}
"""  # noqa: E501


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    tree = Tree(tmp_path)
    tree.write("finance/rates.yml", SERIES)
    return tree


def atom(loaded: Catalog) -> ET.Element:
    return ET.fromstring(feed(loaded, SITE, changed(loaded)))


def text_of(element: ET.Element, name: str) -> str:
    """The text of the one child of this name."""
    [child] = element.findall(ATOM + name)
    assert child.text
    return child.text


def ids(loaded: Catalog) -> list[str]:
    return [id for id, _ in identified(SITE, changed(loaded))]


# ---- what is a change


def test_steps_of_a_series_and_corrections_are_changes_newest_first(tree: Tree) -> None:
    found = [(c.date, c.why, c.old.value, c.new.value, c.because) for c in changed(tree.load())]
    assert found == [
        ("2026-02-01", "replaced", 11, 12.5, "The footnote adds a charge."),
        ("2026-02-01", "replaced", 10, 11, "It was misread."),
        ("2025-10-15", "series", 3000, 3999, "Memory became dear."),
    ]


def test_each_change_has_a_name_that_newer_ones_leave_alone(tree: Tree) -> None:
    before = ids(tree.load())
    assert before == [
        "tag:example.org,2026:/a-path/finance/rates/fee_usd/2026-02-01/replaced/2",
        "tag:example.org,2026:/a-path/finance/rates/fee_usd/2026-02-01/replaced",
        "tag:example.org,2026:/a-path/finance/rates/price_usd/2025-10-15/series",
    ]
    newer = "replaced: 2026-02-01, because: And another."
    former = "{value: 12, as_of: 2025-01-31, method: reported, sources: [{source: some-report, locator: page 3}], "
    tree.change("finance/rates.yml", "    earlier:\n", f"    earlier:\n      - {former}{newer}}}\n")
    after = ids(tree.load())
    assert after == [before[0].removesuffix("2") + "3", *before]


# ---- the feed


def test_the_feed_has_what_atom_asks_for(tree: Tree) -> None:
    loaded = tree.load()
    root = atom(loaded)
    assert root.tag == f"{ATOM}feed"
    assert text_of(root, "title") == "Reckoner: changed facts"
    assert text_of(root, "id") == "https://example.org/a-path/catalog/changes.xml"
    assert text_of(root.findall(ATOM + "author")[0], "name") == "Reckoner"
    links = {link.get("rel"): link.get("href") for link in root.findall(ATOM + "link")}
    assert links == {
        "self": "https://example.org/a-path/catalog/changes.xml",
        "alternate": "https://example.org/a-path/catalog/changes/",
    }
    entries = root.findall(ATOM + "entry")
    assert [text_of(entry, "id") for entry in entries] == ids(loaded)
    moments = [text_of(entry, "updated") for entry in entries]
    assert moments == sorted(moments, reverse=True) and len(moments) == 3
    for moment in [*moments, text_of(root, "updated")]:
        assert datetime.strptime(moment, "%Y-%m-%dT%H:%M:%SZ")
    assert text_of(root, "updated") == moments[0] == "2026-02-01T00:00:00Z"
    for entry in entries:
        [link] = entry.findall(ATOM + "link")
        assert re.fullmatch(r"https://example\.org/a-path/catalog/finance/rates/#\w+", link.get("href", ""))
    assert text_of(entries[2], "title") == "Rates <i>&</i> fees: Price from $3,000 to $3,999"
    assert text_of(entries[2], "summary") == (
        "Was $3,000 as of 2025-05-10, reported (Some office, Some report, page 1). "
        "Is $3,999 as of 2025-10-15, reported (Some office, Some report, page 2). "
        "A newer observation: Memory became dear."
    )


def test_a_feed_without_changes_is_as_old_as_the_newest_fact(tmp_path: Path) -> None:
    root = atom(Tree(tmp_path).load())
    assert root.findall(ATOM + "entry") == []
    assert text_of(root, "updated") == "2025-01-31T00:00:00Z"


def test_the_feed_holds_the_newest(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes_page, "_MOST_FEED_ENTRIES", 2)
    loaded = tree.load()
    assert [text_of(entry, "id") for entry in atom(loaded).findall(ATOM + "entry")] == ids(loaded)[:2]


# ---- the page


def test_the_page_sets_old_beside_new(tree: Tree) -> None:
    loaded = tree.load()
    page = page_html(templates(ROOT), loaded, changed(loaded))
    rows = page.split("<tbody>")[1].split("</tr>")[:-1]
    assert len(rows) == 3
    words = " ".join(re.sub(r"<[^>]+>", " ", rows[2]).split())
    assert words == (
        "2025-10-15 Rates &lt;i&gt;&amp;&lt;/i&gt; fees: Price A newer observation: Memory became dear. "
        "$3,000 2025-05-10 , reported Some office, Some report , page 1 "
        "$3,999 2025-10-15 , reported Some office, Some report , page 2"
    )
    assert 'href="../../catalog/finance/rates/#price_usd"' in rows[2]
    assert 'href="../../sources/#some-report"' in rows[2]
    assert "Corrected here: It was misread." in rows[1]
    assert "3 changes since <time>2025-10-15</time>." in page


def test_the_page_says_how_much_it_leaves_out(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes_page, "_MOST_ROWS", 2)
    loaded = tree.load()
    page = page_html(templates(ROOT), loaded, changed(loaded))
    assert page.count("<tr><td>") == 2 and "of which the newest 2 stand here" in page


def test_without_changes_the_page_says_so(tmp_path: Path) -> None:
    loaded = Tree(tmp_path).load()
    assert "No fact has changed" in page_html(templates(ROOT), loaded, changed(loaded))


def test_the_site_has_page_and_feed(build_site: Build) -> None:
    site = build_site()
    root = ET.parse(site / "catalog/changes.xml").getroot()
    assert text_of(root, "id") == "http://127.0.0.1:8000/catalog/changes.xml"
    page = (site / "catalog/changes/index.html").read_text("utf-8")
    shown = min(page.count("<tr><td><time>"), changes_page._MOST_FEED_ENTRIES)
    assert len(root.findall(ATOM + "entry")) == shown
    assert 'href="../../api/v1/changes.json"' in page
