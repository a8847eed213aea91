"""An author's Markdown as plain Markdown that says the same away from the site.

Links become absolute, marks for styles go, fold-outs stand open, and the blocks that only the site knows (claims and
calculators) become text. What stands in code stays as it is.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

from catalog.prose import without_code
from hooks.api.addresses import Site
from hooks.catalog_pages.addresses import address

_FENCE = re.compile(r"(\s*)(`{3,}|~{3,})(.*)")
_FOLD = re.compile(r'(\s*)(?:\?\?\?\+?|!!!)\s+[\w-]+(?:\s+"(.*)")?\s*$')
_MARK = re.compile(r"\s?\{:?\s*[.#][^{}\n]*\}")
_LINK = re.compile(r'(?<=\]\()<?([^()\s<>]+)>?(?=(?:\s+"[^"]*")?\))')
_DEFINED = re.compile(r"(?<=\]:\s)(\S+)")
_HREF = re.compile(r'(?<=\shref=")([^"]*)(?=")')
_ANCHOR = re.compile(r'<a\s[^<>]*?href="([^"]*)"[^<>]*>([^<>]*)</a>')
_EMPTY = re.compile(r"\s*<div[^>]*></div>\s*")

Block = Callable[[str], str]
"""Turns the text of a fenced block into Markdown."""


def plain_markdown(markdown: str, uri: str, site: Site, blocks: dict[str, Block]) -> str:
    """A page's Markdown, away from the site.

    Arguments:
        markdown: the page without front matter, its references written out as links.
        uri: the page's path below docs/.
        blocks: by the name of a fence, what becomes of it.
    """
    lines = _without_blocks(_unfolded(markdown.splitlines()), blocks)
    found = []
    for line, prose in zip(lines, without_code("\n".join([*lines, ""])), strict=True):
        kept = _replaced(line, prose, uri, site)
        if "<a " in prose:
            kept = _ANCHOR.sub(r"[\2](\1)", kept)
        if not _EMPTY.fullmatch(kept) and (kept.strip() or not line.strip()):
            found.append(kept.rstrip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(found)).strip() + "\n"


def _unfolded(lines: list[str]) -> list[str]:
    """Fold-outs and notes as their title in bold type, with what was indented below them."""
    made: list[str] = []
    inside: list[int] = []
    """Indentation of the fold-outs that are open."""
    fence = ""
    for line in lines:
        indentation = len(line) - len(line.lstrip())
        while inside and line.strip() and indentation <= inside[-1]:
            inside.pop()
        moved = line[4 * len(inside) :] if line.strip() else ""
        mark = _FENCE.match(line)
        if mark and (not fence or mark.group(2).startswith(fence)):
            fence = "" if fence else mark.group(2)
        fold = None if fence else _FOLD.fullmatch(line)
        if fold:
            made += [f"{moved[: len(moved) - len(moved.lstrip())]}**{fold.group(2) or 'Note'}**", ""]
            inside.append(indentation)
        else:
            made.append(moved)
    return made


def _without_blocks(lines: list[str], blocks: dict[str, Block]) -> list[str]:
    """Fences that only the site knows, as text."""
    made: list[str] = []
    inside: list[str] = []
    fence, indent, name = "", "", ""
    for line in lines:
        mark = _FENCE.match(line)
        if not fence and mark:
            indent, fence, info = mark.groups()
            name = info.strip().strip("{}").strip().lstrip(".")
            inside = []
            if name not in blocks:
                made.append(line)
        elif fence and mark and mark.group(2).startswith(fence) and not mark.group(3).strip():
            if name in blocks:
                made += [f"{indent}{text}".rstrip() for text in blocks[name]("\n".join(inside)).splitlines()]
            else:
                made.append(line)
            fence = ""
        elif fence and name in blocks:
            inside.append(line[len(indent) :])
        else:
            made.append(line)
    return made


def _replaced(line: str, prose: str, uri: str, site: Site) -> str:
    """A line without marks for styles, its links absolute; `prose` is the line with its code blank."""
    found = [(mark.span(), "") for mark in _MARK.finditer(prose)] if "{" in prose else []
    if "](" in prose or "]:" in prose or "href=" in prose:
        for form in (_LINK, _DEFINED):
            found += [(link.span(1), absolute(link.group(1), uri, site)) for link in form.finditer(prose)]
        page = site.absolute(address(uri))  # where HTML is relative to the page, and not to its file
        found += [(link.span(1), urljoin(page, link.group(1))) for link in _HREF.finditer(prose)]
    for (start, end), text in sorted(found, reverse=True):
        line = line[:start] + text + line[end:]
    return line


def absolute(target: str, uri: str, site: Site) -> str:
    """The full address that a Markdown link leads to, from a file below docs/."""
    parts = urlsplit(target)
    if parts.scheme or target.startswith("//"):
        return target
    after = target[len(parts.path) :]
    if not parts.path:
        return site.absolute(address(uri)) + after
    if parts.path.endswith(".md"):
        path = posixpath.normpath(posixpath.join(posixpath.dirname(uri), parts.path))
        return site.absolute(address(path)) + after
    path = posixpath.normpath(posixpath.join(posixpath.dirname(uri), parts.path))
    return site.absolute("" if path == "." else path + ("/" if parts.path.endswith("/") else "")) + after
