"""The log of corrections: /corrections/ and its feeds, from docs/corrections.yml.

That file is the one place. What the catalog keeps of a value that was replaced (`earlier`) stands on the value's page
and among the changed facts; it is logged here as well where a reader could have been misled.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, InclusionLevel

from catalog import CatalogError
from catalog.errors import did_you_mean
from catalog.loader import load_bytes
from catalog.schema import shape_problems
from hooks.api.addresses import Site
from hooks.api_files import site_of
from hooks.build import state_of
from hooks.catalog_pages import address
from hooks.feeds import Feed, Item, written

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

FILE = "corrections.yml"
URI = "corrections.md"
FEED = "corrections/feed"
_ABOUT = "What was wrong on a page of this site and is right now, newest first."
_MATTER = f'---\ntitle: Corrections\ndescription: "{_ABOUT}"\nhide: [toc]\n---\n'
_TITLE = re.compile(r'^(?:title: *"?(.+?)"?|# +(.+?)) *$', re.MULTILINE)
_KEY = "reckoner_corrections"


@dataclass(frozen=True)
class Correction:
    """Something that was wrong."""

    date: str
    uri: str
    """The page below docs/."""
    anchor: str
    """With its #, or ""."""
    was: str
    now: str
    reported_by: str
    id: str
    """Stays as long as the file only grows."""
    place: str
    """`file:line field` of the page, for messages."""

    @property
    def mark(self) -> str:
        """The anchor on the page of corrections."""
        return re.sub(r"[^a-z0-9]+", "-", self.id).strip("-")


def read_corrections(content: bytes, name: str) -> tuple[list[Correction], list[str]]:
    """The corrections in a file, newest first, and what is wrong with them."""
    try:
        document = load_bytes(content, name)
    except CatalogError as error:
        return [], [str(problem) for problem in error.problems]
    problems = [str(problem) for problem in shape_problems(document, "corrections")]
    if problems:
        return [], problems
    found: list[Correction] = []
    counted: Counter[str] = Counter()
    for index, one in enumerate(document.data["corrections"]):
        place = document.problem(("corrections", index, "date"), "")
        if found and one["date"] < found[-1].date:
            message = f'"{one["date"]}" is earlier than the one before, {found[-1].date}; expected new ones at the end'
            problems.append(f"{str(place).removesuffix(': ')}: {message}; move it")
        uri, sign, anchor = one["page"].partition("#")
        id = f"corrections/{one['date']}/{address(uri)}"
        counted[id] += 1
        found.append(
            Correction(
                date=one["date"],
                uri=uri,
                anchor=sign + anchor,
                was=one["was"],
                now=one["now"],
                reported_by=one.get("reported_by", ""),
                id=id if counted[id] == 1 else f"{id}{counted[id]}/",
                place=str(document.problem(("corrections", index, "page"), "")).removesuffix(": "),
            )
        )
    return found[::-1], problems


def page_problems(found: Iterable[Correction], known: Collection[str]) -> list[str]:
    """The corrections of pages that there are not; `known` are the paths below docs/ of those that there are."""
    problems = []
    for one in found:
        if one.uri not in known:
            hint = did_you_mean(one.uri, known) or "; expected a path below docs/; mend it"
            problems.append(f'{one.place}: no page "{one.uri}"{hint}')
    return problems


def page_markdown(found: Sequence[Correction], titles: dict[str, str]) -> str:
    """The log; `titles` are those of the pages, by path below docs/."""
    lines = ["# Corrections", "", _ABOUT, ""]
    feeds = '<a href="feed.xml">Atom feed</a> · <a href="feed.json">JSON feed</a> · [Changed facts](catalog/changes.md)'
    lines += [feeds if found else "[Changed facts](catalog/changes.md)", "{ .rk-byline }", ""]
    for one in found:
        title = titles.get(one.uri, one.uri)
        lines += [f"## {one.date}: [{_escaped(title)}]({one.uri}{one.anchor}) {{ #{one.mark} }}", ""]
        lines += [f"**Was:** {_escaped(one.was)}", "", f"**Is:** {_escaped(one.now)}", ""]
        if one.reported_by:
            lines += [f"Reported by {_escaped(one.reported_by)}.", ""]
    if not found:
        lines += ["None so far.", ""]
    return "\n".join(lines)


def items(site: Site, found: Sequence[Correction], titles: dict[str, str]) -> list[Item]:
    """The log for a feed."""
    made = []
    for one in found:
        href = escape(site.absolute(address(one.uri)) + one.anchor)
        title = titles.get(one.uri, one.uri)
        by = f"<p>Reported by {escape(one.reported_by)}.</p>" if one.reported_by else ""
        html = (
            f'<p>On <a href="{href}">{escape(title)}</a>.</p>'
            f"<p><strong>Was:</strong> {escape(one.was)}</p><p><strong>Is:</strong> {escape(one.now)}</p>{by}"
        )
        url = f"{site.absolute(address(URI))}#{one.mark}"
        made.append(Item(site.tag(one.id), url, f"Correction: {title}", one.was, html, one.date, one.date))
    return made


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_\[\]{}])", r"\\\1", escape(text, quote=False))


# ---- MkDocs


@event_priority(10)  # Before the feeds, whose page leads to these.
def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    found: list[Correction] = []
    file = files.get_file_from_path(FILE)
    if file:
        files.remove(file)
        found, problems = read_corrections(file.content_bytes, f"docs/{FILE}")
        state_of(config).problems += problems
    config.extra[_KEY] = found
    files.append(File.generated(config, URI, content=_MATTER, inclusion=InclusionLevel.NOT_IN_NAV))
    for suffix in (".xml", ".json") if found else ():
        files.append(File.generated(config, FEED + suffix, content=""))
    return files


def _titles(found: Sequence[Correction], files: Files) -> dict[str, str]:
    """The titles of the pages that are there."""
    titles = {}
    for uri in {one.uri for one in found}:
        file = files.get_file_from_path(uri)
        title = _TITLE.search(file.content_string) if file else None
        if file:
            titles[uri] = (title and (title[1] or title[2])) or uri
    return titles


@event_priority(100)  # First: what follows holds the links against the pages that there are.
def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str | None:
    if page.file.src_uri != URI:
        return None
    found, state = config.extra[_KEY], state_of(config)
    titles = _titles(found, files)
    state.problems += page_problems(found, [file.src_uri for file in files.documentation_pages()])
    return page_markdown([one for one in found if one.uri in titles], titles)


def on_env(env: object, *, config: MkDocsConfig, files: Files) -> None:
    found, state, site = config.extra[_KEY], state_of(config), site_of(config)
    if state.is_check or state.problems or not found:
        return
    feed = Feed(FEED, f"{site.name}: corrections", _ABOUT, address(URI))
    for name, text in written(site, feed, items(site, found, _titles(found, files))).items():
        file = files.get_file_from_path(name)
        assert file
        file.content_string = text
