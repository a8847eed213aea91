"""Makes calculators that a reader has visited work without a network.

A service worker at the site's root (service-worker.js beside this file) keeps pages with everything that they
need; docs/assets/javascripts/offline.js tells it which, once the page is idle. This hook gives the worker the
list of this build's files and its name, which also stands in each page, so that nothing of another build is
taken for this one's.

`mkdocs serve` registers none, since authors want to see what they wrote a second ago. There, and in a site that
has `offline: false` under `extra` in mkdocs.yml, service-worker.js is one that removes itself and all that was
kept: that is the way to get rid of it one day. Leave such a file in place for months, because browsers find it
at a reader's next visit; a file that is missing changes nothing for those who have the worker.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.plugins import event_priority
from mkdocs.structure.files import File

from hooks.build import state_of
from hooks.widget import templates

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

ADDRESS = "service-worker.js"
FULL_ENGINE = ("runtime", "python")
"""Parts of the browser's files that are kept only for readers who have them already: 5 MB."""

_HASHED = re.compile(r"assets/(javascripts|stylesheets)/(.*[/.])?[0-9a-f]{8,64}[/.]")
_NO_PAGES = ("assets", "embed")
_FOLDER = Path(__file__).parent

_is_served = False  # MkDocs tells it once and before there is a configuration that could hold it.


@dataclass(frozen=True)
class Site:
    """What the worker knows about the build that it belongs to; addresses are below the site's root."""

    build: str
    """Changes when any file of the lists does, or the worker."""
    places: list[str]
    """First parts of the pages' addresses. Another site below this one's root begins with another one."""
    shell: list[str]
    """Scripts and styles of all pages."""
    beside: list[str]
    """What all pages ask for at an address without a hash: as for pages, the network's is preferred."""
    parts: dict[str, list[str]]
    """The files behind each entry of a calculator's `data-files`."""
    full_engine: tuple[str, ...]
    """Names of the parts that only the full engine needs."""
    calculators: list[str]
    """A part's file of this name, with .json, is for that calculator alone."""
    offline_page: str
    """HTML; `<!-- kept -->` stands for the links to kept pages."""


def site(
    addresses: Iterable[str],
    pages: Iterable[str],
    beside: Iterable[str],
    engine_files: Mapping[str, str],
    slugs: Iterable[str],
    page: str,
) -> Site:
    """What the worker has to know.

    Arguments:
        addresses: of all files of the build.
        pages: addresses of the files of pages among them, such as `calculators/index.html`.
        beside: addresses without a hash that all pages ask for.
        engine_files: name of a part -> its file, or its folder with a slash at the end.
        slugs: of all calculators.
        page: HTML of the page that stands in for one that is not kept.
    """
    addresses = sorted(address for address in addresses if not address.endswith(".map"))
    shell = [address for address in addresses if _HASHED.match(address)]
    parts = {
        name: [a for a in addresses if a == place or (place.endswith("/") and a.startswith(place))]
        for name, place in sorted(engine_files.items())
    }
    places = {address.rpartition("/")[0].partition("/")[0] for address in pages}
    known: dict[str, Any] = {
        "places": sorted(places.difference(_NO_PAGES)),
        "shell": shell,
        "beside": sorted(beside),
        "parts": parts,
        "full_engine": FULL_ENGINE,
        "calculators": sorted(slugs),
        "offline_page": page,
    }
    # Scripts, styles and parts have the hash of their content in the address, so this stands for all of that.
    text = json.dumps(known) + (_FOLDER / ADDRESS).read_text("utf-8")
    return Site(build=hashlib.sha256(text.encode()).hexdigest()[:16], **known)


def beside(config: MkDocsConfig) -> list[str]:
    """The site's icon, and what Material's search looks things up in: it reports an error without."""
    icon = config.theme.get("favicon")
    searches = {"search", "material/search"}.intersection(config.plugins)
    return [*([icon] if icon else []), *(["search/search_index.json"] if searches else [])]


def worker(site: Site) -> str:
    """The text of the service worker."""
    return f"self.SITE = {json.dumps(asdict(site))};\n" + (_FOLDER / ADDRESS).read_text("utf-8")


def switched_off() -> str:
    """The text of the worker that removes itself."""
    return (_FOLDER / "service-worker-off.js").read_text("utf-8")


def marked(html: str, site: Site) -> str:
    """A page that says which build it is of."""
    return html.replace("</head>", f'<meta name="rk-build" content="{site.build}"></head>', 1)


def on_startup(*, command: str, dirty: bool) -> None:
    global _is_served
    _is_served = command == "serve"


@event_priority(-100)  # Last: the other hooks have added their files.
def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    if _is_served or not config.extra.get("offline", True):
        files.append(File.generated(config, ADDRESS, content=switched_off()))
        return files
    state = state_of(config)
    page = templates(state.root).get_template("offline.html.jinja").render(site_name=config.site_name)
    config.extra["reckoner_offline"] = known = site(
        (file.dest_uri for file in files),
        (file.dest_uri for file in files.documentation_pages()),
        beside(config),
        state.engine_files,
        state.answers.slugs(),
        page,
    )
    files.append(File.generated(config, ADDRESS, content=worker(known)))
    return files


def on_post_page(output: str, *, page: Page, config: MkDocsConfig) -> str:
    known = config.extra.get("reckoner_offline")
    return marked(output, known) if known else output
