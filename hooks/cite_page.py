"""How an entry or a post is cited, at its end."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from mkdocs.plugins import event_priority
from mkdocs.utils import get_relative_url

from hooks.api_files import site_of
from hooks.build import state_of
from hooks.citation import Citation, page_citations
from hooks.publications import Publication, publications
from hooks.widget import templates

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page
    from mkdocs.utils.templates import TemplateContext

_KEY = "reckoner_cite_page"
_LICENCE = "licence/"


def forms(site_name: str, one: Publication, address: str) -> list[Citation]:
    """How a publication with that full address is cited."""
    if not one.is_post:
        said = f"Research entry, reviewed {one.updated}"
    elif one.updated == one.published:
        said = f"Post of {one.published}"
    else:
        said = f"Post of {one.published}, last follow-up {one.updated}"
    return page_citations(site_name, PurePosixPath(one.uri).stem, one.title, said, one.updated, address)


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    state = state_of(config)
    found = [] if state.is_check else publications(state)
    template = templates(state.root).get_template("cite_page.html.jinja")
    config.extra[_KEY] = (template, {one.uri: one for one in found})
    return files


@event_priority(-60)  # After what related pages there are, and after the search has read the page.
def on_page_context(context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Navigation) -> TemplateContext:
    template, found = config.extra[_KEY]
    one = found.get(page.file.src_uri)
    if one:
        site = site_of(config)
        cited = forms(site.name, one, site.absolute(one.address))
        html = template.render(forms=cited, licence=get_relative_url(_LICENCE, page.url))
        page.content = f"{page.content or ''}{html}"
    return context
