"""A page's HTML for readers that are no browsers: feeds.

What only a browser can use goes: scripts, forms, pictures drawn in the page, marks for styles. Links become absolute.
A calculator becomes its question, the headline of its answer, and a link to it with the same numbers.
"""

from __future__ import annotations

import json
from html import escape
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

_LEFT_OUT = {"script", "style", "form", "noscript", "template", "button", "svg", "input", "select", "iframe", "object"}
_VOID = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_ATTRIBUTES = {"href", "src", "alt", "title", "colspan", "rowspan", "scope", "start", "lang", "dir", "open"}
_SCHEMES = {"http", "https", "mailto"}
_CALCULATOR = "rk-calculator"


def plain_html(html: str, page: str, root: str) -> str:
    """The HTML of a page's content without what only a browser can use.

    Arguments:
        page: the page's own address, absolute.
        root: the site's address, with a slash at the end.
    """
    rewriter = _Rewriter(page, root)
    rewriter.feed(html)
    rewriter.close()
    return "".join(rewriter.parts).strip()


class _Rewriter(HTMLParser):
    def __init__(self, page: str, root: str) -> None:
        super().__init__(convert_charrefs=False)
        self.parts: list[str] = []
        self._page = page
        self._root = root
        self._skipped: list[str] = []
        """Elements that are open inside of what is left out, that one first."""
        self._calculator: _Calculator | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if self._skipped:
            if tag not in _VOID:
                self._skipped.append(tag)
                if self._calculator:
                    self._calculator.enter(given, len(self._skipped))
            return
        if tag == _CALCULATOR:
            self._calculator = _Calculator(given)
        if tag == _CALCULATOR or tag in _LEFT_OUT or "headerlink" in given.get("class", "").split():
            if tag not in _VOID:
                self._skipped.append(tag)
            return
        self.parts.append(f"<{tag}{''.join(self._attribute(*item) for item in given.items())}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._skipped:
            if tag not in _VOID:
                self.parts.append(f"</{tag}>")
            return
        if tag in self._skipped:  # an end without a start changes nothing
            while self._skipped.pop() != tag:
                pass
        if self._calculator:
            self._calculator.leave(len(self._skipped))
            if not self._skipped:
                self.parts.append(self._calculator.html(self._root))
                self._calculator = None

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self.parts.append(data)
        elif self._calculator:
            self._calculator.text(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def _attribute(self, name: str, value: str) -> str:
        if name not in _ATTRIBUTES:
            return ""
        if name in ("href", "src"):
            value = urljoin(self._page, value)
            if urlsplit(value).scheme not in _SCHEMES:
                return ""
        return f' {name}="{escape(value)}"'


class _Calculator:
    """What is kept of a calculator in a page: its question and the headline of its answer."""

    def __init__(self, attributes: dict[str, str]) -> None:
        self._slug = attributes.get("calculator", "")
        self._inputs = json.loads(attributes.get("data-inputs") or "{}")
        self._said = {"question": "", "headline": ""}
        self._reading = ""
        self._depth = 0

    def enter(self, attributes: dict[str, str], depth: int) -> None:
        if not self._reading:
            is_title = "rk-title" in attributes.get("class", "").split()
            self._reading = "question" if is_title else "headline" if "data-headline" in attributes else ""
            self._depth = depth

    def leave(self, depth: int) -> None:
        if depth < self._depth:
            self._reading = ""

    def text(self, html: str) -> None:
        if self._reading:
            self._said[self._reading] += html

    def html(self, root: str) -> str:
        query = f"?{urlencode(self._inputs)}" if self._inputs else ""
        href = escape(f"{root}calculators/{self._slug}/{query}")
        question, headline = self._said["question"].strip(), self._said["headline"].strip()
        return f'<p><strong>{question}</strong> {headline} <a href="{href}">Work it out on your own numbers</a>.</p>'
