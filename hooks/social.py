"""The picture and the words that a link to a page shows where it is shared (Open Graph).

There is a picture for each calculator, with its question and the headline of the answer in the page, and one for each
kind of page. They are drawn at build from an SVG with the font that vl-convert carries, and remembered.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup
from mkdocs.structure.files import File

from hooks.api.addresses import Site
from hooks.api_files import site_of
from hooks.build import state_of
from hooks.entries import is_entry
from hooks.posts import is_post
from hooks.widget import templates

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

WIDTH_PX, HEIGHT_PX = 1200, 630
FOLDER = "assets/social"

KINDS = {
    "calculators": ("Calculators", "Answers that stand in the page, worked out again on your numbers."),
    "research": ("Research", "What is known, who says so, and where the sources contradict each other."),
    "catalog": ("Catalog", "Facts with a unit, the day on which they were true, and their sources."),
    "claims": ("Claims checked", "Numbers of others, each held against a calculator."),
    "embedding": ("Embed a calculator", "Your colours, your call to action. No cookies, no trackers."),
}
"""First part of a page's address -> title and line of its picture."""

_KEY = "reckoner_social"
_LEFT_PX, _RIGHT_PX = 72, 1128
_TOP_PX, _BOTTOM_PX = 180, 595
_KEPT_PICTURES = 100


# ---- the picture


@dataclass(frozen=True)
class Card:
    """What a picture says."""

    title: str
    question: str = ""
    headline: str = ""

    @property
    def alt(self) -> str:
        return " ".join(text if text[-1] in ".?!" else f"{text}." for text in (self.title, self.question) if text)


@dataclass(frozen=True)
class Line:
    """A line of text at its place."""

    text: str
    y: int
    size_px: int
    weight: int
    fill: str


def width_px(text: str, size_px: int, weight: int) -> float:
    """About how wide a text is in Liberation Sans, rather too wide than too narrow."""
    ems = 0.0
    for letter in text:
        if letter in "ijl.,:;'|!I ":
            ems += 0.29
        elif letter in "frt()-/[]":
            ems += 0.36
        elif letter in "mwMW%@—":
            ems += 0.95
        elif letter.isupper():
            ems += 0.74
        else:
            ems += 0.57
    return ems * size_px * (1.07 if weight > 400 else 1)


def wrapped(text: str, size_px: int, weight: int, most_lines: int) -> list[str]:
    """The text in lines that fit; what does not fit ends in an ellipsis."""
    room_px = _RIGHT_PX - _LEFT_PX
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_px(longer, size_px, weight) <= room_px:
            lines[-1] = longer
        else:
            lines.append(word)
    cut = len(lines) > most_lines
    lines = lines[:most_lines]
    for at, line in enumerate(lines):
        ending = "…" if cut and at == most_lines - 1 else ""
        if width_px(line + ending, size_px, weight) > room_px or ending:
            while width_px(f"{line}…", size_px, weight) > room_px:
                line = line[:-1]
            lines[at] = f"{line.rstrip(' ,;:')}…"
    return lines


def svg(root: Path, site: str, card: Card) -> str:
    """The picture as SVG."""
    lines: list[Line] = []
    y = _TOP_PX
    for text, size_px, weight, fill, most in (
        (card.title, 68, 700, "#ffffff", 2),
        (card.question, 34, 400, "#b2dfdb", 2),
        (card.headline, 36, 700, "#ffe082", 4),
    ):
        if not text:
            continue
        fitting = max(1, min(most, int((_BOTTOM_PX - y) / (size_px * 1.25))))
        for line in wrapped(text, size_px, weight, fitting):
            lines.append(Line(line, round(y + size_px * 0.5), size_px, weight, fill))
            y += round(size_px * 1.25)
        y += 24
    return templates(root).get_template("social.svg.jinja").render(site=site, lines=lines)


