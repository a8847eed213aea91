"""Puts the files for programs (package hooks/api) into the site, and says in each page which of them are its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File

from hooks.answers import Answers
from hooks.api.addresses import Site
from hooks.api.calculators import Answered
from hooks.api.checking import Schemas, ShapeError
from hooks.api.files import api_files
from hooks.build import state_of
from hooks.catalog_pages import address
from hooks.kept import kept

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files


def site_of(config: MkDocsConfig) -> Site:
    """What the files say about the site of a build."""
    return Site(config.site_url or "", config.site_name, config.site_description or "")


def answered(answers: Answers, pages: Iterable[str]) -> list[Answered]:
    """Every calculator with its answer to the defaults; `pages` are those of the site, below docs/."""
    pages = set(pages)
    found = []
    for slug in answers.slugs():
        uri = f"calculators/{slug}.md"
        page = address(uri) if uri in pages else None
        found.append(Answered(answers.describe(slug), answers.report(slug, {}), page))
    return found


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    state, site = state_of(config), site_of(config)
    pages = sorted(file.src_uri for file in files.documentation_pages())
    try:
        made = kept.of(
            "api",
            (site, tuple(pages), repr(state.claims)),
            lambda: api_files(state.catalog, answered(state.answers, pages), state.claims, site, Schemas(site)),
        )
    except ShapeError as error:
        raise PluginError(f"these files of the API do not fit their schemas in hooks/api/schema:\n{error}") from None
    for name, content in made.items():
        files.append(File.generated(config, name, content=content))
    return files
