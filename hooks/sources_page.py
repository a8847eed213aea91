"""The page of all sources: what was read, and which numbers rest on it."""

from __future__ import annotations

import html
from collections.abc import Iterable
from typing import TYPE_CHECKING

from mkdocs.structure.files import File

from calculators.core.units import fact_text
from catalog import Catalog, Source
from hooks.build import state_of
from hooks.entries import Entry

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

_INTRODUCTION = """---
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
    parts = [_INTRODUCTION]
    for source in sorted(catalog.sources.values(), key=lambda s: (s.producer.lower(), s.title.lower())):
        parts.append(_source_markdown(source))
        for line in (*_fact_lines(catalog, source.id), *_entry_lines(entries, source.id)):
            parts.append(f"- {line}")
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


def _fact_lines(catalog: Catalog, source_id: str) -> list[str]:
    lines = []
    for value in catalog.values():
        for citation in value.chosen.sources:
            if citation.source == source_id:
                text = fact_text(value.value, value.unit)
                lines.append(
                    f"{_text(value.label)}: **{text}**, as of {value.as_of} ({value.method}; {_text(citation.locator)})"
                    f" `{value.ref}`"
                )
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
