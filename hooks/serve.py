"""Makes the builds of `mkdocs serve` quick: hands MkDocs what hooks/kept.py has of earlier builds.

Four things take the time, and each is kept under everything that it is made of: Markdown (the page's text after all
hooks), the search's reading of a page, the theme's page (its content, what it says about itself, and the names and
order of all pages), and the theme's templates. Files that have not changed are not written again. Pages about which
MkDocs or a hook had something to say are made anew each time, so that it is said again. Other commands build as MkDocs
does.
"""

from __future__ import annotations

import copy
import hashlib
import logging
import os
from typing import TYPE_CHECKING, Any

from mkdocs import utils
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File
from mkdocs.structure.nav import Section
from mkdocs.structure.pages import Page

from catalog.prose import fences
from hooks.build import state_of
from hooks.kept import digest, kept

if TYPE_CHECKING:
    import jinja2
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation

_OWN = "reckoner_"
"""How our objects in `extra` are named; templates of the theme do not use them."""
_COMMON = frozenset(
    (
        "base_url",
        "build_date_utc",
        "config",
        "extra_css",
        "extra_javascript",
        "mkdocs_version",
        "nav",
        "page",
        "pages",
    )
)
"""What MkDocs hands to every template."""


class _Said(logging.Handler):
    """Counts what MkDocs complains about."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.count += 1


class _Written:
    """The site as it stands in its folder: what has not changed is not written again.

    MkDocs has no event for any of this, so its functions are exchanged while it serves.
    """

    def __init__(self) -> None:
        self._addresses: set[str] = set()
        self._contents: dict[str, object] = {}
        """What was written last, by path."""
        self._write, self._clean, self._copy = utils.write_file, utils.clean_directory, File.copy_file

    def begin(self) -> None:
        utils.write_file = self.write
        utils.clean_directory = lambda directory: None
        written = self
        File.copy_file = lambda self, dirty=False: written.copy(self)  # type: ignore[method-assign]

    def end(self) -> None:
        utils.write_file, utils.clean_directory = self._write, self._clean
        File.copy_file = self._copy  # type: ignore[method-assign]

    def clean(self, site_dir: str, addresses: set[str]) -> None:
        """Empties the folder, unless the same files will be written again."""
        if addresses != self._addresses:
            self._clean(site_dir)
            self._contents.clear()
        self._addresses = addresses

    def write(self, content: bytes, output_path: str) -> None:
        if self._is_new(output_path, content):
            self._write(content, output_path)

    def copy(self, file: File) -> None:
        content: object = file._content
        if content is None:
            assert file.abs_src_path
            found = os.stat(file.abs_src_path)
            content = (file.abs_src_path, found.st_size, found.st_mtime_ns)
        if self._is_new(file.abs_dest_path, content):
            self._copy(file)

    def _is_new(self, path: str, content: object) -> bool:
        key = content
        if isinstance(content, str | bytes):
            key = hashlib.sha256(content.encode() if isinstance(content, str) else content).digest()
        if self._contents.get(path) == key and os.path.exists(path):
            return False
        self._contents[path] = key
        return True


_said = _Said()
_written = _Written()


def on_startup(*, command: str, dirty: bool) -> None:
    kept.is_serving = command == "serve" and not dirty
    if kept.is_serving:
        logging.getLogger("mkdocs").addHandler(_said)
        _written.begin()


def on_shutdown() -> None:
    if kept.is_serving:
        logging.getLogger("mkdocs").removeHandler(_said)
        _written.end()
        kept.is_serving = False


@event_priority(90)  # After the state of the build has begun.
def on_config(config: MkDocsConfig) -> None:
    if kept.is_serving:
        make = config.theme.get_env
        config.theme.get_env = lambda: kept.of("theme", "", lambda: _lasting(make()))  # type: ignore[method-assign]


def _lasting(env: jinja2.Environment) -> jinja2.Environment:
    """The theme's templates; finding out which there are means looking at thousands of icons."""
    listed = env.list_templates()
    env.list_templates = lambda extensions=None, filter_func=None: [  # type: ignore[method-assign]
        name for name in listed if filter_func is None or filter_func(name)
    ]
    return env


def on_post_build(*, config: MkDocsConfig) -> None:
    kept.end()


@event_priority(-200)  # Last: every hook has added its files.
def on_files(files: Files, *, config: MkDocsConfig) -> None:
    if kept.is_serving:
        _written.clean(config.site_dir, {file.dest_uri for file in files})
        # Links in Markdown are held against these; nobody links to the engines, whose names change with each edit.
        linked = (file for file in files if not file.src_uri.startswith("assets/"))
        config.extra[f"{_OWN}files"] = digest(sorted([file.src_uri, file.url] for file in linked))


