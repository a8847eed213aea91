"""/llms.txt: what is here, for language models and those who let them read (the form of llmstxt.org)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mkdocs.structure.files import File

from catalog import Catalog, vocabulary
from hooks.api import addresses
from hooks.api.addresses import Site
from hooks.api.calculators import Answered
from hooks.api.shapes import OTHER_KINDS
from hooks.api_files import answered, site_of
from hooks.build import state_of
from hooks.catalog_pages import address, kind_uri, used_kinds
from hooks.markdown_pages import NAME
from hooks.publications import Publication, publications

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

ADDRESS = "llms.txt"
_ABOUT = """\
Every fact has a unit, the day on which it was true, how it is known, and sources with the place in them; every
calculator says which facts it used. Results are estimates, not financial advice. Text and data are CC BY 4.0.

A calculator answers a scenario at its page's address with the inputs as a query, such as `?name=value`; its JSON file
names the inputs with their units and limits, and holds the answer to the defaults. Every page is there as Markdown,
too: its address with `index.md` behind it."""


def llms_text(catalog: Catalog, calculators: Sequence[Answered], found: Sequence[Publication], site: Site) -> str:
    """The file's text; `found` are the entries and posts, newest first."""
    lines = [f"# {site.name}", "", f"> {site.description}", "", _ABOUT]
    lines += ["", "## Calculators", ""]
    for one in calculators:
        title, question = one.described["title"], one.described["question"]
        lines.append(_link(site, f"{title}: inputs, metrics, default answer", _json(one.slug), question))
        if one.page:
            lines.append(_link(site, title, f"{one.page}{NAME}", "the page, with method and formulas"))
    lines += ["", "## Research", ""]
    entries = sorted((one for one in found if not one.is_post), key=lambda one: (one.topic, one.title))
    lines += [_link(site, one.title, f"{one.address}{NAME}", one.summary) for one in entries]
    posts = [one for one in found if one.is_post]
    if posts:
        lines += ["", "## Posts", ""]
        lines += [_link(site, one.title, f"{one.address}{NAME}", one.summary) for one in posts]
    lines += ["", "## Catalog", ""]
    for kind in used_kinds(catalog):
        described = vocabulary.kinds()[kind]
        lines.append(_link(site, described.label, f"{address(kind_uri(kind))}{NAME}", f"{described.description}."))
        lines.append(_link(site, f"{described.label} as JSON", addresses.kind_address(kind), "the same for programs"))
    for kind, (label, description) in OTHER_KINDS.items():
        lines.append(_link(site, label, addresses.kind_address(kind), f"{description}."))
    lines += ["", "## API", ""]
    lines += [
        _link(site, "Index", addresses.INDEX, "all kinds, calculators and schemas"),
        _link(site, "Claims checked", addresses.CLAIMS, "numbers of others, each held against a calculator"),
        _link(site, "Changed facts", addresses.CHANGES, "old and new value, day, source and reason"),
        _link(site, "All values as CSV", addresses.ALL_VALUES, "one row for each value"),
    ]
    lines += ["", "## News", ""]
    if found:
        lines.append(_link(site, "Entries and posts", "feed.json", "full text; feed.xml is the same as Atom"))
    lines.append(_link(site, "Corrections", f"corrections/{NAME}", "what was wrong and is right now"))
    lines.append(_link(site, "Feeds", f"feeds/{NAME}", "one for each topic and each tag"))
    return "\n".join([*lines, ""])


def _json(slug: str) -> str:
    return addresses.api_address(f"calculators/{slug}")


def _link(site: Site, label: str, below_root: str, about: str) -> str:
    safe = label.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    return f"- [{safe}]({site.absolute(below_root)}): {about}"


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    state = state_of(config)
    calculators = answered(state.answers, (file.src_uri for file in files.documentation_pages()))
    text = llms_text(state.catalog, calculators, publications(state), site_of(config))
    files.append(File.generated(config, ADDRESS, content=text))
    return files
