"""The map: how the subjects of entries and posts connect, as a picture and as a list.

The list says everything that the picture shows, and more. The picture is Vega's *hierarchical edge bundling*: all
titles around a circle, topic by topic, and a line for each link, led along the topics so that lines keep together.
It is drawn when the site is built; the list stands in its place where a screen is too narrow for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import jinja2
from markupsafe import Markup
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File

from hooks.build import state_of
from hooks.catalog_pages.addresses import address
from hooks.catalog_pages.statements import Link
from hooks.charts import FONT, Pictures
from hooks.entries import MAP_URI, topic_label
from hooks.links import Links
from hooks.posts import Piece, is_post, pieces_of
from hooks.widget import templates

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page
    from mkdocs.utils.templates import TemplateContext

ABOUT = "How the subjects of this site connect: which entry or post leads to which others."
_FRONT_MATTER = f"---\ntitle: Map\ndescription: {json.dumps(ABOUT)}\nhide: [navigation, toc]\n---\n"
_POSTS = "Posts"
_KEY = "reckoner_map"

MOST_IN_PICTURE = 110
"""More titles have no room around the circle; then the list stands alone."""
_SIDE, _RADIUS = 980, 205
_TITLE_PX = 270
_BASE = "../../"
"""From the page to the site's root."""
_PLACE = "https://picture.invalid/"
"""Stands before links in the picture while it is drawn: Vega would lead relative ones to a place of its own."""


@dataclass(frozen=True)
class Row:
    """An entry or post in the list."""

    to: Link
    leads_to: list[Link]
    mentioned_in: list[Link]


@dataclass(frozen=True)
class Group:
    """A topic, or the posts."""

    label: str
    anchor: str
    rows: list[Row]


def groups(pieces: Iterable[Piece], links: Links) -> list[Group]:
    """All entries by topic, and the posts at the end, each with its links in both directions."""
    known = {piece.uri: piece for piece in pieces}
    by_topic: dict[str, list[Piece]] = {}
    for piece in sorted(known.values(), key=lambda piece: (is_post(piece.uri), _topic(piece), piece.title)):
        by_topic.setdefault(_topic(piece), []).append(piece)

    def row(piece: Piece) -> Row:
        uri = piece.uri
        return Row(_link(piece), _links(links.leads_to(uri), known), _links(links.mentioned_in(uri), known))

    return [
        Group(_POSTS if topic == _POSTS else topic_label(topic), topic.lower(), [row(piece) for piece in listed])
        for topic, listed in by_topic.items()
    ]


def _topic(piece: Piece) -> str:
    """The folder that it stands in; a topic has no capitals, so that none is taken for the posts."""
    return _POSTS if is_post(piece.uri) else piece.uri.split("/")[1]


def _link(piece: Piece) -> Link:
    return Link(address(piece.uri), piece.title, piece.summary)


def _links(uris: Iterable[str], known: Mapping[str, Piece]) -> list[Link]:
    return [_link(piece) for piece in sorted((known[uri] for uri in uris if uri in known), key=lambda one: one.title)]


def picture_spec(found: Sequence[Group]) -> dict[str, Any]:
    """The picture in Vega: a tree of groups and titles, and a line through it for each pair that a link joins."""
    tree: list[dict[str, Any]] = [{"id": "all"}]
    for group in found:
        tree.append({"id": group.anchor, "parent": "all"})
        # The topic's name stands before its titles, and keeps the topics apart.
        tree.append(_leaf(f"#{group.anchor}", group.anchor, group.label, f"{_PLACE}#{group.anchor}", is_topic=True))
        tree += [_leaf(row.to.href, group.anchor, row.to.label, _PLACE + _BASE + row.to.href) for row in group.rows]
    pairs = {
        tuple(sorted((row.to.href, other.href))): None
        for group in found
        for row in group.rows
        for other in row.leads_to
    }
    out = f"{_SIDE / 2} + {_RADIUS} * datum.depth_share"
    return {
        "$schema": "https://vega.github.io/schema/vega/v6.json",
        "width": _SIDE,
        "height": _SIDE,
        "padding": 0,
        "autosize": "none",
        "config": {"font": FONT},
        "data": [
            {
                "name": "tree",
                "values": tree,
                "transform": [
                    {"type": "stratify", "key": "id", "parentKey": "parent"},
                    {"type": "tree", "method": "cluster", "size": [1, 1], "as": ["share", "depth_share", "d", "n"]},
                    {"type": "formula", "as": "angle", "expr": "(360 * datum.share + 270) % 360"},
                    {"type": "formula", "as": "is_left", "expr": "inrange(datum.angle, [90, 270])"},
                    {"type": "formula", "as": "x", "expr": f"{out} * cos(PI * datum.angle / 180)"},
                    {"type": "formula", "as": "y", "expr": f"{out} * sin(PI * datum.angle / 180)"},
                ],
            },
            {"name": "titles", "source": "tree", "transform": [{"type": "filter", "expr": "isValid(datum.label)"}]},
            {
                "name": "lines",
                "values": [{"source": source, "target": target} for source, target in pairs],
                "transform": [
                    {"type": "formula", "as": "path", "expr": "treePath('tree', datum.source, datum.target)"}
                ],
            },
        ],
        "marks": [_lines(), _titles()],
    }