class Cards:
    """Draws pictures and remembers them under `.cache/social/`.

    Arguments:
        root: the repository's folder.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._cache = root / ".cache" / "social"
        self._cache.mkdir(parents=True, exist_ok=True)
        self._stamp = version("vl-convert-python")

    def png(self, site: str, card: Card) -> bytes:
        """The picture as PNG."""
        drawing = svg(self._root, site, card)
        path = self._cache / f"{hashlib.sha256(f'{self._stamp}{drawing}'.encode()).hexdigest()[:24]}.png"
        try:
            os.utime(path)
            return path.read_bytes()
        except FileNotFoundError:
            import vl_convert  # its first call takes a second

            made: bytes = vl_convert.svg_to_png(drawing, scale=1)
        partial = path.with_suffix(f".{os.getpid()}")
        partial.write_bytes(made)
        partial.replace(path)
        return made

    def forget_old(self) -> None:
        """Keeps the pictures that were used last."""
        kept = sorted(self._cache.glob("*.png"), key=lambda path: path.stat().st_mtime)
        for path in kept[:-_KEPT_PICTURES]:
            path.unlink(missing_ok=True)


# ---- the heads


@dataclass(frozen=True)
class Picture:
    """A published picture."""

    address: str
    """Below the site's root."""
    alt: str


class Heads:
    """What stands about sharing in the heads of the pages of one build.

    Arguments:
        pictures: by slug of a calculator and by kind of page; "" is for all other pages.
    """

    def __init__(self, site: Site, pictures: Mapping[str, Picture]) -> None:
        self._site = site
        self._pictures = pictures

    def picture(self, uri: str) -> Picture:
        """The picture of a page, whose path below docs/ is given."""
        first, _, rest = uri.partition("/")
        if first in ("calculators", "embed") and rest.removesuffix(".md") in self._pictures:
            return self._pictures[rest.removesuffix(".md")]
        return self._pictures.get(first.removesuffix(".md")) or self._pictures[""]

    def image(self, slug: str) -> str:
        """The full address of a calculator's picture."""
        return self._site.absolute(self._pictures[slug].address)

    def html(self, uri: str, address: str, title: str, description: str) -> Markup:
        """The elements for the head of a page."""
        picture = self.picture(uri)
        properties = [
            ("og:type", "article" if is_entry(uri) or is_post(uri) else "website"),
            ("og:site_name", self._site.name),
            ("og:title", title),
            ("og:description", description),
            ("og:url", self._site.absolute(address)),
            ("og:image", self._site.absolute(picture.address)),
            ("og:image:type", "image/png"),
            ("og:image:width", str(WIDTH_PX)),
            ("og:image:height", str(HEIGHT_PX)),
            ("og:image:alt", picture.alt),
        ]
        tags = [Markup('<meta property="{}" content="{}">').format(*pair) for pair in properties]
        return Markup("").join([*tags, Markup('<meta name="twitter:card" content="summary_large_image">')])


def cards(site: Site, calculators: Iterable[tuple[str, Card]]) -> dict[str, Card]:
    """Every picture of a site: of its calculators, of the kinds of pages, and of all else."""
    kinds = {kind: Card(title, line) for kind, (title, line) in KINDS.items()}
    return {"": Card(site.name, site.description), **kinds, **dict(calculators)}


def published(name: str, png: bytes) -> str:
    """The address of a picture; it changes with the picture, because those who show links keep it for long."""
    return f"{FOLDER}/{name or 'site'}.{hashlib.sha256(png).hexdigest()[:16]}.png"


def heads_of(config: MkDocsConfig) -> Heads | None:
    """What this hook made; None where the pages are only looked at for mistakes."""
    heads: Heads | None = config.extra.get(_KEY)
    return heads


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    state, site = state_of(config), site_of(config)
    if state.is_check:
        return files
    calculators = []
    for slug in state.answers.slugs():
        described = state.answers.describe(slug)
        headline = state.answers.report(slug, {})["headline"]
        calculators.append((slug, Card(described["title"], described["question"], headline)))
    drawn = Cards(state.root)
    pictures = {}
    for name, card in cards(site, calculators).items():
        png = drawn.png(site.name, card)
        pictures[name] = Picture(published(name, png), card.alt)
        files.append(File.generated(config, pictures[name].address, content=png))
    drawn.forget_old()
    config.extra[_KEY] = Heads(site, pictures)
    return files


def on_post_page(output: str, *, page: Page, config: MkDocsConfig) -> str:
    heads = heads_of(config)
    if heads is None:
        return output
    description = str(page.meta.get("description") or page.meta.get("summary") or config.site_description or "")
    title = str(page.meta.get("title") or page.title or config.site_name)
    html = heads.html(page.file.src_uri, page.url, title, description)
    return output.replace("</head>", f"{html}</head>", 1)
