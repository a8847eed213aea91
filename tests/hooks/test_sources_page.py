"""The page of all sources."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import catalog
from catalog import Catalog
from hooks.entries import Entry
from hooks.sources_page import sources_context, sources_html
from hooks.widget import templates
from tests.hooks.conftest import Build

ROOT = Path(__file__).parents[2]
ENV = templates(ROOT)


@pytest.fixture(scope="module")
def facts() -> Catalog:
    return catalog.load()


def test_every_source_has_its_heading_address_and_facts(facts: Catalog) -> None:
    entry = Entry("research/hardware/x.md", "An <entry>", "", "hardware", "", ("irs-rev-proc-2025-32",))
    context = sources_context(facts, [entry], [])
    page = sources_html(ENV, context)
    assert len(context.sources) == len(facts.sources) >= 300
    for source in facts.sources.values():
        assert page.count(f'<h2 id="{source.id}">') == 1
    listed = [(shown.source.id, fact.ref) for shown in context.sources for fact in shown.facts]
    stated = [
        (citation.source, value.ref)
        for value in facts.values()
        for claim in value.stated()
        for citation in claim.sources
    ]
    assert sorted(listed) == sorted(stated)
    assert len(listed) >= 2000
    unused = [fact for shown in context.sources for fact in shown.facts if " is used)" in fact.said]
    assert len(unused) >= 100
    assert {"; another claim is used)" in f.said for f in unused} == {True, False}
    assert '<a href="../research/hardware/x/">An &lt;entry&gt;</a>, an entry that cites it' in page


def test_titles_are_text_and_not_markup(facts: Catalog) -> None:
    id = next(iter(facts.sources))
    hostile = replace(facts.sources[id], title="<script>alert(1)</script>")
    page = sources_html(ENV, sources_context(replace(facts, sources={**facts.sources, id: hostile}), [], []))
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_links_to_a_source_lead_somewhere(build_site: Build) -> None:
    site = build_site({"index.md": "# Home\n\n[A source](sources.md#irs-rev-proc-2025-32)\n"})
    assert 'href="sources/#irs-rev-proc-2025-32"' in (site / "index.html").read_text(encoding="utf-8")
    page = (site / "sources/index.html").read_text(encoding="utf-8")
    assert '<h2 id="irs-rev-proc-2025-32">' in page


def test_a_source_names_the_claims_that_were_checked(build_site: Build) -> None:
    from tests.hooks.test_claims import PAGE

    site = build_site({"index.md": PAGE})
    page = (site / "sources/index.html").read_text(encoding="utf-8")
    assert 'href="../#claim-rtx-pro-6000-70b"' in page
    assert "a claim, checked: cannot be: above the physical ceiling (RTX PRO 6000)" in page
