"""What `mkdocs serve` keeps from one build to the next, so that an edited page shows within seconds.

MkDocs makes every page anew each time. Nearly all of that work would give what it gave before: it depends on the page's
own text and on the *ground*, which is every file but the pages (facts, calculators, templates, scripts, settings).
So results are kept under everything of the pages that they are made of, and they go when a file of the ground changes:
all of them after an edit of templates, scripts or settings; after one of a fact or a calculator, all but those whose
key holds everything that they are made of, such as the finished Markdown of a page without a calculator. Nothing stale
can be shown.

Only what the last two builds have used is kept, which is about twice what the site itself takes; builds that failed
do not count. In every other command than `serve` nothing is kept at all. What is kept is shared between builds: do
not change it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Hashable, Iterator
from pathlib import Path
from typing import Any, TypeVar

_T = TypeVar("_T")
_CATALOG = ("catalog",)
_CALCULATORS = ("calculators",)
_MAKERS = ("docs", "hooks", "mkdocs.yml")
_OF_THEIR_KEY = frozenset(("markdown", "page", "search", "theme"))
"""Parts whose results depend on their keys and on the makers alone (hooks/serve.py), not on facts and calculators."""
_OF_THE_CATALOG = frozenset(("catalog", "fit", "numbers", "problems of numbers", "subject", "warnings of numbers"))
"""Parts whose results depend on the catalog as well, but on calculators only as far as their keys say."""
_LEFT_OUT = ("__pycache__", ".md", ".pyc")
"""Ends of names: pages, and what Python writes."""


class Kept:
    """Results of earlier builds."""

    def __init__(self) -> None:
        self.is_serving = False
        self._catalog = ""
        self._calculators = ""
        self._makers = ""
        self._is_done = True
        self._now: dict[tuple[str, Hashable], Any] = {}
        self._before: dict[tuple[str, Hashable], Any] = {}

    def begin(self, root: Path) -> None:
        """A build starts: forgets what the last one did not use, and everything when the ground has changed."""
        if not self.is_serving:
            return
        catalog, calculators, makers = (stamp_of(root, names) for names in (_CATALOG, _CALCULATORS, _MAKERS))
        if self._is_done:
            self._before = self._now
        else:
            self._before.update(self._now)
        if makers != self._makers:
            self._before = {}
        elif catalog != self._catalog:
            self._only(_OF_THEIR_KEY)
        elif calculators != self._calculators:
            self._only(_OF_THEIR_KEY | _OF_THE_CATALOG)
        self._now = {}
        self._catalog, self._calculators, self._makers = catalog, calculators, makers
        self._is_done = False

    def _only(self, parts: frozenset[str]) -> None:
        self._before = {name: made for name, made in self._before.items() if name[0] in parts}

    def end(self) -> None:
        """The build has come to its end."""
        self._is_done = True

    def of(self, part: str, key: Hashable, make: Callable[[], _T]) -> _T:
        """The result kept under this key, or a new one."""
        return self.unless(part, key, make, lambda: False)

    def unless(self, part: str, key: Hashable, make: Callable[[], _T], is_spoilt: Callable[[], bool]) -> _T:
        """The same, but a new result is not kept if it is spoilt, say because something was said about it."""
        if not self.is_serving:
            return make()
        name = (part, key)
        if name in self._now:
            found: _T = self._now[name]
            return found
        result = self._before[name] if name in self._before else make()
        if name in self._before or not is_spoilt():
            self._now[name] = result
        return result


kept = Kept()
"""The process's own. MkDocs loads the files that it lists as hooks a second time, so that it cannot stand in one."""


def digest(*parts: object) -> str:
    """A name for texts and plain data; what is neither is a TypeError."""
    hashed = hashlib.blake2b(digest_size=16)
    for part in parts:
        text = part if isinstance(part, str) else json.dumps(part, sort_keys=True, default=_day)
        encoded = text.encode("utf-8", "surrogatepass")
        hashed.update(b"%d\0" % len(encoded))
        hashed.update(encoded)
    return hashed.hexdigest()


def _day(value: object) -> str:
    """YAML reads days in front matter as dates."""
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    raise TypeError(f"{type(value).__name__} is no plain data")


def stamp_of(root: Path, names: tuple[str, ...]) -> str:
    """A name for the present state of these files and folders, without the pages, by size and time of change."""
    return digest(sorted(_stamps(root, names)))


def _stamps(folder: Path, names: tuple[str, ...]) -> Iterator[list[Any]]:
    for name in names:
        path = folder / name
        if path.is_file():
            found = path.stat()
            yield [str(path), found.st_size, found.st_mtime_ns]
        elif path.is_dir():
            with os.scandir(path) as entries:
                inside = tuple(entry.name for entry in entries if not entry.name.endswith(_LEFT_OUT))
            yield from _stamps(path, inside)
