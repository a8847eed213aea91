"""The page of all sources."""

from __future__ import annotations

from dataclasses import replace

import catalog
from hooks.entries import Entry
from hooks.sources_page import sources_markdown


def test_every_source_has_its_heading_address_and_facts() -> None:
    loaded = catalog.load()
    entry = Entry("research/hardware/x.md", "An [entry]", "", "hardware", "", ("irs-rev-proc-2025-32",))
    text = sources_markdown(loaded, [entry])
    assert len(loaded.sources) >= 30
    for source in loaded.sources.values():
        assert text.count(f"{{ #{source.id} }}") == 1
        assert f"<{source.url}>" in text
    cited = 0
    for value in loaded.values():
        page, _, name = value.ref.rpartition("/")
        for claim in value.stated():
            for citation in claim.sources:
                assert f"`{value.ref}`" in text
                assert f"](catalog/{page}.md#{name}): **" in text
                cited += 1
                assert citation.source in loaded.sources
    assert cited >= 200
    unused = sum(len(claim.sources) for v in loaded.values() for claim in v.claims if claim is not v.chosen)
    assert text.count("; another claim is used)") == unused >= 30
    assert "cited in [An \\[entry\\]](research/hardware/x.md)" in text


def test_titles_are_text_and_not_markup() -> None:
    loaded = catalog.load()
    id = next(iter(loaded.sources))
    hostile = replace(loaded.sources[id], title="<script>alert(1)</script> *a* {: #b } [c](javascript:d)")
    text = sources_markdown(replace(loaded, sources={**loaded.sources, id: hostile}), [])
    assert "<script>" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; \\*a\\* \\{: \\#b \\} \\[c\\](javascript:d)" in text
