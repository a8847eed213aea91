"""All pages of the catalog, as HTML: they are tables, so templates make them and not Markdown."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import partial
from html import escape

import jinja2

from catalog import Catalog, Subject
from hooks.catalog_pages.addresses import (
    TAB,
    disagreements_uri,
    index_uri,
    kind_uri,
    subject_uri,
    subjects_of,
    used_kinds,
)
from hooks.catalog_pages.connections import Connections
from hooks.catalog_pages.disagreements import DisagreementsContext, disagreements_context
from hooks.catalog_pages.fit_context import Fit
from hooks.catalog_pages.lists import IndexContext, KindContext, index_context, kind_context
from hooks.catalog_pages.presets import Preset
from hooks.catalog_pages.series import Draw
from hooks.catalog_pages.statements import Link
from hooks.catalog_pages.subject import SubjectContext, subject_context
from hooks.kept import kept


@dataclass(frozen=True)
class HtmlPage:
    """A page whose content is made here."""

    title: str
    description: str
    html: str
    anchors: frozenset[str]
    in_navigation: bool

    @property
    def brief(self) -> str:
        """What the page is about, for the search."""
        return f"<p>{escape(self.description)}</p>"

    @property
    def source(self) -> str:
        """The page as a file for MkDocs: only its front matter, the content comes later."""
        matter = {"title": self.title, "description": self.description, "hide": ["toc"]}
        lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in matter.items()]
        return "\n".join(["---", *lines, "---", ""])


def catalog_pages(
    catalog: Catalog,
    env: jinja2.Environment,
    presets: Sequence[Preset] = (),
    mentions: Mapping[str, Sequence[Link]] | None = None,
    *,
    draw: Draw | None = None,
    fit: Fit | None = None,
    fit_code: str = "",
    report_url: str = "",
    more: Sequence[Link] = (),
) -> dict[str, HtmlPage]:
    """All pages of the catalog by their path below docs/.

    Arguments:
        mentions: the pages that lead to each subject, by its id.
        fit_code: a name for the code that `fit` asks.
        more: other pages about the catalog as a whole; the rest as for `subject_context`.
    """
    connections = Connections.of(catalog, mentions or {})
    index = index_context(catalog, more)
    disagreements = disagreements_context(catalog)
    about = "Every value whose sources disagree: all claims side by side, and which one is used and why."
    pages = {
        index_uri(): _page(env, "catalog_index", index, TAB, "What the catalog holds, by kind", True),
        disagreements_uri(): _page(env, "catalog_disagreements", disagreements, "Where sources disagree", about, False),
    }
    for kind in used_kinds(catalog):
        of_kind = kind_context(catalog, kind, presets)
        pages[kind_uri(kind)] = _page(env, "catalog_kind", of_kind, of_kind.label, of_kind.description, True)
        for subject in subjects_of(catalog, kind):
            make = partial(subject_context, catalog, subject, connections, presets, draw=draw, fit=fit)
            mentioned = tuple(connections.mentions.get(subject.id, ()))
            made_of = (subject.id, tuple(presets), mentioned, fit is not None, fit_code)
            pages[subject_uri(subject.id)] = kept.of(
                "subject", made_of, partial(_subject_page, env, subject, make, report_url)
            )
    return pages


def _subject_page(
    env: jinja2.Environment, subject: Subject, make: Callable[..., SubjectContext], report_url: str
) -> HtmlPage:
    context = make(report_url=report_url)
    return _page(env, "catalog_subject", context, subject.label, subject.summary, False)


_ID = re.compile(r'<[^>]*? id="([^"]+)"')


def _page(
    env: jinja2.Environment,
    template: str,
    context: SubjectContext | KindContext | IndexContext | DisagreementsContext,
    title: str,
    description: str,
    in_navigation: bool,
) -> HtmlPage:
    shallow = {field.name: getattr(context, field.name) for field in fields(context)}
    html = env.get_template(f"{template}.html.jinja").render(shallow)
    return HtmlPage(title, description, html, frozenset(_ID.findall(html)), in_navigation)
