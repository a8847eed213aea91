"""How an answer and how a page is cited: as a sentence and for BibTeX.

The wording stands here alone. The page carries that for an answer with places in braces, which
docs/assets/javascripts/citation.js fills in for the answer on screen; what stands in double brackets says when it was
accessed, which no build knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_ACCESSED = re.compile(r"\[\[.*?\]\]", re.DOTALL)
LICENCE = "CC BY 4.0"
_BIBTEX_MARKS = {mark: f"\\{mark}" for mark in "&%$#_"}

_TEXT = (
    "{site}: {title}. Calculator, version {version}, with facts as of {{as_of}}, worked out by {{by}}. "
    "{{address}}[[ (accessed on {{accessed}})]]"
)
_BIBTEX = """@misc{{reckoner-{slug},
  author = {{{{{site}}}}},
  title = {{{title}}},
  note = {{Calculator, version {version}; facts as of {{as_of}}; worked out by {{by}}}},
  url = {{{{address}}}}[[,
  urldate = {{{{accessed}}}}]]
}}"""


@dataclass(frozen=True)
class Citation:
    """One form of a citation."""

    id: str
    label: str
    template: str
    """With {address}, {by}, {as_of} and {accessed}."""

    def text(self, address: str, by: str, dates: Iterable[str]) -> str:
        """Filled in, without the day of access."""
        days = sorted(dates)
        as_of = " to ".join(dict.fromkeys([days[0], days[-1]]))
        text = _ACCESSED.sub("", self.template)
        return text.replace("{address}", address).replace("{by}", by).replace("{as_of}", as_of)


def citations(site: str, slug: str, title: str, version: str) -> list[Citation]:
    """All forms, for a calculator of this version."""
    plain = _TEXT.format(site=site, title=title, version=version)
    bibtex = _BIBTEX.format(site=_escaped(site), slug=slug, title=_escaped(title), version=version)
    return [Citation("plain", "Text", plain), Citation("bibtex", "BibTeX", bibtex)]


def page_citations(site: str, name: str, title: str, said: str, day: str, address: str) -> list[Citation]:
    """All forms, for an entry or a post.

    Arguments:
        name: the last part of the page's address.
        said: what it is and of which day.
        day: that of its newest state.
        address: its full address.
    """
    plain = f"{site}: {title}. {said}. {LICENCE}. {address}"
    fields = {
        "author": f"{{{_escaped(site)}}}",
        "title": _escaped(title),
        "year": day[:4],
        "note": _escaped(f"{said}; {LICENCE}"),
        "url": address,
    }
    lines = [f"  {key} = {{{value}}}" for key, value in fields.items()]
    bibtex = "\n".join([f"@misc{{reckoner-{name},", ",\n".join(lines), "}"])
    return [Citation("plain", "Text", plain), Citation("bibtex", "BibTeX", bibtex)]


def _escaped(text: str) -> str:
    """Plain text in BibTeX: nothing in it is markup."""
    return "".join(_BIBTEX_MARKS.get(letter, letter) for letter in text if letter not in "{}\\")
