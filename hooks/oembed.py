"""oEmbed: a site that is given the address of a calculator's page finds there how to show the calculator itself.

The answers are files, `/oembed/SLUG.json`, named in the heads of the pages. A file cannot heed `maxwidth` and
`maxheight`: the frame it names shrinks to any width, and scrolls where it is given less height.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from mkdocs.structure.files import File

from hooks.api.addresses import Site
from hooks.api_files import site_of
from hooks.build import state_of
from hooks.social import HEIGHT_PX as PICTURE_HEIGHT_PX
from hooks.social import WIDTH_PX as PICTURE_WIDTH_PX
from hooks.social import heads_of

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

FOLDER = "oembed"
WIDTH_PX, HEIGHT_PX = 680, 900
CACHE_S = 86_400

SANDBOX = (
    "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox "
    "allow-downloads allow-top-navigation-by-user-activation"
)
"""What a frame of a calculator may do in another site's page."""


def address(slug: str) -> str:
    """The answer about a calculator, below the site's root."""
    return f"{FOLDER}/{slug}.json"


def frame(site: Site, slug: str, title: str, query: str = "") -> Markup:
    """The snippet that needs no script: a frame of a fixed height."""
    src = site.absolute(f"embed/{slug}/") + (f"?{query}" if query else "")
    return Markup(
        '<iframe src="{}" title="{}" width="100%" height="{}" style="border:0;max-width:100%" loading="lazy" '
        'referrerpolicy="no-referrer" allow="clipboard-write" sandbox="{}"></iframe>'
    ).format(src, title, HEIGHT_PX, SANDBOX)


def snippet(site: Site, slug: str, title: str) -> Markup:
    """The snippet with the script, which gives the frame the height that it needs.

    Until the script has come, what follows stays below the window (embed.js takes the style away).
    """
    return Markup(
        '<div class="reckoner" style="min-height:100vh" data-calculator="{}"><a href="{}">{}</a></div>\n'
        '<script async src="{}"></script>'
    ).format(slug, site.absolute(f"calculators/{slug}/"), title, site.absolute("embed.js"))


def oembed(site: Site, slug: str, title: str, thumbnail: str = "") -> dict[str, Any]:
    """The answer: version 1.0, type rich.

    Arguments:
        thumbnail: the full address of the calculator's picture.
    """
    data: dict[str, Any] = {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "provider_name": site.name,
        "provider_url": site.url,
        "cache_age": CACHE_S,
        "width": WIDTH_PX,
        "height": HEIGHT_PX,
        "html": str(frame(site, slug, title)),
    }
    if thumbnail:
        data["thumbnail_url"] = thumbnail
        data["thumbnail_width"] = PICTURE_WIDTH_PX
        data["thumbnail_height"] = PICTURE_HEIGHT_PX
    return data


def discovery(site: Site, slug: str, title: str) -> Markup:
    """The element for the head of a page about the calculator (the space in `rel`: see hooks/dataset.py)."""
    return Markup('<link rel="alternate " type="application/json+oembed" title="{}" href="{}">').format(
        title, site.absolute(address(slug))
    )


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    state, site, heads = state_of(config), site_of(config), heads_of(config)
    for slug in state.answers.slugs():
        title = state.answers.describe(slug)["title"]
        data = oembed(site, slug, title, heads.image(slug) if heads else "")
        text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
        files.append(File.generated(config, address(slug), content=text))
    return files


def on_post_page(output: str, *, page: Page, config: MkDocsConfig) -> str:
    folder, _, slug = page.file.src_uri.removesuffix(".md").partition("/")
    answers = state_of(config).answers
    if folder != "calculators" or slug not in answers.slugs():
        return output
    link = discovery(site_of(config), slug, answers.describe(slug)["title"])
    return output.replace("</head>", f"{link}</head>", 1)
