"""Puts the pages of the catalog into the site.

Subjects stay out of the navigation, which would otherwise grow with every page and be drawn again on each of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, InclusionLevel
from mkdocs.structure.nav import Section

from hooks.answers import code_key
from hooks.api.addresses import CHANGES_URI
from hooks.build import BuildState, state_of
from hooks.catalog_pages import TAB, address, catalog_pages, presets, template_problem
from hooks.catalog_pages.fit_context import Fit, fit_of
from hooks.catalog_pages.statements import Link
from hooks.charts import Pictures
from hooks.claims import URI as CLAIMS_URI
from hooks.fit import FitMatrix, fit_code
from hooks.kept import kept
from hooks.mentions import mentions_of
from hooks.widget import templates

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page
    from mkdocs.utils.templates import TemplateContext

FIT_CALCULATOR = "hardware-fit"
_MORE = (
    Link(
        address(CHANGES_URI), "What has changed", "each new price, and each value that was replaced, with the old one."
    ),
    Link(address(CLAIMS_URI), "Claims checked", "numbers that others have published, held against these facts."),
    Link("api/", "For programs", "everything here as JSON and CSV."),
)
_API_URI = "api.md"
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
        mentions_of(config).of_subjects(state.catalog.subjects),
        draw=None if state.is_check else Pictures(state.root).of,
        fit=None if state.is_check else _fit(state, files),
        fit_code=code_key(state.root, FIT_CALCULATOR) + fit_code(state.root),
        report_url=report_url,
        more=_more(files),
    )
    for uri, page in pages.items():
        inclusion = InclusionLevel.INCLUDED if page.in_navigation else InclusionLevel.NOT_IN_NAV
        files.append(File.generated(config, uri, content=page.source, inclusion=inclusion))
    config.extra[_KEY] = pages
    return files


def _fit(state: BuildState, files: Files) -> Fit | None:
    """What fits where; None on a site without the calculator that works it out."""
    if files.get_file_from_path(f"calculators/{FIT_CALCULATOR}.md") is None:
        return None
    inputs = {field["name"]: field for field in state.answers.describe(FIT_CALCULATOR)["inputs"]}
    matrix = kept.of("fit", fit_code(state.root), lambda: FitMatrix(state.root, state.catalog))
    return fit_of(state.catalog, matrix, inputs["context_tokens"]["default"], f"calculators/{FIT_CALCULATOR}/")


def _more(files: Files) -> list[Link]:
    """Pages about the catalog as a whole that others make."""
    found = [Link(address(CHANGES_URI), "Changed facts", "what has changed, when, and why, with a feed.")]
    if files.get_file_from_path(_API_URI):
        found.append(Link(address(_API_URI), "API", "everything here as JSON and CSV."))
    return found


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
