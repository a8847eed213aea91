"""The page of all sources: what was read, and which numbers rest on it."""

from __future__ import annotations

import html
from collections.abc import Iterable
from typing import TYPE_CHECKING

from mkdocs.structure.files import File

from calculators.core.units import fact_text
from catalog import Catalog, Citation, Claim, Source, Value
from hooks.build import state_of
from hooks.catalog_pages import measurements_id, subject_uri
from hooks.entries import Entry

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

_Cited = list[tuple[Value, Claim, Citation]]

_INTRODUCTION = """---
description: Every publication that a number on this site rests on, how it was read, and which numbers those are.
hide: [toc]
---

# Sources

Every number on this site says where it comes from. Here is each publication, how it was read, and the
numbers that rest on it. *Primary* means that the producer speaks of what it made, decided or measured
itself; *secondary*, that it reports what others say; *community*, a forum post or a reader's measurement;
*seed*, a document whose claims this site set out to examine.
"""


def sources_markdown(catalog: Catalog, entries: Iterable[Entry]) -> str:
    """The page's text: a heading for each source, whose anchor is the source's id."""
    entries = list(entries)
    cited: dict[str, _Cited] = {}
    for value in catalog.values():
        for claim in value.stated():
            for citation in claim.sources:
                cited.setdefault(citation.source, []).append((value, claim, citation))
    parts = [_INTRODUCTION]
    for source in sorted(catalog.sources.values(), key=lambda s: (s.producer.lower(), s.title.lower())):
        parts.append(_source_markdown(source))
        facts = _fact_lines(catalog, cited.get(source.id, []))
        # Every visit fetches the search's index: it knows the publications, not each number that rests on them.
        for line in (*facts, *_measurement_lines(catalog, source.id), *_entry_lines(entries, source.id)):
            parts.append(f"- {line}\n    {{ data-search-exclude }}")
        parts.append("")
    return "\n".join(parts)


def _source_markdown(source: Source) -> str:
    published = f"published {source.published}" if source.published else source.published_note
    facts = [
        f"**{_text(source.producer)}**",
        published,
        source.kind,
        f"read on {source.accessed} as {_text(source.read_via)}",
    ]
    if source.cited_through:
        facts.append(f"cited through [{source.cited_through}](#{source.cited_through})")
    if source.licence:
        facts.append(f"licence: {_text(source.licence)}")
    lines = [f"## {_text(source.title)} {{ #{source.id} }}", "", "; ".join(facts) + f".\n<{source.url}>", ""]
    if source.note:
        lines += [_text(source.note), ""]
    return "\n".join(lines)


def _fact_lines(catalog: Catalog, facts: _Cited) -> list[str]:
    lines = []
    for value, claim, citation in facts:
        subject = catalog.subject(value.ref.rpartition("/")[0])
        label = f"[{_text(subject.label)}: {_text(value.label)}]({subject_uri(subject.id)}#{value.name})"
        text = fact_text(claim.value, value.unit)
        unused = _why_unused(value, claim)
        lines.append(
            f"{label}: **{text}**, as of {claim.as_of} ({claim.method}; {_text(citation.locator)}{unused})"
            f" `{value.ref}`"
        )
    return lines


def _why_unused(value: Value, claim: Claim) -> str:
    if claim is value.chosen:
        return ""
    if claim in value.series:
        return "; a later observation is used"
    return "; another claim is used" if claim in value.claims else "; since replaced"


def _measurement_lines(catalog: Catalog, source_id: str) -> list[str]:
    lines = []
    for table in catalog.benchmarks.values():
        if table.citation.source == source_id:
            device = catalog.subject(f"hardware/{table.hardware}")
            label = f"[{_text(device.label)}: {len(table.rows)} measured speeds]"
            where = f"{subject_uri(device.id)}#{measurements_id(table)}"
            lines.append(f"{label}({where}), as of {table.as_of} ({table.method}; {_text(table.citation.locator)})")
    return lines


def _entry_lines(entries: list[Entry], source_id: str) -> list[str]:
    return [f"cited in [{_text(entry.title)}]({entry.uri})" for entry in entries if source_id in entry.sources]


def _text(text: str) -> str:
    """Plain text in Markdown: nothing in it is markup."""
    escaped = html.escape(text, quote=False)
    for mark in "\\`*_[]{}#|":
        escaped = escaped.replace(mark, f"\\{mark}" if mark != "|" else "&#124;")
    return escaped


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    state = state_of(config)
    content = sources_markdown(state.catalog, state.entries.values())
    files.append(File.generated(config, "sources.md", content=content))
    return files
