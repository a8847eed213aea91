"""Former addresses lead on: docs/redirects.yml says where each page or file of a former address is now.

The well-kept plugin for this, mkdocs-redirects, drops the query, and with it every shared scenario; and what is wrong
it says without a line. A host of static files cannot redirect by itself, so a former page is a small page that leads
on, and a former file (of the API, of a feed) holds what the new one holds.

Neither is a page to MkDocs: they are in no navigation, sitemap, search or list of the service worker.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, InclusionLevel
from mkdocs.utils import get_relative_url

from catalog import CatalogError
from catalog.errors import did_you_mean
from catalog.loader import load_bytes
from catalog.schema import shape_problems
from hooks.api.addresses import api_address
from hooks.api_files import site_of
from hooks.build import state_of
from hooks.oembed import address as oembed_address
from hooks.widget import templates

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

FILE = "redirects.yml"
_KEY = "reckoner_redirects"
_FEEDS = ("feed.xml", "feed.json")


@dataclass(frozen=True)
class Redirect:
    """A former address and the one that holds now, both below the site's root."""

    old: str
    new: str
    anchor: str
    """With its #; "" for the whole page."""
    place: str
    """`file:line field` of `to`, for messages."""

    @property
    def is_page(self) -> bool:
        return _is_page(self.old)


def _is_page(address: str) -> bool:
    return address.endswith(("/", ".html"))


def read_redirects(content: bytes, name: str, known: Iterable[str]) -> tuple[list[Redirect], list[str]]:
    """The redirects in a file, and what is wrong with them.

    Arguments:
        known: every address of a page or file of the site.
    """
    try:
        document = load_bytes(content, name)
    except CatalogError as error:
        return [], [str(problem) for problem in error.problems]
    problems = [str(problem) for problem in shape_problems(document, "redirects")]
    if problems:
        return [], problems
    known = set(known)
    written: list[dict[str, str]] = document.data["redirects"]
    former: dict[str, str] = {}
    found = []
    for index, one in enumerate(written):
        old, (new, sign, anchor) = one["from"], one["to"].partition("#")
        message, field = "", "from"
        if old in former:
            message = f'"{old}" stands here twice; expected each address once; keep one'
        elif old in known:
            message = f'"{old}" is an address of this site; expected one that nothing has; remove the redirect'
        former.setdefault(old, new)
        if not message:
            field = "to"
            if new in {other["from"] for other in written}:
                message = f'"{new}" has moved itself; expected the address that holds now; mend it'
            elif new not in known:
                hint = did_you_mean(new, known) or "; give the address of a page or file, without a slash in front"
                message = f'"{new}" is no page or file of this site{hint}'
            elif _is_page(old) != _is_page(new):
                message = f'"{new}" is {"a page" if _is_page(new) else "a file"} and "{old}" is not; mend one of them'
        if message:
            problems.append(str(document.problem(("redirects", index, field), message)))
        else:
            place = str(document.problem(("redirects", index, "to"), "")).removesuffix(": ")
            found.append(Redirect(old, new, sign + anchor, place))
    return found, problems


def with_companions(found: Sequence[Redirect], known: Iterable[str]) -> list[Redirect]:
    """The redirects, and those of what belongs to the pages: an embed, files of the API, oEmbed, feeds."""
    known = set(known)
    made = {one.old: one for one in found}
    for one in found:
        for old, new in zip(_companions(one.old), _companions(one.new), strict=False):
            if new in known and old not in known:
                made.setdefault(old, Redirect(old, new, "", one.place))
    return list(made.values())


def _companions(address: str) -> list[str]:
    folder, _, rest = address.strip("/").partition("/")
    if folder == "calculators" and rest:
        return [f"embed/{rest}/", api_address(f"calculators/{rest}"), oembed_address(rest)]
    if folder == "catalog" and rest:
        return [api_address(rest)]
    return [f"{address}{feed}" for feed in _FEEDS] if address.endswith("/") else []


def page_html(env: jinja2.Environment, redirect: Redirect, canonical: str, title: str) -> str:
    """The page that stands at a former address."""
    return env.get_template("redirect.html.jinja").render(
        target=get_relative_url(redirect.new, redirect.old),
        anchor=redirect.anchor,
        canonical=canonical + redirect.anchor,
        title=title,
    )


def first_addresses(redirects: Iterable[Redirect]) -> dict[str, str]:
    """For each address that has moved, the oldest one that it had."""
    found: dict[str, str] = {}
    for one in redirects:
        if not one.anchor:  # what became a part of another page is not that page
            found.setdefault(one.new, one.old)
    return found


def redirects_of(config: MkDocsConfig) -> list[Redirect]:
    """The redirects of a build, once the files of the site are known."""
    found: list[Redirect] = config.extra[_KEY]
    return found


# ---- MkDocs


def _addresses(files: Files, slugs: Iterable[str]) -> dict[str, File | None]:
    """What there is at each address; the check makes no embeds, but knows that there are some."""
    found: dict[str, File | None] = {f"embed/{slug}/": None for slug in slugs}
    return {**found, **{file.dest_uri.removesuffix("index.html"): file for file in files}}


@event_priority(-90)  # When the other hooks have added their files.
def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    state = state_of(config)
    config.extra[_KEY] = []
    written = files.get_file_from_path(FILE)
    if written:
        files.remove(written)
        known = _addresses(files, state.answers.slugs())
        found, problems = read_redirects(written.content_bytes, f"docs/{FILE}", known)
        config.extra[_KEY] = with_companions(found, known)
        state.problems += problems
    return files


@event_priority(-50)  # When feeds have their text, and before the problems end the build.
def on_env(env: object, *, config: MkDocsConfig, files: Files) -> None:
    state, site = state_of(config), site_of(config)
    known = _addresses(files, state.answers.slugs())
    jinja = templates(state.root)
    for one in redirects_of(config):
        target = known[one.new]
        page = target.page if target else None
        if one.anchor and page and one.anchor[1:] not in (page.present_anchor_ids or ()):
            hint = did_you_mean(one.anchor[1:], page.present_anchor_ids or ()) or "; expected the id of a heading"
            state.problems.append(f'{one.place}: "{one.new}" has no place "{one.anchor}"{hint}')
        elif target and not state.is_check:
            title = str(page.title) if page else Path(one.new).name
            canonical = site.absolute(one.new)
            if one.is_page:
                name = one.old + ("index.html" if one.old.endswith("/") else "")
                content: str | bytes = page_html(jinja, one, canonical, title)
            else:
                name, content = one.old, target.content_bytes
            files.append(File.generated(config, name, content=content, inclusion=InclusionLevel.INCLUDED))
