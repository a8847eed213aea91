"""How a calculator works: its own description and its Python source, at the version that answers.

A calculator's file opens with its method, formulas, conventions and limits. That text stands in the page, and
the file itself is published below assets/source/, under the hash of the whole package `calculators`, of which
the browser's engines are made as well.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mkdocs.structure.files import File

from hooks import calculator_sources
from hooks.browser_files import content_hash
from hooks.build import BuildState, state_of
from hooks.citation import Citation, citations
from hooks.kept import kept

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

_SHOWN_HASH = 8
_LEAD = re.compile(r"([A-Z][\w ]*?)(?=[.:]| \()")


@dataclass(frozen=True)
class Block:
    """A paragraph of a calculator's description, or a block of its formulas."""

    lead: str
    """The paragraph's first words, which say what it is about; "" for formulas."""
    text: str
    is_formula: bool


@dataclass(frozen=True)
class SourceFile:
    """A published source."""

    name: str
    """Path in the repository."""
    address: str
    """Path below the site's root."""
    lines: int


@dataclass(frozen=True)
class Method:
    """What the template shows of a calculator's workings."""

    blocks: list[Block]
    version: str
    """Beginning of the hash of the sources."""
    own: SourceFile
    others: list[SourceFile]
    """The calculator's further modules, and the framework's."""
    citations: list[Citation]


def blocks_of(docstring: str) -> list[Block]:
    """The description without its first paragraph, the question, which stands above the answer."""
    blocks = []
    for paragraph in docstring.split("\n\n")[1:]:
        lines = paragraph.splitlines()
        formulas = [line for line in lines if line.startswith("    ")]
        text = " ".join(line for line in lines if line not in formulas).strip()
        if text:
            lead = _LEAD.match(text)
            length = lead.end() if lead else 0
            blocks.append(Block(text[:length], text[length:], False))
        if formulas:
            blocks.append(Block("", "\n".join(line[4:] for line in formulas), True))
    return blocks


def source_files(sources: dict[str, str]) -> dict[str, SourceFile]:
    """Where the sources are published, by their path in the repository.

    The names end in .txt: hosts then send them to be read, not to be saved.
    """
    hashed = content_hash(sorted((name, text.encode()) for name, text in sources.items()))
    return {
        name: SourceFile(name, f"assets/source/{hashed}/{name}.txt", len(text.splitlines()))
        for name, text in sources.items()
    }


def method_of(slug: str, title: str, site: str, sources: dict[str, str]) -> Method:
    """The workings of one calculator, and how its answers are cited."""
    files = source_files(sources)
    own = f"calculators/{slug.replace('-', '_')}.py"
    used = calculator_sources.needed_by(slug, sources)
    framework = [name for name in sources if name.startswith("calculators/core/") and sources[name].strip()]
    docstring = ast.get_docstring(ast.parse(sources[own])) or ""
    version = files[own].address.split("/")[2][:_SHOWN_HASH]
    others = [files[name] for name in [*used, *framework] if name != own]
    cited = citations(site, slug, title, version)
    return Method(blocks_of(docstring), version, files[own], others, cited)


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    state = state_of(config)
    if state.is_check:
        return files
    sources, methods = kept.of("methods", "", lambda: _methods(state, config.site_name))
    for name, file in source_files(sources).items():
        files.append(File.generated(config, file.address, content=sources[name]))
    state.methods.update(methods)
    return files


def _methods(state: BuildState, site: str) -> tuple[dict[str, str], dict[str, Method]]:
    """The texts of the sources by path, and the workings of each calculator."""
    sources = calculator_sources.sources(state.root)
    titles = {slug: state.answers.describe(slug)["title"] for slug in state.answers.slugs()}
    return sources, {slug: method_of(slug, title, site, sources) for slug, title in titles.items()}