def _leaf(id: str, parent: str, label: str, href: str, is_topic: bool = False) -> dict[str, Any]:
    return {"id": id, "parent": parent, "label": label, "href": href, "is_topic": is_topic}


def _lines() -> dict[str, Any]:
    return {
        "type": "group",
        "from": {"facet": {"name": "path", "data": "lines", "field": "path"}},
        "marks": [
            {
                "type": "line",
                "from": {"data": "path"},
                "encode": {
                    "enter": {
                        "interpolate": {"value": "bundle"},
                        "tension": {"value": 0.88},
                        "stroke": {"value": "var(--rk-chart-1)"},
                        "strokeOpacity": {"value": 0.4},
                        "strokeWidth": {"value": 1.2},
                        "x": {"field": "x"},
                        "y": {"field": "y"},
                    }
                },
            }
        ],
    }


def _titles() -> dict[str, Any]:
    return {
        "type": "text",
        "from": {"data": "titles"},
        "encode": {
            "enter": {
                "text": {"field": "label"},
                "limit": {"value": _TITLE_PX},
                "href": {"field": "href"},
                "fill": {"value": "var(--rk-chart-text)"},
                "fontWeight": {"signal": "datum.is_topic ? 700 : 400"},
                "baseline": {"value": "middle"},
                "x": {"field": "x"},
                "y": {"field": "y"},
                "dx": {"signal": "datum.is_left ? -6 : 6"},
                "angle": {"signal": "datum.is_left ? datum.angle - 180 : datum.angle"},
                "align": {"signal": "datum.is_left ? 'right' : 'left'"},
            }
        },
    }


def picture(found: Sequence[Group], pictures: Pictures) -> Markup:
    """The picture as SVG; nothing where it would show nothing, or too much."""
    count = sum(len(group.rows) for group in found)
    return _with_relative_links(pictures.drawn(picture_spec(found))) if 1 < count <= MOST_IN_PICTURE else Markup()


def _with_relative_links(svg: str) -> Markup:
    """The picture with links of the page; the keyboard leaves them out, since the list has them as well.

    Material's instant navigation writes to the `href` of everything that has one, which links in an SVG do not allow:
    they have the older `xlink:href`, which is not looked for.
    """
    root = ElementTree.fromstring(svg)
    for link in root.iter("a"):
        written = next(iter(link.attrib.values()))
        link.attrib.clear()
        link.attrib.update({"xlink:href": written.removeprefix(_PLACE), "tabindex": "-1"})
    return Markup(ElementTree.tostring(root, encoding="unicode"))


def page_html(env: jinja2.Environment, found: Sequence[Group], drawn: str) -> str:
    """The page's content."""
    return env.get_template("map.html.jinja").render(about=ABOUT, base=_BASE, groups=found, picture=drawn)


# ---- MkDocs


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    state = state_of(config)
    assert state.links is not None
    found = groups(pieces_of(state), state.links)
    drawn = Markup() if state.is_check else picture(found, Pictures(state.root))
    config.extra[_KEY] = (page_html(templates(state.root), found, drawn), [group.anchor for group in found])
    files.append(File.generated(config, MAP_URI, content=_FRONT_MATTER))
    return files


def on_page_content(html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    if page.file.src_uri != MAP_URI:
        return html
    page.present_anchor_ids = {*(page.present_anchor_ids or ()), *config.extra[_KEY][1]}
    return str(Markup("<p>{}</p>").format(ABOUT))


@event_priority(-50)  # After the search has read the page: its index holds what a page is about, not every title.
def on_page_context(context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Navigation) -> TemplateContext:
    if page.file.src_uri == MAP_URI:
        page.content = config.extra[_KEY][0]
    return context