def on_nav(nav: Navigation, *, config: MkDocsConfig, files: Files) -> None:
    if not kept.is_serving:
        return
    config.extra[f"{_OWN}nav"] = nav
    plugin: Any = config.plugins.get("material/search")
    if plugin and plugin.config.enabled:
        _keep_search(plugin.search_index)


def _keep_search(index: Any) -> None:
    """Has the search's index remember what it read in pages."""
    read = index.add_entry_from_context

    def add(page: Page) -> None:
        def make() -> list[dict[str, Any]]:
            before = len(index.entries)
            read(page)
            made: list[dict[str, Any]] = index.entries[before:]
            del index.entries[before:]
            return made

        index.entries += kept.of("search", _page_key(page), make)

    index.add_entry_from_context = add


@event_priority(-200)  # Last: the text that Markdown is made of.
def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> None:
    if kept.is_serving:
        page.render = _render(page)  # type: ignore[method-assign]


def _render(page: Page) -> Any:
    """Page.render, but for a page that was rendered before."""

    def render(config: MkDocsConfig, files: Files) -> None:
        state = state_of(config)
        before = (_said.count, len(state.problems))

        def make() -> tuple[Any, ...]:
            Page.render(page, config, files)
            links = {file.src_uri: anchors for file, anchors in (page.links_to_anchors or {}).items()}
            made = (page.content, page.toc, page._title_from_render, page.present_anchor_ids, links)
            return copy.deepcopy(made)  # hooks may add to a page's table of contents

        key = digest(page.file.src_uri, page.markdown or "", config.extra[f"{_OWN}files"])
        part = "markdown with answers" if _has_answers(page.markdown or "", config) else "markdown"
        found = kept.unless(part, key, make, lambda: before != (_said.count, len(state.problems)))
        content, toc, title, anchors, links = copy.deepcopy(found)
        page.content, page.toc, page._title_from_render, page.present_anchor_ids = content, toc, title, anchors
        linked = ((files.get_file_from_path(uri), to) for uri, to in links.items())
        page.links_to_anchors = {file: to for file, to in linked if file}

    return render


def _has_answers(markdown: str, config: MkDocsConfig) -> bool:
    """Whether a fence of ours is in it, whose HTML depends on facts and calculators."""
    custom = config.mdx_configs["pymdownx.superfences"]["custom_fences"]
    return any(fences(markdown, fence["name"]) for fence in custom)


@event_priority(-200)  # Last, after what the other hooks find in the environment.
def on_env(env: jinja2.Environment, *, config: MkDocsConfig, files: Files) -> Any:
    if not kept.is_serving:
        return env
    extra = {name: value for name, value in config.extra.items() if not name.startswith(_OWN)}
    pages = [[file.page.title, file.url] for file in files.documentation_pages() if file.page]
    try:
        site = digest(_nav_key(config.extra[f"{_OWN}nav"].items), pages, extra, config.site_url or "")
    except TypeError:  # somebody's setting is not plain data
        return env
    return _Templates(env, site)


class _Templates:
    """The theme's templates, which remember pages."""

    def __init__(self, env: jinja2.Environment, site: str) -> None:
        self._env = env
        self._site = site
        """A name for what all pages show of the site."""

    def get_template(self, name: str) -> _Template:
        return _Template(self._env.get_template(name), self._site)


class _Template:
    def __init__(self, template: jinja2.Template, site: str) -> None:
        self._template = template
        self._site = site

    def __getattr__(self, name: str) -> Any:
        return getattr(self._template, name)

    def render(self, context: dict[str, Any]) -> str:
        """The template's output, kept for pages whose context is plain data beside MkDocs' own."""
        page = context.get("page")
        try:
            more = {name: value for name, value in context.items() if name not in _COMMON}
            styles = [str(one) for one in (*context["extra_css"], *context["extra_javascript"])]
            key = page and digest(self._template.name, self._site, _page_key(page), more, styles)
        except TypeError:  # not plain data
            key = None
        if not key:
            return self._template.render(context)
        return kept.of("page", key, lambda: self._template.render(context))


def _page_key(page: Page) -> str:
    """A name for all that a page says of itself."""
    neighbours = [[one.title, one.url] for one in (page.previous_page, page.next_page) if one]
    own = [page.title, page.url, page.canonical_url, page.edit_url, page.file.src_uri, page.is_homepage]
    above = [one.title for one in page.ancestors]
    return digest(page.content or "", own, dict(page.meta), _toc_key(page.toc), neighbours, above)


def _toc_key(toc: Any) -> list[Any]:
    return [[item.id, item.title, item.level, _toc_key(item.children)] for item in toc]


def _nav_key(items: Any) -> list[Any]:
    """The titles, addresses and order of the navigation."""
    found: list[Any] = []
    for item in items:
        below = _nav_key(item.children) if isinstance(item, Section) else None
        found.append([item.title, getattr(item, "url", None), dict(getattr(item, "meta", {})), below])
    return found
