"""Facts in prose: `{{ fact("hardware/dgx-spark", "bandwidth_gbs") }}` in any page prints the value with its unit.

The text is a link to the fact's row in the catalog, where its sources stand. It is the only templating in prose, and
it means nothing inside of code.
"""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from mkdocs.plugins import event_priority

from calculators.core.units import fact_text
from catalog import Catalog, UnknownReferenceError, Value
from catalog.prose import TEMPLATE, reference, without_code
from hooks.build import state_of
from hooks.catalog_pages import subject_uri

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

_FORM = '{{ fact("kind/slug", "name") }}'


def with_facts(markdown: str, uri: str, catalog: Catalog) -> tuple[str, list[tuple[int, str]]]:
    """A page with its references written out, and what is wrong with them: line and message.

    Arguments:
        markdown: the page, with or without front matter.
        uri: its path below docs/, from which the links lead.
    """
    if "{{" not in markdown:
        return markdown, []
    problems = []
    lines = markdown.splitlines()
    for index, prose in enumerate(without_code(markdown)):
        for template in reversed(list(TEMPLATE.finditer(prose))):  # from the end, so that places stay
            ref = reference(template)
            if ref is None:
                problems.append((index + 1, f'"{template.group()}" is not a reference to a fact; expected {_FORM}'))
                continue
            try:
                value = catalog.value(ref)
            except UnknownReferenceError as error:
                problems.append((index + 1, str(error)))
                continue
            start, end = template.span()
            lines[index] = lines[index][:start] + link(value, uri, catalog) + lines[index][end:]
    return "\n".join(lines) + ("\n" if markdown.endswith("\n") else ""), problems


def link(value: Value, uri: str, catalog: Catalog) -> str:
    """The fact as a Markdown link to its row; hovering it names the first source and the day."""
    text = fact_text(value.value, value.unit).replace(" ", "\N{NO-BREAK SPACE}")
    subject_id = value.ref.rpartition("/")[0]
    to = os.path.relpath(subject_uri(subject_id), PurePosixPath(uri).parent).replace(os.sep, "/")
    said = [f"{catalog.subject(subject_id).label}: {value.label}, as of {value.as_of}", value.method]
    sources = catalog.sources_of(value)
    if sources:
        said.append(catalog.source(sources[0].source).producer)
    title = _plain(", ".join(said))
    return f'[{_escaped(text)}]({to}#{value.name}){{ .rk-fact title="{title}" }}'


def _plain(text: str) -> str:
    """Text inside an attribute: nothing in it ends the attribute."""
    return re.sub(r'["{}<>&\\]', "", text)


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_\[\]{}|])", r"\\\1", text)


def first_line(page: Page) -> int:
    """How many lines of the file come before the text that MkDocs hands on."""
    path = page.file.abs_src_path
    if not path or page.markdown is None:
        return 0
    return len(Path(path).read_text(encoding="utf-8-sig").splitlines()) - len(page.markdown.splitlines())


@event_priority(50)  # Before the hooks that add to a page, so that lines are still those of the file.
def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    state = state_of(config)
    written, problems = with_facts(markdown, page.file.src_uri, state.catalog)
    if problems:
        before = first_line(page)
        place = f"docs/{page.file.src_uri}"
        state.problems += [f"{place}:{before + line}: {message}" for line, message in problems]
    return written
