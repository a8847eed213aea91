"""Puts the pages of the catalog into the site.

Subjects stay out of the navigation, which would otherwise grow with every page and be drawn again on each of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, InclusionLevel
from mkdocs.structure.nav import Section

from hooks.build import state_of
from hooks.catalog_pages import TAB, catalog_pages, presets, template_problem
from hooks.charts import Pictures
from hooks.widget import templates

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page
    from mkdocs.utils.templates import TemplateContext

_KEY = "reckoner_catalog_pages"


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    report_url = config.extra.get("report_url") or ""
    if problem := template_problem(report_url):
        raise PluginError(f"mkdocs.yml: extra.report_url: {problem}")
    state = state_of(config)
    described = [state.answers.describe(slug) for slug in state.answers.slugs()]
    offered = presets(described, (file.src_uri for file in files.documentation_pages()))
    pages = catalog_pages(
        state.catalog,
        templates(state.root),
        offered,
        state.entries.values(),
        draw=Pictures(state.root).of,
        report_url=report_url,
    )
    for uri, page in pages.items():
        inclusion = InclusionLevel.INCLUDED if page.in_navigation else InclusionLevel.NOT_IN_NAV
        files.append(File.generated(config, uri, content=page.source, inclusion=inclusion))
    config.extra[_KEY] = pages
    return files


def on_nav(nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
    """A subject's page belongs to the catalog's tab, although the navigation does not list it."""
    section = next((item for item in nav.items if isinstance(item, Section) and item.title == TAB), None)
    for uri, page in config.extra[_KEY].items():
        file = files.get_file_from_path(uri)
        if not page.in_navigation and file and file.page:
            file.page.parent = section
    return nav


def on_page_content(html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    made = config.extra[_KEY].get(page.file.src_uri)
    if made is None:
        return html
    # MkDocs holds the links of other pages against these.
    page.present_anchor_ids = {*(page.present_anchor_ids or ()), *made.anchors}
    brief: str = made.brief
    return brief


@event_priority(-50)  # After the search has read the page: its index holds what a page is about, not every table.
def on_page_context(context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Navigation) -> TemplateContext:
    made = config.extra[_KEY].get(page.file.src_uri)
    if made is not None:
        page.content = made.html
    return context
