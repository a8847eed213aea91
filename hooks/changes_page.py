"""What has changed in the facts: a page, and an Atom feed (RFC 4287) of the same.

Both are made of the catalog alone: no clock, so that a build of the same files gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, InclusionLevel
from mkdocs.structure.nav import Section

from calculators.core.units import fact_text
from catalog import Catalog, Claim
from catalog.changes import Change
from hooks import atom as atom_text
from hooks.api.addresses import CHANGES, CHANGES_URI, FEED, Site
from hooks.api.changes import changed, identified
from hooks.api_files import site_of
from hooks.build import state_of
from hooks.catalog_pages import TAB, address, subject_uri, value_address
from hooks.widget import templates

if TYPE_CHECKING:
    import jinja2
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page
    from mkdocs.utils.templates import TemplateContext

_DESCRIPTION = "Every fact that has changed: the old and the new value, since when, who says so, and why."
_FRONT_MATTER = f"---\ntitle: Changed facts\ndescription: {json.dumps(_DESCRIPTION)}\nhide: [toc]\n---\n"
_KEY = "reckoner_changes"
_MOST_ROWS = 500
_MOST_FEED_ENTRIES = 200
_WHY = {"series": "A newer observation", "replaced": "Corrected here"}


# ---- the page


@dataclass(frozen=True)
class SourceContext:
    """A publication that states a value."""

    href: str
    """Below the site's root, as all addresses here."""
    label: str
    locator: str


@dataclass(frozen=True)
class StatedContext:
    """One of the two values."""

    text: str
    as_of: str
    method: str
    sources: list[SourceContext]


@dataclass(frozen=True)
class ChangeContext:
    """A row of the table."""

    date: str
    subject: str
    subject_href: str
    label: str
    href: str
    old: StatedContext
    new: StatedContext
    why: str
    because: str


def page_html(env: jinja2.Environment, catalog: Catalog, found: Sequence[Change]) -> str:
    """The table of changes."""
    return env.get_template("changes.html.jinja").render(
        base="../../",
        description=_DESCRIPTION,
        changes=[_change(catalog, change) for change in found[:_MOST_ROWS]],
        total=len(found),
        first_day=found[-1].date if found else "",
        feed=FEED,
        json=CHANGES,
    )


def _change(catalog: Catalog, change: Change) -> ChangeContext:
    return ChangeContext(
        date=change.date,
        subject=change.subject.label,
        subject_href=address(subject_uri(change.subject.id)),
        label=change.label,
        href=value_address(change.ref),
        old=_stated(catalog, change.old, change.unit),
        new=_stated(catalog, change.new, change.unit),
        why=_WHY[change.why],
        because=change.because,
    )


def _stated(catalog: Catalog, claim: Claim, unit: str) -> StatedContext:
    sources = []
    for cited in claim.sources:
        source = catalog.source(cited.source)
        sources.append(SourceContext(f"sources/#{source.id}", f"{source.producer}, {source.title}", cited.locator))
    return StatedContext(fact_text(claim.value, unit), claim.as_of, claim.method, sources)


# ---- the feed


def feed(catalog: Catalog, site: Site, found: Sequence[Change]) -> str:
    """The newest changes as an Atom feed; it was updated when the newest of them happened."""
    # Without a change the feed is as old as the newest fact.
    newest = found[0].date if found else max(value.as_of for value in catalog.values())
    root = atom_text.root()
    atom_text.add(root, "id", site.absolute(FEED))
    atom_text.add(root, "title", f"{site.name}: changed facts")
    atom_text.add(root, "subtitle", _DESCRIPTION)
    atom_text.add(root, "updated", atom_text.moment(newest))
    atom_text.add(atom_text.add(root, "author"), "name", site.name)
    atom_text.add(root, "rights", "CC BY 4.0")
    atom_text.add(root, "link", rel="self", type="application/atom+xml", href=site.absolute(FEED))
    atom_text.add(root, "link", rel="alternate", type="text/html", href=site.absolute(address(CHANGES_URI)))
    for id, change in identified(site, found)[:_MOST_FEED_ENTRIES]:
        entry = atom_text.add(root, "entry")
        atom_text.add(entry, "id", id)
        atom_text.add(entry, "title", _title(change))
        atom_text.add(entry, "updated", atom_text.moment(change.date))
        atom_text.add(entry, "link", rel="alternate", type="text/html", href=site.absolute(value_address(change.ref)))
        atom_text.add(entry, "category", term=change.subject.kind)
        atom_text.add(entry, "summary", _summary(catalog, change), type="text")
    return atom_text.written(root)


def _title(change: Change) -> str:
    old, new = fact_text(change.old.value, change.unit), fact_text(change.new.value, change.unit)
    return f"{change.subject.label}: {change.label} from {old} to {new}"


def _summary(catalog: Catalog, change: Change) -> str:
    old, new = _in_words(catalog, change.old, change.unit), _in_words(catalog, change.new, change.unit)
    because = f": {change.because}" if change.because else "."
    return f"Was {old}. Is {new}. {_WHY[change.why]}{because}"


def _in_words(catalog: Catalog, claim: Claim, unit: str) -> str:
    stated = _stated(catalog, claim, unit)
    said = f" ({'; '.join(f'{source.label}, {source.locator}' for source in stated.sources)})" if stated.sources else ""
    return f"{stated.text} as of {stated.as_of}, {stated.method}{said}"


# ---- MkDocs


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    state, site = state_of(config), site_of(config)
    found = changed(state.catalog)
    config.extra[_KEY] = page_html(templates(state.root), state.catalog, found)
    files.append(File.generated(config, CHANGES_URI, content=_FRONT_MATTER, inclusion=InclusionLevel.NOT_IN_NAV))
    files.append(File.generated(config, FEED, content=feed(state.catalog, site, found)))
    return files


def on_nav(nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
    """The page belongs to the catalog's tab."""
    file = files.get_file_from_path(CHANGES_URI)
    section = next((item for item in nav.items if isinstance(item, Section) and item.title == TAB), None)
    if file and file.page:
        file.page.parent = section
    return nav


def on_page_content(html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    return Markup("<p>{}</p>").format(_DESCRIPTION) if page.file.src_uri == CHANGES_URI else html


@event_priority(-50)  # After the search has read the page: its index holds what a page is about, not every table.
def on_page_context(context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Navigation) -> TemplateContext:
    if page.file.src_uri == CHANGES_URI:
        page.content = config.extra[_KEY]
    return context
