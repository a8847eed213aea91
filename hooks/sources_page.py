"""The page of all sources: what was read, and which numbers, measurements, claims and entries rest on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING

import jinja2
from mkdocs.structure.files import File

from calculators.core.units import fact_text
from catalog import Catalog, Citation, Claim, Source, Value
from hooks.build import state_of
from hooks.catalog_pages.addresses import address, measurements_id, subject_uri, value_address
from hooks.catalog_pages.statements import Link
from hooks.claims import CheckedClaim
from hooks.entries import Entry
from hooks.posts import Post
from hooks.widget import templates

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

URI = "sources.md"
_MATTER = """---
title: Sources
description: Every publication that a number on this site rests on, how it was read, and which numbers those are.
hide: [toc]
---
"""


@dataclass(frozen=True)
class FactContext:
    """A number that rests on a source."""

    to: Link
    text: str
    said: str
    """When it was true, how it is known, where it stands in the source, and why it is not used if it is not."""
    ref: str


@dataclass
class SourceContext:
    """A publication, and what rests on it."""

    source: Source
    facts: list[FactContext] = field(default_factory=list)
    others: list[Link] = field(default_factory=list)
    """Measurements, claims, entries and posts; `label` is linked and `after` follows it."""


@dataclass(frozen=True)
class SourcesContext:
    """Everything that templates/sources.html.jinja uses."""

    base: str
    sources: list[SourceContext]


def sources_context(
    catalog: Catalog, entries: Iterable[Entry], claims: Iterable[CheckedClaim], posts: Iterable[Post] = ()
) -> SourcesContext:
    """What the page shows: each source by producer and title, with everything that cites it."""
    ordered = sorted(catalog.sources.values(), key=lambda s: (s.producer.lower(), s.title.lower()))
    found = {source.id: SourceContext(source) for source in ordered}
    for value in catalog.values():
        for claim in value.stated():
            for citation in claim.sources:
                found[citation.source].facts.append(_fact(catalog, value, claim, citation))
    for table in catalog.benchmarks.values():
        device = catalog.subject(f"hardware/{table.hardware}")
        to = f"{address(subject_uri(device.id))}#{measurements_id(table)}"
        said = f"as of {table.as_of} ({table.method}; {table.citation.locator})"
        label = f"{device.label}: {len(table.rows)} measured speeds"
        found[table.citation.source].others.append(Link(to, label, said))
    for checked in claims:
        said = f"a claim, checked: {checked.judgement.text} ({checked.claim.locator})"
        found[checked.claim.source].others.append(Link(checked.address, checked.claim.says, said))
    for entry in entries:
        for source_id in entry.sources:
            found[source_id].others.append(Link(address(entry.uri), entry.title, "an entry that cites it"))
    for post in posts:
        for source_id in post.sources:
            found[source_id].others.append(Link(address(post.uri), post.title, "a post that cites it"))
    return SourcesContext("../", list(found.values()))


def _fact(catalog: Catalog, value: Value, claim: Claim, citation: Citation) -> FactContext:
    subject = catalog.subject(value.ref.rpartition("/")[0])
    return FactContext(
        Link(value_address(value.ref), f"{subject.label}: {value.label}"),
        fact_text(claim.value, value.unit),
        f"as of {claim.as_of} ({claim.method}; {citation.locator}{_why_unused(value, claim)})",
        value.ref,
    )


def _why_unused(value: Value, claim: Claim) -> str:
    if claim is value.chosen:
        return ""
    if claim in value.series:
        return "; a later observation is used"
    return "; another claim is used" if claim in value.claims else "; since replaced"


def sources_html(env: jinja2.Environment, context: SourcesContext) -> str:
    """The page: a heading for each source, whose anchor is the source's id."""
    shallow = {name.name: getattr(context, name.name) for name in fields(context)}
    return env.get_template("sources.html.jinja").render(shallow)


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    files.append(File.generated(config, URI, content=_MATTER))
    return files


def on_page_content(html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str | None:
    if page.file.src_uri != URI:
        return None
    state = state_of(config)
    # MkDocs holds the links of other pages against these.
    page.present_anchor_ids = {*(page.present_anchor_ids or ()), *state.catalog.sources}
    context = sources_context(state.catalog, state.entries.values(), state.claims, state.posts.values())
    return sources_html(templates(state.root), context)
