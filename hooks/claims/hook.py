"""Puts the claims into the pages, and the page of all claims into the site."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.structure.files import File
from mkdocs.utils import get_relative_url

from hooks.build import BuildState, state_of
from hooks.claims.checking import check_claims
from hooks.claims.pages import URI, page_html, render
from hooks.claims.reading import Claim, read_claims
from hooks.kept import kept
from hooks.posts import pieces_of
from hooks.widget import templates

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

_INTRODUCTION = """---
title: Claims checked
description: Numbers that others have published, each held against a calculator of this site and the facts behind it.
hide: [toc]
---
"""


class ClaimRenderer:
    """Renders the claim blocks of the page that is being read."""

    def __init__(self, state: BuildState) -> None:
        self._state = state
        self._env = templates(state.root)
        self.page: Page | None = None

    def __call__(self, source: str, *_args: object, **_kwargs: object) -> str:
        """The HTML of one block (the signature is that of a superfences formatter)."""
        assert self.page is not None
        written = next((line.partition(":")[2].strip() for line in source.splitlines() if line.startswith("id:")), "")
        checked = next((one for one in self._state.claims if one.claim.id == written), None)
        if checked is None:
            return ""  # its problem is known already, and ends the build
        base = get_relative_url("", self.page.url) or "./"
        return render(self._env, checked, base if base.endswith("/") else f"{base}/")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    renderer = ClaimRenderer(state_of(config))
    config.extra["reckoner_claims"] = renderer
    custom = config.mdx_configs.setdefault("pymdownx.superfences", {}).setdefault("custom_fences", [])
    custom.append({"name": "claim", "class": "claim", "format": renderer})
    return config


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    state = state_of(config)
    claims: list[Claim] = []
    for file in files.documentation_pages():
        if file.abs_src_path:
            page = (Path(file.abs_src_path).read_text(encoding="utf-8-sig"), file.src_uri)
            found, problems = kept.of("claims of a page", page, partial(read_claims, *page))
            claims += found
            state.problems += problems
    checked, problems = kept.of("claims", repr(claims), lambda: check_claims(claims, state.catalog, state.answers))
    state.claims = list(checked)
    state.problems += problems
    files.append(File.generated(config, URI, content=_INTRODUCTION))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> None:
    config.extra["reckoner_claims"].page = page


def on_page_content(html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str | None:
    state = state_of(config)
    own = {one.anchor for one in state.claims if one.claim.uri == page.file.src_uri}
    if page.file.src_uri == URI:
        own = {one.claim.id for one in state.claims}
    if own:  # MkDocs holds the links of other pages against these
        page.present_anchor_ids = {*(page.present_anchor_ids or ()), *own}
    if page.file.src_uri != URI:
        return None
    titles = {piece.uri: piece.title for piece in pieces_of(state)}
    return page_html(templates(state.root), state.claims, titles)
