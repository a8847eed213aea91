"""/llms.txt: what is here, for language models and those who let them read (the form of llmstxt.org)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from mkdocs.structure.files import File

from catalog import Catalog, vocabulary
from hooks.api import addresses
from hooks.api.addresses import Site
from hooks.api.calculators import Answered
from hooks.api.shapes import OTHER_KINDS
from hooks.api_files import answered, site_of
from hooks.build import state_of
from hooks.catalog_pages import address, used_kinds
from hooks.entries import Entry

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

ADDRESS = "llms.txt"
_ABOUT = """\
Every fact has a unit, the day on which it was true, how it is known, and sources with the place in them; every
calculator says which facts it used. Results are estimates, not financial advice. Text and data are CC BY 4.0.

A calculator answers a scenario at its page's address with the inputs as a query, such as `?name=value`; its JSON file
names the inputs with their units and limits, and holds the answer to the defaults."""


def llms_text(catalog: Catalog, calculators: Sequence[Answered], entries: Iterable[Entry], site: Site) -> str:
    """The file's text."""
    lines = [f"# {site.name}", "", f"> {site.description}", "", _ABOUT]
    lines += ["", "## Calculators", ""]
    for one in calculators:
        title, question = one.described["title"], one.described["question"]
        lines.append(_link(site, f"{title}: inputs, metrics, default answer", _json(one.slug), question))
        if one.page:
            lines.append(_link(site, title, one.page, "the page with the form"))
    lines += ["", "## Research", ""]
    ordered = sorted(entries, key=lambda entry: (entry.topic, entry.title))
    lines += [_link(site, entry.title, address(entry.uri), entry.summary) for entry in ordered]
    lines += ["", "## Catalog", ""]
    for kind in used_kinds(catalog):
        described = vocabulary.kinds()[kind]
        lines.append(_link(site, described.label, addresses.kind_address(kind), f"{described.description}."))
    for kind, (label, description) in OTHER_KINDS.items():
        lines.append(_link(site, label, addresses.kind_address(kind), f"{description}."))
    lines += ["", "## API", ""]
    lines += [
        _link(site, "Index", addresses.INDEX, "all kinds, calculators and schemas"),
        _link(site, "Claims checked", addresses.CLAIMS, "numbers of others, each held against a calculator"),
        _link(site, "Changed facts", addresses.CHANGES, "old and new value, day, source and reason"),
        _link(site, "All values as CSV", addresses.ALL_VALUES, "one row for each value"),
    ]
    return "\n".join([*lines, ""])


def _json(slug: str) -> str:
    return addresses.api_address(f"calculators/{slug}")


def _link(site: Site, label: str, below_root: str, about: str) -> str:
    safe = label.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    return f"- [{safe}]({site.absolute(below_root)}): {about}"


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    state = state_of(config)
    calculators = answered(state.answers, (file.src_uri for file in files.documentation_pages()))
    text = llms_text(state.catalog, calculators, state.entries.values(), site_of(config))
    files.append(File.generated(config, ADDRESS, content=text))
    return files
