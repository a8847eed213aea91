"""The page on which embedders make their snippet, and the snippets that need no choices.

docs/embedding/builder.md says where the two stand. The builder's script and style are that page's alone.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from mkdocs.utils import get_relative_url

from hooks.answers import Answers
from hooks.api.addresses import Site
from hooks.api_files import site_of
from hooks.browser_files import moved
from hooks.build import state_of
from hooks.oembed import frame, snippet
from hooks.widget import templates

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

URI = "embedding/builder.md"
PLACES = {"builder": "<div data-embed-builder></div>", "snippets": "<div data-embed-snippets></div>"}
SCRIPT = "assets/javascripts/builder.js"
STYLE = "assets/stylesheets/builder.css"


@dataclass(frozen=True)
class Embeddable:
    """A calculator and its plain snippets."""

    slug: str
    title: str
    question: str
    snippet: str
    frame: str


def embeddables(answers: Answers, site: Site) -> list[Embeddable]:
    """All calculators, by title."""
    found = []
    for slug in answers.slugs():
        described = answers.describe(slug)
        title = described["title"]
        texts = (str(snippet(site, slug, title)), str(frame(site, slug, title)))
        found.append(Embeddable(slug, title, described["question"], *texts))
    return sorted(found, key=lambda one: one.title)


def on_page_content(html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str | None:
    if page.file.src_uri != URI:
        return None
    state = state_of(config)
    calculators = embeddables(state.answers, site_of(config))
    base = get_relative_url("", page.url).rstrip("/") + "/"
    template = templates(state.root).get_template("builder.html.jinja")
    for part, place in PLACES.items():
        if html.count(place) != 1:
            state.problems.append(f"docs/{URI}:1: {place} must stand there once")
            continue
        made = template.render(
            part=part,
            base=base,
            files=state.engine_files,
            calculators=[asdict(one) for one in calculators],
            script=moved(SCRIPT, config.extra["reckoner_folders"]),
            style=moved(STYLE, config.extra["reckoner_folders"]),
        )
        html = html.replace(place, made)
    # MkDocs holds the links of other pages against these.
    page.present_anchor_ids = {*(page.present_anchor_ids or ()), *(one.slug for one in calculators)}
    return html
